"""A published version made for the page: hostile names, every zone, a crowd that fills the charts, a ledger.

The tables have the columns and types docs/marts states, so a column renamed there fails here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb

from pipelines import checks
from pipelines.checks import CheckResult
from pipelines.publishing import manifest as manifests
from pipelines.publishing.manifest import Manifest, SourceState
from tests.marts import published_columns

AS_OF: Final = date(2026, 9, 30)

SCRIPT_NAME: Final = "<script>alert(1)</script>"
END_NAME: Final = '</script><img src="x" onerror="alert(2)">'
ODD_NAME: Final = "Müller & Söhne <b>\"fett\"</b> 'x' {name} $y$ \u2028 &lt;i&gt;"
HOSTILE: Final = (SCRIPT_NAME, END_NAME, ODD_NAME)

# id, name, type, zone, status, attractiveness, potential, revenue, contribution, gap, abc, rank
_CAST: Final = (
    ("H1", SCRIPT_NAME, "customer", "protection", "confirmed", 90, 85, "4000000.10", "900000.25", "1500000.00", "A", 1),
    ("H2", END_NAME, "customer", "development", "provisional", 30, 80, "2000000.00", "610000.50", "2500000.00", "A", 2),
    ("H3", ODD_NAME, "customer", "withdrawal", "confirmed", 20, 15, "900000.00", "-410000.75", "0.00", "A", 400),
    ("K1", "Pflegefall OHG", "customer", "maintain", "provisional", 70, 30, "300000.00", "-5000.00", None, "B", 3),
    ("U1", "Unbekannt GmbH", "customer", "unrated", "unrated", 50, 50, "777777.77", "70000.00", None, "B", 4),
    ("N1", "Neuling SE", "customer", "new_customer", "observation", 60, 60, "12345.67", "1000.00", "9000.00", "C", 5),
    ("L1", "Wunschkunde AG", "lead", "target_lead", "confirmed", 75, 95, "0.00", "-1200.00", "800000.00", None, None),
    ("L2", "Fremder Lead", "lead", "unrated", "unrated", 50, 50, "0.00", "-10.00", None, None, None),
)

_CROWD: Final = """
insert into mart_portfolio by name
select
    date '2026-09-30' as as_of_date,
    'C' || lpad(n::varchar, 4, '0') as ultimate_parent_id,
    'Oberpfälzer Verpackungsmaschinen und Fördertechnik ' || n || ' GmbH & Co. KG' as customer_name,
    'customer' as relationship_type,
    a as attractiveness_score, p as potential_score,
    case when p >= 50 and a >= 50 then 'protection' when p >= 50 then 'development'
        when a >= 50 then 'maintain' else 'withdrawal' end as zone,
    case when n % 9 = 0 then 'provisional' else 'confirmed' end as zone_status,
    (n * 1234.56)::decimal(18, 2) as net_revenue,
    case when n % 5 = 0 then -n * 7.77 else n * n * 1.11 end::decimal(18, 2) as contribution_4,
    (n * 210.5)::decimal(18, 2) as sales_cost,
    (n * 333.33)::decimal(18, 2) as achievable_gap,
    case when n > 250 then 'A' else 'C' end as abc_class,
    5 + n as rank_customer_value,
    (100 - n / 5.0)::decimal(9, 4) as customer_value_score,
