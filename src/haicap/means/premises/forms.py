"""Forms of premises. Each carries the new entry's id: sent twice is sent once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.matters.queries import unit_meant
from haicap.means.forms import Dong, Size, not_after, text_field
from haicap.means.premises import entries as e
from haicap.means.premises import showing
from haicap.means.premises.fold import Building, Site
from haicap.units.once import Choices, Once, day_field

BLANK_ROOMS = 4  # rows offered beyond the rooms that are there
NONE: tuple[str, Any] = ("", "–")


class Degrees(forms.RegexField):
    """Degrees as decimals, `20,8587` or `20.8587`; as decimal text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^-?\d{1,3}([.,]\d{1,8})?$", required=False, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """The number with a point."""
        return str(super().clean(value)).replace(",", ".")


class SiteForm(Once):
    """A site: its names and places, the land, and whose it was."""

    unit = forms.ChoiceField(label=gettext_lazy("Đơn vị"))
    name = text_field(gettext_lazy("Tên trụ sở"), required=True)
    address = text_field(gettext_lazy("Địa chỉ hiện nay"), required=True)
    old_address = text_field(
        gettext_lazy("Địa chỉ cũ"), help_text=gettext_lazy("Như trên giấy tờ trước ngày 01/7/2025, nếu có.")
    )  # fmt: skip
    area = Size(label=gettext_lazy("Diện tích đất (m²)"), required=False)
    title = forms.ChoiceField(label=gettext_lazy("Giấy tờ đất"))
    certificate = text_field(gettext_lazy("Số giấy chứng nhận"))
    owner = text_field(gettext_lazy("Đứng tên sử dụng đất"))
    planning = text_field(gettext_lazy("Quy hoạch"))
    level = forms.ChoiceField(label=gettext_lazy("Trụ sở cũ của"), required=False)
    former = text_field(gettext_lazy("Tên đơn vị cũ"))
    latitude = Degrees(label=gettext_lazy("Vĩ độ"))
    longitude = Degrees(label=gettext_lazy("Kinh độ"))
    reason = text_field(gettext_lazy("Lý do đính chính"), required=True)

    def __init__(
        self, data: Any = None, *, units: Choices = (), its: e.Details | None = None, unit: str = ""
    ) -> None:
        super().__init__(data, initial={"unit": unit, **(_of_details(its) if its else {})})
        self.choose("title", showing.titles().items())
        self.choose("level", [NONE, *showing.levels().items()])
        if its is None:
            self.choose("unit", units)
            del self.fields["reason"]
        else:
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        """A certificate has a number, a former unit a name, a place both degrees."""
        its = super().clean() or {}
        if its.get("title") == "granted" and not its.get("certificate"):
            self.add_error("certificate", _("Ghi số giấy chứng nhận."))
        if bool(its.get("level")) != bool(its.get("former")):
            self.add_error("former", _("Ghi cả cấp và tên đơn vị cũ, hoặc bỏ trống cả hai."))
        if bool(its.get("latitude")) != bool(its.get("longitude")):
            self.add_error("longitude", _("Ghi cả vĩ độ và kinh độ, hoặc bỏ trống cả hai."))
        return its

    @property
    def details(self) -> e.Details:
        """What was said."""
        its = self.cleaned_data
        former = e.Former(unit=its["former"], level=its["level"]) if its["level"] else None
        place = e.Point(latitude=its["latitude"], longitude=its["longitude"]) if its["latitude"] else None
        land = e.Land(
            area=its["area"], title=its["title"], certificate=its["certificate"], owner=its["owner"],
            planning=its["planning"],
        )  # fmt: skip
        return e.Details(
            name=its["name"], address=its["address"], old_address=its["old_address"], land=land, former=former,
            place=place,
        )  # fmt: skip


def _of_details(its: e.Details) -> dict[str, Any]:
    own = its.model_dump(include={"name", "address", "old_address"}) | its.land.model_dump()
    former = {"level": its.former.level, "former": its.former.unit} if its.former else {}
    return own | former | (its.place.model_dump() if its.place else {})


class BuildingForm(Once):
    """A building; with a reason where it is said anew."""

    code = forms.RegexField(
        r"^[A-Za-z0-9]{1,8}$", label=gettext_lazy("Ký hiệu"),
        help_text=gettext_lazy("Chữ không dấu và số: A, B1. Riêng của từng nhà trong trụ sở."),
    )  # fmt: skip
    name = text_field(gettext_lazy("Tên nhà"), required=True)
    use = forms.ChoiceField(label=gettext_lazy("Dùng làm"))
    storeys = forms.IntegerField(label=gettext_lazy("Số tầng"), min_value=1, max_value=60, initial=1)
    area = Size(label=gettext_lazy("Diện tích sàn (m²)"))
    year = forms.IntegerField(label=gettext_lazy("Năm hoàn thành"), min_value=1860, required=False)
    tenure = forms.ChoiceField(label=gettext_lazy("Quyền sử dụng"))
    lender = text_field(gettext_lazy("Mượn của"))
    until = day_field(gettext_lazy("Mượn đến hết ngày"), required=False)
    reason = text_field(gettext_lazy("Lý do đính chính"), required=True)

    def __init__(self, data: Any = None, *, today: date, its: Building | None) -> None:
        super().__init__(data, initial=its.its.model_dump() if its else None)
        self.choose("use", showing.building_uses().items())
        self.choose("tenure", showing.tenures().items())
        self.this_year = today.year
        self.fields["year"].widget.attrs["max"] = today.year
        if its is None:
            del self.fields["reason"]
        else:
            self.fields["code"].disabled = True

    def clean(self) -> dict[str, Any]:
        """What is borrowed is somebody's, and nothing was finished in a year to come."""
        its = super().clean() or {}
        if its.get("tenure") == "borrowed" and not its.get("lender"):
            self.add_error("lender", _("Ghi mượn của ai."))
        if (its.get("year") or 0) > self.this_year:
            self.add_error("year", _("Năm này chưa đến."))
        return its

    @property
    def building(self) -> e.Frame:
        """What was said."""
        its = {name: value for name, value in self.cleaned_data.items() if name in e.Frame.model_fields}
        return e.Frame(**its)


