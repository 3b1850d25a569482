"""What the head of every page says of the line to the parent: one small query, kept for some seconds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connections
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haicap.journal.reference import newest
from haicap.units.sign_in import PEOPLE

KEPT = 3.0  # seconds
KEPT_ROOT = 600.0  # of a node without a parent, unless `reference` moves: joining moves it
WRONG = timedelta(minutes=5)  # from the parent's clock, beyond which people are told
APART = timedelta(hours=2)  # between the newest good contact and the first bad one: in between it was off
BEHIND = timedelta(minutes=1)  # the newest own checkpoint, beyond which the clock has gone back
UUID7_MS = 80  # the bits of a UUIDv7 below its milliseconds

ASK = """
SELECT p.name, p.province IS NOT NULL AND p.province <> p.unit, coalesce(c.last, l.good), l.bad, c.skew, c.last,
    coalesce(c.fault, '') = 'revoked',
    (SELECT coalesce(sum(greatest(s.seq - coalesce(f.seq, 0), 0)), 0) FROM journal_stream s
        JOIN journal_node n ON n.ours AND s.node = n.id LEFT JOIN nodes_farhead f ON f.stream = s.id
        WHERE s.channel = 'returns' OR (s.channel = 'work' AND p.province IS NOT NULL AND p.province <> p.unit)),
    (SELECT k.id FROM journal_checkpoint k ORDER BY k.id DESC LIMIT 1)
FROM nodes_peer p LEFT JOIN nodes_contact c ON c.node = p.id LEFT JOIN nodes_linenow l ON true LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Line:
    """The line to the parent called `name`: the newest good contact, since when none is, how many entries wait to go.

    `province` says whether the parent is a province's node, else it is the ministry's.
    `skew` (s) is by how much this clock is ahead of the parent's, as measured at `skew_at` by this clock; `witnessed`
    is when the newest own checkpoint was made. `ended` says that the parent takes nothing of this node any more.
    """

    name: str
    province: bool
    good: datetime | None
    bad: datetime | None
    waiting: int
    skew: float | None
    skew_at: datetime | None
    witnessed: datetime | None
    ended: bool = False

    @property
    def up(self) -> bool:
        """Whether the newest contact went well."""
        return self.bad is None and self.good is not None and not self.ended

    def clock_is_known(self, at: datetime) -> bool:
        """Whether a contact of the last 24 hours (by this very clock) found it less than five minutes off."""
        if self.skew is None or self.skew_at is None:
            return False
        return abs(self.skew) < WRONG.total_seconds() and timedelta() <= at - self.skew_at <= timedelta(
            days=1
        )


class _Kept:
    line: Line | None = None
    until = 0.0
    of: UUID | None = None


def forget() -> None:
    """Ask anew at the next page."""
    _Kept.until = 0.0


def line() -> Line | None:
    """The line to the parent; None on a node that has none."""
    its, reference = _Kept, newest()
    if monotonic() >= its.until or (its.line is None and its.of != reference):
        its.line, its.of = _asked(), reference
        its.until = monotonic() + (KEPT if its.line else KEPT_ROOT)
    return its.line


def _asked() -> Line | None:
    with connections["default"].cursor() as cursor:
        cursor.execute(ASK)
        row = cursor.fetchone()
    if row is None:
        return None
    name, province, good, bad, skew, skew_at, ended, waiting, checkpoint = row
    return Line(name, province, good, bad, int(waiting), skew, skew_at, _made(checkpoint), ended)


def _made(checkpoint: UUID | None) -> datetime | None:
    """When a checkpoint was made: its id is a UUIDv7."""
    return datetime.fromtimestamp((checkpoint.int >> UUID7_MS) / 1000, UTC) if checkpoint else None


def words(its: Line, at: datetime) -> str:
    """The state as people read it; `at` is now."""
    count, waits = its.waiting, ""
    if count and its.ended:
        waits = ngettext("%(n)s mục chưa gửi", "%(n)s mục chưa gửi", count)
    elif count:
        waits = ngettext("%(n)s mục chờ gửi", "%(n)s mục chờ gửi", count)
    return " · ".join(filter(None, (_state(its, at), waits % {"n": number(count)} if waits else "")))


