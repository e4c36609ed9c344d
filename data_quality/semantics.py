"""What a sensible batch looks like, beyond its contract: shares, volumes, gaps, dates that contradict each other.

Belongs here: the measures and limits per table, each with its severity. They look at every delivered row of the batches
that count (METHOD 1.16), also at those not yet known. Not here: the engine; relations between models (dbt tests).

Each measure is an SQL expression over `batch_<table>` (the columns of the raw table and `delivered_at` of its batch).
No clock: "future" means after the delivery that brought the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from data_quality.rules import Measured, Rule
from pipelines.checks import Severity
from pipelines.quoting import literal

_ENOUGH: Final = 20
"""Shares of fewer rows say nothing."""

_MOJIBAKE: Final = "Ã[\\x{A0}-\\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€"
"""UTF-8 read as Windows-1252: "MÃ¼ller". A capital Ã before a letter is Portuguese and fine."""


def semantic_rules(table: str) -> tuple[Rule, ...]:
    """The expectations of one table beyond its contract; none for an unknown table."""
    return _RULES.get(table, ())


def _count(table: str, name: str, severity: Severity, what: str, remedy: str, fault: str, column: str = "") -> Rule:
    """No row shows the fault."""
    measure = Measured(f"count(*) filter (where {fault})", maximum=Decimal(0))
    return Rule(table, name, severity, what, remedy, measure, column)


def _share(
    table: str,
    name: str,
    severity: Severity,
    what: str,
    remedy: str,
    fault: str,
    limit: str,
    column: str = "",
    among: str = "true",
) -> Rule:
    """At most the share `limit` of the rows `among` shows the fault; not measured below _ENOUGH rows."""
    rows, all_rows = f"count(*) filter (where ({among}) and ({fault}))", f"count(*) filter (where {among})"
    sql = f"case when {all_rows} >= {_ENOUGH} then cast({rows} / nullif({all_rows}, 0) as decimal(18, 6)) end"
    return Rule(table, name, severity, what, remedy, Measured(sql, maximum=Decimal(limit), rows_sql=rows), column)


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
    return Rule(table, "volume", "warning", what, remedy, measure, column)


def _not_future(table: str, column: str, severity: Severity = "warning") -> Rule:
    what = f"no {column} lies after the delivery that brought it"
    remedy = "correct the date in the source; until then the row is kept where the method allows it, and counted"
    fault = f"cast({column} as date) > cast(delivered_at as date)"
    return _count(table, f"{column}_not_future", severity, what, remedy, fault, column)


def _ends_after(table: str, start: str, end: str) -> Rule:
    what = f"{end} is not before {start}"
    fault = f"cast({end} as date) < cast({start} as date)"
    return _count(table, f"{end}_after_{start}", "warning", what, "correct the dates in the source", fault, end)


def _readable(table: str, column: str) -> Rule:
    what = f"{column} has no signs of a wrong encoding (MÃ¼ller)"
    remedy = "the exporting system wrote UTF-8 that something read as Windows-1252: correct it there, deliver again"
    return _count(
        table, f"{column}_readable", "warning", what, remedy, f"regexp_matches({column}, {literal(_MOJIBAKE)})", column
    )


_NET = "(gross_list_amount - revenue_deductions)"

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
        "relationship_type",
    ),
    _readable("customers", "customer_name"),
    _not_future("customers", "first_invoice_date"),
    _share(
        "customers",
        "country_filled",
        "info",
        "at most a fifth of the customers has no country",
        "complete the customer master",
        "country_code is null",
        "0.2",
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
        "parent_id",
    ),
    _count(
        "customer_id_changes",
        "not_to_itself",
        "warning",
        "no customer id changes to itself",
        "remove the row in the source",
        "old_customer_id = customer_id",
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
        "product_group",
    ),
    _readable("products", "product_name"),
    _share(
        "invoice_lines",
        "margin_plausible",
        "warning",
        "at most 1 % of the lines has a margin beyond -100 % or 100 % of its net amount",
        "check cogs and amounts in the source: units, signs, lines without price",
        f"abs({_NET} - cogs) > abs({_NET})",
        "0.01",
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
        "cogs",
    ),
    _share(
        "invoice_lines",
        "credit_notes_refer",
        "warning",
        "at most 5 % of the credit notes names no invoice",
        "enter the reference in the source; without it the credit note cannot be assigned to what was sold",
        "reference_invoice_id is null",
        "0.05",
        "reference_invoice_id",
        among="doc_type = 'credit_note'",
    ),
    _share(
        "invoice_lines",
        "invoices_positive",
        "warning",
        "at most 5 % of the invoice lines is negative",
        "check the value map of doc_type: negative lines are usually credit notes",
        "gross_list_amount < 0",
        "0.05",
        "gross_list_amount",
        among="doc_type = 'invoice'",
    ),
    _share(
        "invoice_lines",
        "credit_notes_negative",
        "critical",
        "at most half of the credit note lines is positive",
        "credit notes must be delivered as negative amounts: map them with a sign in config/sources.yml (sql)",
        "gross_list_amount > 0",
        "0.5",
        "gross_list_amount",
        among="doc_type = 'credit_note'",
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
        "amount",
    ),
    _share(
        "direct_costs",
        "costs_have_customers",
        "warning",
        "at most half of the costs names no customer",
        "costs without a customer stay unassigned: name the customer in the source where there is one",
        "customer_id is null",
        "0.5",
        "customer_id",
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
                from {batch} where length(period) = 7
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
        "net_revenue",
    ),
    _not_future("opening_portfolio", "as_of_date"),
    Rule(
        "exchange_rates",
        "age",
        "warning",
        "the rates reach to the latest posting in a foreign currency, less the accepted age",
        "deliver newer rates: what cannot be converted stops the publication",
        Measured(
            """(
            with needed as (
                select lines.currency_code, max(lines.posting_date) as needed_on
                from batch_invoice_lines as lines
                cross join settings.parameters as parameters
                where lines.currency_code <> parameters.reporting_currency and lines.local_net_amount is null
                group by lines.currency_code
            ),
            newest as (
                select needed.currency_code, date_diff('day', max(rates.rate_date), needed.needed_on) as age_days
                from needed
                left join {batch} as rates
                    on needed.currency_code = rates.currency_code and rates.rate_date <= needed.needed_on
                group by needed.currency_code, needed.needed_on
            )
            select cast(max(coalesce(age_days, 99999) - parameters.fx_max_age_days) as bigint)
            from newest cross join settings.parameters as parameters
        )""",
            maximum=Decimal(0),
            rows_sql="null",
        ),
        "rate_date",
    ),
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
        "units_per_reporting_currency",
    ),
    # --- CRM
    _readable("accounts", "account_name"),
    _not_future("accounts", "created_on"),
    _share(
        "accounts",
        "accounts_owned",
        "warning",
        "at most a fifth of the accounts has no owner",
        "assign the accounts in the CRM: nobody looks after them",
        "owner_rep_key is null",
        "0.2",
        "owner_rep_key",
    ),
    _share(
        "contacts",
        "roles_known",
        "info",
        "at most half of the contacts has no buying role",
        "complete the buying roles in the CRM",
        "buying_role is null",
        "0.5",
        "buying_role",
    ),
    _share(
        "activities",
        "not_future",
        "warning",
        "no activity lies after the delivery that brought it",
        "planned appointments are not activities: map only those that took place (where in config/sources.yml)",
        "activity_at > delivered_at",
        "0",
        "activity_at",
    ),
    _share(
        "activities",
        "duration_filled",
        "warning",
        "at most a fifth of the activities has no duration",
        "standard minutes are used instead: ask sales to enter the duration",
        "duration_minutes is null",
        "0.2",
        "duration_minutes",
    ),
    _share(
        "activities",
        "not_backdated",
        "warning",
        "at most a tenth of the activities was entered later than the agreed number of days",
        "late entries change closed periods: ask sales to enter activities in time",
        "date_diff('day', activity_at, recorded_at) > (select max(backdated_after_days) from settings.parameters)",
        "0.1",
        "recorded_at",
    ),
    _share(
        "activities",
        "durations_vary",
        "warning",
        "at most 80 % of the durations is exactly 30 or 60 minutes",
        "durations look like a habit, not a measurement: cost to serve is as rough as they are",
        "duration_minutes in (30, 60)",
        "0.8",
        "duration_minutes",
        among="duration_minutes is not null",
    ),
    _share(
        "activities",
        "outcome_filled",
        "info",
        "at most half of the activities has no result",
        "ask sales to enter the result",
        "outcome is null",
        "0.5",
        "outcome",
        among="(select count(outcome) from {batch}) > 0",
    ),
    _volume("activities", "activity_at"),
    _ends_after("opportunities", "created_on", "closed_on"),
    _count(
        "opportunities",
        "closed_has_result",
        "warning",
        "every closed opportunity is won or lost",
        "enter in the CRM whether it was won",
        "closed_on is not null and is_won is null",
        "is_won",
    ),
    _count(
        "opportunities",
        "amounts_positive",
        "warning",
        "no opportunity is negative",
        "correct the amount in the CRM",
        "amount < 0",
        "amount",
    ),
    Rule(
        "ratings",
        "levels_vary",
        "warning",
        "not all ratings are the same level",
        "were the ratings filled with a default? then they carry no information: rate anew",
        Measured(
            f"case when count(level) >= {_ENOUGH} then count(distinct level) end",
            minimum=Decimal(2),
            rows_sql="count(level)",
        ),
        "level",
    ),
    _share(
        "ratings",
        "not_middle",
        "warning",
        "at most 80 % of the ratings is the middle level",
        "the middle says nothing: ask for a decision, or let 'unknown' be chosen",
        "level = 3",
        "0.8",
        "level",
        among="level is not null",
    ),
    Rule(
        "ratings",
        "no_straight_lining",
        "warning",
        "no more than a tenth of the ratings comes from raters who always choose the same level",
        "talk to the sales team about the criteria; single persons are not named here",
        Measured(
            f"""(
            with raters as (
                select count(level) as ratings, count(distinct level) as levels from {{batch}} group by rater_key
            )
            select case when sum(ratings) >= {_ENOUGH} then cast(
                coalesce(sum(ratings) filter (where ratings >= 10 and levels = 1), 0) / nullif(sum(ratings), 0)
                as decimal(18, 6)) end
            from raters
        )""",
            maximum=Decimal("0.1"),
            rows_sql="""(
            select coalesce(cast(sum(ratings) as bigint), 0) from (
                select count(level) as ratings from {batch}
                group by rater_key having count(level) >= 10 and count(distinct level) = 1
            )
        )""",
        ),
        "level",
    ),
    _share(
        "ratings",
        "not_backdated",
        "warning",
        "at most a tenth of the ratings was entered more than 30 days after it became valid",
        "late ratings change closed periods: ask sales to rate in time",
        "date_diff('day', cast(valid_from as timestamp), recorded_at) > 30",
        "0.1",
        "recorded_at",
    ),
    Rule(
        "potential_estimates",
        "demand_steady",
        "warning",
        "no new estimate differs from the one before it by more than half",
        "confirm the new demand with the account's owner",
        Measured(
            """(
            with steps as (
                select
                    annual_demand,
                    lag(annual_demand) over (
                        partition by
                            account_id, product_group, currency_code, coalesce(demand_stage, 'effective_demand')
                        order by valid_from, recorded_at, batch_id, annual_demand
                    ) as before
                from {batch}
            )
            select count(*) from steps where before > 0 and abs(annual_demand - before) > before / 2
        )""",
            maximum=Decimal(0),
        ),
        "annual_demand",
    ),
    _share(
        "potential_estimates",
        "demand_positive",
        "warning",
        "at most half of the estimates is zero",
        "an unknown demand is left out, not entered as 0",
        "annual_demand = 0",
        "0.5",
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
            f"case when count(*) >= {_ENOUGH} then count(*) filter (where is_control) end",
            minimum=Decimal(1),
            rows_sql="null",
        ),
        "is_control",
    ),
    Rule(
        "service_ratings",
        "levels_vary",
        "warning",
        "not all offerings are seen at the same level",
        "were the answers filled with a default?",
        Measured(
            f"case when count(*) >= {_ENOUGH} then count(distinct offering_level) end",
            minimum=Decimal(2),
            rows_sql="count(*)",
        ),
        "offering_level",
    ),
    _ends_after("sales_reps", "active_from", "active_to"),
    _ends_after("zone_overrides", "set_at", "expires_on"),
)


def _by_table() -> Mapping[str, tuple[Rule, ...]]:
    tables = sorted({rule.table for rule in _ALL})
    return MappingProxyType({table: tuple(rule for rule in _ALL if rule.table == table) for table in tables})


_RULES: Final = _by_table()