class GiveUpForm(Once):
    """A building is used no more."""

    why = forms.ChoiceField(label=gettext_lazy("Vì sao"))
    since = day_field(gettext_lazy("Từ ngày"))
    paper = text_field(gettext_lazy("Số, ngày văn bản"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"since": today})
        self.today = today
        self.choose("why", showing.reasons_gone().items())

    def clean(self) -> dict[str, Any]:
        """It does not lie ahead."""
        not_after(self, "since", self.today)
        return self.cleaned_data


class RoomForm(forms.Form):
    """A room, a row of the table; an empty one is left out, one without a code is taken out."""

    code = forms.CharField(label=gettext_lazy("Ký hiệu"), max_length=12, required=False)
    name = forms.CharField(label=gettext_lazy("Tên phòng"), max_length=120, required=False)
    use = forms.ChoiceField(label=gettext_lazy("Dùng làm"), required=False)
    area = Size(label=gettext_lazy("Diện tích (m²)"), required=False)
    use_required_attribute = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["use"].choices = [NONE, *showing.room_uses().items()]  # type: ignore[attr-defined]
        for bound in self:
            bound.field.widget.attrs |= {"aria-label": bound.label, "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        """A room that has a code says what it is for and how large it is."""
        its = super().clean() or {}
        if its.get("code"):
            for name in ("use", "area"):
                if not its.get(name) and name not in self.errors:
                    self.add_error(name, _("Phòng %(code)s: ghi rõ.") % {"code": its["code"]})
        return its


class RoomsForm(Once):
    """All rooms of a building."""

    def __init__(self, data: Any = None, *, its: Building) -> None:
        super().__init__(data)
        rooms = [room.model_dump() for room in its.rooms]
        made = forms.formset_factory(RoomForm, extra=BLANK_ROOMS, max_num=400, absolute_max=400)
        self.rows = made(data, initial=rooms, prefix="rooms")
        self.building = its

    def is_valid(self) -> bool:
        """Whether every row is."""
        return super().is_valid() and self.rows.is_valid()

    @property
    def rooms(self) -> tuple[e.Room, ...]:
        """The rows that have a code."""
        rows: Sequence[Mapping[str, Any]] = self.rows.cleaned_data
        return tuple(e.Room(**row) for row in rows if row.get("code"))


class SurveyForm(Once):
    """What a look at a building found."""

    on = day_field(gettext_lazy("Khảo sát ngày"))
    condition = forms.ChoiceField(label=gettext_lazy("Tình trạng"), widget=forms.RadioSelect)
    wrong = text_field(
        gettext_lazy("Hư hỏng những gì"), most=2000, rows=4,
        help_text=gettext_lazy("Chỗ nào, mức độ, từ khi nào. Không ghi họ tên, không ghi nội dung mật."),
    )  # fmt: skip
    estimate = Dong(
        label=gettext_lazy("Ước kinh phí sửa chữa"), required=False,
        help_text=gettext_lazy("Đồng; ghi được “350 triệu”, “5,9 tỷ”."),
    )  # fmt: skip
    taken = day_field(
        gettext_lazy("Ảnh chụp ngày"), required=False,
        help_text=gettext_lazy("Bỏ trống: theo ngày máy ảnh ghi."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.today = today
        self.choose("condition", showing.conditions().items())

    def clean(self) -> dict[str, Any]:
        """What is damaged is said; nothing was seen or taken on a day to come."""
        its = self.cleaned_data
        not_after(self, "on", self.today)
        not_after(self, "taken", self.today)
        if its.get("condition") in ("damaged", "unusable") and not its.get("wrong"):
            self.add_error("wrong", _("Ghi hư hỏng những gì."))
        return its


class ReasonForm(Once):
    """Something that needs no more than a reason."""

    reason = text_field(gettext_lazy("Lý do"), required=True)


class LendForm(Once):
    """A building or rooms of it are lent, or shared."""

    rooms = forms.MultipleChoiceField(
        label=gettext_lazy("Các phòng"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Không chọn phòng nào là cả nhà."),
    )  # fmt: skip
    to = text_field(gettext_lazy("Cho ai dùng"), required=True)
    shared = forms.TypedChoiceField(
        label=gettext_lazy("Cách dùng"), coerce=lambda text: text == "1", widget=forms.RadioSelect
    )
    since = day_field(gettext_lazy("Từ ngày"))
    until = day_field(gettext_lazy("Đến hết ngày"), required=False)
    paper = text_field(gettext_lazy("Số, ngày biên bản"))

    def __init__(self, data: Any = None, *, today: date, its: Building) -> None:
        super().__init__(data, initial={"since": today, "shared": "1"})
        self.choose("rooms", [(room.code, f"{room.code} {room.name}") for room in its.rooms])
        self.choose("shared", [("1", _("Dùng chung với đơn vị")), ("0", _("Cho mượn, đơn vị không dùng"))])
        if not its.rooms:
            del self.fields["rooms"]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        its = self.cleaned_data
        if its.get("since") and its.get("until") and its["until"] < its["since"]:
            self.add_error("until", _("Ngày cuối không được trước ngày đầu."))
        return its


class BackForm(Once):
    """What was lent is the holder's alone again."""

    since = day_field(gettext_lazy("Từ ngày"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"since": today})
        self.today = today

    def clean(self) -> dict[str, Any]:
        """It does not lie ahead."""
        not_after(self, "since", self.today)
        return self.cleaned_data


class BecameForm(Once):
    """What has become of a former unit's site, or of one of its buildings."""

    building = forms.ChoiceField(label=gettext_lazy("Phần nào"), required=False)
    fate = forms.ChoiceField(label=gettext_lazy("Xử lý thế nào"))
    to = text_field(gettext_lazy("Giao cho ai"))
    since = day_field(gettext_lazy("Từ ngày"))
    paper = text_field(gettext_lazy("Số, ngày quyết định"))

    def __init__(self, data: Any = None, *, today: date, site: Site) -> None:
        super().__init__(data, initial={"since": today})
        self.today = today
        whole = [("", _("Cả trụ sở"))]
        self.choose("building", whole + [(it.its.code, showing.building_words(it)) for it in site.buildings])
        self.choose("fate", showing.fates().items())

    def clean(self) -> dict[str, Any]:
        """It says to whom, unless nobody has it."""
        its = self.cleaned_data
        not_after(self, "since", self.today)
        if its.get("fate") not in ("empty", "demolished") and not its.get("to"):
            self.add_error("to", _("Ghi giao cho ai."))
        return its


class HandOverForm(Once):
    """To which unit the site goes."""

    to = text_field(
        gettext_lazy("Bàn giao cho đơn vị"), required=True,
        help_text=gettext_lazy("Gõ mã hoặc tên đơn vị rồi chọn trong danh sách."),
    )  # fmt: skip
    on = day_field(gettext_lazy("Ngày bàn giao"))
    paper = text_field(gettext_lazy("Số, ngày quyết định"))
    note = text_field(gettext_lazy("Ghi chú"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.today = today
        self.fields["to"].widget.attrs["list"] = "units"

    def clean_to(self) -> str:
        """The code of the unit that was typed or chosen."""
        code = unit_meant(self.cleaned_data["to"])
        if code is None:
            raise forms.ValidationError(_("Không có đơn vị này."))
        return code

    def clean(self) -> dict[str, Any]:
        """It does not lie ahead."""
        not_after(self, "on", self.today)
        return self.cleaned_data


class AcceptForm(Once):
    """The receiver signs."""

    note = text_field(gettext_lazy("Ghi chú khi nhận"))
