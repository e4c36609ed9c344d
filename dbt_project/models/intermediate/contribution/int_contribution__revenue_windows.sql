-- One row per as-of date and ultimate parent: net revenue of the 12 months, of the 12 months before, and of those ending three years
-- earlier. A fiscal year delivered as opening data wins over delivered lines of the same customer and year; mid-year it stands in
-- only where the lines do not reach back far enough.
with

-- A fiscal year is named after the calendar year it ends in.
dates as (
    select
        as_of_dates.*,
        extract(year from as_of_dates.as_of_date)
        + case when parameters.fiscal_year_start > 1 and extract(month from as_of_dates.as_of_date) >= parameters.fiscal_year_start then 1 else 0 end
            as fiscal_year,
        extract(month from as_of_dates.as_of_date) = case parameters.fiscal_year_start when 1 then 12 else parameters.fiscal_year_start - 1 end
            as is_fiscal_year_end
    from {{ ref('stg_control__as_of_dates') }} as as_of_dates
    cross join {{ ref('stg_settings__parameters') }} as parameters
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

histories as (
    select
        dates.as_of_date,
        case
            when history.fiscal_year = dates.fiscal_year - 1 then 'prior'
            else 'base'
        end as revenue_window,
        history.customer_id,
        history.net_revenue
    from dates
    inner join {{ ref('stg_erp__revenue_history') }} as history
        on
            {{ is_known('history', 'dates') }}
            and history.fiscal_year in (dates.fiscal_year - 1, dates.fiscal_year - 3)
),

-- A year that is delivered only in part would make every later one look like growth.
delivered_from as (
    select * from {{ ref('int_contribution__delivered_from') }}
),

line_windows as (
    select
        dates.as_of_date,
        case
            when lines.month_start >= dates.window_start then 'current'
            when lines.month_start >= dates.prior_window_start then 'prior'
            else 'base'
        end as revenue_window,
        lines.customer_id,
        sum(lines.gross_list_revenue - lines.revenue_deductions) as net_revenue
    from dates
    inner join {{ ref('int_contribution__lines_by_month') }} as lines
        on
            {{ is_known('lines', 'dates') }}
            and lines.month_start <= dates.as_of_date
            and (
                lines.month_start >= dates.prior_window_start
                or lines.month_start between dates.base_window_start and dates.base_window_last_month
            )
    group by 1, 2, 3
),

per_customer as (
    select
        coalesce(histories.as_of_date, line_windows.as_of_date) as as_of_date,
        coalesce(histories.revenue_window, line_windows.revenue_window) as revenue_window,
        coalesce(histories.customer_id, line_windows.customer_id) as customer_id,
        histories.net_revenue as history_revenue,
        line_windows.net_revenue as line_revenue
    from histories
    full outer join line_windows
        on
            histories.as_of_date = line_windows.as_of_date
            and histories.revenue_window = line_windows.revenue_window
            and histories.customer_id = line_windows.customer_id
),

per_parent as (
    select
        per_customer.as_of_date,
        per_customer.revenue_window,
        customers.ultimate_parent_id,
        sum(per_customer.history_revenue) as history_revenue,
        sum(per_customer.line_revenue) as line_revenue,
        sum(case when per_customer.history_revenue is null then per_customer.line_revenue end) as line_revenue_without_history,
        -- A row of a pure group node stands for its whole group; a merged id is no node, delivered or not.
        count_if(
            per_customer.history_revenue is not null and not customers.is_delivered and customers.relationship_type is null
        ) as group_node_histories
    from per_customer
    inner join customers
        on
            per_customer.as_of_date = customers.as_of_date
            and per_customer.customer_id = customers.customer_id
    group by per_customer.as_of_date, per_customer.revenue_window, customers.ultimate_parent_id
),

covered as (
    select
        per_parent.as_of_date,
        per_parent.revenue_window,
        per_parent.ultimate_parent_id,
        per_parent.history_revenue,
        per_parent.line_revenue,
        per_parent.line_revenue_without_history,
        per_parent.group_node_histories,
        dates.is_fiscal_year_end,
        case per_parent.revenue_window
            when 'current' then true
            when 'prior' then coalesce(delivered_from.first_month <= dates.prior_window_start, false)
            else coalesce(delivered_from.first_month <= dates.base_window_start, false)
        end as is_covered
    from per_parent
    inner join dates on per_parent.as_of_date = dates.as_of_date
    left join delivered_from on per_parent.as_of_date = delivered_from.as_of_date
),

decided as (
    select
        as_of_date,
        revenue_window,
        ultimate_parent_id,
        case
            when history_revenue is not null and (is_fiscal_year_end or not is_covered)
                then history_revenue + case
                    when is_covered and group_node_histories = 0 then coalesce(line_revenue_without_history, 0)
                    else 0
                end
            when is_covered then line_revenue
        end as net_revenue
    from covered
),

windows as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ money("coalesce(sum(case when revenue_window = 'current' then net_revenue end), 0)") }} as current_net_revenue,
        {{ money("sum(case when revenue_window = 'prior' then net_revenue end)") }} as prior_net_revenue,
        {{ money("sum(case when revenue_window = 'base' then net_revenue end)") }} as base_net_revenue
    from decided
    group by as_of_date, ultimate_parent_id
)

select * from windows
