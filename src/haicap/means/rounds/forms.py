"""Forms of rounds. Each carries the new entry's id: sent twice is sent once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.means.rounds.actions import Naming
from haicap.means.rounds.entries import Condition, Said
from haicap.means.rounds.fold import Answer, Assessment
from haicap.means.rounds.ground import WORDED, Line
from haicap.means.rounds.summing import plain
from haicap.means.rounds.words import sections
from haicap.papers.figures import whole
from haicap.units.once import Choices, Once, day_field

NOTE = 300  # characters
LONGEST = 2000
PLACES = 6  # difficulties that can be named


class RoundForm(Once):
    """A new round: its name, until when, what of, and whom it asks."""

    name = forms.CharField(label=gettext_lazy("Tên đợt đánh giá"), max_length=200)
    paper = forms.CharField(
        label=gettext_lazy("Số văn bản"), max_length=100, required=False,
        help_text=gettext_lazy("Chỉ ghi số, ngày; không ghi nội dung mật."),
    )  # fmt: skip
    due = day_field(gettext_lazy("Trả lời trước hết ngày"))
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Nội dung đánh giá"), widget=forms.CheckboxSelectMultiple,
        choices=lambda: list(sections().items()),
    )  # fmt: skip
    whom = forms.ChoiceField(label=gettext_lazy("Đơn vị phải trả lời"), widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Chọn đơn vị"), required=False,
        help_text=gettext_lazy("Chỉ dùng khi chọn “Các đơn vị chọn dưới đây”. Giữ Ctrl để chọn nhiều."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Hướng dẫn thêm"), required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, units: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(data, initial={"sections": list(sections()), "whom": "communes"})
        self.known = units
        its = [it for it in units if it[2] == "commune"]
        self.choose("whom", [
            ("communes", _("Tất cả đơn vị cấp xã (%(n)s)") % {"n": len(its)}),
            ("all", _("Tất cả đơn vị cấp xã và phòng (%(n)s)") % {"n": len(units)}),
            ("some", _("Các đơn vị chọn dưới đây")),
        ])  # fmt: skip
        self.choose("units", ((code, name) for code, name, _level in units))

    @property
    def chosen(self) -> list[str]:
        """The codes of the units that it asks."""
        whom = self.cleaned_data["whom"]
        if whom == "some":
            return list(self.cleaned_data["units"])
        return [code for code, _name, level in self.known if whom == "all" or level == "commune"]

    def clean(self) -> dict[str, Any]:
        """Some units, where they are chosen one by one."""
        given = super().clean() or {}
        if given.get("whom") == "some" and not given.get("units"):
            self.add_error("units", _("Chọn ít nhất một đơn vị."))
        return given


@dataclass(frozen=True, slots=True)
class LineFields:
    """A line of the form: what is known, and its three controls."""

    line: Line
    said: BoundField
    fit: BoundField
    note: BoundField


@dataclass(frozen=True, slots=True)
class PlaceFields:
    """A difficulty of the form, in its place from 1."""

    place: int
    matter: BoundField
    sort: BoundField
    text: BoundField
    count: BoundField
    money: BoundField

    @property
    def errors(self) -> list[str]:
        """What is wrong with it."""
        return [
            str(error)
            for it in (self.matter, self.sort, self.text, self.count, self.money)
            for error in it.errors
        ]

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return any(it.value() for it in (self.matter, self.sort, self.text, self.count, self.money))


class AnswerForm(Once):
    """Every line true or corrected, the condition in words, and difficulties in order of priority."""

    def __init__(
        self,
        data: Any = None,
        *,
        its: Assessment,
        lines: Sequence[Line],
        kinds: Choices,
        open_ones: Sequence[tuple[str, str]],
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**_prefilled(lines, its.now), **dict(typed or {})})
        self.lines, self.its = lines, its
        for line in lines:
            self._line(line)
        for section in WORDED:
            if section in its.sections:
                self.fields[f"condition-{section}"] = forms.CharField(
                    label=_conditions()[section], required=False, max_length=LONGEST,
                    widget=forms.Textarea(attrs={"rows": 3}),
                )  # fmt: skip
        matters = [("", _("– nêu mới –")), *_with_named(open_ones, its.now)]
        for place in range(PLACES):
            self._place(place, [("", "–"), *kinds], matters)
        if its.now:
            self.fields["reason"] = forms.CharField(label=_("Lý do sửa câu trả lời"), max_length=NOTE)

    def _line(self, line: Line) -> None:
        code, name = line.kind.code, line.kind.vi
        measured = line.kind.counting == "measured"
        attrs = {"step": "0.01" if measured else "1", "inputmode": "decimal" if measured else "numeric"}
        for part, words in (("said", _("Thực có")), ("fit", _("Dùng được"))):
            self.fields[f"{part}-{code}"] = forms.DecimalField(
                label=f"{name}: {words}", min_value=Decimal(), max_digits=12, decimal_places=2 if measured else 0,
                widget=forms.NumberInput(attrs=attrs | {"aria-label": f"{name}: {words}"}),
            )  # fmt: skip
        words = _("Ghi chú khi sửa")
        self.fields[f"note-{code}"] = forms.CharField(
            label=f"{name}: {words}", required=False, max_length=NOTE,
            widget=forms.TextInput(attrs={"aria-label": f"{name}: {words}", "autocomplete": "off"}),
        )  # fmt: skip

    def _place(self, place: int, kinds: Choices, matters: Choices) -> None:
        self.fields[f"matter-{place}"] = forms.ChoiceField(
            label=_("Vướng mắc đã nêu, đang mở"), required=False, choices=list(matters)
        )
        self.fields[f"sort-{place}"] = forms.ChoiceField(label=_("Nhóm"), required=False, choices=list(kinds))
        self.fields[f"text-{place}"] = forms.CharField(
            label=_("Nội dung"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.fields[f"count-{place}"] = forms.CharField(label=_("Số lượng"), required=False, max_length=12)
        self.fields[f"money-{place}"] = forms.CharField(
            label=_("Kinh phí ước cần (đồng)"), required=False, max_length=24
        )

    @property
    def rows(self) -> dict[str, list[LineFields]]:
        """The lines by section, in the order of the round."""
        found: dict[str, list[LineFields]] = {}
        for line in self.lines:
            code = line.kind.code
            row = LineFields(line, self[f"said-{code}"], self[f"fit-{code}"], self[f"note-{code}"])
            found.setdefault(line.section, []).append(row)
        return found

    @property
    def places(self) -> list[PlaceFields]:
        """The difficulties in order."""
        return [
            PlaceFields(
                n + 1, self[f"matter-{n}"], self[f"sort-{n}"], self[f"text-{n}"], self[f"count-{n}"], self[f"money-{n}"]
            )
            for n in range(PLACES)
        ]  # fmt: skip

    def condition(self, section: str) -> BoundField | None:
        """The control for a section's condition in words."""
        name = f"condition-{section}"
        return self[name] if name in self.fields else None

    def clean(self) -> dict[str, Any]:
        """Not more fit than there are, a note for what differs, and of each difficulty what it is."""
        given = super().clean() or {}
        for line in self.lines:
            self._check_line(line, given)
        for place in range(PLACES):
            self._check_place(place, given)
        return given

    def _check_line(self, line: Line, given: dict[str, Any]) -> None:
        code = line.kind.code
        all_, fit = given.get(f"said-{code}"), given.get(f"fit-{code}")
        if all_ is None or fit is None:
            return
        if fit > all_:
            self.add_error(f"fit-{code}", _("Số dùng được không thể nhiều hơn số thực có."))
        elif (all_, fit) != (line.record, line.fit) and not str(given.get(f"note-{code}", "")).strip():
            self.add_error(f"note-{code}", _("Khác sổ: ghi vì sao."))

    def _check_place(self, place: int, given: dict[str, Any]) -> None:
        its = {
            name: str(given.get(f"{name}-{place}", "")).strip()
            for name in ("matter", "sort", "text", "count", "money")
        }
        if not any(its.values()) or its["matter"]:
            return
        for name, words in (("sort", _("Chọn nhóm vướng mắc.")), ("text", _("Ghi nội dung vướng mắc."))):
            if not its[name] and f"{name}-{place}" not in self.errors:
                self.add_error(f"{name}-{place}", words)
        for name in ("count", "money"):
            if its[name] and whole(its[name]) is None:
                self.add_error(f"{name}-{place}", _("Ghi một số nguyên, ví dụ 850.000.000."))

    @property
    def said(self) -> list[Said]:
        """What the unit says, line by line; what it said before of kinds that are not shown here stays."""
        given, shown = self.cleaned_data, {line.kind.code for line in self.lines}
        kept = [it for it in (self.its.now.lines if self.its.now else ()) if it.sort not in shown]
        return [
            *(
                line.said(given[f"said-{code}"], given[f"fit-{code}"], given[f"note-{code}"])
                for line in self.lines
                for code in (line.kind.code,)
            ),
            *kept,
        ]

    @property
    def conditions(self) -> list[Condition]:
        """The conditions in words."""
        return [
            Condition(section=section, text=self.cleaned_data[f"condition-{section}"])
            for section in WORDED
            if f"condition-{section}" in self.fields
        ]

    @property
    def difficulties(self) -> list[Naming]:
        """The difficulties that were filled in, in their order."""
        found = []
        for place in range(PLACES):
            its = {
                name: str(self.cleaned_data[f"{name}-{place}"]).strip()
                for name in ("sort", "text", "count", "money")
            }
            matter = self.cleaned_data[f"matter-{place}"]
            if matter or its["text"]:
                numbers = {
                    name: str(n) if (n := whole(its[name])) is not None else "" for name in ("count", "money")
                }
                found.append(
                    Naming(its["sort"], its["text"], **numbers, matter=UUID(matter) if matter else None)
                )
        return found


