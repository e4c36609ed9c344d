"""What a person is told, recorded: every text with its facts, of whom and as of when.

Belongs here: making explanations and pages speak while somebody listens. Not here: whether it is true (columns.py, conditions.py).
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb
from rich.console import Console

from pipelines.publishing.manifest import Manifest, SourceState
from pipelines.showing.explain import read, render
from pipelines.showing.portfolio import page as pages
from pipelines.showing.portfolio import query
from pipelines.showing.version import Version
from pipelines.vocabulary import Saying, Voice
from tests.generated.companies import Case

LANGUAGE: Final = "en"
TABLES: Final = {**query.TABLES, **read.TABLES}
"""Everything that is read for a person."""
EVERYBODY: Final = query.Limits(bubbles=10**6, leads=10**6, table_rows=15, examples=3, whale_points=100)


def told_of(version: Version, customers: Iterable[tuple[str, date]], heard: list[Saying]) -> None:
    """Explain every customer as of the date beside it."""
    voice = Voice(LANGUAGE, heard_by=heard.append)
    screen = Console(file=io.StringIO(), width=100)
    for customer, as_of in customers:
        screen.print(render(read.explain_in(version, customer, as_of), voice, 100))


def told_by_the_page(version: Version, heard: list[Saying], limits: query.Limits = EVERYBODY) -> str:
    """The page as HTML; what is said in the default language is heard."""
    everything: list[Saying] = []
    html = pages.render(query.read_page_in(version, limits), pages.PageContext(heard_by=everything.append))
    heard.extend(each for each in everything if each.language == LANGUAGE)
    return html


def scored(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, date]]:
    """Every customer and lead of every date."""
    rows = connection.execute(
        "select ultimate_parent_id, as_of_date from mart_portfolio order by as_of_date, ultimate_parent_id"
    ).fetchall()
    return [(str(parent), day) for parent, day in rows]


def written(day: date) -> str:
    """A date as sentences write it."""
    return Voice(LANGUAGE).day(day)


def version_of(connection: duckdb.DuckDBPyConnection, case: Case) -> Version:
    """A generated company's marts as a version."""
    batches = {batch.table: batch for batch in case.delivered().batches}
    return Version.lying_open(connection, "marts", TABLES, manifest(case, batches.keys()))


def manifest(case: Case, delivered: Iterable[str]) -> Manifest:
    """What a publication would say of a generated company's deliveries."""
    named = set(delivered)
    sources = tuple(
        SourceState(table=table, domain="erp", is_mapped=table in named, is_delivered=table in named)
        for table in sorted({*named, "activities", "ratings", "potential_estimates"})
    )
    return Manifest(
        version=1,
        previous_version=None,
        published_at=datetime(2030, 1, 1, tzinfo=UTC),
        known_at=datetime(2030, 1, 1, tzinfo=UTC),
        as_of_dates=tuple(day for day, _ in case.as_of),
        method_version="0",
        project_version="0",
        pseudonym_key_id=None,
        sources=sources,
        files=(),
    )


def opened(directory: Path) -> AbstractContextManager[Version]:
    """A published version, open for all that is read for a person."""
    return Version.opened(directory, TABLES)
