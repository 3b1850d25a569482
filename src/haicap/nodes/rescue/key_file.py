"""The key file of a backup: who this node is, its people's sign-ins, and what opens sealed facts.

Every run of a backup writes a whole one. It lies apart from the backup, is sealed for the same recipient, and is
destroyed after 35 days: a key that was destroyed since is in none that is left.
"""

import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connections, models
from pyrage import x25519

from haicap.journal.models import SubjectKey
from haicap.journal.node import own
from haicap.journal.sealing import key_id, unwrap, wrap
from haicap.nodes.courier.container import Wrong, seal, unsealed

PAGE = 1000
# What this installation knows beside its journal and must know again: sign-ins first, what depends on them after.
LOCAL = (
    "auth.User", "account.EmailAddress", "mfa.Authenticator", "nodes.Password", "nodes.Secured", "nodes.Peer",
    "journal.Node", "journal.ForeignCheckpoint", "journal.Abandoned", "units.SavedFilter", "matters.Watch",
)  # fmt: skip


def write_keys(folder: Path, number: int, *, to: str, at: datetime, using: str = "owner") -> Path:
    """Write the key file that goes with file `number` of a backup; `to` is an age recipient, `at` aware."""
    place = folder / f"keys-{at.astimezone(UTC):%Y%m%dT%H%M%S}-{number:06}.age"
    pieces = (json.dumps(it, ensure_ascii=False).encode() + b"\n" for it in _lines(number, at, using))
    seal(place, pieces, [to])
    return place


def _lines(number: int, at: datetime, using: str) -> Iterator[Any]:
    head = {
        "haicap": "keys/1",
        "node": str(own(using).id),
        "number": number,
        "at": at.astimezone(UTC).isoformat(),
    }
    yield head | {"keys": json.loads((Path(settings.HOME) / "node.json").read_text())}
    for label in LOCAL:
        rows = apps.get_model(label)._default_manager.using(using)
        if (
            label == "journal.Node"
        ):  # by whose keys the witness of others is proved; this one itself begins anew
            rows = rows.filter(ours=False)
        for row in rows.iterator(chunk_size=PAGE):
            yield {"row": label, "values": _as_text(row)}
    for key in SubjectKey.objects.using(using).iterator(chunk_size=PAGE):
        yield [str(key.subject), unwrap(bytes(key.wrapped)).hex()]


def _as_text(row: models.Model) -> dict[str, Any]:
    """A row's values as JSON can have them."""
    its = {field: getattr(row, field.attname) for field in row._meta.concrete_fields if field.column}
    return {field.attname: None if its[field] is None else field.value_to_string(row) for field in its}


def destroy_old(folder: Path, before: datetime) -> tuple[str, ...]:
    """Destroy the key files made before then; the names of those that were."""
    old = [file for file in sorted(folder.glob("keys-*.age")) if _made(file) < before]
    for file in old:
        file.unlink()
    return tuple(file.name for file in old)


def _made(file: Path) -> datetime:
    """When a key file was made, as its name says; one of another name is not ours to destroy."""
    with suppress(ValueError):
        return datetime.strptime(file.name[5:20], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return datetime.max.replace(tzinfo=UTC)


def read_head(file: Path, identities: Iterable[x25519.Identity]) -> dict[str, Any]:
    """Whose key file it is (`node`, `number`, `at`), and the node's private keys (`keys`). Raises `Wrong`."""
    its = _read(file, identities)
    head = next(its, None)
    its.close()
    if not isinstance(head, dict) or head.get("haicap") != "keys/1":
        raise Wrong("it is no key file, or from a newer version")
    return head


def take_keys(file: Path, identities: Iterable[x25519.Identity], using: str = "owner") -> int:
    """Keep the sign-ins and other local rows, and the keys of sealed facts that a key file has; how many keys.

    In one piece with the caller's transaction. Raises `Wrong`.
    """
    batch: list[SubjectKey] = []
    count = 0
    for it in _read(file, identities):
        if isinstance(it, list):
            key = bytes.fromhex(it[1])
            batch.append(SubjectKey(key_id=key_id(key), subject=UUID(it[0]), wrapped=wrap(key)))
        elif "row" in it:
            _keep(it["row"], it["values"], using)
        if len(batch) == PAGE:
            count, batch = count + _keep_keys(batch, using), []
    _count_on(using)
    return count + _keep_keys(batch, using)


def _keep_keys(batch: list[SubjectKey], using: str) -> int:
    SubjectKey.objects.using(using).bulk_create(batch, ignore_conflicts=True)
    return len(batch)


def _keep(label: str, values: dict[str, Any], using: str) -> None:
    if label in LOCAL:
        model = apps.get_model(label)
        fields = {field.attname: field for field in model._meta.concrete_fields if field.column}
        row = model(
            **{name: fields[name].to_python(value) for name, value in values.items() if name in fields}
        )
        row.save_base(raw=True, using=using)


def _count_on(using: str) -> None:
    """Rows that came with their numbers are followed by new ones."""
    tables = [apps.get_model(label) for label in LOCAL]
    with connections[using].cursor() as cursor:
        for statement in connections[using].ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def _read(file: Path, identities: Iterable[x25519.Identity]) -> Generator[Any, None, None]:
    with unsealed(file, identities) as source:
        for line in source:
            try:
                yield json.loads(line)
            except ValueError as error:
                raise Wrong("a line cannot be read") from error
