"""What exchange remembers from contact to contact: local rows, which no entry depends on."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

LOCAL = ("vouch", "memory")


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for table in LOCAL:
        editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON nodes_{table} TO {settings.ROLES['worker']}")


class Migration(migrations.Migration):
    dependencies = [("nodes", "0002_line")]
    operations = [
        migrations.CreateModel(
            name="Vouch",
            fields=[
                ("stream", models.UUIDField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                ("signature", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Memory",
            fields=[
                ("node", models.UUIDField(primary_key=True, serialize=False)),
                ("etag", models.TextField()),
                ("heads", models.BinaryField()),
                ("offset", models.FloatField()),
                ("witness", models.UUIDField(null=True)),
                ("quiet", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
