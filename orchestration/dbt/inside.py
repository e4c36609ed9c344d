"""What is private of dbt-core and dbt-duckdb, each as one small function.

Belongs here: every use of something dbt does not promise to keep. tests/orchestration/dbt/test_inside.py has a tripwire for
each: where a release moves one, it fails with a sentence that names this file. Not here: what dbt documents (dbtRunner, its
callbacks, its command line, manifest.json). dbt is imported inside functions only: it takes 3 s.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg

NODE_BEGINS: Final = "NodeStart"
NODE_ENDS: Final = "NodeFinished"
RESULTS: Final = frozenset({"LogModelResult", "LogSeedResult", "LogSnapshotResult", "LogTestResult"})
"""dbt's events that Dagster shows: a finished model or test."""

GOOD: Final = frozenset({"success", "pass", "warn", "no-op", "reused", "skipped"})
"""Node statuses after which the step is not a failed one."""

LOGGED: Final = frozenset({"info", "warn", "error"})
"""Levels of dbt's events that are kept."""


@dataclass(frozen=True, slots=True)
class DbtEvent:
    """A finished model or test."""

    unique_id: str
    name: str
    status: str
    content: Mapping[str, Any]
    """The event as a dictionary, for dagster_dbt."""

    @property
    def is_good(self) -> bool:
        """False if the node failed."""
        return self.status in GOOD


@dataclass(frozen=True, slots=True)
class Node:
    """A node dbt begins or ends with; `status` means something at its end only."""

    unique_id: str
    name: str
    status: str


def begun(event: EventMsg) -> Node | None:
    """The node this event begins."""
    return _node(event) if event.info.name == NODE_BEGINS else None


def ended(event: EventMsg) -> Node | None:
    """The node this event ends."""
    return _node(event) if event.info.name == NODE_ENDS else None


def result(event: EventMsg) -> DbtEvent | None:
    """The event as a result, if it is one."""
    if event.info.name not in RESULTS:
        return None
    from dbt_common.events.functions import msg_to_dict

    node = _node(event)
    return DbtEvent(node.unique_id, node.name, node.status, msg_to_dict(event))


def log_line(event: EventMsg) -> str | None:
    """The event as a line of the log, if it is worth one. dbt formats every debug line before it looks at its level."""
    if event.info.level not in LOGGED:
        return None
    return f"{event.info.ts.ToJsonString()} [{event.info.level:<5}] {event.info.msg}"


def _node(event: EventMsg) -> Node:
    info = event.data.node_info
    return Node(info.unique_id, info.node_name, info.node_status)


def read_parsed(content: bytes) -> Manifest:
    """dbt's own form of the parsed project, as an invocation wants it. Raises whatever dbt raises of a foreign one."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    manifest: Manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()
    return manifest


def interrupt() -> None:
    """Stop the statements dbt is in, and let it begin no more: it takes the first failure as the end."""
    import duckdb
    from dbt.adapters.factory import FACTORY
    from dbt.flags import get_flags

    object.__setattr__(get_flags(), "FAIL_FAST", True)
    for adapter in tuple(FACTORY.adapters.values()):
        # dbt may close a connection between being asked for it and being told to stop it: then nothing is left to stop.
        with suppress(duckdb.ConnectionException):
            adapter.connections.cancel_open()


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
