"""What the database's roles may do, on whatever server the suite runs."""

import pytest
from django.db import connection, connections


@pytest.mark.django_db
def test_the_serving_role_is_neither_superuser_nor_above_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
            " FROM pg_roles WHERE rolname = current_user"
        )
        name, *powers = cursor.fetchone()
    assert name.endswith("_web")
    assert powers == [False, False, False, False]


@pytest.mark.parametrize("alias", ["default", "worker"])
def test_only_the_owner_may_alter_the_database(own_database: str, alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE'), current_database()")
        assert cursor.fetchone() == (False, own_database)


@pytest.mark.parametrize("alias", ["default", "worker", "owner"])
def test_sessions_run_in_utc(own_database: str, alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SHOW timezone")
        assert cursor.fetchone() == ("UTC",)


def test_the_serving_role_uses_the_tables_of_accounts(own_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('k', 'd', now()) RETURNING session_key")
        assert cursor.fetchone() == ("k",)


def test_what_another_test_committed_is_gone(own_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)
