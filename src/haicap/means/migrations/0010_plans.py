from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("means", "0009_needs")]
    operations = []
