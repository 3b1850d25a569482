"""The catalogue as everybody reads it, and as whoever directs means writes it."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haicap.clocks.documents import NATION
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen, writing
from haicap.matters.drafts import is_uuid
from haicap.means import words
from haicap.means.catalogue.actions import DIRECT, drop_kind, kind_id, list_kind
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.forms import DropForm, KindForm, as_typed, countings
from haicap.means.catalogue.queries import catalogue
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.acting import NotSo, Unsaid
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in, today
from haicap.units.vietnamese import fold, sort_key


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """All kinds that fit the address: `q` words, `family`, `state` (`used`, `dropped`), `sort`."""
    person, params = request.person, request.GET.dict()
    if not person.may("means.see"):
        raise Http404
    its = filtered(params)
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), exported(its), _("Danh mục phương tiện"))
    families, ways = words.families(), countings()
    context = {
        "lines": [(it, words.called(it), families[it.family], ways[it.counting], words.measure(it)) for it in its],
        "filters": filters(), "writes": person.may(DIRECT), "tabs": tabs(person, "norms:list"),
    }  # fmt: skip
    return render(request, "catalogue/list.html", context)


def filtered(params: dict[str, str]) -> list[Kind]:
    """The kinds of an address, in order."""
    its: Iterable[Kind] = catalogue().values()
    for word in fold(params.get("q", "")).split():
        its = [it for it in its if word in fold(f"{it.vi} {it.en} {it.code}")]
    if family := params.get("family", ""):
        its = [it for it in its if it.family == family]
    if (state := params.get("state", "")) in ("used", "dropped"):
        its = [it for it in its if (it.dropped is None) == (state == "used")]
    sort = params.get("sort", "")
    places = list(words.families())
    keys: dict[str, Callable[[Kind], Any]] = {
        "name": lambda it: sort_key(words.called(it)),
        "price": lambda it: int(it.price or 0),
        "family": lambda it: places.index(it.family),
    }
    key = keys.get(sort.removeprefix("-"), keys["family"])
    return sorted(its, key=key, reverse=sort.startswith("-"))


def filters() -> list[dict[str, Any]]:
    """The filter bar of the list."""
    states = [("used", _("Đang dùng")), ("dropped", _("Đã thôi dùng"))]
    return [
        {"name": "q", "label": _("Có chữ"), "type": "search"},
        {"name": "family", "label": _("Nhóm phương tiện"), "options": list(words.families().items())},
        {"name": "state", "label": _("Tình trạng"), "options": states},
    ]


def columns() -> list[Column]:
    """What the list holds when it is taken away; prices in VND."""
    return [
        Column("code", _("Mã"), 20), Column("vi", _("Tên"), 36), Column("en", _("Tên tiếng Anh"), 36),
        Column("family", _("Nhóm"), 22), Column("counting", _("Cách đếm"), 22),
        Column("measure", _("Đơn vị tính"), 12), Column("lasts", _("Thời gian sử dụng (năm)"), 12, "number"),
        Column("price", _("Giá ước tính (đồng)"), 18, "number"), Column("source", _("Nguồn của giá"), 50),
        Column("dropped", _("Thôi dùng từ ngày"), 14, "date"),
    ]  # fmt: skip


def exported(its: Iterable[Kind]) -> Iterable[dict[str, object]]:
    """The kinds as they are taken away."""
    families, ways = words.families(), countings()
    for it in its:
        own = {name: getattr(it, name) for name in ("code", "vi", "en", "lasts", "source", "dropped")}
        yield own | {
            "family": families[it.family], "counting": ways[it.counting], "measure": words.measure(it),
            "price": int(it.price) if it.price else None,
        }  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """A kind that is not listed yet."""
    return _write(request, None)


@require_http_methods(["GET", "POST"])
@signed_in
def change(request: Request, code: str) -> HttpResponse:
    """What is said of a kind from now on."""
    return _write(request, kind_of(code))


def kind_of(code: str) -> Kind:
    """The kind with this code. Raises `Http404`."""
    kind = catalogue().get(code)
    if kind is None:
        raise Http404
    return kind


def _write(request: Request, kind: Kind | None) -> HttpResponse:
    directs(request)
    form = KindForm(request.POST or None, kind=kind, initial=as_typed(kind) if kind else {})
    entry_id = sent_id(request)
    if form.is_valid():
        body = form.body
        if kind is None and body.code in catalogue():
            form.add_error("code", _("Mã này đã có trong danh mục."))
        elif _done(request, form, body.code, lambda pen: list_kind(pen, entry_id=entry_id, body=body)):
            messages.success(request, _("Đã ghi vào danh mục."))
            return redirect("catalogue:list")
    title = _("Thêm loại vào danh mục") if kind is None else _("Sửa loại trong danh mục")
    context = {"form": form, "entry_id": entry_id, "kind": kind, "title": title}
    return render(request, "catalogue/write.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def drop(request: Request, code: str) -> HttpResponse:
    """No more of a kind is recorded; what is held stays."""
    directs(request)
    kind = kind_of(code)
    if kind.dropped is not None:
        raise Http404
    form = DropForm(request.POST or None, initial={"since": today().isoformat()})
    entry_id = sent_id(request)
    if form.is_valid():
        since = form.cleaned_data["since"]
        if _done(request, form, code, lambda pen: drop_kind(pen, entry_id=entry_id, code=code, since=since)):
            messages.success(request, _("Loại này thôi dùng từ ngày đã ghi; những gì đang có vẫn còn."))
            return redirect("catalogue:list")
    context = {
        "form": form, "entry_id": entry_id, "kind": kind, "title": _("Thôi dùng một loại"), "danger": True,
    }  # fmt: skip
    return render(request, "catalogue/write.html", context, status=422 if form.is_bound else 200)


def directs(request: Request) -> None:
    """Raises `PermissionDenied` for whoever does not direct means."""
    if not request.person.may(DIRECT):
        raise PermissionDenied(_("Chức vụ của bạn không ghi danh mục."))


def sent_id(request: Request) -> UUID:
    """The id of the entry that the form carries, or a new one."""
    sent = request.POST.get("entry_id")
    return UUID(sent) if is_uuid(sent) else uuid7()


def _done(request: Request, form: KindForm | DropForm, code: str, act: Callable[[Pen], object]) -> bool:
    try:
        with writing(
            request.person,
            at=timezone.now(),
            subjects=[kind_id(code)],
            units=[NATION],
            channel="reference",
        ) as pen:
            act(pen)
    except Refused as fault:
        raise PermissionDenied(str(fault)) from fault
    except (Unsaid, NotSo):
        form.add_error(None, _("Chưa ghi được: loại này vừa được người khác sửa, hoặc còn mục chưa ghi."))
        return False
    return True
