"""Forms of equipment and vehicles. Each carries the new entry's id: sent twice is sent once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.matters.queries import unit_meant
from haicap.means import forms as forms_of_means
from haicap.means.catalogue.fold import Kind
from haicap.means.forms import Dong
from haicap.means.things.entries import Bought, Put
from haicap.means.things.fold import Thing
from haicap.means.things.recording import AT_ONCE, Described
from haicap.means.things.showing import conditions, families, grounds, kind_words, ways
from haicap.units.once import Once, day_field

NOTE = 300  # characters of a note
text_field = partial(forms_of_means.text_field, most=120)


class Placed(Once):
    """A form that says where a thing is."""

    def choose_where(self, where: "Where") -> None:
        """Let site and post be those of a unit; one without sites is not asked for one."""
        for name, its in (("site", where.sites), ("post", where.posts)):
            self.choose(name, [("", "–"), *((str(pk), words) for pk, words in its)])
        if not where.sites:
            del self.fields["site"]
        self.fields["place"].widget.attrs["list"] = "places"


def kind_choices(kinds: Mapping[str, Kind]) -> list[Any]:
    """The kinds that can be recorded, by family and name."""
    return [
        (words, [(code, kind_words(kinds, code)) for code, kind in kinds.items() if kind.family == family])
        for family, words in families().items()
    ]


class Where(NamedTuple):
    """What a place is chosen from: the unit's sites and the posts that may answer for a thing, by id."""

    sites: Sequence[tuple[UUID, str]] = ()
    posts: Sequence[tuple[UUID, str]] = ()


def id_field(label: Any) -> forms.TypedChoiceField:
    """One of some things by its id, or none."""
    return forms.TypedChoiceField(label=label, required=False, coerce=UUID, empty_value=None)


class RecordForm(Placed):
    """A thing, or so many of a kind; after sending the form is there again for the next."""

    kind = forms.ChoiceField(label=gettext_lazy("Loại"))
    count = forms.IntegerField(label=gettext_lazy("Số lượng"), min_value=1, initial=1)
    name = text_field(gettext_lazy("Tên, nhãn hiệu, đời máy"))
    serials = forms.CharField(
        label=gettext_lazy("Số máy, số khung"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("Nhiều chiếc thì mỗi dòng một số."),
    )  # fmt: skip
    plate = text_field(gettext_lazy("Biển số"), most=20)
    site = id_field(gettext_lazy("Cơ sở nhà đất"))
    place = text_field(gettext_lazy("Nơi để"))
    post = id_field(gettext_lazy("Chức vụ giữ"))
    condition = forms.ChoiceField(label=gettext_lazy("Chất lượng"))
    way = forms.ChoiceField(label=gettext_lazy("Nguồn gốc"))
    since = day_field(gettext_lazy("Có từ ngày"))
    bought = day_field(gettext_lazy("Ngày mua"), required=False)
    price = Dong(label=gettext_lazy("Giá một chiếc (đồng)"), required=False, least=0)
    money = text_field(gettext_lazy("Nguồn kinh phí"))
    warranty = day_field(gettext_lazy("Bảo hành đến hết"), required=False)
    paper = text_field(gettext_lazy("Số văn bản, hóa đơn"))
    request = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, kinds: Mapping[str, Kind], where: Where, today: date,
        kept: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial={"since": today} | dict(kept or {}))
        self.kinds = kinds
        self.choose("kind", [("", _("Chọn loại")), *kind_choices(kinds)])
        self.choose_where(where)
        self.choose("condition", conditions().items())
        self.choose("way", ways().items())
        self.fields["kind"].widget.attrs["autofocus"] = True

    def clean_count(self) -> int:
        """Single things are recorded one by one, so that there is a limit."""
        count = int(self.cleaned_data["count"])
        kind = self.kinds.get(self.cleaned_data.get("kind", ""))
        if kind and kind.counting == "single" and count > AT_ONCE:
            raise forms.ValidationError(_("Mỗi lần ghi nhiều nhất %(n)s chiếc.") % {"n": AT_ONCE})
        return count

    def described(self) -> Described:
        """What the form says."""
        given = self.cleaned_data
        lines = tuple(line.strip() for line in given["serials"].splitlines() if line.strip())
        broken = given["count"] if given["condition"] == "broken" else 0
        return Described(
            kind=self.kinds[given["kind"]], way=given["way"], since=given["since"], name=given["name"],
            plate=given["plate"], condition=given["condition"], unfit=broken, warranty=given["warranty"],
            bought=Bought(on=given["bought"], price=given["price"], money=given["money"]),
            put=Put(place=given["place"], site=given.get("site"), post=given["post"]), paper=given["paper"],
            serials=lines,
            request=given["request"],
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """What the next form begins with: all but what is each thing's own."""
        names = set(self.fields) - {"entry_id", "count", "serials", "plate"}
        return {name: value for name, value in self.cleaned_data.items() if name in names and value}


class DescribeForm(Once):
    """How the thing should be described, and why."""

    name = text_field(gettext_lazy("Tên, nhãn hiệu, đời máy"))
    serial = text_field(gettext_lazy("Số máy, số khung"))
    plate = text_field(gettext_lazy("Biển số"), most=20)
    bought = day_field(gettext_lazy("Ngày mua"), required=False)
    price = Dong(label=gettext_lazy("Giá một chiếc (đồng)"), required=False, least=0)
    money = text_field(gettext_lazy("Nguồn kinh phí"))
    warranty = day_field(gettext_lazy("Bảo hành đến hết"), required=False)
    reason = text_field(gettext_lazy("Lý do đính chính"), most=NOTE, required=True)

    def __init__(self, data: Any = None, *, thing: Thing) -> None:
        its = thing.bought
        super().__init__(data, initial={
            "name": thing.name, "serial": thing.serial, "plate": thing.plate, "bought": its.on,
            "price": its.price or "", "money": its.money, "warranty": thing.warranty,
        })  # fmt: skip
        if thing.family != "vehicle":
            del self.fields["plate"]
        if not thing.single:
            del self.fields["serial"]


class PlaceForm(Placed):
    """Where it is now, and which post answers for it."""

    site = id_field(gettext_lazy("Cơ sở nhà đất"))
    place = text_field(gettext_lazy("Nơi để"))
    post = id_field(gettext_lazy("Chức vụ giữ"))
    when = day_field(gettext_lazy("Từ ngày"))
    note = text_field(gettext_lazy("Ghi chú"), most=NOTE)

    def __init__(
        self, data: Any = None, *, where: Where, today: date, put: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"when": today} | dict(put or {}), prefix="place")
        self.choose_where(where)

    def put(self) -> Put:
        """What the form says."""
        given = self.cleaned_data
        return Put(place=given["place"], site=given.get("site"), post=given["post"])


