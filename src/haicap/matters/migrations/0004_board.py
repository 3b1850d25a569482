"""What the board counts over all units of a province: what ended in a period, and what is open and late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_drafts"), ("clocks", "0003_missed")]
    operations = [
        migrations.AddIndex("matterrow", models.Index(fields=["province", "ended"], name="matter_ended_in")),
        migrations.AddIndex(
            "matterrow",
            models.Index(fields=["province", "due"], condition=models.Q(ended=None), name="matter_open_in"),
        ),
    ]
