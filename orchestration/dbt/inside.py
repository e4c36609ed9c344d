"""What is private of dbt-core and dbt-duckdb, each as one small function.

Belongs here: every use of something dbt does not promise to keep. tests/orchestration/dbt/test_inside.py has a tripwire for
each: where a release moves one, it fails with a sentence that names this file. Not here: what dbt documents (dbtRunner, its
command line, manifest.json). dbt is imported inside functions only: it takes 3 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


def read_parsed(content: bytes) -> Manifest:
    """dbt's own form of the parsed project, as an invocation wants it. Raises whatever dbt raises of a foreign one."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    manifest: Manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()
    return manifest


def close_warehouse() -> None:
    """dbt-duckdb keeps its connection for the life of the process; others could not open the file until then."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    # Cursors before the database they belong to.
    environment = DuckDBConnectionManager._ENV
    DuckDBConnectionManager.close_all_connections()
    if environment is not None:
        environment.close()


def is_usage(error: BaseException | None) -> bool:
    """True if dbt was asked something it does not know."""
    from dbt.cli.exceptions import DbtUsageException

    return isinstance(error, DbtUsageException)


def ask_spark_often(seconds: float) -> None:
    """dbt-spark asks whether a statement is done in whole seconds only, and most of ours take less than one. Raises ImportError without
    dbt-spark."""
    from dbt.adapters.spark.connections import PyhiveConnectionWrapper

    opened = PyhiveConnectionWrapper.__init__

    def opening(self: object, *arguments: object, **named: object) -> None:
        opened(self, *arguments, **{**named, "poll_interval": seconds})

    PyhiveConnectionWrapper.__init__ = opening