from (select n, (n * 37 % 101)::decimal(9, 4) as a, (n * 61 % 101)::decimal(9, 4) as p from range(1, 301) as r (n))
"""

_COMMON: Final = """
update mart_portfolio set
    net_revenue = coalesce(net_revenue, 0), reporting_currency = 'EUR', contribution_reliability = 'normal',
    logged_capacity_ratio = 0.81, possible_zones = zone, zone_status_reasons = '', is_disqualified_lead = false,
    raw_zone = case zone when 'unrated' then null when 'new_customer' then 'protection' else zone end,
    is_hysteresis_hold = ultimate_parent_id = 'H3', sales_cost = coalesce(sales_cost, 5000),
    potential_score_low = potential_score, potential_score_high = potential_score,
    attractiveness_score_low = attractiveness_score, attractiveness_score_high = attractiveness_score,
    recommended_action = case zone when 'unrated' then 'rate_first' when 'new_customer' then 'onboard' else zone end,
    recommended_action_en = 'Do what fits: ' || zone, recommended_action_de = 'Das Passende tun: ' || zone,
    action_reason = case zone when 'new_customer' then 'observation' else zone end,
    blocking_criterion_id = case when zone = 'development' then 'access' end,
    method_version = '0123456789ab',
    region = case ultimate_parent_id[-1] when '3' then 'Nordost' when '7' then null else 'West' end,
    owner_area = case
        when ultimate_parent_id < 'C0150' then 'Süd' when ultimate_parent_id < 'C0160' then '(small areas)'
        when relationship_type = 'customer' then 'Nord'
    end;

insert into mart_whale_curve by name
with ranked as (
    select as_of_date, ultimate_parent_id, contribution_4,
        row_number() over (order by contribution_4 desc, ultimate_parent_id) as whale_rank,
        sum(contribution_4) over (order by contribution_4 desc, ultimate_parent_id) as cumulative_contribution,
    from mart_portfolio where relationship_type = 'customer' and as_of_date = date '2026-09-30'
)
select *, sum(contribution_4) over () as total_contribution, max(cumulative_contribution) over () as peak_contribution,
    max(cumulative_contribution) over () - sum(contribution_4) over () as destroyed_by_tail,
    count(*) filter (where contribution_4 < 0) over () as unprofitable_customers,
    1.02 as peak_share_ratio,
from ranked;

insert into mart_abc_vs_value by name
select as_of_date, ultimate_parent_id, net_revenue, abc_class,
    abc_class = 'A' and contribution_4 < 0 as danger_1_high_revenue_negative_contribution,
    ultimate_parent_id = 'K1' as danger_2_declining_or_weak_credit, false as danger_3_order_behaviour,
    abc_class = 'C' and potential_score >= 50 as danger_4_c_class_high_potential,
    achievable_gap as danger_5_untapped_wallet,
from mart_portfolio where relationship_type = 'customer' and as_of_date = date '2026-09-30';

insert into fct_criterion_score by name
select as_of_date, ultimate_parent_id, relationship_type as scorecard, axis, criterion as criterion_id,
    weight as weight_points, (weight * score / 100)::decimal(9, 4) as points, 'rating' as method,
    -- The midpoint stands in for what is not known: of the lighter criterion, of both where nobody is rated.
    score = 50 and (weight < 50 or zone = 'unrated') as is_imputed,
    case when not is_imputed then 1 + score / 25 end as level, level as raw_value,
from (
    select *, potential_score as score, 'potential' as axis, unnest(['gap', 'growth']) as criterion,
        unnest([60, 40]) as weight from mart_portfolio
    union all by name
    select *, attractiveness_score as score, 'attractiveness' as axis, unnest(['access', 'payment']) as criterion,
        unnest([70, 30]) as weight from mart_portfolio
);

insert into mart_method_settings by name
from (values ('zones.missing_level', 3), ('zones.min_coverage_weight', 60)) as settings (setting, value_number);

insert into mart_share_of_wallet by name
select as_of_date, ultimate_parent_id, 'Antriebstechnik' as product_group, true as is_next_best_product_group
from mart_portfolio where achievable_gap > 0;

-- 14 months: the two oldest lie outside the page's 12.
insert into mart_reconciliation by name
select *, customers + leads + intercompany + unassigned_unknown_customer + unassigned_missing_cost_centre + quarantined
    + unused_capacity as total, total as ledger, 0 as difference, 'reconciled' as status
