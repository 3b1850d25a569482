"""The one form of a directive, a resolution or a visit: head, clauses, addressees."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from haicap.matters.directing.entries import ClauseSaid, Sort
from haicap.matters.directing.queries import meant
from haicap.matters.forms import missing, named_unit, unit_control
from haicap.matters.guidance.forms import day_control, text_control

FIRST, MORE, MOST = 3, 3, 40  # rows for clauses: shown at first, added by the button, and at most
Units = Sequence[tuple[str, str, str]]  # code, name, level


def sorts() -> dict[Sort, str]:
    """What can be issued."""
    return {
        "directive": _("Chỉ thị, công văn chỉ đạo"), "plan": _("Kế hoạch"), "resolution": _("Nghị quyết"),
        "visit": _("Buổi làm việc của cấp trên tại đơn vị"),
    }  # fmt: skip


class DirectiveForm(forms.Form):
    """What is issued, its clauses in rows, and to whom; rows left empty count for nothing."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        issuers: Sequence[tuple[str, str]],
        units: Units,
        visit: bool,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.units, self.visit, self.rows = units, visit, _rows(data)
        self._head(issuers)
        for row in range(self.rows):
            self._clause(row)
        self._addressees()

    def _head(self, issuers: Sequence[tuple[str, str]]) -> None:
        if not self.visit:
            others = [(code, label) for code, label in sorts().items() if code != "visit"]
            self.fields["sort"] = forms.ChoiceField(label=_("Loại văn bản"), choices=others)
        self.fields["issuer"] = forms.ChoiceField(label=_("Đơn vị ban hành"), choices=list(issuers))
        if len(issuers) == 1:
            self.fields["issuer"].widget = forms.HiddenInput()
            self.fields["issuer"].initial = issuers[0][0]
        self.fields["number"] = text_control(
            _("Số thông báo kết luận") if self.visit else _("Số, ký hiệu"), hint=_("Ví dụ: 12/KH-CAT-PV01.")
        )
        self.fields["title"] = text_control(_("Nội dung buổi làm việc") if self.visit else _("Trích yếu"))
        self.fields["issued"] = day_control(_("Ngày làm việc") if self.visit else _("Ngày ban hành"))
        self.fields["signer"] = text_control(_("Người chủ trì") if self.visit else _("Chức vụ người ký"))
        if self.visit:
            self.fields["visited"] = unit_control(_("Đơn vị được làm việc"))
        self.fields["due"] = day_control(
            _("Hạn chung, đến hết ngày"),
            required=False,
            hint=_("Khoản nào không ghi hạn riêng thì theo hạn này."),
        )

    def _clause(self, row: int) -> None:
        n = {"n": row + 1}
        self.fields[f"code_{row}"] = text_control(_("Mục, khoản (dòng %(n)d)") % n, required=False)
        self.fields[f"code_{row}"].initial = str(row + 1)
        self.fields[f"text_{row}"] = text_control(_("Nhiệm vụ (dòng %(n)d)") % n, rows=2, required=False)
        self.fields[f"target_{row}"] = text_control(_("Chỉ tiêu (dòng %(n)d)") % n, required=False)
        self.fields[f"due_{row}"] = day_control(_("Hạn riêng (dòng %(n)d)") % n, required=False)

    def _addressees(self) -> None:
        ways = [
            ("communes", _("Tất cả Công an cấp xã")), ("departments", _("Tất cả các phòng")),
            ("some", _("Các đơn vị chọn hoặc ghi dưới đây")),
        ]  # fmt: skip
        if self.visit:
            ways.insert(0, ("visited", _("Đơn vị được làm việc")))
        self.fields["to"] = forms.ChoiceField(
            label=_("Giao cho"),
            choices=ways,
            widget=forms.RadioSelect,
            initial=ways[0][0],
            error_messages=missing(),
        )
        self.fields["list"] = text_control(
            _("Danh sách đơn vị"), rows=3, required=False, hint=_("Mỗi dòng một đơn vị: tên hoặc mã.")
        )
        self.fields["chosen"] = forms.MultipleChoiceField(
            label=_("Chọn đơn vị"), required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(code, name) for code, name, _level in self.units],
        )  # fmt: skip

    def own(self) -> Iterator[BoundField]:
        """What stands above the clauses, hidden fields left out."""
        names = ("sort", "issuer", "visited", "number", "title", "issued", "signer", "due")
        return (self[name] for name in names if name in self.fields and not self[name].is_hidden)

    def clauses_shown(self) -> list[list[BoundField]]:
        """The rows of clauses, each with its fields."""
        return [
            [self[f"{name}_{row}"] for name in ("code", "text", "target", "due")] for row in range(self.rows)
        ]

    def clean_visited(self) -> str:
        """The code of the unit that was named."""
        return named_unit(self.cleaned_data["visited"])

    def clean(self) -> dict[str, Any]:
        """Clauses and units as `clauses` and `to_units`, or what is wrong with them."""
        its = self.cleaned_data
        its["clauses"] = tuple(self._clauses_said(its))
        if not its["clauses"] and not self.errors:
            self.add_error("text_0", _("Ghi ít nhất một nhiệm vụ."))
        its["to_units"] = tuple(dict.fromkeys(self._to_units(its)))
        if not its["to_units"] and "list" not in self.errors and "visited" not in self.errors:
            self.add_error("to", _("Chọn ít nhất một đơn vị."))
        return its

    def _clauses_said(self, its: Mapping[str, Any]) -> Iterator[ClauseSaid]:
        known: set[str] = set()
        for row in range(self.rows):
            text = (its.get(f"text_{row}") or "").strip()
            if not text:
                continue
            due: date | None = its.get(f"due_{row}") or its.get("due")
            code = (its.get(f"code_{row}") or "").strip() or str(row + 1)
            if due is None:
                self.add_error(f"due_{row}", _("Ghi hạn riêng, hoặc hạn chung ở trên."))
            elif its.get("issued") and due < its["issued"]:
                self.add_error(f"due_{row}", _("Hạn không được trước ngày ban hành."))
            elif code in known:
                self.add_error(f"code_{row}", _("Hai nhiệm vụ cùng một mục, khoản."))
            else:
                yield ClauseSaid(
                    code=code, text=text, due=due, target=(its.get(f"target_{row}") or "").strip()
                )
            known.add(code)

    def _to_units(self, its: Mapping[str, Any]) -> list[str]:
        match its.get("to"):
            case "visited":
                return [its["visited"]] if its.get("visited") else []
            case "communes":
                return [code for code, _name, level in self.units if level == "commune"]
            case "departments":
                return [code for code, _name, level in self.units if level == "department"]
        found, unknown = meant((its.get("list") or "").splitlines(), self.units)
        if unknown:
            self.add_error("list", _("Không rõ đơn vị: %(lines)s.") % {"lines": "; ".join(unknown[:5])})
        return [*its.get("chosen", ()), *found]


def _rows(data: Mapping[str, str] | None) -> int:
    if data is None:
        return FIRST
    sent = str(data.get("rows", ""))
    rows = int(sent) if sent.isdecimal() else FIRST
    return max(1, min(MOST, rows + (MORE if "more" in data else 0)))
