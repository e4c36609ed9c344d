"""What was seen of the first release, line by line: sentences that were not so, each said again of the same kind of data.

Belongs here: one test per line, on small companies made for it, on generated ones, on ten demo customers. Not here: that all sentences
are so (test_sayings), that numbers are right (tests.generated, tests.golden).

"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from pipelines.settings.tables import COSTS
from pipelines.vocabulary import Saying
from tests.end_to_end.demo import ten_customers_published
from tests.end_to_end.kundenwert import Company
from tests.generated.companies import Case, generate
from tests.generated.compiled import Warehouse
from tests.oracle import evaluate
from tests.statements import telling


class Seen(NamedTuple):
    """A generated company and its marts, which nobody changes."""

    case: Case
    bi: duckdb.DuckDBPyConnection


def built(warehouse: Warehouse, case: Case) -> Seen:
    """The company's marts in a database of their own: what several tests look at is computed once."""
    warehouse.build(case.delivered())
    bi = duckdb.connect(":memory:", config={"threads": 1})
    bi.execute("create schema marts; use marts")
    of_marts = "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
    for (table,) in warehouse.bi.execute(of_marts).fetchall():
        rows = warehouse.bi.execute(f"select * from marts.{table}").to_arrow_table()
        bi.register("copied", rows)
        bi.execute(f"create table {table} as select * from copied")
    bi.unregister("copied")
    return Seen(case, bi)


@pytest.fixture(scope="module")
def companies(speaking: Warehouse) -> list[Seen]:
    return [built(speaking, generate(seed)) for seed in range(6)]


@pytest.fixture(scope="module", params=range(3))
def erp_only(speaking: Warehouse, request: pytest.FixtureRequest) -> Seen:
    """A company of customers and invoices alone."""
    case = generate(request.param, "no_crm")
    empty: dict[str, list[Any]] = {
        name: []
        for name in ("activities", "accounts", "ratings", "potential_estimates", "orders", "opportunities", "contacts")
    }
    empty |= {"direct_costs": [], "quarantined_direct_costs": [], "open_items": []}
    case = case.with_tables(**empty)
    unmapped = [{"cost": cost, "is_mapped": False} for cost in COSTS]
    return built(speaking, replace(case, tables={**case.tables, "cost_sources": unmapped}))


@pytest.fixture(scope="module")
def page(erp_only: Seen) -> tuple[str, list[Saying]]:
    """The page of that company: its HTML, and what is said on it."""
    heard: list[Saying] = []
    return telling.told_by_the_page(telling.version_of(erp_only.bi, erp_only.case), heard), heard


@pytest.fixture(scope="module")
def explained(companies: list[Seen]) -> list[list[Saying]]:
    """What explanations of everybody say, by company."""
    heard: list[list[Saying]] = []
    for case, bi in companies:
        version = telling.version_of(bi, case)
        heard.append([])
        telling.told_of(version, telling.scored(version.connection), heard[-1])
    return heard


# --- the same date, whatever was computed ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_date_is_the_same_whatever_months_are_computed(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """9 of 410 zones, 4 recommendations, 155 zone_since, 38 is_rating_due differed between `run` and `run --from 2026-04`."""
    columns = "ultimate_parent_id, zone, zone_status, recommended_action, zone_since, previous_zone, is_rating_due"
    query = f"select {columns} from mart_portfolio where as_of_date = date '2026-09-30' order by 1"
    company = ten_customers_published(tmp_path_factory, tmp_path)
    with company.serving() as bi:
        of_itself = bi.execute(query).fetchall()
    company.fork_and_succeed("run", "--from", "2026-04", "--to", "2026-09")
    with company.serving() as bi:
        assert bi.execute("select count(distinct as_of_date) from mart_portfolio").fetchall() == [(6,)]
        assert of_itself and bi.execute(query).fetchall() == of_itself


def test_since_is_no_fact_where_nothing_earlier_was_judged(
    companies: list[Seen], explained: list[list[Saying]]
) -> None:
    """`explain` stated "since 30.09.2026" of zones that were as old as the history."""
    said = 0
    for (case, _), sayings in zip(companies, explained, strict=True):
        for saying in sayings:
            # Whom an opening saw in another zone has come into this one in the first month.
            if saying.key == "explain.zone.since" and not case.company.opening_portfolio:
                day = case.as_of[0][0]
                assert saying.facts["day"] != telling.written(day), f"{case}: {saying.ultimate_parent_id}"
            said += saying.key == "explain.zone.since_history"
    assert said


