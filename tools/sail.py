"""Sail (https://lakesail.com): Spark SQL without a JVM, in one wheel; the quick second opinion on every mart.

Belongs here: Sail as an engine, and what is wrong with it. Not here: what is built (spark_text), comparing (lanes). It runs in the lane's
environment, where the extra `sail` is, as a process of its own:

    python -m tools.sail build MANIFEST INPUTS INTO     every mart to INTO/marts, what happened to INTO/outcome.json
    python -m tools.sail ask QUESTIONS INTO             the rows of each {name: [SQL, ...]}, of the last statement, to INTO/<name>.parquet;
                                                        what Sail refuses to INTO/<name>.error

It is asked over Arrow Flight SQL, not over Spark Connect: Spark's own client has no wheel, and costs more than the rows are worth.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tools.spark_text import EngineError, build

LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something Sail does wrongly that settings keep away from us."""

    what: str
    probe: str
    """Right Spark SQL that fails while the fault is there."""

    remedies: tuple[str, ...]
    """Statements that set it."""


FAULTS: Final = (
    Fault(
        "in a union, `coalesce(x, false)` is never NULL for one half of the planner and may be for the other: 'Physical input schema "
        "should be the same as the one converted from logical input schema'",
        "select count_if(known) as n from (select coalesce(a, false) as known from (select cast(null as boolean) as a) "
        "union all select true as known)",
        ("set datafusion.execution.skip_physical_aggregate_schema_check = true",),
    ),
    Fault(
        "a division over no rows is one by zero: its guard asks whether all rows of a batch are 0, and of none all are. Nested loops, "
        "Sail's way to join by anything but equality, hand such batches on; with joins by merging and one pass of the optimiser in the "
        "place of three, none of our statements meets one",
        "select 1 / b.n as x from (select explode(sequence(1, 3)) as n) as a "
        "join (select explode(sequence(1, 3)) as n) as b on a.n > b.n + 10",
        ("set datafusion.optimizer.max_passes = 1", "set datafusion.optimizer.enable_piecewise_merge_join = true"),
    ),
)
"""The one list of what we live with. Whatever could be written so that every engine computes the same is written so (engine.sql)."""


class Sail:
    """A session of a server in this process."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def execute(self, sql: str) -> pa.Table:
        """The statement's rows; see `Engine`."""
        from adbc_driver_manager import Error

        try:
            self._cursor.execute(sql)
            return self._cursor.fetch_arrow_table()
        except (Error, pa.ArrowException) as error:
            raise EngineError(str(error)) from error

    def refuses(self, sql: str) -> bool:
        """True if the statement fails."""
        try:
            self.execute(sql)
        except EngineError:
            return True
        return False

    def live_with_its_faults(self) -> tuple[str, ...]:
        """Set what keeps them away; returns those that are mended, which a statement proves before that."""
        mended = []
        for fault in FAULTS:
            if not self.refuses(fault.probe):
                mended.append(fault.what)
            for remedy in fault.remedies:
                self.execute(remedy)
        return tuple(mended)


@contextmanager
def session() -> Iterator[Sail]:
    """A server on loopback, and a session of it, for as long as the block runs."""
    os.environ.setdefault("RUST_LOG", "error")
    from adbc_driver_flightsql import dbapi
    from pysail.flight import FlightSqlServer

    server = FlightSqlServer(LOOPBACK, 0)
    server.start(background=True)
    try:
        host, port = server.listening_address
        with (
            closing(dbapi.connect(f"grpc://{host}:{port}", autocommit=True)) as connection,
            closing(connection.cursor()) as cursor,
        ):
            yield Sail(cursor)
    finally:
        server.stop()


def main(arguments: Sequence[str]) -> int:
    """0 if what was asked for is written; what failed is in the outcome."""
    if len(arguments) == 4 and arguments[0] == "build":
        manifest, inputs, into = map(Path, arguments[1:])
        with session() as sail:
            mended = sail.live_with_its_faults()
            outcome = build(sail, manifest, inputs, into)
        replace(outcome, mended=mended).write(into / "outcome.json")
        return 0
    if len(arguments) == 3 and arguments[0] == "ask":
        questions, into = map(Path, arguments[1:])
        with session() as sail:
            sail.live_with_its_faults()
            for name, (*before, last) in json.loads(questions.read_text(encoding="utf-8")).items():
                try:
                    for statement in before:
                        sail.execute(statement)
                    pq.write_table(sail.execute(last), into / f"{name}.parquet")
                except EngineError as error:
                    (into / f"{name}.error").write_text(str(error), encoding="utf-8")
        return 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
