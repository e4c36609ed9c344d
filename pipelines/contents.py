"""What the warehouse's relations hold and what they were built from, said in the comment of each; what a file holds.

Belongs here: that comment, and the content of a table or a file. Not here: what a relation follows from (orchestration.dbt.recipes), views
over landed files (pipelines.landing.warehouse).

A *content* tells one state of rows from another: of a table its columns, the number of its rows and two sums over their hashes; of a
view whatever its maker says. The comment is set in the transaction that makes the relation: who replaces the relation by other means
(dbt by hand) replaces the comment with it, and nothing is known of it then.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.quoting import identifier, literal


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view of the warehouse."""

    schema: str
    name: str

    @property
    def sql(self) -> str:
        """Its name in a statement."""
        return f"{identifier(self.schema)}.{identifier(self.name)}"


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a relation; None where nobody said."""

    is_view: bool
    content: str | None
    recipe: str | None = None
    """What it was built from."""
    rows: int | None = None
    """How many rows it has; None where nobody counted."""


def states(connection: duckdb.DuckDBPyConnection) -> dict[Relation, State]:
    """All relations of the warehouse as they are."""
    rows = connection.execute(
        "select schema_name, table_name, false, comment from duckdb_tables() "
        "where not internal and database_name = current_database() union all "
        "select schema_name, view_name, true, comment from duckdb_views() "
        "where not internal and database_name = current_database()"
    ).fetchall()
    return {Relation(schema, name): _read(is_view, comment) for schema, name, is_view, comment in rows}


def say(connection: duckdb.DuckDBPyConnection, relation: Relation, state: State) -> None:
    """Write the comment of a relation just made, in the transaction that made it."""
    counted = {} if state.rows is None else {"rows": state.rows}
    said = json.dumps({"content": state.content, "recipe": state.recipe, **counted}, separators=(",", ":"))
    connection.execute(f"comment on {'view' if state.is_view else 'table'} {relation.sql} is {literal(said)}")


def of_table(connection: duckdb.DuckDBPyConnection, relation: Relation) -> str:
    """The content of a table, from one pass over its rows."""
    # Sums do not depend on the order of rows, which a table does not have either.
    found = connection.execute(
        "select count(*), sum(hash(a_whole_row)::hugeint)::varchar, bit_xor(hash(a_whole_row))::varchar "
        f"from {relation.sql} as a_whole_row"
    ).fetchone()
    described = connection.execute(f"select * from {relation.sql} limit 0").description or ()
    return digest([[(name, str(kind)) for name, kind, *_ in described], found])


def of_file(path: Path) -> str:
    """The SHA-256 of a file's content, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(thing: object) -> str:
    """A name of 32 signs for a value of plain types."""
    return hashlib.sha256(json.dumps(thing, separators=(",", ":")).encode()).hexdigest()[:32]


def _read(is_view: bool, comment: str | None) -> State:
    try:
        said = json.loads(comment or "")
        return State(is_view, said["content"], said["recipe"], said.get("rows"))
    except (ValueError, KeyError, TypeError):
        return State(is_view, None)
