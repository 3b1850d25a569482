"""Official papers as DOCX, where people must edit them: the same head, text and signatures as the PDF has.

An office may replace the whole file by a template of its own (docxtpl): its tags are filled in a sandbox, from the
closed list of placeholders alone.
"""

import base64
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import segno
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as File
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from haicap.papers.composing import Block, composed, values
from haicap.papers.contents import LookUp, Paper, Part
from haicap.papers.documents import ELSEWHERE
from haicap.papers.texts import LISTS, MARK, Texts, placeholders

FONT = "Times New Roman"
BODY = 13
MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 20}  # mm, as on paper
COLUMNS = (72, 88)  # mm of the head
ITEM_COLUMNS = (10, 88, 20, 42)
MOST_BYTES = 200_000  # of an office's template
MOST_UNPACKED = 5_000_000
FORBIDDEN = ("vbaproject", "activex", "embeddings/", "oleobject", "macrosheet")
CENTER, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY


class UnfitTemplate(ValueError):
    """A file that cannot serve as a template; the message is a sentence for people."""


def render(content: Paper, texts: Texts) -> bytes:
    """The DOCX of a paper; through the office's own template where the texts hold one."""
    if texts.docx:
        return _from_template(base64.b64decode(texts.docx), content)
    return _saved(_drawn(_plain(asdict(composed(content, texts)))))


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """What `composed` made, its parts as plain data."""
    plain = {name: it.model_dump(mode="json") if isinstance(it, Part) else it for name, it in data.items()}
    if isinstance(look_up := data["look_up"], LookUp):
        plain["look_up"] |= {"link": look_up.link}
    return plain


# Drawing


def _drawn(data: Mapping[str, Any]) -> File:
    file = Document()
    _page(file, data)
    _head(file, data)
    if data["title"]:
        _put(file.add_paragraph(), _upper(data["title"]), 14, bold=True, align=CENTER)
        if data["summary"]:
            _put(file.add_paragraph(), data["summary"], 14, bold=True, align=CENTER)
            _rule(file.add_paragraph(), 55)
    _addressed(file, data["to"])
    for block in data["body"]:
        _block(file, Block(**block) if isinstance(block, dict) else block)
    _closing(file, data)
    if data.get("annex"):
        file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _put(file.add_paragraph(), "DANH SÁCH ĐƠN VỊ THỰC HIỆN", 14, bold=True, align=CENTER)
        for place, name in enumerate(data["annex"], start=1):
            _put(file.add_paragraph(), f"{place}. {name}", BODY)
    return file


def _upper(text: str) -> str:
    """In capitals; a tag of a template becomes one that will be."""
    return text.replace(" }}", "|upper }}") if "{{" in text else text.upper()


