"""How quick reports and the bulletin are set in a province: a setting in editions, never law."""

from datetime import datetime, time
from uuid import UUID, uuid5

from haicap.clocks.limits import Unit, UnreadableLimit, parse
from haicap.duty.entries import DutyRuled
from haicap.duty.fold import Rules, Ruling, rules
from haicap.duty.models import RulesRow
from haicap.duty.sorts import cases, given
from haicap.journal.pen import Pen
from haicap.journal.text import clean
from haicap.units.actions import SPACE
from haicap.units.rights import Person, Scope, decide, require

BEGIN = datetime.fromisoformat("2025-07-01T00:00:00+07:00")


def rules_id(province: str) -> UUID:
    """The subject of a province's setting."""
    return uuid5(SPACE, f"duty/rules/{province}")


def shipped() -> Ruling:
    """What holds where nobody has set anything (`data/log.toml`)."""
    its = given()
    return Ruling(BEGIN, its.hour, its.phone, its.written, its.quick, "")


def in_force(editions: tuple[Ruling, ...], at: datetime) -> Ruling:
    """The edition written last of those in force at `at` (aware); the shipped one before the first."""
    return next((it for it in reversed(editions) if it.since <= at), shipped())


def editions(province: str | None) -> tuple[Ruling, ...]:
    """All editions of a province's setting. One query."""
    row = RulesRow.objects.filter(pk=rules_id(province or "")).first()
    return rules.form.validate_python(row.state, strict=False).editions if row else ()


def hour_of(ruling: Ruling) -> time:
    """When the day of the bulletin ends, by the clock of Vietnam."""
    return time.fromisoformat(ruling.hour)


def set_rules(
    pen: Pen,
    *,
    entry_id: UUID,
    province: str,
    since: datetime,
    hour: str,
    phone: str,
    written: str,
    quick: tuple[str, ...],
    act: str = "",
) -> Rules:
    """Set them from `since` (aware) on; the pen writes in the channel `reference`.

    `hour` is `07:00`; limits are in hours, as `clocks.limits` reads them.

    Raises `Refused`, `UnreadableLimit`, `ValueError` for an hour or a case that does not exist.
    """
    subject = rules_id(province)
    known = pen.state(rules, subject)
    if known is not None and pen.wrote(entry_id):
        return known
    grant = None
    if isinstance(pen.person, Person):
        grant = require(decide(pen.person, "duty.rule", Scope.of(province)))
    if set(quick) - set(cases()):
        raise ValueError("no such case")
    body = DutyRuled(
        province=province, since=since, hour=time.fromisoformat(hour).strftime("%H:%M"), phone=_hours(phone),
        written=_hours(written), quick=tuple(code for code in cases() if code in quick), act=clean(act).strip(),
    )  # fmt: skip
    return pen.write(rules, entry_id, subject, body, unit=province, grant=grant, channel="reference")


def _hours(text: str) -> str:
    limit = parse(text)
    if limit.unit is not Unit.HOUR or limit.before:
        raise UnreadableLimit(text, "not a number of hours")
    return str(limit)
