"""The append function, the triggers that keep entries for good, and what each role may do."""

from pathlib import Path

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQL = Path(__file__).parent.parent / "sql"


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute((SQL / "append.sql").read_text(), params=None)
    rights = (SQL / "rights.sql").read_text()
    editor.execute(rights.format(web=settings.ROLES["web"], worker=settings.ROLES["worker"]), params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(run, migrations.RunPython.noop)]
