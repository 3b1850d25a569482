"""What a session may see beside matters: a reach of its own for each further sort of thing, by that sort's name."""

from django.db import migrations

MAKE = """
CREATE FUNCTION reach_of(sort text) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(NULLIF(current_setting('haicap.reach', true), '')::jsonb -> sort, '{}') $$;
CREATE FUNCTION reach_all(sort text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE((reach_of(sort) ->> 'all')::boolean, false) OR pen_at_work() $$;
CREATE FUNCTION reach_units(sort text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(u), '{}') FROM jsonb_array_elements_text(
        COALESCE(reach_of(sort) -> 'units', '[]')) u $$;
CREATE FUNCTION reach_provinces(sort text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(p), '{}') FROM jsonb_array_elements_text(
        COALESCE(reach_of(sort) -> 'provinces', '[]')) p $$;
"""
DROP = "DROP FUNCTION reach_provinces(text), reach_units(text), reach_all(text), reach_of(text)"


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_news")]
    operations = [migrations.RunSQL(MAKE, DROP)]
