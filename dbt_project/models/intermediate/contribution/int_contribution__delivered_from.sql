-- One row per as-of date: the earliest accepted posting of all companies known then, and its month. A window that begins in or after
-- that month is wholly delivered; one that begins before is not, and nothing may be compared with it (METHOD 1.6).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

knowledge as (
    select distinct known_at from dates
),

first_postings as (
    select
        knowledge.known_at,
        min(lines.first_posting_date) as first_posting_date
    from knowledge
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'knowledge') }}
    group by knowledge.known_at
),

final as (
    select
        dates.as_of_date,
        dates.known_at,
        first_postings.first_posting_date,
        {{ month_start('first_postings.first_posting_date') }} as first_month
    from dates
    left join first_postings on dates.known_at = first_postings.known_at
)

select * from final