from (
    select date '2026-09-30' as as_of_date, strftime(date '2026-09-01' - to_months(m::integer), '%Y-%m') as period,
        account_group, (sign * (100000 + m))::decimal(18, 2) as customers, -10.01 as leads, 500.5 as intercompany,
        3.25 as unassigned_unknown_customer, -7 as unassigned_missing_cost_centre, 12.34 as quarantined,
        case when sign < 0 then -2000.02 else 0 end as unused_capacity
    from range(14) as months (m), (values ('gross_list_revenue', 3), ('cogs', -1)) as groups (account_group, sign)
);
"""

_LISTS: Final = """
-- A quarter ago every third stood elsewhere; of those the page says why. An earlier date is nobody's business.
insert into mart_zone_history by name
select
    as_of as as_of_date, ultimate_parent_id, relationship_type, net_revenue,
    case when as_of = as_of_date then contribution_4 else contribution_4 - 1000 end as contribution_4,
    case when number % 3 > 0 or as_of = as_of_date then zone when as_of < date '2026-08-31' then 'withdrawal' else 'development'
    end as zone,
    number % 3 = 0 and as_of = as_of_date and zone <> 'withdrawal' as is_zone_change,
    override_zone, attractiveness_score,
    case when as_of = as_of_date then potential_score else greatest(potential_score - 10, 0) end as potential_score,
from (
    select *, row_number() over (order by ultimate_parent_id) as number
    from mart_portfolio
    where as_of_date = date '2026-09-30'
), unnest([date '2026-06-30', date '2026-08-31', date '2026-09-30']) as dates (as_of);

insert into mart_score_change by name
select as_of_date, ultimate_parent_id, scorecard, axis, criterion_id,
    case when criterion_id = 'growth' then -20 else 5 end as change_points,
    case when criterion_id = 'growth' then -2 else 0 end as weight_effect_points,
    case when criterion_id = 'access' then 1 else 0 end as late_data_effect_points,
from fct_criterion_score
where as_of_date = date '2026-09-30';

insert into mart_service_levels by name
select as_of_date, ultimate_parent_id, 4 as planned_visits, 4 + number % 7 as actual_visits, 10.5 * number as field_hours,
    1 as inside_hours, case when number % 3 = 0 then 0 else number * 100.25 end as avoidable_cost,
from (
    select *, row_number() over (order by ultimate_parent_id) as number
    from mart_portfolio
    where as_of_date = date '2026-09-30'
);

insert into mart_hours_allocation by name
select as_of_date, ultimate_parent_id, 16 as allocated_field_hours
from mart_service_levels
where planned_visits > 0;

insert into mart_share_of_wallet by name
select
    as_of_date, ultimate_parent_id, product_group, 100000 as annual_demand,
    (achievable_gap / (2 + place))::decimal(18, 2) as achievable_gap,
    case when place = 1 then 0 else 0.25 end as sow_capped_ratio, place = 1 as is_white_space,
    false as is_next_best_product_group,
from mart_portfolio, (values ('Hydraulik', 1), ('Werkzeuge', 2), ('Befestigungstechnik', 3)) as groups (product_group, place)
where achievable_gap > 0;

-- 26 months, of which a sheet draws 24; one without a booking, one with a loss.
insert into mart_contribution_month by name
select
    'H2' as ultimate_parent_id, month_start::date as month_start, 1000.5 * number as net_revenue, 4 as contribution_depth,
    case when number = 9 then -700.25 else 100 * number end as customer_contribution, number % 3 as visits,
from (select date '2026-09-01' - to_months(n::integer) as month_start, n + 1 as number from range(26) as months (n))
where number <> 5;

insert into mart_contribution_month by name
select 'C0001' as ultimate_parent_id, date '2026-05-01' as month_start, 1 as net_revenue;

insert into mart_buying_centre by name
select date '2026-09-30' as as_of_date, 'H2' as ultimate_parent_id, *
from (values ('buyer', 2, 3), ('decider', 0, null)) as roles (buying_role, contact_count, max_access_level);

