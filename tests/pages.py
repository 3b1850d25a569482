"""What tests of pages share: a browser for each of the cast, matters to look at, and how many queries a page asks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.handling import Doing, take_step
from haicap.matters.intake import raise_matter
from haicap.matters.law import law
from haicap.units.actions import unit_id
from haicap.units.fold import units
from haicap.units.rights import Person, person_of
from haicap.units.sign_in import today

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CRIME = {
    "source": "information", "what": "Mất xe máy", "place": "Chợ Sắt", "severity": "serious", "group": "property",
}  # fmt: skip


def browser(account: str) -> Client:
    """A browser in which somebody of the cast is signed in."""
    user, _made = User.objects.get_or_create(username=account)
    client = Client()
    client.force_login(user, BACKEND)
    return client


def person(account: str) -> Person:
    """Somebody of the cast, with the rights of today."""
    found = person_of(account, today())
    assert found is not None
    return found


def in_days(count: int) -> date:
    """The day so many days from today, in Vietnam: for what is judged by the clock on the wall."""
    return today() + timedelta(days=count)


def html(client: Client, address: str, status: int = 200) -> str:
    """The page at an address, which answers with this status."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def asked(client: Client, address: str) -> int:
    """How many queries the page itself asks, beyond what signing in asks on every page."""
    client.get(address)  # what is kept from the first time on
    with CaptureQueriesContext(connection) as all_of_them:
        assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as frame:
        client.get("/styleguide")
    return len(all_of_them) - len(frame)


def difficulty(
    title: str, *, days_ago: float = 0, kind: str = "headquarters", account: str = "clerk"
) -> UUID:
    """A difficulty of the ward, raised so many days ago; its answer is owed within ten working days."""
    return _raised(account, "difficulty", title, {"kind": kind, "what": title}, days_ago)


def crime_report(title: str, *, days_ago: float = 0) -> UUID:
    """A crime report at the ward's desk."""
    fields = law().procedure("crime-report", datetime.now(UTC)).field
    answers = CRIME | {"group": next(iter(fields["group"].of))}
    return _raised("clerk", "crime-report", title, answers, days_ago)


def _raised(account: str, code: str, title: str, answers: dict[str, str], days_ago: float) -> UUID:
    at, subject, known = datetime.now(UTC) - timedelta(days=days_ago), uuid7(), law()
    with writing(person(account), at=at, subjects=[subject], units=[WARD]) as pen:
        unit = pen.state(units, unit_id(WARD))
        assert unit is not None
        raise_matter(
            pen, entry_id=uuid7(), subject=subject, law=known, procedure=known.procedure(code, at), unit=unit,
            by="unit", received=at, title=title, answers=answers,
        )  # fmt: skip
    return subject


def referred(subject: UUID, *, due: date, days_ago: float = 0) -> None:
    """The department answers that it has asked an authority, which owes its answer until `due`."""
    answers = {"authority": "UBND phường Hồng Bàng", "paper": "112/CV", "answer_due": f"{due}"}
    doing = Doing("answer", outcome="asked-authority", answers=answers)
    at: Any = datetime.now(UTC) - timedelta(days=days_ago)
    with writing(person("logistics"), at=at, subjects=[subject], units=[WARD]) as pen:
        take_step(pen, entry_id=uuid7(), subject=subject, law=law(), doing=doing)
