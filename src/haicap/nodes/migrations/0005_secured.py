"""When second factors were last changed; a trigger notes it."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FACTORS = """
CREATE FUNCTION nodes_factors_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE beside text[] := ARRAY['used_mask', 'migrated_codes', 'viewed_at'];
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.data - beside = OLD.data - beside THEN
        RETURN NULL;
    END IF;
    INSERT INTO nodes_secured (username, changed)
        SELECT username, clock_timestamp() FROM auth_user WHERE id = COALESCE(NEW.user_id, OLD.user_id)
        ON CONFLICT (username) DO UPDATE SET changed = EXCLUDED.changed;
    RETURN NULL;
END $$;
CREATE TRIGGER nodes_factors_changed AFTER INSERT OR DELETE OR UPDATE OF data ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION nodes_factors_changed();
INSERT INTO nodes_secured (username, changed)
    SELECT username, max(created_at) FROM mfa_authenticator a JOIN auth_user u ON u.id = a.user_id GROUP BY username;
"""  # a recovery code that was used or shown is no change


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    roles = f"{settings.ROLES['web']}, {settings.ROLES['worker']}"
    editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON nodes_secured TO {roles}")
    editor.execute(FACTORS, params=None)


class Migration(migrations.Migration):
    dependencies = [("nodes", "0004_given"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [
        migrations.CreateModel(
            name="Secured",
            fields=[
                ("username", models.TextField(primary_key=True, serialize=False)),
                ("changed", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(run, migrations.RunPython.noop),
    ]
