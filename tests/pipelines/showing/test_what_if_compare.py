"""Two states of a portfolio compared customer by customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.showing.what_if import MoveTotal, ZoneMoves, compare, differences_to_published, keep_state
from tests.pipelines.showing.small_manifest import write_manifest

AS_OF = date(2026, 9, 30)
HEAD = """create table marts.mart_portfolio (as_of_date date, ultimate_parent_id varchar, customer_name varchar,
    relationship_type varchar, zone varchar, zone_status varchar, service_zone varchar, potential_score decimal(9, 4),
    attractiveness_score decimal(9, 4), net_revenue decimal(18, 2), customer_contribution decimal(18, 2),
    potential_contribution decimal(18, 2), raw_zone varchar, is_hysteresis_hold boolean,
    potential_coverage_points decimal(9, 4), attractiveness_coverage_points decimal(9, 4), zone_threshold decimal(9, 4))"""
CRITERIA = """create table marts.fct_criterion_score as
    select as_of_date, ultimate_parent_id, 'potential' as axis, criterion_id, name as criterion_name_en,
        cast(null as varchar) as criterion_name_de, cast(potential_score * share as decimal(9, 4)) as points
    from marts.mart_portfolio
    cross join (values ('growth', 'Growth', 0.75), ('breadth', 'Breadth', 0.25)) as c (criterion_id, name, share)"""
BEFORE = {
    "A": ("customer", "maintain", "confirmed", 40, 60, "100.00", "-50.00", "7.00"),
    "B": ("customer", "maintain", "confirmed", 45, 60, "200.00", "40.00", None),
    "C": ("customer", "protection", "confirmed", 80, 60, "300.00", "90.00", "1.00"),
    "D": ("customer", "withdrawal", "provisional", 20, 20, "400.00", "10.00", None),
    "L": ("lead", "target_lead", "confirmed", 70, 70, "0.00", None, "5.00"),
    "S": ("customer", "protection", "confirmed", 50, 60, "1.00", "1.00", None),
}
AFTER = BEFORE | {
    "A": ("customer", "protection", "confirmed", 56, 60, "100.00", "-60.00", "7.00"),
    "B": ("customer", "protection", "provisional", 55, 60, "200.00", "40.00", None),
    "C": ("customer", "development", "confirmed", 80, 40, "300.00", "90.00", "1.00"),
    "L": ("lead", "nurture_lead", "confirmed", 70, 30, "0.00", None, "5.00"),
    "S": ("customer", "protection", "provisional", 50, 60, "1.00", "1.00", None),
}


def state(
    path: Path, rows: Mapping[str, tuple[object, ...]], raw: Mapping[str, tuple[str, bool]] | None = None
) -> Path:
    """What is kept of a warehouse with these customers; another date beside must not count. `raw`: raw zone and whether it is held
    back, where that is not the zone itself."""
    warehouse = path.with_suffix(".duckdb")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute(HEAD)
        for day in (AS_OF, date(2026, 8, 31)):
            for customer, row in rows.items():
                kind, zone, status, *figures = row
                scores_alone, is_held = (raw or {}).get(customer, (zone, False))
                values = [day, customer, f"Firma {customer}", kind, zone, status, zone, *figures, scores_alone, is_held]
                connection.execute(
                    f"insert into marts.mart_portfolio values ({', '.join('?' * 14)}, 80, 90, 50)", values
                )
        connection.execute(
            "delete from marts.mart_portfolio where as_of_date <> $1 and ultimate_parent_id = 'A'", [AS_OF]
        )
        connection.execute(CRITERIA)
    return keep_state(warehouse, AS_OF, path)


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("states")
    return state(folder / "before", BEFORE), state(folder / "after", AFTER)


def test_those_who_change_zone_stand_by_the_size_of_their_contribution(states: tuple[Path, Path]) -> None:
    moves = compare(*states)
    assert [(each.ultimate_parent_id, each.zone_before, each.zone_after) for each in moves.customers] == [
        ("C", "protection", "development"),
        ("A", "maintain", "protection"),  # a loss counts by its size
        ("B", "maintain", "protection"),
        ("L", "target_lead", "nurture_lead"),  # nothing known stands last
    ]
    first = moves.customers[1]
    assert (first.contribution, first.contribution_after) == (Decimal("-50.00"), Decimal("-60.00"))
    assert (first.potential_score_before, first.potential_score_after) == (Decimal(40), Decimal(56))
    assert (moves.customers[2].zone_status_before, moves.customers[2].zone_status_after) == ("confirmed", "provisional")


def test_totals_add_up_what_is_known(states: tuple[Path, Path]) -> None:
    moves = compare(*states)
    assert set(moves.totals) == {
        MoveTotal("maintain", "protection", 2, Decimal("300.00"), Decimal("-10.00"), Decimal("7.00")),
        MoveTotal("protection", "development", 1, Decimal("300.00"), Decimal("90.00"), Decimal("1.00")),
        MoveTotal("target_lead", "nurture_lead", 1, Decimal("0.00"), None, Decimal("5.00")),
    }
    assert sum(total.customers for total in moves.totals) == len(moves.customers)
    assert (moves.compared, moves.statuses, moves.scores) == (6, 1, 4)


def test_the_axis_crossed_and_its_foremost_criterion_say_why(states: tuple[Path, Path]) -> None:
    moves = {each.ultimate_parent_id: each for each in compare(*states).customers}
    a = moves["A"]
    assert (a.crossed_axis, a.criterion_id, a.criterion_points) == ("potential", "growth", Decimal(12))
    # The fixture has no criteria of attractiveness, so nothing is said about which.
    assert [(moves[name].crossed_axis, moves[name].criterion_id) for name in "CL"] == [("attractiveness", None)] * 2


def test_who_would_move_by_the_scores_alone_is_held_apart(states: tuple[Path, Path], tmp_path: Path) -> None:
    before, _ = states
    held = {"S": ("maintain", True), "D": ("withdrawal", True)}
    moves = compare(before, state(tmp_path / "held", BEFORE | {"S": (*BEFORE["S"][:3], 49, *BEFORE["S"][4:])}, held))
    assert moves.customers == ()
    (stays,) = moves.held
    assert (stays.ultimate_parent_id, stays.raw_zone_before, stays.raw_zone_after) == ("S", "protection", "maintain")
    assert (stays.is_held_before, stays.is_held_after, stays.crossed_axis) == (False, True, "potential")
    assert (stays.criterion_id, stays.criterion_points) == ("growth", Decimal("-0.75"))


def test_equal_states_have_no_moves(states: tuple[Path, Path]) -> None:
    before, _ = states
    moves = compare(before, before)
    assert moves == ZoneMoves(6, 0, 0, (), (), ())


def test_who_is_in_one_state_only_comes_from_nowhere_or_goes_there(states: tuple[Path, Path], tmp_path: Path) -> None:
    before, _ = states
    fewer = state(tmp_path / "fewer", {name: row for name, row in BEFORE.items() if name != "D"})
    (gone,) = compare(before, fewer).customers
    assert (gone.ultimate_parent_id, gone.zone_before, gone.zone_after) == ("D", "withdrawal", None)
    (come,) = compare(fewer, before).customers
    assert (come.ultimate_parent_id, come.zone_before, come.zone_after) == ("D", None, "withdrawal")
    assert come.customer_name == "Firma D"


def test_a_published_version_is_compared_in_everything(states: tuple[Path, Path], tmp_path: Path) -> None:
    before, after = states
    (tmp_path / "bi").mkdir()
    with duckdb.connect(str(before.with_suffix(".duckdb")), read_only=True) as connection:
        connection.execute(f"copy marts.mart_portfolio to '{tmp_path / 'bi' / 'mart_portfolio.parquet'}'")
    write_manifest(tmp_path, AS_OF)
    assert differences_to_published(tmp_path, AS_OF, before) == 0
    assert differences_to_published(tmp_path, AS_OF, after) == 5
