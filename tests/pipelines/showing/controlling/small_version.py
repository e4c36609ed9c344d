"""A published version made for controllers: hostile names, every light, a month that is set aside in part, waivers, restatements.

Belongs here: the rows. Not here: the tables' columns (docs/marts).
"""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import duckdb

from pipelines import checks
from pipelines.checks import CheckResult
from pipelines.publishing import manifest as manifests
from pipelines.publishing.manifest import Manifest, SourceState
from tests.marts import published_columns

AS_OF: Final = date(2026, 9, 30)
FORMULA: Final = '=HYPERLINK("http://example.invalid","+1")'
HOSTILE: Final = "<script>alert(1)</script>"

ROWS: Final = f"""
insert into mart_portfolio by name
select
    date '2026-09-30' as as_of_date, id as ultimate_parent_id, name as customer_name, 'customer' as relationship_type,
    zone, status as zone_status, 'EUR' as reporting_currency,
    case when id = 'A' then 'development' end as override_zone, case when id = 'A' then '+ bought by a group' end as override_reason,
    case when id = 'A' then date '2026-10-15' end as override_expires_on,
from (values ('A', $${FORMULA}$$, 'withdrawal', 'confirmed'), ('B', $${HOSTILE}$$, 'protection', 'confirmed'),
    ('C', 'Dritte & Söhne', 'maintain', 'provisional')) as t (id, name, zone, status);

-- 14 months of net revenue, of which 12 are shown at once; the second latest has 110.00 in quarantine, the one before 7.50 of nobody.
insert into mart_reconciliation by name
select
    *,
    0 as leads, 0 as unassigned_missing_cost_centre, 0 as unused_capacity, 0 as imputed_cogs, 0 as advance,
    customers + intercompany + unassigned_unknown_customer + quarantined as total, total as ledger, 0 as difference,
    'reconciled' as status,
from (
    select
        date '2026-09-30' as as_of_date, '*' as company_id, strftime(date '2026-09-01' - to_months(m::integer), '%Y-%m') as period,
        'month' as period_kind, account_group, (sign * (1000 + m))::decimal(18, 2) as customers, sign * 5.25 as intercompany,
        case when m = 2 and sign = 3 then 7.50 else 0 end as unassigned_unknown_customer,
        case when m = 1 then case when sign = 3 then 120 else -10 end else 0 end as quarantined,
    from range(14) as months (m), (values ('gross_list_revenue', 3), ('revenue_deductions', -1)) as g (account_group, sign)
);

insert into mart_contribution_month by name
select
    as_of_date, booked_in as month_start, id as ultimate_parent_id, kind as relationship_type,
    sum(case kind when 'customer' then customers when 'intercompany' then intercompany else unassigned_unknown_customer end)
        as net_revenue,
from (select *, (period || '-01')::date as booked_in from mart_reconciliation) as booked,
    (values ('A', 'customer'), ('I', 'intercompany'), ('(unassigned)', 'unassigned')) as k (id, kind)
group by all;

insert into mart_input_quality by name
select
    date '2026-09-30' as as_of_date, check_id, area, month_start, 'warn' as severity, table_name, 'Doubt ' || check_id as check_text_en,
    'Zweifel ' || check_id as check_text_de, affected as affected_rows, checked as checked_rows, amount as affected_amount,
    0 as affected_score_objects, 0 as affected_confirmed_zones, date '2026-08-01' as first_seen, trend,
from (values
    ('duration_missing', 'Nord', date '2026-08-01', 'activities', 3, 10, 30.10, 'worse'),
    ('duration_missing', 'Nord', date '2026-09-01', 'activities', 2, 10, 20.20, 'better'),
    ('duration_missing', '(unassigned)', date '2026-09-01', 'activities', 1, 4, 5.00, 'same'),
    ('stale_ratings', 'Nord', date '2026-09-01', 'ratings', 4, 9, null, 'same'),
    ('heaping', 'Nord', date '2026-09-01', 'activities', 0, 9, 0.00, 'same')
) as t (check_id, area, month_start, table_name, affected, checked, amount, trend);

-- The same customer in two areas and three rows is one customer.
insert into mart_input_quality_rows by name
select date '2026-09-30' as as_of_date, check_id, area, id as ultimate_parent_id, 1 as affected_rows,
from (values ('duration_missing', 'Nord', 'A'), ('duration_missing', 'Nord', 'A'), ('duration_missing', 'Nord', 'C'),
    ('duration_missing', '(unassigned)', 'A'), ('duration_missing', 'Nord', null), ('stale_ratings', 'Nord', 'B'))
    as t (check_id, area, id);

insert into mart_worklist by name
select
    date '2026-09-30' as as_of_date, id as ultimate_parent_id, name as customer_name, 'rate' as task, 1 as priority, 'Nord' as owner_area,
    'protection' as zone, date '2026-10-30' as due_on, money, 'in_the_dark' as money_kind, 'rating_due' as happened,
    'rate_criteria' as next_step, 'EUR' as reporting_currency,
from (values ('A', $${FORMULA}$$, 100.10), ('B', $${HOSTILE}$$, 250.25)) as t (id, name, money);

insert into mart_restatements by name
select
    6 as restated_version, date '2026-09-30' as as_of_date, date '2026-07-01' as month_start, id as ultimate_parent_id,
    100 as old_net_revenue, 100 + delta as new_net_revenue, delta as delta_net_revenue, 40 as old_contribution_4,
    40 + delta as new_contribution_4, delta as delta_contribution_4, id = 'B' as is_method_changed,
from (values ('A', -12.34), ('B', 2.00)) as t (id, delta);

insert into mart_method_settings by name
select setting, value, value::decimal(38, 10) as value_number, 'points' as unit,
from (values ('zones.threshold', '50'), ('zones.hysteresis_band', '5')) as t (setting, value);
"""

