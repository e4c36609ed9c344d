"""The manifest's facts come from the control and settings tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import KundenwertError
from pipelines.home import Home
from pipelines.publishing import read_facts
from pipelines.publishing.manifest import completeness_ratio

TABLES = {
    "control/as_of_dates": """select * from (values
        (date '2025-11-30', timestamp '2026-01-02 06:00:00', false, false, true),
        (date '2025-10-31', timestamp '2026-01-02 06:00:00', false, false, false),
        (date '2025-12-31', timestamp '2026-01-02 06:00:00', true, true, true))
        as t (as_of_date, known_at, is_latest, is_open_month, is_shown)""",
    "control/source_coverage": """select * from (values
        ('customers', 'erp', true, true, 3::bigint, 1::bigint, 2::bigint, null::date, null::date, null, 4::bigint,
            5.00::decimal(18,2), null::decimal(18,2), 35),
        ('ratings', 'crm', false, false, 0, 0, 0, null, null, 'no CRM', null, null, null, null),
        ('payments', null, false, false, 0, 0, 0, null, null, 'names no invoice', null, null, null, null))
        as t (table_name, domain, is_mapped, is_delivered, rows_accepted, rows_quarantined, rows_filtered,
              data_from, data_to, note, rows_lost_in_mapping, amount_filtered, amount_lost_in_mapping,
              max_age_days)""",
    "control/load_batches": """select * from (values
        ('b1', 'customers', timestamp '2025-01-01 00:00:00', false),
        ('b2', 'customers', timestamp '2026-01-01 00:00:00', true))
        as t (batch_id, table_name, delivered_at, is_active)""",
    "settings/parameters": "select 'abc' as method_version",
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.at(tmp_path).prepare()
    for name, select in TABLES.items():
        duckdb.sql(select).write_parquet(str(made.root / f"{name}.parquet"))
    return made


def test_facts_are_read(home: Home) -> None:
    facts = read_facts(home, "0.1.0", "k-1", ("asked",))
    assert (facts.open_months, facts.why) == ((date(2025, 12, 31),), ("asked",))
    assert facts.as_of_dates == (date(2025, 11, 30), date(2025, 12, 31))
    assert facts.known_at == datetime(2026, 1, 2, 6, tzinfo=UTC)
    assert (facts.method_version, facts.project_version, facts.pseudonym_key_id) == ("abc", "0.1.0", "k-1")
    payments, ratings, customers = sorted(facts.sources, key=lambda source: source.domain or "")
    assert (payments.table, payments.domain, payments.note) == ("payments", None, "names no invoice")
    assert (ratings.table, ratings.completeness_ratio, ratings.note) == ("ratings", None, "no CRM")
    assert customers.completeness_ratio == Decimal("0.750000")
    assert customers.delivered_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert (customers.rows_accepted, customers.rows_quarantined, customers.rows_filtered) == (3, 1, 2)
    assert (customers.agreed_age_days, ratings.agreed_age_days) == (35, None)
    lost = (customers.rows_lost_in_mapping, customers.amount_filtered, customers.amount_lost_in_mapping)
    assert lost == (4, Decimal("5.00"), None)


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_table_is_named(home: Home, name: str) -> None:
    (home.root / f"{name}.parquet").unlink()
    with pytest.raises(KundenwertError, match=f"CONTROL_MISSING.*{name.split('/')[1]}"):
        read_facts(home, "0.1.0")


@pytest.mark.parametrize(
    ("accepted", "quarantined", "ratio"),
    [(0, 0, None), (1, 0, "1.000000"), (0, 4, "0.000000"), (2, 1, "0.666667"), (1, 2, "0.333333")],
)
def test_completeness(accepted: int, quarantined: int, ratio: str | None) -> None:
    assert completeness_ratio(accepted, quarantined) == (None if ratio is None else Decimal(ratio))
