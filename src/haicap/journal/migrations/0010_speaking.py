"""By which entry it is known of which line the authority's word speaks."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQL = Path(__file__).parent.parent / "sql" / "speaking.sql"


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    text = SQL.read_text(encoding="utf-8")
    editor.execute(text.format(web=settings.ROLES["web"], worker=settings.ROLES["worker"]), params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0009_erased")]
    operations = [
        migrations.AddField(model_name="taking", name="last", field=models.UUIDField(null=True)),
        migrations.RunPython(run, migrations.RunPython.noop),
    ]
