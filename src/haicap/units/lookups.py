"""Comparisons that Django lacks: `unit__any=codes` and `holder__not=F("unit")`."""

from typing import Any

from django.db.models import Lookup, TextField
from django.db.models.sql.compiler import SQLCompiler


@TextField.register_lookup
class AnyOf(Lookup):
    """The column is one of these; one parameter, and a text, where `in` sends one for each of hundreds."""

    lookup_name = "any"

    def get_prep_lookup(self) -> str:
        quoted = (one.replace("\\", r"\\").replace('"', r"\"") for one in sorted(self.rhs))
        return "{" + ",".join(f'"{one}"' for one in quoted) + "}"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, its = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s::text[])", (*its, self.rhs)


@TextField.register_lookup
class Other(Lookup):
    """The column is something else, and something; as plain as an index's condition must be to be recognised."""

    lookup_name = "not"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, its = self.process_lhs(compiler, connection)
        other, others = self.process_rhs(compiler, connection)
        return f"{column} <> {other}", (*its, *others)