class JudgeForm(Once):
    """In what condition it is."""

    condition = forms.ChoiceField(label=gettext_lazy("Chất lượng"))
    unfit = forms.IntegerField(label=gettext_lazy("Trong đó không dùng được"), min_value=0, required=False)
    when = day_field(gettext_lazy("Ngày xem xét"))
    note = text_field(gettext_lazy("Ghi chú"), most=NOTE)

    def __init__(self, data: Any = None, *, thing: Thing, today: date) -> None:
        super().__init__(
            data, initial={"condition": thing.condition, "unfit": thing.unfit, "when": today}, prefix="judge"
        )
        self.choose("condition", conditions().items())
        if thing.single:
            del self.fields["unfit"]


class SendForm(Once):
    """Where it goes to be repaired."""

    to = text_field(gettext_lazy("Nơi sửa"), required=True)
    when = day_field(gettext_lazy("Gửi ngày"))
    back = day_field(gettext_lazy("Hẹn trả ngày"), required=False)
    note = text_field(gettext_lazy("Hỏng gì"), most=NOTE)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"when": today}, prefix="send")


class RepairedForm(Once):
    """It is back from repair."""

    when = day_field(gettext_lazy("Nhận lại ngày"))
    cost = Dong(label=gettext_lazy("Chi phí sửa (đồng)"), required=False, least=0)
    condition = forms.ChoiceField(label=gettext_lazy("Chất lượng sau sửa"))
    note = text_field(gettext_lazy("Đã sửa gì"), most=NOTE)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"when": today, "condition": "worn"}, prefix="repaired")
        self.choose("condition", conditions().items())


class DisposeForm(Once):
    """It is held no more."""

    ground = forms.ChoiceField(label=gettext_lazy("Hình thức"))
    count = forms.IntegerField(label=gettext_lazy("Số lượng"), min_value=1)
    when = day_field(gettext_lazy("Từ ngày"))
    paper = text_field(gettext_lazy("Số, ngày quyết định"), required=True)
    note = text_field(gettext_lazy("Ghi chú"), most=NOTE)

    def __init__(self, data: Any = None, *, thing: Thing, today: date) -> None:
        super().__init__(data, initial={"count": thing.count, "when": today}, prefix="dispose")
        self.choose("ground", grounds().items())
        if thing.single:
            del self.fields["count"]


class RecountForm(Once):
    """It has turned up, or the number was wrong."""

    count = forms.IntegerField(label=gettext_lazy("Số lượng đúng"), min_value=1)
    reason = text_field(gettext_lazy("Lý do"), most=NOTE, required=True)
    when = day_field(gettext_lazy("Ngày"))

    def __init__(self, data: Any = None, *, thing: Thing, today: date) -> None:
        super().__init__(data, initial={"count": thing.count, "when": today}, prefix="recount")
        if thing.single:
            del self.fields["count"]


class ReasonForm(Once):
    """Something that needs no more than a reason."""

    reason = text_field(gettext_lazy("Lý do"), most=NOTE, required=True)


class HandOverForm(Once):
    """To which unit things go, and why."""

    to = text_field(
        gettext_lazy("Bàn giao cho đơn vị"), required=True,
        help_text=gettext_lazy("Gõ mã hoặc tên đơn vị rồi chọn trong danh sách."),
    )  # fmt: skip
    paper = text_field(gettext_lazy("Số, ngày quyết định điều chuyển"))
    reason = text_field(gettext_lazy("Lý do"), most=NOTE)

    def __init__(self, data: Any = None, *, its: Iterable[Thing]) -> None:
        super().__init__(data)
        self.fields["to"].widget.attrs |= {"list": "units", "autofocus": True}
        self.counted = [thing for thing in its if not thing.single]
        for thing in self.counted:
            self.fields[f"n-{thing.id}"] = forms.IntegerField(
                label=_("Số lượng %(code)s") % {"code": thing.code}, min_value=1, max_value=thing.count,
                initial=thing.count, help_text=_("trong số %(n)s") % {"n": thing.count},
            )  # fmt: skip

    def clean_to(self) -> str:
        """The code of the unit that was typed or chosen."""
        code = unit_meant(self.cleaned_data["to"])
        if code is None:
            raise forms.ValidationError(_("Không có đơn vị này."))
        return code

    def count(self, thing: Thing) -> int:
        """How many of it go."""
        return int(self.cleaned_data.get(f"n-{thing.id}") or 1)


class SignForm(Once):
    """The receiver signs, or says why not."""

    place = text_field(gettext_lazy("Đưa về nơi để"))
    reason = text_field(gettext_lazy("Lý do nếu không nhận"), most=NOTE)
