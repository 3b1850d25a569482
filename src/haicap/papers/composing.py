"""From a paper's data and its texts to what stands on it, in order; PDF and DOCX are drawn from the same."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from haicap.papers.contents import Head, Item, LookUp, Paper, Person, Signature
from haicap.papers.texts import LISTS, MARK, Texts

Kind = Literal["text", "ground", "center", "article", "items"]
SECOND_HINT = "Ký, ghi rõ họ tên"
NAMELESS = "không nêu tên."
GROUND = "Căn cứ "  # set in italics (Decree 30/2020, Annex I)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or table: `lead` is what stands in bold before its text, `rows` the cells of a table."""

    kind: Kind
    text: str = ""
    lead: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper as it will be drawn."""

    head: Head
    dated: bool
    title: str
    summary: str
    about: str
    to: tuple[str, ...]
    body: tuple[Block, ...]
    recipients: tuple[str, ...]
    left: Signature | None
    right: Signature
    look_up: LookUp | None
    annex: tuple[str, ...]
    synthetic: bool

    @property
    def name(self) -> str:
        """What the file is called inside."""
        return " ".join(filter(None, (self.title, self.summary or self.about)))


def composed(content: Paper, texts: Texts) -> Composed:
    """The paper that `content` and `texts` make. A line of which a placeholder has nothing to say is left out."""
    words, lists = values(content)
    given: dict[str, Any] = dict(content)
    to = given.get("to", ())
    second = content.second
    left = (
        Signature(post=texts.beside, name=second, hint=SECOND_HINT)
        if second is not None and texts.beside
        else None
    )
    return Composed(
        head=content.head, dated=content.dated, title=filled(texts.title, words), summary=filled(texts.summary, words),
        about=filled(texts.about, words), to=(to,) if isinstance(to, str) else tuple(to),
        body=tuple(block for line in texts.body for block in _blocks(line, words, lists)),
        recipients=tuple(_recipients(texts, words, content)), left=left, right=given["signature"],
        look_up=content.look_up, annex=tuple(given.get("annex", ())), synthetic=content.synthetic,
    )  # fmt: skip


def values(content: Paper) -> tuple[dict[str, str], dict[str, tuple[Block, ...]]]:
    """What comes in the place of each placeholder: words, and lists."""
    data = content.model_dump(mode="json")
    words = {name: _words(it) for name, it in data.items() if name not in LISTS}
    words |= {name: data["head"][name] for name in ("agency", "superior", "place", "date")}
    words["code"] = content.look_up.code if content.look_up else ""
    if "reporter" in data and data["reporter"] is None and not content.dated:
        words["reporter"] = NAMELESS
    if "authority" in words:
        words["authority"] = words["authority"].upper()
    lists = {name: _LISTS[name](getattr(content, name)) for name in LISTS if name in data}
    return words, lists


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "\n".join(_person(value)) if value.keys() == Person.model_fields.keys() else ""
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def _person(person: Mapping[str, str]) -> Iterable[str]:
    yield person["name"]
    labels = {
        "born": "Năm sinh", "identity": "Số định danh cá nhân/giấy tờ tùy thân", "address": "Địa chỉ",
        "phone": "Số điện thoại",
    }  # fmt: skip
    for name, label in labels.items():
        if person[name]:
            yield f"{label}: {person[name]}"


def _grounds(grounds: Iterable[str]) -> tuple[Block, ...]:
    return tuple(Block("ground", text) for text in grounds)


def _articles(articles: Iterable[str]) -> tuple[Block, ...]:
    found: list[Block] = []
    for place, article in enumerate(articles, start=1):
        first, *further = article.split("\n")
        found += [Block("article", first, f"Điều {place}."), *(Block("text", line) for line in further)]
    return tuple(found)


def _clauses(clauses: Iterable[Any]) -> tuple[Block, ...]:
    found: list[Block] = []
    for clause in clauses:
        first, *further = clause.what.split("\n")
        found += [Block("article", first, f"{clause.number}."), *(Block("text", line) for line in further)]
        data = clause.model_dump(mode="json")
        said = [
            ("Đơn vị thực hiện", "; ".join(clause.by)),
            ("Chỉ tiêu", clause.measure),
            ("Hoàn thành trước", data["due"]),
        ]
        found += [Block("text", f"{label}: {text}.") for label, text in said if text]
    return tuple(found)


def _items(items: tuple[Item, ...]) -> tuple[Block, ...]:
    rows = tuple((str(n), it.name, str(it.count), it.note) for n, it in enumerate(items, start=1))
    return (Block("items", rows=rows),) if rows else ()


_LISTS: Mapping[str, Callable[[Any], tuple[Block, ...]]] = {
    "grounds": _grounds, "articles": _articles, "clauses": _clauses, "items": _items,
}  # fmt: skip


def filled(line: str, words: Mapping[str, str]) -> str:
    """The line with its placeholders filled, each once; empty where one of them has nothing to say."""
    if any(not words.get(name) for name in MARK.findall(line)):
        return ""
    return MARK.sub(lambda found: words[found[1]], line)


def _blocks(line: str, words: Mapping[str, str], lists: Mapping[str, tuple[Block, ...]]) -> Iterable[Block]:
    ending = next((name for name in MARK.findall(line) if name in LISTS), None)
    if ending is not None:
        if lists.get(ending):
            line = line.removesuffix(f"{{{ending}}}").strip()
            yield from _blocks(line, words, {})
            yield from lists[ending]
        return
    for text in filter(None, filled(line, words).split("\n")):
        yield Block(_kind(line), text)


def _kind(line: str) -> Kind:
    """How a line is set: capitals in the middle, grounds in italics."""
    if line.startswith(GROUND):
        return "ground"
    bare = MARK.sub("", line)
    return "center" if line == "{authority}" or bare.isupper() else "text"


def _recipients(texts: Texts, words: Mapping[str, str], content: Paper) -> Iterable[str]:
    for line in texts.recipients:
        if line == "{recipients}":
            yield from content.recipients
        elif text := filled(line, words):
            yield text.replace("\n", ", ")
