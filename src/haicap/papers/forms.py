"""Forms in which an office changes what its papers say."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.papers.documents import read
from haicap.papers.editable import MOST_BYTES, UnfitTemplate, proved_template
from haicap.papers.editions import Letterhead
from haicap.papers.samples import SAMPLES
from haicap.papers.texts import Texts, UnfitTexts, proved
from haicap.units.sign_in import today

LINES = ("recipients", "body")


class Since(forms.Form):
    """From when an edition is in force, and why it was made."""

    since = forms.DateField(
        label=gettext_lazy("Có hiệu lực từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=gettext_lazy("Vì sao thay đổi"), required=False, max_length=200)

    def clean_since(self) -> date:
        """Today or later: what was issued before stays as it was."""
        since: date = self.cleaned_data["since"]
        if since < today():
            raise forms.ValidationError(_("Chọn ngày từ hôm nay trở đi."))
        return since


class TextsForm(Since):
    """The texts of a paper; `texts` holds what was typed once the form is valid."""

    title = forms.CharField(label=gettext_lazy("Tên giấy tờ"), required=False, max_length=300)
    summary = forms.CharField(label=gettext_lazy("Trích yếu dưới tên"), required=False, max_length=300)
    about = forms.CharField(label=gettext_lazy("Trích yếu công văn (V/v)"), required=False, max_length=300)
    body = forms.CharField(
        label=gettext_lazy("Nội dung, mỗi dòng một đoạn"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    beside = forms.CharField(label=gettext_lazy("Người ký bên trái"), required=False, max_length=100)
    recipients = forms.CharField(
        label=gettext_lazy("Nơi nhận, mỗi dòng một nơi"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    docx = forms.FileField(
        label=gettext_lazy("Mẫu DOCX riêng"), required=False,
        help_text=gettext_lazy("Để trống nếu dùng bản do chương trình trình bày. Không nhận tệp có macro."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )  # fmt: skip
    drop_docx = forms.BooleanField(label=gettext_lazy("Bỏ mẫu DOCX riêng đang dùng"), required=False)

    def __init__(self, data: Any, files: Any, *, paper: str, was: Texts) -> None:
        kept = was.model_dump(include={"title", "summary", "about", "beside"})
        kept |= {name: "\n".join(getattr(was, name)) for name in LINES} | {"since": today()}
        super().__init__(data, files, initial=kept)
        self.paper, self.was = paper, was
        self.texts = was
        if not was.docx:
            del self.fields["drop_docx"]
        self.order_fields(["title", "summary", "about", "body", "beside", "recipients", "docx", "drop_docx"])

    def clean_docx(self) -> str:
        """The template that is to be used from now on (base64), proved with sample data; empty for none."""
        file: Any = self.cleaned_data["docx"]
        if file is None:
            return self.was.docx
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("Tệp mẫu lớn hơn %(most)d kB.") % {"most": MOST_BYTES // 1000})
        try:
            return proved_template(file.read(), read(self.paper, SAMPLES[self.paper]))
        except UnfitTemplate as fault:
            raise forms.ValidationError(str(fault)) from fault

    def clean(self) -> dict[str, Any]:
        """With `texts`, proved."""
        given = self.cleaned_data
        typed = {name: given.get(name, "") for name in ("title", "summary", "about", "beside")}
        typed |= {
            name: tuple(filter(None, map(str.strip, given.get(name, "").splitlines()))) for name in LINES
        }
        docx = "" if given.get("drop_docx") else given.get("docx", "")
        if not self.errors:
            try:
                self.texts = proved(self.paper, {"name": self.was.name.model_dump(), "docx": docx, **typed})
            except UnfitTexts as fault:
                for sentence in fault.faults:
                    self.add_error(None, sentence)
        return given


class LetterheadForm(Since):
    """What stands above and under a unit's papers; what stays empty is taken from the register of units."""

    superior = forms.CharField(label=gettext_lazy("Cơ quan cấp trên"), required=False, max_length=200)
    agency = forms.CharField(label=gettext_lazy("Tên cơ quan ban hành"), required=False, max_length=200)
    place = forms.CharField(label=gettext_lazy("Địa danh trước ngày, tháng"), required=False, max_length=100)
    symbol = forms.CharField(
        label=gettext_lazy("Ký hiệu sau số văn bản"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Ví dụ: CAP-TH"),
    )
    power = forms.CharField(
        label=gettext_lazy("Quyền hạn ký"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Ví dụ: TL. Giám đốc"),
    )
    post = forms.CharField(
        label=gettext_lazy("Chức vụ người đứng đầu"), required=False, max_length=100,
        help_text=gettext_lazy("Ví dụ: Trưởng Công an phường. Cấp phó ký thì in thêm KT."),
    )  # fmt: skip

    def __init__(self, data: Any, *, was: Letterhead) -> None:
        super().__init__(data, initial=was.model_dump() | {"since": today()})
        self.order_fields([*Letterhead.model_fields, "since", "note"])

    @property
    def letterhead(self) -> Letterhead:
        """What was typed."""
        return Letterhead.model_validate({name: self.cleaned_data[name] for name in Letterhead.model_fields})
