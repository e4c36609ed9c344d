-- One row per as-of date and axis of a scorecard with fewer or more criteria than the method allows.
{{ config(meta={'decides': 'scorecard_criteria.criterion_id range'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

criteria as (
    select * from {{ ref('stg_settings__scorecard_criteria') }}
),

found as (
    select scorecard, axis
    from criteria
    group by scorecard, axis
    having
        count(*) < max(case when axis = 'contribution' then 1 when scorecard = 'customer' and axis in ('potential', 'attractiveness') then 3 else 2 end)
        or count(*) > max(case when axis = 'contribution' then 1 else 5 end)
),

final as (
    select
        dates.as_of_date,
        {{ finding('number_of_criteria', 'scorecard_criteria', "found.scorecard || '|' || found.axis", month_start('dates.as_of_date')) }}
    from found
    cross join dates
)

select * from final
