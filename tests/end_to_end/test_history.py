"""Months one by one or at once, corrections that come late, another weight: what history says about them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from tests.end_to_end.demo import ten_customers
from tests.end_to_end.kundenwert import Company

pytestmark = pytest.mark.slow

JULY, AUGUST, SEPTEMBER = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)
WINNER, LOSER = "010001", "010006"
# Two corrections of July that cancel out, so that the ledger still agrees.
CORRECTIONS = (
    "1000;GU990001;1;GU;{day};{loser};;Service;-1;EUR;-100,00;0,00;0,00;;;N\n",
    "1000;RE990002;1;RE;{day};{winner};;Service;1;EUR;100,00;0,00;0,00;;;N\n",
)
LATE_RATING = "KTO-100001;Chemie;VT18;Mitarbeiter;1;15.08.2026;05.10.2026 09:00:00\n"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Ten customers, July and August computed one after the other."""
    company = ten_customers(tmp_path_factory.mktemp("history"))
    company.fork_and_succeed("run", "--as-of", str(JULY))
    company.fork_and_succeed("run", "--as-of", str(AUGUST))
    return company


def test_incremental_months_equal_a_full_replay(company: Company) -> None:
    replay = Company(config=company.config, home=company.home.with_name("replay"))
    replay.fork_and_succeed("run", "--from", "2026-07", "--to", "2026-08")
    assert replay.published_bytes() == company.published_bytes()


def test_late_corrections_are_restated_and_explained(company: Company) -> None:
    _deliver_corrections(company)
    company.fork_and_succeed("run", "--as-of", str(SEPTEMBER))

    with company.serving() as bi:
        restated = bi.execute(
            "select restated_version, month_start, ultimate_parent_id, delta_net_revenue, is_method_changed "
            "from mart_restatements order by delta_net_revenue"
        ).fetchall()
        late = dict(
            bi.execute(
                "select as_of_date, late_data_effect_points from mart_score_change "
                f"where ultimate_parent_id = '{WINNER}' and criterion_id = 'chemistry'"
            ).fetchall()
        )
        others = bi.execute(
            "select count(*) from mart_score_change where criterion_id = 'chemistry' "
            f"and ultimate_parent_id <> '{WINNER}' and late_data_effect_points <> 0"
        ).fetchone()
    july = date(2026, 7, 1)
    assert restated == [
        (2, july, LOSER, Decimal("-100.00"), False),
        (2, july, WINNER, Decimal("100.00"), False),
    ]
    assert late[AUGUST] == 0, "the late rating is true from the middle of August: it changes nothing about July"
    assert late[SEPTEMBER] < 0, "August was published with a better level"
    assert others == (0,)

    published = company.published_bytes()
    company.fork_and_succeed("run")
    assert company.published_bytes() == published, "a repeated run explains the same change by the same baseline"


def test_what_was_known_then_can_be_asked_for_again(company: Company) -> None:
    """The corrections of October do not leak into what was known on the second; the answer lies beside the versions."""
    company.fork_and_succeed("run", "--as-of", str(AUGUST), "--known-at", "2026-10-02T12:00:00")
    then = company.home / "published" / "v000002"
    again = company.home / "published" / "asked" / f"{AUGUST}_20261002T100000Z"
    for mart in ("mart_portfolio", "fct_criterion_score", "mart_service_levels"):
        rows = [
            duckdb.sql(f"from '{version}/bi/{mart}.parquet' where as_of_date = date '{AUGUST}' order by all").fetchall()
            for version in (then, again)
        ]
        assert rows[0] and rows[0] == rows[1], mart


def test_another_weight_is_told_from_another_customer(company: Company) -> None:
    portfolio = company.config / "portfolio.yml"
    shipped = portfolio.read_text(encoding="utf-8")
    portfolio.write_text(
        shipped.replace(
            "      chemistry: 20\n      strategy_clarity: 10\n", "      chemistry: 10\n      strategy_clarity: 20\n"
        ),
        encoding="utf-8",
    )
    company.fork_and_succeed("run", "--as-of", str(SEPTEMBER))
    with company.serving() as bi:
        rows = bi.execute(
            """
            select ultimate_parent_id, criterion_id, published_weight_points, weight_points,
                weight_effect_points = cast((weight_points - published_weight_points) * (level + previous_level - 2) / 8 as decimal(9, 4)),
                level_effect_points + weight_effect_points + late_data_effect_points = change_points
            from mart_score_change
            where as_of_date = ? and scorecard = 'customer' and axis = 'attractiveness'
                and weight_points <> published_weight_points and level is not null and previous_level is not null
            """,
            [SEPTEMBER],
        ).fetchall()
    assert {(row[1], row[2], row[3]) for row in rows} == {("chemistry", 20, 10), ("strategy_clarity", 10, 20)}
    assert all(row[4] and row[5] for row in rows)


def _deliver_corrections(company: Company) -> None:
    """Invoices and ratings are delivered anew at the beginning of October, with what was missing."""
    demo = company.config.parent / "demo"
    invoices = demo / "erp" / "Rechnungspositionen_1000.csv"
    lines = "".join(CORRECTIONS).format(day="20.07.2026", winner=WINNER, loser=LOSER)
    invoices.write_bytes(invoices.read_bytes() + lines.encode("cp1252"))
    ratings = demo / "crm" / "Bewertungen.csv"
    ratings.write_text(ratings.read_text(encoding="utf-8") + LATE_RATING, encoding="utf-8")
    sources = company.config / "sources.yml"
    text = sources.read_text(encoding="utf-8")
    for name in ("rechnungspositionen", "bewertungen"):
        (line,) = [line for line in text.splitlines() if line.startswith(f"  {name}: ")]
        text = text.replace(line, line.replace("2026-10-02T05:00:00", "2026-10-06T05:00:00"))
    sources.write_text(text, encoding="utf-8")
