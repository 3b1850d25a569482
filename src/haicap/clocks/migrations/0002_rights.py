"""Documents are for everybody signed in; what is owed is seen by those who see the subject."""

from django.db import migrations

from haicap.journal.migrating import open_tables


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial"), ("journal", "0002_append")]
    operations = [
        open_tables("clocks_documentrow"),
        open_tables("clocks_owed", by=("file", "unit", "holder", "raised_by"), province="province"),
    ]
