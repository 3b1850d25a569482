"""`haicap export`."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from haicap.config import prepare
from haicap.config.cli import say
from haicap.config.home import Trouble

if TYPE_CHECKING:
    from haicap.matters.exporting import Form, What

FORMS: "dict[str, Form]" = {".csv": "csv", ".xlsx": "xlsx"}


@click.command()
@click.argument("what", type=click.Choice(["difficulties", "matters", "journal"]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--unit", help="Code of a unit: only its file, what it holds and what it raised.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day of coming in.")
def command(what: str, file: Path, unit: str | None, since: datetime | None) -> None:
    """Write all matters, or all difficulties, to FILE (.csv or .xlsx), or the whole journal (.jsonl).

    For other programs: heads and values are codes. Nothing sealed is in it; who may read the file is up to
    whoever writes it. The journal is what docs/verifier.py checks.
    """
    if what == "journal":
        _journal(file)
    else:
        _table("difficulties" if what == "difficulties" else "matters", file, unit, since)


def _journal(file: Path) -> None:
    with prepare.installation(say):
        from haicap.journal.exporting import export_journal

        try:
            count = export_journal(file, at=datetime.now(UTC))
        except OSError as error:
            raise Trouble(f"{file} cannot be written: {error.strerror}.") from error
    say(f"{count} entries.")


def _table(what: "What", file: Path, unit: str | None, since: datetime | None) -> None:
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise Trouble(f"{file} must end in .csv or .xlsx.")
    day: date | None = since.date() if since else None
    with prepare.installation(say):
        from haicap.matters.exporting import export

        try:
            with file.open("wb") as out:
                out.writelines(export(what, form, unit=unit, since=day))
        except OSError as error:
            raise Trouble(f"{file} cannot be written: {error.strerror}.") from error
