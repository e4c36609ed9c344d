-- One row per shown as-of date, month, company, customer id as booked, ultimate parent and product group: everything that adds up to the
-- contributions (a cost that is not known is NULL), on customers, leads, own companies and the unassigned alike. The latest as-of date has
-- every month, earlier ones the 12 months of their year. Of other judged months nobody asks for more than int_contribution__year.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

-- Of the shown dates only, and no more than is asked for: what is read twice is held in memory.
customers as (
    select customers.as_of_date, customers.customer_id, customers.ultimate_parent_id
    from {{ ref('int_customers__as_of') }} as customers
    inner join dates on customers.as_of_date = dates.as_of_date
),

parents as (
    select as_of_date, ultimate_parent_id, relationship_type
    from {{ ref('int_customers__parents') }}
    where {{ is_shown() }}
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

imputed as (
    select * from {{ ref('int_contribution__imputed_cogs') }}
),

knowledge as (
    select distinct known_at from dates
),

-- What is known of revenue and direct costs by customer id and month does not depend on the as-of date; whose it is does.
known_revenue as (
    select
        knowledge.known_at,
        lines.month_start,
        lines.company_id,
        lines.customer_id,
        lines.product_group,
        {{ money('sum(lines.gross_list_revenue)') }} as gross_list_revenue,
        {{ money('sum(lines.revenue_deductions)') }} as revenue_deductions,
        {{ money('sum(lines.cogs)') }} as cogs,
        {{ money('sum(lines.promotion_net_revenue)') }} as promotion_net_revenue,
        {{ whole('sum(lines.line_count)') }} as line_count
    from knowledge
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'knowledge') }}
    group by knowledge.known_at, lines.month_start, lines.company_id, lines.customer_id, lines.product_group
),

known_costs as (
    select
        knowledge.known_at,
        costs.month_start,
        costs.company_id,
        costs.customer_id,
        sum(case when costs.cost_type = 'marketing' then costs.amount else 0 end) as marketing_cost,
        sum(case when costs.cost_type = 'service_logistics' then costs.amount else 0 end) as service_logistics_cost
    from knowledge
    inner join {{ ref('int_contribution__direct_costs') }} as costs on {{ is_known('costs', 'knowledge') }}
    group by knowledge.known_at, costs.month_start, costs.company_id, costs.customer_id
),

direct_costs as (
    select
        dates.as_of_date,
        costs.month_start,
        costs.company_id,
        costs.customer_id,
        customers.ultimate_parent_id,
        case when costs.customer_id is null then 'missing_cost_centre' else 'unknown_customer' end as reason_if_unassigned,
        costs.marketing_cost,
        costs.service_logistics_cost
    from dates
    inner join known_costs as costs
        on
            dates.known_at = costs.known_at
            and costs.month_start <= dates.as_of_date
            and (dates.is_latest or costs.month_start >= dates.window_start)
    left join customers
        on
            dates.as_of_date = customers.as_of_date
            and costs.customer_id = customers.customer_id
),

activities as (
    select
        costed.as_of_date,
        costed.month_start,
        costed.company_id,
        coalesce(costed.entity_id, costed.account_id) as customer_id,
        costed.ultimate_parent_id,
        case when costed.account_group = 'field_sales_cost' then costed.cost else 0 end as field_sales_cost,
        case when costed.account_group = 'inside_sales_cost' then costed.cost else 0 end as inside_sales_cost,
        case when costed.pool = parameters.field_pool then costed.minutes else 0 end as field_minutes,
        case when costed.pool = parameters.inside_pool then costed.minutes else 0 end as inside_minutes,
        case when costed.is_visit then 1 else 0 end as visits,
        1 as activities
    from {{ ref('int_contribution__activities') }} as costed
    cross join {{ ref('stg_settings__parameters') }} as parameters
    where costed.is_counted
),

-- What has no product group.
efforts as (
    select
        as_of_date,
        month_start,
        company_id,
        customer_id,
        ultimate_parent_id,
        reason_if_unassigned,
        marketing_cost,
        service_logistics_cost,
        0 as field_sales_cost,
        0 as inside_sales_cost,
        0 as field_minutes,
        0 as inside_minutes,
        0 as visits,
        0 as activities
    from direct_costs
    union all
    select
        as_of_date,
        month_start,
        company_id,
        customer_id,
        ultimate_parent_id,
        'unknown_customer' as reason_if_unassigned,
        0 as marketing_cost,
        0 as service_logistics_cost,
        field_sales_cost,
        inside_sales_cost,
        field_minutes,
        inside_minutes,
        visits,
        activities
    from activities
),

