"""What the frame of every page needs: who is signed in, where one can go, what must be said at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, get_urlconf, resolve, reverse
from django.utils.translation import gettext as _

KEYS_COOKIE = "haicap_keys"  # "off" where the person switched single-key shortcuts off (WCAG 2.1.4)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the navigation; `count` None shows no number."""

    label: str
    url: str
    count: int | None
    current: bool
    group: str


def address(path: str) -> str | None:
    """The path as this installation serves it, or None while no room answers there."""
    return get_script_prefix() + path.lstrip("/") if _answers(path, get_urlconf()) else None


@lru_cache(maxsize=256)
def _answers(path: str, rooms: str | None) -> bool:
    """Whether one of `rooms` (what `get_urlconf` says; asked once for each) answers there."""
    try:
        resolve(path, rooms)
    except Resolver404:
        return False
    return True


def _places() -> Iterable[tuple[str, str, str, str]]:
    """Words, path, group, and the action without which the place says nothing to a person."""
    registers, system = _("Sổ"), _("Hệ thống")
    return (
        (_("Hôm nay"), "/", "", ""),
        (_("Việc"), "/matters/", "", "matter.see"),
        (_("Trực"), "/duty/", "", "duty.see"),
        (_("Phương tiện"), "/means/", "", "means.see"),
        (_("Các đơn vị"), "/units/", "", ""),
        (_("Điều hành"), "/board/", "", "board.see"),
        (_("Thủ tục"), "/matters/procedures/", registers, ""),
        (_("Hướng dẫn"), "/guidance/", registers, ""),
        (_("Chỉ đạo"), "/matters/directives/", registers, "matter.see"),
        (_("Kiến nghị với chính quyền"), "/authorities/", registers, "matter.see"),
        (_("Thời hạn"), "/clocks/", registers, ""),
        (_("Mẫu giấy tờ"), "/papers/", registers, ""),
        (_("Bản ghi khác nhau"), "/conflicts/", system, "matter.settle"),
        (_("Nhật ký"), "/journal/", system, "journal.see"),
        (_("Nút mạng"), "/nodes/", system, "node.see"),
        (_("Mẫu giao diện"), "/styleguide", system, ""),
    )


def navigation(request: HttpRequest, person: Any) -> list[Item]:
    """The places that exist and that the person may enter, the deepest one that holds this page marked current.

    `request.counts`, where a middleware sets it, maps paths to the numbers shown beside them.
    """
    counts: dict[str, int] = getattr(request, "counts", {})
    places = [
        (words, path, url, group)
        for words, path, group, action in _places()
        if (url := address(path)) and (not action or person.may(action))
    ]
    holding = [path for _words, path, _url, _group in places if _holds(path, request.path_info)]
    current = max(holding, key=len, default="")
    return [Item(words, url, counts.get(path), path == current, group) for words, path, url, group in places]


def _holds(path: str, page: str) -> bool:
    return page == path or (path != "/" and page.startswith(path.rstrip("/") + "/"))


def _account() -> list[Item]:
    names = (
        (_("Bộ lọc đã lưu"), "filters:mine"),
        (_("Việc chạy lâu"), "work:mine"),
        (_("Thư hằng ngày"), "notices:digest"),
        (_("Đổi mật khẩu"), "account_change_password"),
        (_("Xác thực hai lớp"), "mfa_index"),
    )
    items = []
    for words, name in names:
        try:
            items.append(Item(words, reverse(name), None, False, ""))
        except NoReverseMatch:
            continue
    return items


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of `web/base.html`. `request.person` is None or missing where nobody is signed in.

    A view may give `line` (up, text) and `now`; both win over what stands here.
    """
    person = getattr(request, "person", None)
    return {
        "person": person,
        "navigation": navigation(request, person) if person else [],
        "account": _account() if person else [],
        "search_url": address("/search/") if person else None,
        "notices_url": address("/notices/") if person and person.may("matter.see") else None,
        "data_line": getattr(request, "data_line", None),
        "alive_url": address("/line/alive"),
        "languages": settings.LANGUAGES,
        "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "keys_off": request.COOKIES.get(KEYS_COOKIE) == "off",
        "demo_notice": _demo_notice() if getattr(settings, "DEMO", False) else "",
    }


def _demo_notice() -> str:
    return _("Dữ liệu trình diễn: việc và số liệu là giả lập; đơn vị, thủ tục và thời hạn là thật.")
