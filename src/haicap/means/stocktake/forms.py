"""Forms of stock-takes. Each carries the id of the entry, or of the first of the entries, that it will become."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.means.stocktake.lists import Dispute
from haicap.means.stocktake.reading import MOST_BYTES
from haicap.means.things.forms import NOTE, text_field
from haicap.units.once import Once

PHOTOS = 12  # at once


class OpenForm(Once):
    """What is counted: the whole unit, or one place."""

    name = text_field(gettext_lazy("Tên đợt kiểm kê"), required=True)
    place = forms.ChoiceField(label=gettext_lazy("Kiểm kê ở đâu"), required=False)

    def __init__(self, data: Any = None, *, places: Iterable[str], name: str) -> None:
        super().__init__(data, initial={"name": name})
        self.choose("place", [("", _("Toàn đơn vị")), *((it, it) for it in places)])


class CodeForm(Once):
    """A code that was typed, or read by a scanner that types."""

    code = text_field(gettext_lazy("Mã trên nhãn"), required=True)
    count = forms.IntegerField(label=gettext_lazy("Số lượng"), min_value=0, required=False)
    place = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="code")
        self.fields["code"].widget.attrs |= {"autofocus": True, "spellcheck": "false"}


class UnknownForm(Once):
    """Something that no register knows."""

    words = text_field(gettext_lazy("Là vật gì"), most=NOTE, required=True)
    count = forms.IntegerField(label=gettext_lazy("Số lượng"), min_value=1, initial=1)
    place = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="unknown")


class Photos(forms.ClearableFileInput):
    """A control for several photos."""

    allow_multiple_selected = True


class PhotoField(forms.FileField):
    """The photos that were sent, each as bytes. Too many or too large are at fault."""

    widget = Photos

    def clean(self, data: Any, initial: Any = None) -> Any:
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError(_("Chưa chọn ảnh nào."))
        if len(files) > PHOTOS:
            raise forms.ValidationError(_("Mỗi lần gửi nhiều nhất %(n)s ảnh.") % {"n": PHOTOS})
        if any(it.size > MOST_BYTES for it in files):
            raise forms.ValidationError(_("Ảnh lớn hơn %(n)s MB.") % {"n": MOST_BYTES // 1_000_000})
        return [it.read() for it in files]


class PhotoForm(Once):
    """Photos of labels: one label or a whole shelf in each."""

    photos = PhotoField(label=gettext_lazy("Ảnh chụp nhãn"), widget=Photos(attrs={"accept": "image/*"}))
    place = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, prefix="photo")
        if files is not None:
            self.files = files


class CloseForm(Once):
    """The signature; a number is chosen wherever counters differ."""

    note = text_field(gettext_lazy("Ghi chú vào biên bản"), most=NOTE)

    def __init__(self, data: Any = None, *, disputes: Iterable[Dispute], names: Any) -> None:
        super().__init__(data, prefix="close")
        self.disputes = list(disputes)
        for it in self.disputes:
            told = [(str(n), f"{n} ({names.person(who).split(',')[0]})") for who, n in it.numbers]
            told = list({n: (n, words) for n, words in told}.values())
            self.fields[f"n-{it.line.thing}"] = forms.ChoiceField(
                label=it.line.code, choices=told, widget=forms.RadioSelect
            )
        self.order_fields(["entry_id", *(f"n-{it.line.thing}" for it in self.disputes), "note"])

    def chosen(self) -> dict[UUID, int]:
        """The number chosen for each thing."""
        return {it.line.thing: int(self.cleaned_data[f"n-{it.line.thing}"]) for it in self.disputes}
