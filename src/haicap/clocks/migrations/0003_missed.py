"""Limits that are running or were missed, by whose they are: few of all that ever ran."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clocks", "0002_rights")]
    operations = [
        migrations.AddIndex(
            "owed",
            models.Index(
                fields=["level", "due"],
                condition=models.Q(met=None) | models.Q(due__lt=models.F("met")),
                name="owed_missed",
            ),
        ),
    ]
