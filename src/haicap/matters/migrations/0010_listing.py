"""Indexes to read a list of matters along."""

from django.db import migrations

from haicap.matters.indexes import INDEXES


class Migration(migrations.Migration):
    dependencies = [("matters", "0009_sheets")]
    operations = [migrations.AddIndex("matterrow", index) for index in INDEXES]
