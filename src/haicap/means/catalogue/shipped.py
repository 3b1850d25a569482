"""The kinds of means that come with haicap, as `data/kinds.toml` has them, written into a journal."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files

from haicap.journal.bulk import Bulk
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import Pen
from haicap.means.catalogue.actions import list_kind
from haicap.means.catalogue.entries import KindListed
from haicap.means.catalogue.models import KindRow
from haicap.units.loading import FOUNDED, Founder, seeded


def shipped() -> Iterator[KindListed]:
    """Each kind of the file."""
    text = (files("haicap.means") / "data" / "kinds.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(text)["kind"]:
        yield KindListed.model_validate(row)


def load_catalogue(*, using: str = "worker") -> int:
    """List what comes with haicap in a journal that has no kinds yet; returns how many entries."""
    if KindRow.objects.using(using).exists():
        return 0
    desk = Bulk(own(using), seeded("means-kinds"))
    pen = Pen(Founder(desk.own.id), FOUNDED, desk)
    for body in shipped():
        list_kind(pen, entry_id=uuid7(pen.at, desk.entropy), body=body)
    return desk.load(using)
