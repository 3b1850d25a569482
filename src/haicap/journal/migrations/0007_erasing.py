"""The one way to destroy sealed facts: by the authority's order."""

from pathlib import Path

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQL = Path(__file__).parent.parent / "sql" / "erase.sql"


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    text = SQL.read_text(encoding="utf-8")
    editor.execute(text.format(web=settings.ROLES["web"], worker=settings.ROLES["worker"]), params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0006_intake")]
    operations = [migrations.RunPython(run, migrations.RunPython.noop)]
