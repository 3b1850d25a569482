"""An erasure destroys what was typed of the matter, too, on whichever connection it comes."""

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"GRANT SELECT, DELETE ON matters_draft TO {settings.ROLES['worker']}", params=None)


class Migration(migrations.Migration):
    dependencies = [("matters", "0011_search"), ("journal", "0007_erasing")]
    operations = [migrations.RunPython(run, migrations.RunPython.noop)]
