"""The demonstration: one province with everybody in post, and a year of invented work.

Nothing here is real but the register of units. A mark in the installation's folder (`demo.json`) names the year
that is being loaded, so that a loading which was cut off goes on with the very same records, and tells the
demonstration from an installation that people work with, which is never filled.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections

from haicap.journal.bulk import Bulk
from haicap.journal.node import own
from haicap.journal.pen import Pen
from haicap.matters.difficulties import carried
from haicap.matters.founding import load_documents
from haicap.matters.importing import import_difficulties
from haicap.matters.year.loading import Told, load_year
from haicap.matters.year.papers import load_papers
from haicap.matters.year.running import Year
from haicap.matters.year.topics import load_topics
from haicap.units.entries import Label, Role
from haicap.units.fold import Unit, units
from haicap.units.loading import FOUNDED, Founder, load_register, put_in_post, seeded
from haicap.units.models import OfficerRow, UnitRow
from haicap.units.vietnamese import fold

PROVINCE = "31"  # Hải Phòng
SEED = "haicap"
PASSWORD = (
    "mat-khau-xem-thu-2026"  # of invented persons, on an installation that listens to this machine alone
)
KINDS = {
    "ward": ("phường", "ward"),
    "commune": ("xã", "commune"),
    "special-zone": ("đặc khu", "special zone"),
}


class NotADemonstration(Exception):
    """The installation has people of its own: it is not filled with invented records."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A ready sign-in, as the sign-in page shows it."""

    name: str
    post: Label
    username: str
    password: str = PASSWORD


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of the demonstration, and the account of whoever holds it."""

    account: str
    unit: Unit
    role: Role
    label: Label


@dataclass(frozen=True, slots=True)
class Mark:
    """What `demo.json` says: whose demonstration this is, when its year ends, and whether all of it is there."""

    incarnation: str
    end: str
    loaded: bool


READY = (
    "clerk.hongbang", "chief.hongbang", "officer.ph10", "officer.pc02", "head.pc02", "director.haiphong",
    "auditor.haiphong", "operator.haiphong",
)  # fmt: skip
"""The accounts of the ready sign-ins, in the order of the sign-in page."""


def load(told: Told, *, at: datetime | None = None) -> list[SignIn]:
    """Make the demonstration, or what a loading that was cut off left undone; `told` hears how it goes.

    Its year ends at the moment of the first call (`at`, aware). Done once, it is recognised in no time. Returns
    the ready sign-ins. Raises `NotADemonstration`.
    """
    load_register(progress=_counting(told, "register"))
    mark = _mark(at or datetime.now(UTC))
    if not mark.loaded:
        load_documents()
        fill_posts(progress=_counting(told, "posts"))
        load_year(Year(SEED, datetime.fromisoformat(mark.end)), PROVINCE, told=told)
        import_difficulties(carried(), at=datetime.fromisoformat(mark.end))
        load_topics(Year(SEED, datetime.fromisoformat(mark.end)), PROVINCE)
        load_papers(Year(SEED, datetime.fromisoformat(mark.end)), PROVINCE)
        make_accounts()
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "ANALYZE"
            )  # so that the first pages are planned on what was loaded, not on empty tables
        _keep(replace(mark, loaded=True))
    return sign_ins()


def ended() -> datetime:
    """The moment with which the year of this installation's demonstration ends; aware."""
    return datetime.fromisoformat(_mark(datetime.now(UTC)).end)


def sign_ins() -> list[SignIn]:
    """The ready sign-ins of a demonstration whose posts are filled."""
    names = dict(OfficerRow.objects.using("worker").filter(account__in=READY).values_list("account", "name"))
    labels = {seat.account: seat.label for seat in seats() if seat.account in READY}
    return [SignIn(names[account], labels[account], account) for account in READY]


def _counting(told: Told, what: str) -> Callable[[int], None]:
    """What `Bulk.load` tells of each of its lots, told on as a sum."""
    done = 0
    told(what, 0, 0)

    def more(count: int) -> None:
        nonlocal done
        done += count
        told(what, done, 0)

    return more


def fill_posts(*, progress: Callable[[int], None] = lambda count: None) -> int:
    """Put somebody in every post of `seats`; returns how many entries that took, none if it was done before."""
    desk = Bulk(own("worker"), seeded(f"{SEED}/posts"))
    pen = Pen(Founder(desk.own.id), FOUNDED, desk)
    for place, it in enumerate(seats(), start=1):
        put_in_post(
            pen, account=it.account, name=f"Cán bộ {place:03}", unit=it.unit, role=it.role, label=it.label
        )
    return desk.load("worker", progress)


