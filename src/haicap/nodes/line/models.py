"""What this node knows of its line to the parent, of its clock, and of when entries of others came: local rows."""

from django.db import models


class LineNow(models.Model):
    """The line as the newest contact found it; at most one row, and none on a node that has no parent."""

    id = models.SmallIntegerField(primary_key=True)  # 1
    tried = models.DateTimeField()
    good = models.DateTimeField(null=True)  # the newest contact that went well
    bad = models.DateTimeField(null=True)  # since when none does
    seen = models.TextField(default="")  # how the newest one failed


class LineSample(models.Model):
    """One contact, or after a day all of an hour together."""

    at = models.DateTimeField(db_index=True)
    whole_hour = models.BooleanField(default=False)
    seconds = models.IntegerField()  # watched: since the contact before it, where that was not long ago
    asks = models.IntegerField()
    failed = models.IntegerField()
    delay = models.IntegerField(null=True)  # ms to the first byte, the median
    down = models.BigIntegerField(null=True)  # bytes a second of the quickest bigger transfer
    up = models.BigIntegerField(null=True)
    received = models.BigIntegerField(default=0)  # bytes
    sent = models.BigIntegerField(default=0)


class LineReport(models.Model):
    """An outage or a day of measuring, until every room that wants it has written it down, and for a year after."""

    id = models.UUIDField(primary_key=True)
    sort = models.TextField()  # outage, day
    began = models.DateTimeField(db_index=True)
    ended = models.DateTimeField()
    body = models.JSONField(default=dict)
    told = models.JSONField(default=list)  # the names of the rooms that have it


class Arrival(models.Model):
    """Entries of another node came in: of which stream, up to which `seq`, when by this clock."""

    stream = models.UUIDField()
    up_to = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "up_to"], name="one_arrival_of_a_seq")]


class DaySaid(models.Model):
    """Somebody said of the date and time that this machine shows whether they are right."""

    day = models.DateField(db_index=True)  # in Vietnam, as the machine had it
    person = models.UUIDField()
    at = models.DateTimeField()
    right = models.BooleanField()
