"""Plans: adopted ones, and those being tried, which are local rows of the serving role."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from haicap.journal.migrating import open_tables


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for role in ("web", "worker"):
        editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON means_trial TO {settings.ROLES[role]}")


OVERDUE = """
CREATE FUNCTION overdue_by_unit(whole text, moment timestamptz) RETURNS TABLE (unit text, late bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT o.unit, count(*) FROM clocks_owed o
    WHERE o.province = whole AND o.met IS NULL AND o.due < moment AND o.level = 'unit' GROUP BY o.unit $$;
REVOKE ALL ON FUNCTION overdue_by_unit(text, timestamptz) FROM PUBLIC;
"""  # how much each unit is late with, for whoever plans for all of them and sees none of their matters


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for role in ("web", "worker"):
        editor.execute(
            f"GRANT EXECUTE ON FUNCTION overdue_by_unit(text, timestamptz) TO {settings.ROLES[role]}"
        )


class Migration(migrations.Migration):
    dependencies = [("means", "0008_stocktake")]
    operations = [
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("unit", models.TextField()),
                ("province", models.TextField(null=True)),
                ("sort", models.TextField()),
                ("name", models.TextField()),
                ("items", models.IntegerField()),
                ("adopted", models.DateTimeField()),
                ("withdrawn", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["province", "-adopted"], name="means_plan_in_province"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("unit", models.TextField()),
                ("province", models.TextField()),
                ("sort", models.TextField()),
                ("name", models.TextField()),
                ("asked", models.JSONField()),
                ("kept", models.JSONField(default=list)),
                ("forbidden", models.JSONField(default=list)),
                ("before", models.UUIDField(null=True)),
                ("answer", models.JSONField(null=True)),
                ("fault", models.TextField(default="")),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["unit", "-at"], name="means_trial_of_unit")]},
        ),
        migrations.CreateModel(
            name="DistanceRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("province", models.TextField()),
                ("from_unit", models.TextField()),
                ("to_unit", models.TextField()),
                ("km", models.DecimalField(decimal_places=2, max_digits=9)),
                ("source", models.TextField()),
                ("stands", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["province", "from_unit"], name="means_distance_in_province"),
                ],
            },
        ),
        open_tables("means_distancerow"),
        open_tables("means_planrow", by=("unit",), province="province", sort="means"),
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunSQL(OVERDUE, "DROP FUNCTION overdue_by_unit(text, timestamptz)"),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
