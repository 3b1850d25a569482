"""Acts on many matters, and when somebody last looked: local rows of the serving role, asked for by person."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = "matters_bulk, matters_bulkline, matters_watch"


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLES} TO {settings.ROLES['web']}")


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_guidance")]
    operations = [
        migrations.CreateModel(
            name="Bulk",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("act", models.TextField(default="")),
                ("sealed", models.BinaryField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("undoes", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-asked_at"], name="matters_bulk_of_person")]
            },
        ),
        migrations.CreateModel(
            name="BulkLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("bulk", models.UUIDField()),
                ("place", models.IntegerField()),
                ("subject", models.UUIDField()),
                ("before", models.TextField(default="")),
                ("verdict", models.TextField(default="")),
                ("why", models.TextField(default="")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["bulk", "place"], name="matters_bulk_line")]
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("person", models.UUIDField(primary_key=True, serialize=False)),
                ("looked_at", models.DateTimeField(null=True)),
                ("digest", models.BooleanField(default=False)),
                ("language", models.TextField(default="vi")),
                ("digested_on", models.DateField(null=True)),
            ],
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