# --- what to do ---------------------------------------------------------------------------------------------------------


NEVER = {
    "keep top care where nobody was for too long": (
        "recommended_action = 'protection' and contact_gap_breach",
        "row 9",
    ),
    "improve a criterion of who makes a loss": (
        "recommended_action = 'development' and customer_contribution < 0",
        "row 11",
    ),
    "an orderly end for who earns money": (
        "recommended_action = 'withdrawal' and customer_contribution > 0",
        "row 18",
    ),
    "an orderly end for hidden champions": ("recommended_action = 'withdrawal' and is_hidden_champion", "row 17"),
    "an orderly end for who stopped ordering": (
        "recommended_action = 'withdrawal' and customer_status = 'lapsed'",
        "rows 5 and 6",
    ),
}


def test_nobody_is_told_what_the_consequences_forbid(companies: list[Seen]) -> None:
    """Top care for who is neglected or falls away, an orderly end for who earns money, is large in potential, or stopped ordering."""
    told: dict[str, list[str]] = {}
    actions: set[str] = set()
    for case, bi in companies:
        for line, (condition, row) in NEVER.items():
            sql = f"""
                select ultimate_parent_id
                from mart_portfolio
                left join (
                    select as_of_date, ultimate_parent_id, contact_gap_breach from mart_service_levels
                ) as service using (as_of_date, ultimate_parent_id)
                left join (
                    select as_of_date, ultimate_parent_id, is_hidden_champion from mart_small_customers
                ) as small using (as_of_date, ultimate_parent_id)
                where override_zone is null and {condition}
            """
            wrong = [f"{case}: {parent} ({row})" for (parent,) in bi.execute(sql).fetchall()]
            told.setdefault(line, []).extend(wrong)
        actions |= {action for (action,) in bi.execute("select recommended_action from mart_portfolio").fetchall()}
    assert {line: wrong for line, wrong in told.items() if wrong} == {}
    assert actions & {"win_back", "let_rest"}, "the table knows nobody who stopped ordering"


def test_a_share_that_falls_is_not_guessed_and_not_kept(companies: list[Seen]) -> None:
    """13 protection customers whose share of wallet fell by 3 to 48 points were told "keep top care"."""
    for case, bi in companies:
        wrong = bi.execute(
            "select ultimate_parent_id from mart_portfolio "
            "where override_zone is null and is_share_falling and recommended_action = 'protection'"
        ).fetchall()
        assert wrong == [], f"{case}"


def test_nothing_is_offered_where_nothing_is_to_be_developed(
    companies: list[Seen], explained: list[list[Saying]]
) -> None:
    """A loss maker was told to improve process maturity and was offered something to buy."""
    offered = 0
    for (case, bi), sayings in zip(companies, explained, strict=True):
        zones = {
            (parent, day): zone
            for parent, day, zone in bi.execute(
                "select ultimate_parent_id, as_of_date, coalesce(override_zone, zone) from mart_portfolio"
            ).fetchall()
        }
        for saying in sayings:
            if saying.key in ("explain.do.next_text", "explain.do.blocking_text"):
                offered += 1
                zone = zones[saying.ultimate_parent_id or "", saying.as_of_date or date.max]
                assert zone in ("protection", "development", "new_customer", "target_lead"), f"{case}: {saying}"
    assert offered


# --- how sure -----------------------------------------------------------------------------------------------------------


def test_ratings_of_the_last_afternoon_confirm_nothing(speaking: Warehouse) -> None:
    """One person changed four ratings on the last afternoon: a star went to withdrawal, "confirmed"."""
    turned = 0
    for seed in range(12):
        case = afternoon(generate(seed))
        before = evaluate(without_late(case).company, case.settings, [case.as_of[-1]]).as_of[-1]
        warehouse = speaking
        warehouse.build(replace(case, as_of=(case.as_of[-1],)).delivered())
        for parent, raw_zone, status in warehouse.bi.execute(
            "select ultimate_parent_id, raw_zone, zone_status from mart_portfolio where relationship_type = 'customer'"
        ).fetchall():
            if raw_zone is not None and parent in before.zone and before.zone[parent].raw_zone != raw_zone:
                turned += 1
                assert status != "confirmed", f"{case}: {parent}"
        if turned > 3:
            break
    assert turned


def afternoon(case: Case) -> Case:
    """The same company, all of whose ratings were repeated at the lowest level on the as-of date."""
    day, known = case.as_of[-1]
    late = [
        {**row, "level": 1, "valid_from": day, "recorded_at": min(known, case.as_of[-1][1])}
        for row in case.company.ratings
    ]
    return case.with_tables(ratings=[*case.company.ratings, *late])


