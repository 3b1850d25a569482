"""Memberships, and the local tables of exchange; a trigger notes when a password was changed."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from haicap.journal.migrating import open_tables

LOCAL = ("peer", "contact", "farhead", "tried", "incident", "nonce", "password")

PASSWORDS = """
CREATE FUNCTION nodes_password_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.password IS DISTINCT FROM OLD.password THEN
        INSERT INTO nodes_password (username, changed) VALUES (NEW.username, clock_timestamp())
            ON CONFLICT (username) DO UPDATE SET changed = EXCLUDED.changed;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nodes_password_changed AFTER INSERT OR UPDATE OF password ON auth_user
    FOR EACH ROW EXECUTE FUNCTION nodes_password_changed();
INSERT INTO nodes_password (username, changed) SELECT username, date_joined FROM auth_user;
"""  # Django keeps no such time, and pages, commands and the package for sign-in all change passwords

PLACES = """
CREATE FUNCTION nodes_places(ids uuid[])
    RETURNS TABLE (id uuid, stream uuid, seq bigint, unit text, kind text, subject uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT e.id, e.stream_id, e.seq, e.unit, e.kind, e.subject FROM journal_entry e WHERE e.id = ANY (ids) $$;
CREATE FUNCTION nodes_written(streams uuid[], seqs bigint[]) RETURNS TABLE (stream uuid, at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT e.stream_id, e.at FROM unnest(streams, seqs) p(stream, seq)
    JOIN journal_entry e ON e.stream_id = p.stream AND e.seq = p.seq $$;
REVOKE ALL ON FUNCTION nodes_places(uuid[]), nodes_written(uuid[], bigint[]) FROM PUBLIC;
"""  # whoever keeps the nodes sees that an entry is held, or waits since when, and nothing of what it says


def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    roles = f"{settings.ROLES['web']}, {settings.ROLES['worker']}"
    for table in LOCAL:
        editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON nodes_{table} TO {roles}")
    editor.execute(PASSWORDS, params=None)
    editor.execute(PLACES, params=None)
    editor.execute(
        f"GRANT EXECUTE ON FUNCTION nodes_places(uuid[]), nodes_written(uuid[], bigint[]) TO {roles}"
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0002_append"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.JSONField(null=True)),
                ("last", models.UUIDField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("branches", models.JSONField(default=list)),
                ("waiting", models.JSONField(default=list)),
                ("frozen", models.UUIDField(null=True)),
                ("unit", models.TextField(db_index=True)),
                ("node", models.UUIDField(db_index=True, null=True)),
                ("incarnation", models.UUIDField(null=True)),
                ("incarnations", models.JSONField(default=list)),
                ("public_key", models.TextField()),
                ("recipient", models.TextField()),
                ("name", models.TextField()),
                ("version", models.TextField()),
                ("standing", models.TextField()),
                ("code", models.TextField(db_index=True)),
                ("until", models.DateTimeField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Peer",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("url", models.TextField()),
                ("name", models.TextField()),
                ("public_key", models.TextField()),
                ("recipient", models.TextField()),
                ("member", models.UUIDField()),
                ("unit", models.TextField()),
                ("province", models.TextField(null=True)),
                ("offset", models.FloatField(default=0)),
                ("since", models.DateTimeField()),
                ("asked", models.DateTimeField(null=True)),
                ("accounts", models.TextField(default="")),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("node", models.UUIDField(primary_key=True, serialize=False)),
                ("last", models.DateTimeField(null=True)),
                ("tried", models.DateTimeField(null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("fault", models.TextField(default="")),
                ("version", models.TextField(default="")),
                ("disk", models.BigIntegerField(null=True)),
                ("up", models.IntegerField(default=0)),
                ("up_since", models.DateTimeField(null=True)),
                ("blobs", models.IntegerField(default=0)),
                ("skew", models.FloatField(null=True)),
                ("told", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FarHead",
            fields=[
                ("stream", models.UUIDField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tried",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sort", "what", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sort", models.TextField()),
                ("what", models.TextField()),
                ("reason", models.TextField()),
                ("attempts", models.IntegerField(default=1)),
                ("first", models.DateTimeField()),
                ("last", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("node", models.UUIDField(null=True, db_index=True)),
                ("sort", models.TextField()),
                ("what", models.TextField()),
                ("first", models.DateTimeField()),
                ("last", models.DateTimeField()),
                ("times", models.IntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("node", "sort", "what"), name="nodes_incident_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Nonce",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "node", "nonce", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("node", models.UUIDField()),
                ("nonce", models.TextField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Password",
            fields=[
                ("username", models.TextField(primary_key=True, serialize=False)),
                ("changed", models.DateTimeField()),
            ],
        ),
        open_tables("nodes_member"),
        migrations.RunPython(run, migrations.RunPython.noop),
    ]
