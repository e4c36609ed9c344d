-- One row per as-of date, day on which estimates are asked (the as-of date itself, and 12 months before it where the share of then is
-- needed), account, product group and stage: the latest estimate valid that day and known now, and whether it is the account's demand.
{#
    The demand of an account is its latest effective demand, else its latest demand, never a mere need; a missing stage counts as
    effective demand. Which rows repeat another one of the same ERP customer is asked twice: among the rows that are the demand,
    where the stage plays no part, and among those of one stage. Whose an account is follows the as-of date on both days.
#}
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

share_change_dates as (
    {{ dates_asked(['sow_change_ratio']) }}
),

sides as (
    select as_of_date, known_at, as_of_date as valid_on
    from dates
    union all
    select dates.as_of_date, dates.known_at, {{ add_days('dates.window_start', -1) }} as valid_on
    from share_change_dates as dates
),

-- The same day is asked by two as-of dates a year apart; what is valid on it is found once.
days as (
    select distinct known_at, valid_on from sides
),

valid_estimates as (
    select
        days.known_at,
        days.valid_on,
        estimates.account_id,
        estimates.product_group,
        coalesce(estimates.demand_stage, 'effective_demand') as demand_stage,
        estimates.currency_code,
        estimates.annual_demand,
        estimates.achievable_share,
        estimates.valid_from,
        estimates.file_name,
        estimates.line_number,
        row_number() over (
            partition by
                days.known_at,
                days.valid_on,
                estimates.account_id,
                estimates.product_group,
                coalesce(estimates.demand_stage, 'effective_demand')
            order by estimates.valid_from desc, estimates.recorded_at desc, estimates.demand_stage nulls last
        ) as position
    from days
    inner join {{ ref('stg_crm__potential_estimates') }} as estimates
        on
            {{ is_known('estimates', 'days') }}
            and estimates.valid_from <= days.valid_on
),

latest as (
    select
        valid_estimates.*,
        demand_stage <> 'need' and row_number() over (
            partition by known_at, valid_on, account_id, product_group
            order by case demand_stage when 'effective_demand' then 1 when 'demand' then 2 else 3 end
        ) = 1 as is_demand
    from valid_estimates
    where position = 1
),

owned as (
    select
        sides.as_of_date,
        sides.valid_on,
        accounts.ultimate_parent_id,
        latest.account_id,
        latest.product_group,
        latest.demand_stage,
        latest.is_demand,
        latest.valid_from,
        {{ to_reporting('latest.annual_demand', 'latest.currency_code') }} as annual_demand,
        coalesce(latest.achievable_share, parameters.default_achievable_share) as achievable_share,
        {% for repeated, scope in [('position_in_demand', 'latest.is_demand'), ('position_in_stage', 'latest.demand_stage')] -%}
        row_number() over (
            partition by
                sides.as_of_date,
                sides.valid_on,
                {{ scope }},
                accounts.is_lead_account,
                accounts.entity_id,
                latest.product_group,
                latest.annual_demand,
                latest.currency_code,
                latest.valid_from
            order by latest.account_id
        ) as {{ repeated }},
        {% endfor -%}
        latest.file_name,
        latest.line_number
    from sides
    inner join latest
        on
            sides.known_at = latest.known_at
            and sides.valid_on = latest.valid_on
    inner join accounts
        on
            sides.as_of_date = accounts.as_of_date
            and latest.account_id = accounts.account_id
    cross join parameters
    left join rates
        on
            latest.currency_code = rates.currency_code
            and latest.valid_from = rates.needed_on
    where accounts.ultimate_parent_id is not null
),

final as (
    select
        as_of_date,
        valid_on,
        ultimate_parent_id,
        account_id,
        product_group,
        demand_stage,
        valid_from,
        annual_demand,
        cast(cast(annual_demand as decimal(38, 2)) * achievable_share as decimal(38, 8)) as achievable_demand,
        is_demand,
        is_demand and position_in_demand > 1 as is_demand_repeated,
        position_in_stage > 1 as is_stage_repeated,
        file_name,
        line_number
    from owned
)

select * from final
