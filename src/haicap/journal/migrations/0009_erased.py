"""The orders to erase are found without reading the entries of the subjects asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0008_earlier")]
    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["subject"], condition=models.Q(kind="key.erased"), name="journal_entry_erased"
            ),
        ),
    ]
