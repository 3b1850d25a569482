"""The disaster, rehearsed with the commands alone: back up, lose the machine, restore, prove."""

import json
import shutil
from pathlib import Path

import pytest

from haicap.config import postgres

from .conftest import Haicap


@pytest.mark.slow
def test_an_installation_is_backed_up_lost_and_restored(
    haicap: Haicap, own_home: Path, tmp_path: Path
) -> None:
    assert haicap("import", "catalogue").returncode == 0
    paper = tmp_path / "paper.txt"
    paper.write_text(haicap("backup", "--init").stdout)
    assert "AGE-SECRET-KEY-" in paper.read_text()
    disk = tmp_path / "disk"
    made = json.loads(haicap("backup", str(disk), "--json").stdout)
    assert made["entries"] > 3321
    assert haicap("backup", str(disk)).stdout.startswith("nothing new")
    assert "in order" in haicap("backup", str(disk), "--check").stdout
    assert "not empty" in restored(haicap, disk, made["keys"], paper)[1]

    postgres.stop(mode="immediate")
    shutil.rmtree(own_home)

    code, told = restored(haicap, disk, made["keys"], paper)
    assert code == 0, told
    assert f"{made['entries']} entries" in told
    assert "in order" in told
    assert json.loads(haicap("verify", "--json").stdout)["ok"]
    assert haicap("backup", str(disk)).returncode == 0  # for the same paper


def restored(haicap: Haicap, disk: Path, keys: str, paper: Path) -> tuple[int, str]:
    told = haicap("restore", str(disk), "--key", keys, "--identity", str(paper))
    return told.returncode, told.stdout + told.stderr
