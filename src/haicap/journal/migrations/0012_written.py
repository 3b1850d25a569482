"""How much a node has written is asked at each contact: its lines are found without those of `reference`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0011_once")]
    operations = [
        migrations.AddIndex(
            model_name="stream",
            index=models.Index(
                condition=models.Q(("channel", "reference"), _negated=True),
                fields=["node"],
                name="journal_stream_work",
            ),
        ),
    ]
