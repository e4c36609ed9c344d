-- One row per as-of date and scored parent: every computed measure a criterion may stand on, by the names config/portfolio.yml uses.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

payment as (
    select * from {{ ref('int_finance__payment') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

growth as (
    select * from {{ ref('int_loyalty__growth') }}
),

penetration as (
    select * from {{ ref('int_potential__penetration') }}
),

measures as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.scorecard,
        potential.achievable_gap,
        potential.annual_demand,
        potential.sow_capped_ratio,
        growth.revenue_cagr_3y,
        growth.revenue_yoy,
        contributions.net_revenue,
        contributions.contribution_4,
        contributions.contribution_4_margin_ratio,
        case when contributions.gross_list_revenue > 0 then {{ ratio(exact_div('contributions.net_revenue', 'contributions.gross_list_revenue')) }} end as price_realisation_ratio,
        payment.weighted_days_beyond_terms,
        payment.payment_deviation_days,
        loyalty.tenure_years,
        loyalty.recency_ratio,
        loyalty.order_regularity,
        loyalty.loyalty_level,
        parents.credit_index,
        penetration.penetration_ratio
    from parents
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    inner join potential
        on
            parents.as_of_date = potential.as_of_date
            and parents.ultimate_parent_id = potential.ultimate_parent_id
    inner join loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
    left join payment
        on
            parents.as_of_date = payment.as_of_date
            and parents.ultimate_parent_id = payment.ultimate_parent_id
    left join growth
        on
            parents.as_of_date = growth.as_of_date
            and parents.ultimate_parent_id = growth.ultimate_parent_id
    left join penetration
        on
            parents.as_of_date = penetration.as_of_date
            and parents.ultimate_parent_id = penetration.ultimate_parent_id
)

select * from measures
