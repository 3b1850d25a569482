"""Finding matters by words and numbers: what was typed, as the index and the text are asked for it.

Words are folded, so that they are found with or without diacritics. Every word must be there, as a whole word; the
last may be the beginning of a Vietnamese syllable or of a longer number. Words in quotation marks, and parts of what is
written in one piece (`31-PV01-26`), must stand next to each other.
"""

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connections
from django.db.models import BooleanField, F, Field, Func, Q, QuerySet, TextField, Value

from haicap.matters.models import MatterRow
from haicap.units.rights import Person, reach, visible
from haicap.units.syllables import syllables
from haicap.units.vietnamese import fold

SHORTEST = 3  # letters of a last word that may be a beginning; a shorter one begins half of all words
SHORTEST_NUMBER = 5  # the same of one with digits
LONGEST = 60  # letters of a word in the index
MOST = 200  # counted so far and no further: who has more words does not page on, but says more
FEW = 5_000  # so many at most are named one by one where a list is narrowed to them
SEEN_BY = ("unit", "holder", "raised_by")
PIECES = re.compile(r'["“”]([^"“”]*)["“”]?|([^\s"“”]+)')


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed: words that must stand next to each other, and what the last of all may stand for.

    `ends` are whole words; where `open`, all that goes on from it too.
    """

    phrases: tuple[tuple[str, ...], ...]
    ends: tuple[str, ...]
    open: bool

    def has(self, word: str) -> bool:
        """Whether a folded word is one of those that were looked for, or goes on from the last."""
        return (
            word in self.ends
            or (self.open and word.startswith(self.ends))
            or any(word in phrase for phrase in self.phrases)
        )

    @property
    def lexemes(self) -> str:
        """What the index is asked for, as the text of a tsquery. Folded words hold no sign that it knows."""
        whole = [f"'{word[:LONGEST]}'" for phrase in self.phrases for word in phrase][:-1]
        last = " | ".join(f"'{word[:LONGEST]}'{':*' if self.open else ''}" for word in self.ends)
        return " & ".join([*whole, f"({last})"])

    @property
    def said(self) -> list[list[str]]:
        """What the text must contain: of each phrase one of its forms, between spaces, an open one without the last."""
        *whole, last = self.phrases
        forms = [" ".join(("", *last[:-1], word, *(() if self.open else ("",)))) for word in self.ends]
        return [*([f" {' '.join(phrase)} "] for phrase in whole), forms]

    @property
    def patterns(self) -> list[str]:
        """Of `said` what the index alone cannot tell, as regular expressions."""
        sure = [len(phrase) == 1 and len(phrase[0]) < LONGEST for phrase in self.phrases]
        return ["|".join(forms) for forms, alone in zip(self.said, sure, strict=True) if not alone]


def asked(text: str) -> Asked | None:
    """What is meant by a text; None where it has neither letters nor digits."""
    phrases, quoted = [], False
    for piece in PIECES.finditer(text):
        if words := fold(piece[0]).split():
            phrases.append(tuple(words))
            quoted = piece[1] is not None
    if not phrases:
        return None
    last = phrases[-1][-1]
    if quoted:
        return Asked(tuple(phrases), (last,), False)
    number = any(map(str.isdigit, last))
    ends = (last,) if number or len(last) < SHORTEST else (last, *syllables(last))
    return Asked(tuple(phrases), ends, number and len(last) >= SHORTEST_NUMBER)


def found(person: Person, its: Asked, most: int = MOST + 1) -> list[UUID]:
    """The matters that `person` may see and that fit, the newest first, at most `most`. One query.

    The database takes the reach from the session, for whatever procedure; a second query where some grant is for some
    procedures alone.
    """
    reached = reach(person, "matter.see")
    kinds = [part.kinds for part in reached.parts]
    if reached.everywhere or not any(kinds):
        return _ids(its.lexemes, its, most)
    only = "|".join(sorted({f"'=k{kind}'" for each in kinds for kind in each or ()}))
    ids = _ids(f"{its.lexemes} & ({only})" if all(kinds) else its.lexemes, its, most)
    rows = visible(person, "matter.see", MatterRow.objects.filter(pk__in=ids), by=SEEN_BY)
    allowed = set(rows.values_list("pk", flat=True))
    return [each for each in ids if each in allowed]


def _ids(lexemes: str, its: Asked, most: int, *, retracted: bool = False) -> list[UUID]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT matters_found(%s, %s, %s, %s)", [lexemes, its.patterns, most, retracted])
        ids: list[UUID] = cursor.fetchone()[0]
    return ids


class _Among(Func):
    """One parameter for thousands of ids."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def narrowed(rows: QuerySet[MatterRow], text: str) -> QuerySet[MatterRow]:
    """Of these rows, which the person may see, those that fit a text; nothing readable narrows nothing. One query.

    Few are named one by one. Of many, the text of each row is looked at: whatever order the list has, a page of it is
    full soon.
    """
    its = asked(text)
    if its is None:
        return rows
    ids = _ids(its.lexemes, its, FEW + 1, retracted=True)
    if len(ids) <= FEW:
        return rows.filter(_Among(F("pk"), Value(ids, output_field=Field())))
    said = Func(F("words"), F("number"), function="matters_said", output_field=TextField())
    fits = Q()
    for forms in its.said:
        fits &= reduce(or_, (Q(said__contains=form) for form in forms))
    return rows.alias(said=said).filter(fits)
