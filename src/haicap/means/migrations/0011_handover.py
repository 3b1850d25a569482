"""Lists of means that were handed in: seen by the unit; files and plans are local rows of the serving role.

Things, sites and lines say with which list they came.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from haicap.journal.migrating import open_tables


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for table in ("means_upload", "means_keptplan"):
        editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {settings.ROLES['web']}")


def _of_batch(name: str) -> models.Index:
    return models.Index(fields=["batch"], condition=models.Q(("batch", None), _negated=True), name=name)


class Migration(migrations.Migration):
    dependencies = [("means", "0010_plans")]
    operations = [
        migrations.CreateModel(
            name="KeptPlan",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit",
                        "procedure",
                        "heads",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("unit", models.TextField()),
                ("procedure", models.TextField()),
                ("heads", models.TextField()),
                ("plan", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SheetRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("unit", models.TextField()),
                ("province", models.TextField(null=True)),
                ("person", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("file", models.TextField()),
                ("procedure", models.TextField()),
                ("lines", models.IntegerField()),
                ("taken", models.IntegerField()),
                ("there", models.IntegerField()),
                ("listed", models.IntegerField()),
                ("passed", models.IntegerField()),
                ("done", models.DateTimeField(null=True)),
                ("undone", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "-at"], name="means_sheet_of_unit")],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("name", models.TextField()),
                ("sha256", models.TextField()),
                ("sealed", models.BinaryField()),
                ("procedure", models.TextField()),
                ("unit", models.TextField()),
                ("plan", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="means_upload_of")],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
        open_tables("means_sheetrow", by=("unit",), province="province", sort="means"),
        migrations.AddField("ThingRow", "mistake", models.BooleanField(default=False)),
        migrations.AddField("ThingRow", "batch", models.UUIDField(null=True)),
        migrations.AddField("SiteRow", "mistake", models.BooleanField(default=False)),
        migrations.AddField("SiteRow", "batch", models.UUIDField(null=True)),
        migrations.AddField("CircuitRow", "batch", models.UUIDField(null=True)),
        migrations.AddIndex("ThingRow", _of_batch("means_thing_of_batch")),
        migrations.AddIndex("SiteRow", _of_batch("means_site_of_batch")),
        migrations.AddIndex("CircuitRow", _of_batch("means_circuit_of_batch")),
    ]