def without_late(case: Case) -> Case:
    """Without the ratings recorded in the last days before the as-of date, or after it."""
    limit = case.as_of[-1][0] - timedelta(days=7)
    kept = [row for row in case.company.ratings if row.get("recorded_at") is None or row["recorded_at"].date() <= limit]
    return case.with_tables(ratings=kept)


def test_nobody_orders_again_for_sure(speaking: Warehouse) -> None:
    """348 of 370 values were 1.00; a customer silent for 533 days had 92.9 %."""
    for case, bi in (built(speaking, generate(seed, "rhythms")) for seed in range(6)):
        rows = bi.execute(
            "select repeat_probability, repeat_k, repeat_n from mart_loyalty_growth where repeat_probability is not null"
        ).fetchall()
        for probability, again, alike in rows:
            assert 0 < probability < 1, f"{case}"
            assert abs(probability * (alike + 2) - (again + 1)) <= alike + 2


# --- campaigns and claims -------------------------------------------------------------------------------------------------


def test_a_campaign_is_measured_only_when_its_year_is_over(companies: list[Seen]) -> None:
    """A campaign still running was "measured", so was an effect with p = 0.1; a group in both arms counted as treated."""
    for case, bi in companies:
        wrong = bi.execute(
            """
            select campaign_id, phase, verdict from mart_campaign_effects
            where (phase <> 'measured' and (verdict is not null or effect is not null))
                or (verdict = 'worked' and not interval_low > 0) or (verdict = 'did_harm' and not interval_high < 0)
            """
        ).fetchall()
        assert wrong == [], f"{case}"


def test_claims_are_those_of_the_texts_and_have_a_verdict(companies: list[Seen]) -> None:
    """Claims were "true" by the sign of a difference, several were in no source, several of the sources' were missing."""
    for case, bi in companies[:3]:
        rows = bi.execute("select claim_id, verdict, n1, n2 from mart_claims_check").fetchall()
        assert len({row[0] for row in rows}) == 10, f"{case}"
        assert {row[1] for row in rows} <= {"supported", "contradicted", "undecided", "not_testable"}


# --- what nobody delivered -------------------------------------------------------------------------------------------------


def counts_of(html: str) -> dict[str, str]:
    """Danger -> the figure that stands beside it."""
    return dict(re.findall(r'<li data-danger="(\d)"[^>]*>\s*<p class="figure">([^<]*)', html))


def test_of_whom_nothing_is_known_nothing_is_counted(page: tuple[str, list[Saying]]) -> None:
    """ "Class C, but high potential": 2,427 of 2,427 customers of a company about whom nothing is known."""
    html, heard = page
    assert counts_of(html)["4"] in ("–", "0")
    keys = {saying.key for saying in heard}
    assert "page.abc.amount_4" not in keys
    assert "page.tiles.gap_unknown" in keys


def test_unrated_and_nobody_rated_do_not_stand_side_by_side(page: tuple[str, list[Saying]]) -> None:
    """ "unrated 0 of 4,372" stood beside "no customer is rated yet"."""
    _, heard = page
    said = {saying.key: saying.facts for saying in heard}
    assert "page.matrix.nobody" in said
    assert "page.quality.rated_share" not in said or said["page.quality.rated_share"]["count"] == "0"


def test_no_sentence_about_a_crm_that_was_never_delivered(page: tuple[str, list[Saying]]) -> None:
    """ "only 0 % of hours logged", care and leads of a company without a CRM."""
    _, heard = page
    keys = {saying.key for saying in heard}
    assert not {key for key in keys if key.startswith(("page.quality.reliability_low", "page.effort.lead"))}
    assert "page.quality.reliability_unknown" in keys
    assert "page.effort.no_cost" in keys
    told = {key.removeprefix("unknown.") for key in keys if key.startswith("unknown.")}
    assert {"activities", "ratings", "potential_estimates"} <= told


def test_an_invoice_alone_makes_a_page_worth_reading(page: tuple[str, list[Saying]]) -> None:
    """Ranking, growth and who stopped ordering need no CRM."""
    html, _ = page
    assert 'id="moves-heading"' in html
    assert 'id="stopped-heading"' in html
    assert 'id="unknown-heading"' in html
    assert 'id="largest-table"' in html or 'id="top-table"' in html


