"""What papers say is data: it fills a closed list of placeholders, says what is wrong, and is never code."""

import pytest

from haicap.papers.composing import composed
from haicap.papers.contents import PAPERS, Notice, Receipt
from haicap.papers.documents import read, render
from haicap.papers.samples import SAMPLES
from haicap.papers.texts import Texts, UnfitTexts, changeable, parse, placeholders, proved, shipped
from papers.test_documents import words


def texts(paper: str = "notice", **changed: object) -> Texts:
    return proved(paper, parse(paper, shipped(paper)).model_dump() | changed)


@pytest.mark.parametrize("paper", changeable())
def test_shipped_texts_are_read_and_written_again_the_same(paper: str) -> None:
    its = parse(paper, shipped(paper))
    assert parse(paper, its.toml()) == its


@pytest.mark.parametrize("paper", changeable())
def test_everything_that_a_shipped_text_asks_for_is_explained(paper: str) -> None:
    assert all(it.meaning for it in placeholders(paper))
    assert {it.name for it in placeholders(paper)} >= {"agency", "number", "code"}


def test_all_but_papers_with_a_layout_of_their_own_can_be_changed() -> None:
    assert set(PAPERS) - set(changeable()) <= {"derivation", "listing", "bulletin"}


def test_an_office_says_it_in_its_own_words_and_order() -> None:
    its = texts(
        body=("THÔNG BÁO CHUNG", "{paragraphs}", "Căn cứ quy chế của {agency};"), recipients=("Ban Giám đốc",)
    )
    data = SAMPLES["notice"]
    said = words(render("notice", data, its))
    assert (
        said.index("THÔNG BÁO CHUNG")
        < said.index("Sau khi chuyển khoản")
        < said.index("Căn cứ quy chế của Công an xã")
    )
    assert "- Ban Giám đốc." in said
    assert "Viện kiểm sát nhân dân khu vực 3;" in said  # to whom it is addressed is no text
    kinds = [block.kind for block in composed(read("notice", data), its).body]
    assert kinds == ["center", "text", "text", "ground"]


def test_a_line_without_its_content_is_left_out() -> None:
    without = read("receipt", SAMPLES["receipt"] | {"limit": "", "giver": None, "items": []})
    lines = [block.text for block in composed(without, parse("receipt", shipped("receipt"))).body]
    assert not [
        line
        for line in lines
        if line.startswith(("Thời hạn giải quyết", "Tiếp nhận của", "Thành phần hồ sơ"))
    ]
    assert not any("{" in line for line in lines)


def test_what_is_filled_in_is_not_read_again() -> None:
    data = SAMPLES["notice"] | {"paragraphs": ["{agency} {{ 7 * 7 }} #panic()", "VIẾT HOA", "Căn cứ bịa"]}
    body = composed(Notice.model_validate(data), texts()).body
    told = [(block.kind, block.text) for block in body if block.text in ("VIẾT HOA", "Căn cứ bịa")]
    assert told == [("text", "VIẾT HOA"), ("text", "Căn cứ bịa")]
    assert "{agency} {{ 7 * 7 }} #panic()" in words(render("notice", data))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (("Hồi {when}.",), "Không có chỗ điền {when}"),
        (("Hồi {received}.",), "Không có chỗ điền {received}"),  # a receipt's, no notice's
        (("{agency",), "Dấu ngoặc nhọn không đủ cặp"),
        (("{{agency}}",), "Dấu ngoặc nhọn không đủ cặp"),
        (("{grounds} và",), "phải đứng cuối dòng"),
        (("{agency.__class__}",), "Không có chỗ điền {agency.__class__}"),
        ((), "body"),
    ],
)
def test_what_cannot_be_filled_is_said(body: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(UnfitTexts) as refused:
        texts(body=body)
    assert sentence in str(refused.value)


def test_a_document_that_is_no_toml_is_refused() -> None:
    with pytest.raises(UnfitTexts):
        parse("notice", "title = ")


def test_the_second_signature_goes_by_its_texts() -> None:
    content = Receipt.model_validate(SAMPLES["receipt"])
    assert composed(content, texts("receipt", beside="")).left is None
    left = composed(content, texts("receipt", beside="Bên giao")).left
    assert left is not None
    assert (left.post, left.name) == ("Bên giao", "Phạm Thị Quỳnh Ngọc")
