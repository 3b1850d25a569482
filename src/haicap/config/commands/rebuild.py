"""`haicap rebuild`."""

import json
from dataclasses import asdict

import click

from haicap.config import prepare
from haicap.config.cli import say
from haicap.config.home import Trouble
from haicap.config.telling import counted


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object: subjects, rows, entries.")
def command(as_json: bool) -> None:
    """Throw away every table that was folded from the journal, and make the same rows again.

    Sealed facts that cannot be found by number yet are entered into the blind index. Pages can be served and people
    can act meanwhile. Changes no entry.
    """
    with prepare.installation(say), counted() as progress:
        from haicap.journal.blinding import fill
        from haicap.journal.rebuild import rebuild
        from haicap.journal.refolding import Unfoldable

        try:
            made = rebuild(progress=lambda count: progress("folding", count))
            fill(progress=lambda count: progress("sealed facts", count))
        except Unfoldable as error:
            raise Trouble(f"{error}, stream {error.stream} seq {error.seq}: run haicap verify.") from error
    if as_json:
        click.echo(json.dumps(asdict(made)))
    else:
        click.echo(f"{made.rows} rows of {made.subjects} subjects made from {made.entries} entries")
