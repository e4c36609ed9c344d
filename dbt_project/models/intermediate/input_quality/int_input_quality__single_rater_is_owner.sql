-- One row per as-of date, score object and criterion that only its owner has rated.
{{ config(meta={'decides': 'ratings.rater_key habit'}) }}
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where {{ is_compared() }}
),

ratings as (
    select * from {{ ref('int_scores__ratings_in_use') }}
    where {{ is_compared() }}
),

raters as (
    select
        as_of_date,
        ultimate_parent_id,
        criterion_id,
        min(rater_key) as first_rater_key,
        max(rater_key) as last_rater_key
    from ratings
    group by as_of_date, ultimate_parent_id, criterion_id
),

final as (
    select
        raters.as_of_date,
        {{ finding(
            'single_rater_is_owner', 'ratings', "raters.ultimate_parent_id || '|' || raters.criterion_id",
            month_start('raters.as_of_date'), 'raters.ultimate_parent_id'
        ) }}
    from raters
    inner join parents
        on
            raters.as_of_date = parents.as_of_date
            and raters.ultimate_parent_id = parents.ultimate_parent_id
            and raters.first_rater_key = parents.owner_rep_key
    where raters.first_rater_key = raters.last_rater_key
)

select * from final
