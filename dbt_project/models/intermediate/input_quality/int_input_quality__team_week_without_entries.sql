-- One row per as-of date, team and week of its 12 months for which nobody of the team entered anything: missing is not zero. A row is
-- called by the name under which the team is published; #2 and so on tell teams apart that have none of their own.
{{ config(meta={'decides': 'activities untouched', 'limits': ['team_week_min_reps']}) }}
with

team_weeks as (
    select * from {{ ref('int_input_checks__team_weeks') }}
),

areas as (
    select * from {{ ref('int_effort__areas') }}
),

silent as (
    select
        team_weeks.as_of_date,
        team_weeks.team,
        team_weeks.week_start,
        team_weeks.month_start,
        coalesce(areas.owner_area, {{ small_areas() }}) as shown_as
    from team_weeks
    left join areas
        on
            team_weeks.as_of_date = areas.as_of_date
            and team_weeks.team = areas.area
    where team_weeks.entry_count = 0
),

numbered as (
    select
        silent.*,
        row_number() over (partition by as_of_date, week_start, shown_as order by team) as number
    from silent
),

final as (
    select
        as_of_date,
        {{ finding(
            'team_week_without_entries',
            'activities',
            "shown_as || '|' || " ~ date_text('week_start') ~ " || case when number > 1 then '#' || cast(number as " ~ text_type() ~ ") else '' end",
            'month_start',
            team='team',
        ) }}
    from numbered
)

select * from final
