"""The last delivered months, and what customers have in each: one query for every sheet. Not here: what is drawn of it."""

from __future__ import annotations

from typing import Final

MONTHS_SHOWN: Final = 24


def months_of(wanted: str, until: str) -> str:
    """SQL of one row per wanted customer and month: ultimate_parent_id, month_start, net_revenue, contribution (the deepest known), visits.

    `wanted` is a relation with ultimate_parent_id, `until` an expression of the last day. A month that anybody has a row of is delivered;
    one a customer has none of is a month without a booking: everything in it is NULL.
    """
    return f"""
        select
            wanted.ultimate_parent_id,
            delivered.month_start,
            own.net_revenue,
            case when own.contribution_depth is null then own.contribution_4 else own.customer_contribution end as contribution,
            own.visits
        from {wanted} as wanted
        cross join (
            select distinct month_start
            from mart_contribution_month
            where month_start <= {until}
            order by month_start desc
            limit {MONTHS_SHOWN}
        ) as delivered
        left join mart_contribution_month as own
            on wanted.ultimate_parent_id = own.ultimate_parent_id and delivered.month_start = own.month_start"""
