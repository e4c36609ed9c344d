-- One row per as-of date and visit of its 12 months that began while another visit of the same person was not over.
{{ config(meta={'decides': 'activities.activity_at overlap'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

visits as (
    select * from {{ ref('int_input_checks__activities') }}
    where is_visit and rep_key is not null and coalesce(has_time, true)
),

-- Within a day: equal days make the comparison cheap, and no visit lasts over midnight.
pairs as (
    select
        earlier.account_id as earlier_account_id,
        later.activity_at = earlier.activity_at as is_same_start,
        later.*
    from visits as earlier
    inner join visits as later
        on
            earlier.rep_key = later.rep_key
            and earlier.activity_date = later.activity_date
            and earlier.activity_id <> later.activity_id
            and (
                later.activity_at > earlier.activity_at
                or (later.activity_at = earlier.activity_at and later.activity_id > earlier.activity_id)
            )
            and later.activity_at < {{ add_minutes('earlier.activity_at', 'earlier.duration_minutes') }}
),

-- One meeting with several accounts of a group, or one entered twice, is no overlap: duplicate_activity has it.
placed as (
    select distinct
        dates.as_of_date,
        accounts.ultimate_parent_id,
        pairs.row_id,
        pairs.month_start,
        pairs.cost,
        pairs.file_name,
        pairs.line_number
    from pairs
    inner join dates on pairs.activity_date between dates.window_start and dates.as_of_date
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and pairs.account_id = accounts.account_id
    left join accounts as earlier_accounts
        on
            dates.as_of_date = earlier_accounts.as_of_date
            and pairs.earlier_account_id = earlier_accounts.account_id
    where
        not pairs.is_same_start
        or coalesce(accounts.ultimate_parent_id, pairs.account_id)
        <> coalesce(earlier_accounts.ultimate_parent_id, pairs.earlier_account_id)
),

final as (
    select
        placed.as_of_date,
        {{ finding(
            'overlapping_visits', 'activities', 'placed.row_id', 'placed.month_start', 'placed.ultimate_parent_id', 'placed.cost',
            place='placed'
        ) }}
    from placed
)

select * from final
