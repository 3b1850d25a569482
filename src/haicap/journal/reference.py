"""How far the channel `reference` has come: what is read of units, rights and documents may be kept until it moves."""

from uuid import UUID

from haicap.journal.models import Node


def newest(using: str = "default") -> UUID | None:
    """The newest entry of the channel `reference`; one small query. None before the first."""
    return Node.objects.using(using).filter(ours=True).values_list("reference", flat=True).first()
