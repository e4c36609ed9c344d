"""Erasing what a home holds about a person.

Belongs here: what becomes of each place. Not here: finding it (found.py), later deliveries (pipelines.landing.erased).

Rows about the person (their own row among contacts or sales representatives) are deleted. Of rows about something else, a rating or a
visit, the person is taken out, so that no number of a customer changes. Kept copies of the delivered files that name them are removed:
a copy is named by its hash and cannot be changed. The warehouse is removed, it is built anew. Versions are sealed and hold, if
anything, the keyed pseudonym: those that do are removed whole, except the one that BI tools read, which a run must replace first."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from pipelines import duck, durable
from pipelines.contracts import Contract
from pipelines.errors import Problem, UsageError
from pipelines.home import Home
from pipelines.landing import erased, ledger
from pipelines.landing.write import UNREADABLE_VALUES
from pipelines.persons.found import Held, Person, Place, held, matches, relation, texts_of
from pipelines.publishing import layout
from pipelines.quoting import identifier, literal
from pipelines.workshop import workshop

_TECHNICAL: Final = ("batch_id", "file_name", "line_number")


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done: rows changed or deleted by table, copies of delivered files and versions removed, and what is `left`, with what to do
    about it (path, next step)."""

    rows: Mapping[str, int]
    originals: int
    versions: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def erase(home: Home, contracts: Mapping[str, Contract], person: Person, why: str = "") -> Erasure:
    """Erase the person; may be repeated, also after it was interrupted. The caller holds the home's lock.

    Raises KundenwertError PERSON_UNKNOWN if nothing is held about the person and they were never erased, PERSON_IN_REASON if
    `why` names them.
    """
    if person.id is not None and person.id in why:
        raise _usage(
            "PERSON_IN_REASON", "the reason names the person; it is kept in the log", "say why without the person"
        )
    marked = erased.mark(person.pseudonym)
    there = held(home, contracts, person)
    if not there.places and marked not in erased.read(home).marks:
        what = f"nothing is held about {person.given}"
        raise _usage(
            "PERSON_UNKNOWN", what, "give the id as it is delivered; kundenwert person export shows what is found"
        )
    originals = [Path(place.path).name for place in there.places if place.kind == "original"]
    # The list first: whatever happens then, no delivery brings the person back.
    erased.add(home, marks=[marked], originals=originals)
    rows = _tables(home, contracts, there)
    erased.remove_originals(home)
    _forget_what_is_built(home)
    versions = _versions(home, there)
    left = [*_left(home, contracts, person)]
    done = Erasure(dict(rows), len(originals), versions, tuple(left))
    _log(home, done, why)
    return done


def _tables(home: Home, contracts: Mapping[str, Contract], there: Held) -> Counter[str]:
    rows: Counter[str] = Counter()
    with workshop(home.temporary, "erase") as work, duck.memory(home.temporary) as connection:
        for place in there.places:
            path = home.root / place.path
            if place.kind in ("raw", "quarantine"):
                query = _without(connection, path, place, contracts, there.person)
                duck.write_parquet(connection, query, work / "part.parquet")
                ((rows_now,),) = connection.execute(f"select count(*) from ({query})").fetchall()
                durable.replace_file(work / "part.parquet", path)
                if place.kind == "raw":
                    _recount(home, place, path, rows_now)
            elif place.kind == "corrections":
                duck.write_parquet(connection, _replaced(connection, path, there.person), work / "part.parquet")
                durable.replace_file(work / "part.parquet", path)
            elif place.kind == "table":
                # Results of the last run, written anew by the next.
                path.unlink()
            else:
                continue
            rows[place.table or place.kind] += len(place.records)
    return rows


