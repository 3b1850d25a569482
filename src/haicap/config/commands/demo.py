"""`haicap demo`."""

import os

import click

from haicap.config import prepare, serving
from haicap.config.cli import say


@click.command()
@click.option("--host", default=serving.LOOPBACK, show_default=True, help="Address to listen on.")
def command(host: str) -> None:
    """Fill an installation with a year of invented records, and serve it.

    All persons and events in it are invented; the units are those of the register. Prints the address and
    ready sign-ins. Records that lie there from an earlier demo are kept.
    """
    os.environ["HAICAP_DEMO"] = "1"
    port = serving.port()
    serving.require_free(host, port)
    with prepare.installation(say):
        _load()
        serving.serve(host, port, say)


def _load() -> None:
    from rich.console import Console
    from rich.table import Table

    from haicap.matters import demo

    console = Console(stderr=True)
    with console.status("") as status:
        sign_ins = demo.load(status.update)
    table = Table("Name", "Password", "Who", title="Ready sign-ins (invented persons)")
    for sign_in in sign_ins:
        table.add_row(sign_in.name, sign_in.password, sign_in.who)
    Console().print(table)
