"""How far a child has come, as it says itself: local rows, which no entry depends on."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON nodes_hashead TO {settings.ROLES['worker']}")


class Migration(migrations.Migration):
    dependencies = [("nodes", "0003_shelf")]
    operations = [
        migrations.AddField("contact", "has", models.TextField(default="")),
        migrations.CreateModel(
            name="HasHead",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "node", "stream", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("node", models.UUIDField()),
                ("stream", models.UUIDField()),
                ("seq", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
