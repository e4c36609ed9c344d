-- One row per shown as-of date and customer: what the claims of the texts group by and measure, side by side (METHOD 1.19).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_shown
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer' and {{ is_shown() }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

revenues as (
    select * from {{ ref('int_contribution__revenue_windows') }}
),

growth as (
    select * from {{ ref('int_loyalty__growth') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

customer_values as (
    select * from {{ ref('int_value__customer') }}
),

small_customers as (
    select * from {{ ref('int_effort__small_customers') }}
),

effort as (
    select * from {{ ref('int_effort__parent') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

replayed as (
    select * from {{ ref('int_zones__replayed') }}
),

-- Where each customer stood 12 months before, if that month is judged: in the replay the as-of date's own zones come from.
earlier as (
    select
        dates.as_of_date,
        replayed.ultimate_parent_id,
        replayed.zone,
        contributions.net_revenue,
        contributions.customer_contribution
    from dates
    inner join replayed
        on
            dates.judged_from = replayed.judged_from
            and {{ month_end(add_months('dates.as_of_date', -12)) }} = replayed.as_of_date
    inner join contributions
        on
            replayed.as_of_date = contributions.as_of_date
            and replayed.ultimate_parent_id = contributions.ultimate_parent_id
),

joined as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        contributions.net_revenue,
        contributions.customer_contribution_margin_ratio,
        contributions.price_realisation_ratio,
        contributions.inside_hours,
        contributions.visits,
        revenues.current_net_revenue,
        revenues.prior_net_revenue,
        growth.revenue_yoy,
        loyalty.loyalty_level,
        case when loyalty.recency_ratio is not null and loyalty.churn_risk is not null then case when loyalty.churn_risk then 0 else 1 end end as has_stayed,
        potential.sow_capped_ratio,
        potential.achievable_gap,
        customer_values.abc_class,
        small_customers.threshold_revenue,
        small_customers.is_small_by_revenue,
        {{ is_key_account('parents', 'zones') }} as is_key_account,
        effort.compliance_ratio,
        earlier.zone as zone_earlier,
        case
            when earlier.net_revenue > 0
                then {{ ratio(exact_div('contributions.customer_contribution - earlier.customer_contribution', 'earlier.net_revenue')) }}
        end as contribution_change_ratio
    from parents
    inner join dates on parents.as_of_date = dates.as_of_date
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    {%- for name in ['revenues', 'growth', 'loyalty', 'potential', 'customer_values', 'small_customers', 'effort', 'zones', 'earlier'] %}
    left join {{ name }}
        on
            parents.as_of_date = {{ name }}.as_of_date
            and parents.ultimate_parent_id = {{ name }}.ultimate_parent_id
    {%- endfor %}
)

select * from joined