def number(count: int) -> str:
    """A count, grouped as the language writes it."""
    return str(number_format(count, use_l10n=True, force_grouping=True))


def _state(its: Line, at: datetime) -> str:
    if its.ended:
        return _("Tỉnh đã kết thúc nút này") if its.province else _("Bộ đã kết thúc nút này")
    if its.bad is not None and its.good is not None and its.bad - its.good > APART:
        return _("Mất đường truyền, liên lạc cuối %(when)s") % {"when": clock(its.good, at)}
    if its.bad is not None:
        return _("Mất đường truyền từ %(when)s") % {"when": clock(its.bad, at)}
    if its.good is None:
        return _("Chưa nối được với tỉnh") if its.province else _("Chưa nối được với Bộ")
    words = _("Nối với tỉnh · %(ago)s") if its.province else _("Nối với Bộ · %(ago)s")
    return words % {"ago": ago(its.good, at)}


def ago(then: datetime, at: datetime) -> str:
    """`vừa xong`, `2 phút trước`, or the moment."""
    minutes = int((at - then).total_seconds() // 60)
    if minutes < 1:
        return _("vừa xong")
    if minutes < 60:
        return ngettext("%(n)s phút trước", "%(n)s phút trước", minutes) % {"n": minutes}
    return clock(then, at)


def clock(then: datetime, at: datetime) -> str:
    """`08:15` of today, `08:15 ngày 12/07` of another day, in Vietnam's time."""
    here = then.astimezone(PEOPLE)
    if here.date() == at.astimezone(PEOPLE).date():
        return f"{here:%H:%M}"
    return _("%(time)s ngày %(day)s") % {"time": f"{here:%H:%M}", "day": f"{here:%d/%m}"}


def shown(its: Line, at: datetime, *, nodes: bool) -> dict[str, Any]:
    """What the tag `{% line %}` takes, and where it leads: to the page of nodes for who may see it."""
    url = reverse("nodes" if nodes else "line:page")
    return {"up": its.up, "text": words(its, at), "url": url}


def ending(its: Line) -> list[str]:
    """What people must know at a node that was closed or revoked, as a sentence; nothing at any other."""
    if not its.ended:
        return []
    return [
        _(
            "%(name)s đã kết thúc nút này: những gì ghi ở đây không đến nơi nào nữa. Hãy làm việc trên máy của cấp"
            " trên, qua trình duyệt."
        )
        % {"name": its.name}
    ]


def clock_faults(its: Line, at: datetime) -> list[str]:
    """What people must know of this machine's clock, as sentences; `at` is what it shows."""
    found = []
    if its.witnessed is not None and at < its.witnessed - BEHIND:
        found.append(
            _("Đồng hồ của máy này chạy lùi: máy chỉ %(now)s, trong khi sổ đã ký lúc %(then)s.")
            % {"now": _full(at), "then": _full(its.witnessed)}
        )
    if its.skew is not None and abs(its.skew) >= WRONG.total_seconds():
        minutes = round(abs(its.skew) / 60)
        ahead, behind = (
            _("Đồng hồ của máy này nhanh hơn của %(name)s %(much)s."),
            _("Đồng hồ của máy này chậm hơn của %(name)s %(much)s."),
        )
        found.append((ahead if its.skew > 0 else behind) % {"name": its.name, "much": _much(minutes)})
    return found


def _much(minutes: int) -> str:
    if minutes < 120:
        return ngettext("%(n)s phút", "%(n)s phút", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s giờ", "%(n)s giờ", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s ngày", "%(n)s ngày", minutes // 1440) % {"n": minutes // 1440}


def _full(at: datetime) -> str:
    return f"{at.astimezone(PEOPLE):%H:%M %d/%m/%Y}"