summed as (
    select
        as_of_date,
        month_start,
        company_id,
        customer_id,
        ultimate_parent_id,
        case when ultimate_parent_id is null then reason_if_unassigned end as unassigned_reason,
        {{ money('sum(marketing_cost)') }} as marketing_cost,
        {{ money('sum(field_sales_cost)') }} as field_sales_cost,
        {{ money('sum(inside_sales_cost)') }} as inside_sales_cost,
        {{ money('sum(service_logistics_cost)') }} as service_logistics_cost,
        {{ whole('sum(field_minutes)') }} as field_minutes,
        {{ whole('sum(inside_minutes)') }} as inside_minutes,
        {{ whole('sum(visits)') }} as visits,
        {{ whole('sum(activities)') }} as activities
    from efforts
    group by
        as_of_date,
        month_start,
        company_id,
        customer_id,
        ultimate_parent_id,
        case when ultimate_parent_id is null then reason_if_unassigned end
),

-- No booking with a product group and none without one have a row in common.
bookings as (
    select
        dates.as_of_date,
        revenue.month_start,
        revenue.company_id,
        revenue.customer_id,
        customers.ultimate_parent_id,
        revenue.product_group,
        'unknown_customer' as unassigned_reason,
        revenue.gross_list_revenue,
        revenue.revenue_deductions,
        revenue.cogs + coalesce(imputed.imputed_cogs, case when imputed.imputed_line_count > 0 then null else 0 end) as cogs,
        coalesce(imputed.imputed_cogs, case when imputed.imputed_line_count > 0 then null else 0 end) as imputed_cogs,
        {{ money('coalesce(imputed.imputed_net_revenue, 0)') }} as imputed_net_revenue,
        {{ whole('coalesce(imputed.imputed_line_count, 0)') }} as imputed_line_count,
        revenue.promotion_net_revenue,
        {%- for cost in ['marketing_cost', 'field_sales_cost', 'inside_sales_cost', 'service_logistics_cost'] %}
        {{ money('0') }} as {{ cost }},
        {%- endfor %}
        {%- for number in ['field_minutes', 'inside_minutes', 'visits', 'activities'] %}
        {{ whole('0') }} as {{ number }},
        {%- endfor %}
        revenue.line_count
    from dates
    inner join known_revenue as revenue
        on
            dates.known_at = revenue.known_at
            and revenue.month_start <= dates.as_of_date
            and (dates.is_latest or revenue.month_start >= dates.window_start)
    left join customers
        on
            dates.as_of_date = customers.as_of_date
            and revenue.customer_id = customers.customer_id
    left join imputed
        on
            dates.as_of_date = imputed.as_of_date
            and revenue.month_start = imputed.month_start
            and revenue.company_id = imputed.company_id
            and revenue.customer_id = imputed.customer_id
            and revenue.product_group = imputed.product_group
    union all
    select
        as_of_date,
        month_start,
        company_id,
        customer_id,
        ultimate_parent_id,
        null as product_group,
        unassigned_reason,
        {%- for amount in ['gross_list_revenue', 'revenue_deductions', 'cogs', 'imputed_cogs', 'imputed_net_revenue'] %}
        {{ money('0') }} as {{ amount }},
        {%- endfor %}
        {{ whole('0') }} as imputed_line_count,
        {{ money('0') }} as promotion_net_revenue,
        marketing_cost,
        field_sales_cost,
        inside_sales_cost,
        service_logistics_cost,
        field_minutes,
        inside_minutes,
        visits,
        activities,
        {{ whole('0') }} as line_count
    from summed
),

-- Whoever belongs to no delivered parent is unassigned, and the reason says why.
assigned as (
    select
        bookings.as_of_date,
        bookings.month_start,
        bookings.company_id,
        bookings.customer_id,
        parents.ultimate_parent_id,
        bookings.product_group,
        case
            when parents.ultimate_parent_id is null then coalesce(bookings.unassigned_reason, 'unknown_customer')
        end as unassigned_reason,
        coalesce(parents.relationship_type, 'unassigned') as relationship_type,
        bookings.gross_list_revenue,
        bookings.revenue_deductions,
        {%- for amount in ['cogs', 'imputed_cogs'] %}
        {{ money(cost_if_known('depths.cogs_status', 'bookings.' ~ amount)) }} as {{ amount }},
        {%- endfor %}
        {{ money("case when depths.cogs_status = 'delivered' then bookings.imputed_net_revenue else 0 end") }} as imputed_net_revenue,
        {{ whole("case when depths.cogs_status = 'delivered' then bookings.imputed_line_count else 0 end") }} as imputed_line_count,
        bookings.promotion_net_revenue,
        {%- for amount, cost in [
            ('marketing_cost', 'marketing'), ('field_sales_cost', 'sales'), ('inside_sales_cost', 'sales'),
            ('service_logistics_cost', 'service_logistics'),
        ] %}
        {{ money(cost_if_known('depths.' ~ cost ~ '_status', 'bookings.' ~ amount)) }} as {{ amount }},
        {%- endfor %}
        bookings.field_minutes,
        bookings.inside_minutes,
        bookings.visits,
        bookings.activities,
        bookings.line_count
    from bookings
    inner join depths on bookings.as_of_date = depths.as_of_date
    left join parents
        on
            bookings.as_of_date = parents.as_of_date
            and bookings.ultimate_parent_id = parents.ultimate_parent_id
)

select * from assigned
