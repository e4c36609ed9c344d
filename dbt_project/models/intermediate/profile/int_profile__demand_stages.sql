-- One row per as-of date, scored parent, product group and stage of its demand: need, demand, effective demand (the latest estimate of
-- each account, valid and known then, added over the accounts) and potential (METHOD 1.6).
{#
    Effective demand and potential are those of the share of wallet: a missing stage counts as effective demand there. Need and
    demand are converted and added in the same way.
#}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

product_groups as (
    {{ of_shown_dates(ref('int_potential__product_group')) }}
),

known_estimates as (
    select
        dates.as_of_date,
        accounts.ultimate_parent_id,
        estimates.product_group,
        estimates.demand_stage,
        estimates.valid_from,
        {{ to_reporting('estimates.annual_demand', 'estimates.currency_code') }} as amount,
        row_number() over (
            partition by dates.as_of_date, estimates.account_id, estimates.product_group, estimates.demand_stage
            order by estimates.valid_from desc, estimates.recorded_at desc
        ) as position
    from dates
    inner join {{ ref('stg_crm__potential_estimates') }} as estimates
        on
            {{ is_known('estimates', 'dates') }}
            and estimates.valid_from <= dates.as_of_date
            and estimates.demand_stage in ('need', 'demand')
    inner join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and estimates.account_id = accounts.account_id
    inner join parents
        on
            accounts.as_of_date = parents.as_of_date
            and accounts.ultimate_parent_id = parents.ultimate_parent_id
    cross join parameters
    left join rates
        on
            estimates.currency_code = rates.currency_code
            and estimates.valid_from = rates.needed_on
),

stages as (
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        demand_stage,
        {{ money('sum(amount)') }} as stage_amount,
        min(valid_from) as estimate_valid_from
    from known_estimates
    where position = 1
    group by as_of_date, ultimate_parent_id, product_group, demand_stage
    union all
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        'effective_demand' as demand_stage,
        annual_demand as stage_amount,
        oldest_valid_from as estimate_valid_from
    from product_groups
    where annual_demand is not null
    union all
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        'potential' as demand_stage,
        {{ money('potential_revenue') }} as stage_amount,
        oldest_valid_from as estimate_valid_from
    from product_groups
),

numbered as (
    select
        stages.*,
        case demand_stage when 'need' then 1 when 'demand' then 2 when 'effective_demand' then 3 else 4 end as stage_number
    from stages
)

select * from numbered
