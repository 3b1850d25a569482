"""Which texts people can see, and whether each has its English: the catalogs of all rooms.

`python -m haicap.web.messages` adds what is missing, empty, to the catalog of the room that says it, and takes
out what nobody says any more. Source texts are Vietnamese; `locale/en` of a room holds their English. The
web room's `locale/vi` is the one exception: Vietnamese for English texts of django-allauth, which has none.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import allauth
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
ENGLISH = Path("locale/en/LC_MESSAGES/django.po")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
SAID = re.compile(
    r"""(?<!\w)(?P<plural>n)?(?:gettext|_)\(u?(?P<one>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""(?:,\s*u?(?P<many>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))?"""
)

Message = str | tuple[str, str]  # one text, or singular and plural


def rooms() -> list[Path]:
    """The packages of haicap that may speak to people, by name."""
    return sorted(place.parent for place in PACKAGE.glob("*/__init__.py"))


def said(room: Path) -> set[Message]:
    """Every text that the room's Python and templates give to gettext."""
    return set(_in_python(room)) | set(_in_templates(room.rglob("templates/**/*")))


def said_by_allauth() -> set[Message]:
    """Every text of the sign-in pages that are bought."""
    bought = Path(allauth.__file__).parent
    files = [file for file in bought.rglob("templates/**/*") if "email" not in file.parts]
    rooms = (bought / "account", bought / "mfa")
    return {text for room in rooms for text in _in_python(room)} | set(_in_templates(files))


def _in_python(folder: Path) -> Iterator[Message]:
    found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords=KEYWORDS)
    for _file, _line, message, _comments, _context in found:
        yield _message(message)


def _message(text: str | Sequence[str]) -> Message:
    return text if isinstance(text, str) else (text[0], text[1])


def _in_templates(files: Iterable[Path]) -> Iterator[Message]:
    for file in files:
        if file.suffix in {".html", ".txt"}:
            for found in SAID.finditer(templatize(file.read_text(encoding="utf-8"), origin=str(file))):
                one = ast.literal_eval(found["one"])
                yield (one, ast.literal_eval(found["many"])) if found["plural"] else one


def catalog(file: Path) -> Catalog:
    """The catalog in `file`, or an empty one of the language that its path names."""
    language = file.parent.parent.name
    if not file.exists():
        return Catalog(locale=language, fuzzy=False)
    with file.open("rb") as text:
        return read_po(text, locale=language)


def held(book: Catalog) -> dict[Message, bool]:
    """The catalog's texts, and whether each is translated in full."""
    return {_message(one.id): _full(one.string) and not one.fuzzy for one in book if one.id}


def translations(book: Catalog) -> dict[Message, str]:
    """The catalog's texts and what they are in its language, singular and plural in one string."""
    return {_message(one.id): _one_string(one.string) for one in book if one.id}


def _one_string(translation: str | Sequence[str] | None) -> str:
    return translation if isinstance(translation, str) else " / ".join(translation or ())


def _full(translation: str | Sequence[str] | None) -> bool:
    return all(translation) if isinstance(translation, list | tuple) else bool(translation)


def complete(room: Path) -> int:
    """Bring the room's English catalog in line with what it says; how many texts still lack their English."""
    texts, file = said(room), room / ENGLISH
    old = catalog(file)
    new = Catalog(locale="en", fuzzy=False, project="haicap", copyright_holder="haicap", version="1")
    for text in sorted(texts, key=str):
        known = old.get(text if isinstance(text, str) else text[0])
        new.add(text, known.string if known else "")
    if texts or file.exists():
        save(new, file)
    return sum(not full for full in held(new).values())


def save(book: Catalog, file: Path) -> None:
    """Write a catalog sorted and without places or dates, so that a difference shows only words."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = BytesIO()
    write_po(text, book, width=110, no_location=True, omit_header=True, sort_output=True)
    file.write_bytes(_header(book) + text.getvalue())


def _header(book: Catalog) -> bytes:
    plural = book.plural_forms
    fields = (
        f"Language: {book.locale}\\n",
        "Content-Type: text/plain; charset=utf-8\\n",
        f"Plural-Forms: {plural}\\n",
    )
    return ('msgid ""\nmsgstr ""\n' + "".join(f'"{field}"\n' for field in fields) + "\n").encode()


if __name__ == "__main__":
    for place in rooms():
        if missing := complete(place):
            print(f"{place.name}: {missing} without English in {place / ENGLISH}")  # noqa: T201
