"""From the words of a cell to a code: of a choice, of yes or no."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from haicap.units.vietnamese import fold

YES_OR_NO: Mapping[str, str] = dict.fromkeys(
    ("co", "yes", "dung", "x", "1", "true", "phai", "duoc"), "yes"
) | dict.fromkeys(("khong", "no", "sai", "0", "false", "k", "khong phai"), "no")
LIKE = 0.8  # likeness from which two folded texts may be the same word mistyped


def options_of(said: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The folded words of some choices, each with its code; `said` are the words of each code."""
    return {fold(word): code for code, words in said.items() for word in words}


def choose(text: str, its: Mapping[str, str]) -> str | None:
    """The code that a text means: the same words, else the beginning or a part of one code's, else nearly the same."""
    folded = fold(text)
    if not folded:
        return None
    if folded in its:
        return its[folded]
    begins = {code for word, code in its.items() if len(folded) > 2 and word.startswith(f"{folded} ")}
    within = {code for word, code in its.items() if len(folded) > 2 and f" {folded} " in f" {word} "}
    around = _around(folded, its)
    said = set(folded.split())
    spread = {code for word, code in its.items() if len(said) > 1 and said <= set(word.split())}
    for found in (begins, within, spread, around):
        if len(found) == 1:
            return found.pop()
    return _nearly(folded, its)


def _around(folded: str, its: Mapping[str, str]) -> set[str]:
    """The codes of the words that a text holds; one within a longer one that it holds says nothing of its own."""
    words = [word for word in its if len(word) > 3 and f" {word} " in f" {folded} "]
    inner = {one for one in words for other in words if one != other and f" {one} " in f" {other} "}
    return {its[word] for word in words if word not in inner}


def _nearly(folded: str, its: Mapping[str, str]) -> str | None:
    """The one code whose words are nearly these."""
    matcher = SequenceMatcher(None, "", folded)
    found: list[tuple[float, str]] = []
    for word, code in its.items():
        matcher.set_seq1(word)
        if (
            matcher.real_quick_ratio() >= LIKE
            and matcher.quick_ratio() >= LIKE
            and (like := matcher.ratio()) >= LIKE
        ):
            found.append((like, code))
    best = {code for like, code in found if like > max(found)[0] - 0.05}
    return best.pop() if len(best) == 1 else None
