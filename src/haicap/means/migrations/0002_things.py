"""Equipment and vehicles: seen by whose file it is, who has it and who is to sign for it."""

from django.db import migrations, models

from haicap.journal.migrating import open_tables
from haicap.units import lookups as lookups  # an index's condition is one of its comparisons

HELD = models.Q(gone=None)


class Migration(migrations.Migration):
    dependencies = [("means", "0001_catalogue")]
    operations = [
        migrations.CreateModel(
            name="MoveRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.UUIDField()),
                ("place", models.IntegerField()),
                ("transfer", models.UUIDField(db_index=True)),
                ("giver", models.TextField()),
                ("receiver", models.TextField()),
                ("province", models.TextField(null=True)),
                ("offered", models.DateTimeField()),
                ("verdict", models.TextField(null=True)),
                ("ended", models.DateTimeField(null=True)),
                ("count", models.IntegerField()),
                ("state", models.JSONField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["receiver", "-offered"], name="means_move_to"),
                    models.Index(fields=["giver", "-offered"], name="means_move_from"),
                    models.Index(fields=["province", "-offered"], name="means_move_in_province"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThingRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("unit", models.TextField()),
                ("holder", models.TextField()),
                ("receiver", models.TextField(null=True)),
                ("province", models.TextField(null=True)),
                ("family", models.TextField()),
                ("kind", models.TextField()),
                ("single", models.BooleanField()),
                ("code", models.TextField()),
                ("name", models.TextField()),
                ("serial", models.TextField()),
                ("plate", models.TextField()),
                ("condition", models.TextField()),
                ("count", models.IntegerField()),
                ("fit", models.IntegerField()),
                ("place", models.TextField()),
                ("site", models.UUIDField(null=True)),
                ("room", models.TextField()),
                ("post", models.UUIDField(null=True)),
                ("since", models.DateField()),
                ("bought", models.DateField(null=True)),
                ("warranty", models.DateField(null=True)),
                ("away", models.DateField(null=True)),
                ("missing", models.BooleanField()),
                ("gone", models.DateField(null=True)),
                ("words", models.TextField()),
                ("conflicts", models.PositiveSmallIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=HELD,
                        fields=["holder", "kind"],
                        include=("count", "fit", "province", "unit", "receiver"),
                        name="means_thing_of_holder",
                    ),
                    models.Index(
                        condition=HELD,
                        fields=["province", "holder", "kind"],
                        include=("count", "fit", "unit", "receiver"),
                        name="means_thing_in_province",
                    ),
                    models.Index(condition=HELD, fields=["province", "code"], name="means_thing_order"),
                    models.Index(fields=["code"], name="means_thing_code"),
                    models.Index(
                        condition=models.Q(("receiver", None), _negated=True),
                        fields=["receiver"],
                        name="means_thing_coming",
                    ),
                    models.Index(
                        condition=models.Q(("holder__not", models.F("unit"))),
                        fields=["unit"],
                        name="means_thing_given",
                    ),
                    models.Index(
                        condition=models.Q(("site", None), _negated=True),
                        fields=["site", "room"],
                        name="means_thing_of_site",
                    ),
                ],
            },
        ),
        open_tables("means_thingrow", by=("holder", "unit", "receiver"), province="province", sort="means"),
        open_tables("means_moverow", by=("giver", "receiver"), province="province", sort="means"),
    ]
