"""Which versions stay, by days and month ends; what the others free; and that a day without news costs none of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines import disk
from pipelines.errors import VerifyError
from pipelines.home import Home
from pipelines.publishing import Rule, layout, publish, retention, rollback, verify
from tests.pipelines.publishing.samples import FACTS, fill, published_tables

JULY, AUGUST, SEPTEMBER = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.at(tmp_path / "home")
    fill(made, rows=20)
    return made


def publish_on(home: Home, day: date, as_of: date) -> int:
    """A version of that day, known since the morning, whose newest month end is `as_of`."""
    morning = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    facts = FACTS.model_copy(update={"as_of_dates": (JULY, as_of), "known_at": morning, "project_version": str(day)})
    return publish(home, published_tables(home), facts, published_at=morning).number


def going(home: Home, rule: Rule, day: date) -> list[int]:
    found = retention.going(home, rule, datetime(day.year, day.month, day.day, 7, tzinfo=UTC))
    return [version.number for version in found.versions]


def test_days_and_the_newest_of_each_month_end_stay_and_the_current_always(home: Home) -> None:
    for day, as_of in (
        (date(2026, 8, 3), JULY),
        (date(2026, 8, 10), JULY),
        (date(2026, 9, 2), AUGUST),
        (date(2026, 9, 9), AUGUST),
        (date(2026, 10, 2), SEPTEMBER),
        (date(2026, 10, 9), SEPTEMBER),
    ):
        publish_on(home, day, as_of)
    october = date(2026, 10, 10)
    assert going(home, Rule(days=5), october) == [1, 3, 5], "the newest of July, August, September stay"
    assert going(home, Rule(days=30), october) == [1, 3], "as does what is younger than 30 days"
    assert going(home, Rule(days=39), october) == [1], "as does what is younger than 39"
    assert going(home, Rule(days=5, month_ends=1), october) == [1, 2, 3, 4, 5]
    rollback(home, 3)
    assert going(home, Rule(days=5, month_ends=1), october) == [1, 2, 4, 5], "the one people look at and the newest"
    (home.published / "v000001" / "manifest.json").write_text("{")
    assert going(home, Rule(days=5, month_ends=1), october) == [2, 4, 5], "not older than the file system says"


def test_what_goes_is_told_before_and_frees_what_nobody_shares(home: Home) -> None:
    publish_on(home, date(2026, 9, 2), AUGUST)
    publish_on(home, date(2026, 9, 9), AUGUST)
    now = datetime(2026, 12, 1, tzinfo=UTC)
    told = retention.going(home, Rule(days=5), now)
    before = disk.taken(home.published)
    assert layout.numbers(home) == (1, 2)
    done = retention.prune(home, Rule(days=5), now)
    after = disk.taken(home.published)
    assert done == told and [each.name for each in done.versions] == ["v000001"]
    assert done.known_at == (datetime(2026, 9, 2, 6, tzinfo=UTC),)
    assert 0 < done.bytes == before - after
    assert verify(home).version == 2


def test_who_writes_into_a_version_s_database_alters_no_other(home: Home) -> None:
    """A BI client that opens it read-write does, if it only can."""
    publish_on(home, date(2026, 9, 2), AUGUST)
    publish_on(home, date(2026, 9, 9), AUGUST)
    database = home.published / "v000002" / "bi" / "serving.duckdb"
    assert database.stat().st_mode & 0o777 == 0o400 and database.stat().st_nlink == 1
    database.chmod(0o600)
    with duckdb.connect(str(database)) as client:
        client.execute("create table mine as select 1 as one")
    assert verify(home, 1)
    with pytest.raises(VerifyError, match="FILE_ALTERED"):
        verify(home, 2)
    rollback(home, 1)
