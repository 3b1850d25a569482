"""`haicap import`."""

import json
from pathlib import Path

import click

from haicap.config import prepare
from haicap.config.cli import say
from haicap.config.home import Trouble


@click.group()
def command() -> None:
    """Take tables in."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object: how many were created, unchanged, refused."
)
def difficulties(file: Path, as_json: bool) -> None:
    """Raise the difficulties of FILE, a CSV or a spreadsheet with the columns of docs/operating.md.

    Rows that are there already stay as they are; rows that cannot be read are told by cell. Ends with 1 if there
    was one.
    """
    prepare.django()
    from datetime import UTC, datetime

    from haicap.matters.importing import import_difficulties
    from haicap.papers.sheets import UnreadableSheet, read

    try:
        rows = read(file)
    except UnreadableSheet as error:
        raise Trouble(f"{file}: {error}") from error
    with prepare.installation(say):
        _found()
        report = import_difficulties(rows, at=datetime.now(UTC))
    cells = [(it.row, problem) for it in report.refused for problem in it.problems]
    if as_json:
        told = {
            "created": len(report.created),
            "unchanged": len(report.unchanged),
            "refused": len(report.refused),
            "numbers": {"created": report.created, "unchanged": report.unchanged},
            "cells": [
                {"row": row, "column": it.column, "value": it.value, "reason": it.reason} for row, it in cells
            ],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(
            f"{len(report.created)} created, {len(report.unchanged)} unchanged, {len(report.refused)} refused"
        )
        for row, it in cells:
            click.echo(f"  row {row}, {it.column}: {_sentence(it.reason)}: {it.value!r}")
    if report.refused:
        raise SystemExit(1)


@command.command()
def catalogue() -> None:
    """List the kinds of means and the sample norms that come with haicap, where none are listed yet."""
    prepare.django()
    from haicap.means.catalogue.shipped import load_catalogue
    from haicap.means.norms.shipped import load_norms
    from haicap.units.loading import load_register

    with prepare.installation(say):
        load_register()
        click.echo(f"{load_catalogue()} kinds listed, {load_norms()} norms published")


def _found() -> None:
    """Units and procedures must be there for a difficulty to be raised; quick where they are."""
    from haicap.clocks.models import DocumentRow
    from haicap.matters.founding import load_documents
    from haicap.means.catalogue.shipped import load_catalogue
    from haicap.means.norms.shipped import load_norms
    from haicap.units.loading import load_register

    load_register()
    if not DocumentRow.objects.using("worker").exists():
        load_documents()
    load_catalogue()
    load_norms()


def _sentence(reason: str) -> str:
    from haicap.matters.difficulties import REASONS

    return next(said["en"] for code, said in REASONS.items() if code == reason)
