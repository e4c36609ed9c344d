-- One row per as-of date, ultimate parent and rated criterion: the mean over the raters in use (int_scores__rating_spans).
{{ config(materialized='view') }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

told as (
    select
        dates.as_of_date,
        spans.ultimate_parent_id,
        spans.criterion_id,
        spans.level,
        spans.rater_count,
        spans.oldest_valid_from
    from {{ ref('int_scores__rating_spans') }} as spans
    inner join dates
        on
            spans.known_at = dates.known_at
            and spans.first_as_of_date <= dates.as_of_date
            and (spans.next_as_of_date is null or spans.next_as_of_date > dates.as_of_date)
)

select * from told
