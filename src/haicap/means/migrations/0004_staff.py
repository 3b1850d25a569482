"""Establishments, and officers' files: seen also wherever the officer holds a post, or is seconded to."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from haicap.journal.migrating import open_tables

REACHED = "ANY ((SELECT reach_units('staff'))::text[])"
OFFICERS = f"SELECT person FROM units_bearer WHERE unit = {REACHED}"
LENT = f"SELECT person FROM means_secondedrow WHERE to_unit = {REACHED}"
SEEN_BY_PERSON = {
    "means_recordrow": f"person IN ({OFFICERS}) OR person IN ({LENT})",
    "means_qualifiedrow": f"person IN ({OFFICERS}) OR person IN ({LENT})",
    "means_secondedrow": f"person IN ({OFFICERS})",
}


def by_person(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    web = settings.ROLES["web"]
    for table, seen in SEEN_BY_PERSON.items():
        editor.execute(
            f"CREATE POLICY seen_by_person ON {table} FOR SELECT TO {web} USING ({seen})", params=None
        )


def subject_and_place() -> list[tuple[str, Any]]:
    """What a table of several rows a subject begins with."""
    return [
        (
            "pk",
            models.CompositePrimaryKey("subject", "place", editable=False, primary_key=True, serialize=False),
        ),
        ("subject", models.UUIDField()),
        ("place", models.IntegerField()),
    ]


def folded() -> list[tuple[str, Any]]:
    """What every projection of a subject has."""
    return [
        ("id", models.UUIDField(primary_key=True, serialize=False)),
        ("state", models.JSONField(null=True)),
        ("last", models.UUIDField(null=True)),
        ("aside", models.JSONField(default=list)),
        ("branches", models.JSONField(default=list)),
        ("waiting", models.JSONField(default=list)),
        ("frozen", models.UUIDField(null=True)),
    ]


class Migration(migrations.Migration):
    dependencies = [("means", "0003_premises"), ("units", "0004_bearer_unit")]
    operations = [
        migrations.CreateModel(
            name="EstablishmentRow",
            fields=[
                *folded(),
                ("unit", models.TextField(db_index=True)),
                ("province", models.TextField(null=True)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="EstablishedRow",
            fields=[
                *subject_and_place(),
                ("unit", models.TextField(db_index=True)),
                ("province", models.TextField(null=True)),
                ("kind", models.TextField()),
                ("count", models.IntegerField()),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RecordRow",
            fields=[
                *folded(),
                ("person", models.UUIDField(db_index=True)),
                ("unit", models.TextField(db_index=True)),
                ("file", models.TextField()),
                ("province", models.TextField(null=True)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="QualifiedRow",
            fields=[
                *subject_and_place(),
                ("person", models.UUIDField(db_index=True)),
                ("unit", models.TextField()),
                ("file", models.TextField()),
                ("province", models.TextField(null=True)),
                ("sort", models.TextField()),
                ("grade", models.TextField()),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("withdrawn", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="SecondedRow",
            fields=[
                *subject_and_place(),
                ("entry", models.UUIDField()),
                ("person", models.UUIDField(db_index=True)),
                ("unit", models.TextField()),
                ("to_unit", models.TextField(db_index=True)),
                ("file", models.TextField()),
                ("province", models.TextField(null=True)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("ground", models.TextField()),
                ("paper", models.TextField()),
                ("changed", models.BooleanField()),
            ],
        ),
        open_tables("means_establishmentrow", by=("unit",), province="province", sort="staff"),
        # How many, and no person: formulas of norms ask for it, for whoever may see what a unit has.
        open_tables("means_establishedrow", by=("unit",), province="province", sort="means"),
        open_tables("means_recordrow", "means_qualifiedrow", by=("file",), province="province", sort="staff"),
        open_tables("means_secondedrow", by=("file", "unit", "to_unit"), province="province", sort="staff"),
        migrations.RunPython(by_person, migrations.RunPython.noop),
    ]
