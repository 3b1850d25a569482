"""The parts of this room as tabs above each of its pages."""

from typing import TypedDict

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from haicap.units.rights import Person


class Tab(TypedDict):
    """A tab as the template tag takes it."""

    label: str
    url: str
    current: bool


def tabs(person: Person, current: str) -> list[Tab]:
    """The parts that `person` may enter; `current` is the name of the address of the one that is open."""
    found = []
    for name, label, action in _parts():
        if person.may(action) and (url := _address(name)):
            found.append(Tab(label=label, url=url, current=name == current))
    return found


def _parts() -> tuple[tuple[str, str, str], ...]:
    """Name of the address, words, and the action without which it says nothing to a person."""
    return (
        ("means:unit", _("Có và định mức"), "means.see"),
        ("means:gaps", _("Thiếu hụt"), "means.see"),
        ("needs:list", _("Các đề nghị"), "means.see"),
        ("things:list", _("Trang bị, xe"), "means.see"),
        ("premises:list", _("Trụ sở"), "means.see"),
        ("lines:list", _("Đường truyền"), "means.see"),
        ("staff:list", _("Quân số"), "staff.see"),
        ("works:list", _("Công trình"), "means.see"),
        ("rounds:list", _("Đợt đánh giá"), "means.see"),
        ("stocktake:list", _("Kiểm kê"), "means.see"),
        ("plans:list", _("Phương án"), "means.see"),
        ("norms:list", _("Sổ định mức"), "means.see"),
    )


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
