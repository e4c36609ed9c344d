-- One row per as-of date and rating entered in its 12 months of somebody who rated every criterion of the account alike.
{{ config(meta={'decides': 'ratings.level habit'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

limits as (
    select * from {{ ref('stg_settings__input_quality') }}
),

ratings as (
    select * from {{ ref('int_input_checks__ratings') }}
),

-- One sitting: an account, a rater, a day.
sittings as (
    select
        ratings.account_id,
        ratings.rater_key,
        ratings.valid_from
    from ratings
    cross join limits
    where ratings.level is not null
    group by ratings.account_id, ratings.rater_key, ratings.valid_from
    having
        count(distinct ratings.criterion_id) >= max(limits.straight_lining_min_ratings)
        and min(ratings.level) = max(ratings.level)
),

found as (
    select ratings.*
    from ratings
    inner join sittings
        on
            ratings.account_id = sittings.account_id
            and ratings.rater_key = sittings.rater_key
            and ratings.valid_from = sittings.valid_from
    where ratings.level is not null
),

final as (
    {{ found_ratings('straight_lining') }}
)

select * from final
