"""The texts of papers: data that an office may change. What a paper says and in which order stands here, one line a
paragraph, with placeholders in braces; how it looks stands in the layout and is not to be changed.

A text is never code: placeholders come from a closed list, and what is put in their place is not read again.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from haicap.papers.contents import PAPERS
from haicap.papers.wording import Line, Words

MARK = re.compile(r"\{([^{}]*)\}")
LISTS = ("grounds", "articles", "clauses", "items")  # whole paragraphs or a table: they end their line


class UnfitTexts(ValueError):
    """Texts that a paper cannot be made with; `faults` has a sentence for each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(self.faults))


class Name(BaseModel):
    """What a paper is called in lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    vi: Words
    en: Words


class Texts(BaseModel):
    """What a paper says. `about` is the line of a letter (`V/v …`), `beside` who signs on the left; `docx` is an
    office's own template (base64), empty where there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Name
    title: Line = ""
    summary: Line = ""
    about: Line = ""
    beside: Line = ""
    recipients: tuple[Words, ...] = Field(default=(), max_length=20)
    body: tuple[Words, ...] = Field(min_length=1, max_length=60)
    docx: str = ""

    def lines(self) -> list[str]:
        """Every line that may hold placeholders."""
        return [self.title, self.summary, self.about, self.beside, *self.recipients, *self.body]

    def toml(self) -> str:
        """The document that says it, which `parse` reads again."""
        name = f"{{ vi = {_quoted(self.name.vi)}, en = {_quoted(self.name.en)} }}"
        rows = [f"name = {name}"]
        rows += [f"{key} = {_quoted(text)}" for key in ("title", "summary", "about", "beside", "docx")
                 if (text := getattr(self, key))]  # fmt: skip
        for key in ("recipients", "body"):
            rows += [f"{key} = [", *(f"  {_quoted(line)}," for line in getattr(self, key)), "]"]
        return "\n".join(rows) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # what JSON escapes, TOML escapes alike


class Placeholder(NamedTuple):
    """A place that is filled when a paper is made, and what comes there."""

    name: str
    meaning: str


MEANINGS: Mapping[str, object] = {
    "agency": gettext_lazy("cơ quan ban hành"),
    "superior": gettext_lazy("cơ quan cấp trên"),
    "place": gettext_lazy("địa danh"),
    "date": gettext_lazy("ngày, tháng, năm"),
    "number": gettext_lazy("mã hồ sơ"),
    "code": gettext_lazy("mã tra cứu"),
    "recipients": gettext_lazy("nơi nhận thêm của từng văn bản"),
    "title": gettext_lazy("tên giấy tờ"),
    "procedure": gettext_lazy("loại việc"),
    "subject": gettext_lazy("nội dung, trích yếu"),
    "giver": gettext_lazy("người nộp"),
    "items": gettext_lazy("bảng tài liệu, đồ vật"),
    "received": gettext_lazy("thời điểm tiếp nhận"),
    "limit": gettext_lazy("thời hạn"),
    "promised": gettext_lazy("thời điểm hẹn trả"),
    "collect": gettext_lazy("nơi trả kết quả"),
    "source": gettext_lazy("loại nguồn tin"),
    "began": gettext_lazy("bắt đầu lúc"),
    "ended": gettext_lazy("kết thúc lúc"),
    "at": gettext_lazy("địa điểm"),
    "officer": gettext_lazy("người tiếp nhận"),
    "office": gettext_lazy("đơn vị của người tiếp nhận"),
    "by": gettext_lazy("hình thức tiếp nhận"),
    "reporter": gettext_lazy("người cung cấp thông tin"),
    "content": gettext_lazy("nội dung"),
    "copies": gettext_lazy("số bản"),
    "to": gettext_lazy("nơi gửi đến"),
    "done": gettext_lazy("việc đã làm"),
    "grounds": gettext_lazy("các căn cứ"),
    "due": gettext_lazy("thời hạn phải xong"),
    "reason": gettext_lazy("lý do"),
    "was_due": gettext_lazy("thời hạn cũ"),
    "now_due": gettext_lazy("thời hạn mới"),
    "reference": gettext_lazy("văn bản, việc được trả lời"),
    "outcome": gettext_lazy("kết quả xem xét"),
    "paragraphs": gettext_lazy("các đoạn nội dung"),
    "authority": gettext_lazy("thẩm quyền ban hành"),
    "articles": gettext_lazy("các điều"),
    "clauses": gettext_lazy("các nhiệm vụ"),
    "report": gettext_lazy("hạn báo cáo"),
}
COMMON = ("agency", "superior", "place", "date", "number", "code", "recipients")


def placeholders(paper: str) -> list[Placeholder]:
    """The closed list of what may stand in braces in the texts of a paper."""
    own = PAPERS[paper].model_fields.keys() & MEANINGS.keys()
    return [Placeholder(name, str(meaning)) for name, meaning in MEANINGS.items() if name in {*COMMON, *own}]


@lru_cache(maxsize=128)
def parse(paper: str, text: str) -> Texts:
    """Read texts from a document. Raises `UnfitTexts`."""
    try:
        return proved(paper, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UnfitTexts([str(error)]) from error


def proved(paper: str, data: Mapping[str, object]) -> Texts:
    """Texts that can be used. Raises `UnfitTexts` with every fault: unknown placeholders, lost braces, no body."""
    try:
        texts = Texts.model_validate(data)
    except ValidationError as error:
        raise UnfitTexts(f"{'.'.join(map(str, it['loc']))}: {it['msg']}" for it in error.errors()) from error
    known = {it.name for it in placeholders(paper)}
    if faults := [fault for line in texts.lines() for fault in _faults(line, known)]:
        raise UnfitTexts(dict.fromkeys(faults))
    return texts


def _faults(line: str, known: set[str]) -> Iterable[str]:
    for name in MARK.findall(line):
        if name not in known:
            yield _("Không có chỗ điền {%(name)s}; xem các chỗ điền dùng được ở bên cạnh.") % {"name": name}
        elif name in LISTS and not line.endswith(f"{{{name}}}"):
            yield _("{%(name)s} là danh sách hoặc bảng: phải đứng cuối dòng.") % {"name": name}
    if set(MARK.sub("", line)) & {"{", "}"}:
        yield _("Dấu ngoặc nhọn không đủ cặp ở dòng “%(line)s”.") % {"line": line}


@cache
def changeable() -> tuple[str, ...]:
    """The papers whose texts an office may change; the others are drawn by a layout of their own."""
    folder = files("haicap.papers") / "texts"
    return tuple(paper for paper in PAPERS if (folder / f"{paper}.toml").is_file())


@cache
def shipped(paper: str) -> str:
    """The texts that come with haicap, as the document that they are published as."""
    return (files("haicap.papers") / "texts" / f"{paper}.toml").read_text(encoding="utf-8")
