"""What a unit owed in its own files within a period."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clocks", "0003_missed")]
    operations = [
        migrations.AddIndex("owed", models.Index(fields=["file", "due"], name="owed_in_file")),
    ]
