"""The norms that come with haicap, as `data/norms.toml` has them, written into a journal: a sample, marked so."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files

from haicap.clocks.documents import NATION
from haicap.journal.bulk import Bulk
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import Pen
from haicap.means.catalogue.queries import catalogue
from haicap.means.norms.actions import publish
from haicap.means.norms.entries import NormSaid
from haicap.means.norms.models import NormRow
from haicap.units.loading import BEGIN, FOUNDED, Founder, seeded


def shipped() -> Iterator[tuple[str, NormSaid]]:
    """Each norm of the file with its code."""
    text = (files("haicap.means") / "data" / "norms.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(text)["norm"]:
        code = row.pop("code")
        yield code, NormSaid.model_validate({"since": BEGIN, "issuer": NATION, "mark": "sample"} | row)


def load_norms(*, using: str = "worker") -> int:
    """Publish what comes with haicap in a journal that has no norms yet; returns how many entries.

    No unit's facts are known then, so no unit is tried; what lacks a fact later is listed as such.
    """
    if NormRow.objects.using(using).exists():
        return 0
    desk, kinds = Bulk(own(using), seeded("means-norms")), catalogue(using=using)
    pen = Pen(Founder(desk.own.id), FOUNDED, desk)
    for code, saying in shipped():
        publish(
            pen, entry_id=uuid7(pen.at, desk.entropy), code=code, saying=saying, province=None, kinds=kinds, units=(),
            others=(), synthetic=True,
        )  # fmt: skip
    return desk.load(using)
