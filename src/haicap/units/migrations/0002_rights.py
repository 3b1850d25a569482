"""Units, posts and people may be read by everybody signed in; only actions write them."""

from django.db import migrations

from haicap.journal.migrating import open_tables


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial"), ("journal", "0002_append")]
    operations = [open_tables("units_unitrow", "units_postrow", "units_bearer", "units_officerrow")]
