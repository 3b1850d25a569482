"""Tables of this room: an index over folded memberships, and what only this node knows of the others.

The local ones are neither entries nor folds: a contact that was, how far the other side had come then, what was
refused. They may be lost; the next contact fills them again.
"""

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects
from haicap.nodes.fold import Member as Membership
from haicap.nodes.fold import nodes
from haicap.nodes.line.models import LineNow as LineNow  # the line's tables stand in a module of their own
from haicap.nodes.models_shelf import HasHead as HasHead
from haicap.nodes.models_shelf import Memory as Memory
from haicap.nodes.models_shelf import Vouch as Vouch


class Member(Projection):
    """A membership as lists, exchange and judging need it; invitations and ended ones too."""

    unit = models.TextField(db_index=True)
    node = models.UUIDField(null=True, db_index=True)
    incarnation = models.UUIDField(null=True)  # the one that writes
    incarnations = models.JSONField(default=list)  # all, oldest first
    public_key = models.TextField()  # Ed25519 in hex, of the newest incarnation
    recipient = models.TextField()  # age
    name = models.TextField()
    version = models.TextField()
    standing = models.TextField()  # invited, joined, revoked, closed
    code = models.TextField(db_index=True)  # the code's digest
    until = models.DateTimeField()  # of the invitation


@projects(nodes, into=Member)
def member_row(member: Membership, folded: Folded[Membership]) -> Row:
    """Every column but those of `Projection`."""
    now = member.now
    return {
        "unit": member.unit,
        "node": member.node,
        "incarnation": now.id if now else None,
        "incarnations": [str(it.id) for it in member.incarnations],
        "public_key": now.public_key if now else "",
        "recipient": now.recipient if now else "",
        "name": member.name,
        "version": member.version,
        "standing": member.state,
        "code": member.code,
        "until": member.until,
    }


class Peer(models.Model):
    """The parent of this node, and what it said this node is to it; at most one row."""

    id = models.UUIDField(primary_key=True)  # the parent's node
    url = models.TextField()  # how it is called, without `/sync/`
    name = models.TextField()
    public_key = models.TextField()  # Ed25519 in hex
    recipient = models.TextField()  # age
    member = models.UUIDField()  # the membership there
    unit = models.TextField()  # whose node this is
    province = models.TextField(null=True)
    offset = models.FloatField(default=0)  # seconds to add to this clock to have the parent's
    since = models.DateTimeField()
    asked = models.DateTimeField(null=True)  # a person wants a contact now
    accounts = models.TextField(default="")  # digest of the sign-ins that came last


class Contact(models.Model):
    """How it stands with another node: of a child as it said itself, of the parent as this node found."""

    node = models.UUIDField(primary_key=True)
    last = models.DateTimeField(null=True)  # the newest that went well, by this clock
    tried = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)  # in a row without success
    fault = models.TextField(default="")  # code of the newest failure; empty after success
    version = models.TextField(default="")
    disk = models.BigIntegerField(null=True)  # free bytes
    up = models.IntegerField(default=0)  # entries that wait to go up
    up_since = models.DateTimeField(null=True)  # since when the oldest of them waits
    blobs = models.IntegerField(default=0)  # that wait to go up
    skew = models.FloatField(null=True)  # seconds by which its clock is ahead of this one
    told = models.BigIntegerField(
        null=True
    )  # of a child: entries in all that it may read, when it last asked
    has = models.TextField(default="")  # of a child: its life, and the mark of heads that it has all of


class FarHead(models.Model):
    """How far the parent had come with a stream of this node, as it last said."""

    stream = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    at = models.DateTimeField()


class Tried(models.Model):
    """Something that was tried to be brought over and has not gone: a stream, a key or a blob."""

    pk = models.CompositePrimaryKey("sort", "what")
    sort = models.TextField()  # entries, key, blob
    what = models.TextField()  # stream id, key id, SHA-256
    reason = models.TextField()  # a code
    attempts = models.IntegerField(default=1)
    first = models.DateTimeField()
    last = models.DateTimeField()


class Incident(models.Model):
    """Something refused or found wrong: counted, not repeated."""

    id = models.UUIDField(primary_key=True)
    node = models.UUIDField(null=True, db_index=True)  # as it called itself
    sort = models.TextField()
    what = models.TextField()  # its particulars
    first = models.DateTimeField()
    last = models.DateTimeField()
    times = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "sort", "what"], name="nodes_incident_once", nulls_distinct=False
            )
        ]


class Nonce(models.Model):
    """A nonce that a request has used; kept while the request could be sent again."""

    pk = models.CompositePrimaryKey("node", "nonce")
    node = models.UUIDField()
    nonce = models.TextField()
    until = models.DateTimeField(db_index=True)


class Password(models.Model):
    """When the password of an account was last changed; a trigger of `auth_user` keeps it."""

    username = models.TextField(primary_key=True)
    changed = models.DateTimeField()


class Secured(models.Model):
    """When the second factors of an account were last changed; a trigger of `mfa_authenticator` keeps it."""

    username = models.TextField(primary_key=True)
    changed = models.DateTimeField()
