"""What every room's migration does for its projections: who may read which rows, and that only a pen writes."""

from collections.abc import Sequence

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def open_tables(
    *tables: str, by: Sequence[str] = (), province: str | None = None, sort: str = ""
) -> migrations.RunPython:
    """Grants and row-level policies of projection tables.

    `by` names the columns that hold units, any of which must be in the session's reach; none means that every
    session may read the rows. `province` names the column of the file's province: who reaches a whole province
    is let through by one comparison instead of one with each of its units. `sort` names the reach that counts, where
    it is not that of matters (`units.rights.REACHES`; after `journal.0005_reaches`). Only an action at work (a pen)
    inserts, updates or deletes rows.
    """

    def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            for statement in _policies(table, by, province, sort):
                editor.execute(statement, params=None)

    return migrations.RunPython(run, migrations.RunPython.noop)


def _policies(table: str, by: Sequence[str], province: str | None, sort: str) -> list[str]:
    web, worker = settings.ROLES["web"], settings.ROLES["worker"]
    of = f"'{sort}'" if sort else ""
    reached = [f"{column} = ANY ((SELECT reach_units({of}))::text[])" for column in by]
    whole = [f"{province} = ANY ((SELECT reach_provinces({of}))::text[])"] if province else []
    seen = " OR ".join([f"(SELECT reach_all({of}))", *whole, *reached]) if by else "true"
    return [
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {web}, {worker}",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY seen ON {table} FOR SELECT TO {web} USING ({seen})",
        f"CREATE POLICY added ON {table} FOR INSERT TO {web} WITH CHECK ((SELECT pen_at_work()))",
        f"CREATE POLICY changed ON {table} FOR UPDATE TO {web} USING ((SELECT pen_at_work()))",
        f"CREATE POLICY removed ON {table} FOR DELETE TO {web} USING ((SELECT pen_at_work()))",
        f"CREATE POLICY in_bulk ON {table} TO {worker} USING (true) WITH CHECK (true)",
    ]
