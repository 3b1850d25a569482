"""Besides the history of one subject, what was written lately of a person's own: named one by one, after `decide`."""

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTION = """
CREATE FUNCTION reach_subjects() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(NULLIF(current_setting('haicap.subjects', true), '')::uuid[], '{}') $$
"""
POLICY = """
CREATE POLICY by_subjects ON journal_entry FOR SELECT TO %s
    USING (subject = ANY ((SELECT reach_subjects())::uuid[]))
"""


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(FUNCTION, params=None)
    editor.execute(POLICY % settings.ROLES["web"], params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_blind")]
    operations = [migrations.RunPython(run, migrations.RunPython.noop)]
