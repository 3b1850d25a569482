from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("means", "0004_staff")]
    operations = []
