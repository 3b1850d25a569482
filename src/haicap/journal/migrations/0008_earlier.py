"""The keys under which another node was known before."""

from pathlib import Path

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQL = Path(__file__).parent.parent / "sql" / "earlier.sql"


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(SQL.read_text(encoding="utf-8"), params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0007_erasing")]
    operations = [
        migrations.AddField(
            model_name="node", name="earlier", field=models.JSONField(default=list, db_default=[])
        ),
        migrations.RunPython(run, migrations.RunPython.noop),
    ]
