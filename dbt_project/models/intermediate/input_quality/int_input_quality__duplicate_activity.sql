-- One row per as-of date and activity of its 12 months that was entered before under a lower id: same customer, type, person and start.
{{ config(meta={'decides': 'activities.activity_at unique'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

-- A day without a time is no start: three calls of one day are three.
activities as (
    select * from {{ ref('int_input_checks__activities') }}
    where coalesce(has_time, true)
),

-- Only what shares type, person and start with another entry can be one.
candidates as (
    select alike.*
    from (
        select
            activities.*,
            count(*) over (partition by activity_type, rep_key, activity_at) as entries
        from activities
    ) as alike
    where alike.entries > 1
),

placed as (
    select
        dates.as_of_date,
        accounts.ultimate_parent_id,
        candidates.*,
        row_number() over (
            partition by
                dates.as_of_date,
                coalesce(accounts.ultimate_parent_id, candidates.account_id),
                candidates.activity_type,
                candidates.rep_key,
                candidates.activity_at
            order by candidates.activity_id
        ) as position
    from candidates
    inner join dates on candidates.activity_date between dates.window_start and dates.as_of_date
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and candidates.account_id = accounts.account_id
),

final as (
    select
        placed.as_of_date,
        {{ finding(
            'duplicate_activity', 'activities', 'placed.row_id', 'placed.month_start', 'placed.ultimate_parent_id', 'placed.cost',
            place='placed'
        ) }}
    from placed
    where placed.position > 1
)

select * from final
