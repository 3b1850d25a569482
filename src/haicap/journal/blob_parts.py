"""Sealed files that come from another node piece by piece, and which of those that entries name are not here."""

import json
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.db import connections

from haicap.journal import blobs
from haicap.journal.batch import MOST
from haicap.journal.binary import rows
from haicap.journal.chain import Description

PLACES = """SELECT DISTINCT s.node, s.incarnation, s.unit, s.channel FROM journal_entry e
            JOIN journal_stream s ON s.id = e.stream_id
            WHERE position('"blob"'::bytea IN e.payload) > 0 AND journal_files(e.payload) @> ARRAY[%s]"""
LACKING = """SELECT l.sha256 FROM journal_lacking l JOIN journal_stream s ON s.id = l.stream
             WHERE (%b::text[] IS NULL OR s.unit = ANY (%b)) AND NOT EXISTS
                 (SELECT 1 FROM journal_entry k WHERE k.subject = l.subject AND k.kind = 'key.erased')
             ORDER BY l.subject, l.sha256 LIMIT %b"""


def files_named(payload: bytes) -> list[str]:
    """The files that an entry names and that do not lie here."""
    found = {name for name in _names(json.loads(payload)["body"]) if isinstance(name, str)}
    return sorted(name for name in found if size(name) is None and _may_be(name))


def _names(it: Any) -> Iterator[object]:
    if isinstance(it, dict):
        yield from (it[key] for key in ("blob", "picture") if key in it)
        for inner in it.values():
            yield from _names(inner)
    elif isinstance(it, list):
        for inner in it:
            yield from _names(inner)


def _may_be(name: str) -> bool:
    try:
        blobs.path_of(name)
    except blobs.Missing:
        return False
    return True


def places(name: str, using: str = "worker") -> list[Description]:
    """The streams in which an entry names this file."""
    with connections[using].cursor() as cursor:
        cursor.execute(PLACES, [name])
        return [Description(*row) for row in cursor.fetchall()]


def lacking(units: Collection[str] | None, using: str = "worker") -> dict[str, int]:
    """Files that entries in the files of `units` (None: of all) name and that have not come; at most 1,000.

    With how many bytes of each are here.
    """
    some = None if units is None else sorted(units)
    return {name: begun(name) for (name,) in rows(LACKING, [some, some, MOST], using)}


def size(name: str) -> int | None:
    """How many bytes the sealed file has that lies here whole; None for any other."""
    try:
        return blobs.path_of(name).stat().st_size
    except (FileNotFoundError, blobs.Missing):
        return None


def begun(name: str) -> int:
    """How many bytes of an unfinished file have come."""
    try:
        return _part(name).stat().st_size
    except FileNotFoundError:
        return 0


def read(name: str, offset: int, most: int) -> bytes:
    """Bytes of the sealed file; none beyond its end. Raises `blobs.Missing`."""
    try:
        with blobs.path_of(name).open("rb") as file:
            file.seek(offset)
            return file.read(most)
    except FileNotFoundError as error:
        raise blobs.Missing(name) from error


def write(name: str, offset: int, chunk: bytes) -> int:
    """Add to an unfinished file what follows on `offset` bytes; returns how many have come now.

    What does not begin where the file ends so far is passed over.
    """
    with _part(name).open("ab") as out:
        if out.tell() == offset:
            out.write(chunk)
        return out.tell()


def finish(name: str, using: str = "worker") -> bool:
    """Put a file in its place if it is what its name says; otherwise what has come is thrown away."""
    part, place = _part(name), blobs.path_of(name)
    try:
        with part.open("rb") as file:
            good = file_digest(file, "sha256").hexdigest() == name
            if good:
                os.fsync(file.fileno())
    except FileNotFoundError:
        return size(name) is not None
    if good:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        part.rename(place)
        blobs.sync_folder(place.parent)
        with connections[using].cursor() as cursor:
            cursor.execute("DELETE FROM journal_lacking WHERE sha256 = %s", [name])
    else:
        with suppress(FileNotFoundError):
            part.unlink()
    return good


def _part(name: str) -> Path:
    blobs.path_of(name)  # refuses what is no name of a file
    return blobs.folder() / f"part-{name}"