insert into mart_campaign_effects by name
select date '2026-09-30' as as_of_date, *
from (values
    ('K1', 'Zugang <b>Einkauf</b>', date '2026-01-01', date '2026-03-31', 'measured', 14, 15, 120000.5, 20000, 220001, 'worked'),
    ('K2', 'Jahresgespräche', date '2026-07-01', date '2026-09-30', 'running', 8, 7, null, null, null, null)
) as campaigns (
    campaign_id, campaign_name, starts_on, ends_on, phase, n_treated, n_control, effect, interval_low, interval_high, verdict
);

insert into mart_worklist by name
select
    as_of_date, ultimate_parent_id, 'visit' as task, row_number() over (order by net_revenue desc) as priority, customer_name,
    owner_area, zone, zone_status,
    date '2026-10-14' as due_on, net_revenue as money, 'at_risk' as money_kind, 'never_contacted' as happened,
    'visit' as next_step, reporting_currency,
from mart_portfolio
where zone in ('protection', 'development') and as_of_date = date '2026-09-30';
"""

ERP_ONLY: Final = """
update mart_portfolio set zone = 'unrated', zone_status = 'unrated', achievable_gap = null, sales_cost = 0,
    contribution_reliability = null, logged_capacity_ratio = null, raw_zone = null, recommended_action = 'rate_first',
    action_reason = 'unrated', is_hysteresis_hold = false;
delete from mart_portfolio where relationship_type = 'lead';
update mart_abc_vs_value set danger_5_untapped_wallet = null;
-- A month without a ledger of its own waits for its year, and no year came.
update mart_reconciliation set ledger = null, difference = null, status = 'within_year';
delete from mart_share_of_wallet;
delete from mart_worklist;
delete from mart_service_levels;
delete from mart_hours_allocation;
delete from mart_campaign_effects;
delete from mart_score_change;
delete from mart_zone_history;
"""
"""Run last: a company that delivers neither a CRM nor a ledger."""


def build(path: Path, *, extra: str = "", crowd: bool = True, missing: tuple[str, ...] = ()) -> Path:
    """Write the version `v000007` into `path` and return its directory; `extra` is SQL run last, to change it."""
    version = path / "v000007"
    (version / "bi").mkdir(parents=True)
    with duckdb.connect() as connection:
        for table, columns in published_columns().items():
            connection.execute(f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns)})")
        for person in _CAST:
            connection.execute(
                "insert into mart_portfolio (as_of_date, ultimate_parent_id, customer_name, relationship_type, zone, "
                "zone_status, attractiveness_score, potential_score, net_revenue, contribution_4, achievable_gap, "
                "abc_class, rank_customer_value) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [AS_OF, *person],
            )
        connection.execute(
            "insert into mart_portfolio by name select * replace (date '2026-08-31' as as_of_date, "
            "net_revenue + 1 as net_revenue) from mart_portfolio where ultimate_parent_id = 'H1'"
        )
        if crowd:
            connection.execute(_CROWD)
        connection.execute(_COMMON)
        connection.execute(_LISTS)
        connection.execute(extra)
        for table in published_columns():
            connection.execute(f"copy {table} to '{version / 'bi' / table}.parquet' (format parquet)")
    found = CheckResult(check_id="x", area="batch", subject="x", severity="warning", passed=False, what="odd")
    (version / "controlling").mkdir()
    checks.write([found], version / "controlling" / checks.FILE_NAME)
    manifests.write(_manifest(missing), version)
    return version


def _manifest(missing: tuple[str, ...]) -> Manifest:
    return Manifest(
        version=7,
        previous_version=None,
        published_at=datetime(2026, 10, 3, 8, 0, tzinfo=UTC),
        known_at=datetime(2026, 10, 2, 3, 0, tzinfo=UTC),
        as_of_dates=(AS_OF, date(2026, 8, 31)),
        method_version="0123456789ab",
        project_version="0.1.0",
        pseudonym_key_id=None,
        sources=(
            SourceState(
                table="invoice_lines",
                domain="erp",
                is_mapped=True,
                is_delivered=True,
                rows_accepted=9_990,
                rows_quarantined=10,
            ),
            *(SourceState(table=name, domain="crm", is_mapped=False, is_delivered=False) for name in missing),
        ),
        files=(),
    )
