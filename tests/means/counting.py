"""Stock-takes in tests: opened, counted and signed by somebody of the cast; photos of labels."""

import io
import random
from typing import Any
from uuid import UUID

import pypdfium2
from PIL import Image

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.means.stocktake import actions, queries
from haicap.means.stocktake.actions import Known
from haicap.means.stocktake.fold import Stocktake
from haicap.means.things import printing
from haicap.means.things.fold import Thing
from haicap.means.things.models import ThingRow
from haicap.units.rights import tell_database
from means.store import now
from pages import person


def opens(
    place: str = "", *, account: str = "clerk", at_unit: str = WARD, entry_id: UUID | None = None
) -> Stocktake:
    entry_id = entry_id or uuid7()
    with writing(person(account), at=now(), subjects=[actions.subject_of(entry_id)], units=[at_unit]) as pen:
        return actions.open_stocktake(
            pen, entry_id=entry_id, unit=unit(at_unit, using="default"), name="Kiểm kê quý I", place=place,
            its=actions.expected(queries.held_at(at_unit, place)),
        )  # fmt: skip


def counts(
    its: Stocktake, thing: Thing | None, number: int = 1, *, account: str = "clerk", **more: Any
) -> Stocktake:
    with writing(person(account), at=now(), subjects=[its.id], units=[its.unit]) as pen:
        known: Known | None = None
        if thing is not None:
            (known,) = queries.known(ids=[thing.id]).values()
        return actions.count(
            pen, entry_id=uuid7(), subject=its.id, known=known, how=more.pop("how", "label"), number=number,
            **more,
        )  # fmt: skip


def closes(its: Stocktake, chosen: dict[UUID, int] | None = None, *, account: str = "chief",
           entry_id: UUID | None = None) -> Stocktake:  # fmt: skip
    tell_database(person("director"))
    things = actions.touched(its)
    units = sorted({its.unit, *queries.files_of(things)})
    with writing(person(account), at=now(), subjects=[its.id, *things], units=units) as pen:
        return actions.close(pen, entry_id=entry_id or uuid7(), subject=its.id, chosen=chosen or {})


def sheet(its: list[Thing], *, angle: float = 0, scale: float = 2.0) -> bytes:
    """A photo of the printed sheet of labels of these things, a little askew and with noise, as a phone makes it."""
    pdf = printing.labels(
        list(ThingRow.objects.filter(pk__in=[it.id for it in its])), "http://10.0.0.5:8000/"
    )
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=scale).to_pil().convert("L")
    askew = page.rotate(angle, expand=True, fillcolor=180, resample=Image.Resampling.BICUBIC)
    noise = Image.frombytes("L", askew.size, random.Random(3).randbytes(askew.width * askew.height))
    out = io.BytesIO()
    Image.blend(askew, noise, 0.12).save(out, "JPEG", quality=80)
    return out.getvalue()
