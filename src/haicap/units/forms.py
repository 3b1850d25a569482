"""Forms of what an operator does to units, posts and people.

Each carries the new entry's id: sent twice is sent once.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.journal.ids import uuid7
from haicap.units import queries, words
from haicap.units.models import OfficerRow, UnitRow
from haicap.units.once import Once, day_field
from haicap.units.queries import Held
from haicap.units.sign_in import today


def _act() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Văn bản căn cứ"),
        help_text=gettext_lazy("Số, ngày, cơ quan ban hành."),
        max_length=300,
    )


class Minted(Once):
    """A form that may open something, from today on where nobody says otherwise."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"subject": uuid7(), "since": today()} | (initial or {}))


class OfUnit(Minted):
    """A form about the unit `row`."""

    def __init__(self, data: Any = None, *, row: UnitRow) -> None:
        super().__init__(data)
        self.row = row
        self.lay_out()

    def lay_out(self) -> None:
        """Fill in choices that depend on the unit."""

    @property
    def affected(self) -> tuple[str, ...]:
        """The codes of all units that the act changes; their files are locked for it."""
        return (self.row.code,)


class Rename(OfUnit):
    """Another name."""

    name = forms.CharField(label=gettext_lazy("Tên mới"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Tên mới bằng tiếng Anh"), max_length=200)
    since = day_field(gettext_lazy("Từ ngày"))
    act = _act()


class Mark(OfUnit):
    """Remote or not."""

    remote = forms.TypedChoiceField(
        label=gettext_lazy("Địa bàn"),
        widget=forms.RadioSelect,
        choices=[
            ("1", gettext_lazy("Vùng sâu, vùng xa, miền núi, hải đảo")),
            ("0", gettext_lazy("Không thuộc diện này")),
        ],
        coerce=lambda value: value == "1",
        help_text=gettext_lazy("Một số thời hạn dài hơn ở địa bàn này. Việc đã tiếp nhận giữ thời hạn cũ."),
    )
    since = day_field(gettext_lazy("Từ ngày"))
    act = _act()

    def lay_out(self) -> None:
        """Start from what holds now."""
        self.fields["remote"].initial = "1" if self.row.remote else "0"


def _siblings(row: UnitRow) -> list[tuple[str, str]]:
    rows = queries.listed().filter(parent=row.parent, level=row.level, closed=None).exclude(code=row.code)
    return [(each.code, f"{each.name} ({each.code})") for each in rows]


class Merge(OfUnit):
    """Into which unit this one goes."""

    into = forms.ChoiceField(label=gettext_lazy("Nhập vào"))
    since = day_field(gettext_lazy("Từ ngày"), gettext_lazy("Ngày đầu tiên đơn vị này không còn."))
    act = _act()

    def lay_out(self) -> None:
        """The open units beside this one."""
        self.fields["into"] = forms.ChoiceField(label=self.fields["into"].label, choices=_siblings(self.row))

    @property
    def affected(self) -> tuple[str, ...]:
        """Both units."""
        return (self.row.code, str(self.cleaned_data["into"]))


class Split(OfUnit):
    """Between which units this one goes."""

    into = forms.MultipleChoiceField(label=gettext_lazy("Chia cho"))
    since = day_field(gettext_lazy("Từ ngày"), gettext_lazy("Ngày đầu tiên đơn vị này không còn."))
    act = _act()

    def lay_out(self) -> None:
        """The open units beside this one."""
        self.fields["into"] = forms.MultipleChoiceField(
            label=self.fields["into"].label,
            choices=_siblings(self.row),
            widget=forms.SelectMultiple(attrs={"size": 10}),
            help_text=_("Giữ Ctrl để chọn nhiều đơn vị. Việc đang mở được chuyển từng việc một."),
        )

    @property
    def affected(self) -> tuple[str, ...]:
        """This unit and its heirs."""
        return (self.row.code, *self.cleaned_data["into"])


class OpenPost(OfUnit):
    """A new post with the standard rights of its role, or with none."""

    subject = forms.UUIDField(widget=forms.HiddenInput)
    role = forms.ChoiceField(label=gettext_lazy("Vai trò"), choices=lambda: list(words.roles().items()))
    name = forms.CharField(label=gettext_lazy("Tên chức vụ"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Tên chức vụ bằng tiếng Anh"), max_length=200)
    since = day_field(gettext_lazy("Từ ngày"))
    plain = forms.BooleanField(
        label=gettext_lazy("Không kèm quyền: người giữ không đăng nhập, chỉ tính vào quân số"), required=False
    )  # fmt: skip


class Register(OfUnit):
    """Somebody of the service with a sign-in name."""

    name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120)
    account = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,63}$",
        label=gettext_lazy("Tên đăng nhập"),
        help_text=gettext_lazy("Chữ thường không dấu, số, dấu chấm, gạch nối; từ 3 ký tự."),
    )

    def clean_account(self) -> str:
        """Not taken by somebody else; by the same form sent before it may be."""
        account = str(self.cleaned_data["account"])
        if User.objects.filter(username=account).exists() or queries.officer(account):
            raise forms.ValidationError(_("Tên đăng nhập này đã có người dùng."))
        return account


class OfPost(Minted):
    """A form about a post."""

    def __init__(self, data: Any = None, *, held: Held, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.held = held
        self.lay_out()

    def lay_out(self) -> None:
        """Fill in choices that depend on the post."""


class Take(OfPost):
    """Who holds the post from when on."""

    account = forms.CharField(
        label=gettext_lazy("Tên đăng nhập của người nhận"),
        help_text=gettext_lazy("Người đang giữ chức vụ thôi giữ từ ngày này."),
    )
    since = day_field(gettext_lazy("Từ ngày"))
    until = day_field(gettext_lazy("Đến trước ngày"), gettext_lazy("Bỏ trống nếu chưa định."), required=False)

    def clean_account(self) -> OfficerRow:
        """Somebody who is known."""
        found = queries.officer(str(self.cleaned_data["account"]).strip())
        if found is None:
            raise forms.ValidationError(_("Chưa có tên đăng nhập này. Hãy tạo tài khoản trước."))
        return found

    def clean(self) -> dict[str, Any]:
        """The end after the beginning."""
        return _in_turn(self, super().clean() or {})


class Since(OfPost):
    """From when on: to leave or close a post, or to end a right or a delegation."""

    since = day_field(gettext_lazy("Từ ngày"))
    what = forms.UUIDField(widget=forms.HiddenInput, required=False)


class Delegate(OfPost):
    """Which post stands in, and how long."""

    to = forms.ChoiceField(label=gettext_lazy("Ủy quyền cho"))
    since = day_field(gettext_lazy("Từ ngày"))
    until = day_field(gettext_lazy("Đến trước ngày"))
    ground = forms.CharField(label=gettext_lazy("Lý do"), max_length=300)

    def lay_out(self) -> None:
        """The other posts of the unit."""
        post = self.held.post
        choices = queries.standing_in(post.id, post.unit)
        self.fields["to"] = forms.ChoiceField(label=self.fields["to"].label, choices=choices)

    def clean(self) -> dict[str, Any]:
        """The end after the beginning."""
        return _in_turn(self, super().clean() or {})


class Grant(OfPost):
    """A further right."""

    actions = forms.MultipleChoiceField(
        label=gettext_lazy("Được làm"),
        choices=lambda: list(words.actions().items()),
        widget=forms.CheckboxSelectMultiple,
    )
    over = forms.ChoiceField(
        label=gettext_lazy("Phạm vi"),
        choices=lambda: [it for it in words.reaches().items() if it[0] != "nation"],
    )
    since = day_field(gettext_lazy("Từ ngày"))
    until = day_field(gettext_lazy("Đến trước ngày"), gettext_lazy("Bỏ trống nếu chưa định."), required=False)

    def clean(self) -> dict[str, Any]:
        """The end after the beginning."""
        return _in_turn(self, super().clean() or {})


def _in_turn(form: forms.Form, given: dict[str, Any]) -> dict[str, Any]:
    since, until = given.get("since"), given.get("until")
    if since and until and not since < until:
        form.add_error("until", _("Ngày kết thúc phải sau ngày bắt đầu."))
    return given


def further(entry: UUID, count: int) -> tuple[UUID, ...]:
    """The ids of `count` entries that one form becomes: its own first; the same form makes the same again."""
    return tuple(UUID(int=entry.int ^ place) for place in range(count))