def test_who_was_contacted_once_was_not_never_contacted(companies: list[Seen]) -> None:
    """`is_never_contacted` of customers contacted 14 months ago."""
    for case, bi in companies:
        wrong = bi.execute(
            "select ultimate_parent_id from mart_service_levels where is_never_contacted and last_contact_date is not null"
        ).fetchall()
        assert wrong == [], f"{case}"
        truth = {row.as_of_date: row for row in evaluate(case.company, case.settings, list(case.as_of)).as_of}
        for parent, day in bi.execute(
            "select ultimate_parent_id, as_of_date from mart_service_levels where is_never_contacted"
        ).fetchall():
            assert truth[day].service[parent].last_contact_date is None


def test_a_cost_nobody_delivered_is_not_zero(erp_only: Seen) -> None:
    """Unknown costs as 0.00, and pool costs of the example in the reconciliation of a company without a CRM."""
    sums = erp_only.bi.execute(
        # Of a cost a company may say that it has none; then it is 0.00 and known.
        """select count(*) filter (where sales_cost <> 0), count(*) filter (where service_logistics_cost <> 0),
        count(*) filter (where contribution_4 is not null and contribution_depth < 4) from mart_portfolio"""
    ).fetchone()
    assert sums == (0, 0, 0)
    capacity = erp_only.bi.execute("select coalesce(sum(abs(unused_capacity)), 0) from mart_reconciliation").fetchone()
    assert capacity == (0,)


# --- dates, knowledge, people ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_invoice_dated_ahead_moves_nothing(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """One invoice dated ahead moved the whole portfolio into next month, or into 2062, and the month stayed for ever."""
    company = ten_customers_published(tmp_path_factory, tmp_path)
    before = company.current
    book_ahead(tmp_path / "demo" / "erp", "28.11.2026", "31.12.2061")
    company.fork_and_succeed("run")
    assert company.current != before
    assert dates_of(company) == [date(2026, 9, 30)]
    with company.serving() as bi:
        seen = bi.execute("select max(month_start) from mart_contribution_month").fetchall()
    assert seen == [(date(2026, 9, 1),)]


def book_ahead(folder: Path, *days: str) -> None:
    """Invoices of their own, booked ahead: the ledger has not got them, as it has not got the months."""
    newest = max(folder.glob("Rechnungspositionen_*.csv"))
    text = newest.read_text(encoding="windows-1252")
    for number, day in enumerate(days):
        line = re.sub(r"\b\d\d\.\d\d\.\d{4}\b", day, text.splitlines(keepends=True)[-1], count=1)
        company, _, rest = line.split(";", 2)
        text += f"{company};1000-AHEAD{number};{rest}"
    newest.write_text(text, encoding="windows-1252")


def dates_of(company: Company) -> list[date]:
    """The latest date a company's current version shows."""
    with company.serving() as bi:
        return [day for (day,) in bi.execute("select max(as_of_date) from mart_portfolio").fetchall()]


@pytest.mark.slow
def test_a_question_about_the_past_replaces_nothing(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """`--known-at` in the past replaced CURRENT and booked a false restatement."""
    company = ten_customers_published(tmp_path_factory, tmp_path)
    before = (company.home / "published" / "CURRENT").resolve()
    company.fork_and_succeed("run", "--as-of", "2026-08-31", "--known-at", "2026-10-02T12:00:00")
    assert (company.home / "published" / "CURRENT").resolve() == before
    assert list((company.home / "published" / "asked").iterdir())


def test_no_join_brings_a_team_of_three_back(companies: list[Seen]) -> None:
    """A key-account team of three was hidden in the team mart and readable through mart_sales_input x owner_area."""
    for case, bi in companies:
        smallest = int(case.settings.parameters["privacy_min_group_size"])
        teams: dict[str, int] = {}
        for row in case.company.sales_reps:
            if row.get("team"):
                teams[row["team"]] = teams.get(row["team"], 0) + 1
        shown = {area for (area,) in bi.execute("select distinct owner_area from mart_portfolio").fetchall()}
        assert not {team for team, people in teams.items() if people < smallest} & shown, f"{case}"


def test_every_line_of_what_was_seen_has_a_test() -> None:
    """The list is not complete by accident: as many tests as lines with a sentence, none skipped without a reason."""
    tests: list[Callable[..., None]] = [value for name, value in globals().items() if name.startswith("test_")]
    for test in tests:
        for mark in getattr(test, "pytestmark", ()):
            assert mark.name != "skip"
            assert mark.name != "xfail" or mark.kwargs["reason"].startswith("waits for ")
