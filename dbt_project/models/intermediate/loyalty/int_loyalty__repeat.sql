-- One row per as-of date and customer parent: how many of the customers who looked like this one 12 months before ordered again within the
-- 12 months since, and how many of all of them (METHOD 1.12).
{#
    The state of 12 months before is the same order dates, cut off where the window begins: one pass over the gaps tells both states. The
    group structure is that of the as-of date for both.
#}
with

dates as (
    {{ dates_asked(['int_loyalty__repeat']) }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer'
),

gaps as (
    select * from {{ ref('int_loyalty__order_gaps') }}
),

rhythms as (
    select * from {{ ref('int_loyalty__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

first_orders as (
    select
        known_at,
        min(order_date) as first_order_date
    from {{ ref('int_loyalty__order_days') }}
    group by known_at
),

-- Who ordered again can be said only where both years were delivered as a whole.
covered as (
    select
        dates.as_of_date,
        dates.window_start,
        dates.prior_window_start,
        cast({{ add_days('dates.window_start', -1) }} as date) as earlier_date,
        coalesce({{ month_start('first_orders.first_order_date') }} <= dates.prior_window_start, false) as is_covered
    from dates
    left join first_orders on dates.known_at = first_orders.known_at
),

ordered as (
    select
        gaps.as_of_date,
        gaps.ultimate_parent_id,
        covered.window_start,
        count_if(gaps.gap_start >= covered.window_start) as orders_present,
        max(case when gaps.gap_start < covered.window_start then gaps.gap_start end) as last_order_date_then,
        count_if(gaps.gap_start >= covered.prior_window_start and gaps.gap_start < covered.window_start) as orders_then,
        cast(median(case when gaps.gap_end < covered.window_start then cast(gaps.gap_days as decimal(18, 6)) end) as decimal(18, 6)) as median_days_then
    from gaps
    inner join covered on gaps.as_of_date = covered.as_of_date
    group by gaps.as_of_date, gaps.ultimate_parent_id, covered.window_start
),

customers as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        covered.earlier_date,
        covered.is_covered,
        covered.is_covered and not rhythms.is_never_bought and rhythms.last_order_date is not null
        and coalesce(parents.blocked_from > parents.as_of_date, true)
        and coalesce(parents.insolvent_from > parents.as_of_date, true) as is_asked,
        ordered.last_order_date_then is not null
        and coalesce(parents.blocked_from >= covered.window_start, true)
        and coalesce(parents.insolvent_from >= covered.window_start, true) as is_look_alike,
        coalesce(ordered.orders_present, 0) as orders_present,
        rhythms.days_since_last_order as silent_days_present,
        rhythms.median_interval_days as median_days_present,
        ordered.orders_then,
        {{ days_between('ordered.last_order_date_then', 'covered.window_start') }} - 1 as silent_days_then,
        ordered.median_days_then
    from parents
    inner join covered on parents.as_of_date = covered.as_of_date
    inner join rhythms
        on
            parents.as_of_date = rhythms.as_of_date
            and parents.ultimate_parent_id = rhythms.ultimate_parent_id
    left join ordered
        on
            parents.as_of_date = ordered.as_of_date
            and parents.ultimate_parent_id = ordered.ultimate_parent_id
),

-- Exact days are compared, not the rounded ratio.
classified as (
    select
        customers.*,
        case
            when is_asked
                then
                    case
                        when median_days_present is null then 'none'
                        when silent_days_present <= median_days_present then '<= 1'
                        when silent_days_present <= 2 * median_days_present then '<= 2'
                        when silent_days_present <= 4 * median_days_present then '<= 4'
                        else '> 4'
                    end
        end as recency_class_present,
        case
            when is_asked
                then
                    case
                        when orders_present = 0 then '0'
                        when orders_present <= 2 then '1-2'
                        when orders_present <= 6 then '3-6'
                        when orders_present <= 12 then '7-12'
                        else '> 12'
                    end
        end as orders_class_present,
        case
            when is_look_alike
                then
                    case
                        when median_days_then is null then 'none'
                        when silent_days_then <= median_days_then then '<= 1'
                        when silent_days_then <= 2 * median_days_then then '<= 2'
                        when silent_days_then <= 4 * median_days_then then '<= 4'
                        else '> 4'
                    end
        end as recency_class_then,
        case
            when is_look_alike
                then
                    case
                        when orders_then = 0 then '0'
                        when orders_then <= 2 then '1-2'
                        when orders_then <= 6 then '3-6'
                        when orders_then <= 12 then '7-12'
                        else '> 12'
                    end
        end as orders_class_then
    from customers
),

alike as (
    select
        as_of_date,
        recency_class_then,
        orders_class_then,
        count(*) as n,
        count_if(orders_present > 0) as k
    from classified
    where is_look_alike
    group by as_of_date, recency_class_then, orders_class_then
),

alike_in_recency as (
    select
        as_of_date,
        recency_class_then,
        sum(n) as n,
        sum(k) as k
    from alike
    group by as_of_date, recency_class_then
),

everybody as (
    select
        as_of_date,
        sum(n) as n,
        sum(k) as k
    from alike
    group by as_of_date
),

counted as (
    select
        classified.as_of_date,
        classified.ultimate_parent_id,
        classified.earlier_date,
        classified.is_look_alike,
        classified.recency_class_then,
        classified.orders_class_then,
        classified.recency_class_present as recency_class,
        classified.orders_class_present as orders_class,
        case
            when alike.n >= parameters.repeat_min_n then 'recency_and_orders'
            when alike_in_recency.n >= parameters.repeat_min_n then 'recency'
        end as repeat_basis,
        alike.n as alike_n,
        alike.k as alike_k,
        alike_in_recency.n as recency_n,
        alike_in_recency.k as recency_k,
        case when classified.is_covered then coalesce(everybody.n, 0) end as base_n,
        case when classified.is_covered then coalesce(everybody.k, 0) end as base_k
    from classified
    cross join parameters
    left join alike
        on
            classified.as_of_date = alike.as_of_date
            and classified.recency_class_present = alike.recency_class_then
            and classified.orders_class_present = alike.orders_class_then
    left join alike_in_recency
        on
            classified.as_of_date = alike_in_recency.as_of_date
            and classified.recency_class_present = alike_in_recency.recency_class_then
    left join everybody on classified.as_of_date = everybody.as_of_date
),

chosen as (
    select
        as_of_date,
        ultimate_parent_id,
        earlier_date,
        is_look_alike,
        recency_class_then,
        orders_class_then,
        recency_class,
        orders_class,
        repeat_basis,
        case repeat_basis
            when 'recency_and_orders' then recency_class || ' / ' || orders_class
            when 'recency' then recency_class
        end as repeat_class,
        {{ whole("case repeat_basis when 'recency_and_orders' then alike_n when 'recency' then recency_n end") }} as repeat_n,
        {{ whole("case repeat_basis when 'recency_and_orders' then alike_k when 'recency' then recency_k end") }} as repeat_k,
        {{ whole('base_n') }} as repeat_base_n,
        {{ whole('base_k') }} as repeat_base_k
    from counted
),

-- One more of each: nobody's future is certain because of a few who were alike.
answered as (
    select
        chosen.*,
        {{ ratio(exact_div('repeat_k + 1', 'repeat_n + 2')) }} as repeat_probability,
        case when repeat_base_n > 0 then {{ ratio(exact_div('repeat_base_k + 1', 'repeat_base_n + 2')) }} end as repeat_base_rate
    from chosen
)

select * from answered
