-- One row per delivered estimate of effective demand in its newest version, known yet or not, beside the estimate before it of the same
-- account and product group.
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

-- A version is the newest while no later delivery replaced it or left it out.
estimates as (
    select * from {{ ref('stg_crm__potential_estimates') }}
    where known_to is null and coalesce(demand_stage, 'effective_demand') = 'effective_demand'
),

converted as (
    select
        estimates.*,
        {{ to_reporting('estimates.annual_demand', 'estimates.currency_code') }} as reporting_demand
    from estimates
    cross join parameters
    left join rates
        on
            estimates.currency_code = rates.currency_code
            and estimates.valid_from = rates.needed_on
),

ordered as (
    select
        converted.*,
        row_number() over (
            partition by account_id, product_group, valid_from
            order by recorded_at, demand_stage nulls last
        ) as number,
        lag(annual_demand) over (
            partition by account_id, product_group
            order by valid_from, recorded_at, demand_stage nulls last
        ) as previous_annual_demand,
        lag(currency_code) over (
            partition by account_id, product_group
            order by valid_from, recorded_at, demand_stage nulls last
        ) as previous_currency_code,
        lag(reporting_demand) over (
            partition by account_id, product_group
            order by valid_from, recorded_at, demand_stage nulls last
        ) as previous_reporting_demand
    from converted
),

-- Compared in the currency of the estimates where it is the same: a rate that moved is no change of demand.
compared as (
    select
        account_id || '|' || product_group || '|' || {{ date_text('valid_from') }}
        || case when number > 1 then '#' || cast(number as {{ text_type() }}) else '' end as row_id,
        account_id,
        product_group,
        valid_from,
        {{ month_start('valid_from') }} as month_start,
        case when currency_code = previous_currency_code then annual_demand else reporting_demand end as demand,
        case when currency_code = previous_currency_code then previous_annual_demand else previous_reporting_demand end as previous_demand,
        {{ money('abs(reporting_demand - previous_reporting_demand)') }} as change_amount,
        file_name,
        line_number
    from ordered
)

select * from compared
