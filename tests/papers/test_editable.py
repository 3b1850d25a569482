"""Every paper as DOCX, opened as a word processor would; and the templates that an office may bring.

What a word processor makes of the page is not tested here: none is at hand where the suite runs.
"""

import base64
import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from haicap.papers import editable
from haicap.papers.documents import read
from haicap.papers.editable import MOST_BYTES, UnfitTemplate, proved_template, starting_template
from haicap.papers.samples import SAMPLES
from haicap.papers.texts import Texts, changeable, parse, shipped


def texts(paper: str) -> Texts:
    return parse(paper, shipped(paper))


def made(paper: str, **changed: object) -> Any:
    its = texts(paper).model_copy(update=changed)
    return Document(io.BytesIO(editable.render(read(paper, SAMPLES[paper]), its)))


def words(file: Any) -> str:
    """All text in order, tables included."""
    body = file.element.body
    return " ".join(" ".join(node.text or "" for node in it.iter() if node.tag.endswith("}t")) for it in body)


@pytest.mark.parametrize("paper", changeable())
def test_every_paper_has_the_official_head(paper: str) -> None:
    file = made(paper)
    left, right = file.tables[0].rows[0].cells
    assert right.text.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    assert SAMPLES[paper]["head"]["agency"].upper() in left.text
    assert file.tables[0].style.name == "Normal Table"  # no borders
    section = file.sections[0]
    sides = section.page_width, section.left_margin, section.right_margin
    assert [round(it.mm) for it in sides] == [210, 30, 20]
    assert (file.styles["Normal"].font.name, file.styles["Normal"].font.size) == ("Times New Roman", Pt(13))
    assert "mã 7K3M-Q9XD" in section.first_page_footer.paragraphs[0].text
    assert len(section.first_page_footer.part.related_parts) == 1  # the QR code


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        ("receipt", "Thời gian hẹn trả kết quả: 24 giờ 00 phút, ngày 23 tháng 02 năm 2026"),
        ("receipt-crime", "Ảnh chụp màn hình tin nhắn, lịch sử chuyển khoản 6"),
        ("handover-slip", "Kính gửi: Cơ quan Cảnh sát điều tra"),
        ("answer", "V/v trả lời vướng mắc về đường truyền số liệu"),
        ("decision", "Điều 2.  Gửi quyết định này"),
        ("directive", "Hoàn thành trước: 24 giờ 00 phút, ngày 23 tháng 02 năm 2026."),
        ("notice", "- Viện kiểm sát nhân dân khu vực 3; - Bà Phạm Thị Quỳnh Ngọc."),
    ],
)
def test_what_a_paper_says(paper: str, sentence: str) -> None:
    assert sentence in words(made(paper))


def test_a_decision_is_set_as_one() -> None:
    paragraphs = {it.text: it for it in made("decision").paragraphs}
    assert paragraphs["QUYẾT ĐỊNH:"].alignment == WD_ALIGN_PARAGRAPH.CENTER
    ground = next(it for text, it in paragraphs.items() if text.startswith("Căn cứ các điều 36"))
    assert all(run.italic for run in ground.runs)


def packed(**parts: bytes) -> bytes:
    """A starting template with more parts in it."""
    out = io.BytesIO(starting_template("notice", texts("notice"), dated=True))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def written(text: str) -> bytes:
    """A document that says this."""
    file = Document()
    file.add_paragraph(text)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


@pytest.mark.parametrize("paper", changeable())
def test_the_template_to_begin_with_can_be_used_as_it_is(paper: str) -> None:
    content = read(paper, SAMPLES[paper])
    kept = proved_template(starting_template(paper, texts(paper), content.dated), content)
    text = words(made(paper, docx=kept))
    assert "{" not in text
    assert SAMPLES[paper]["head"]["agency"].upper() in text
    for item in SAMPLES[paper].get("items", ()):
        assert item["name"] in text


def test_an_own_template_is_filled_and_what_is_filled_in_stays_text() -> None:
    kept = proved_template(written("{{ agency }}: {{ paragraphs }}"), read("notice", SAMPLES["notice"]))
    hostile = read("notice", SAMPLES["notice"] | {"paragraphs": ["<w:p/> & {{ 7 * 7 }}"]})
    file = Document(io.BytesIO(editable.render(hostile, texts("notice").model_copy(update={"docx": kept}))))
    assert file.paragraphs[0].text == "Công an xã Kiến Thụy: <w:p/> & {{ 7 * 7 }}"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no archive", "không phải là DOCX"),
        (b"x" * (MOST_BYTES + 1), "lớn hơn"),
        (packed(**{"word/vbaProject.bin": b"x"}), "macro"),
        (packed(**{"word/_rels/more.rels": b'<Relationship TargetMode="External"/>'}), "dẫn ra ngoài"),
        (packed(**{"word/big.xml": bytes(6_000_000)}), "giải nén"),
        (written("{{ salary }}"), "Không có chỗ điền {{ salary }}"),
        (written("{{ agency "), "viết sai"),
        (written("{{ agency.__class__.__mro__[1].__subclasses__() }}"), "viết sai"),
        (written("{% for x in range(10**9) %}.{% endfor %}"), "viết sai"),
        (written("{% for a in items %}{% for b in items %}.{% endfor %}{% endfor %}"), "viết sai"),
        (written("{{ 'x' * 1000000000 }}"), "viết sai"),
    ],
    ids=[
        "not-zip",
        "large",
        "macro",
        "external",
        "bomb",
        "unknown",
        "broken",
        "escape",
        "endless",
        "nested",
        "huge",
    ],
)
def test_templates_that_are_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(UnfitTemplate, match=sentence.replace("{", r"\{")):
        proved_template(data, read("notice", SAMPLES["notice"]))


def test_a_template_is_kept_as_it_was_sent() -> None:
    data = written("{{ agency }}")
    assert base64.b64decode(proved_template(data, read("notice", SAMPLES["notice"]))) == data
