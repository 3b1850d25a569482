"""`haicap doctor`."""

import json
from dataclasses import asdict

import click

from haicap.config import doctor, prepare
from haicap.config.home import Trouble


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with the owner's database address.")
def command(as_json: bool) -> None:
    """Look at the installation: machine, database, roles, tables. Ends with 1 if something is wrong.

    With --json also `database_url` (the owner's, with its password), `entry_table`, versions and counts.
    """
    prepare.django()
    report = doctor.examine()
    wrong = [check.name for check in report.checks if not check.ok]
    if as_json:
        click.echo(json.dumps({"ok": not wrong, **asdict(report)}, ensure_ascii=False, indent=1))
        raise SystemExit(1 if wrong else 0)
    _print(report)
    if wrong:
        raise Trouble(f"Not in order: {', '.join(wrong)}.")


def _print(report: doctor.Report) -> None:
    for check in report.checks:
        click.echo(f"{'ok' if check.ok else 'WRONG':<6}{check.name:<16}{check.found}")
    for title, of in (("versions", report.versions), ("rows", report.counts)):
        click.echo(f"{title}: {', '.join(f'{name} {value}' for name, value in of.items()) or 'none'}")
