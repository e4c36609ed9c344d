"""What a sensible batch looks like, beyond its contract: shares, volumes, gaps, dates that contradict each other.

Belongs here: what shows that a batch as a whole was mapped or delivered wrongly, with limit and severity. They look at
every delivered row of the batches that count, also at those not yet known. Not here: the engine; what people enter badly
(the checks of the sales input, dbt models int_input_quality__*, with limits a company sets); relations between tables
(dbt tests). A limit stands here as a number because no company sets it.

Each measure is an SQL expression over `batch_<table>` (the columns of the raw table and `delivered_at` of its batch).
No clock: "future" means after the delivery that brought the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from data_quality.rules import ENOUGH, Concern, Measured, Rule, share
from pipelines.checks import Severity


def semantic_rules(table: str) -> tuple[Rule, ...]:
    """The expectations of one table beyond its contract; none for an unknown table."""
    return _RULES.get(table, ())


def _count(
    table: str, name: str, severity: Severity, what: str, remedy: str, fault: str, concern: Concern, column: str
) -> Rule:
    """No row shows the fault."""
    measure = Measured(f"count(*) filter (where {fault})", maximum=Decimal(0))
    return Rule(table, name, severity, what, remedy, measure, concern, column)


def _share(
    table: str,
    name: str,
    severity: Severity,
    what: str,
    remedy: str,
    fault: str,
    limit: str,
    concern: Concern,
    column: str,
    among: str = "true",
) -> Rule:
    """At most the share `limit` of the rows `among` shows the fault."""
    return Rule(table, name, severity, what, remedy, share(fault, Decimal(limit), among), concern, column)


def _volume(table: str, column: str) -> Rule:
    """The latest complete month has between half and twice the rows of the median of up to twelve months before it.

    A month counts as complete if the data reach to within three days of its end (weekends).
    """
    sql = f"""(
        with months as (
            select date_trunc('month', {column}) as month_start, count(*) as row_count
            from {{batch}} group by 1
        ),
        complete as (
            select * from months
            where last_day(month_start) <= (select max({column}) + interval 3 days from {{batch}})
        ),
        latest as (select * from complete order by month_start desc limit 1)
        select cast(max(latest.row_count) / nullif(median(complete.row_count), 0) as decimal(18, 6))
        from complete cross join latest
        where complete.month_start < latest.month_start
            and complete.month_start >= latest.month_start - interval 12 months
        having count(*) >= 3
    )"""
    what = "the latest month has half to twice the rows of the months before it (median)"
    remedy = "was the delivery complete, or delivered twice under other numbers? compare with the source"
    measure = Measured(sql, minimum=Decimal("0.5"), maximum=Decimal(2), rows_sql="null")
    return Rule(table, "volume", "warning", what, remedy, measure, "rows", column)


def _not_future(table: str, column: str, severity: Severity = "warning") -> Rule:
    what = f"no {column} lies after the delivery that brought it"
    remedy = "correct the date in the source; until then the row is kept where the method allows it, and counted"
    fault = f"cast({column} as date) > cast(delivered_at as date)"
    return _count(table, f"{column}_not_future", severity, what, remedy, fault, "future", column)


def _ends_after(table: str, start: str, end: str) -> Rule:
    what = f"{end} is not before {start}"
    fault = f"cast({end} as date) < cast({start} as date)"
    remedy = "correct the dates in the source"
    return _count(table, f"{end}_after_{start}", "warning", what, remedy, fault, "contradiction", end)


_NET = "(gross_list_amount - coalesce(revenue_deductions, 0))"

_ALL: Final = (
    # --- ERP
    Rule(
        "customers",
        "has_customers",
        "critical",
        "at least one row is a customer",
        "check the value map of relationship_type in config/sources.yml",
        Measured(
            "case when count(*) > 0 then count(*) filter (where relationship_type = 'customer') end",
            minimum=Decimal(1),
            rows_sql="count(*)",
        ),
        "default",
        "relationship_type",
    ),
    _not_future("customers", "first_invoice_date"),
    _share(
        "customers",
        "country_filled",
        "info",
        "at most a fifth of the customers has no country",
        "complete the customer master",
        "country_code is null",
        "0.2",
        "missing",
        "country_code",
        among="(select count(country_code) from {batch}) > 0",
    ),
    _ends_after("customer_parents", "valid_from", "valid_to"),
    _count(
        "customer_parents",
        "no_own_parent",
        "warning",
        "no customer is its own parent",
        "remove the row in the source; it says nothing",
        "customer_id = parent_id",
        "contradiction",
        "parent_id",
    ),
    _count(
        "customer_id_changes",
        "not_to_itself",
        "warning",
        "no customer id changes to itself",
        "remove the row in the source",
        "old_customer_id = customer_id",
        "contradiction",
        "customer_id",
    ),
    _share(
        "products",
        "several_groups",
        "warning",
        "the products are not nearly all in one group",
        "check the mapping of product_group: share of wallet needs the groups",
        "product_group = (select mode(product_group) from {batch})",
        "0.98",
        "default",
        "product_group",
    ),
    _share(
        "invoice_lines",
        "margin_plausible",
        "warning",
        "at most 1 % of the lines has a margin beyond -100 % or 100 % of its net amount",
        "check cogs and amounts in the source: units, signs, lines without price",
        f"abs({_NET} - cogs) > abs({_NET})",
        "0.01",
        "plausible",
        "cogs",
    ),
    _share(
        "invoice_lines",
        "margin_possible",
        "critical",
        "at most half of the lines has a margin beyond -100 % or 100 % of its net amount",
        "the mapping of gross_list_amount, revenue_deductions and cogs is probably wrong: correct config/sources.yml",
        f"abs({_NET} - cogs) > abs({_NET})",
        "0.5",
        "plausible",
        "cogs",
    ),
    _not_future("invoice_lines", "posting_date"),
    _volume("invoice_lines", "posting_date"),
    _not_future("orders", "order_date"),
    _volume("orders", "order_date"),
    _not_future("open_items", "cleared_date"),
    _share(
        "open_items",
        "amounts_positive",
        "warning",
        "at most half of the items is negative",
        "check the sign of amount in the mapping: receivables are positive",
        "amount < 0",
        "0.5",
        "sign",
        "amount",
    ),
    _share(
        "direct_costs",
        "costs_positive",
        "warning",
        "at most a tenth of the costs is negative",
        "check the sign of amount in the mapping: costs are positive",
        "amount < 0",
        "0.1",
        "sign",
        "amount",
    ),
    Rule(
        "ledger_totals",
        "months_without_gaps",
        "warning",
        "the ledger has every month between its first and its last",
        "deliver the missing months: they cannot be reconciled",
        Measured(
            """(
            with months as (
                select distinct company_id, cast(period || '-01' as date) as month_start
                from {batch} where length(period) = 7 and substr(period, 6, 2) <= '12'
            ),
            companies as (
                select date_diff('month', min(month_start), max(month_start)) + 1 - count(*) as missing
                from months group by company_id
            )
            select coalesce(cast(sum(missing) as bigint), 0) from companies
        )""",
            maximum=Decimal(0),
            rows_sql="null",
        ),
        "gaps",
        "period",
    ),
    _share(
        "ledger_totals",
        "totals_positive",
        "warning",
        "at most half of the totals is negative",
        "all groups are delivered positive; check the sign in the mapping",
        "amount < 0",
        "0.5",
        "sign",
        "amount",
        among="amount <> 0",
    ),
    _share(
        "revenue_history",
        "revenue_positive",
        "warning",
        "at most a tenth of the yearly revenues is negative",
        "check the sign of net_revenue in the mapping",
        "net_revenue < 0",
        "0.1",
        "sign",
        "net_revenue",
    ),
    _not_future("opening_portfolio", "as_of_date"),
    Rule(
        "exchange_rates",
        "no_jumps",
        "warning",
        "no rate is less than half or more than twice the one before it",
        "was the unit changed (per 1 or per 100), or the rate inverted? correct the source",
        Measured(
            """(
            with steps as (
                select
                    units_per_reporting_currency as rate,
                    lag(units_per_reporting_currency) over (partition by currency_code order by rate_date) as before
                from {batch}
            )
            select count(*) from steps where rate > 2 * before or 2 * rate < before
        )""",
            maximum=Decimal(0),
        ),
        "jump",
        "units_per_reporting_currency",
    ),
    # --- CRM
    _not_future("accounts", "created_on"),
    _volume("activities", "activity_at"),
    _ends_after("opportunities", "created_on", "closed_on"),
    _count(
        "opportunities",
        "closed_has_result",
        "warning",
        "every closed opportunity is won or lost",
        "enter in the CRM whether it was won",
        "closed_on is not null and is_won is null",
        "contradiction",
        "is_won",
    ),
    _count(
        "opportunities",
        "amounts_positive",
        "warning",
        "no opportunity is negative",
        "correct the amount in the CRM",
        "amount < 0",
        "sign",
        "amount",
    ),
    Rule(
        "ratings",
        "levels_vary",
        "warning",
        "not all ratings are the same level",
        "were the ratings filled with a default? then they carry no information: rate anew",
        Measured(
            f"case when count(level) >= {ENOUGH} then count(distinct level) end",
            minimum=Decimal(2),
            rows_sql="count(level)",
        ),
        "default",
        "level",
    ),
    _share(
        "ratings",
        "not_middle",
        "warning",
        "at most 80 % of the ratings is the middle level",
        "was the middle mapped where nobody rated? an unknown level is left empty",
        "level = 3",
        "0.8",
        "default",
        "level",
        among="level is not null",
    ),
    _share(
        "potential_estimates",
        "demand_positive",
        "warning",
        "at most half of the estimates is zero",
        "an unknown demand is left out, not entered as 0",
        "annual_demand = 0",
        "0.5",
        "default",
        "annual_demand",
    ),
    _not_future("potential_estimates", "recorded_at"),
    _ends_after("campaigns", "starts_on", "ends_on"),
    Rule(
        "campaign_members",
        "has_control",
        "warning",
        "the campaigns have control customers",
        "without untreated candidates no effect can be measured: choose a control group",
        Measured(
            f"case when count(*) >= {ENOUGH} then count(*) filter (where is_control) end",
            minimum=Decimal(1),
            rows_sql="null",
        ),
        "default",
        "is_control",
    ),
    Rule(
        "service_ratings",
        "levels_vary",
        "warning",
        "not all offerings are seen at the same level",
        "were the answers filled with a default?",
        Measured(
            f"case when count(*) >= {ENOUGH} then count(distinct offering_level) end",
            minimum=Decimal(2),
            rows_sql="count(*)",
        ),
        "default",
        "offering_level",
    ),
    _ends_after("sales_reps", "active_from", "active_to"),
    _ends_after("zone_overrides", "set_at", "expires_on"),
)


def _by_table() -> Mapping[str, tuple[Rule, ...]]:
    tables = sorted({rule.table for rule in _ALL})
    return MappingProxyType({table: tuple(rule for rule in _ALL if rule.table == table) for table in tables})


_RULES: Final = _by_table()
