"""How alike two sentences are, measured on difficulties that were raised in public and words that officers type."""

import csv
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from haicap.matters import likeness
from haicap.matters.difficulties import published
from haicap.matters.likeness import features, ranked, twins

HERE = Path(__file__).parent
YEAR = Path(likeness.__file__).parent / "data" / "year.toml"
FOLLOWS = {"no": 0.97, "yes": 0.85}  # share found: written before, and after the list of other words was


def pairs(after: str) -> list[tuple[int, str]]:
    with (HERE / "likeness_pairs.csv").open(encoding="utf-8") as file:
        return [(int(row["number"]), row["typed"]) for row in csv.DictReader(file) if row["after"] == after]


def distractors() -> Iterator[str]:
    """Every title that the demonstration's year can give, those with a number several times."""
    words = tomllib.loads(YEAR.read_text(encoding="utf-8"))
    for kind in words["difficulty"].values():
        yield from kind["titles"]
    for titles in words["title"].values():
        for title in titles:
            yield from (title.replace("{n}", str(number)) for number in range(1, 60))


def candidates() -> list[tuple[int, str]]:
    real = [(row.number, row.title_vi or row.title) for row in published()]
    return real + list(enumerate(dict.fromkeys(distractors()), 1000))


def found(after: str) -> tuple[int, int]:
    its, asked = candidates(), pairs(after)
    hits = sum(number in [each.key for each in ranked(typed, its, most=3)] for number, typed in asked)
    return hits, len(asked)


def test_the_pairs_are_many_and_half_without_diacritics() -> None:
    typed = [text for after in FOLLOWS for _number, text in pairs(after)]
    bare = [text for text in typed if text.isascii()]
    assert len(typed) >= 60
    assert len(bare) >= 30
    assert len(bare) >= 0.4 * len(typed)
    assert len(list(candidates())) >= 300


def test_the_right_difficulty_is_among_the_first_three(
    record_property: Callable[[str, object], None],
) -> None:
    counts = {after: found(after) for after in FOLLOWS}
    hits, of = (sum(each) for each in zip(*counts.values(), strict=True))
    record_property("likeness", f"{hits} of {of} among the first three of {len(candidates())}; {counts}")
    assert hits / of >= 0.9, counts
    for after, share in FOLLOWS.items():
        assert counts[after][0] / counts[after][1] >= share


@pytest.mark.parametrize(
    ("short", "long"),
    [("CAX", "Công an xã"), ("TTB", "trang thiết bị"), ("cccd", "căn cước"), ("CAP", "Công an phường")],
)
def test_what_is_written_short_is_written_out(short: str, long: str) -> None:
    assert features(f"Thiếu {short}").words == features(f"Thiếu {long}").words


def test_a_short_form_that_is_also_a_word_counts_in_capitals_alone() -> None:
    assert "cong an" not in features("cấp thẻ").words
    assert "cong an" in features("CAP Hồng Bàng").words


def test_diacritics_case_and_order_change_little() -> None:
    its = [(1, "Đường truyền chập chờn vào giờ cao điểm"), (2, "Trụ sở dột khi mưa")]
    for typed in ("duong truyen chap chon", "CHẬP CHỜN ĐƯỜNG TRUYỀN", "đường truyền giờ cao điểm chập chờn"):
        assert ranked(typed, its)[0].key == 1


@pytest.mark.parametrize("typed", ["", "   ", "?!", "zzzz"])
def test_what_says_nothing_finds_nothing(typed: str) -> None:
    assert ranked(typed, candidates()) == []
    assert ranked("Trụ sở dột", []) == []


def test_the_same_sentence_is_wholly_alike() -> None:
    assert ranked("Trụ sở dột", [(1, "Trụ sở dột")])[0].score == pytest.approx(1)


def test_twins_are_pairs_once_each_the_likest_first() -> None:
    its = [
        (1, "Trộm xe máy tại chợ Sắt"), (2, "Đánh bạc tại ngõ 12"), (3, "Trộm xe máy ở chợ Sắt"),
        (4, "Mất xe máy gần chợ Sắt, nghi bị trộm"),
    ]  # fmt: skip
    its += [(number, f"Việc thường ngày thứ {number}") for number in range(10, 13)]
    pairs_of = [(pair.one, pair.other) for pair in twins(its, least=0.4)]
    assert pairs_of[0] == (1, 3)
    assert all(2 not in pair for pair in pairs_of)
    assert len(pairs_of) == len({frozenset(pair) for pair in pairs_of})
