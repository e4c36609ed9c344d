-- One row per method (the one row of limits for what sales enters), from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'input_quality') }}
),

renamed as (
    select
        period_closes_after_days,
        rep_day_max_hours,
        team_week_min_reps,
        demand_change_above,
        rating_cutoff_days,
        rating_backdated_after_days,
        straight_lining_min_ratings,
        heaping_share_above,
        heaping_min_entries,
        batch_min_entries,
        batch_within_minutes,
        batch_min_days,
        rater_bias_min_ratings
    from settings
)

select * from renamed
