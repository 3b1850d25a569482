"""Guidance as everybody reads it: the list with what is asked all the same, and one guidance in its versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.clocks.documents import NotInForce
from haicap.matters.guidance import queries
from haicap.matters.guidance.actions import RIGHT
from haicap.matters.guidance.difference import Part, difference
from haicap.matters.guidance.fold import Guidance, Version
from haicap.matters.guidance.models import GuidanceRow
from haicap.matters.law import Law, law
from haicap.matters.queries import one as one_matter
from haicap.matters.queries import person_names, unit_names
from haicap.matters.showing import in_words
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.rights import Scope, decide
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 25
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A guidance as the list shows it."""

    row: GuidanceRow
    topics: str
    issuer: str
    last: date | None  # the last day on which it holds
    holds: bool
    again: int
    again_url: str


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version with what it changed, and who wrote it."""

    n: int
    its: Version
    issuer: str
    by: str
    parts: list[Part]


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """All guidance that fits the address, and by topic what was asked although it is answered."""
    at, day, params, known = timezone.now(), today(), request.GET.dict(), law()
    rows = queries.listed(params, day=day)
    topics = topics_of(known)
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), exported(request, rows, topics, day), _("Hướng dẫn"))
    page = Paginator(rows.defer("state", "words"), PER_PAGE).get_page(params.get("page"))
    context = {
        "page": page,
        "lines": lines(request, page, topics, day),
        "filters": filters(known, topics),
        "by_topic": [(topics.get(it.code, it.code), it) for it in queries.by_topic(request.person, at=at)],
        "may_publish": request.person.may(RIGHT),
        "now": at,
    }
    return render(request, "guidance/list.html", context)


def lines(request: Request, rows: Iterable[GuidanceRow], topics: Labels, day: date) -> list[Line]:
    """The rows as the table shows them. Two queries."""
    its = list(rows)
    counts = queries.again_counts(request.person, (row.pk for row in its))
    names = unit_names(row.issuer for row in its)
    return [
        Line(
            row,
            ", ".join(topics.get(code, code) for code in row.topics),
            names.get(row.issuer, row.issuer),
            row.until - timedelta(days=1) if row.until else None,
            row.published <= day and (row.until is None or row.until > day),
            counts.get(row.pk, 0),
            queries.again_url(row.pk),
        )
        for row in its
    ]


def topics_of(known: Law) -> dict[str, str]:
    """The kinds of difficulty by code, in the active language."""
    try:
        procedure = known.procedure(queries.PROCEDURE, timezone.now())
    except NotInForce:
        return {}
    return {code: in_words(text) for code, text in procedure.field["kind"].of.items()}


def procedures_of(known: Law) -> dict[str, str]:
    """The procedures in force by code, in the active language."""
    return {it.code: in_words(it.name) for it in known.current(timezone.now())}


def filters(known: Law, topics: Labels) -> list[dict[str, Any]]:
    """The filter bar of the list."""
    states = [("in-force", _("Đang áp dụng")), ("ended", _("Đã thôi áp dụng"))]
    return [
        {"name": "q", "label": _("Có chữ hoặc số"), "type": "search"},
        {"name": "topic", "label": _("Nhóm vướng mắc"), "options": list(topics.items())},
        {"name": "procedure", "label": _("Thủ tục"), "options": list(procedures_of(known).items())},
        {"name": "state", "label": _("Hiệu lực"), "options": states},
    ]


def columns() -> list[Column]:
    """What the list holds when it is taken away."""
    return [
        Column("title", _("Câu hỏi"), 48), Column("answer", _("Trả lời"), 60),
        Column("topics", _("Nhóm vướng mắc"), 28), Column("law", _("Căn cứ pháp luật"), 32),
        Column("paper", _("Số văn bản hướng dẫn"), 22), Column("issuer", _("Đơn vị ban hành"), 30),
        Column("published", _("Áp dụng từ ngày"), 14, "date"), Column("last", _("Đến hết ngày"), 14, "date"),
        Column("version", _("Bản"), 8, "number"), Column("again", _("Hỏi lại"), 10, "number"),
    ]  # fmt: skip


def exported(
    request: Request, rows: QuerySet[GuidanceRow], topics: Labels, day: date
) -> Iterable[dict[str, object]]:
    """The rows as they are taken away."""
    for it in lines(request, rows.defer("state", "words"), topics, day):
        own = {
            name: getattr(it.row, name)
            for name in ("title", "answer", "law", "paper", "published", "version")
        }
        yield own | {"topics": it.topics, "issuer": it.issuer, "last": it.last, "again": it.again}


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """One guidance: what holds now, its versions and what each changed, and how often it is asked all the same."""
    its = guidance_of(subject)
    day, known = today(), law()
    issuers = unit_names({version.issuer for version in its.versions})
    people = person_names({version.by for version in its.versions})
    replaced = its.withdrawn.by if its.withdrawn else None
    context = {
        "its": its,
        "now_version": its.now,
        "holds": its.since <= day and (its.until is None or its.until > day),
        "last": its.until - timedelta(days=1) if its.until else None,
        "issuer": issuers.get(its.now.issuer, its.now.issuer),
        "topics": _labelled(its.now.topics, topics_of(known)),
        "procedures": _labelled(its.now.procedures, procedures_of(known)),
        "versions": _versions(its, issuers, people),
        "replaced": (replaced, queries.titles([replaced]).get(replaced, "")) if replaced else None,
        "again": queries.again_counts(request.person, [subject]).get(subject, 0),
        "again_url": queries.again_url(subject),
        "sources": [(it, one_matter(request.person, it.id) is not None) for it in its.sources[:5]],
        "may": decide(request.person, RIGHT, Scope.of(its.now.issuer)).allowed,
    }
    return render(request, "guidance/one.html", context)


def guidance_of(subject: UUID) -> Guidance:
    """The guidance. Raises `Http404`."""
    its = queries.one(subject)
    if its is None:
        raise Http404
    return its


def _labelled(codes: Iterable[str], labels: Labels) -> list[tuple[str, str]]:
    return [(code, labels.get(code, code)) for code in codes]


def _versions(its: Guidance, issuers: Labels, people: Mapping[UUID, str]) -> list[VersionShown]:
    """The newest first."""
    before: list[Version | None] = [None, *its.versions]
    found = [
        VersionShown(
            n, version, issuers.get(version.issuer, version.issuer), people.get(version.by, _("Hệ thống")),
            difference(old.answer, version.answer) if old else [],
        )
        for n, (old, version) in enumerate(zip(before, its.versions, strict=False), start=1)
    ]  # fmt: skip
    return found[::-1]
