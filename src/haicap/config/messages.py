"""The texts that people see: catalogs compiled at the first need, and a language for commands without a database."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

ROOMS = Path(__file__).resolve().parent.parent


def speak(language: str, *rooms: str) -> None:
    """Set Django up for the texts of some rooms in a language, and for nothing else: no home, no database."""
    import django
    from django.conf import settings
    from django.utils import translation

    compile_messages()
    catalogs = [ROOMS / room / "locale" for room in rooms]
    settings.configure(LOCALE_PATHS=catalogs, LANGUAGE_CODE="vi", USE_TZ=True)
    django.setup()
    translation.activate(language)


def compile_messages() -> int:
    """Compile the catalogs that are newer than their compiled form, with Babel; how many were."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    stale = list(_stale_catalogs())
    for source in stale:
        compiled = BytesIO()
        with source.open("rb") as text:
            write_mo(compiled, read_po(text, locale=source.parent.parent.name))
        _replace(source.with_suffix(".mo"), compiled.getvalue())
    return len(stale)


def _stale_catalogs() -> Iterator[Path]:
    for source in sorted(ROOMS.glob("*/locale/*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source


def _replace(file: Path, content: bytes) -> None:
    """Put a file in place whole: a process that reads it meanwhile sees the old one or the new one."""
    new = file.with_suffix(".new")
    new.write_bytes(content)
    new.replace(file)
