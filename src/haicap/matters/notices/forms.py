"""Where a person's mail goes, and whether they want one."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from haicap.matters.forms import missing


class DigestForm(forms.Form):
    """A mail address that is given may stay unused; a digest needs one."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["email"] = forms.EmailField(
            label=_("Thư điện tử công vụ"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={"invalid": _("Địa chỉ thư chưa đúng, ví dụ canbo@donvi.gov.vn.")},
        )  # fmt: skip
        self.fields["digest"] = forms.BooleanField(
            label=_("Gửi tôi một thư mỗi ngày làm việc"), required=False
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Tiếng của thư"),
            choices=settings.LANGUAGES,
            widget=forms.RadioSelect,
            error_messages=missing(),
        )

    def clean(self) -> dict[str, object]:
        """With a digest there is an address."""
        its = self.cleaned_data
        if its.get("digest") and not its.get("email") and "email" not in self.errors:
            self.add_error("email", _("Cần địa chỉ thư để gửi."))
        return its
