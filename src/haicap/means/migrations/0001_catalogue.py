"""The catalogue; everybody signed in may read it."""

from django.db import migrations, models

from haicap.journal.migrating import open_tables


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0005_reaches"), ("clocks", "0001_initial"), ("matters", "0011_search")]
    operations = [
        migrations.CreateModel(
            name="KindRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("code", models.TextField(db_index=True)),
                ("family", models.TextField()),
                ("name", models.TextField()),
                ("name_en", models.TextField()),
                ("dropped", models.DateField(null=True)),
                ("words", models.TextField()),
                ("order", models.TextField()),
            ],
            options={"abstract": False},
        ),
        open_tables("means_kindrow"),
    ]
