"""Official papers as PDF: what each must say, and the way from there to A4.

The layout is that of Decree 30/2020/ND-CP, Annex I, kept in `typst/layout.typ`. What a paper says is data
(`texts.py`) and reaches the layout as data, never as code. A paper depends on its data and texts alone: the same
give the same bytes, so that an issued paper can be made again and compared.

Papers are written in Vietnamese; instants are shown in Vietnamese time.
"""

import io
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno
import typst
from pydantic import BaseModel, ValidationError

from haicap.clocks.wall import VIETNAM
from haicap.papers.bulletin import SHEETS
from haicap.papers.charts import CHARTS
from haicap.papers.composing import composed
from haicap.papers.contents import PAPERS, LookUp, Paper
from haicap.papers.inventory import INVENTORY
from haicap.papers.texts import Texts, changeable, parse, shipped

TEMPLATES = Path(__file__).parent / "typst"
TYPEFACE = "rinoh_typeface_texgyretermes"  # metric-compatible with Times New Roman, all Vietnamese letters
ELSEWHERE = "nơi tiếp nhận hồ sơ"  # where one asks of a matter when the installation has no public address


class PaperError(ValueError):
    """A paper cannot be made."""


class UnknownPaper(PaperError):
    """There is no paper of that code."""

    def __init__(self, paper: str) -> None:
        super().__init__(paper)
        self.paper = paper

    def __str__(self) -> str:
        return f"no paper {self.paper!r}; there are {', '.join(sorted(PAPERS))}"


class UnfitPaper(PaperError):
    """The data do not fit the paper: `faults` has a sentence for each field (`head.agency`)."""

    def __init__(self, paper: str, faults: Mapping[str, str]) -> None:
        super().__init__(paper, faults)
        self.paper, self.faults = paper, faults

    def __str__(self) -> str:
        return f"{self.paper}: " + "; ".join(f"{field}: {fault}" for field, fault in self.faults.items())


def render(paper: str, data: Mapping[str, object], texts: Texts | None = None) -> bytes:
    """The PDF (A4, PDF/A-2) of `data` as `paper`, a key of `PAPERS`; the model there tells the fields.

    `texts` are the office's own, or None for those that come with haicap. The day of `head.date` is the day of
    creation that the file names. Raises `UnknownPaper`, or `UnfitPaper` with every field that does not fit.
    """
    content = read(paper, data)
    if paper not in changeable():
        return _compiled(paper, content, content.model_dump(mode="json"))
    its = composed(content, texts or parse(paper, shipped(paper)))
    return _compiled("paper", content, asdict(its) | {"name": its.name})


def read(paper: str, data: Mapping[str, object]) -> Paper:
    """The data of a paper, typed. Raises `UnknownPaper`, `UnfitPaper`."""
    model = PAPERS.get(paper) or SHEETS.get(paper) or INVENTORY.get(paper) or CHARTS.get(paper)
    if model is None:
        raise UnknownPaper(paper)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = {".".join(map(str, fault["loc"])): fault["msg"] for fault in error.errors()}
        raise UnfitPaper(paper, faults) from error


def qr_code(look_up: LookUp) -> str:
    """The QR code of a look-up as SVG; black on white, with no border of its own."""
    return qr_of(look_up.link)


def qr_of(text: str) -> str:
    """The QR code of a text as SVG; black on white, with no border of its own."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


_one_at_a_time = threading.Lock()


def _compiled(template: str, content: Paper, drawn: Mapping[str, Any]) -> bytes:
    day = content.head.date
    created = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    foot = {"qr": qr_code(content.look_up) if content.look_up else "", "where": ELSEWHERE}
    inputs = {"data": json.dumps({**drawn, **foot}, ensure_ascii=False, default=_plain)}
    with _one_at_a_time:  # one compiler keeps what it has parsed; it is not made for two threads
        made = _compiler().compile(
            TEMPLATES / f"{template}.typ",
            sys_inputs=inputs,
            timestamp=int(created.timestamp()),
            pdf_standards="a-2a",
        )
    assert isinstance(made, bytes)  # a PDF is one file; only images come as several
    return made


def _plain(part: BaseModel) -> Any:
    return part.model_dump(mode="json")


@cache
def _compiler() -> typst.Compiler:
    """System fonts are left out, so that every machine sets the same lines. Where the typeface's package is
    missing, typst's own Libertinus Serif stands in."""
    spec = find_spec(TYPEFACE)  # finds the folder without running the package, which wants its typesetter
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return typst.Compiler(root=TEMPLATES, font_paths=folders, ignore_system_fonts=True)
