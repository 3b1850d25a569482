"""`haicap backup`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from haicap.config import prepare
from haicap.config.cli import say
from haicap.config.home import Trouble

if TYPE_CHECKING:
    from haicap.nodes.rescue.backup import Backup


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--init", is_flag=True, help="Make the identity that opens backups, and print it once.")
@click.option(
    "--to", "recipient", help="From now on, seal for this age recipient instead of the one of --init."
)
@click.option(
    "--keys", type=click.Path(file_okay=False, path_type=Path),
    help="Where to put the key file; FOLDER-keys beside FOLDER unless given.",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Read all of the backup in FOLDER again; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: what was written where.")
def command(
    folder: Path | None, init: bool, recipient: str | None, keys: Path | None, check: bool, as_json: bool
) -> None:
    """Add to the backup in FOLDER what it does not have yet, and write a key file.

    Run `haicap backup --init` once and keep the printed identity on paper: without it no backup is opened. Carry the
    key file elsewhere, and destroy there what is older than 35 days.
    """
    prepare.django()
    from haicap.nodes.rescue.backup import Unfit

    try:
        if init:
            _init()
        if folder is None:
            if not init:
                raise Trouble("FOLDER is missing: where the backup lies, on another disk than HAICAP_HOME.")
            return
        with prepare.installation(say):
            if check:
                _check(folder)
                return
            made = _back_up(folder, keys or folder.with_name(f"{folder.name}-keys"), recipient)
    except Unfit as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise Trouble(f"The backup cannot be written: {error.strerror} ({error.filename}).") from error
    click.echo(_json(made)) if as_json else _tell(made)


def _init() -> None:
    from haicap.nodes.rescue import backup

    identity, recipient = backup.new_identity()
    backup.recipient(recipient)
    click.echo(
        f"# The identity that opens the backups of this installation. Shown once: keep it on paper.\n{identity}"
    )
    say(f"Backups are sealed for {recipient} from now on.")


def _check(folder: Path) -> None:
    from haicap.journal.node import keys, public_key
    from haicap.nodes.rescue.restoring import checked_chain

    public = public_key()
    if public is None:
        raise Trouble("This installation has made no backup.")
    chain = checked_chain(folder, keys().receiving, public)
    entries = sum(line.seq - line.after for _file, it in chain for line in it.streams)
    click.echo(
        f"in order: {entries} entries in {len(chain)} files, the newest of {chain[-1][1].at:%Y-%m-%d %H:%M} UTC"
    )


def _back_up(folder: Path, keys: Path, recipient: str | None) -> "Backup":
    from haicap.journal.models import Node
    from haicap.nodes.rescue import backup

    try:
        return backup.back_up(folder, keys, to=backup.recipient(recipient), at=datetime.now(UTC))
    except Node.DoesNotExist as error:
        raise Trouble("There is nothing in this installation yet.") from error


def _tell(made: "Backup") -> None:
    click.echo(f"{made.entries} entries in {made.file}" if made.file else "nothing new")
    click.echo(f"{made.blobs} attached files copied")
    click.echo(f"key file {made.keys}: carry it elsewhere")
    for name in made.removed:
        click.echo(f"key file {name} was older than 35 days and is destroyed")
    say(f"Key files of before {made.spent:%Y-%m-%d} that lie elsewhere must be destroyed, too.")


def _json(made: "Backup") -> str:
    its = {
        "file": str(made.file) if made.file else None, "entries": made.entries, "blobs": made.blobs,
        "keys": str(made.keys), "removed": made.removed, "spent": made.spent.isoformat(),
    }  # fmt: skip
    return json.dumps(its, indent=1)
