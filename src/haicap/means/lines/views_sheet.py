"""A sheet of measurements: handed in, shown as it is understood, and only then taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import TypeAdapter

from haicap.journal.pen import writing
from haicap.means.lines import actions, importing, queries
from haicap.means.lines.actions import WRITE
from haicap.means.lines.entries import Measure
from haicap.means.lines.fold import Circuit
from haicap.means.lines.forms import SheetForm
from haicap.means.lines.importing import MOST_ROWS, Field, Reading, TooLong, Why
from haicap.means.premises.pages import FAULTS, fault_words
from haicap.means.tabs import tabs
from haicap.papers.sheets import UnreadableSheet
from haicap.units.names import unit_names
from haicap.units.rights import Person, Refused, visible
from haicap.units.sign_in import Request, signed_in

LIST = "lines:list"
SALT = "haicap.means.lines"
KEPT = 24 * 3600  # seconds for which what was shown can be taken
MOST_BYTES = 5_000_000
UNDERSTOOD: TypeAdapter[dict[UUID, tuple[Measure, ...]]] = TypeAdapter(dict[UUID, tuple[Measure, ...]])


@dataclass(frozen=True, slots=True)
class Understood:
    """What would be taken of one line: its unit, how many measurements, from when to when."""

    circuit: Circuit
    unit: str
    count: int
    first: Any
    last: Any


@require_http_methods(["GET", "POST"])
@signed_in
def sheet(request: Request) -> HttpResponse:
    """A sheet is handed in and shown as it is understood; sent again with what was shown, that is taken."""
    if not request.person.may(WRITE):
        raise Http404
    if "understood" in request.POST:
        return _take(request)
    form = SheetForm(request.POST or None)
    if request.method == "POST":
        form.files = request.FILES
    context: dict[str, Any] = {
        "form": form,
        "tabs": tabs(request.person, LIST),
        "needed": heads(importing.NEEDED),
    }
    if form.is_valid():
        try:
            reading = _reading(request, form.cleaned_data["sheet"])
            context |= _shown(request, reading)
        except (UnreadableSheet, TooLong) as fault:
            form.add_error("sheet", _("Bảng dài quá %(n)s dòng; hãy chia thành nhiều tệp.") % {"n": MOST_ROWS}
                           if isinstance(fault, TooLong) else str(fault))  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "lines/sheet.html", context, status=status)


def _reading(request: Request, file: Any) -> Reading:
    if file.size > MOST_BYTES:
        raise TooLong
    return importing.read(file.read(), recorded_circuits(request.person), timezone.now())


def recorded_circuits(person: Person) -> list[Circuit]:
    """The lines for which the person records, ended ones too. One query."""
    rows = visible(person, WRITE, queries.seen(person).filter(mistake=False))
    return [queries.circuit_of(row) for row in rows]


def _shown(request: Request, reading: Reading) -> dict[str, Any]:
    circuits = {it.id: it for it in recorded_circuits(request.person)} if reading.measures else {}
    names = unit_names({circuits[one].unit for one in reading.measures})
    understood = [
        Understood(circuits[one], names.get(circuits[one].unit, ""), len(its), min(it.at for it in its),
                   max(it.at for it in its))
        for one, its in reading.measures.items()
    ]  # fmt: skip
    plain = UNDERSTOOD.dump_python(dict(reading.measures), mode="json")
    return {
        "reading": reading, "understood": sorted(understood, key=lambda it: (it.unit, it.circuit.now.number)),
        "left": [(it, why_words(it.why)) for it in reading.left], "missing": heads(reading.missing),
        "kept": signing.dumps([str(request.person.id), plain], salt=SALT, compress=True),
    }  # fmt: skip


def _take(request: Request) -> HttpResponse:
    """Take what was shown: all lines in one go."""
    form = forms.Form(request.POST)
    form.fields["entry_id"] = forms.UUIDField()
    try:
        whose, plain = signing.loads(request.POST["understood"], salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        messages.error(request, _("Bản xem trước đã hết hạn; hãy gửi lại bảng."))
        return redirect("lines:sheet")
    if not form.is_valid() or whose != str(request.person.id):
        raise PermissionDenied
    its = UNDERSTOOD.validate_python(plain, strict=False)
    circuits = {it.id: it for it in recorded_circuits(request.person) if it.id in its}
    try:
        _write(request, list(circuits.values()), its, form.cleaned_data["entry_id"])
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except FAULTS as fault:
        messages.error(request, fault_words(fault))
        return redirect("lines:sheet")
    count = sum(len(its[one]) for one in circuits)
    messages.success(request, _("Đã nhập %(n)s lần đo.") % {"n": count})
    return redirect(reverse(LIST) if len(circuits) != 1 else reverse("lines:id", args=[next(iter(circuits))]))


def _write(
    request: Request, circuits: Sequence[Circuit], its: dict[UUID, tuple[Measure, ...]], entry_id: UUID
) -> None:
    units, at = sorted({it.unit for it in circuits}), timezone.now()
    with writing(request.person, at=at, subjects=[it.id for it in circuits], units=units) as pen:
        for circuit in circuits:
            actions.measure(
                pen, entry_id=uuid5(entry_id, str(circuit.id)), subject=circuit.id, measures=its[circuit.id],
                source="import",
            )  # fmt: skip


def heads(fields: Sequence[Field]) -> list[str]:
    """What the columns are called."""
    words: dict[Field, str] = {
        "number": _("Mã đường truyền"), "at": _("Thời điểm"), "clock": _("Giờ"), "down": _("Tải xuống"),
        "up": _("Tải lên"), "delay": _("Độ trễ"), "loss": _("Mất gói"),
    }  # fmt: skip
    return [words[name] for name in fields]


def why_words(why: Why) -> str:
    """Why a line is not taken, as a sentence."""
    return {
        "unknown": _("Không có đường truyền mang mã này trong các đơn vị bạn ghi sổ."),
        "several": _("Nhiều đường truyền cùng mang mã này."),
        "moment": _("Không đọc được ngày giờ."),
        "ahead": _("Thời điểm ở tương lai."),
        "before": _("Trước ngày có hợp đồng của đường này."),
        "down": _("Tốc độ tải xuống không phải là số."),
        "up": _("Tốc độ tải lên không phải là số."),
        "delay": _("Độ trễ không phải là số."),
        "loss": _("Mất gói phải là số từ 0 đến 100."),
        "twice": _("Trùng thời điểm với một dòng ở trên."),
        "known": _("Đã có lần đo ở thời điểm này."),
    }[why]
