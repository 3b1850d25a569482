"""Stock-takes: seen by whoever sees the unit's means."""

from django.db import migrations, models

from haicap.journal.migrating import open_tables


class Migration(migrations.Migration):
    dependencies = [("means", "0007_rounds")]
    operations = [
        migrations.CreateModel(
            name="StocktakeRow",
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
                ("name", models.TextField()),
                ("place", models.TextField()),
                ("day", models.DateField()),
                ("opened", models.DateTimeField()),
                ("closed", models.DateField(null=True)),
                ("dropped", models.BooleanField()),
                ("expected", models.IntegerField()),
                ("found", models.IntegerField()),
                ("elsewhere", models.IntegerField()),
                ("missing", models.IntegerField()),
                ("unknown", models.IntegerField()),
                ("disputed", models.IntegerField()),
                ("words", models.TextField()),
                ("conflicts", models.PositiveSmallIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit", "-opened"], name="means_stocktake_of_unit"),
                    models.Index(fields=["province", "-opened"], name="means_stocktake_in_prov"),
                    models.Index(
                        condition=models.Q(("closed", None), ("dropped", False)),
                        fields=["unit"],
                        name="means_stocktake_open",
                    ),
                ],
            },
        ),
        open_tables("means_stocktakerow", by=("unit",), province="province", sort="means"),
    ]
