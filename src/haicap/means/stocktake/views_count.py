"""Counting, in each way that there is, and closing with a signature."""

from collections.abc import Callable, Iterable
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from haicap.journal.ids import uuid7
from haicap.journal.pen import FromNewerVersion, Pen, Reused, writing
from haicap.matters import drafts
from haicap.matters.queries import person_names
from haicap.matters.showing import Names
from haicap.means.catalogue.queries import catalogue
from haicap.means.stocktake import actions, queries, reading
from haicap.means.stocktake.actions import Known
from haicap.means.stocktake.entries import How
from haicap.means.stocktake.forms import CloseForm, CodeForm, PhotoForm, UnknownForm
from haicap.means.stocktake.views import Seen, page, seen
from haicap.means.tabs import tabs
from haicap.means.things import codes
from haicap.means.things.forms import ReasonForm
from haicap.means.things.queries import seen as things_seen
from haicap.means.things.showing import kind_words
from haicap.units.acting import NotSo, Unsaid
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in

SHORTEST = 4  # characters of a code that are enough, where they fit one thing


def back(request: Request, subject: UUID) -> HttpResponse:
    """Back to the page of the stock-take as its address was."""
    kept = {name: request.GET[name] for name in ("list", "at", "q", "page") if request.GET.get(name)}
    return redirect(f"{reverse('stocktake:id', args=[subject])}{'?' + urlencode(kept) if kept else ''}")


def counting(request: Request, subject: UUID) -> Seen:
    """The stock-take, to be counted. Raises `Http404` where the person does not count there or it is over."""
    it = seen(request, subject)
    if not it.writes:
        raise Http404
    return it


def done(
    request: Request,
    it: Seen,
    act: Callable[[Pen], object],
    things: Iterable[UUID] = (),
    files: Iterable[str] = (),
) -> bool:
    """Act with a pen on the stock-take; where it has moved on meanwhile the page says so. Raises `Unsaid`."""
    units = sorted({it.its.unit, *files})
    try:
        with writing(request.person, at=timezone.now(), subjects=[it.its.id, *things], units=units) as pen:
            act(pen)
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except (NotSo, Reused, FromNewerVersion):
        messages.error(request, _("Đợt kiểm kê đã ký, đã bỏ, hoặc biểu mẫu này đã dùng; chưa ghi gì thêm."))
        return False
    return True


def said(known: Known | None, code: str) -> str:
    """What was counted, as a sentence."""
    if known is None:
        return _("%(code)s: không có trong sổ, đã ghi vào danh sách riêng.") % {"code": code}
    return _("Đã đếm: %(kind)s %(code)s.") % {"kind": kind_words(catalogue(), known.kind), "code": code}


@require_POST
@signed_in
def by_code(request: Request, subject: UUID) -> HttpResponse:
    """A code was typed, or a scanner typed it: the thing was found."""
    it, form = counting(request, subject), CodeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        code = codes.read(given["code"]) or _ending(it, given["code"])
        if code is None:
            form.add_error("code", _("Không có mã này; xem lại, hoặc ghi vào mục vật không có trong sổ."))
        else:
            met: list[Known | None] = []
            try:
                done(request, it, lambda pen: met.append(_count(pen, it, given, code, "label")))
                for known in met:
                    messages.success(request, said(known, code))
                return back(request, subject)
            except Unsaid:
                form.add_error("count", _("Loại đếm theo lô: ghi số lượng đếm được."))
    return page(request, it, {"code": form}, status=422)


def _ending(it: Seen, text: str) -> str | None:
    """The code of the one expected thing whose code ends with the text, with its check character or without."""
    end = text.strip().upper()
    if len(end) < SHORTEST:
        return None
    found = [want.code for want in it.its.expected if want.code.endswith(end) or want.code[:-2].endswith(end)]
    return found[0] if len(found) == 1 else None


def _count(pen: Pen, it: Seen, given: dict[str, object], code: str, how: How) -> Known | None:
    known = queries.known([code]).get(code)
    number, place = given.get("count"), str(given.get("place") or "")
    if known is not None and not known.single and number is None:
        raise Unsaid("count")
    actions.count(
        pen, entry_id=UUID(str(given["entry_id"])), subject=it.its.id, known=known, how=how, place=place, code=code,
        number=number if isinstance(number, int) else 1,
    )  # fmt: skip
    return known


@require_POST
@signed_in
def by_photo(request: Request, subject: UUID) -> HttpResponse:
    """Photos of labels: every label in them was found. Of what is counted in numbers, the page asks how many."""
    it, form = counting(request, subject), PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, it, {"photo": form}, status=422)
    read, bad = set(), 0
    for photo in form.cleaned_data["photos"]:
        try:
            read |= set(reading.texts(photo))
        except reading.UnreadablePhoto:
            bad += 1
    found = sorted({code for text in read if (code := codes.read(text))})
    met: dict[str, Known] = {}
    done(request, it, lambda pen: met.update(_count_all(pen, it, form.cleaned_data, found)))
    _tell(request, found, met, others=len(read) - len([text for text in read if codes.read(text)]), bad=bad)
    return back(request, subject)