def seats() -> Iterator[Seat]:
    """Three posts in each commune-level unit, two in each department, three for the whole province."""
    rows = UnitRow.objects.using("worker").filter(province=PROVINCE).order_by("code")
    its = [units.form.validate_python(row.state) for row in rows]
    marks = _marks([it for it in its if it.level == "commune"])
    for unit in its:
        if unit.level == "commune":
            yield from _of_commune(unit, marks[unit.code])
        elif unit.level == "department":
            yield from _of_department(unit)
        else:
            yield from _of_province(unit)


def _of_commune(unit: Unit, mark: str) -> Iterator[Seat]:
    vi, en = KINDS[unit.sort]
    place, place_en = unit.name.vi.removeprefix("Công an "), unit.name.en.removesuffix(" police")
    yield Seat(
        f"clerk.{mark}", unit, "clerk", Label(vi=f"Trực ban Công an {place}", en=f"Duty desk, {place_en}")
    )
    yield Seat(
        f"officer.{mark}", unit, "officer", Label(vi=f"Cán bộ Công an {place}", en=f"Officer, {place_en}")
    )
    chief = Label(vi=f"Trưởng Công an {vi} {_bare(unit)}", en=f"Chief of {en} police, {_bare(unit)}")
    yield Seat(f"chief.{mark}", unit, "leader", chief)


def _of_department(unit: Unit) -> Iterator[Seat]:
    code, vi, en = unit.code.partition("-")[2], unit.name.vi, unit.name.en
    shown = f"{vi} ({code})"
    officer = Label(vi=f"Cán bộ {shown}", en=f"Officer, {en}")
    head = Label(vi=f"Trưởng {shown}" if vi.startswith("Phòng") else f"Thủ trưởng {shown}", en=f"Head, {en}")
    yield Seat(f"officer.{code.lower()}", unit, "department-officer", officer)
    yield Seat(f"head.{code.lower()}", unit, "department-head", head)


def _of_province(unit: Unit) -> Iterator[Seat]:
    vi, en, mark = unit.name.vi, unit.name.en, "haiphong"
    yield Seat(f"director.{mark}", unit, "director", Label(vi=f"Giám đốc {vi}", en=f"Director, {en}"))
    yield Seat(f"auditor.{mark}", unit, "auditor", Label(vi=f"Cán bộ kiểm tra, {vi}", en=f"Auditor, {en}"))
    yield Seat(
        f"operator.{mark}", unit, "operator", Label(vi=f"Quản trị hệ thống, {vi}", en=f"Operator, {en}")
    )


def _marks(communes: list[Unit]) -> dict[str, str]:
    """The part of an account's name that says where: `hongbang`; with the code where two units share it."""
    names = {it.code: fold(_bare(it)).replace(" ", "") for it in communes}
    shared = {name for name in names.values() if list(names.values()).count(name) > 1}
    return {code: f"{name}{code}" if name in shared else name for code, name in names.items()}


def _bare(unit: Unit) -> str:
    """The name of its place without what kind of place it is: `Hồng Bàng`."""
    name = unit.name.vi.removeprefix("Công an ")
    return next(
        (name.removeprefix(f"{vi} ") for vi, _en in KINDS.values() if name.startswith(f"{vi} ")), name
    )


def make_accounts(names: Iterable[str] = READY) -> None:
    """Give sign-ins with the demonstration's password to the holders of these accounts who have none."""
    accounts = User.objects.using("owner")
    known = set(accounts.values_list("username", flat=True))
    for account in names:
        if account not in known:
            User.objects.db_manager("owner").create_user(username=account, password=PASSWORD)


def _mark(at: datetime) -> Mark:
    """The mark of this installation's demonstration, made at the first call."""
    incarnation = str(own("worker").incarnation)
    if _place().exists():
        kept = Mark(**json.loads(_place().read_text(encoding="utf-8")))
        if kept.incarnation == incarnation:
            return kept
    if OfficerRow.objects.using("worker").exists():
        raise NotADemonstration
    mark = Mark(incarnation, at.astimezone(UTC).replace(microsecond=0).isoformat(), loaded=False)
    _keep(mark)
    return mark


def _keep(mark: Mark) -> None:
    fresh = _place().with_suffix(".new")
    fresh.write_text(json.dumps({name: getattr(mark, name) for name in Mark.__slots__}), encoding="utf-8")
    fresh.replace(_place())


def _place() -> Path:
    return Path(settings.HOME) / "demo.json"
