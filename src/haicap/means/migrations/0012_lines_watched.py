"""What a unit's own node measured of its data line: how available it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("means", "0011_handover")]
    operations = [
        migrations.AddField(
            "CircuitRow", "available", models.DecimalField(decimal_places=2, max_digits=5, null=True)
        ),
        migrations.AddField("CircuitRow", "outages", models.PositiveIntegerField(default=0)),
        migrations.AddField("CircuitRow", "down_minutes", models.PositiveIntegerField(default=0)),
        migrations.AddField("CircuitRow", "watched", models.DateTimeField(null=True)),
    ]
