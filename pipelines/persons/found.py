"""Where a home holds something about a person.

Belongs here: looking, in every table and every file of the home. Not here: changing anything.

A person is known by the id their source delivers (or whatever else a personal column holds). In tables they are found by their keyed
pseudonym. Where a record could not be read, and in texts, they are found by that id as a word; not an id of digits alone or of less
than three characters, which would find customers and amounts, too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import duckdb

from pipelines import duck
from pipelines.contracts import Contract
from pipelines.errors import Problem, UsageError
from pipelines.home import Home
from pipelines.landing import ledger, secret
from pipelines.landing.write import batch_files
from pipelines.quoting import identifier, literal

Kind = Literal["raw", "quarantine", "corrections", "original", "version", "answer", "table", "file"]
"""What a place is: `original` a kept copy of a delivered file, `answer` a version that no pointer names, `table` another Parquet
file, `file` any other file."""

_PSEUDONYM: Final = re.compile(r"[0-9a-f]{64}")
_SHORTEST: Final = 3
_ENCODINGS: Final = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Person:
    """`given` is what was asked for, `pseudonym` what tables hold instead; None is no `id` where the pseudonym was given."""

    given: str
    pseudonym: str
    id: str | None

    @property
    def is_looked_for_in_texts(self) -> bool:
        """Whether the id is a word of its own."""
        return self.id is not None and len(self.id) >= _SHORTEST and not self.id.isdigit()

    @property
    def word(self) -> str:
        """A regular expression (RE2) of the id as a word."""
        return rf"(^|[^\pL\pN]){re.escape(self.id or '')}($|[^\pL\pN])"


@dataclass(frozen=True, slots=True)
class Place:
    """A file of the home, `path` relative to it, that holds something: `records` of a table, `columns` where the person stands in it.
    `table` and `delivered_as` of a copy of a delivered file say what was made of it and its name."""

    path: str
    kind: Kind
    table: str | None = None
    records: tuple[Mapping[str, Any], ...] = ()
    columns: tuple[str, ...] = ()
    delivered_as: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """All that a home holds about a person."""

    person: Person
    places: tuple[Place, ...] = field(default=())


def identified(home: Home, given: str) -> Person:
    """The person somebody asks for: by id as delivered, or by pseudonym. Raises KundenwertError PERSON_UNKNOWN for no text."""
    text = given.strip()
    if not text:
        raise UsageError(Problem("PERSON_UNKNOWN", "no person is named", remedy="give the id as it is delivered"))
    if _PSEUDONYM.fullmatch(text):
        return Person(text, text, None)
    with duck.memory(home.temporary) as connection:
        query = f"select {secret.hmac_sql('$text')}"
        key = secret.hmac_parameters(secret.pseudonym_key(home))
        ((pseudonym,),) = connection.execute(query, {"text": text, **key}).fetchall()
    return Person(text, str(pseudonym), text)


def held(home: Home, contracts: Mapping[str, Contract], person: Person) -> Held:
    """Look everywhere. The databases beside a version's tables hold the same rows and are not looked into; nor is the warehouse, which is
    built of what is landed."""
    with duck.memory(home.temporary) as connection:
        places = [*_tables(home, connection, person), *_originals(home, connection, contracts, person)]
    return Held(person, (*places, *_files(home, person)))


def matches(columns: Sequence[str], person: Person, words_in: Sequence[str]) -> str:
    """A condition: one of `columns` (SQL) is the person, or one of `words_in` names them."""
    parts = [f"{name} = {literal(person.pseudonym)}" for name in columns]
    if person.is_looked_for_in_texts:
        parts += [f"regexp_matches({name}, {literal(person.word)})" for name in words_in]
    return " or ".join(parts) or "false"


def texts_of(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The text columns of a Parquet file."""
    rows = connection.execute(f"describe select * from {relation(path)}").fetchall()
    return [str(name) for name, kind, *_ in rows if kind == "VARCHAR"]


def relation(path: Path) -> str:
    """The rows of one Parquet file."""
    return f"read_parquet({literal(path)}, hive_partitioning=false)"


