"""The two questions that people who have not signed in may ask."""

from pathlib import Path

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQL = Path(__file__).parent.parent / "sql" / "public.sql"


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(SQL.read_text(encoding="utf-8").format(web=settings.ROLES["web"]), params=None)


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_jobs"), ("clocks", "0004_file_due"), ("journal", "0002_append")]
    operations = [migrations.RunPython(run, migrations.RunPython.noop)]
