-- One row per as-of date and estimate of its 12 months that differs widely from the one before it.
{{ config(meta={'decides': 'potential_estimates.annual_demand jump'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

limits as (
    select * from {{ ref('stg_settings__input_quality') }}
),

estimates as (
    select * from {{ ref('int_input_checks__estimates') }}
),

found as (
    select estimates.*
    from estimates
    cross join limits
    where abs(estimates.demand - estimates.previous_demand) > {{ part_of('limits.demand_change_above', 'estimates.previous_demand') }}
),

final as (
    select
        dates.as_of_date,
        {{ finding(
            'demand_changed', 'potential_estimates', 'found.row_id', 'found.month_start', 'accounts.ultimate_parent_id',
            'found.change_amount', place='found'
        ) }}
    from found
    inner join dates on found.valid_from between dates.window_start and dates.as_of_date
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and found.account_id = accounts.account_id
)

select * from final
