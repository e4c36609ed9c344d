-- One row per as-of date, ultimate parent and product group with an estimate in use: the latest effective demand of each account,
-- valid and known then, added over the parent's accounts (METHOD 1.6).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

known_estimates as (
    select
        dates.as_of_date,
        estimates.account_id,
        estimates.product_group,
        estimates.valid_from,
        {{ to_reporting('estimates.annual_demand', 'estimates.currency_code') }} as annual_demand,
        coalesce(estimates.achievable_share, parameters.default_achievable_share) as achievable_share,
        row_number() over (
            partition by dates.as_of_date, estimates.account_id, estimates.product_group
            order by estimates.valid_from desc, estimates.recorded_at desc, estimates.demand_stage nulls last
        ) as position
    from dates
    inner join {{ ref('stg_crm__potential_estimates') }} as estimates
        on
            {{ is_known('estimates', 'dates') }}
            and estimates.valid_from <= dates.as_of_date
            and coalesce(estimates.demand_stage, 'effective_demand') = 'effective_demand'
    cross join parameters
    left join rates
        on
            estimates.currency_code = rates.currency_code
            and estimates.valid_from = rates.needed_on
),

added as (
    select
        known_estimates.as_of_date,
        accounts.ultimate_parent_id,
        known_estimates.product_group,
        {{ money('sum(known_estimates.annual_demand)') }} as annual_demand,
        cast(
            sum(cast(known_estimates.annual_demand as decimal(38, 2)) * known_estimates.achievable_share) as decimal(38, 8)
        ) as achievable_demand,
        min(known_estimates.valid_from) as oldest_valid_from
    from known_estimates
    inner join accounts
        on
            known_estimates.as_of_date = accounts.as_of_date
            and known_estimates.account_id = accounts.account_id
    where known_estimates.position = 1 and accounts.ultimate_parent_id is not null
    group by known_estimates.as_of_date, accounts.ultimate_parent_id, known_estimates.product_group
)

select * from added