def _count_all(pen: Pen, it: Seen, given: dict[str, object], found: list[str]) -> dict[str, Known]:
    met = queries.known(found)
    for code in found:
        known = met.get(code)
        if known is None or known.single:
            actions.count(
                pen, entry_id=uuid5(UUID(str(given["entry_id"])), code), subject=it.its.id, known=known, how="photo",
                place=str(given["place"]), code=code,
            )  # fmt: skip
    return met


def _tell(request: Request, found: list[str], met: dict[str, Known], *, others: int, bad: int) -> None:
    numbers = [code for code in found if code in met and not met[code].single]
    strange = len([code for code in found if code not in met])
    if found:
        text = ngettext("Đọc được %(n)s nhãn.", "Đọc được %(n)s nhãn.", len(found)) % {"n": len(found)}
        messages.success(request, text)
    if not found:
        messages.warning(
            request, _("Không đọc được nhãn nào. Chụp gần hơn, đủ sáng, nhãn nằm gọn trong ảnh.")
        )
    if strange:
        messages.warning(
            request, _("%(n)s nhãn không có trong sổ, đã ghi vào danh sách riêng.") % {"n": strange}
        )
    if numbers:
        told = _("Loại đếm theo lô, hãy ghi số lượng trong danh sách: %(codes)s.")
        messages.warning(request, told % {"codes": ", ".join(numbers)})
    if others:
        messages.info(request, _("%(n)s mã khác trong ảnh không phải nhãn tài sản, bỏ qua.") % {"n": others})
    if bad:
        messages.error(request, _("%(n)s tệp không phải ảnh đọc được (dùng JPEG hoặc PNG).") % {"n": bad})


@require_POST
@signed_in
def by_list(request: Request, subject: UUID) -> HttpResponse:
    """The list was ticked, numbers were filled in: each of them was found."""
    it = counting(request, subject)
    entry_id, place = request.POST.get("entry_id", ""), request.POST.get("place", "")[:120]
    if not drafts.is_uuid(entry_id):
        raise Http404
    filled = {key[2:]: str(text).strip() for key, text in request.POST.items() if key.startswith("n-")}
    numbers = {thing: text for thing, text in filled.items() if text}
    wrong = [text for text in numbers.values() if not (text.isdecimal() and len(text) < 8)]
    ticked = set(request.POST.getlist("thing"))
    kept = {want.thing: want.kept for want in it.its.expected}
    kept |= {count.thing: count.kept for count in it.its.valid if count.thing}
    told = {thing: 1 for thing, how in kept.items() if how == "single" and str(thing) in ticked}
    told |= {
        thing: int(text) for thing, how in kept.items()
        if how == "counted" and (text := numbers.get(str(thing), "")) and text not in wrong
    }  # fmt: skip
    if wrong:
        messages.error(request, _("Số lượng phải là số nguyên: %(texts)s.") % {"texts": ", ".join(wrong)})
    if told and done(request, it, lambda pen: _count_listed(pen, it, UUID(entry_id), told, place)):
        text = ngettext("Đã ghi %(n)s mục.", "Đã ghi %(n)s mục.", len(told)) % {"n": len(told)}
        messages.success(request, text)
    return back(request, subject)


def _count_listed(pen: Pen, it: Seen, entry_id: UUID, told: dict[UUID, int], place: str) -> None:
    known = {one.thing: one for one in queries.known(ids=told).values()}
    for thing, number in told.items():
        if thing in known:
            actions.count(
                pen, entry_id=uuid5(entry_id, str(thing)), subject=it.its.id, known=known[thing], how="list",
                number=number, place=place,
            )  # fmt: skip


@require_POST
@signed_in
def here(request: Request, subject: UUID, thing: UUID) -> HttpResponse:
    """From the thing's own page, where its label has led: found here."""
    it = counting(request, subject)
    entry_id = request.POST.get("entry_id", "")
    if not drafts.is_uuid(entry_id) or not things_seen(request.person).filter(pk=thing).exists():
        raise Http404
    number = request.POST.get("count", "1")
    if not number.isdecimal() or len(number) > 7:
        messages.error(request, _("Số lượng phải là số nguyên."))
        return redirect("things:id", thing)
    place = request.POST.get("place", "")[:120]

    def act(pen: Pen) -> None:
        (known,) = queries.known(ids=[thing]).values()
        actions.count(
            pen,
            entry_id=UUID(entry_id),
            subject=subject,
            known=known,
            how="label",
            number=int(number),
            place=place,
        )

    try:
        if done(request, it, act):
            messages.success(request, _("Đã ghi thấy ở đây, trong đợt “%(name)s”.") % {"name": it.its.name})
    except (Unsaid, ValueError):
        messages.error(request, _("Không ghi được: tài sản đã ghi giảm, hoặc số lượng chưa đúng."))
    return redirect("things:id", thing)


