-- One row per as-of date: next year's practical field hours against what the service plans need, and the hours to be distributed.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

pools as (
    select * from {{ ref('stg_settings__resource_pools') }}
),

needs as (
    select
        as_of_date,
        sum(minimum_hours) as minimum_hours,
        sum({{ whole_units('allocation_weight', 8) }}) as weight_units
    from {{ ref('int_effort__allocation_needs') }}
    group by as_of_date
),

-- Next year begins on the day after; a budget not written yet is the present one.
budgets as (
    select
        dates.as_of_date,
        coalesce(next_year.practical_capacity_hours, this_year.practical_capacity_hours, 0) as practical_hours
    from dates
    cross join parameters
    left join pools as next_year
        on
            parameters.field_pool = next_year.pool
            and next_year.valid_from <= {{ add_days('dates.as_of_date', 1) }}
            and (next_year.valid_to is null or next_year.valid_to >= {{ add_days('dates.as_of_date', 1) }})
    left join pools as this_year
        on
            parameters.field_pool = this_year.pool
            and this_year.valid_from <= dates.as_of_date
            and (this_year.valid_to is null or this_year.valid_to >= dates.as_of_date)
),

compared as (
    select
        budgets.as_of_date,
        budgets.practical_hours,
        coalesce(needs.minimum_hours, 0) as minimum_hours,
        coalesce(needs.weight_units, 0) as weight_units,
        budgets.practical_hours > coalesce(needs.minimum_hours, 0) and coalesce(needs.weight_units > 0, false) as is_rest_distributed
    from budgets
    left join needs on budgets.as_of_date = needs.as_of_date
),

-- Minima are never cut. Only whole hours are distributed: a fraction of the capacity stays unallocated.
decided as (
    select
        as_of_date,
        cast(practical_hours as decimal(18, 4)) as practical_hours,
        cast(minimum_hours as decimal(18, 4)) as minimum_hours,
        weight_units,
        is_rest_distributed,
        cast(case when is_rest_distributed then practical_hours - minimum_hours else 0 end as decimal(18, 4)) as rest_hours,
        {{ whole('floor(case when is_rest_distributed then practical_hours else minimum_hours end)') }} as hours_to_allocate,
        cast(greatest(minimum_hours - practical_hours, 0) as decimal(18, 4)) as capacity_gap_hours
    from compared
),

final as (
    select
        as_of_date,
        practical_hours,
        minimum_hours,
        weight_units,
        is_rest_distributed,
        rest_hours,
        hours_to_allocate,
        capacity_gap_hours,
        cast(greatest(practical_hours - hours_to_allocate, 0) as decimal(18, 4)) as unallocated_hours
    from decided
)

select * from final
