"""`haicap stop`."""

import click

from haicap.config import home, postgres
from haicap.config.cli import say


@click.command()
def command() -> None:
    """Stop the embedded PostgreSQL, whoever started it; clients lose their connections."""
    if not home.embedded():
        raise home.Trouble(
            "The database is the server of DATABASE_URL, which haicap neither starts nor stops."
        )
    say("PostgreSQL is stopped." if postgres.stop() else "PostgreSQL does not run.")
