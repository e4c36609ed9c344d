"""What is to be built, in which order, and what a failure stops: read from dbt's compiled manifest.

Belongs here: reading the manifest, dbt's own rules of order. Not here: statements and what is up to date (runner).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.contents import Relation
from pipelines.errors import KundenwertError, Problem

_LENIENT: Final = ConfigDict(frozen=True, extra="ignore")
"""The manifest holds much more than is read here, and each release adds to it."""

Kind = Literal["seed", "model", "test"]


class _Contract(BaseModel):
    model_config = _LENIENT

    enforced: bool = False


class _Config(BaseModel):
    model_config = _LENIENT

    materialized: str = ""
    contract: _Contract = _Contract()
    column_types: Mapping[str, str] = Field(default_factory=dict)
    severity: str = "error"
    fail_calc: str = "count(*)"
    warn_if: str = "!= 0"
    error_if: str = "!= 0"
    limit: int | None = None
    store_failures: bool | None = None
    pre_hook: tuple[object, ...] = Field((), alias="pre-hook")
    post_hook: tuple[object, ...] = Field((), alias="post-hook")


class _Dependencies(BaseModel):
    model_config = _LENIENT

    nodes: tuple[str, ...] = ()


class _Column(BaseModel):
    model_config = _LENIENT

    name: str
    data_type: str | None = None


class _Checksum(BaseModel):
    model_config = _LENIENT

    checksum: str


class _Node(BaseModel):
    model_config = _LENIENT

    unique_id: str
    resource_type: str
    name: str
    alias: str
    db_schema: str = Field(alias="schema")
    original_file_path: str
    compiled_code: str | None = None
    config: _Config
    columns: Mapping[str, _Column] = Field(default_factory=dict)
    depends_on: _Dependencies = _Dependencies()
    checksum: _Checksum | None = None


class _Source(BaseModel):
    model_config = _LENIENT

    db_schema: str = Field(alias="schema")
    identifier: str


class _Manifest(BaseModel):
    model_config = _LENIENT

    nodes: Mapping[str, _Node]
    sources: Mapping[str, _Source]


@dataclass(frozen=True, slots=True)
class Verdict:
    """When a test's rows are a warning or an error, in dbt's words (`count(*)`, `!= 0`)."""

    counted: str
    warn_if: str
    error_if: str
    may_fail: bool
    """False for a test of severity `warn`."""


@dataclass(frozen=True, slots=True)
class Node:
    """A seed, model or test. `sql` is its compiled query; a seed has a file instead."""

    unique_id: str
    name: str
    kind: Kind
    relation: Relation
    is_view: bool
    sql: str
    columns: tuple[tuple[str, str], ...]
    """Name and type of every column where they are promised (a contract, a seed); else nothing."""
    reads: tuple[Relation, ...]
    """Every relation it reads, sources included."""
    after: tuple[str, ...]
    """The seeds and models it reads."""
    verdict: Verdict | None = None
    file: str = ""
    """Where it is written, below the project."""
    checksum: str = ""
    """Of a seed's file."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All seeds, models and tests, in the order they are built: a test right after the last thing it reads."""

    nodes: Mapping[str, Node]
    _behind: Mapping[str, frozenset[str]] = field(repr=False)
    """Node -> every seed and model it stands on."""

    def up_to(self, *names: str) -> frozenset[str]:
        """The unique ids of the models with these names and of everything they stand on, without tests."""
        wanted = {unique_id for unique_id, node in self.nodes.items() if node.name in names}
        return frozenset(wanted.union(*(self._behind[each] for each in wanted)))

    def is_stopped(self, unique_id: str, failed: Sequence[str]) -> bool:
        """True if `failed` (models, seeds, tests) keeps this node from being run.

        As in dbt: what reads something that failed does not run; a failed test stops every model that stands on all the test
        reads.
        """
        behind = self._behind[unique_id]
        is_test = self.nodes[unique_id].kind == "test"
        for each in failed:
            node = self.nodes[each]
            if node.kind != "test" and each in behind:
                return True
            if node.kind == "test" and not is_test and node.after and behind.issuperset(node.after):
                return True
        return False


