-- One row per as-of date and scored parent: tenure, order rhythm and the loyalty level (METHOD 1.12).
with

parents as (
    select
        *,
        -- Of customers only. In the key and not in the condition: a join with a condition on its left side alone compares every row with
        -- every row.
        case when relationship_type = 'customer' then ultimate_parent_id end as buying_parent_id
    from {{ ref('int_customers__parents') }}
    where is_scored
),

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

spans as (
    select * from {{ ref('int_customers__parent_spans') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

tenure_levels as (
    select * from {{ ref('stg_settings__loyalty_tenure_levels') }}
),

-- Of a month that is only replayed there are none unless an axis stands on them: nobody else asks for its rhythm.
gaps as (
    select * from {{ ref('int_loyalty__order_gaps') }}
),

orders as (
    select * from {{ ref('int_loyalty__orders') }}
),

depths as (
    select as_of_date, is_revenue_known from {{ ref('int_contribution__depth') }}
),

basis as (
    select * from {{ ref('int_loyalty__order_basis') }}
),

knowledge as (
    select distinct known_at from dates
),

-- Where the company's delivered lines begin: whoever is there at once was there before.
first_lines as (
    select
        knowledge.known_at,
        min(lines.first_posting_date) as first_posting_date
    from knowledge
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'knowledge') }}
    group by knowledge.known_at
),

delivered_from as (
    select
        dates.as_of_date,
        first_lines.first_posting_date
    from dates
    inner join first_lines
        on
            dates.known_at = first_lines.known_at
            and dates.as_of_date >= first_lines.first_posting_date
),

-- Months in which something was invoiced, once for all as-of dates at which their customer belonged to the same parent.
invoiced as (
    select
        knowledge.known_at,
        spans.ultimate_parent_id,
        spans.first_as_of_date,
        spans.last_as_of_date,
        lines.month_start,
        lines.first_posting_date,
        lines.last_posting_date,
        0 as invoice_count
    from knowledge
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'knowledge') }}
    inner join spans on lines.customer_id = spans.customer_id
    union all
    select
        knowledge.known_at,
        spans.ultimate_parent_id,
        spans.first_as_of_date,
        spans.last_as_of_date,
        counted.month_start,
        null as first_posting_date,
        null as last_posting_date,
        counted.invoice_count
    from knowledge
    inner join {{ ref('int_contribution__invoices_by_month') }} as counted on {{ is_known('counted', 'knowledge') }}
    inner join spans on counted.customer_id = spans.customer_id
),

invoiced_months as (
    select
        known_at,
        ultimate_parent_id,
        first_as_of_date,
        last_as_of_date,
        month_start,
        min(first_posting_date) as first_posting_date,
        max(last_posting_date) as last_posting_date,
        {{ whole('sum(invoice_count)') }} as invoice_count
    from invoiced
    group by known_at, ultimate_parent_id, first_as_of_date, last_as_of_date, month_start
),

-- What was invoiced up to a month holds until the next month with an invoice.
invoiced_so_far as (
    {%- set months = 'partition by known_at, ultimate_parent_id, first_as_of_date, last_as_of_date order by month_start' %}
    select
        known_at,
        ultimate_parent_id,
        first_as_of_date,
        last_as_of_date,
        month_start,
        lead(month_start) over ({{ months }}) as next_month_start,
        min(first_posting_date) over ({{ months }} rows between unbounded preceding and current row) as first_posting_date,
        max(last_posting_date) over ({{ months }} rows between unbounded preceding and current row) as last_posting_date,
        sum(invoice_count) over ({{ months }} rows between unbounded preceding and current row) as invoice_count
    from invoiced_months
),

invoices as (
    select
        dates.as_of_date,
        so_far.ultimate_parent_id,
        min(so_far.first_posting_date) as first_posting_date,
        max(so_far.last_posting_date) as last_posting_date,
        {{ whole('sum(so_far.invoice_count)') }} as invoices_so_far
    from invoiced_so_far as so_far
    inner join dates
        on
            so_far.known_at = dates.known_at
            and so_far.first_as_of_date <= dates.as_of_date
            and so_far.last_as_of_date >= dates.as_of_date
            and so_far.month_start <= dates.as_of_date
            and (so_far.next_month_start is null or so_far.next_month_start > dates.as_of_date)
    group by dates.as_of_date, so_far.ultimate_parent_id
),

rhythms as (
    select
        as_of_date,
        ultimate_parent_id,
        max(gap_start) as last_order_date,
        {{ whole('count(*)') }} as order_date_count,
        {{ whole('count_if(not is_open)') }} as interval_count,
        cast(median(case when not is_open then cast(gap_days as decimal(18, 6)) end) as decimal(18, 6)) as median_interval_days,
        sum(case when not is_open then gap_days end) as interval_sum,
        sum(case when not is_open then cast(gap_days as bigint) * gap_days end) as interval_square_sum
    from gaps
    group by as_of_date, ultimate_parent_id
),

