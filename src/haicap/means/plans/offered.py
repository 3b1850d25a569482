"""The sorts of plan that can be asked for, told when the room is made ready."""

from haicap.means.plans.building import WORKS
from haicap.means.plans.points import POINTS
from haicap.means.plans.sharing import SHARING
from haicap.means.plans.sorts import told
from haicap.means.plans.support import SUPPORT


def tell() -> None:
    """Offer them, in the order of the page."""
    for sort in (SUPPORT, POINTS, WORKS, SHARING):
        told(sort)
