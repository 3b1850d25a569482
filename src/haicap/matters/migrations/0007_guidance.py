"""Guidance, what other authorities were asked for, and directives: who sees their rows."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from haicap.journal.migrating import open_tables

SEEN_BY = ("unit", "holder", "raised_by")


def addressed(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A directive is also seen by the units that it goes to."""
    editor.execute(
        f"CREATE POLICY addressed ON matters_directiverow FOR SELECT TO {settings.ROLES['web']}"
        " USING (units ?| (SELECT reach_units())::text[])",
        params=None,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0006_public"),
    ]

    operations = [
        migrations.CreateModel(
            name="GuidedRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.UUIDField()),
                ("place", models.IntegerField()),
                ("guidance", models.UUIDField(db_index=True)),
                ("how", models.TextField()),
                ("again", models.BooleanField()),
                ("unit", models.TextField()),
                ("holder", models.TextField(null=True)),
                ("raised_by", models.TextField()),
                ("province", models.TextField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AskedRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.UUIDField()),
                ("place", models.IntegerField()),
                ("key", models.TextField()),
                ("authority", models.TextField()),
                ("kind", models.TextField()),
                ("procedure", models.TextField()),
                ("number", models.TextField()),
                ("title", models.TextField()),
                ("paper", models.TextField()),
                ("sum", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("land", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("asked", models.DateTimeField()),
                ("due", models.DateTimeField(null=True)),
                ("met", models.DateTimeField(null=True)),
                ("came", models.TextField(null=True)),
                ("sum_granted", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("land_granted", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("answer_paper", models.TextField()),
                ("said", models.TextField()),
                ("unit", models.TextField()),
                ("holder", models.TextField(null=True)),
                ("raised_by", models.TextField()),
                ("province", models.TextField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["province", "key"], name="asked_of_authority")],
            },
        ),
        migrations.CreateModel(
            name="DirectiveRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("number", models.TextField()),
                ("title", models.TextField()),
                ("sort", models.TextField()),
                ("issued", models.DateField()),
                ("due", models.DateField()),
                ("issuer", models.TextField()),
                ("province", models.TextField(null=True)),
                ("visited", models.TextField(db_index=True, null=True)),
                ("units", models.JSONField()),
                ("clauses", models.PositiveSmallIntegerField()),
                ("words", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["-issued"], name="directive_newest")],
            },
        ),
        migrations.CreateModel(
            name="GuidanceRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("title", models.TextField()),
                ("answer", models.TextField()),
                ("topics", models.JSONField()),
                ("procedures", models.JSONField()),
                ("law", models.TextField()),
                ("paper", models.TextField()),
                ("issuer", models.TextField()),
                ("province", models.TextField(null=True)),
                ("version", models.PositiveSmallIntegerField()),
                ("published", models.DateField()),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("withdrawn", models.BooleanField()),
                ("words", models.TextField()),
                ("order", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["-published"], name="guidance_newest")],
            },
        ),
        open_tables("matters_guidancerow"),
        open_tables("matters_guidedrow", "matters_askedrow", by=SEEN_BY, province="province"),
        open_tables("matters_directiverow", by=("issuer", "visited"), province="province"),
        migrations.RunPython(addressed, migrations.RunPython.noop),
    ]
