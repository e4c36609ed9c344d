-- One row per as-of date and owner area: how many people work in it, and under which name it is published. The areas of fewer people than
-- may be shown, now or at a month end of the 24 months before, are one, so that no table brings a team back (METHOD 1.17).
{#
    People are the sales representatives active on the as-of date; an area of which nobody is known to be is too small, and 0 in the sum.
    What was hidden stays hidden for as long as figures are kept by person: else an area that has grown would be found again in the months
    in which it was small, and where another area hides beside it every month, the two months subtracted leave the small one alone.
#}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

reps as (
    select
        dates.as_of_date,
        {{ add_months('dates.as_of_date', -person_months()) }} as kept_from,
        reps.rep_key,
        reps.team as area,
        reps.active_from,
        reps.active_to
    from dates
    inner join {{ ref('stg_crm__sales_reps') }} as reps on {{ is_known('reps', 'dates') }} and reps.team is not null
),

-- The month ends before which somebody came or went, the first one that is kept, and the date itself.
month_ends as (
    select as_of_date, {{ month_end('active_from') }} as day from reps
    where active_from > kept_from and active_from <= as_of_date
    union
    select as_of_date, {{ month_end(add_days('active_to', 1)) }} as day from reps
    where active_to >= kept_from and active_to < as_of_date
    union
    select as_of_date, {{ month_end('kept_from') }} as day from reps
    union
    select as_of_date, as_of_date as day from reps
),

counted as (
    select
        reps.as_of_date,
        month_ends.day,
        reps.area,
        {{ whole('count(distinct case
            when coalesce(reps.active_from <= month_ends.day, true) and coalesce(reps.active_to >= month_ends.day, true) then reps.rep_key
        end)') }} as people
    from reps
    inner join month_ends on reps.as_of_date = month_ends.as_of_date
    group by reps.as_of_date, month_ends.day, reps.area
),

-- Nobody was hidden where nobody worked yet.
judged as (
    select
        counted.as_of_date,
        counted.day,
        counted.area,
        counted.people,
        parameters.privacy_min_group_size,
        case when counted.people < parameters.privacy_min_group_size then 'below_min_size' end as own_reason
    from counted
    cross join parameters
    where counted.people > 0 or counted.day = counted.as_of_date
),

placed as (
    select
        judged.*,
        count(own_reason) over (partition by as_of_date, day) as hidden_areas,
        sum(case when own_reason is not null then people else 0 end) over (partition by as_of_date, day) as hidden_people,
        row_number() over (
            partition by as_of_date, day
            order by case when own_reason is null then 0 else 1 end, people, area
        ) as position
    from judged
),

reasons as (
    select
        as_of_date,
        day,
        area,
        people,
        {{ suppression_reason('own_reason', 'position', 'hidden_areas', 'hidden_people', 'privacy_min_group_size') }} as suppression_reason
    from placed
),

decided as (
    select
        as_of_date,
        area,
        max(case when day = as_of_date then people end) as people,
        coalesce(max(case when day = as_of_date then suppression_reason end), max(suppression_reason)) as suppression_reason
    from reasons
    group by as_of_date, area
),

final as (
    select
        as_of_date,
        area,
        people,
        suppression_reason,
        case when suppression_reason is null then area else {{ small_areas() }} end as owner_area,
        {{ whole("sum(case when suppression_reason is not null then people end) over (partition by as_of_date)") }} as small_areas_people
    from decided
)

select * from final
