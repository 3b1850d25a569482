"""`haicap demo-nodes`."""

import json
import time
from collections.abc import Iterable

import click

from haicap.config import home, prepare
from haicap.config.offices import Office, offices
from haicap.config.play import ACCOUNTS, Play


@click.command()
@click.option("--keep", is_flag=True, help="Serve on at the end until Ctrl-C, and print the sign-ins.")
@click.option("--within", type=click.Choice(["people", "heads"]), hidden=True)
def command(keep: bool, within: str | None) -> None:
    """Play five installations on this machine: a ministry, a province and three communes, and lines to cut.

    Each is a process with a database of its own below HAICAP_HOME/nodes, made anew each time. Every step is printed
    with the command that a person would type or the page that a person would fill in, and with what came of it.
    """
    if within is not None:
        {"people": _people, "heads": _heads}[within]()
        return
    began = time.monotonic()
    prepare.django()
    with offices(home.folder() / "nodes") as its:
        Play(its).all()
        click.echo(f"\nDone in {time.monotonic() - began:.0f} s.")
        if keep:
            _serve_on(its)


def _people() -> None:
    """In the province's installation: invented persons in all posts of the province, and sign-ins for this play."""
    with prepare.installation():
        from haicap.matters.demo import fill_posts, make_accounts

        entries = fill_posts()
        make_accounts(ACCOUNTS)
    click.echo(f"{entries} entries: posts, persons and their rights; {len(ACCOUNTS)} sign-ins")


def _heads() -> None:
    """All streams that lie here, as JSON: how many entries each has, and the hash of its last."""
    with prepare.installation():
        from haicap.journal.intake import heads

        its = {str(stream): [head.seq, head.hash.hex()] for stream, head in heads().items()}
    click.echo(json.dumps(its))


def _serve_on(its: Iterable[Office]) -> None:
    from haicap.matters.demo import PASSWORD

    for office in its:
        office.open()
        click.echo(f"{office.name}: {office.address}/")
    click.echo(f"Sign in as {', '.join(ACCOUNTS)}; the password is {PASSWORD}")
    click.echo("Ctrl-C ends all of it.")
    while True:  # SIGTERM and Ctrl-C raise out of it
        time.sleep(3600)
