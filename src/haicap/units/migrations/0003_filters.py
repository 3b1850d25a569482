"""Kept filters: local rows of the serving role alone, asked for by person and unit in every query."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON units_savedfilter TO {settings.ROLES['web']}")


class Migration(migrations.Migration):
    dependencies = [("units", "0002_rights")]
    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("path", models.TextField()),
                ("name", models.TextField()),
                ("query", models.TextField()),
                ("place", models.IntegerField()),
                ("unit", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "path"], name="filters_of_person"),
                    models.Index(fields=["unit", "path"], name="filters_of_unit"),
                ]
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
