"""The page about the batches: it exists, says what is broken, and neither refers to anything nor holds a cell value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data_quality import data_docs
from data_quality.batches import check_tables
from pipelines.checks import CheckResult
from pipelines.contracts import load_contracts
from tests.data_quality.samples import PERSON, build

CANARY = "4711.53"
"""A number no contract allows, in a column whose check must count it without showing it."""
ELSEWHERE = re.compile(rb"(?:https?:)?//|\b(?:src|srcset|data)\s*=|url\(|@import|<script|<link|<img", re.IGNORECASE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of batches in which every kind of rule looks at a canary and breaks."""
    folder = tmp_path_factory.mktemp("data_docs")
    with duckdb.connect() as connection:
        build(connection)
        for table, contract in load_contracts().items():
            connection.execute(f"insert into raw.{table} from raw.{table}")
            for column in contract.columns:
                if column.allowed_values:
                    connection.execute(f"update raw.{table} set {column.load_name} = '{PERSON}'")
        connection.execute(f"update raw.exchange_rates set units_per_reporting_currency = -{CANARY}")
        results = check_tables(connection, load_contracts(), frozenset(), folder)
    assert sum(not result.passed for result in results) > 40
    data_docs.write(results, load_contracts(), folder / "data_docs")
    return folder / "data_docs"


def pages(site: Path) -> Iterator[bytes]:
    files = [path for path in site.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [data_docs.PAGE]
    yield from (path.read_bytes() for path in files)


def test_the_page_refers_to_nothing_outside_itself(site: Path) -> None:
    for content in pages(site):
        assert ELSEWHERE.findall(content) == []


@pytest.mark.parametrize(
    "line", [b'<link rel="stylesheet">', b"<a href='https://x'>", b"background: url(x)", b'<img src="x">', b'"//cdn.x"']
)
def test_a_reference_would_be_found(line: bytes) -> None:
    assert ELSEWHERE.search(line)


def test_no_cell_value_is_on_the_page(site: Path) -> None:
    for content in pages(site):
        assert PERSON.encode() not in content
        assert CANARY.encode() not in content


def test_every_broken_expectation_is_there_with_count_and_next_step(site: Path) -> None:
    (content,) = pages(site)
    text = content.decode()
    assert "96 of 96 rows" in text and "units_per_reporting_currency" in text
    assert text.count("<h2 ") == len(load_contracts())
    assert "landing should have put such rows into quarantine" in text


def test_the_page_is_for_its_owner_and_the_same_for_the_same_results(site: Path) -> None:
    assert (site / data_docs.PAGE).stat().st_mode & 0o777 == 0o600
    result = CheckResult(
        check_id="batch.ratings.x", area="batch", subject="ratings", severity="warning", passed=False, what="a < b"
    )
    first = data_docs.page([result], load_contracts())
    assert first == data_docs.page([result], load_contracts())
    assert "a &lt; b" in first, "texts are escaped"