_QUARANTINED: Final = """
copy (
    select
        row_number() over () as quarantined_row_number, domain, table_name, file_name, line_number, reason as quarantine_reason,
        reason || ':' || field as quarantine_reasons, field as rejected_column, 'b1' as batch_id, month_start, amount, currency_code,
    from (values
        ('erp', 'invoice_lines', '+lines.csv', 7, 'NULL_REQUIRED', 'customer_id', date '2026-08-01', 80.00, 'EUR'),
        ('erp', 'invoice_lines', '+lines.csv', 9, 'NULL_REQUIRED', 'customer_id', date '2026-08-01', 40.00, 'EUR'),
        ('erp', 'invoice_lines', '+lines.csv', 11, 'DUP_EXACT', 'invoice_id', date '2026-08-01', 999.00, 'EUR'),
        ('crm', 'zone_overrides', 'zones.csv', 4, 'VALUE_NOT_ALLOWED', 'override_zone', null, null, null)
    ) as t (domain, table_name, file_name, line_number, reason, field, month_start, amount, currency_code)
) to '{path}' (format parquet)
"""
_UNREADABLE: Final = """
copy (
    select
        1 as unreadable_value_number, 'erp' as domain, 'customers' as table_name, 'credit_index' as column_name, 'NUM_FORMAT' as reason,
        'customers.csv' as file_name, 406 as line_number, null::decimal(18, 2) as amount, 'b2' as batch_id,
) to '{path}' (format parquet)
"""


def build(
    path: Path, *, extra: str = "", sources: tuple[SourceState, ...] | None = None, is_bare: bool = False
) -> Path:
    """Write `v000007`, and before it `v000006` with other settings, into `path`; returns the newer one.

    `extra` is SQL run last; `is_bare`: a company of two files, of which nothing is set aside and no check found anything.
    """
    version, before = path / "v000007", path / "v000006"
    for folder in (version / "bi", version / "controlling", before / "bi"):
        folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for table, columns in published_columns().items():
            connection.execute(f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns)})")
        connection.execute(ROWS)
        connection.execute(BARE if is_bare else "")
        connection.execute(extra)
        for table in published_columns():
            connection.execute(f"copy {table} to '{version / 'bi' / table}.parquet' (format parquet)")
        connection.execute("update mart_method_settings set value = '45' where setting = 'zones.threshold'")
        file = before / "bi" / "mart_method_settings.parquet"
        connection.execute(f"copy mart_method_settings to '{file}' (format parquet)")
        shutil.move(version / "bi" / "mart_input_quality_rows.parquet", version / "controlling")
        if not is_bare:
            connection.execute(_QUARANTINED.format(path=version / "controlling" / "quarantined_rows.parquet"))
            connection.execute(_UNREADABLE.format(path=version / "controlling" / "unreadable_values.parquet"))
    checks.write(() if is_bare else RESULTS, version / "controlling" / checks.FILE_NAME)
    manifests.write(_manifest(7, None if is_bare else 6, sources or (TWO_FILES if is_bare else SOURCES)), version)
    manifests.write(_manifest(6, None, ()), before)
    return version


