"""Numbers of the optimisers as the texts that answers hold."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haicap.plan.outcome import Proof


def decimal(value: float, places: int = 1) -> str:
    """A number with so many places, those that are zero left out."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def proof(its: "Proof") -> dict[str, str]:
    """Value, bound and gap."""
    return {"value": decimal(its.value, 6), "bound": decimal(its.bound, 6), "gap": decimal(its.gap, 6)}
