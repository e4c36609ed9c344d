"""Whom a published version asks about: due, missing or stale, by area, the most money first; and the command around it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ExitCode, KundenwertError
from pipelines.home import Home
from pipelines.showing.rating_sheets import asked
from pipelines.showing.rating_sheets.read import TABLES
from pipelines.showing.version import columns_of
from tests.orchestration.commands.command_line import kundenwert
from tests.pipelines.showing.small_manifest import write_manifest
from tests.rating_sheets import opened

BEFORE, AS_OF = date(2024, 1, 31), date(2024, 2, 29)
Rows = Sequence[Mapping[str, object]]


def portfolio(parent: str, area: str | None, revenue: int | None, **facts: object) -> Mapping[str, object]:
    known = {
        "relationship_type": "customer",
        "customer_status": "active",
        "zone": "maintain",
        "zone_status": "confirmed",
        "potential_contribution": None,
    }
    return {
        "ultimate_parent_id": parent,
        "customer_name": f"Kunde {parent}",
        "owner_area": area,
        "net_revenue": None if revenue is None else Decimal(revenue),
        "reporting_currency": "EUR",
        **known,
        **facts,
    }


def score(parent: str, criterion: str, level: int | None, **facts: object) -> Mapping[str, object]:
    known = {
        "method": "rating",
        "is_imputed": level is None,
        "is_rating_stale": False,
        "rating_valid_from": date(2023, 5, 1),
    }
    level_of = None if level is None else Decimal(level)
    return {"ultimate_parent_id": parent, "criterion_id": criterion, "level": level_of, **known, **facts}


def share(parent: str, group: str, revenue: int, demand: int | None, **facts: object) -> Mapping[str, object]:
    return {
        "ultimate_parent_id": parent,
        "product_group": group,
        "net_revenue": Decimal(revenue),
        "annual_demand": None if demand is None else Decimal(demand),
        "estimate_valid_from": None if demand is None else date(2023, 1, 1),
        "is_potential_stale": False,
        "is_potential_contradicted": False,
        **facts,
    }


PARENTS = ("due", "missing", "stale", "fine", "doubtful", "blocked", "lost", "lead", "alone")
PUBLISHED: Mapping[str, Rows] = {
    "mart_portfolio": (
        portfolio("due", "Nord", 100),
        portfolio("missing", "Nord", 900),
        portfolio("stale", "Süd", 50),
        portfolio("fine", "Süd", 5000),
        portfolio("doubtful", "Süd", 70),
        portfolio("blocked", "Süd", 80, customer_status="blocked"),
        portfolio("lost", "Süd", None, relationship_type="lead", customer_status="lead", zone="disqualified_lead"),
        portfolio(
            "lead", None, None, relationship_type="lead", customer_status="lead", potential_contribution=Decimal(9)
        ),
        portfolio("alone", "Nord", 10),
    ),
    "mart_worklist": (
        {"ultimate_parent_id": "due", "task": "rate"},
        {"ultimate_parent_id": "fine", "task": "visit"},
        {"ultimate_parent_id": "alone", "task": "rate"},
    ),
    "fct_criterion_score": (
        *(score(parent, "chemistry", 4) for parent in PARENTS if parent not in ("missing", "stale")),
        score("missing", "chemistry", None),
        score("missing", "future_demand", 2),
        score("stale", "chemistry", 3, is_rating_stale=True),
        # A measure nobody rates.
        score("fine", "revenue_cagr_3y", None, method="breakpoints"),
    ),
    "mart_share_of_wallet": (
        *(share(parent, "Pumpen", 10, 100) for parent in PARENTS if parent not in ("doubtful", "missing")),
        share("doubtful", "Pumpen", 10, 5, is_potential_contradicted=True),
        share("missing", "Größe", 10, None),
    ),
    "crm_writeback": tuple(
        {"ultimate_parent_id": parent, "lead_account_id": None if parent == "alone" else f"K-{parent}"}
        for parent in PARENTS
    ),
    "mart_potential_check": (),
}


def publish(version: Path, tables: Mapping[str, Rows] = PUBLISHED) -> Path:
    (version / "bi").mkdir(parents=True)
    with duckdb.connect() as connection:
        for name, declared in TABLES.items():
            columns = {column.name: column.sql_type for model in declared.models for column in columns_of(model)}
            listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            connection.execute(f"create table {name} ({listed})")
            for day in (BEFORE, AS_OF) if name == "mart_portfolio" else (AS_OF,):
                for row in tables[name]:
                    values = [({**row, "as_of_date": day})[column] for column in columns]
                    connection.execute(f"insert into {name} values ({', '.join('?' for _ in values)})", values)
            connection.execute(f"copy {name} to '{version}/bi/{name}.parquet' (format parquet)")
    write_manifest(version, BEFORE, AS_OF)
    return version


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.at(tmp_path_factory.mktemp("home")).prepare()
    publish(home.published / "v000003")
    home.current.symlink_to("v000003")
    return home


def test_who_is_asked_about_by_area_the_most_money_first(home: Home) -> None:
    found = asked(home.current.resolve())
    ratings = {area.name: [customer.ultimate_parent_id for customer in area.ratings] for area in found.areas}
    assert ratings == {"Nord": ["missing", "due"], "Süd": ["stale"]}
    demands = {area.name: [customer.ultimate_parent_id for customer in area.demands] for area in found.areas}
    assert demands == {"Nord": ["missing"], "Süd": ["doubtful"]}
    assert found.without_account == 1
    reasons = {
        customer.ultimate_parent_id: (customer.is_due, customer.is_missing, customer.is_stale)
        for area in found.areas
        for customer in area.ratings
    }
    assert reasons == {"missing": (False, True, False), "due": (True, False, False), "stale": (False, False, True)}
    # What he has first, then what he could have.
    assert [group.product_group for group in found.groups["missing"]] == ["Größe", "Pumpen"]
    assert found.levels["stale", "chemistry"].rating_valid_from == date(2023, 5, 1)
    assert ("missing", "chemistry") not in found.levels


def test_one_area_and_no_other(home: Home) -> None:
    assert [area.name for area in asked(home.current.resolve(), AS_OF, "Süd").areas] == ["Süd"]
    with pytest.raises(KundenwertError, match="AREA_UNKNOWN"):
        asked(home.current.resolve(), None, "West")
    with pytest.raises(KundenwertError, match="AS_OF_UNKNOWN"):
        asked(home.current.resolve(), date(2020, 1, 31))


def test_without_accounts_it_is_said_how_there_are_some(tmp_path: Path) -> None:
    none = tuple({**row, "lead_account_id": None} for row in PUBLISHED["crm_writeback"])
    version = publish(tmp_path / "v000001", {**PUBLISHED, "crm_writeback": none})
    with pytest.raises(KundenwertError, match="map `accounts`"):
        asked(version)


def test_the_command_writes_a_workbook_per_area(home: Home, tmp_path: Path) -> None:
    done = kundenwert(home.root, "sheet", "ratings", "--language", "de", "--out", str(tmp_path / "out"), "--json")
    told = json.loads(done.stdout)
    assert [(sheet["area"], sheet["ratings"], sheet["demands"]) for sheet in told["sheets"]] == [
        ("Nord", 2, 1),
        ("Süd", 1, 1),
    ]
    pages = opened(Path(told["sheets"][0]["path"]))
    assert list(pages) == ["Bewertungen", "Bedarf", "Anleitung"]
    row = pages["Bewertungen"].rows("K-missing")[0]
    assert row[1:5] == ["Kunde missing", "missing", 900.0, "fehlt"]
    assert "2  (01.05.2023)" in row
    assert told["without_account"] == 1


def test_what_is_refused_before_anything_is_written(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "out"
    spoken = kundenwert(home.root, "sheet", "ratings", "--language", "xx", "--out", str(out))
    assert (spoken.exit_code, out.exists()) == (ExitCode.USAGE, False)
    assert "LANGUAGE_UNKNOWN" in spoken.stderr
    nothing = kundenwert(tmp_path / "home", "sheet", "ratings", "--out", str(out))
    assert (nothing.exit_code, out.exists()) == (ExitCode.VERIFY_FAILED, False)


def test_the_fewest_sheets_that_cover_a_share_of_revenue(tmp_path: Path) -> None:
    """Of 1,000 revenue 500 are rated and 660 estimated before the first answer; the order is the mart's."""
    before = {"rated": (None, None), "a": (500, None), "b": (660, 660), "c": (750, 750), "d": (780, 780)}
    revenue = {"rated": 500, "noaccount": 200, "a": 160, "b": 90, "c": 30, "d": 20}
    tables: dict[str, Rows] = {
        **PUBLISHED,
        "mart_portfolio": tuple(portfolio(parent, "Nord", amount) for parent, amount in revenue.items()),
        "mart_worklist": tuple(
            {"ultimate_parent_id": parent, "task": "rate"} for parent in revenue if parent != "rated"
        ),
        "fct_criterion_score": (),
        "mart_share_of_wallet": (share("rated", "Pumpen", 10, 100), share("a", "Pumpen", 10, 100)),
        "crm_writeback": tuple(
            {"ultimate_parent_id": parent, "lead_account_id": None if parent == "noaccount" else parent}
            for parent in revenue
        ),
        "mart_potential_check": tuple(
            {
                "ultimate_parent_id": parent,
                "portfolio_revenue": Decimal(1000),
                "rated_revenue_before": rated,
                "estimated_revenue_before": estimated,
            }
            for parent, (rated, estimated) in before.items()
        ),
    }
    version = publish(tmp_path / "v000001", tables)

    def of(cover: str | None) -> tuple[list[str], list[str]]:
        (area,) = asked(version, cover=None if cover is None else Decimal(cover)).areas
        return tuple([each.ultimate_parent_id for each in some] for some in (area.ratings, area.demands))  # type: ignore[return-value]

    assert of(None) == (["a", "b", "c", "d"], ["b", "c", "d"])
    assert of("0.6") == (["a"], [])
    assert of("0.7") == (["a", "b"], ["b"])
    assert of("0.75") == (["a", "b"], ["b"])
    assert of("0.76") == (["a", "b", "c"], ["b", "c"])
    assert of("1") == (["a", "b", "c", "d"], ["b", "c", "d"])


def test_a_version_without_an_order_is_not_guessed(tmp_path: Path) -> None:
    version = publish(tmp_path / "v000001")
    (version / "bi" / "mart_potential_check.parquet").unlink()
    assert asked(version).areas
    with pytest.raises(KundenwertError, match="VERSION_INCOMPLETE"):
        asked(version, cover=Decimal("0.8"))
