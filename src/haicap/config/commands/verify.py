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
    from haicap.journal.blob_check import Found
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
@click.option("--sweep", is_flag=True, help="Remove files that a crash has left and no entry names.")
def command(as_json: bool, files: tuple[Path, ...], no_refold: bool, sweep: bool) -> None:
    """Prove that the journal is as it was written, the tables what it comes to, and every attached file whole.

    Names stream and seq of what was changed, is missing or was put in. Ends with 1 if anything is wrong.
    """
    with prepare.installation(say), counted() as progress:
        from haicap.journal import blob_check
        from haicap.journal.verify import verify

        report = verify(files=files, refold=not no_refold, progress=progress)
        if sweep:
            say(f"removed {blob_check.sweep()} files that no entry names")
        found = blob_check.look()
    text = _kept(report, found)
    if as_json:
        click.echo(text)
    else:
        _print(report)
        _print_files(found)
    raise SystemExit(0 if report.ok and not (found.missing or found.damaged) else 1)


def _print_files(found: "Found") -> None:
    for what, names in (("missing", found.missing), ("damaged", found.damaged)):
        for name in names[:SHOWN]:
            click.echo(f"WRONG attached file {name} is {what}")
    left = f", {len(found.orphans)} left over by a crash (--sweep removes them)" if found.orphans else ""
    wrong = len(found.missing) + len(found.damaged)
    click.echo(f"attached files: {found.named} named, {wrong} missing or damaged{left}")


def _kept(report: "Report", found: "Found") -> str:
    """The report as JSON, kept in the folder for the page that shows the last verification."""
    its = {name: value for name, value in asdict(report).items() if name in KEPT}
    its |= {"files": asdict(found), "ok": report.ok and not (found.missing or found.damaged)}
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
