-- One row per as-of date and scored parent with dated opinions: the oldest rating or estimate still in use, and how old it is.
with

ratings as (
    select * from {{ ref('int_scores__rating_levels') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

criteria as (
    select distinct scorecard, criterion_id from {{ ref('stg_settings__scorecard_criteria') }}
    where method = 'rating'
),

stages as (
    select * from {{ ref('int_profile__demand_stages') }}
),

fields as (
    select
        ratings.as_of_date,
        ratings.ultimate_parent_id,
        'rating: ' || ratings.criterion_id as field,
        ratings.oldest_valid_from as valid_from
    from ratings
    inner join parents
        on
            ratings.as_of_date = parents.as_of_date
            and ratings.ultimate_parent_id = parents.ultimate_parent_id
    inner join criteria
        on
            ratings.criterion_id = criteria.criterion_id
            and parents.scorecard = criteria.scorecard
    union all
    select
        as_of_date,
        ultimate_parent_id,
        demand_stage || ': ' || product_group as field,
        estimate_valid_from as valid_from
    from stages
    where demand_stage <> 'potential' and estimate_valid_from is not null
),

ranked as (
    select
        as_of_date,
        ultimate_parent_id,
        field,
        valid_from,
        row_number() over (partition by as_of_date, ultimate_parent_id order by valid_from, field) as position
    from fields
),

oldest as (
    select
        as_of_date,
        ultimate_parent_id,
        field as oldest_field,
        {{ whole(days_between('valid_from', 'as_of_date')) }} as oldest_field_age_days
    from ranked
    where position = 1
)

select * from oldest
