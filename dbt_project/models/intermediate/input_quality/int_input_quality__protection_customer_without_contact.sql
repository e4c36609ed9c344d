-- One row per as-of date and customer in protection whom nobody contacted within the 12 months.
{{ config(meta={'decides': 'customers untouched'}) }}
with

dates as (
    select as_of_date, judged_from from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

zones as (
    select
        replayed.as_of_date,
        replayed.ultimate_parent_id
    from {{ ref('int_zones__replayed') }} as replayed
    inner join dates
        on
            replayed.as_of_date = dates.as_of_date
            and replayed.judged_from = dates.judged_from
    where replayed.zone = 'protection'
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

final as (
    select
        zones.as_of_date,
        {{ finding(
            'protection_customer_without_contact', 'customers', 'zones.ultimate_parent_id', month_start('zones.as_of_date'),
            'zones.ultimate_parent_id', 'contributions.net_revenue'
        ) }}
    from zones
    inner join contributions
        on
            zones.as_of_date = contributions.as_of_date
            and zones.ultimate_parent_id = contributions.ultimate_parent_id
    where contributions.activities = 0
)

select * from final