def _saved(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _page(file: File, data: Mapping[str, Any]) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, side in MARGINS.items():
        setattr(section, name, Mm(side))
    style = file.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number._p.append(field)
    _foot(section.first_page_footer.paragraphs[0], data)
    if data["synthetic"]:
        for foot in (section.footer.paragraphs[0], section.first_page_footer.add_paragraph()):
            _put(foot, "DỮ LIỆU TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ", 10, bold=True, align=CENTER)


def _foot(paragraph: Paragraph, data: Mapping[str, Any]) -> None:
    its = data["look_up"]
    if its is None:
        return
    picture = io.BytesIO()
    segno.make(its["link"], error="m", micro=False).save(picture, kind="png", scale=8, border=0)
    picture.seek(0)
    paragraph.add_run().add_picture(picture, width=Mm(13))
    _put(paragraph, f"  Tra cứu: số {its['number']}, mã {its['code']}. Tại {its['address'] or ELSEWHERE}", 10)


def _head(file: File, data: Mapping[str, Any]) -> None:
    head = data["head"]
    table = file.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, COLUMNS, strict=True):
            cell.width = Mm(width)
    left, right = table.rows[0].cells
    if head["superior"]:
        _put(left.paragraphs[0], _upper(head["superior"]), 12, align=CENTER)
    _put(
        left.add_paragraph() if head["superior"] else left.paragraphs[0],
        _upper(head["agency"]),
        12,
        bold=True,
        align=CENTER,
    )
    _rule(left.add_paragraph(), 22)
    _put(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True, align=CENTER)
    _put(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", 13, bold=True, align=CENTER)
    _rule(right.add_paragraph(), 16)
    left, right = table.rows[1].cells
    symbol = f"/{head['symbol']}" if head["symbol"] else ""
    _put(left.paragraphs[0], f"Số: {head['number'] or '      '}{symbol}", 13, align=CENTER)
    if data["about"]:
        _put(left.add_paragraph(), f"V/v {data['about']}", 12, align=CENTER)
    if data["dated"]:
        _put(right.paragraphs[0], f"{head['place']}, {head['date']}", 13, italic=True, align=CENTER)
    file.add_paragraph()


def _addressed(file: File, to: Iterable[str]) -> None:
    names = list(to)
    if len(names) == 1:
        _put(file.add_paragraph(), f"Kính gửi: {names[0]}", BODY, align=CENTER)
    elif names:
        _put(file.add_paragraph(), "Kính gửi:", BODY).paragraph_format.left_indent = Mm(25)
        for line in _dashed(names):
            _put(file.add_paragraph(), line, BODY).paragraph_format.left_indent = Mm(43)


def _dashed(names: list[str]) -> list[str]:
    return [f"- {name}{'.' if place == len(names) else ';'}" for place, name in enumerate(names, start=1)]


def _block(file: File, block: Block) -> None:
    if block.kind == "items":
        _items(file, block.rows)
        return
    paragraph = file.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(6)
    if block.kind == "center":
        _put(paragraph, block.text, BODY, bold=True, align=CENTER)
        return
    paragraph.paragraph_format.first_line_indent = Mm(10)
    if block.lead:
        _put(paragraph, f"{block.lead} ", BODY, bold=True)
    _put(paragraph, block.text, BODY, italic=block.kind == "ground", align=JUSTIFY)


def _items(file: File, rows: Iterable[Iterable[str]]) -> None:
    heads = ("STT", "Tên tài liệu, đồ vật", "Số lượng", "Ghi chú")
    table = file.add_table(rows=0, cols=len(heads))
    table.style = "Table Grid"
    for place, row in enumerate((heads, *rows)):
        for cell, text, width in zip(table.add_row().cells, row, ITEM_COLUMNS, strict=True):
            cell.width = Mm(width)
            _put(cell.paragraphs[0], text, 12, bold=place == 0)


def _closing(file: File, data: Mapping[str, Any]) -> None:
    file.add_paragraph()
    left, right = file.add_table(rows=1, cols=2).rows[0].cells
    _signature(right, data["right"])
    if data["left"] is None:
        _recipients(left, data["recipients"])
    else:
        _signature(left, data["left"])
        _recipients(file, data["recipients"])


def _signature(cell: Any, its: Mapping[str, str]) -> None:
    paragraph = cell.paragraphs[0]
    for text, size, bold, italic in (
        (_upper(its["power"]), BODY, True, False), (_upper(its["post"]), BODY, True, False),
        (its["hint"] and f"({its['hint']})", 11, False, True),
    ):  # fmt: skip
        if text:
            _put(paragraph, text, size, bold=bold, italic=italic, align=CENTER)
            paragraph = cell.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(62)  # room for signature and seal
    _put(paragraph, its["name"], BODY, bold=True, align=CENTER)


def _recipients(place: Any, names: Iterable[str]) -> None:
    if its := list(names):
        _put(place.add_paragraph(), "Nơi nhận:", 12, bold=True, italic=True)
        for line in _dashed(its):
            _put(place.add_paragraph(), line, 11)


def _put(
    paragraph: Paragraph,
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    align: Any = None,
) -> Paragraph:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _rule(paragraph: Paragraph, indent: int) -> None:
    """A line, shortened by `indent` mm on both sides."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(indent)
    _put(paragraph, "", 2)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)


# An office's own template


def proved_template(data: bytes, sample: Paper) -> str:
    """A template as texts keep it (base64): a plain DOCX that sample data fill. Raises `UnfitTemplate`."""
    if len(data) > MOST_BYTES:
        raise UnfitTemplate(_("Tệp mẫu lớn hơn %(most)d kB.") % {"most": MOST_BYTES // 1000})
    _looked_through(data)
    _from_template(data, sample)
    return base64.b64encode(data).decode()


def _looked_through(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = [it.filename.lower() for it in parts.infolist()]
            if sum(it.file_size for it in parts.infolist()) > MOST_UNPACKED:
                raise UnfitTemplate(_("Tệp mẫu giải nén quá lớn."))
            if any(bad in name for name in names for bad in FORBIDDEN):
                raise UnfitTemplate(_("Tệp mẫu có macro hoặc đối tượng nhúng; chỉ nhận tệp DOCX thường."))
            if b"macroenabled" in parts.read("[Content_Types].xml").lower():
                raise UnfitTemplate(_("Tệp mẫu có macro hoặc đối tượng nhúng; chỉ nhận tệp DOCX thường."))
            outside = (parts.read(name) for name in parts.namelist() if name.endswith(".rels"))
            if any(b'targetmode="external"' in rels.lower() for rels in outside):
                raise UnfitTemplate(
                    _("Tệp mẫu dẫn ra ngoài (liên kết, ảnh trên mạng); hãy bỏ các liên kết đó.")
                )
    except (zipfile.BadZipFile, KeyError) as error:
        raise UnfitTemplate(_("Tệp này không phải là DOCX.")) from error


class _Box(SandboxedEnvironment):
    """Reads nothing but names, their parts, loops over a list, questions whether it is there, and `upper`."""

    read = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            upper = isinstance(node, nodes.Filter) and node.name == "upper" and not node.args
            nested = isinstance(node, nodes.For) and any(it is not node for it in node.find_all(nodes.For))
            if nested or not (upper or isinstance(node, self.read)):
                raise TemplateSyntaxError(type(node).__name__, getattr(node, "lineno", 1))
        return tree


class _Strict(Undefined):
    """A tag that is not on the list is an error that says so."""

    def __str__(self) -> str:
        raise UnfitTemplate(_("Không có chỗ điền {{ %(name)s }}.") % {"name": self._undefined_name})

    __iter__ = __bool__ = __len__ = __str__  # type: ignore[assignment]


def _from_template(data: bytes, content: Paper) -> bytes:
    template = DocxTemplate(io.BytesIO(data))
    box = _Box(undefined=_Strict, autoescape=True)
    try:
        template.render(_context(content), jinja_env=box, autoescape=True)
    except TemplateError as error:
        raise UnfitTemplate(_("Chỗ điền trong tệp mẫu viết sai: %(why)s") % {"why": error}) from error
    return _saved(template)


def _context(content: Paper) -> dict[str, Any]:
    words, lists = values(content)
    signed = dict(content)["signature"]
    context: dict[str, Any] = {name: words.get(name, "") for name in MEANT}
    context |= {name: "" for name in words if name not in context} | words
    context |= {
        "power": signed.power,
        "post": signed.post,
        "name": signed.name,
        "second": content.second or "",
    }
    context |= {"symbol": content.head.symbol, "head_number": content.head.number}
    for name in LISTS:
        context[name] = [
            {"lead": it.lead, "text": it.text} for it in lists.get(name, ()) if it.kind != "items"
        ]
    context["items"] = [
        dict(zip(("place", "name", "count", "note"), row, strict=True))
        for block in lists.get("items", ())
        for row in block.rows
    ]
    return context


MEANT = ("agency", "superior", "place", "date", "number", "code")


def starting_template(paper: str, texts: Texts, dated: bool) -> bytes:
    """A template to begin with: the paper as it is drawn, with a tag wherever something is filled in."""
    tag = {it.name: f"{{{{ {it.name} }}}}" for it in placeholders(paper)}
    names = {it.name for it in placeholders(paper)}

    def tagged(line: str) -> str:
        return MARK.sub(lambda found: tag.get(found[1], ""), line)

    body: list[Block] = []
    for line in texts.body:
        ending = next((name for name in MARK.findall(line) if name in LISTS), None)
        words = tagged(line.removesuffix(f"{{{ending}}}") if ending else line).strip()
        body += [Block("ground" if line.startswith("Căn cứ ") else "text", words)] if words else []
        body += _loop(ending) if ending else []
    signature = {
        "power": "{{ power }}",
        "post": "{{ post }}",
        "hint": "Ký tên, đóng dấu",
        "name": "{{ name }}",
    }
    data = {
        "head": {"superior": "{{ superior }}", "agency": "{{ agency }}", "number": "{{ head_number }}",
                 "symbol": "{{ symbol }}", "place": "{{ place }}", "date": "{{ date }}"},
        "dated": dated, "title": tagged(texts.title), "summary": tagged(texts.summary), "about": tagged(texts.about),
        "to": ["{{ to }}"] if "to" in names else [], "body": body,
        "recipients": [tagged(it) for it in texts.recipients], "right": signature,
        "left": signature | {"power": "", "post": texts.beside, "name": "{{ second }}"} if texts.beside else None,
        "look_up": None, "synthetic": False,
    }  # fmt: skip
    return _saved(_drawn(data))


def _loop(name: str) -> list[Block]:
    if name == "items":
        rows = (
            ("{%tr for it in items %}", "", "", ""),
            ("{{ it.place }}", "{{ it.name }}", "{{ it.count }}", "{{ it.note }}"),
            ("{%tr endfor %}", "", "", ""),
        )
        return [Block("items", rows=rows)]
    each = Block("ground" if name == "grounds" else "text", "{{ it.lead }} {{ it.text }}")
    return [Block("text", f"{{%p for it in {name} %}}"), each, Block("text", "{%p endfor %}")]
