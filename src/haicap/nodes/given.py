"""What a child has of all that lies here for it, as it says itself: what a courier file need not carry to it again.

A child whose contact left nothing to do says so at its next one, with the mark of the answer to `heads` that it had
followed; where that is still the answer, it has these heads. What was given since counts once it says so again.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import connections, transaction

from haicap.nodes.models import Contact
from haicap.nodes.models_shelf import HasHead

CHANGED = """INSERT INTO nodes_hashead (node, stream, seq)
             SELECT %s, u.stream, u.seq FROM unnest(%s::uuid[], %s::bigint[]) AS u (stream, seq)
             LEFT JOIN nodes_hashead h ON h.node = %s AND h.stream = u.stream WHERE h.seq IS DISTINCT FROM u.seq
             ON CONFLICT (node, stream) DO UPDATE SET seq = EXCLUDED.seq"""
GONE = "DELETE FROM nodes_hashead WHERE node = %s AND NOT stream = ANY (%s)"


def note(node: UUID, life: UUID, mark: str, heads: Mapping[UUID, int], *, using: str = "worker") -> None:
    """A child, in this life (incarnation), has these heads (`seq` by stream), which `mark` stands for."""
    streams = list(heads)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(CHANGED, [node, streams, list(heads.values()), node])
        cursor.execute(GONE, [node, streams])
        Contact.objects.using(using).filter(node=node).update(has=f"{life} {mark}")


def mark(said: str, life: UUID) -> str:
    """The mark in what is noted of a contact (`Contact.has`); none where it was said in another life."""
    its, _, mark = said.partition(" ")
    return mark if its == str(life) else ""


def of(node: UUID, life: UUID, *, using: str = "worker") -> tuple[str, Mapping[UUID, int]]:
    """The mark of what a child said last, and the heads that it has by that; nothing where it has said nothing.

    What it said in an earlier life was lost with that. Two queries.
    """
    said = Contact.objects.using(using).filter(node=node).values_list("has", flat=True).first() or ""
    if not (its := mark(said, life)):
        return "", {}
    return its, dict(HasHead.objects.using(using).filter(node=node).values_list("stream", "seq"))
