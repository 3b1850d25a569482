"""The index that search asks, and the functions that look into it within the session's reach."""

from pathlib import Path

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQL = Path(__file__).parent.parent / "sql" / "search.sql"


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    text = SQL.read_text(encoding="utf-8").replace('"the web role"', settings.ROLES["web"])
    editor.execute(text, params=None)


class Migration(migrations.Migration):
    dependencies = [("matters", "0010_listing"), ("journal", "0003_blind")]
    operations = [migrations.RunPython(run, migrations.RunPython.noop)]
