"""The streams of entries are found by the primary key, which begins with them: one index less to write."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0010_speaking")]
    operations = [
        migrations.AlterField(
            model_name="entry",
            name="stream",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="journal.stream",
            ),
        ),
    ]
