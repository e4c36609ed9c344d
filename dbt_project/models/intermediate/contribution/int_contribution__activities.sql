-- One row per shown as-of date, activity known then and person of ours who took part, with what it cost. The latest as-of date keeps every month
-- (the month marts look back from it), earlier ones their 12 months. Activities that do not count stay, with the reason.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

costed as (
    select * from {{ ref('int_contribution__activities_costed') }}
),

repeated as (
    select * from {{ ref('int_contribution__activities_repeated') }}
),

placed as (
    select
        dates.as_of_date,
        costed.activity_id,
        costed.participant,
        costed.account_id,
        accounts.entity_id,
        accounts.ultimate_parent_id,
        costed.activity_type,
        costed.pool,
        costed.account_group,
        costed.company_id,
        costed.is_visit,
        costed.activity_at,
        costed.activity_date,
        costed.month_start,
        costed.recorded_at,
        costed.rep_key,
        costed.contact_key,
        costed.outcome,
        costed.campaign_id,
        costed.minutes,
        costed.is_duration_imputed,
        costed.activity_date > dates.as_of_date as is_future_dated,
        repeated.activity_id is not null as is_duplicate,
        costed.activity_date <= dates.as_of_date and repeated.activity_id is null as is_counted,
        costed.activity_date <= dates.as_of_date and repeated.activity_id is null
        and costed.activity_date >= dates.window_start as is_in_window,
        -- Without pools, or a company that says it has no sales cost, nobody knows what an hour costs, or it costs nothing.
        {{ money(cost_if_known('depths.sales_status', 'costed.cost')) }} as cost
    from costed
    inner join dates
        on
            costed.known_at = dates.known_at
            and (dates.is_latest or costed.activity_date between dates.window_start and dates.as_of_date)
    inner join depths on dates.as_of_date = depths.as_of_date
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and costed.account_id = accounts.account_id
    left join repeated
        on
            dates.as_of_date = repeated.as_of_date
            and costed.activity_id = repeated.activity_id
            and costed.participant = repeated.participant
)

select * from placed
