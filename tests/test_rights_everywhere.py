"""What the database itself holds to, whatever a page forgets: the serving role, its rows, its writes."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from cast import CAST, WARD
from haicap.clocks.models import Owed
from haicap.journal.models import Entry
from haicap.matters.models import MatterRow
from haicap.units.models import UnitRow
from haicap.units.rights import tell_database, visible
from matters.acting import raises, who

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
CRIME = {"source": "information", "what": "Mất xe", "place": "Chợ", "severity": "serious", "group": "drugs"}
SEES = {
    "clerk",
    "officer",
    "chief",
    "director",
    "auditor",
}  # of the cast, who sees a crime report of the ward


def test_the_serving_role_is_nobody_special() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
                       " FROM pg_roles WHERE rolname = current_user")  # fmt: skip
        assert cursor.fetchone() == (settings.ROLES["web"], False, False, False, False)
        cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [settings.ROLES["owner"]])
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET kind = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "INSERT INTO journal_entry (stream_id, seq) VALUES (gen_random_uuid(), 1)",
        "UPDATE journal_stream SET seq = 0",
        "DELETE FROM journal_ciphertext",
        "UPDATE journal_subjectkey SET wrapped = ''",
        "DELETE FROM journal_checkpoint",
        "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
        "ALTER TABLE matters_matterrow DISABLE ROW LEVEL SECURITY",
        "DROP POLICY seen ON matters_matterrow",
        "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
    ],
)
def test_the_serving_role_alters_nothing(statement: str) -> None:
    raises("clerk", "crime-report", "Mất xe", CRIME)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(owner=settings.ROLES["owner"]))


@pytest.mark.parametrize("account", sorted(CAST))
def test_rows_are_seen_by_those_they_concern_alone(account: str) -> None:
    matter = raises("clerk", "crime-report", "Mất xe", CRIME)
    person = who(account)
    tell_database(person)
    seen = account in SEES
    assert MatterRow.objects.filter(pk=matter.id).exists() is seen
    assert Owed.objects.filter(subject=matter.id).exists() is seen
    assert Entry.objects.filter(subject=matter.id).exists() is seen
    rows = visible(person, "matter.see", MatterRow.objects.all(), by=("unit", "holder", "raised_by"))
    assert rows.filter(pk=matter.id).exists() is seen


def test_without_a_person_nothing_is_seen() -> None:
    raises("clerk", "crime-report", "Mất xe", CRIME)
    tell_database(None)
    assert not MatterRow.objects.exists()
    assert not Owed.objects.exists()
    assert not Entry.objects.exclude(channel="reference").exists()


def test_a_view_that_saves_writes_nothing() -> None:
    matter = raises("clerk", "crime-report", "Mất xe", CRIME)
    tell_database(who("chief"))
    assert MatterRow.objects.filter(pk=matter.id).update(title="x") == 0
    assert MatterRow.objects.filter(pk=matter.id).delete()[0] == 0
    assert UnitRow.objects.filter(code=WARD).update(name="x") == 0
    row = MatterRow.objects.get(pk=matter.id)
    row.id = type(row.id)(int=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)
