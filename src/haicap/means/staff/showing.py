"""How staff is told to people: pure functions, in the active language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from haicap.journal.entry import Entry
from haicap.matters.showing import Names
from haicap.means.staff import entries as e
from haicap.means.staff.fold import Qualification, Record, Secondment
from haicap.means.staff.queries import SOON
from haicap.means.staff.sorts import ALL, grade_words, qualifications, results

Tag = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """A qualification with words for its codes, its last day, and how it stands as a tag."""

    its: Qualification
    name: str
    grade: str
    last: date | None
    tag: Tag
    in_force: bool


def last_day(until: date | None) -> date | None:
    """The last day of a half-open period."""
    return until - timedelta(days=1) if until else None


def day_words(day: date) -> str:
    """`21/11/2026`."""
    return f"{day:%d/%m/%Y}"


def qualified(record: Record | None, day: date) -> list[Held]:
    """The qualifications of a file as they stand on `day`, those in force first."""
    names = qualifications()
    its = [_held(it, names, day) for it in (record.qualifications if record else ())]
    return sorted(its, key=lambda it: (not it.in_force, it.name, it.its.since))


def _held(it: Qualification, names: Mapping[str, str], day: date) -> Held:
    return Held(
        it, names.get(it.sort, it.sort), grade_words(it.sort, it.grade), last_day(it.ends), stands(it, day),
        it.in_force(day),
    )  # fmt: skip


def stands(it: Qualification, day: date) -> Tag:
    """How a qualification stands on a day, as a tag: kind and words."""
    if it.withdrawn and it.withdrawn <= day:
        return "plain", _("Đã thu hồi")
    if it.since > day:
        return "plain", _("Chưa hiệu lực")
    if it.ends is None:
        return "done", _("Còn hiệu lực")
    if it.ends <= day:
        return "late", _("Hết hạn %(day)s") % {"day": day_words(it.ends - timedelta(days=1))}
    if it.ends <= day + timedelta(days=SOON):
        return "soon", _("Hết hạn sau %(n)s ngày") % {"n": (it.ends - day).days}
    return "done", _("Đến %(day)s") % {"day": day_words(it.ends - timedelta(days=1))}


def secondment_stands(since: date, until: date, day: date) -> Tag:
    """How a secondment stands on a day, as a tag."""
    if until <= day:
        return "plain", _("Đã kết thúc")
    if day < since:
        return "plain", _("Chưa bắt đầu")
    if until <= day + timedelta(days=SOON):
        return "soon", _("Còn %(n)s ngày") % {"n": (until - day).days}
    return "hold", _("Đang biệt phái")


def briefly(record: Record | None, day: date) -> list[tuple[str, str, str]]:
    """The qualifications in force, near their end or expired, in few words: kind of tag, words, how it stands."""
    return [
        (it.tag[0], it.grade or it.name, it.tag[1])
        for it in qualified(record, day)
        if not (it.its.withdrawn and it.its.withdrawn <= day)
    ]


def events(entries: Iterable[Entry[Any]], names: Names) -> list[dict[str, Any]]:
    """The entries of a file or of an establishment as a timeline tells them, oldest first."""
    its = [entry for entry in entries if entry.body is not None]
    bodies = {entry.id: entry.body for entry in its}
    return [
        {
            "at": entry.at,
            "by": names.person(entry.actor),
            "kind": "",
            "url": "",
            "link": "",
            **_told(entry.body, bodies, names),
        }
        for entry in its
    ]


def _told(body: Any, bodies: Mapping[UUID, Any], names: Names) -> dict[str, str]:
    match body:
        case e.EstablishmentSet():
            return {"title": _("Giao biên chế"), "text": _counted(body)}
        case e.EstablishmentWithdrawn():
            return {"title": _("Bỏ một lần giao biên chế nhập nhầm"), "text": body.reason, "kind": "hold"}
        case e.OfficerQualified():
            return {"title": _("Ghi tiêu chuẩn, chứng chỉ"), "text": what(body, names), "kind": "done"}
        case e.OfficerDisqualified():
            said = _("%(what)s, từ %(day)s: %(ground)s")
            parts = {
                "what": what(bodies.get(body.qualification), names),
                "day": day_words(body.since),
                "ground": body.ground,
            }
            return {"title": _("Đã thu hồi"), "text": said % parts, "kind": "hold"}
        case e.OfficerSeconded():
            return {"title": _("Biệt phái, tăng cường"), "text": f"{what(body, names)}. {body.ground}"}
        case e.OfficerSecondmentChanged():
            said = _("%(what)s: nay đến hết %(day)s. %(ground)s")
            last = day_words(body.until - timedelta(days=1))
            parts = {"what": what(bodies.get(body.secondment), names), "day": last, "ground": body.ground}
            return {"title": _("Đổi ngày kết thúc biệt phái"), "text": said % parts, "kind": "hold"}
        case e.OfficerTrained():
            return {"title": _("Tập huấn"), "text": what(body, names)}
        case e.OfficerStruck():
            parts = {"what": what(bodies.get(body.what), names), "reason": body.reason}
            return {
                "title": _("Bỏ nội dung nhập nhầm"),
                "text": _("%(what)s: %(reason)s") % parts,
                "kind": "hold",
            }
    return {"title": "", "text": ""}


def what(body: Any, names: Names) -> str:
    """An entry of an officer's file, or what became of it, in a line; empty for what is not known."""
    match body:
        case e.OfficerQualified() | Qualification():
            words = grade_words(body.sort, body.grade) or qualifications().get(body.sort, body.sort)
            return _("%(what)s, từ %(day)s") % {"what": words, "day": day_words(body.since)}
        case e.OfficerSeconded() | Secondment():
            said = _("%(from)s đến %(to)s, %(since)s–%(last)s")
            return said % {
                "from": names.unit(body.unit), "to": names.unit(body.to), "since": day_words(body.since),
                "last": day_words(body.until - timedelta(days=1)),
            }  # fmt: skip
        case e.OfficerTrained():
            said = _("%(course)s, %(day)s, %(n)s ngày: %(result)s")
            return said % {
                "course": body.course, "day": day_words(body.since), "n": body.days, "result": results()[body.result],
            }  # fmt: skip
    return str(getattr(body, "course", ""))


def _counted(body: e.EstablishmentSet) -> str:
    names = qualifications()
    counts = {it.sort: it.count for it in body.counts}
    said = _("%(n)s người từ %(day)s, theo %(act)s") % {
        "n": counts.get(ALL, 0), "day": day_words(body.since), "act": body.act,
    }  # fmt: skip
    its = [f"{names.get(sort, sort)} {n}" for sort, n in sorted(counts.items()) if sort != ALL]
    return f"{said}; {', '.join(its)}" if its else said


def needs(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What an edition asks for by qualification, with names."""
    names = qualifications()
    return [(names.get(sort, sort), n) for sort, n in counts.items() if sort != ALL]
