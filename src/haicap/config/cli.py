"""The `haicap` command. Each of its commands is one module of `commands`, imported when it is asked for."""

import os
import signal
import sys
from importlib import import_module
from keyword import iskeyword
from types import FrameType
from typing import NoReturn, cast

import click

from haicap.config.home import Trouble

COMMANDS = (
    "demo",
    "demo-nodes",
    "serve",
    "work",
    "stop",
    "doctor",
    "verify",
    "rebuild",
    "import",
    "export",
    "node",
    "courier",
    "backup",
    "restore",
    "reckon",
    "procedures",
)


class Commands(click.Group):
    """A group that finds `some-name` as `haicap.config.commands.some_name.command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        return cast(click.Command, import_module(f"haicap.config.commands.{module}").command)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="haicap")
def haicap() -> None:
    """One record for a two-level local service: what comes in, by when, who has it.

    HAICAP_HOME is its one folder (var below the current folder), HAICAP_PORT its port (8000), DATABASE_URL a
    PostgreSQL server from 15 on instead of the embedded one.
    """


def say(sentence: str) -> None:
    """Tell whoever runs the command how it goes; standard output is for results alone."""
    click.echo(sentence, err=True)


def main() -> None:
    """Run the command line; what people can cause is told in one sentence, with exit code 1."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _end)
    try:
        haicap(prog_name="haicap")
    except Trouble as trouble:
        click.echo(f"haicap: {trouble}", err=True)
        sys.exit(1)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """End as on Ctrl-C, so that what was started is stopped; waitress ends its loop on it, too."""
    raise SystemExit(128 + number)
