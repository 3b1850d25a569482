"""Taking in the streams of other nodes: its tables, its functions, and the index of what the authority has said."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from haicap.journal.migrating import open_tables

SQL = Path(__file__).parent.parent / "sql" / "intake.sql"


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    text = SQL.read_text(encoding="utf-8")
    editor.execute(text.format(web=settings.ROLES["web"], worker=settings.ROLES["worker"]), params=None)


def composite(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("journal", "0005_reaches")]
    operations = [
        migrations.CreateModel(
            name="Abandoned",
            fields=[
                ("pk", composite("stream_id", "seq", "hash")),
                ("stream_id", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                ("payload", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="ForeignCheckpoint",
            fields=[
                ("node", models.UUIDField(primary_key=True, serialize=False)),
                ("statement", models.BinaryField()),
                ("signature", models.BinaryField()),
            ],
            options={"db_table": "journal_witness"},
        ),
        migrations.CreateModel(
            name="Taking",
            fields=[
                ("pk", composite("authority", "stream", "up_to")),
                ("authority", models.UUIDField()),
                ("stream", models.UUIDField()),
                ("up_to", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("pk", composite("entry", "authority", "seq")),
                ("entry", models.UUIDField()),
                ("authority", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("held", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Wanted",
            fields=[
                ("key_id", models.BinaryField(primary_key=True, serialize=False)),
                ("subject", models.UUIDField()),
                ("stream", models.UUIDField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Lacking",
            fields=[
                ("sha256", models.TextField(primary_key=True, serialize=False)),
                ("subject", models.UUIDField()),
                ("stream", models.UUIDField(db_index=True)),
            ],
        ),
        migrations.AddField("node", "authority", models.UUIDField(null=True)),
        migrations.AddField("node", "reason", models.TextField(default="")),
        migrations.AddField("node", "lines", models.JSONField(null=True)),
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("unit", models.TextField()),
                ("up_to", models.BigIntegerField()),
                ("held", models.IntegerField()),
                ("oldest", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("held__gt", 0)), fields=["unit"], name="journal_intake_held"
                    )
                ]
            },
        ),
        migrations.RunPython(run, migrations.RunPython.noop),
        open_tables("journal_intake"),
    ]
