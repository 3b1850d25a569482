"""Data lines that are down now have a small index of their own, instead of one with every line that nobody closes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("duty", "0002_rights")]
    operations = [
        migrations.RemoveIndex("LineRow", "duty_line_not_closed"),
        migrations.AddIndex(
            "LineRow",
            models.Index(
                fields=["province"], condition=models.Q(sort="line-down", closed=None), name="duty_line_down"
            ),
        ),
    ]
