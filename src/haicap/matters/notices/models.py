"""When a person last looked, and whether and when they get a mail: a local row, no entry."""

from django.db import models


class Watch(models.Model):
    """One person's. `looked_at` null: never yet."""

    person = models.UUIDField(primary_key=True)
    looked_at = models.DateTimeField(null=True)
    digest = models.BooleanField(default=False)
    language = models.TextField(default="vi")
    digested_on = models.DateField(null=True)  # the last day whose mail was sent; one a day
