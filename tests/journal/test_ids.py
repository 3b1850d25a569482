from datetime import UTC, datetime, timedelta
from random import Random
from uuid import RFC_4122

from haicap.journal.ids import derived, uuid7

AT = datetime(2026, 11, 20, 3, 0, 0, 123_000, tzinfo=UTC)


def test_an_id_is_a_uuid_of_version_7_and_tells_its_millisecond() -> None:
    made = uuid7(AT)
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == int(AT.timestamp() * 1000)


def test_ids_sort_by_time_and_never_repeat() -> None:
    line = [uuid7(AT + timedelta(milliseconds=n)) for n in range(200)]
    assert line == sorted(line)
    assert len({uuid7(AT) for _ in range(1000)}) == 1000


def test_the_same_seed_makes_the_same_ids() -> None:
    assert uuid7(AT, Random(1).randbytes) == uuid7(AT, Random(1).randbytes) != uuid7(AT, Random(2).randbytes)


def test_without_a_moment_it_is_now() -> None:
    before = datetime.now(UTC)
    assert int(before.timestamp() * 1000) <= uuid7().int >> 80 <= int(datetime.now(UTC).timestamp() * 1000)


def test_what_follows_from_an_id_is_of_its_moment_and_always_the_same() -> None:
    it = uuid7(AT)
    made = derived(it, "line")
    assert (made.version, made.variant) == (8, RFC_4122)
    assert made.int >> 80 == it.int >> 80
    assert made == derived(it, "line") not in (it, derived(it, "subject"), derived(uuid7(AT), "line"))
