-- One row per as-of date, team and week of its 12 months for which nobody of the team entered anything: missing is not zero.
{{ config(meta={'decides': 'activities untouched', 'limits': ['team_week_min_reps']}) }}
with

team_weeks as (
    select * from {{ ref('int_input_checks__team_weeks') }}
),

final as (
    select
        as_of_date,
        {{ finding(
            'team_week_without_entries', 'activities', "team || '|' || " ~ date_text('week_start'), 'month_start', team='team'
        ) }}
    from team_weeks
    where entry_count = 0
)

select * from final
