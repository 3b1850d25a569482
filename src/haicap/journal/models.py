"""The journal's tables. Entries are for good; all else beside them can be made again or is local.

Nothing here is saved by Django's ORM but projections: entries go through the append function alone.
"""

from functools import cache
from typing import Any

from django.db import models


class Node(models.Model):
    """An installation that writes streams; `ours` is this one. Its private keys lie outside the database."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    ours = models.BooleanField(default=False)
    incarnation = models.UUIDField()
    public_key = models.BinaryField()  # Ed25519, 32 bytes
    recipient = models.TextField()  # age
    earlier = models.JSONField(default=list, db_default=[])  # of another: signing keys before, in hex
    reference = models.UUIDField(null=True)  # ours: moves with the channel `reference`
    authority = models.UUIDField(
        null=True
    )  # ours: the node whose taking-in orders `work` here; null: this one
    reason = models.TextField(default="")  # ours: why the present incarnation began; empty for the first
    lines = models.JSONField(null=True)  # ours: where the lines of the one before end, by stream

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ours"], condition=models.Q(ours=True), name="one_own_node")
        ]


class Stream(models.Model):
    """One writer's line of entries: its head, and the description that the first entry is chained to."""

    id = models.UUIDField(primary_key=True)
    node = models.UUIDField()
    incarnation = models.UUIDField()
    unit = models.TextField()
    channel = models.TextField()
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "channel"]),
            models.Index(
                fields=["node"], condition=~models.Q(channel="reference"), name="journal_stream_work"
            ),
        ]


class Entry(models.Model):
    """An entry as it lies on disk: payload and hash, beside them copies that `verify` compares."""

    pk = models.CompositePrimaryKey("stream_id", "seq")
    stream = models.ForeignKey(
        Stream, models.PROTECT, db_constraint=False, db_index=False, related_name="entries"
    )  # the primary key begins with it
    seq = models.BigIntegerField()
    payload = models.BinaryField()
    hash = models.BinaryField()
    unit = models.TextField()
    channel = models.TextField()
    id = models.UUIDField()
    subject = models.UUIDField()
    after = models.UUIDField(null=True)
    kind = models.TextField()
    version = models.IntegerField()
    actor = models.UUIDField()
    grant = models.UUIDField(null=True)
    at = models.DateTimeField()
    sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject"]),
            models.Index(fields=["id"]),
            models.Index(
                fields=["subject"], condition=models.Q(kind="key.erased"), name="journal_entry_erased"
            ),
        ]


class Ciphertext(models.Model):
    """Sealed facts, by the SHA-256 that the entry names; destroyed on erasure, which breaks no chain.

    Its column `blind`, the digests of what it may be found by, is read and written by functions alone.
    """

    sha256 = models.BinaryField(primary_key=True)
    data = models.BinaryField()


class SubjectKey(models.Model):
    """A subject's key, wrapped by this installation's own key (RFC 3394)."""

    key_id = models.BinaryField(primary_key=True)
    subject = models.UUIDField(db_index=True)
    wrapped = models.BinaryField()


class Checkpoint(models.Model):
    """A signed statement of all heads; the same line lies in the witness file outside the database."""

    id = models.UUIDField(primary_key=True)
    statement = models.BinaryField()  # canonical JSON
    signature = models.BinaryField()  # Ed25519 over the statement


class ForeignCheckpoint(models.Model):
    """The newest checkpoint of another node, kept for it: what it says of our streams is witness against us too."""

    node = models.UUIDField(primary_key=True)
    statement = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        db_table = "journal_witness"


class Taking(models.Model):
    """Where in a stream `journal.taken` stands for entries of another: an index, filled by a trigger.

    Of a stream's takings only those that reach further than the ones before them. One that names its `last` entry
    counts only where that entry stands at `up_to`: else it speaks of another line than the one here.
    """

    pk = models.CompositePrimaryKey("authority", "stream", "up_to")
    authority = models.UUIDField()  # the stream in which it stands, at `seq`
    stream = models.UUIDField()
    up_to = models.BigIntegerField()
    seq = models.BigIntegerField()
    last = models.UUIDField(null=True)


class Verdict(models.Model):
    """Where in a stream an entry of another is held, or released: an index, filled by a trigger."""

    pk = models.CompositePrimaryKey("entry", "authority", "seq")
    entry = models.UUIDField()
    authority = models.UUIDField()
    seq = models.BigIntegerField()
    held = models.BooleanField()


class Wanted(models.Model):
    """A subject's key that an entry names and that has not come; local."""

    key_id = models.BinaryField(primary_key=True)
    subject = models.UUIDField()
    stream = models.UUIDField(db_index=True)


class Lacking(models.Model):
    """A file that an entry names and that has not come; local."""

    sha256 = models.TextField(primary_key=True)
    subject = models.UUIDField()
    stream = models.UUIDField(db_index=True)


class Abandoned(models.Model):
    """An entry that stood at this place of a line before it was found to go on otherwise, at the parent or the writer.

    It stands in the line of a later incarnation as well; here it stays as what checkpoints have witnessed.
    """

    pk = models.CompositePrimaryKey("stream_id", "seq", "hash")
    stream_id = models.UUIDField()
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    payload = models.BinaryField()


class Counter(models.Model):
    """The last number given out by this incarnation, per unit and year; a number is for good once written."""

    pk = models.CompositePrimaryKey("unit", "year", "incarnation")
    unit = models.TextField()
    year = models.IntegerField()
    incarnation = models.UUIDField()
    last = models.IntegerField(default=0)


class Projection(models.Model):
    """A folded subject, indexed for reading: thrown away and made again from the journal at will.

    `state` is the fold's state as JSON, read by every page about one subject; a subclass adds the few columns
    that lists need. Nothing here has an id of its own, a `now()` or a key that leaves the room.
    """

    id = models.UUIDField(primary_key=True)
    state = models.JSONField(null=True)
    last = models.UUIDField(null=True)
    aside = models.JSONField(default=list)
    branches = models.JSONField(default=list)
    waiting = models.JSONField(default=list)
    frozen = models.UUIDField(null=True)

    class Meta:
        abstract = True


class Intake(Projection):
    """What the authority has taken in of one stream, whose id this is."""

    unit = models.TextField()
    up_to = models.BigIntegerField()
    held = models.IntegerField()  # how many entries are held now
    oldest = models.DateTimeField(null=True)  # when the oldest of them came to be held

    class Meta:
        indexes = [models.Index(fields=["unit"], condition=models.Q(held__gt=0), name="journal_intake_held")]


@cache
def columns(model: type[models.Model]) -> list[str]:
    """The names of a table's columns, in order."""
    return [field.column for field in model._meta.concrete_fields if field.column]


Row = dict[str, Any]