def _prefilled(lines: Sequence[Line], now: Answer | None) -> dict[str, Any]:
    """The record where nothing was said yet, else what was said last."""
    said = {it.sort: it for it in (now.lines if now else ())}
    found: dict[str, Any] = {}
    for line in lines:
        code, before = line.kind.code, said.get(line.kind.code)
        found[f"said-{code}"] = before.said if before else plain(line.record)
        found[f"fit-{code}"] = before.fit if before else plain(line.fit)
        found[f"note-{code}"] = before.note if before else ""
    for it in now.conditions if now else ():
        found[f"condition-{it.section}"] = it.text
    for place, one in enumerate(now.difficulties if now else ()):
        its = {
            "matter": str(one.matter),
            "sort": one.sort,
            "text": one.text,
            "count": one.count,
            "money": one.money,
        }
        found |= {f"{name}-{place}": value for name, value in its.items()}
    return found


def _with_named(open_ones: Sequence[tuple[str, str]], now: Answer | None) -> list[tuple[str, str]]:
    """Open difficulties, and those that were named before, which may be over by now."""
    known = dict(open_ones)
    before = {str(it.matter): f"{it.number} · {it.text[:80]}" for it in (now.difficulties if now else ())}
    return list((before | known).items())


def _conditions() -> dict[str, str]:
    return {
        "premises": _("Tình trạng trụ sở"),
        "lines": _("Tình trạng đường truyền"),
    }


class RemindForm(Once):
    """What is said to those that have not answered."""

    text = forms.CharField(
        label=gettext_lazy("Nội dung nhắc"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )


class CloseForm(Once):
    """The end of a round."""

    note = forms.CharField(
        label=gettext_lazy("Kết luận, yêu cầu"), required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    sure = forms.BooleanField(
        label=gettext_lazy("Tôi ký đóng đợt đánh giá; số liệu giữ nguyên như hiện nay, không sửa được nữa.")
    )
