"""`haicap demo`."""

import os
from typing import TYPE_CHECKING

import click

from haicap.config import prepare, serving
from haicap.config.cli import say
from haicap.config.home import Trouble

if TYPE_CHECKING:
    from haicap.matters.demo import SignIn

DOING = {
    "register": "Entering the register of units",
    "posts": "Filling the posts of one province",
    "year": "Writing a year of invented work",
    "duty": "Filling two weeks of duty logs",
    "means": "Recording what the units have",
}


@click.command()
@click.option("--host", default=serving.LOOPBACK, show_default=True, help="Address to listen on.")
def command(host: str) -> None:
    """Fill an installation with a year of invented records, and serve it.

    All persons and events in it are invented; the units are those of the register. Prints the address and
    ready sign-ins. Records that lie there from an earlier demo are kept; one that was cut off is finished.
    """
    os.environ["HAICAP_DEMO"] = "1"
    port = serving.port()
    serving.require_free(host, port)
    with prepare.installation(say):
        ready = _load()
        _offer(ready, serving.address(host, port))
        serving.serve(host, port, say)


def _load() -> "list[SignIn]":
    """Load what is not there yet, with a bar for each part of it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    from haicap.duty import year
    from haicap.matters import demo
    from haicap.matters.sheets import year as sheets
    from haicap.means import year as means
    from haicap.means.handover import year as handover

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bars: dict[str, TaskID] = {}

        def told(what: str, done: int, of: int) -> None:
            if what not in bars:
                for earlier in bars.values():
                    progress.stop_task(earlier)
                bars[what] = progress.add_task(DOING[what], total=None)
            progress.update(bars[what], completed=done, total=of or done)

        try:
            ready = demo.load(told)
            year.load(demo.PROVINCE, demo.SEED, demo.ended(), told=told)
            sheets.load("director.haiphong", demo.ended())
            means.load(demo.PROVINCE, demo.SEED, demo.ended(), told=told)
            handover.load("officer.ph10", demo.ended())
            return ready
        except demo.NotADemonstration as error:
            raise Trouble(
                "This installation has people of its own: name another folder in HAICAP_HOME for the demo."
            ) from error


def _offer(ready: "list[SignIn]", address: str) -> None:
    """Show the sign-ins on the console, and on the page that asks for one."""
    from django.conf import settings
    from rich.console import Console
    from rich.table import Table

    settings.DEMO_SIGN_INS = [
        {
            "name": it.name,
            "post": it.post.model_dump(),
            "username": it.username,
            "password": it.password,
        }
        for it in ready
    ]
    table = Table("Account", "Password", "Post", title=f"Ready sign-ins at {address} (invented persons)")
    for it in ready:
        table.add_row(it.username, it.password, it.post.en)
    Console(width=None if os.isatty(1) else 110).print(table)
