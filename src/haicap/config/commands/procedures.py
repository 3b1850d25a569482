"""`haicap procedures`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from haicap.config.cli import say
from haicap.config.home import Trouble

if TYPE_CHECKING:
    from haicap.matters.schema import Procedure

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")


@click.group()
def command() -> None:
    """Look at procedures, those that come with haicap and files of your own; publish them."""


@command.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Prove that the procedures in FILES, or else those that come with haicap, make sense.

    Runs their worked examples, too; of the tables of competence that come with haicap it lists gaps (a work
    item for a person) and overlaps (wrong). Ends with 1 if anything is wrong.
    """
    from haicap.config import prepare

    prepare.django()
    from haicap.matters import competence, procedures, proving

    given = [_read(file) for file in files] or list(procedures.shipped())
    found = {f"{it.code} ({it.valid.from_})": proving.check(it) for it in given}
    if not files:
        found |= {
            f"competence {code}": list(proving.flaws(table)) for code, table in competence.shipped().items()
        }
    wrong = sum(not problem.note for problems in found.values() for problem in problems)
    if as_json:
        told = {code: [asdict(problem) for problem in problems] for code, problems in found.items()}
        click.echo(json.dumps({"ok": not wrong, "procedures": told}, ensure_ascii=False, indent=1))
        raise SystemExit(1 if wrong else 0)
    for code, problems in found.items():
        click.echo(f"{code}: {'looked at' if problems else 'in order'}")
        for problem in problems:
            click.echo(f"  {'note' if problem.note else 'WRONG'} {problem.where}: {problem.what}")
    if wrong:
        raise Trouble(f"{wrong} faults in {len(found)} documents.")


def _read(file: Path) -> "Procedure":
    from haicap.matters import procedures

    try:
        return procedures.parse(file.read_text(encoding="utf-8"))
    except (procedures.Malformed, UnicodeDecodeError) as error:
        raise Trouble(f"{file}: {error}") from error


@command.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List the procedures that come with haicap, with the edition that a matter pins."""
    from haicap.matters import procedures

    rows = [
        {"code": it.code, "vi": it.name.vi, "en": it.name.en, "edition": it.edition}
        for it in procedures.shipped()
    ]
    if as_json:
        click.echo(json.dumps({"procedures": rows}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['code']:<24}{row['edition'][:12]}  {row['vi']} / {row['en']}")


@command.command()
def schema() -> None:
    """Print the JSON Schema of a procedure's file."""
    from haicap.matters import procedures

    click.echo(json.dumps(procedures.json_schema(), ensure_ascii=False, indent=1))


@command.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def publish(files: tuple[Path, ...]) -> None:
    """Publish the procedures in FILES in this installation, each in force from its own `valid.from` on.

    Nothing that is wrong is published. Matters keep the edition they began with; new ones begin with the new.
    """
    from haicap.config import prepare

    prepare.django()
    from haicap.matters import proving

    given = [(_read(file), file.read_text(encoding="utf-8")) for file in files]
    for procedure, _text in given:
        wrong = [problem for problem in proving.check(procedure) if not problem.note]
        if wrong:
            raise Trouble(f"{procedure.code}: {wrong[0].where}: {wrong[0].what}.")
    with prepare.installation(say):
        from haicap.matters.founding import publish_procedure

        for procedure, text in given:
            new = publish_procedure(text)
            click.echo(f"{procedure.code}: {'published' if new else 'unchanged'}, {procedure.edition[:12]}")
