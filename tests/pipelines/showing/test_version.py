"""One reader for versions of every release: what it needs is there or refused, what came later is NULL and typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from pydantic import BaseModel, ConfigDict

from pipelines.errors import VerifyError
from pipelines.showing.version import Table, Version
from tests.end_to_end.kundenwert import digests
from tests.pipelines.showing.small_manifest import write_manifest

AS_OF, BEFORE = date(2026, 9, 30), date(2026, 8, 31)


@dataclass(frozen=True, slots=True)
class Customer:
    ultimate_parent_id: str
    net_revenue: Decimal | None
    zone_since: date | None = None
    threshold: Decimal | None = None
    is_new: bool | None = None
    orders: int | None = None


class Zone(BaseModel):
    """The same of pydantic, as the page reads."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    zone: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    zone: str
    customers: int


TABLES = {"mart_portfolio": Table.of(Customer, Zone)}


@pytest.fixture
def version(tmp_path: Path) -> Path:
    """A version of an older release, as it were, in a directory with a name worth quoting."""
    directory = tmp_path / "it's" / "v000007"
    (directory / "bi").mkdir(parents=True)
    duckdb.sql(
        """
        select * from (values
            (date '2026-09-30', 'B', 2.50::decimal(18, 2), 'protection'),
            (date '2026-09-30', 'A', null, 'protection'),
            (date '2026-08-31', 'A', 1.00, 'maintain')
        ) as rows (as_of_date, ultimate_parent_id, net_revenue, zone)
        """
    ).write_parquet(str(directory / "bi" / "mart_portfolio.parquet"))
    write_manifest(directory, BEFORE, AS_OF)
    return directory


def test_it_has_its_name_its_dates_and_rows_as_models(version: Path) -> None:
    with Version.opened(version, TABLES) as opened:
        assert (opened.name, opened.as_of_dates, opened.manifest.version) == ("v000007", (BEFORE, AS_OF), 7)
        rows = opened.rows(Customer, "mart_portfolio", "as_of_date = $day", {"day": AS_OF}, "ultimate_parent_id")
        assert rows == (Customer("A", None), Customer("B", Decimal("2.50")))
        assert opened.rows(Zone, "mart_portfolio")[0] == Zone(zone="maintain", title=None)
        counted = opened.query(
            Counted, "select zone, count(*) as customers from mart_portfolio group by all order by all"
        )
        assert counted == (Counted("maintain", 1), Counted("protection", 2))


def test_columns_an_older_version_lacks_are_null_of_their_type_in_its_view(version: Path) -> None:
    with Version.opened(version, TABLES) as opened:
        described = opened.connection.execute("describe mart_portfolio").fetchall()
        found = {str(name): str(kind) for name, kind, *_ in described}
        assert {name: found[name] for name in ("zone_since", "threshold", "is_new", "orders", "title")} == {
            "zone_since": "DATE",
            "threshold": "DECIMAL(18,6)",
            "is_new": "BOOLEAN",
            "orders": "BIGINT",
            "title": "VARCHAR",
        }
        missed = opened.connection.execute("select distinct net_revenue - threshold from mart_portfolio").fetchall()
        assert missed == [(None,)]


def test_a_column_that_came_later_is_read_where_it_is(version: Path) -> None:
    file = version / "bi" / "mart_portfolio.parquet"
    rows = duckdb.from_parquet(str(file)).project("*, 50::decimal(9, 4) as threshold").to_arrow_table()
    duckdb.from_arrow(rows).write_parquet(str(file))
    with Version.opened(version, TABLES) as opened:
        assert {row.threshold for row in opened.rows(Customer, "mart_portfolio")} == {Decimal("50.0000")}


def test_a_table_that_came_later_has_no_rows(version: Path) -> None:
    tables = TABLES | {"mart_new": Table((Customer,), is_later=True)}
    with Version.opened(version, tables) as opened:
        assert (opened.has("mart_new"), opened.has("mart_portfolio")) == (False, True)
        assert opened.rows(Customer, "mart_new") == ()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda version: (version / "bi" / "mart_portfolio.parquet").unlink(),
            "VERSION_INCOMPLETE: v000007 .* it has no bi/",
        ),
        (
            lambda version: (version / "bi" / "mart_portfolio.parquet").write_bytes(b"x" * 999),
            "VERSION_DAMAGED: v000007",
        ),
        (lambda version: (version / "manifest.json").unlink(), "MANIFEST_MISSING"),
        (lambda version: (version / "manifest.json").write_text("{}"), "MANIFEST_ALTERED"),
    ],
    ids=["no table", "no parquet", "no manifest", "other manifest"],
)
def test_a_damaged_version_is_refused(version: Path, spoil: object, message: str) -> None:
    spoil(version)  # type: ignore[operator]
    with pytest.raises(VerifyError, match=message), Version.opened(version, TABLES):
        pass


def test_a_column_that_is_needed_is_named(version: Path) -> None:
    @dataclass(frozen=True)
    class Needs:
        abc_class: str
        rank: int

    with (
        pytest.raises(VerifyError, match=r"VERSION_INCOMPLETE: .*mart_portfolio has no abc_class, rank"),
        Version.opened(version, {"mart_portfolio": Table.of(Needs)}),
    ):
        pass


def test_a_query_for_what_is_not_there_is_refused_too(version: Path) -> None:
    with pytest.raises(VerifyError, match="VERSION_INCOMPLETE"), Version.opened(version, TABLES) as opened:
        opened.connection.execute("select abc_class from mart_portfolio")


def test_reading_reaches_the_tables_declared_and_changes_nothing(version: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    before = digests(version, "*")
    with Version.opened(version, TABLES) as opened, pytest.raises(duckdb.PermissionException):
        opened.connection.execute(f"from read_text('{secret}')")
    with Version.opened(version, TABLES, beside=[secret]) as opened:
        assert opened.connection.execute(f"select content from read_text('{secret}')").fetchall() == [("a\n1\n",)]
    assert digests(version, "*") == before
