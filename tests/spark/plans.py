"""How Spark joined, read from the plans of the statements it ran, with the rows that really passed. Not here: DuckDB's plans
(tests/dbt_project/plans)."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from tests.dbt_project.plans import PairwiseJoin
from tools.spark_cluster import LOOPBACK, Cluster

PAIRWISE: Final = ("BroadcastNestedLoopJoin", "CartesianProduct")
"""Operators that compare rows with rows instead of looking them up by a key."""

COUNTED: Final = "number of output rows"
TABLE: Final = re.compile(r"create table (\S+)")


def executions(cluster: Cluster) -> list[dict[str, Any]]:
    """Every statement a cluster with a web UI has run, with its plan as it ran."""
    base = f"http://{LOOPBACK}:{cluster.ui_port}/api/v1/applications"
    (application,) = _read(base)
    return list(_read(f"{base}/{application['id']}/sql?offset=0&length=100000&details=true&planDescription=false"))


def pairwise_joins(execution: Mapping[str, Any]) -> Iterator[PairwiseJoin]:
    """The joins without a key of one statement of two inputs that grow."""
    made = TABLE.search(execution["description"])
    nodes = {node["nodeId"]: node for node in execution["nodes"]}
    inputs: dict[int, set[int]] = {}
    for edge in execution["edges"]:
        inputs.setdefault(edge["toId"], set()).add(edge["fromId"])
    for number, node in nodes.items():
        if node["nodeName"].startswith(PAIRWISE):
            # A subquery of its condition is an input as well; both sides may be one.
            rows = sorted((_rows(nodes, inputs, below) for below in inputs[number]), reverse=True)
            left, right = (rows * 2)[:2] if len(rows) == 1 else rows[:2]
            join = PairwiseJoin(node["nodeName"], left, right, made[1] if made else execution["description"])
            if join.is_growing:
                yield join


def _rows(nodes: Mapping[int, Mapping[str, Any]], inputs: Mapping[int, Collection[int]], number: int) -> int:
    """The rows an operator gave: its own count, or where it has none those of what it read."""
    for metric in nodes[number]["metrics"]:
        if metric["name"] == COUNTED:
            return int(metric["value"].replace(",", ""))
    return sum(_rows(nodes, inputs, below) for below in inputs.get(number, ()))


def _read(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=120) as answer:  # noqa: S310 - our own Spark on loopback
        return json.load(answer)
