"""Whoever holds a post is found by the post's unit; what is there already takes it from the post."""

from django.db import migrations, models

FILLED = """
UPDATE units_bearer SET unit = post.unit, province = post.state->>'province', until = least(units_bearer.until,
    (post.state->>'closed')::date)
FROM units_postrow post WHERE post.id = units_bearer.subject
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0003_filters")]
    operations = [
        migrations.AddField("bearer", "unit", models.TextField(default=""), preserve_default=False),
        migrations.AddField("bearer", "province", models.TextField(null=True)),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.AlterField("bearer", "unit", models.TextField(db_index=True)),
    ]
