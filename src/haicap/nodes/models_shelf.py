"""What exchange remembers from contact to contact; local, and found again where it is lost."""

from django.db import models


class Vouch(models.Model):
    """The parent's signature under the end of what this node has of one of the parent's lines."""

    stream = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    signature = models.BinaryField()


class Memory(models.Model):
    """What this node knows of its parent from the contact before."""

    node = models.UUIDField(primary_key=True)
    etag = models.TextField()
    heads = models.BinaryField()
    offset = models.FloatField()
    witness = models.UUIDField(null=True)
    quiet = models.BigIntegerField(null=True)


class HasHead(models.Model):
    """How far a child has come with a stream, as it said last."""

    pk = models.CompositePrimaryKey("node", "stream")
    node = models.UUIDField()
    stream = models.UUIDField()
    seq = models.BigIntegerField()
