-- One row per as-of date and ultimate parent with bookings in its 12 months: everything that adds up to the contributions (a cost that is not
-- known is NULL). Every judged month has its own; int_contribution__entity_month says the same of shown months by entity and month.
{#
    Bookings are summed by month once, for all as-of dates at which their customer belonged to the same parent, and only then told of every
    date. What is known of one date alone has that date as its span: what stands in for missing cost of goods, and activities that say
    again what another one said, which are taken off again.
#}
{{ config(materialized='view') }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

customer_spans as (
    select * from {{ ref('int_customers__parent_spans') }}
),

account_spans as (
    select * from {{ ref('int_customers__account_spans') }}
),

knowledge as (
    select distinct known_at from dates
),

bookings as (
    select
        known_at,
        ultimate_parent_id,
        first_as_of_date,
        last_as_of_date,
        month_start,
        gross_list_revenue,
        revenue_deductions,
        cogs,
        0 as imputed_cogs,
        0 as imputed_net_revenue,
        promotion_net_revenue,
        0 as marketing_cost,
        0 as sales_cost,
        0 as service_logistics_cost,
        0 as imputed_line_count,
        line_count,
        0 as field_minutes,
        0 as inside_minutes,
        0 as visits,
        0 as activities
    from {{ ref('int_contribution__revenue_by_parent') }}
    union all
    select
        knowledge.known_at,
        customer_spans.ultimate_parent_id,
        customer_spans.first_as_of_date,
        customer_spans.last_as_of_date,
        costs.month_start,
        0 as gross_list_revenue,
        0 as revenue_deductions,
        0 as cogs,
        0 as imputed_cogs,
        0 as imputed_net_revenue,
        0 as promotion_net_revenue,
        case when costs.cost_type = 'marketing' then costs.amount else 0 end as marketing_cost,
        0 as sales_cost,
        case when costs.cost_type = 'service_logistics' then costs.amount else 0 end as service_logistics_cost,
        0 as imputed_line_count,
        0 as line_count,
        0 as field_minutes,
        0 as inside_minutes,
        0 as visits,
        0 as activities
    from knowledge
    inner join {{ ref('int_contribution__direct_costs') }} as costs on {{ is_known('costs', 'knowledge') }}
    inner join customer_spans on costs.customer_id = customer_spans.customer_id
    union all
    select
        costed.known_at,
        account_spans.ultimate_parent_id,
        account_spans.first_as_of_date,
        account_spans.last_as_of_date,
        costed.month_start,
        0 as gross_list_revenue,
        0 as revenue_deductions,
        0 as cogs,
        0 as imputed_cogs,
        0 as imputed_net_revenue,
        0 as promotion_net_revenue,
        0 as marketing_cost,
        case when costed.account_group in ('field_sales_cost', 'inside_sales_cost') then costed.cost else 0 end as sales_cost,
        0 as service_logistics_cost,
        0 as imputed_line_count,
        0 as line_count,
        case when costed.pool = parameters.field_pool then costed.minutes else 0 end as field_minutes,
        case when costed.pool = parameters.inside_pool then costed.minutes else 0 end as inside_minutes,
        case when costed.is_visit then 1 else 0 end as visits,
        1 as activities
    from {{ ref('int_contribution__activities_costed') }} as costed
    inner join account_spans on costed.account_id = account_spans.account_id
    cross join parameters
    union all
    select
        dates.known_at,
        repeated.ultimate_parent_id,
        repeated.as_of_date as first_as_of_date,
        repeated.as_of_date as last_as_of_date,
        {{ month_start('repeated.activity_date') }} as month_start,
        0 as gross_list_revenue,
        0 as revenue_deductions,
        0 as cogs,
        0 as imputed_cogs,
        0 as imputed_net_revenue,
        0 as promotion_net_revenue,
        0 as marketing_cost,
        -case when repeated.account_group in ('field_sales_cost', 'inside_sales_cost') then repeated.cost else 0 end as sales_cost,
        0 as service_logistics_cost,
        0 as imputed_line_count,
        0 as line_count,
        -case when repeated.pool = parameters.field_pool then repeated.minutes else 0 end as field_minutes,
        -case when repeated.pool = parameters.inside_pool then repeated.minutes else 0 end as inside_minutes,
        -case when repeated.is_visit then 1 else 0 end as visits,
        -1 as activities
    from {{ ref('int_contribution__activities_repeated') }} as repeated
    inner join dates on repeated.as_of_date = dates.as_of_date
    cross join parameters
    where repeated.ultimate_parent_id is not null
    union all
    select
        dates.known_at,
        customers.ultimate_parent_id,
        imputed.as_of_date as first_as_of_date,
        imputed.as_of_date as last_as_of_date,
        imputed.month_start,
        0 as gross_list_revenue,
        0 as revenue_deductions,
        imputed.imputed_cogs as cogs,
        imputed.imputed_cogs,
        imputed.imputed_net_revenue,
        0 as promotion_net_revenue,
        0 as marketing_cost,
        0 as sales_cost,
        0 as service_logistics_cost,
        imputed.imputed_line_count,
        0 as line_count,
        0 as field_minutes,
        0 as inside_minutes,
        0 as visits,
        0 as activities
    from {{ ref('int_contribution__imputed_cogs') }} as imputed
    inner join dates on imputed.as_of_date = dates.as_of_date
    inner join customers
        on
            imputed.as_of_date = customers.as_of_date
            and imputed.customer_id = customers.customer_id
),

months as (
    select
        known_at,
        ultimate_parent_id,
        first_as_of_date,
        last_as_of_date,
        month_start,
        {{ money('sum(gross_list_revenue)') }} as gross_list_revenue,
        {{ money('sum(revenue_deductions)') }} as revenue_deductions,
        {{ money('sum(cogs)') }} as cogs,
        {{ money('sum(imputed_cogs)') }} as imputed_cogs,
        {{ money('sum(imputed_net_revenue)') }} as imputed_net_revenue,
        {{ money('sum(promotion_net_revenue)') }} as promotion_net_revenue,
        {{ money('sum(marketing_cost)') }} as marketing_cost,
        {{ money('sum(sales_cost)') }} as sales_cost,
        {{ money('sum(service_logistics_cost)') }} as service_logistics_cost,
        {{ whole('sum(imputed_line_count)') }} as imputed_line_count,
        {{ whole('sum(line_count)') }} as line_count,
        {{ whole('sum(field_minutes)') }} as field_minutes,
        {{ whole('sum(inside_minutes)') }} as inside_minutes,
        {{ whole('sum(visits)') }} as visits,
        {{ whole('sum(activities)') }} as activities
    from bookings
    group by known_at, ultimate_parent_id, first_as_of_date, last_as_of_date, month_start
),

years as (
    select
        dates.as_of_date,
        months.ultimate_parent_id,
        sum(months.gross_list_revenue) as gross_list_revenue,
        sum(months.revenue_deductions) as revenue_deductions,
        sum(months.cogs) as cogs,
        sum(months.imputed_cogs) as imputed_cogs,
        sum(months.imputed_net_revenue) as imputed_net_revenue,
        sum(months.promotion_net_revenue) as promotion_net_revenue,
        sum(months.marketing_cost) as marketing_cost,
        sum(months.sales_cost) as sales_cost,
        sum(months.service_logistics_cost) as service_logistics_cost,
        sum(months.imputed_line_count) as imputed_line_count,
        sum(months.line_count) as line_count,
        sum(months.field_minutes) as field_minutes,
        sum(months.inside_minutes) as inside_minutes,
        sum(months.visits) as visits,
        sum(months.activities) as activities
    from months
    inner join dates
        on
            months.known_at = dates.known_at
            and months.first_as_of_date <= dates.as_of_date
            and months.last_as_of_date >= dates.as_of_date
            and months.month_start between dates.window_start and dates.as_of_date
    group by dates.as_of_date, months.ultimate_parent_id
),

known as (
    select
        years.as_of_date,
        years.ultimate_parent_id,
        years.gross_list_revenue,
        years.revenue_deductions,
        {{ cost_if_known('depths.cogs_status', 'years.cogs') }} as cogs,
        {{ cost_if_known('depths.cogs_status', 'years.imputed_cogs') }} as imputed_cogs,
        years.promotion_net_revenue,
        {{ cost_if_known('depths.marketing_status', 'years.marketing_cost') }} as marketing_cost,
        {{ cost_if_known('depths.sales_status', 'years.sales_cost') }} as sales_cost,
        {{ cost_if_known('depths.service_logistics_status', 'years.service_logistics_cost') }} as service_logistics_cost,
        case when depths.cogs_status = 'delivered' then years.imputed_net_revenue else 0 end as imputed_net_revenue,
        case when depths.cogs_status = 'delivered' then years.imputed_line_count else 0 end as imputed_line_count,
        years.line_count,
        years.field_minutes,
        years.inside_minutes,
        years.visits,
        years.activities
    from years
    inner join depths on years.as_of_date = depths.as_of_date
)

select * from known
