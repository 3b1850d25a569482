from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("means", "0003_premises")]
    operations = []
