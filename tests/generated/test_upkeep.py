"""What follows from nothing new is left as it is, and that is never seen in a number: every relation as if built anew.

Companies of all kinds change between two builds in one home: late corrections, ratings, links to parents, settings, dates.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt import manifest, runner
from pipelines import contents
from pipelines.contents import Relation, State
from pipelines.home import Home
from tests.generated.companies import NASTY, Case, generate
from tests.generated.compiled import LAYERS, SOURCES, Batch, Delivered, Sources

pytestmark = pytest.mark.endless

KINDS = ("", *NASTY)


def changes(case: Case) -> Iterator[tuple[str, Delivered]]:
    """The company as it is, then one thing after the other is different."""
    delivered = case.delivered()
    yield "first", delivered
    moment = max(at for _, at in delivered.as_of)
    lines = [batch for batch in delivered.batches if batch.table == "invoice_lines"]
    if lines:
        late = {**lines[0].rows[0], "invoice_id": "LATE", "line_no": 1}
        correction = Batch("invoice_lines", [late], mode="incremental", delivered_at=moment - timedelta(hours=1))
        delivered = replace(delivered, batches=[*delivered.batches, correction])
        yield "a late line", delivered
    ratings = [batch for batch in delivered.batches if batch.table == "ratings" and batch.rows]
    if ratings:
        changed = replace(ratings[0], rows=[*ratings[0].rows[1:]])
        delivered = replace(delivered, batches=[changed if each is ratings[0] else each for each in delivered.batches])
        yield "a rating less", delivered
    delivered = replace(delivered, batches=[each for each in delivered.batches if each.table != "customer_parents"])
    yield "no parents", delivered
    yield "a month less", replace(delivered, as_of=delivered.as_of[-1:])


def fill(home: Home, delivered: Delivered) -> None:
    """Replace the sources, and say what they hold as landing does; what was computed stays."""
    with duckdb.connect(str(home.warehouse)) as connection:
        for schema in SOURCES:
            connection.execute(f"drop schema if exists {schema} cascade")
        sources = Sources(connection)
        sources.make()
        sources.fill(delivered)
        for relation in contents.states(connection):
            if relation.schema in SOURCES:
                contents.say(connection, relation, State(False, contents.of_table(connection, relation)))


def built(home: Home) -> Mapping[Relation, str]:
    """Every relation, views too -> its rows, as one word."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        found = contents.states(connection)
        return {each: contents.of_table(connection, each) for each in found if each.schema in LAYERS}


@pytest.mark.parametrize("kind", KINDS[:3], ids=lambda kind: kind or "ordinary")
def test_what_is_left_as_it_is_equals_a_rebuild(tmp_path: Path, kind: str) -> None:
    manifest.ensure_manifest()
    kept = Home.at(tmp_path / "kept").prepare()
    for number, (what, delivered) in enumerate(changes(generate(500, kind))):
        fill(kept, delivered)
        anew = Home.at(tmp_path / "anew").prepare()
        fill(anew, delivered)
        statuses = {result.node.name: result.status for result in runner.build(kept)}
        again = {result.node.name: result.status for result in runner.build(anew)}
        left = [name for name, status in statuses.items() if status == "reused"]
        assert (len(left) > 20) == (number > 0), f"{what}: {len(left)} left as they are"
        assert {**statuses, **dict.fromkeys(left, "success")} == again, what
        one, other = built(kept), built(anew)
        different = [relation.sql for relation in one if one[relation] != other[relation]]
        assert one.keys() == other.keys()
        assert not different, f"{what}: left as it is, but a rebuild gives other rows"
        shutil.rmtree(anew.root)
