"""`haicap serve`."""

import click

from haicap.config import prepare, serving
from haicap.config.cli import say


@click.command()
@click.option("--host", default=serving.LOOPBACK, show_default=True, help="Address to listen on.")
def command(host: str) -> None:
    """Serve the pages on HAICAP_PORT (8000).

    Starts the embedded PostgreSQL if it does not run, and stops it at the end if it was started here. To be
    reached from other machines it needs --host, and the names it is called by in HAICAP_HOSTS.
    """
    port = serving.port()
    serving.require_free(host, port)
    with prepare.installation(say):
        serving.serve(host, port, say)
