-- One row per as-of date, ultimate parent and rated criterion: the mean over raters, a rater's levels on several accounts of the
-- parent averaged first. Where the customer rates a criterion himself, our staff's guess of it steps back (METHOD 1.9).
with

ratings as (
    select * from {{ ref('int_ratings__in_use') }}
),

per_rater as (
    select
        as_of_date,
        ultimate_parent_id,
        criterion_id,
        rater_key,
        rated_by,
        {{ exact_div('sum(level)', 'count(*)', 10) }} as level,
        min(valid_from) as oldest_valid_from
    from ratings
    group by as_of_date, ultimate_parent_id, criterion_id, rater_key, rated_by
),

sourced as (
    select
        per_rater.*,
        max(case when rated_by = 'customer' then 1 else 0 end) over (
            partition by as_of_date, ultimate_parent_id, criterion_id
        ) = 1 as is_rated_by_customer
    from per_rater
),

per_parent as (
    select
        as_of_date,
        ultimate_parent_id,
        criterion_id,
        cast({{ exact_div('sum(level)', 'count(*)', 10) }} as decimal(38, 10)) as level,
        {{ whole('count(*)') }} as rater_count,
        min(oldest_valid_from) as oldest_valid_from
    from sourced
    where rated_by = 'customer' or not is_rated_by_customer
    group by as_of_date, ultimate_parent_id, criterion_id
)

select * from per_parent