def read(manifest_path: Path) -> Plan:
    """The plan of a compiled manifest.json. Raises KundenwertError DBT_PLAN if a node is of a kind that is not built here."""
    manifest = _Manifest.model_validate_json(manifest_path.read_bytes())
    relations = {key: Relation(source.db_schema, source.identifier) for key, source in manifest.sources.items()}
    relations |= {key: Relation(node.db_schema, node.alias) for key, node in manifest.nodes.items()}
    nodes = {key: _node(node, relations) for key, node in sorted(manifest.nodes.items()) if _is_built(node)}
    behind: dict[str, frozenset[str]] = {}
    order: list[str] = []
    waiting = {key: node for key, node in nodes.items() if node.kind == "test"}
    graph = TopologicalSorter({key: sorted(node.after) for key, node in nodes.items() if node.kind != "test"})
    tests_of: dict[str, list[str]] = {}
    for key, node in waiting.items():
        for each in node.after or ("",):
            tests_of.setdefault(each, []).append(key)
    done: set[str] = set()
    for key in graph.static_order():
        behind[key] = _all_behind(nodes[key], behind)
        done.add(key)
        order.append(key)
        order += [test for test in tests_of.get(key, ()) if done.issuperset(nodes[test].after)]
    order += tests_of.get("", ())
    for key, node in waiting.items():
        behind[key] = _all_behind(node, behind)
    return Plan({key: nodes[key] for key in order}, behind)


def _all_behind(node: Node, behind: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(node.after).union(*(behind[each] for each in node.after))


def _is_built(node: _Node) -> bool:
    return node.resource_type in ("seed", "model", "test") and node.config.materialized != "ephemeral"


def _node(node: _Node, relations: Mapping[str, Relation]) -> Node:
    if problems := ", ".join(_not_built_here(node)):
        what = f"{node.name} has {problems}: a run does not know how to build that"
        remedy = "write it as a table or a view of one query, and its columns' types where it promises them"
        raise KundenwertError(Problem("DBT_PLAN", what, node.original_file_path, remedy))
    typed = node.config.column_types if node.resource_type == "seed" else {}
    if node.config.contract.enforced:
        typed = {column.name: column.data_type or "" for column in node.columns.values()}
    kind: Kind = "seed" if node.resource_type == "seed" else "test" if node.resource_type == "test" else "model"
    config = node.config
    verdict = Verdict(config.fail_calc, config.warn_if, config.error_if, config.severity.lower() == "error")
    limit = f"\nlimit {config.limit}" if config.limit is not None else ""
    return Node(
        unique_id=node.unique_id,
        name=node.name,
        kind=kind,
        relation=relations[node.unique_id],
        is_view=config.materialized == "view",
        sql=(node.compiled_code or "") + limit,
        columns=tuple(typed.items()),
        reads=tuple(relations[each] for each in dict.fromkeys(node.depends_on.nodes) if each in relations),
        after=tuple(each for each in dict.fromkeys(node.depends_on.nodes) if not each.startswith("source.")),
        verdict=verdict if kind == "test" else None,
        file=node.original_file_path,
        checksum=node.checksum.checksum if kind == "seed" and node.checksum is not None else "",
    )


def _not_built_here(node: _Node) -> Iterator[str]:
    if node.config.materialized not in ("table", "view", "seed", "test"):
        yield f"materialization {node.config.materialized}"
    if node.config.pre_hook or node.config.post_hook:
        yield "hooks"
    if node.config.store_failures:
        yield "store_failures"
    if node.resource_type != "seed" and node.compiled_code is None:
        yield "no compiled query"
    if node.resource_type == "seed" and not node.config.column_types:
        yield "no column_types"
    if node.config.contract.enforced and not all(column.data_type for column in node.columns.values()):
        yield "a contract without types"
