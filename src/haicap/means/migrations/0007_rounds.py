"""Assessment rounds; a round is seen by its province, and by each unit that it asks."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from haicap.journal.migrating import open_tables


def by_units(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    seen = "units ?| (SELECT reach_units('means'))::text[]"
    web = settings.ROLES["web"]
    editor.execute(
        f"CREATE POLICY seen_by_units ON means_roundrow FOR SELECT TO {web} USING ({seen})", params=None
    )


class Migration(migrations.Migration):
    dependencies = [("means", "0006_works")]
    operations = [
        migrations.CreateModel(
            name="RoundRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("province", models.TextField(db_index=True)),
                ("name", models.TextField()),
                ("due", models.DateField()),
                ("opened", models.DateTimeField()),
                ("closed", models.DateTimeField(null=True)),
                ("units", models.JSONField()),
                ("asked", models.IntegerField()),
                ("words", models.TextField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="AssessmentRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("round", models.UUIDField(db_index=True)),
                ("unit", models.TextField(db_index=True)),
                ("province", models.TextField()),
                ("due", models.DateField()),
                ("asked", models.DateTimeField()),
                ("answered", models.DateTimeField(null=True)),
                ("corrected", models.DateTimeField(null=True)),
                ("reminded", models.DateTimeField(null=True)),
                ("ended", models.DateTimeField(null=True)),
                ("changed", models.IntegerField()),
                ("difficulties", models.IntegerField()),
                ("money", models.DecimalField(decimal_places=0, max_digits=20)),
                ("conflicts", models.PositiveSmallIntegerField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="SaidRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "place", editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.UUIDField()),
                ("place", models.IntegerField()),
                ("round", models.UUIDField(db_index=True)),
                ("unit", models.TextField()),
                ("province", models.TextField()),
                ("sort", models.TextField()),
                ("record", models.DecimalField(decimal_places=2, max_digits=14)),
                ("record_fit", models.DecimalField(decimal_places=2, max_digits=14)),
                ("should", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("said", models.DecimalField(decimal_places=2, max_digits=14)),
                ("fit", models.DecimalField(decimal_places=2, max_digits=14)),
                ("short", models.DecimalField(decimal_places=2, max_digits=14)),
                ("money", models.DecimalField(decimal_places=0, max_digits=20, null=True)),
                ("changed", models.BooleanField()),
                ("note", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="NamedRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "place", editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.UUIDField()),
                ("place", models.IntegerField()),
                ("round", models.UUIDField(db_index=True)),
                ("unit", models.TextField()),
                ("province", models.TextField()),
                ("sort", models.TextField()),
                ("text", models.TextField()),
                ("count", models.TextField()),
                ("money", models.DecimalField(decimal_places=0, max_digits=20, null=True)),
                ("matter", models.UUIDField(db_index=True)),
                ("number", models.TextField()),
                ("fresh", models.BooleanField()),
            ],
        ),
        open_tables("means_roundrow", by=("province",), province="province", sort="means"),
        open_tables(
            "means_assessmentrow",
            "means_saidrow",
            "means_namedrow",
            by=("unit",),
            province="province",
            sort="means",
        ),
        migrations.RunPython(by_units, migrations.RunPython.noop),
    ]
