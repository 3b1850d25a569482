"""Premises and data lines: seen by whose file it is, who holds the site and who is to sign for it."""

from django.db import migrations, models

from haicap.journal.migrating import open_tables


class Migration(migrations.Migration):
    dependencies = [("means", "0002_things")]
    operations = [
        migrations.CreateModel(
            name="SiteRow",
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
                ("name", models.TextField()),
                ("order", models.TextField()),
                ("words", models.TextField()),
                ("title", models.TextField()),
                ("land", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("floor", models.DecimalField(decimal_places=2, max_digits=12)),
                ("buildings", models.PositiveSmallIntegerField()),
                ("condition", models.PositiveSmallIntegerField(null=True)),
                ("unsurveyed", models.PositiveSmallIntegerField()),
                ("surveyed", models.DateField(null=True)),
                ("estimate", models.DecimalField(decimal_places=0, max_digits=16)),
                ("borrowed", models.BooleanField()),
                ("lent", models.BooleanField()),
                ("shared", models.BooleanField()),
                ("former", models.TextField(null=True)),
                ("fate", models.TextField(null=True)),
                ("conflicts", models.PositiveSmallIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["holder"], name="means_site_of_holder"),
                    models.Index(fields=["province", "order"], name="means_site_in_province"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpaceRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.UUIDField()),
                ("place", models.IntegerField()),
                ("unit", models.TextField()),
                ("holder", models.TextField()),
                ("province", models.TextField(null=True)),
                ("building", models.TextField()),
                ("kind", models.TextField()),
                ("area", models.DecimalField(decimal_places=2, max_digits=12)),
                ("fit", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["holder", "kind"], name="means_space_of_holder"),
                    models.Index(fields=["province", "kind"], name="means_space_in_province"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CircuitRow",
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
                ("kind", models.TextField()),
                ("provider", models.TextField()),
                ("order", models.TextField()),
                ("number", models.TextField()),
                ("words", models.TextField()),
                ("down", models.DecimalField(decimal_places=2, max_digits=10)),
                ("up", models.DecimalField(decimal_places=2, max_digits=10)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("ended", models.DateField(null=True)),
                ("mistake", models.BooleanField()),
                ("cost", models.DecimalField(decimal_places=0, max_digits=14, null=True)),
                ("share", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ("worst", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ("measures", models.PositiveIntegerField()),
                ("measured", models.DateTimeField(null=True)),
                ("conflicts", models.PositiveSmallIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit"], name="means_circuit_of_unit"),
                    models.Index(fields=["province", "order"], name="means_circuit_in_province"),
                    models.Index(fields=["number"], name="means_circuit_number"),
                ],
            },
        ),
        open_tables("means_siterow", by=("unit", "holder", "receiver"), province="province", sort="means"),
        open_tables("means_spacerow", by=("unit", "holder"), province="province", sort="means"),
        open_tables("means_circuitrow", by=("unit",), province="province", sort="means"),
    ]
