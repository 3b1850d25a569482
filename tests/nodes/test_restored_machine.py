"""A commune's machine burns, twice, and comes back from its backup: real processes, databases and commands."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from haicap.config import home
from haicap.config.offices import HAICAP
from nodes.two_offices import DESK, WARD, Place, join, two


@contextmanager
def another(beside: Place, name: str) -> Iterator[Place]:
    """One more machine, on which nothing is yet."""
    place = Place(beside.folder.with_name(name))
    home.make(place.folder)
    try:
        yield place
    finally:
        place.stop()
        if (place.folder / "cluster").exists():
            shutil.rmtree((place.folder / "cluster").read_text().strip(), ignore_errors=True)


def raised(place: Place) -> int:
    return int(place.run(*DESK, "raised"))


def works(place: Place, count: int) -> None:
    """So many matters are taken in there and go up."""
    place.run(*DESK, "bulk", str(count))
    place.run(HAICAP, "node", "contact")


class Backup:
    """A commune's backup, with its paper and the newest key file, on another disk."""

    def __init__(self, of: Place) -> None:
        self.of, self.disk, self.keys = of, of.folder.with_name("disk"), of.folder.with_name("keys")
        self.paper = of.folder.with_name("paper.txt")
        self.paper.write_text(of.run(HAICAP, "backup", "--init"))
        of.run(HAICAP, "backup", str(self.disk), "--keys", str(self.keys))

    def restore(self, place: Place) -> str:
        key = max(self.keys.glob("keys-*.age"), key=lambda it: it.name)
        return place.run(HAICAP, "restore", str(self.disk), "--key", str(key), "--identity", str(self.paper))


@pytest.mark.slow
def test_a_machine_comes_back_from_its_backup_and_goes_on_with_its_province() -> None:
    with (
        two() as (province, commune),
        another(commune, "second") as second,
        another(commune, "third") as third,
    ):
        province.serve()
        url = f"http://127.0.0.1:{province.port}"
        join(province, commune, url)
        works(commune, 5)
        backup = Backup(commune)
        works(commune, 2)
        commune.stop()

        told = backup.restore(second)
        assert "\nin order\n" in told
        assert raised(second) == 5
        second.run(HAICAP, "node", "contact")
        assert raised(second) == 7, "what went up after the backup came back"
        works(second, 1)
        assert raised(province) == 8
        assert second.heads() == province.heads()
        assert second.run(HAICAP, "verify").startswith("in order: ")

        second.run(HAICAP, "node", "rekey", "--yes")
        works(second, 1)
        second.stop()
        backup.restore(third)  # with keys from before
        with pytest.raises(AssertionError, match="does not accept this node's key, as after a restore"):
            third.run(HAICAP, "node", "contact")
        province.run(HAICAP, "node", "revoke", WARD, "--reason", "Khôi phục từ bản cũ")
        join(province, third, url)
        works(third, 1)
        assert raised(third) == raised(province) == 10
        assert third.heads() == province.heads()
        for place in (province, third):
            assert place.run(HAICAP, "verify").startswith("in order: ")
