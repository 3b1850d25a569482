"""The line to the parent, the clock, and arrivals: local rows, which no entry depends on."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

LOCAL = ("linenow", "linesample", "linereport", "arrival", "daysaid")


def key() -> "models.BigAutoField[int, int]":
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for table in LOCAL:
        for role in ("web", "worker"):
            editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON nodes_{table} TO {settings.ROLES[role]}")


class Migration(migrations.Migration):
    dependencies = [("nodes", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="LineNow",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("tried", models.DateTimeField()),
                ("good", models.DateTimeField(null=True)),
                ("bad", models.DateTimeField(null=True)),
                ("seen", models.TextField(default="")),
            ],
        ),
        migrations.CreateModel(
            name="LineSample",
            fields=[
                ("id", key()),
                ("at", models.DateTimeField(db_index=True)),
                ("whole_hour", models.BooleanField(default=False)),
                ("seconds", models.IntegerField()),
                ("asks", models.IntegerField()),
                ("failed", models.IntegerField()),
                ("delay", models.IntegerField(null=True)),
                ("down", models.BigIntegerField(null=True)),
                ("up", models.BigIntegerField(null=True)),
                ("received", models.BigIntegerField(default=0)),
                ("sent", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="LineReport",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sort", models.TextField()),
                ("began", models.DateTimeField(db_index=True)),
                ("ended", models.DateTimeField()),
                ("body", models.JSONField(default=dict)),
                ("told", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", key()),
                ("stream", models.UUIDField()),
                ("up_to", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("stream", "up_to"), name="one_arrival_of_a_seq")
                ],
            },
        ),
        migrations.CreateModel(
            name="DaySaid",
            fields=[
                ("id", key()),
                ("day", models.DateField(db_index=True)),
                ("person", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("right", models.BooleanField()),
            ],
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
