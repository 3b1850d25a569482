"""`haicap work`."""

from threading import Event

import click

from haicap.config import prepare
from haicap.config.cli import say


@click.command()
def command() -> None:
    """Do what takes long or waits for its hour, in a process apart from the pages.

    `haicap serve` does this, too; a province that serves from several machines may give it one of its own. Ends
    on Ctrl-C or SIGTERM; what was at work is taken up by the next one.
    """
    with prepare.installation(say):
        from haicap.config.working import working

        say("haicap works (Ctrl-C ends it)")
        with working():
            Event().wait()
