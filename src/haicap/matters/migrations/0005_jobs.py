"""Long works as people see them: local rows of the serving role, asked for by person in every query."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON matters_job TO {settings.ROLES['web']}")


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_board")]
    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("what", models.TextField()),
                ("done", models.IntegerField(default=0)),
                ("total", models.IntegerField()),
                ("state", models.TextField(default="waiting")),
                ("result", models.TextField()),
                ("language", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["person", "-asked_at"], name="matters_job_of_person")]},
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