def _without(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    place: Place,
    contracts: Mapping[str, Contract],
    person: Person,
) -> str:
    """The rows of a batch's file without the person."""
    if place.table == UNREADABLE_VALUES:
        named = matches((), person, ("raw_value",))
        replaced = f"replace(row_key, {literal(person.pseudonym)}, {literal(erased.NOBODY)}) as row_key"
        return f"select * replace ({replaced}, case when not ({named}) then raw_value end as raw_value) from {relation(path)}"
    contract = contracts[str(place.table)]
    personal = {identifier(column.load_name): column for column in contract.columns if column.personal}
    about = [name for name, column in personal.items() if erased.is_about(contract, column)]
    is_about = matches(about, person, ())
    if place.kind == "raw":
        changed = [
            f"case when {name} = {literal(person.pseudonym)} then {literal(erased.NOBODY) if column.required else 'null'} "
            f"else {name} end as {name}"
            for name, column in personal.items()
        ]
        if not changed:
            return f"select * from {relation(path)}"
        return f"select * replace ({', '.join(changed)}) from {relation(path)} where ({is_about}) is not true"
    # A rejected row stays counted, with where it stood and why; of one about the person nothing else stays.
    changed = []
    for column in contract.columns:
        name = identifier(column.load_name)
        gone = is_about if name not in personal else f"{name} = {literal(person.pseudonym)} or {is_about}"
        changed.append(f"case when ({gone}) is not true then {name} end as {name}")
    named = matches(list(personal), person, ("raw_text",))
    changed.append(f"case when ({named}) is not true then raw_text end as raw_text")
    return f"select * replace ({', '.join(changed)}) from {relation(path)}"


def _replaced(connection: duckdb.DuckDBPyConnection, path: Path, person: Person) -> str:
    """Corrections as they are, with nobody in the person's place."""
    if not person.is_looked_for_in_texts:
        return f"select * from {relation(path)}"
    nobody = rf"\1{erased.NOBODY}\2"
    changed = [
        f"regexp_replace({identifier(name)}, {literal(person.word)}, {literal(nobody)}, 'g') as {identifier(name)}"
        for name in texts_of(connection, path)
    ]
    return f"select * replace ({', '.join(changed)}) from {relation(path)}"


def _recount(home: Home, place: Place, path: Path, rows: int) -> None:
    """Of a batch that has so many rows now, the deleted ones count as left out: what came in is still accounted for."""
    batch = path.parent.name.removeprefix("batch=")
    with ledger.locked(home):
        for entry in ledger.read(home):
            if entry.table == place.table and entry.batch_id == batch:
                filtered = entry.rows_filtered + entry.rows_accepted - rows
                counts = {"rows_accepted": rows, "rows_filtered": filtered}
                ledger.commit(home, entry.model_copy(update=counts))


def _forget_what_is_built(home: Home) -> None:
    for path in home.root.glob("warehouse*.duckdb*"):
        path.unlink()
    for path in home.temporary.iterdir() if home.temporary.is_dir() else ():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _versions(home: Home, there: Held) -> tuple[str, ...]:
    """Remove the versions and answers that hold the pseudonym, not the one BI tools read; their names."""
    current = layout.pointed_number(home)
    kept = None if current is None else layout.directory_of(home, current)
    found = {_version_of(home, place) for place in there.places if place.kind in ("version", "answer")} - {kept}
    removed = []
    for directory in sorted(path for path in found if path is not None and path.is_dir()):
        doomed = home.published / f"{layout.PRUNING}{directory.name}"
        durable.rename(directory, doomed)
        shutil.rmtree(doomed)
        removed.append(directory.relative_to(home.published).as_posix())
    return tuple(removed)


def _version_of(home: Home, place: Place) -> Path:
    path = (home.root / place.path).relative_to(home.published)
    return home.published.joinpath(*path.parts[: 2 if place.kind == "answer" else 1])


def _left(home: Home, contracts: Mapping[str, Contract], person: Person) -> Sequence[tuple[str, str]]:
    steps = {
        "version": "kundenwert run publishes a version without it; then kundenwert person erase again",
        "raw": "a text names the person: correct it in the source system and deliver again",
        "file": "remove the file if it names the person; pages and logs are written anew",
    }
    # Without its ledger a batch was never landed: an earlier release quoted rejected values there, ids of persons among them.
    ledger = (
        "do not remove it, landing stands on it; it quotes the person in a finding: land the deliveries in a new home"
    )
    return [
        (
            place.path,
            ledger if (home.root / place.path).is_relative_to(home.ledger) else steps.get(place.kind, steps["raw"]),
        )
        for place in held(home, contracts, person).places
    ]


def _log(home: Home, done: Erasure, why: str) -> None:
    """Append to the log of erasures, without the person."""
    line = {
        "erased_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "why": why,
        "rows": dict(sorted(done.rows.items())),
        "originals": done.originals,
        "versions": list(done.versions),
        "left": [path for path, _ in done.left],
    }
    before = home.erasures.read_text(encoding="utf-8") if home.erasures.is_file() else ""
    durable.write_text(home.erasures, before + json.dumps(line, ensure_ascii=False) + "\n")


def _usage(code: str, what: str, remedy: str) -> UsageError:
    return UsageError(Problem(code, what, remedy=remedy))
