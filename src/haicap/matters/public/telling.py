"""A matter in plain words, for whoever holds its receipt: where it stands, what was promised, why it is late.

No fact of the matter is told, no person of the service is named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haicap.journal.entry import Entry
from haicap.matters import entries as of
from haicap.matters import running
from haicap.matters.law import Law
from haicap.matters.parts import Law as Rule
from haicap.matters.schema import Procedure
from haicap.matters.showing import Names, ground_words, in_words, limit_words
from haicap.matters.state import Clock, Matter


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised: until when (None while it stands still), by which rule, and how that was reckoned.

    `late` is whether the end has passed without what was promised; `why` says what held it up, one line each.
    """

    name: str
    due: datetime | None
    limit: str
    rule: Rule
    sentences: tuple[str, ...]
    late: bool
    why: tuple[str, ...]


def promises(matter: Matter, procedure: Procedure, law: Law, at: datetime) -> list[Promise]:
    """The limits that run at `at` (aware) and bind a unit of the service, the first end first.

    What is to be done at once is told only where nothing else runs: it is a matter of the desk's paper.
    """
    running_now = [] if matter.ended else [it for it in matter.clocks if it.runs and it.binds == "holder"]
    later = [it for it in running_now if it.due != it.since]
    told = [_promise(matter, procedure, law, at, clock) for clock in later or running_now]
    return sorted(told, key=lambda it: (it.due is None, it.due))


def _promise(matter: Matter, procedure: Procedure, law: Law, at: datetime, clock: Clock) -> Promise:
    sheet = running.sheet(procedure, clock, matter.branch, law.calendar_edition(clock.calendar))
    late = clock.due is not None and clock.due < at
    return Promise(
        name=in_words(procedure.clock[clock.code]),
        due=clock.due,
        limit=limit_words(clock.limit),
        rule=procedure.clock[clock.code].law_for(matter.branch),
        sentences=tuple(sheet.sentences()),
        late=late,
        why=tuple(_why(matter, clock, procedure, late)),
    )


def _why(matter: Matter, clock: Clock, procedure: Procedure, late: bool) -> Iterable[str]:
    """What has moved the end, or holds the matter up now; for a late one at least that nothing was stated."""
    said = [_("Đã kéo dài, căn cứ: %(ground)s.") % {"ground": it.ground or it.law} for it in clock.longer]
    if standing := ground_words(clock, procedure):
        said.append(_("Đang tạm dừng, căn cứ: %(ground)s.") % {"ground": standing})
    if any(it.runs and it.binds == "third-party" for it in matter.clocks):
        said.append(_("Đang chờ cơ quan khác trả lời."))
    if late and matter.holder is None:
        said.append(_("Chưa xác định được đơn vị có thẩm quyền giải quyết."))
    return said or ([_("Đơn vị chưa nêu lý do chậm.")] if late else [])


def way_so_far(
    entries: Iterable[Entry[Any]], procedure: Procedure, names: Names
) -> list[tuple[datetime, str]]:
    """When and what, from the oldest on: the steps by their names alone."""
    told = ((entry.at, _said(entry.body, procedure, names)) for entry in entries)
    return [(at, words) for at, words in told if words]


def _said(body: Any, procedure: Procedure, names: Names) -> str:
    match body:
        case of.Raised():
            return _("Đã tiếp nhận")
        case of.Stepped():
            return in_words(procedure.step.get(body.step))
        case of.HandedOver():
            return _("Chuyển đến %(unit)s") % {"unit": names.unit(body.to)}
        case of.Referred():
            return _("Chuyển cơ quan khác")
        case of.Paused():
            return _("Tạm dừng thời hạn")
        case of.Resumed():
            return _("Thời hạn chạy tiếp")
        case of.Extended():
            return _("Kéo dài thời hạn")
        case of.Reopened():
            return _("Mở lại")
        case of.Joined():
            return _("Đã nhập vào hồ sơ số %(number)s") % {"number": body.number}
    return ""
