"""From the words of a cell to a code of the procedure."""

from collections.abc import Mapping
from difflib import SequenceMatcher

from haicap.matters.fields import Field
from haicap.matters.telling import BY
from haicap.units.vietnamese import fold

YES = ("co", "yes", "dung", "x", "1", "true", "phai", "duoc")
NO = ("khong", "no", "sai", "0", "false", "k", "khong phai")
WAYS: Mapping[str, str] = {
    "desk": "truc tiep|tai tru so|tai quay|tai don vi|den truc tiep|desk|in person",
    "phone": "dien thoai|qua dien thoai|goi dien|duong day nong|phone|sdt",
    "letter": "cong van|van ban|don thu|buu dien|buu chinh|thu|letter|qua don|don",
    "visit": "tiep cong dan|xuong co so|kiem tra|visit",
    "online": "truc tuyen|cong dich vu cong|vneid|mang|online|email|zalo|website",
    "unit": "don vi|don vi neu|tu phat hien|co quan|unit",
}
LIKE = 0.8  # likeness from which two folded texts may be the same word mistyped


def options_of(field: Field | None) -> dict[str, str]:
    """The folded words of a field's choices, each with its code; empty where it has none; for None, of the ways in."""
    if field is None:
        words = {word: code for code, its in WAYS.items() for word in its.split("|")}
        return words | {fold(str(said())): code for code, said in BY.items()}
    if field.type == "yes-no":
        return dict.fromkeys(YES, "yes") | dict.fromkeys(NO, "no")
    return {fold(word): code for code, text in field.of.items() for word in (code, text.vi, text.en)}


def choose(text: str, its: Mapping[str, str]) -> str | None:
    """The code that a text means: the same words, else the beginning or a part of one code's, else nearly the same."""
    folded = fold(text)
    if not folded:
        return None
    if folded in its:
        return its[folded]
    begins = {code for word, code in its.items() if len(folded) > 2 and word.startswith(f"{folded} ")}
    within = {code for word, code in its.items() if len(folded) > 2 and f" {folded} " in f" {word} "}
    around = {code for word, code in its.items() if len(word) > 3 and f" {word} " in f" {folded} "}
    said = set(folded.split())
    spread = {code for word, code in its.items() if len(said) > 1 and said <= set(word.split())}
    for found in (begins, within, spread, around):
        if len(found) == 1:
            return found.pop()
    return _nearly(folded, its)


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