@require_http_methods(["GET", "POST"])
@signed_in
def label(request: Request, code: str) -> HttpResponse:
    """Where the label of another unit's thing leads, while the person's unit counts: was it found here?"""
    running, its = queries.running(request.person), codes.read(code)
    if its is None or not running:
        raise Http404
    if request.method == "POST" and drafts.is_uuid(request.POST.get("entry_id")):
        chosen = next((row for row in running if str(row.pk) == request.POST.get("stocktake")), None)
        if chosen is None:
            raise Http404
        it, given = counting(request, chosen.pk), {"entry_id": request.POST["entry_id"], "count": 1}
        done(request, it, lambda pen: _count(pen, it, given, its, "label"))
        messages.success(request, _("Đã ghi nhãn %(code)s.") % {"code": its})
        return redirect("stocktake:id", chosen.pk)
    context = {
        "now": timezone.now(), "tabs": tabs(request.person, "stocktake:list"), "running": running, "code": its,
        "entry_id": uuid7(),
    }  # fmt: skip
    return render(request, "stocktake/label.html", context)


@require_POST
@signed_in
def unknown(request: Request, subject: UUID) -> HttpResponse:
    """Something was found that no register knows."""
    it, form = counting(request, subject), UnknownForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        done(request, it, lambda pen: actions.count(
            pen, entry_id=given["entry_id"], subject=subject, known=None, how="words", number=given["count"],
            place=given["place"], words=given["words"],
        ))  # fmt: skip
        return back(request, subject)
    return page(request, it, {"unknown": form}, status=422)


@require_POST
@signed_in
def withdraw(request: Request, subject: UUID) -> HttpResponse:
    """These counts were a mistake."""
    it = counting(request, subject)
    counts = sorted(request.POST.get("counts", "").split())
    if not all(map(drafts.is_uuid, counts)):
        raise Http404
    entry_id = uuid5(subject, f"withdrawn/{' '.join(counts)}")  # the same counts are withdrawn once
    done(request, it, lambda pen: actions.withdraw(
        pen, entry_id=entry_id, subject=subject, counts=map(UUID, counts)
    ))  # fmt: skip
    return back(request, subject)


@require_http_methods(["GET", "POST"])
@signed_in
def close(request: Request, subject: UUID) -> HttpResponse:
    """What will be signed, the numbers to choose, and the signature."""
    it = seen(request, subject)
    if not it.signs:
        raise Http404
    people = {who for one in it.four.disputes for who, _n in one.numbers}
    names, kinds = Names({}, person_names(people)), catalogue()
    form = CloseForm(request.POST or None, disputes=it.four.disputes, names=names)
    for one in form.disputes:
        form.fields[f"n-{one.line.thing}"].label = f"{kind_words(kinds, one.line.sort)} {one.line.code}"
    if form.is_valid():
        given, things = form.cleaned_data, actions.touched(it.its)
        try:
            act = _closing(given["entry_id"], subject, form.chosen(), given["note"])
            if done(request, it, act, things, queries.files_of(things)):
                messages.success(request, _("Đã ký kiểm kê; kết quả đã ghi vào từng tài sản."))
            return redirect("stocktake:id", subject)
        except Unsaid:
            form.add_error(None, _("Có số lượng mới được ghi; hãy xem lại và chọn số đúng."))
    context = {
        "now": it.at, "tabs": tabs(request.person, "stocktake:list"), "it": it, "its": it.its, "form": form,
        "drop": ReasonForm(prefix="drop"),
    }  # fmt: skip
    return render(request, "stocktake/close.html", context, status=422 if form.is_bound else 200)


def _closing(entry_id: UUID, subject: UUID, chosen: dict[UUID, int], note: str) -> Callable[[Pen], object]:
    return lambda pen: actions.close(pen, entry_id=entry_id, subject=subject, chosen=chosen, note=note)


@require_POST
@signed_in
def drop(request: Request, subject: UUID) -> HttpResponse:
    """It was opened by mistake."""
    it, form = counting(request, subject), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Ghi lý do bỏ đợt kiểm kê."))
        return redirect("stocktake:id", subject)
    given = form.cleaned_data
    done(request, it, lambda pen: actions.drop(
        pen, entry_id=given["entry_id"], subject=subject, reason=given["reason"]
    ))  # fmt: skip
    return redirect("stocktake:list")
