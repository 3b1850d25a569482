"""Who sees what of duty; an index of the journal by time, of the few kinds that a bulletin counts.

The setting of a province may be read by everybody signed in.
"""

from django.db import migrations

from haicap.journal.migrating import open_tables

WROTE = """CREATE INDEX journal_wrote ON journal_entry (at)
           WHERE kind IN ('matter.raised', 'matter.handed_over', 'matter.referred')"""


class Migration(migrations.Migration):
    dependencies = [("duty", "0001_initial"), ("journal", "0002_append"), ("clocks", "0001_initial")]
    operations = [
        open_tables("duty_linerow", "duty_shiftrow", "duty_bulletinrow", by=("unit",), province="province"),
        open_tables("duty_rulesrow"),
        migrations.RunSQL(WROTE, "DROP INDEX journal_wrote"),
    ]
