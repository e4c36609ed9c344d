"""What was said about a table's batches before: said again where nothing it follows from has changed.

Belongs here: that memory, one file per table. Not here: checking (batches).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from data_quality.rules import Rule
from pipelines import checks, contents, program
from pipelines.checks import CheckResult
from pipelines.contents import State
from pipelines.quoting import literal


class Kept:
    """The results of one table in `directory`, under everything they follow from.

    That is the rows (as landing says what they are), which of their batches count, the rules and the program.
    """

    def __init__(
        self,
        directory: Path,
        connection: duckdb.DuckDBPyConnection,
        state: State | None,
        table: str,
        rules: Sequence[Rule],
        mode: str,
    ) -> None:
        """`state`: what is known of the table's rows. `mode`: how the rules are applied, where that is not said by the rules."""
        self._table = table
        self._directory = directory
        batches = connection.execute(
            "select batch_id, delivered_at::varchar from control.load_batches "
            f"where is_active and table_name = {literal(table)} order by all"
        ).fetchall()
        named = [[rule.name, repr(rule)] for rule in rules]
        content = state.content if state is not None else None
        self._key = contents.digest([program.fingerprint(), content, batches, named, mode]) if content else None

    def read(self) -> tuple[CheckResult, ...] | None:
        """The results; None if something has changed since, or is not known."""
        path = self._path()
        return checks.read(path) if path is not None and path.is_file() else None

    def write(self, results: Sequence[CheckResult]) -> None:
        """Keep the results instead of any former ones of the table."""
        for former in self._directory.glob(f"{self._table}-*.parquet"):
            former.unlink()
        if (path := self._path()) is not None:
            checks.write(results, path)

    def _path(self) -> Path | None:
        return None if self._key is None else self._directory / f"{self._table}-{self._key}.parquet"
