"""Drafts of forms: local rows of the serving role alone, asked for by person in every query."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON matters_draft TO {settings.ROLES['web']}")


class Migration(migrations.Migration):
    dependencies = [("matters", "0002_rights")]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("entry_id", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("subject", models.UUIDField(db_index=True)),
                ("procedure", models.TextField()),
                ("act", models.TextField()),
                ("sealed", models.BinaryField()),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-saved_at"], name="matters_dra_person_aaa58b_idx")
                ]
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
