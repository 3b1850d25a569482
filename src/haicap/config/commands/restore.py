"""`haicap restore`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from haicap.config import prepare
from haicap.config.cli import say
from haicap.config.home import Trouble

if TYPE_CHECKING:
    from haicap.nodes.rescue.restoring import Restored

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", "keys", type=FILE, required=True, help="A key file of that backup.")
@click.option(
    "--identity", type=FILE, required=True, help="The file with what `haicap backup --init` printed."
)
@click.option("--up-to", type=int, help="Leave out the backup's files after this number.")
@click.option(
    "--witness", "files", multiple=True, type=FILE,
    help="A witness file from elsewhere, such as the parent's copy: tells what is missing; may be given again.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object: what came back and what is missing.")
def command(
    folder: Path, keys: Path, identity: Path, up_to: int | None, files: tuple[Path, ...], as_json: bool
) -> None:
    """Bring the backup in FOLDER back into a new HAICAP_HOME, and prove what came back.

    The installation lives on in a new incarnation: its numbers carry another code from here on. Ends with 1 if what
    came back is not in order.
    """
    prepare.django()
    from haicap.nodes.rescue.backup import Unfit
    from haicap.nodes.rescue.restoring import identity_in, restore

    try:
        its = identity_in(identity.read_text())
        with prepare.installation(say):
            restored = restore(
                folder, keys, its, at=datetime.now(UTC), up_to=up_to, witness=files, say=say
            )  # fmt: skip
    except Unfit as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise Trouble(f"It cannot be brought back: {error.strerror} ({error.filename}).") from error
    click.echo(_json(restored)) if as_json else _tell(restored)
    raise SystemExit(0 if restored.ok else 1)


def _tell(restored: "Restored") -> None:
    click.echo(
        f"{restored.entries} entries, {restored.keys} keys and {restored.blobs} attached files came back"
    )
    for problem in restored.report.problems:
        where = f"stream {problem.stream} seq {problem.seq}: " if problem.stream else ""
        click.echo(f"WRONG {where}{problem.what}")
    for what, names in (("missing", restored.found.missing), ("damaged", restored.found.damaged)):
        for name in names:
            click.echo(f"WRONG attached file {name} is {what}")
    click.echo("in order" if restored.ok else "not in order")
    for sentence in restored.sentences():
        click.echo(sentence)


def _json(restored: "Restored") -> str:
    its = {
        "ok": restored.ok, "until": restored.until.isoformat(), "entries": restored.entries, "keys": restored.keys,
        "closed": restored.closed, "blobs": restored.blobs,
        "missing": [
            {"stream": str(it.stream), "unit": it.unit, "channel": it.channel, "first": it.first, "last": it.last}
            for it in restored.missing
        ],
        "says": list(restored.sentences()),
    }  # fmt: skip
    return json.dumps(its, ensure_ascii=False, indent=1)
