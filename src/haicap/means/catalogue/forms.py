"""Forms of the catalogue: what a kind of means is, and from when on no more of it is recorded."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from haicap.matters.guidance.forms import day_control, text_control
from haicap.means import words
from haicap.means.catalogue.entries import KindListed
from haicap.means.catalogue.fold import Kind
from haicap.means.forms import Dong
from haicap.units.entries import Label

CODE = r"^[a-z0-9][a-z0-9-]{1,39}$"


class KindForm(forms.Form):
    """What a kind is; code, family and way of counting only where it is new."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, kind: Kind | None, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.kind = kind
        if kind is None:
            self.fields["code"] = forms.RegexField(
                CODE, label=_("Mã"), help_text=_("Chữ thường không dấu, số, gạch nối; không đổi được về sau."),
                error_messages={"invalid": _("Chỉ dùng chữ thường không dấu, số và gạch nối.")},
            )  # fmt: skip
            families = list(words.families().items())
            self.fields["family"] = forms.ChoiceField(label=_("Nhóm phương tiện"), choices=families)
            self.fields["counting"] = forms.ChoiceField(
                label=_("Cách đếm"), choices=list(countings().items())
            )
        self.fields["vi"] = text_control(_("Tên"))
        self.fields["en"] = text_control(_("Tên tiếng Anh"))
        self.fields["measure_vi"] = text_control(_("Đơn vị tính"), hint=_("Ví dụ: chiếc, bộ, m², đường."))
        self.fields["measure_en"] = text_control(_("Đơn vị tính bằng tiếng Anh"))
        self.fields["lasts"] = forms.IntegerField(
            label=_("Thời gian sử dụng (năm)"), required=False, min_value=1, max_value=100
        )
        self.fields["price"] = Dong(
            label=_("Giá ước tính một đơn vị tính (đồng)"), required=False, least=0,
            help_text=_("Dùng để ước số tiền cần; để trống nếu chưa biết."),
        )  # fmt: skip
        self.fields["source"] = text_control(_("Nguồn của giá"), required=False)

    @property
    def body(self) -> KindListed:
        """What was typed."""
        its, kind = self.cleaned_data, self.kind
        return KindListed(
            code=kind.code if kind else its["code"], family=kind.family if kind else its["family"],
            counting=kind.counting if kind else its["counting"], name=Label(vi=its["vi"], en=its["en"]),
            measure=Label(vi=its["measure_vi"], en=its["measure_en"]), lasts=its["lasts"],
            price=its["price"], source=its["source"],
        )  # fmt: skip


class DropForm(forms.Form):
    """From when on no more of a kind is recorded."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.fields["since"] = day_control(_("Thôi dùng từ ngày"))


def countings() -> dict[str, str]:
    """How things of a kind are counted."""
    return {
        "single": _("từng cái, có mã riêng"), "counted": _("đếm theo số lượng"), "measured": _("đo, như diện tích"),
    }  # fmt: skip


def as_typed(kind: Kind) -> dict[str, Any]:
    """A kind as its form holds it."""
    names = ("vi", "en", "measure_vi", "measure_en", "lasts", "price", "source")
    return {name: getattr(kind, name) for name in names}
