"""`haicap verify`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from haicap.config import home, prepare
from haicap.config.cli import say
from haicap.config.telling import counted

if TYPE_CHECKING:
    from haicap.journal.verify import Report

SHOWN = 50  # problems told on the console; --json and verify.json have all
KEPT = ("ok", "entries", "seconds", "problems", "witnessed", "not_yet_witnessed", "says")


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object, as also kept in HAICAP_HOME/verify.json."
)
@click.option(
    "--witness", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A further witness file, such as the parent's copy; may be given again.",
)  # fmt: skip
@click.option(
    "--no-refold", is_flag=True, help="Hash the entries, but leave out the tables folded from them."
)
def command(as_json: bool, files: tuple[Path, ...], no_refold: bool) -> None:
    """Prove that the journal is as it was written, and the tables what it comes to.

    Names stream and seq of what was changed, is missing or was put in. Ends with 1 if anything is wrong.
    """
    with prepare.installation(say), counted() as progress:
        from haicap.journal.verify import verify

        report = verify(files=files, refold=not no_refold, progress=progress)
    text = _kept(report)
    if as_json:
        click.echo(text)
    else:
        _print(report)
    raise SystemExit(0 if report.ok else 1)


def _kept(report: "Report") -> str:
    """The report as JSON, kept in the folder for the page that shows the last verification."""
    its = {name: value for name, value in asdict(report).items() if name in KEPT}
    text = json.dumps({"at": datetime.now(UTC).isoformat(), **its}, ensure_ascii=False, indent=1)
    fresh = home.folder() / "verify.json.new"
    fresh.write_text(text)
    fresh.replace(home.folder() / "verify.json")  # a page never reads half of it
    return text


def _print(report: "Report") -> None:
    for problem in report.problems[:SHOWN]:
        where = f"stream {problem.stream} seq {problem.seq}: " if problem.stream else ""
        click.echo(f"WRONG {where}{problem.what}")
    if len(report.problems) > SHOWN:
        click.echo(f"… and {len(report.problems) - SHOWN} more: see verify.json")
    verdict = "in order" if report.ok else f"{len(report.problems)} problems"
    click.echo(f"{verdict}: {report.entries} entries in {report.seconds:.1f} s")
    click.echo(report.says)
