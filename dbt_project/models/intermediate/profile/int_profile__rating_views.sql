-- One row per as-of date and scored parent with ratings in use: what the customer says, and apart from it what our staff says, over the
-- rated criteria of its scorecards.
with

ratings as (
    select * from {{ ref('int_scores__ratings_in_use') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

criteria as (
    select distinct scorecard, criterion_id from {{ ref('stg_settings__scorecard_criteria') }}
    where method = 'rating'
),

asked as (
    select ratings.*
    from ratings
    inner join parents
        on
            ratings.as_of_date = parents.as_of_date
            and ratings.ultimate_parent_id = parents.ultimate_parent_id
    inner join criteria
        on
            ratings.criterion_id = criteria.criterion_id
            and parents.scorecard = criteria.scorecard
),

per_rater as (
    {{ means_of_raters('asked', ['as_of_date', 'ultimate_parent_id', 'criterion_id']) }}
),

per_view as (
    select
        as_of_date,
        ultimate_parent_id,
        criterion_id,
        rated_by,
        cast({{ exact_div('sum(level)', 'count(*)', 10) }} as decimal(18, 10)) as level
    from per_rater
    group by as_of_date, ultimate_parent_id, criterion_id, rated_by
),

per_criterion as (
    select
        as_of_date,
        ultimate_parent_id,
        criterion_id,
        max(case when rated_by = 'customer' then level end) as customer_level,
        max(case when rated_by = 'staff' then level end) as staff_level
    from per_view
    group by as_of_date, ultimate_parent_id, criterion_id
),

measured as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole('count(customer_level)') }} as customer_rated_criteria,
        {{ score(exact_div('sum(customer_level)', 'count(customer_level)', 4)) }} as customer_rating_level,
        {{ whole('count(staff_level)') }} as staff_rated_criteria,
        {{ score(exact_div('sum(staff_level)', 'count(staff_level)', 4)) }} as staff_rating_level,
        {{ score(exact_div('sum(customer_level - staff_level)', 'count(customer_level - staff_level)', 4)) }} as customer_minus_staff_rating
    from per_criterion
    group by as_of_date, ultimate_parent_id
)

select * from measured