BARE: Final = """
update mart_reconciliation set ledger = null, difference = null, status = 'not_available', customers = customers + quarantined,
    quarantined = 0;
update mart_contribution_month set net_revenue = net_revenue + 110
where month_start = date '2026-08-01' and relationship_type = 'customer';
delete from mart_input_quality;
delete from mart_input_quality_rows;
delete from mart_worklist;
delete from mart_restatements;
update mart_portfolio set override_zone = null, override_reason = null, override_expires_on = null, zone = 'unrated';
"""

_DELIVERED: Final = datetime(2026, 10, 2, 3, 0, tzinfo=UTC)


def _source(table: str, domain: str, accepted: int, quarantined: int = 0, **more: object) -> SourceState:
    return SourceState.model_validate(
        {
            "table": table,
            "domain": domain,
            "is_mapped": True,
            "is_delivered": True,
            "delivered_at": _DELIVERED,
            "rows_accepted": accepted,
            "rows_quarantined": quarantined,
            "rows_lost_in_mapping": 0,
            **more,
        }
    )


TWO_FILES: Final = (
    _source("customers", "erp", 40),
    _source("invoice_lines", "erp", 997),
    SourceState(table="ratings", domain="crm", is_mapped=False, is_delivered=False, note="no CRM yet"),
)
SOURCES: Final = (
    _source("customers", "erp", 40),
    _source("invoice_lines", "erp", 997, 3, data_to=date(2026, 9, 30)),
    _source("orders", "erp", 12),
    _source("products", "erp", 12, delivered_at=datetime(2026, 8, 2, 3, 0, tzinfo=UTC), agreed_age_days=30),
    _source("direct_costs", "erp", 5),
    SourceState(table="open_items", domain="erp", is_mapped=True, is_delivered=False),
    _source("zone_overrides", "crm", 2, 1),
    SourceState(table="ratings", domain="crm", is_mapped=False, is_delivered=False, note="-1 day a week"),
)
RESULTS: Final = (
    CheckResult(
        check_id="landing.direct_costs.num_format",
        area="landing",
        subject="direct_costs",
        severity="critical",
        passed=False,
        what="amount",
        rows=2,
        amount=Decimal("12.50"),
        code="NUM_FORMAT",
        waived_by="@controller",
        waived_why="illegible in the original",
        waived_until=date(2026, 10, 15),
    ),
    CheckResult(
        check_id="gate.waiver_expired",
        area="gate",
        subject="orders",
        severity="warning",
        passed=False,
        what="expired",
        code="WAIVER_EXPIRED",
    ),
    CheckResult(
        check_id="batch.invoice_lines.volume",
        area="batch",
        subject="invoice_lines",
        severity="warning",
        passed=False,
        what="half of the rows",
        observed="0.4",
        limit="at least 0.5",
    ),
    CheckResult(
        check_id="batch.orders.volume", area="batch", subject="orders", severity="warning", passed=True, what="passed"
    ),
)


def _manifest(number: int, previous: int | None, sources: tuple[SourceState, ...]) -> Manifest:
    return Manifest(
        version=number,
        previous_version=previous,
        published_at=datetime(2026, 10, 3, 8, 0, tzinfo=UTC),
        known_at=_DELIVERED,
        as_of_dates=(date(2026, 8, 31), AS_OF),
        why=("new_delivery", "settings_changed"),
        method_version=f"{number:012d}",
        project_version="0.1.0",
        pseudonym_key_id=None,
        sources=sources,
        files=(),
    )
