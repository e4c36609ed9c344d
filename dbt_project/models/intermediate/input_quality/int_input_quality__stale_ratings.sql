-- One row per as-of date, account and criterion rated so long ago that the rating is stale.
{{ config(meta={'decides': 'ratings.valid_from stale', 'limits': ['stale_after_days']}) }}
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

ratings as (
    select * from {{ ref('int_scores__ratings_in_use') }}
    where {{ is_compared() }}
),

found as (
    select
        ratings.as_of_date,
        ratings.ultimate_parent_id,
        ratings.account_id,
        ratings.criterion_id,
        count(*) as row_count
    from ratings
    cross join parameters
    where {{ is_stale('ratings.valid_from', 'ratings.as_of_date') }}
    group by ratings.as_of_date, ratings.ultimate_parent_id, ratings.account_id, ratings.criterion_id
),

final as (
    select
        as_of_date,
        {{ finding(
            'stale_ratings', 'ratings', "account_id || '|' || criterion_id", month_start('as_of_date'), 'ultimate_parent_id',
            row_count='row_count'
        ) }}
    from found
)

select * from final