def _tables(home: Home, connection: duckdb.DuckDBPyConnection, person: Person) -> Iterator[Place]:
    for path in _all(home, "*.parquet"):
        try:
            names = texts_of(connection, path)
        except (duckdb.IOException, duckdb.InvalidInputException):
            continue
        columns = [identifier(name) for name in names]
        if not columns:
            continue
        if not _may_be_in(connection, path, columns, person):
            continue
        # A pseudonym may stand in a key of several parts.
        inside = [f"contains({name}, {literal(person.pseudonym)})" for name in columns]
        condition = " or ".join([matches(columns, person, columns), *inside])
        rows = connection.execute(f"select * from {relation(path)} where {condition}")
        header = [column[0] for column in rows.description or ()]
        records = tuple(dict(zip(header, row, strict=True)) for row in rows.fetchall())
        if records:
            found = tuple(name for name in names if any(_is_in(record[name], person) for record in records))
            kind = _kind(home, path)
            table = path.parents[1].name if kind in ("raw", "quarantine") else path.stem
            yield Place(_name(home, path), kind, table, records, found)


def _may_be_in(connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str], person: Person) -> bool:
    """Whether the id or the pseudonym is anywhere in the file: mostly it is not, and asking for words costs much more."""
    text = f"concat_ws(' ', {', '.join(columns)})"
    needles = [person.pseudonym, *([person.id] if person.is_looked_for_in_texts and person.id else [])]
    is_there = " or ".join(f"contains({text}, {literal(needle)})" for needle in needles)
    return connection.execute(f"select 1 from {relation(path)} where {is_there} limit 1").fetchone() is not None


def _is_in(value: object, person: Person) -> bool:
    text = str(value or "")
    is_word = person.is_looked_for_in_texts and re.search(rf"(?<!\w){re.escape(person.id or '')}(?!\w)", text)
    return person.pseudonym in text or bool(is_word)


def _originals(
    home: Home, connection: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract], person: Person
) -> Iterator[Place]:
    """Kept copies: those whose rows are about the person, and those that hold the id as a word."""
    seen: set[str] = set()
    for entry in ledger.read(home):
        files = [file for file in entry.files if file.sha256 not in seen and (home.originals / file.sha256).is_file()]
        is_made_of = files and _has_rows(connection, batch_files(home, entry), contracts[entry.table], person)
        for file in files:
            path = home.originals / file.sha256
            if is_made_of or _bytes_name(path, person):
                seen.add(file.sha256)
                yield Place(_name(home, path), "original", entry.table, delivered_as=file.name)


def _has_rows(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], contract: Contract, person: Person) -> bool:
    columns = [identifier(column.load_name) for column in contract.columns if column.personal]
    if not columns:
        return False
    return any(
        connection.execute(f"select 1 from {relation(path)} where {matches(columns, person, ())} limit 1").fetchone()
        for path in paths[:2]
        if path.is_file()
    )


def _files(home: Home, person: Person) -> Iterator[Place]:
    """Files that are no tables: pages, logs, run history. Databases beside a version's tables and the warehouse are left out."""
    for path in _all(home, "*"):
        is_left_out = path.suffix in (".parquet", ".duckdb") or path.is_relative_to(home.originals)
        if not is_left_out and path not in (home.secret, home.lock, home.erasures) and _bytes_name(path, person):
            kind = _kind(home, path)
            yield Place(_name(home, path), kind if kind in ("version", "answer") else "file")


def _all(home: Home, pattern: str) -> list[Path]:
    return sorted(
        path
        for path in home.root.rglob(pattern)
        if path.is_file() and not path.is_symlink() and not path.is_relative_to(home.temporary)
    )


def _bytes_name(path: Path, person: Person) -> bool:
    content = path.read_bytes()
    if person.pseudonym.encode() in content:
        return True
    if not person.is_looked_for_in_texts or person.id is None:
        return False
    return any(_word_in(content, person.id, encoding) for encoding in _ENCODINGS)


def _word_in(content: bytes, word: str, encoding: str) -> bool:
    try:
        needle = word.encode(encoding)
    except UnicodeEncodeError:
        return False
    if encoding.startswith("utf-16") or needle not in content:
        return needle in content
    return re.search(rb"(?<![0-9A-Za-z])" + re.escape(needle) + rb"(?![0-9A-Za-z])", content) is not None


def _kind(home: Home, path: Path) -> Kind:
    zones: tuple[tuple[Path, Kind], ...] = (
        (home.raw, "raw"),
        (home.quarantine, "quarantine"),
        (home.corrections, "corrections"),
        (home.published / "asked", "answer"),
        (home.published, "version"),
    )
    return next((kind for zone, kind in zones if path.is_relative_to(zone)), "table")


def _name(home: Home, path: Path) -> str:
    return path.relative_to(home.root).as_posix()
