"""The export, and the verifier that shares no line with haicap."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from haicap.journal.exporting import export_journal
from haicap.units.actions import unit_id
from journals import AT, WARD, Journal

VERIFIER = Path(__file__).parents[2] / "docs" / "verifier.py"
Lines = list[dict[str, Any]]


def told_of(file: Path, *more: str | Path) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-I", VERIFIER, file, *more], capture_output=True, text=True, check=False, cwd="/"
    )
    assert run.stderr == ""
    return run.returncode, run.stdout


@pytest.fixture
def exported(journal: Journal, tmp_path: Path) -> Path:
    journal.write(4)
    journal.checkpoint()
    assert export_journal(tmp_path / "journal.jsonl", at=AT) == 9
    return tmp_path / "journal.jsonl"


def changed(file: Path, change: Callable[[Lines, int], Any]) -> Path:
    """The export with a change made to its lines; `change` is told where the ward's stream begins."""
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    change(lines, next(n for n, line in enumerate(lines) if line.get("stream", {}).get("unit") == WARD))
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def test_the_verifier_finds_an_export_in_order(exported: Path, journal: Journal) -> None:
    code, told = told_of(exported, "--witness", journal.home / "witness.jsonl")
    assert code == 0, told
    assert "9 entries in 2 streams, 0 faults" in told
    assert "witnessed at 2026-11-20T03:00:00.000000Z" in told
    assert exported.stat().st_mode & 0o777 == 0o600


def test_an_extract_shows_its_own_entries_and_can_be_verified(
    journal: Journal, exported: Path, tmp_path: Path
) -> None:
    extract = tmp_path / "extract.jsonl"
    export_journal(extract, at=AT, subjects={unit_id(WARD)})
    lines = [json.loads(line) for line in extract.read_text().splitlines()]
    assert sum("payload" in line for line in lines) == 5
    assert sum("digest" in line for line in lines) == 4
    assert told_of(extract) == told_of(exported)


def other_payload(lines: Lines, n: int) -> None:
    lines[n + 3]["payload"] = lines[n + 3]["payload"].replace("Quyết", "Quyet")


def other_hash(lines: Lines, n: int) -> None:
    lines[n + 3]["hash"] = "00" * 32


def one_missing(lines: Lines, n: int) -> None:
    del lines[n + 3]


def tail_cut_off(lines: Lines, n: int) -> None:
    del lines[n + 5]
    lines[n]["stream"] |= {"seq": 4, "hash": lines[n + 4]["hash"]}


def other_unit(lines: Lines, n: int) -> None:
    lines[n]["stream"]["unit"] = "00004"


def other_head(lines: Lines, n: int) -> None:
    lines[n]["stream"]["hash"] = "00" * 32


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (other_payload, "seq 3: the hash is not that"),
        (other_hash, "seq 3: the hash is not that"),
        (one_missing, "seq 3: missing"),
        (tail_cut_off, "seq 5: missing, though witnessed"),
        (other_unit, "seq 1: the id is not that of the description"),
        (other_head, "seq 6: the stream ends elsewhere"),
    ],
)
def test_the_verifier_names_what_was_changed(
    exported: Path, change: Callable[[Lines, int], Any], fault: str
) -> None:
    code, told = told_of(changed(exported, change))
    assert code == 1
    assert fault in told


def test_the_verifier_believes_no_other_key_and_no_other_statement(exported: Path, journal: Journal) -> None:
    code, told = told_of(
        exported, "--key", "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    )
    assert code == 1
    assert "is not signed with the key" in told

    def backdated(lines: Lines, n: int) -> None:
        lines[-1]["statement"] = lines[-1]["statement"].replace("T03:00", "T02:00")

    assert "is not signed" in told_of(changed(exported, backdated))[1]


def test_without_checkpoints_it_says_so(journal: Journal, tmp_path: Path) -> None:
    export_journal(tmp_path / "journal.jsonl", at=AT)
    code, told = told_of(tmp_path / "journal.jsonl")
    assert code == 0
    assert "internally consistent only" in told


def test_the_verifier_is_short_and_needs_python_alone() -> None:
    text = VERIFIER.read_text()
    assert len(text.splitlines()) <= 200
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names
