"""The doors through which dbt sees landed data: views over exactly the committed Parquet files.

Belongs here: making those views, saying what they hold. Not here: what is built behind them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from pipelines import contents, duck, durable
from pipelines.contents import Relation, State
from pipelines.contracts import Contract
from pipelines.errors import KundenwertError, Problem
from pipelines.home import Home
from pipelines.landing import erased, ledger
from pipelines.landing.write import UNREADABLE_VALUES, batch_file, ensure_schema_files, schema_file
from pipelines.quoting import identifier, literals

SCHEMAS = ("raw", "quarantine", "control", "settings")


def attach(home: Home, contracts: Mapping[str, Contract]) -> None:
    """(Re)create in warehouse.duckdb the schemas raw, quarantine, control and settings, and nothing else in them.

    A warehouse that cannot be opened is moved aside and made anew: everything in it can be built again. Raises
    KundenwertError LANDING_CORRUPT if a committed file is missing, LockedError WAREHOUSE_IN_USE.
    """
    # All tables are landed by now: what was read may go.
    erased.remove_originals(home)
    views = files(home, contracts)
    try:
        _create(home, views)
    except (
        duck.DamagedError,
        duckdb.IOException,
        duckdb.SerializationException,
        duckdb.FatalException,
        duckdb.InternalException,
    ):
        durable.rename(home.warehouse, home.warehouse.with_name("warehouse.broken.duckdb"))
        home.warehouse.with_name("warehouse.duckdb.wal").unlink(missing_ok=True)
        _create(home, views)


def files(home: Home, contracts: Mapping[str, Contract]) -> dict[tuple[str, str], tuple[Path, ...]]:
    """(schema, view) -> the committed files it reads, first one without rows. Raises KundenwertError LANDING_CORRUPT if one is missing."""
    entries = ledger.read(home)
    views: dict[tuple[str, str], tuple[Path, ...]] = {}
    ensure_schema_files(home, contracts.values())
    for name in contracts:
        batch_ids = sorted({entry.batch_id for entry in entries if entry.table == name})
        for schema, zone in (("raw", home.raw), ("quarantine", home.quarantine)):
            batches = tuple(batch_file(zone, name, batch_id) for batch_id in batch_ids)
            _refuse_missing(home, batches)
            views[schema, name] = (schema_file(zone, name), *batches)
    unreadable = sorted({entry.batch_id for entry in entries if entry.values_unreadable})
    batches = tuple(batch_file(home.quarantine, UNREADABLE_VALUES, batch_id) for batch_id in unreadable)
    _refuse_missing(home, batches)
    views["quarantine", UNREADABLE_VALUES] = (schema_file(home.quarantine, UNREADABLE_VALUES), *batches)
    for schema, directory in (("control", home.control), ("settings", home.settings)):
        for path in sorted(directory.glob("[a-z]*.parquet")):
            views[schema, path.stem] = (path,)
    return views


def _refuse_missing(home: Home, files: Iterable[Path]) -> None:
    missing = [str(path.relative_to(home.root)) for path in files if not path.exists()]
    if missing:
        what = f"{len(missing)} committed files are missing"
        raise KundenwertError(
            Problem("LANDING_CORRUPT", what, ", ".join(missing[:3]), "restore landing/ from a backup")
        )


def _create(home: Home, views: Mapping[tuple[str, str], tuple[Path, ...]]) -> None:
    with duck.writing(home.warehouse, home.temporary) as connection:
        connection.execute("begin")
        for schema in SCHEMAS:
            connection.execute(f"drop schema if exists {schema} cascade")
            connection.execute(f"create schema {schema}")
        for (schema, name), read in views.items():
            connection.execute(
                f"create view {schema}.{identifier(name)} as "
                f"select * from read_parquet([{literals(read)}], union_by_name=true, hive_partitioning=false)"
            )
            contents.say(connection, Relation(schema, name), State(True, _content(read)))
        connection.execute("commit")
        connection.execute("checkpoint")
    home.warehouse.chmod(0o600)


def _content(files: Iterable[Path]) -> str:
    """What a view over these files holds.

    A batch's name says what was delivered and how it was read; size and time see that nobody changed its file since. The other
    files are small and written anew again and again: their bytes count.
    """
    return contents.digest([_content_of_file(path) for path in files])


def _content_of_file(path: Path) -> list[str | int]:
    if path.parent.name.startswith("batch="):
        found = path.stat()
        return [path.parent.name, found.st_size, found.st_mtime_ns]
    return [hashlib.sha256(path.read_bytes()).hexdigest()]
