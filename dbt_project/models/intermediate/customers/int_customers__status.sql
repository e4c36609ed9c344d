-- One row per as-of date and scored parent: the first customer status that applies (METHOD 1.18).
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

judged as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.relationship_type,
        -- Every entity is blocked, or one is insolvent.
        coalesce(parents.blocked_from <= parents.as_of_date, false) as is_blocked,
        coalesce(parents.insolvent_from <= parents.as_of_date, false) as is_insolvent,
        loyalty.is_never_bought,
        loyalty.is_observation,
        -- No order date after the month end that many months before; of nobody who never bought.
        case
            when parents.relationship_type = 'customer' and not loyalty.is_never_bought and coalesce(loyalty.is_buying_known, true)
                then coalesce(loyalty.last_order_date < {{ add_months(month_start('parents.as_of_date'), '1 - parameters.lapsed_after_months') }}, true)
        end as has_no_recent_order
    from parents
    inner join loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
    cross join parameters
),

stated as (
    select
        as_of_date,
        ultimate_parent_id,
        relationship_type,
        is_blocked,
        is_insolvent,
        is_never_bought,
        has_no_recent_order,
        case
            when is_blocked or is_insolvent then 'blocked'
            when relationship_type = 'lead' then 'lead'
            when is_never_bought then 'never_bought'
            when is_observation then 'new'
            when has_no_recent_order then 'lapsed'
            when not has_no_recent_order then 'active'
        end as customer_status
    from judged
)

select * from stated