-- Population variance over mean squared = n * sum(x^2) / sum(x)^2 - 1, exact on integers.
measured as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.relationship_type,
        -- A date still to come says nothing about who is invoiced already.
        case
            when parents.relationship_type = 'customer' then coalesce(parents.first_invoice_date <= parents.as_of_date, false)
        end as is_first_invoice_known,
        case
            when parents.relationship_type <> 'customer' then null
            when parents.first_invoice_date <= parents.as_of_date then parents.first_invoice_date
            else invoices.first_posting_date
        end as customer_since,
        delivered_from.first_posting_date as delivered_from,
        -- Of a company without an ERP nobody knows who bought.
        coalesce(depths.is_revenue_known, true) or rhythms.last_order_date is not null as is_buying_known,
        basis.order_basis,
        invoices.last_posting_date as last_invoice_date,
        coalesce(invoices.invoices_so_far, 0) as invoices_so_far,
        rhythms.last_order_date,
        {{ days_between('rhythms.last_order_date', 'parents.as_of_date') }} as days_since_last_order,
        coalesce(rhythms.order_date_count, 0) as order_date_count,
        coalesce(rhythms.interval_count, 0) as interval_count,
        rhythms.median_interval_days,
        case
            when rhythms.interval_count >= 1
                then {{ ratio(exact_div(days_between('rhythms.last_order_date', 'parents.as_of_date'), 'rhythms.median_interval_days')) }}
        end as recency_ratio,
        case
            when rhythms.interval_count >= 2
                then {{ ratio(exact_div(
                    'rhythms.interval_count * rhythms.interval_square_sum - rhythms.interval_sum * rhythms.interval_sum',
                    'rhythms.interval_sum * rhythms.interval_sum'
                )) }}
        end as interval_cv_squared,
        case
            when rhythms.interval_count >= 2
                then {{ ratio(exact_div('rhythms.interval_sum * rhythms.interval_sum', 'rhythms.interval_count * rhythms.interval_square_sum')) }}
        end as order_regularity,
        orders.orders_in_window,
        case when orders.is_change_known then {{ ratio(exact_div('orders.changes_in_window', 'orders.orders_in_window')) }} end as order_change_ratio,
        case when orders.is_error_known then {{ ratio(exact_div('orders.errors_in_window', 'orders.orders_in_window')) }} end as order_error_ratio
    from parents
    cross join basis
    left join depths on parents.as_of_date = depths.as_of_date
    left join delivered_from on parents.as_of_date = delivered_from.as_of_date
    left join invoices
        on
            parents.as_of_date = invoices.as_of_date
            and parents.buying_parent_id = invoices.ultimate_parent_id
    left join rhythms
        on
            parents.as_of_date = rhythms.as_of_date
            and parents.buying_parent_id = rhythms.ultimate_parent_id
    left join orders
        on
            parents.as_of_date = orders.as_of_date
            and parents.ultimate_parent_id = orders.ultimate_parent_id
),

judged as (
    select
        measured.*,
        measured.relationship_type = 'customer' and measured.customer_since is null and measured.is_buying_known as is_never_bought,
        cast(
            case when measured.customer_since <= measured.as_of_date then {{ full_years('measured.customer_since', 'measured.as_of_date') }} end
            as integer
        ) as tenure_years,
        -- The first of the days counts as day 1. NULL for whoever never bought.
        case
            when measured.is_first_invoice_known then false
            else {{ days_between('measured.delivered_from', 'measured.customer_since') }} < parameters.tenure_censored_within_days
        end as is_tenure_censored,
        case when measured.customer_since is not null then coalesce(measured.recency_ratio > parameters.churn_recency_ratio_above, false) end as churn_risk,
        parameters.loyalty_churn_penalty_levels,
        parameters.new_customer_tenure_years_below,
        parameters.new_customer_min_invoices
    from measured
    cross join parameters
),

tenure_level as (
    select
        judged.as_of_date,
        judged.ultimate_parent_id,
        max(tenure_levels.level) as level
    from judged
    inner join tenure_levels on judged.tenure_years >= tenure_levels.tenure_years_from
    group by judged.as_of_date, judged.ultimate_parent_id
),

levelled as (
    select
        judged.as_of_date,
        judged.ultimate_parent_id,
        judged.relationship_type,
        judged.is_never_bought,
        judged.is_buying_known,
        judged.customer_since,
        judged.last_invoice_date,
        judged.tenure_years,
        judged.is_tenure_censored,
        judged.order_basis,
        judged.last_order_date,
        judged.days_since_last_order,
        judged.order_date_count,
        judged.interval_count,
        judged.median_interval_days,
        judged.recency_ratio,
        judged.churn_risk,
        judged.interval_cv_squared,
        judged.order_regularity,
        judged.orders_in_window,
        judged.order_change_ratio,
        judged.order_error_ratio,
        case
            when judged.relationship_type = 'customer' and judged.tenure_years is not null
                then greatest(
                    1,
                    tenure_level.level
                    - case when judged.churn_risk then judged.loyalty_churn_penalty_levels else 0 end
                )
        end as loyalty_level,
        -- An export that begins with the customer says nothing about its age; its invoices can be too few all the same.
        case
            when not judged.is_never_bought
                then
                    judged.relationship_type = 'customer'
                    and (
                        (judged.tenure_years < judged.new_customer_tenure_years_below and not judged.is_tenure_censored)
                        or (judged.new_customer_min_invoices is not null and judged.invoices_so_far < judged.new_customer_min_invoices)
                    )
        end as is_observation
    from judged
    left join tenure_level
        on
            judged.as_of_date = tenure_level.as_of_date
            and judged.ultimate_parent_id = tenure_level.ultimate_parent_id
)

select * from levelled
