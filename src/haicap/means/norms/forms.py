"""Forms of norms and of facts of units."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from haicap.matters.guidance.forms import day_control, text_control
from haicap.means import words
from haicap.means.catalogue.fold import Kind
from haicap.means.norms.entries import Line, NormSaid, When
from haicap.means.norms.fold import Norm, Version
from haicap.means.norms.formulas import settled, typed
from haicap.units.entries import Label

LINES = 3  # with a condition; the last is for all others
CODE = r"^[a-z0-9][a-z0-9-]{1,39}$"

Choices = Sequence[tuple[str, str]]


class NormForm(forms.Form):
    """What a norm says in one version; its code and kind only where it is new, `changed` only where it is not."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        kinds: Iterable[Kind],
        issuers: Choices,
        norm: Norm | None,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.norm = norm
        if norm is None:
            self.fields["code"] = forms.RegexField(
                CODE, label=_("Mã định mức"), help_text=_("Chữ thường không dấu, số, gạch nối; ví dụ xe-mo-to."),
                error_messages={"invalid": _("Chỉ dùng chữ thường không dấu, số và gạch nối.")}, max_length=40,
            )  # fmt: skip
            options = [("", "–"), *((it.code, words.called(it)) for it in kinds)]
            self.fields["means"] = forms.ChoiceField(label=_("Loại phương tiện"), choices=options)
        self.fields["vi"] = text_control(_("Tên định mức"))
        self.fields["en"] = text_control(_("Tên tiếng Anh"), required=False)
        self.fields["units"] = _several(_("Áp dụng cho"), list(words.sorts().items()))
        for n in range(LINES):
            self._line(n)
        self.fields["otherwise"] = _formula(_("Các đơn vị còn lại: công thức"), required=True)
        self.fields["rounding"] = forms.ChoiceField(
            label=_("Làm tròn"), choices=list(words.roundings().items())
        )
        self.fields["rule"] = text_control(
            _("Căn cứ"), hint=_("Số, ngày văn bản, điều khoản; không ghi nội dung mật.")
        )
        self.fields["mark"] = forms.ChoiceField(
            label=_("Mức tin cậy của căn cứ"), choices=list(words.marks().items())
        )
        self.fields["since"] = day_control(_("Áp dụng từ ngày"))
        self.fields["until"] = day_control(
            _("Đến hết ngày"), required=False, hint=_("Để trống nếu chưa biết.")
        )
        self.fields["issuer"] = forms.ChoiceField(label=_("Đơn vị ban hành"), choices=list(issuers))
        if len(issuers) == 1:
            self.fields["issuer"].widget = forms.HiddenInput()
            self.fields["issuer"].initial = issuers[0][0]
        if norm is not None:
            self.fields["changed"] = text_control(_("Thay đổi những gì"), rows=2)

    def _line(self, n: int) -> None:
        place = {"n": n + 1}
        sorts, remote = _("Dòng %(n)s: chỉ cho") % place, _("Dòng %(n)s: vùng") % place
        self.fields[f"units_{n}"] = _several(sorts, list(words.sorts().items()), required=False)
        self.fields[f"remote_{n}"] = forms.ChoiceField(label=remote, required=False, choices=[
            ("", _("mọi vùng")), ("yes", _("vùng sâu, vùng xa")), ("no", _("không phải vùng sâu, vùng xa")),
        ])  # fmt: skip
        self.fields[f"formula_{n}"] = _formula(_("Dòng %(n)s: công thức") % place, required=False)

    @property
    def table(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        """The lines with a condition, as a table shows them."""
        return [(self[f"units_{n}"], self[f"remote_{n}"], self[f"formula_{n}"]) for n in range(LINES)]

    @property
    def first(self) -> list[BoundField]:
        """The controls before the table of lines."""
        return [self[name] for name in ("code", "means", "vi", "en", "units") if name in self.fields]

    @property
    def last(self) -> list[BoundField]:
        """The controls after it."""
        names = ("rounding", "rule", "mark", "since", "until", "changed")
        own = [self[name] for name in names if name in self.fields]
        return own if self["issuer"].is_hidden else [*own, self["issuer"]]

    def clean(self) -> dict[str, Any]:
        """A condition has a formula, and the last day is not before the first."""
        its = self.cleaned_data
        for n in range(LINES):
            conditions = its.get(f"units_{n}") or its.get(f"remote_{n}")
            if conditions and not its.get(f"formula_{n}"):
                self.add_error(f"formula_{n}", _("Ghi công thức cho dòng này."))
            if its.get(f"formula_{n}") and not conditions:
                self.add_error(f"formula_{n}", _("Dòng này chưa có điều kiện; công thức chung ghi ở ô cuối."))
        if its.get("since") and its.get("until") and its["until"] < its["since"]:
            self.add_error("until", _("Ngày cuối không được trước ngày đầu."))
        return its

    @property
    def saying(self) -> NormSaid:
        """What was typed, formulas as they are kept; the last day becomes the first one without it."""
        its = self.cleaned_data
        until = its["until"]
        return NormSaid(
            name=Label(vi=its["vi"], en=its["en"]), means=self.norm.now.means if self.norm else its["means"],
            units=tuple(its["units"]), lines=tuple(self._lines()), rounding=its["rounding"], rule=its["rule"],
            mark=its["mark"], since=its["since"], issuer=its["issuer"],
            until=until.fromordinal(until.toordinal() + 1) if until else None,
        )  # fmt: skip

    def _lines(self) -> Iterable[Line]:
        its = self.cleaned_data
        for n in range(LINES):
            if formula := its[f"formula_{n}"]:
                remote = {"yes": True, "no": False}.get(its[f"remote_{n}"])
                yield Line(formula=settled(formula), when=When(units=tuple(its[f"units_{n}"]), remote=remote))
        yield Line(formula=settled(its["otherwise"]))

    def field_of(self, line: int) -> str:
        """The control in which the line of this place was typed."""
        typed = [f"formula_{n}" for n in range(LINES) if self.cleaned_data.get(f"formula_{n}")]
        return [*typed, "otherwise"][line]


def as_typed(version: Version) -> dict[str, Any]:
    """A version as its form holds it; more lines than the form has are left to the file that they came from."""
    its: dict[str, Any] = {
        name: getattr(version, name) for name in ("vi", "en", "units", "rounding", "rule", "mark", "issuer")
    }
    its["since"] = version.since.isoformat()
    its["until"] = (
        version.until.fromordinal(version.until.toordinal() - 1).isoformat() if version.until else ""
    )
    for n, line in enumerate(version.lines[:-1]):
        its |= {f"units_{n}": line.units, f"formula_{n}": typed(line.formula)}
        its[f"remote_{n}"] = (
            {True: "yes", False: "no"}.get(line.remote, "") if line.remote is not None else ""
        )
    return its | {"otherwise": typed(version.lines[-1].formula)}


class EndForm(forms.Form):
    """Why a norm holds no more, and from when."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.fields["reason"] = text_control(_("Lý do thôi áp dụng"), rows=3)
        self.fields["since"] = day_control(_("Thôi áp dụng từ ngày"))


def typed_number(text: str) -> str | None:
    """`52.000,5` (`52,000.5` in English) as a plain decimal; None for what is no number."""
    group, point = (",", ".") if words.english() else (".", ",")
    grouped = rf"\d{{1,3}}(?:\{group}\d{{3}})+|\d+"
    found = re.fullmatch(rf"({grouped})(?:\{point}(\d+))?", text.strip().replace(" ", ""))
    if found is None:
        return None
    whole = found[1].replace(group, "")
    return f"{whole}.{found[2]}" if found[2] else whole


class FactForm(forms.Form):
    """One figure of a unit as of a day."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, facts: Choices, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.fields["fact"] = forms.ChoiceField(label=_("Số liệu"), choices=list(facts))
        self.fields["value"] = text_control(_("Trị số"), hint=_("Số từ 0 trở lên, ví dụ 52.000."))
        self.fields["since"] = day_control(_("Tính đến ngày"))
        self.fields["source"] = text_control(_("Nguồn"), hint=_("Số, ngày văn bản hoặc niên giám."))

    def clean_value(self) -> str:
        """The figure as entries hold it."""
        its = typed_number(self.cleaned_data["value"])
        if its is None:
            raise forms.ValidationError(_("Chỉ ghi số từ 0 trở lên, ví dụ 52.000."))
        return its


def _several(label: str, choices: Choices, *, required: bool = True) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=required, widget=forms.CheckboxSelectMultiple
    )


def _formula(label: str, *, required: bool) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "formula"})
    return forms.CharField(label=label, required=required, widget=widget, max_length=500)
