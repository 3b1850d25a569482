"""Who holds the key to a subject: an entry for each node, in the file of the subject's unit and no part of its fold."""

from uuid import UUID

from haicap.journal.kinds import Body, kind


@kind("key.given", version=1, free=True)
class KeyGiven(Body):
    """A node was given the key to the subject's sealed facts and holds it from here on."""

    node: UUID
