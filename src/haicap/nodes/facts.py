"""What judging must know, asked of the database for a whole batch at once."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import connections

from haicap.journal.chain import Channel
from haicap.journal.entry import Entry, read
from haicap.nodes.exchange.judging import Grant
from haicap.units.fold import Post, posts
from haicap.units.models import PostRow
from haicap.units.rights import units_over

HOMES = "SELECT DISTINCT subject, unit, channel FROM journal_entry WHERE subject = ANY (%s)"
HELD = """SELECT DISTINCT ON (id) id, stream_id, seq, unit, payload FROM journal_entry
          WHERE id = ANY (%s) ORDER BY id, stream_id, seq"""
# A grant is what the channel `reference` says it is.
POSTS = """SELECT id, subject FROM journal_entry
           WHERE id = ANY (%s) AND kind = 'grant.given' AND channel = 'reference'"""
# What the opening of a matter says; of other subjects nothing does.
SORTS = """SELECT subject, payload FROM journal_entry
           WHERE subject = ANY (%s) AND after IS NULL AND position('"procedure"'::bytea IN payload) > 0"""


class DatabaseFacts:
    """`judging.Facts` for the entries of one batch, which do not lie here yet."""

    def __init__(self, entries: Iterable[Entry[Any]], using: str) -> None:
        its = list(entries)
        self.using = using
        self._homes: dict[UUID, set[tuple[str, Channel]]] = defaultdict(set)
        self._kinds: dict[UUID, str] = {}
        subjects = list({entry.subject for entry in its})
        for subject, unit, channel in self._ask(HOMES, subjects):
            self._homes[subject].add((unit, channel))
        self._held = {
            row[0]: read(row[1], row[2], row[3], bytes(row[4]))
            for row in self._ask(HELD, [entry.id for entry in its])
        }
        self._grants = self._granted({entry.grant for entry in its if entry.grant})
        if any(grant.kinds is not None for grant in self._grants.values()):
            for subject, payload in self._ask(SORTS, subjects):
                self._note(subject, json.loads(bytes(payload))["body"].get("procedure"))
            for entry in its:
                self._note(entry.subject, getattr(entry.body, "procedure", None))

    def grant(self, entry: UUID) -> Grant | None:
        """The grant that was given by this entry."""
        return self._grants.get(entry)

    def homes(self, subject: UUID) -> Collection[tuple[str, Channel]]:
        """The units and channels in whose files the subject lies."""
        return self._homes.get(subject, ())

    def kind(self, entry: Entry[Any]) -> str | None:
        """The procedure that the matter of the entry was opened under."""
        return self._kinds.get(entry.subject)

    def held(self, entry: UUID) -> Entry[Any] | None:
        """An entry of this id that lies here already."""
        return self._held.get(entry)

    def _note(self, subject: UUID, procedure: object) -> None:
        if isinstance(procedure, str):
            self._kinds.setdefault(subject, procedure)

    def _ask(self, question: str, given: list[UUID]) -> list[tuple[Any, ...]]:
        with connections[self.using].cursor() as cursor:
            cursor.execute(question, [given])
            return cast(list[tuple[Any, ...]], cursor.fetchall())

    def _granted(self, wanted: Collection[UUID]) -> dict[UUID, Grant]:
        post_of = dict(self._ask(POSTS, list(wanted)))
        rows = PostRow.objects.using(self.using).in_bulk(list(set(post_of.values())))
        its = {pk: posts.form.validate_python(row.state, strict=False) for pk, row in rows.items()}
        found = {}
        for entry, subject in post_of.items():
            if (post := its.get(subject)) and (grant := self._of(post, entry)):
                found[entry] = grant
        return found

    def _of(self, post: Post, entry: UUID) -> Grant | None:
        given = next((grant for grant in post.grants if grant.id == entry), None)
        if given is None:
            return None
        units = None
        if given.over != "nation":
            units = units_over(given.over, post.unit, post.province, self.using)
        return Grant(units, given.kinds, _first(given.until, post.closed))


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
