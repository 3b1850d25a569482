"""A matter is seen by the unit whose file it is, the one that holds it and the one that raised it."""

from django.db import migrations

from haicap.journal.migrating import open_tables


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial"), ("journal", "0002_append")]
    operations = [open_tables("matters_matterrow", by=("unit", "holder", "raised_by"), province="province")]
