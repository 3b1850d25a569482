"""Norms and facts of units; everybody signed in may read them."""

from django.db import migrations, models

from haicap.journal.migrating import open_tables


class Migration(migrations.Migration):
    dependencies = [("means", "0004_staff")]
    operations = [
        migrations.CreateModel(
            name="NormRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("code", models.TextField(db_index=True)),
                ("means", models.TextField()),
                ("name", models.TextField()),
                ("name_en", models.TextField()),
                ("province", models.TextField(null=True)),
                ("issuer", models.TextField()),
                ("mark", models.TextField()),
                ("version", models.PositiveSmallIntegerField()),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("withdrawn", models.BooleanField()),
                ("words", models.TextField()),
                ("order", models.TextField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="FactRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("unit", models.TextField(db_index=True)),
            ],
            options={"abstract": False},
        ),
        open_tables("means_normrow", "means_factrow"),
    ]
