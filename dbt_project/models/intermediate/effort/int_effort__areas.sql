-- One row per as-of date and owner area: how many people work in it, and under which name it is published. The areas of fewer people than
-- may be shown are one, so that no table brings a team back (METHOD 1.17).
{# People are the sales representatives active on the as-of date; an area of which nobody is known to be is too small, and 0 in the sum. #}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

counted as (
    select
        dates.as_of_date,
        reps.team as area,
        {{ whole('count(distinct case
            when coalesce(reps.active_from <= dates.as_of_date, true) and coalesce(reps.active_to >= dates.as_of_date, true) then reps.rep_key
        end)') }} as people
    from dates
    inner join {{ ref('stg_crm__sales_reps') }} as reps on {{ is_known('reps', 'dates') }} and reps.team is not null
    group by dates.as_of_date, reps.team
),

judged as (
    select
        counted.as_of_date,
        counted.area,
        counted.people,
        parameters.privacy_min_group_size,
        case when counted.people < parameters.privacy_min_group_size then 'below_min_size' end as own_reason
    from counted
    cross join parameters
),

placed as (
    select
        judged.*,
        count(own_reason) over (partition by as_of_date) as hidden_areas,
        sum(case when own_reason is not null then people else 0 end) over (partition by as_of_date) as hidden_people,
        row_number() over (
            partition by as_of_date
            order by case when own_reason is null then 0 else 1 end, people, area
        ) as position
    from judged
),

decided as (
    select
        as_of_date,
        area,
        people,
        {{ suppression_reason('own_reason', 'position', 'hidden_areas', 'hidden_people', 'privacy_min_group_size') }} as suppression_reason
    from placed
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
