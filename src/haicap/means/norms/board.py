"""The page of gaps among the tabs of the board."""

from django.utils.translation import gettext as _

from haicap.matters.board.framing import TABS, Tab


def tell() -> None:
    """Let the board show the gaps of a province, before the page on which changes are tried."""
    TABS.insert(-1, Tab("means_board:gaps", lambda: _("Phương tiện"), "means.see"))
