"""A history for every kind of entry of the duty desk, as `samples` has them for all rooms."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from haicap.duty import entries as e
from haicap.duty.fold import bulletins, lines, rules, shifts
from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.matters.entries import Start

NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOMEBODY, OTHER = UUID(int=6), UUID(int=7)


def starts() -> tuple[Start, ...]:
    return tuple(
        Start(
            clock=code, binds="holder", since=NOON, limit=f"{hours} hours", regime="civil", calendar="c",
            due=NOON + hours * HOUR,
        )
        for code, hours in (("phone", 1), ("written", 2))
    )  # fmt: skip


LINE = e.LineWritten(
    unit="11311", province="31", sort="incident", case="fire", happened=NOON, place="Chợ Sắt", territory="11311",
    text="Cháy kho", open=True, shift=OTHER, starts=starts(),
)  # fmt: skip
PLAIN = LINE.model_copy(update={"sort": "call", "case": None, "open": False, "starts": ()})
CORRECTED = e.LineCorrected(
    case=None, happened=NOON + HOUR, place="", text="Đốt rác", reason="Nhầm", drops=("phone", "written")
)
PHONED = e.LineReported(how="phone", to="Trực ban tỉnh", when=NOON + HOUR / 2)
WRITTEN = e.LineReported(how="written", to="Trực ban tỉnh", when=NOON + 3 * HOUR, paper="12/BC")
SHIFT = e.ShiftOpened(
    unit="11311", province="31", commander=SOMEBODY, people=(OTHER,), since=NOON, until=NOON + 24 * HOUR
)
SIGNED = e.ShiftHandedOver(lines=(OTHER,), quick=1, due=2, overdue=3, drafts=4, note="Theo dõi vụ cháy")
RULED = e.DutyRuled(
    province="31", since=NOON, hour="06:30", phone="0.5 hours", written="4 hours", quick=("fire",), act="Quy chế trực"
)  # fmt: skip
BULLETIN = e.BulletinIssued(
    unit="31", province="31", whole=True, day=date(2026, 1, 5), since=NOON - 24 * HOUR, until=NOON,
    figures=(e.Figure(code="taken", now=3, before=2, usual=9),),
    incidents=(e.Told(line=OTHER, unit="11311", happened=NOON, case="fire", place="", text="Cháy", quick="given"),),
    outages=(e.Outage(line=OTHER, unit="11311", place="", since=NOON, until=None, minutes=30),),
    on_duty=(e.OnDuty(name="Cán bộ 001", since=NOON, until=NOON + HOUR, commands=True),),
    communes=(e.Commune(unit="11311", overdue=1, incidents=1, late=0, outages=0, manned=False),), signer="Cán bộ 002",
)  # fmt: skip


def always(*bodies: Body) -> Callable[[list[UUID]], list[Body]]:
    return lambda ids: list(bodies)


DUTY: dict[str, tuple[Fold[Any], Callable[[list[UUID]], list[Body]]]] = {
    "line.written": (lines, always(PLAIN)),
    "line.corrected": (lines, always(LINE, CORRECTED)),
    "line.reported": (lines, always(LINE, PHONED, WRITTEN)),
    "line.closed": (lines, always(LINE, e.LineClosed(when=NOON + HOUR, note="Đã dập tắt"))),
    "line.became": (
        lines,
        always(
            LINE,
            e.LineBecame(matter=OTHER, procedure="crime-report"),
            PHONED,
            e.LineBecame(matter=SOMEBODY, procedure="feedback"),
        ),
    ),
    "line.unsealed": (lines, always(LINE, e.LineUnsealed(purpose="Liên hệ"), PHONED)),
    "shift.opened": (shifts, always(SHIFT)),
    "shift.handed_over": (shifts, always(SHIFT, SIGNED)),
    "shift.accepted": (shifts, always(SHIFT, SIGNED, e.ShiftAccepted(note="Đủ"))),
    "duty.ruled": (rules, always(RULED, RULED.model_copy(update={"hour": "07:00"}))),
    "bulletin.issued": (bulletins, always(BULLETIN)),
}
