"""One mail each working day, in the morning: what is overdue, what falls due today, what is new, each with its link.

No mail goes out at night, none on a day off, none with nothing in it, and never two on one day: of several nodes that
know a person, the one where the person's unit works sends it. It names numbers and titles as lists do; what is sealed
stands in neither.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import connections
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from haicap.clocks.wall import VIETNAM, day_of
from haicap.matters.law import Law, law
from haicap.matters.listing import in_order
from haicap.matters.notices import news
from haicap.matters.notices.models import Watch
from haicap.matters.notices.news import Told
from haicap.matters.queries import filtered
from haicap.matters.showing import Names
from haicap.matters.views import Line, lines
from haicap.nodes.queries import works_here
from haicap.units.models import OfficerRow
from haicap.units.rights import Person, person_of, tell_database

MOST = 20  # matters of each part; the rest is a link
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Digest:
    """What a mail says: each part with how many there are in all."""

    overdue: Sequence[Line]
    overdue_n: int
    today: Sequence[Line]
    today_n: int
    new: Sequence[Told]
    new_n: int

    @property
    def says_something(self) -> bool:
        """Whether there is anything to be said."""
        return bool(self.overdue_n or self.today_n or self.new_n)


def hour_to_send(at: datetime, known: Law) -> bool:
    """Whether mails may go out at `at` (aware): on a working day, from the hour set on, not at night."""
    there = at.astimezone(VIETNAM)
    if not known.calendar.is_working(there.date()):
        return False
    return _clock(settings.MAIL_AT) <= there.time() and not at_night(there.time())


def at_night(clock: time) -> bool:
    """Whether this time of day (in Vietnam) lies in the quiet hours, which may run over midnight."""
    begins, ends = (_clock(text) for text in settings.MAIL_QUIET.split("-"))
    return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends


def _clock(text: str) -> time:
    return time.fromisoformat(text.strip())


@app.periodic(cron="*/10 * * * *")
@app.task(name="haicap.digest", queue="work", queueing_lock="haicap.digest", pass_context=False)
def send_due(timestamp: int) -> None:
    """Every ten minutes: to whoever wants one and had none today. What lies behind `timestamp` is not made up for."""
    try:
        send(datetime.now(UTC))
    finally:
        connections.close_all()  # with nobody's reach left behind


def send(at: datetime) -> int:
    """Send the mails that are due at `at` (aware), where a mail server is set; how many went out."""
    if not settings.EMAIL_HOST or not hour_to_send(at, law()):
        return 0
    day = day_of(at)
    waiting = Watch.objects.filter(Q(digested_on=None) | Q(digested_on__lt=day), digest=True)
    return sum(_send(watch, day, at) for watch in waiting)


def _send(watch: Watch, day: date, at: datetime) -> bool:
    """Whether a mail went to this person. The day is taken first, so that two workers never send two."""
    free = Watch.objects.filter(Q(digested_on=None) | Q(digested_on__lt=day), pk=watch.pk)
    if not free.update(digested_on=day):
        return False
    account = OfficerRow.objects.filter(pk=watch.pk).values_list("account", flat=True).first()
    person = person_of(account, day) if account else None
    email = User.objects.filter(username=account, is_active=True).values_list("email", flat=True).first()
    if person is None or not email or not person.may("matter.see") or not works_here(person.unit):
        return False
    try:
        return _mail(person, email, watch.language, day, at)
    except OSError:  # the mail server does not answer: it is tried again in ten minutes
        log.exception("no digest could be sent")
        Watch.objects.filter(pk=watch.pk).update(digested_on=watch.digested_on)
        return False


def _mail(person: Person, email: str, language: str, day: date, at: datetime) -> bool:
    tell_database(person)
    with translation.override(language), timezone.override(VIETNAM):
        its = digest(person, day, at)
        if not its.says_something:
            return False
        context: dict[str, Any] = {
            "its": its,
            "person": person,
            "now": at,
            "day": day,
            "base": settings.ADDRESS,
        }
        text = render_to_string("notices/mail.txt", context)
        mail = EmailMultiAlternatives(subject(its, day), text, settings.MAIL_FROM, [email])
        mail.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
        return bool(mail.send())


def subject(its: Digest, day: date) -> str:
    """The mail's subject: figures alone."""
    overdue = ngettext("%(n)d quá hạn", "%(n)d quá hạn", its.overdue_n) % {"n": its.overdue_n}
    falls = ngettext("%(n)d đến hạn hôm nay", "%(n)d đến hạn hôm nay", its.today_n) % {"n": its.today_n}
    new = ngettext("%(n)d có tin mới", "%(n)d có tin mới", its.new_n) % {"n": its.new_n}
    return _("Việc ngày %(day)s: %(what)s") % {
        "day": f"{day:%d/%m}",
        "what": ", ".join((overdue, falls, new)),
    }


def digest(person: Person, day: date, at: datetime) -> Digest:
    """What there is to say to `person`, whose reach the session has; of each part the first `MOST`."""
    known = law()
    asked = {name: filtered(person, params, at=at) for name, params in news.due(day).items()}
    found = {name: list(in_order(rows, "due")[:MOST]) for name, rows in asked.items()}
    said = {name: lines(person, rows, known, Names(), at) for name, rows in found.items()}
    told = news.of(person, known, since=news.since(person, at=at))
    return Digest(
        said["overdue"],
        asked["overdue"].count(),
        said["today"],
        asked["today"].count(),
        told[:MOST],
        len(told),
    )
