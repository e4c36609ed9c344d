-- A returned row is a month of a score object whose entities and product groups do not add up to its contribution 1.
{{ config(meta={
    'decides': 'fct_customer_contribution.contribution_1 sum',
    'what': 'entities and product groups add up to the revenue and contribution 1 of their group, month by month',
    'remedy': 'bookings are lost or doubled between fct_customer_contribution and mart_contribution_month: compare the two',
}) }}
with

entities as (
    select
        as_of_date,
        month_start,
        coalesce(ultimate_parent_id, '(unassigned)') as ultimate_parent_id,
        sum(net_revenue) as net_revenue,
        sum(contribution_1) as contribution_1
    from {{ ref('fct_customer_contribution') }}
    group by as_of_date, month_start, coalesce(ultimate_parent_id, '(unassigned)')
),

months as (
    select as_of_date, month_start, ultimate_parent_id, net_revenue, contribution_1
    from {{ ref('mart_contribution_month') }}
),

different as (
    select
        coalesce(months.month_start, entities.month_start) as month_start,
        coalesce(months.ultimate_parent_id, entities.ultimate_parent_id) as ultimate_parent_id,
        coalesce(months.net_revenue, 0) - coalesce(entities.net_revenue, 0) as net_revenue_difference,
        coalesce(months.contribution_1, 0) - coalesce(entities.contribution_1, 0) as contribution_1_difference
    from months
    full outer join entities
        on
            months.as_of_date = entities.as_of_date
            and months.month_start = entities.month_start
            and months.ultimate_parent_id = entities.ultimate_parent_id
)

select * from different
where net_revenue_difference <> 0 or contribution_1_difference <> 0
