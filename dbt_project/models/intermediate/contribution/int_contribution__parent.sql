-- One row per as-of date and ultimate parent: the contributions of the 12 months as far down as the costs are known, the one they are
-- judged by, and the low bound that the unlogged field hours leave. A month that is only replayed has the money, and of the rest what a
-- criterion may stand on: no hours, no low bound.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

booked as (
    select * from {{ ref('int_contribution__year') }}
),

field_capacity as (
    select capacity.*
    from {{ ref('int_contribution__capacity') }} as capacity
    inner join parameters on capacity.pool = parameters.field_pool
),

summed as (
    {#- What nobody delivers is not known; a lead has bought nothing. -#}
    {%- set is_revenue = "coalesce(depths.is_revenue_known, true) or parents.relationship_type = 'lead'" %}
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.relationship_type,
        parents.is_scored,
        {{ is_compared('parents') }} as is_told,
        case when {{ is_revenue }} then {{ money('coalesce(booked.gross_list_revenue, 0)') }} end as gross_list_revenue,
        case when {{ is_revenue }} then {{ money('coalesce(booked.revenue_deductions, 0)') }} end as revenue_deductions,
        -- A cost that is known and has no booking is 0.00; one that is not known stays unknown.
        case when depths.cogs_status <> 'unknown' then {{ money('coalesce(booked.cogs, 0)') }} end as cogs,
        case when depths.cogs_status <> 'unknown' then {{ money('coalesce(booked.imputed_cogs, 0)') }} end as imputed_cogs,
        {{ money('coalesce(booked.imputed_net_revenue, 0)') }} as imputed_net_revenue,
        {{ whole('coalesce(booked.imputed_line_count, 0)') }} as imputed_line_count,
        case when {{ is_revenue }} then {{ money('coalesce(booked.promotion_net_revenue, 0)') }} end as promotion_net_revenue,
        case when depths.marketing_status <> 'unknown' then {{ money('coalesce(booked.marketing_cost, 0)') }} end as marketing_cost,
        case when depths.sales_status <> 'unknown' then {{ money('coalesce(booked.sales_cost, 0)') }} end as sales_cost,
        case when depths.service_logistics_status <> 'unknown' then {{ money('coalesce(booked.service_logistics_cost, 0)') }} end as service_logistics_cost,
        {{ whole('coalesce(booked.field_minutes, 0)') }} as field_minutes,
        {{ whole('coalesce(booked.inside_minutes, 0)') }} as inside_minutes,
        {{ whole('coalesce(booked.visits, 0)') }} as visits,
        {{ whole('coalesce(booked.activities, 0)') }} as activities,
        {{ whole('coalesce(booked.line_count, 0)') }} as line_count,
        depths.contribution_depth,
        coalesce(depths.has_deductions, true) as has_deductions
    from parents
    inner join depths on parents.as_of_date = depths.as_of_date
    left join booked
        on
            parents.as_of_date = booked.as_of_date
            and parents.ultimate_parent_id = booked.ultimate_parent_id
),

contributions as (
    select
        as_of_date,
        ultimate_parent_id,
        relationship_type,
        is_scored,
        is_told,
        gross_list_revenue,
        revenue_deductions,
        {{ money('gross_list_revenue - revenue_deductions') }} as net_revenue,
        cogs,
        imputed_cogs,
        imputed_net_revenue,
        imputed_line_count,
        contribution_depth,
        {{ money('gross_list_revenue - revenue_deductions - cogs') }} as contribution_1,
        marketing_cost,
        {{ money('gross_list_revenue - revenue_deductions - cogs - marketing_cost') }} as contribution_2,
        case when is_told then cast({{ exact_div('field_minutes', '60', 4) }} as decimal(18, 4)) end as field_hours,
        case when is_told then cast({{ exact_div('inside_minutes', '60', 4) }} as decimal(18, 4)) end as inside_hours,
        field_minutes,
        sales_cost,
        {{ money('gross_list_revenue - revenue_deductions - cogs - marketing_cost - sales_cost') }} as contribution_3,
        service_logistics_cost,
        {{ money('gross_list_revenue - revenue_deductions - cogs - marketing_cost - sales_cost - service_logistics_cost') }} as contribution_4,
        promotion_net_revenue,
        visits,
        activities,
        line_count,
        has_deductions,
        {{ whole('sum(case when is_scored then visits else 0 end) over (partition by as_of_date)') }} as scored_visits
    from summed
),

-- The deepest contribution that is known, the same for all: what customers are judged by.
judged as (
    select
        contributions.*,
        case contributions.contribution_depth
            when 1 then contributions.contribution_1
            when 2 then contributions.contribution_2
            when 3 then contributions.contribution_3
            when 4 then contributions.contribution_4
        end as customer_contribution,
        case
            when contributions.cogs is null then null
            when contributions.net_revenue > 0
                then contributions.imputed_net_revenue > {{ part_of('parameters.max_imputed_revenue_ratio', 'contributions.net_revenue') }}
            else contributions.imputed_line_count > 0
        end as is_low_by_imputed_cogs
    from contributions
    cross join parameters
),

bounded as (
    select
        contributions.as_of_date,
        contributions.ultimate_parent_id,
        contributions.relationship_type,
        contributions.is_scored,
        contributions.gross_list_revenue,
        contributions.revenue_deductions,
        contributions.net_revenue,
        contributions.cogs,
        contributions.imputed_cogs,
        contributions.contribution_1,
        contributions.marketing_cost,
        contributions.contribution_2,
        contributions.field_hours,
        contributions.inside_hours,
        contributions.field_minutes,
        contributions.sales_cost,
        contributions.contribution_3,
        contributions.service_logistics_cost,
        contributions.contribution_4,
        case
            when contributions.is_told and contributions.is_scored and contributions.net_revenue > 0
                then {{ ratio(exact_div('contributions.contribution_4', 'contributions.net_revenue')) }}
        end as contribution_4_margin_ratio,
        contributions.contribution_depth,
        contributions.customer_contribution,
        case
            when contributions.is_scored and contributions.net_revenue > 0
                then {{ ratio(exact_div('contributions.customer_contribution', 'contributions.net_revenue')) }}
        end as customer_contribution_margin_ratio,
        case
            when contributions.has_deductions and contributions.gross_list_revenue > 0
                then {{ ratio(exact_div('contributions.net_revenue', 'contributions.gross_list_revenue')) }}
        end as price_realisation_ratio,
        case
            when contributions.is_told and contributions.has_deductions and contributions.gross_list_revenue > 0
                then {{ ratio(exact_div('contributions.revenue_deductions', 'contributions.gross_list_revenue')) }}
        end as discount_rate_ratio,
        case
            -- Without any visit nothing says whose the unlogged hours are: the bound is unknown. So it is where no sales cost is in the contribution.
            when
                contributions.is_told and contributions.contribution_depth >= 3
                and field_capacity.logged_capacity_ratio is not null and contributions.scored_visits > 0
                then contributions.customer_contribution - {{ money(exact_div(
                'cast(greatest(60 * field_capacity.practical_hours - field_capacity.logged_minutes, 0) as decimal(24, 4)) * field_capacity.annual_cost * contributions.visits',
                '60 * field_capacity.practical_hours * contributions.scored_visits', 2, decimals=6
            )) }}
        end as contribution_4_low,
        field_capacity.logged_capacity_ratio,
        contributions.is_low_by_imputed_cogs,
        -- What is known of the whole company and of the cost of goods; int_effort__reliability adds what nobody logged.
        case
            when contributions.is_low_by_imputed_cogs or field_capacity.logged_capacity_ratio < parameters.min_logged_capacity_ratio then 'low'
            when field_capacity.logged_capacity_ratio is null or contributions.customer_contribution is null then null
            else 'normal'
        end as contribution_reliability,
        contributions.has_deductions,
        contributions.promotion_net_revenue,
        contributions.visits,
        contributions.activities,
        contributions.line_count
    from judged as contributions
    cross join parameters
    left join field_capacity on contributions.as_of_date = field_capacity.as_of_date
)

select * from bounded
