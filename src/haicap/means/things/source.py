"""What this part tells the others: how much equipment and how many vehicles a unit holds."""

from haicap.means.holdings import SOURCES, Source
from haicap.means.things import queries


def tell() -> None:
    """Let norms be compared with what is held; called when the room is made ready."""
    SOURCES["equipment"] = SOURCES["vehicle"] = Source(queries.held, queries.address)
