"""How alike two sentences are: words, weighed by how rare they are, and groups of three letters, on folded text.

Pure functions on text; nothing here knows of matters, rights or the database. Other words for the same thing
and what officers write short lie in `data/likeness.toml`.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, combinations, pairwise
from math import log
from pathlib import Path
from typing import Generic, TypeVar

from haicap.units.vietnamese import fold

K = TypeVar("K")
WORDS, LETTERS = 0.85, 0.15  # shares of the two likenesses
PAIR, WEAK = 0.6, 0.25  # what two neighbouring syllables, and a syllable that says little, count
LEAST = 0.16  # below this nothing is offered
SAME = 0.5  # from here on two matters may be one
LONGEST = 400  # characters that are looked at
NEAR = 300  # candidates whose likeness is reckoned in full
COMMON = 12  # a word that more sentences have makes no pair of them
FEW = 20  # added to the number of candidates, so that rarity means little among few


@dataclass(frozen=True, slots=True)
class Features:
    """A sentence as it is compared: what it says, and its groups of three letters."""

    words: frozenset[str]
    letters: frozenset[str]


@dataclass(frozen=True, slots=True)
class Alike(Generic[K]):
    """A candidate and how alike it is, from 0 to 1."""

    key: K
    score: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of `data/likeness.toml`, in syllables: what is short, what means the same, what says little."""

    short: dict[str, tuple[str, ...]]
    capitals: dict[str, tuple[str, ...]]
    same: dict[tuple[str, ...], str]
    longest: int
    weak: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """The words that come with haicap."""
    text = (Path(__file__).parent / "data" / "likeness.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    same = {tuple(words.split()): f"={name}" for name, its in table["same"].items() for words in its}
    return Vocabulary(
        short={name: tuple(words.split()) for name, words in table["short"].items()},
        capitals={name: tuple(words.split()) for name, words in table["capitals"].items()},
        same=same,
        longest=max(map(len, same)),
        weak=frozenset(table["weak"]["words"]),
    )


@lru_cache(maxsize=20_000)
def features(text: str) -> Features:
    """What a sentence is compared by. Kept: titles are compared again and again."""
    known = vocabulary()
    syllables = [each for word in text[:LONGEST].split() for each in _written_out(word, known)]
    meant = _meant(syllables, known)
    pairs = {f"{one} {two}" for one, two in pairwise(syllables)}
    joined = f" {' '.join(syllables)} "
    letters = {joined[place : place + 3] for place in range(len(joined) - 2)}
    return Features(frozenset({*syllables, *pairs, *meant}), frozenset(letters))


def _written_out(word: str, known: Vocabulary) -> Iterable[str]:
    """The syllables of a word; of what is written short, those that it stands for."""
    folded = fold(word)
    if word.strip(",.;:()").isupper() and folded in known.capitals:
        return known.capitals[folded]
    return (each for part in folded.split() for each in known.short.get(part, (part,)))


def _meant(syllables: Sequence[str], known: Vocabulary) -> set[str]:
    """The things named, the longest words first, each syllable read once."""
    found, place = set(), 0
    while place < len(syllables):
        for length in range(min(known.longest, len(syllables) - place), 0, -1):
            thing = known.same.get(tuple(syllables[place : place + length]))
            if thing:
                found.add(thing)
                place += length - 1
                break
        place += 1
    return found


def ranked(
    text: str, candidates: Iterable[tuple[K, str]], *, most: int = 5, least: float = LEAST
) -> list[Alike[K]]:
    """The candidates (key, sentence) that are most like `text`, the likest first, equal ones in the given order.

    How rare a word is, is judged among the candidates themselves.
    """
    asked = features(text)
    its = [(key, features(sentence)) for key, sentence in candidates]
    weights = Weights(each.words for _key, each in its)
    near = [(weights.of(asked.words & each.words), key, each) for key, each in its]
    near = sorted((each for each in near if each[0]), key=lambda each: -each[0])[:NEAR]
    found = [Alike(key, _likeness(shared, asked, each, weights)) for shared, key, each in near]
    found.sort(key=lambda each: -each.score)
    return [each for each in found[:most] if each.score >= least]


class Weights:
    """The weight of every word among some sentences: rare ones count more, neighbours and weak ones less."""

    def __init__(self, sentences: Iterable[frozenset[str]]) -> None:
        kept = list(sentences)
        self.known: dict[str, float] = {}
        self.among = len(kept)
        self.count = Counter(chain.from_iterable(kept))

    def of(self, words: Iterable[str]) -> float:
        """The weight of some words together."""
        return sum(self.known.get(word) or self._of(word) for word in words)

    def _of(self, word: str) -> float:
        share = WEAK if word in vocabulary().weak else PAIR if " " in word else 1.0
        self.known[word] = share * log(1 + (self.among + FEW) / (1 + self.count[word]))
        return self.known[word]


def _likeness(shared: float, asked: Features, other: Features, weights: Weights) -> float:
    """Weighted Dice of the words, and plain Dice of the letters."""
    words = 2 * shared / (weights.of(asked.words) + weights.of(other.words))
    letters = 2 * len(asked.letters & other.letters) / (len(asked.letters) + len(other.letters))
    return WORDS * words + LETTERS * letters


@dataclass(frozen=True, slots=True)
class Pair(Generic[K]):
    """Two sentences that may mean one thing, and how alike they are."""

    one: K
    other: K
    score: float


def twins(sentences: Sequence[tuple[K, str]], *, least: float = SAME, most: int = 100) -> list[Pair[K]]:
    """The pairs among sentences that are most alike, the likest first, each once.

    Only pairs that share a word or neighbours rare among them (at most `COMMON` have it) are compared, so that a
    thousand sentences take no million comparisons.
    """
    its = [(key, features(sentence)) for key, sentence in sentences]
    weights = Weights(each.words for _key, each in its)
    having: dict[str, list[int]] = {}
    for place, (_key, each) in enumerate(its):
        for word in each.words:
            if weights.count[word] <= COMMON:
                having.setdefault(word, []).append(place)
    near = {pair for places in having.values() for pair in combinations(places, 2)}
    found = (_paired(its[one], its[other], weights) for one, other in sorted(near))
    return sorted((pair for pair in found if pair.score >= least), key=lambda pair: -pair.score)[:most]


def _paired(one: tuple[K, Features], other: tuple[K, Features], weights: Weights) -> Pair[K]:
    shared = weights.of(one[1].words & other[1].words)
    return Pair(one[0], other[0], _likeness(shared, one[1], other[1], weights))
