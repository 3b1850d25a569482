"""Works: what a province resolves everybody signed in may read, projects those who see the means of their unit."""

from typing import Any

from django.db import migrations, models

from haicap.journal.migrating import open_tables

PROJECTION: list[tuple[str, Any]] = [
    ("id", models.UUIDField(primary_key=True, serialize=False)),
    ("state", models.JSONField(null=True)),
    ("last", models.UUIDField(null=True)),
    ("aside", models.JSONField(default=list)),
    ("branches", models.JSONField(default=list)),
    ("waiting", models.JSONField(default=list)),
    ("frozen", models.UUIDField(null=True)),
]


class Migration(migrations.Migration):
    dependencies = [("means", "0005_norms")]
    operations = [
        migrations.CreateModel(
            name="ProgrammeRow",
            fields=[
                *PROJECTION,
                ("province", models.TextField(db_index=True)),
                ("name", models.TextField()),
                ("begins", models.PositiveSmallIntegerField()),
                ("ends", models.PositiveSmallIntegerField()),
                ("words", models.TextField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ProjectRow",
            fields=[
                *PROJECTION,
                ("unit", models.TextField()),
                ("province", models.TextField(null=True)),
                ("programme", models.UUIDField(null=True)),
                ("name", models.TextField()),
                ("sort", models.TextField()),
                ("priority", models.TextField()),
                ("standing", models.TextField()),
                ("stage", models.TextField()),
                ("due", models.DateField(null=True)),
                ("start_planned", models.DateField()),
                ("start", models.DateField()),
                ("begun", models.DateField(null=True)),
                ("end_planned", models.DateField()),
                ("end", models.DateField()),
                ("budget", models.BigIntegerField()),
                ("first_budget", models.BigIntegerField()),
                ("paid", models.BigIntegerField()),
                ("words", models.TextField()),
                ("order", models.TextField()),
                ("conflicts", models.PositiveSmallIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit", "end"], name="means_project_of_unit"),
                    models.Index(fields=["province", "end"], name="means_project_in_province"),
                    models.Index(
                        fields=["programme"],
                        condition=models.Q(("programme", None), _negated=True),
                        name="means_project_programme",
                    ),
                ]
            },
        ),
        open_tables("means_programmerow"),
        open_tables("means_projectrow", by=("unit",), province="province", sort="means"),
    ]
