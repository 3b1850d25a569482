"""What can be written down of files beside a matter."""

from uuid import UUID

from haicap.journal.kinds import Body, kind


@kind("matter.attached", version=1, free=True)
class Attached(Body):
    """A file was attached: the blob that holds it, and a small picture of it; a personal one's name is sealed."""

    blob: str  # SHA-256 of the sealed file
    size: int  # bytes
    media: str
    name: str
    personal: bool
    about: str  # what it shows or belongs to, in the words of whoever attached it
    picture: str  # SHA-256 of a sealed JPEG, empty where there is none: a personal file has none


@kind("matter.detached", version=1, free=True)
class Detached(Body):
    """A file is shown no more, for this reason; it and its entry stay."""

    attached: UUID
    reason: str
