"""What is not written down for people is not there: kinds of entry, dependencies, and links between documents."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from haicap.config.cli import COMMANDS
from haicap.journal.kinds import KINDS, Kind
from haicap.journal.order import Released, Taken
from samples import SHIPPED

ROOT = Path(__file__).parent.parent
ENTRIES = ROOT / "docs" / "entries.md"


def described(kind: Kind) -> str:
    """The kind's line in `docs/entries.md`: stored name, version, what it says, its fields."""
    doc = (kind.body.__doc__ or "").split("\n\n")[0].replace("\n    ", " ").strip()
    fields = ", ".join(f"`{name}`" for name in kind.body.model_fields) or "—"
    free = " *free*" if kind.body.free else ""
    return f"| `{kind.name}` | {kind.version}{free} | {doc} | {fields} |"


@pytest.mark.parametrize("kind", sorted(SHIPPED))
def test_every_kind_of_entry_is_documented(kind: str) -> None:
    line = described(KINDS[kind])
    assert line in ENTRIES.read_text(encoding="utf-8").splitlines(), f"docs/entries.md lacks:\n{line}"


def test_no_kind_is_documented_that_does_not_exist() -> None:
    named = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", ENTRIES.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(SHIPPED)
    assert {Released.kind, Taken.kind} <= set(named)


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    wanted = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    names = [re.split(r"[\[<>=; ]", each)[0] for each in wanted]
    rows = " ".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| "))
    assert [name for name in names if not re.search(rf"(^|[ ,]){re.escape(name)}(\b|$)", rows)] == []


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    broken = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_tests_that_documents_name_exist() -> None:
    text = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"`(tests/[^`]+)`", text) if not (ROOT / name).exists()] == []


def test_every_command_and_variable_is_told_to_operators() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"### haicap {name}\n" not in text] == []
    code = "".join(file.read_text(encoding="utf-8") for file in ROOT.glob("src/haicap/**/*.py"))
    used = {*re.findall(r"\bHAICAP_[A-Z_]+\b", code), "DATABASE_URL"}
    assert sorted(set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)) ^ used) == []


def test_every_picture_of_the_tour_is_shown_and_made() -> None:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\]\(tour/([^)]+)\.png\)", text))
    script = (ROOT / "tests" / "browser" / "tour.py").read_text(encoding="utf-8")
    assert shown == {file.stem for file in ROOT.glob("docs/tour/*.png")}
    assert shown == set(re.findall(r"Stop\(\s*\"([-a-z]+)\"", script))
