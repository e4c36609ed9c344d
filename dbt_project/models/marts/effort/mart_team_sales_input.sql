-- One row per month of the latest as-of date and sales team, and one for all teams: what was logged. Numbers of groups too small or
-- dominated by one person are empty; no row at all unless the setting allows it (METHOD 1.17).
with

teams as (
    select * from {{ ref('int_effort__team_input') }}
),

hidden as (
    select * from {{ ref('int_effort__team_input_hidden') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        teams.as_of_date,
        teams.month_start,
        teams.team,
        teams.is_total,
        hidden.suppression_reason is null as is_published,
        hidden.suppression_reason,
        case when hidden.suppression_reason is null then teams.members end as rep_count,
        case when hidden.suppression_reason is null then teams.activities end as activities,
        case
            when hidden.suppression_reason is null
                then cast({{ exact_div('teams.logged_minutes', '60', 4) }} as decimal(18, 4))
        end as logged_hours,
        case when hidden.suppression_reason is null then teams.sales_cost end as sales_cost,
        {{ is_latest('teams') }} as is_latest,
        parameters.method_version
    from teams
    inner join hidden
        on
            teams.as_of_date = hidden.as_of_date
            and teams.month_start = hidden.month_start
            and teams.team = hidden.team
    cross join parameters
    where parameters.sales_input_detail <> 'off'
)

select * from final
