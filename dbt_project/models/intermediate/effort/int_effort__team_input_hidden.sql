-- One row per month of the latest as-of date and sales team, and one for all teams: why its numbers must not be shown; NULL where they
-- may (METHOD 1.17).
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

groups as (
    select * from {{ ref('int_effort__team_input') }}
),

judged as (
    select
        groups.as_of_date,
        groups.month_start,
        groups.team,
        groups.is_total,
        groups.members,
        parameters.privacy_min_group_size,
        case
            when groups.members < parameters.privacy_min_group_size then 'below_min_size'
            when groups.largest_share > parameters.privacy_max_share then 'dominated'
        end as own_reason
    from groups
    cross join parameters
),

counted as (
    select
        judged.*,
        count(own_reason) over (partition by as_of_date, month_start, is_total) as hidden_groups,
        sum(case when own_reason is not null then members else 0 end) over (partition by as_of_date, month_start, is_total) as hidden_members,
        row_number() over (
            partition by as_of_date, month_start, is_total
            order by case when own_reason is null then 0 else 1 end, members, team
        ) as position
    from judged
),

-- The total is known (other marts hold it, too), so whatever is hidden follows from it as a sum.
decided as (
    select
        as_of_date,
        month_start,
        team,
        case
            when is_total then own_reason
            else {{ suppression_reason('own_reason', 'position', 'hidden_groups', 'hidden_members', 'privacy_min_group_size') }}
        end as suppression_reason
    from counted
)

select * from decided
