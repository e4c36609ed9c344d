-- One row per as-of date and scored parent: small by potential, not by revenue, against the revenue that pays for field service.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

capacity as (
    select * from {{ ref('int_contribution__capacity') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

-- The standard service of a small customer at the pools' rates; an unknown pool leaves the threshold unknown.
standard_cost as (
    select
        field.as_of_date,
        cast(
            cast({{ exact_div(
                'parameters.small_standard_visits * parameters.small_hours_per_visit * cast(field.annual_cost as decimal(28, 2))',
                'field.practical_hours', 8
            ) }} as decimal(28, 8))
            + cast({{ exact_div('parameters.small_inside_hours * cast(inside.annual_cost as decimal(28, 2))', 'inside.practical_hours', 8) }} as decimal(28, 8))
            as decimal(18, 2)
        ) as standard_field_service_cost
    from parameters
    inner join capacity as field on parameters.field_pool = field.pool
    inner join capacity as inside
        on
            parameters.inside_pool = inside.pool
            and field.as_of_date = inside.as_of_date
),

-- Whoever never bought takes no part, neither in the ratio nor among the small.
scored as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.relationship_type,
        coalesce(loyalty.is_never_bought, false) as is_never_bought
    from parents
    left join loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
),

portfolio as (
    select
        contributions.as_of_date,
        sum(contributions.contribution_2) as contribution_2,
        sum(contributions.net_revenue) as net_revenue
    from contributions
    inner join scored
        on
            contributions.as_of_date = scored.as_of_date
            and contributions.ultimate_parent_id = scored.ultimate_parent_id
    where scored.relationship_type = 'customer' and not scored.is_never_bought
    group by contributions.as_of_date
),

thresholds as (
    select
        dates.as_of_date,
        standard_cost.standard_field_service_cost,
        case when portfolio.net_revenue > 0 then {{ ratio(exact_div('portfolio.contribution_2', 'portfolio.net_revenue')) }} end as portfolio_contribution_2_ratio,
        parameters.small_target_contribution_3_ratio as target_contribution_3_ratio,
        case
            when portfolio.net_revenue > 0 and portfolio.contribution_2 - {{ part_of('parameters.small_target_contribution_3_ratio', 'portfolio.net_revenue') }} > 0
                then {{ money(exact_div(
                    'cast(standard_cost.standard_field_service_cost as decimal(28, 2)) * cast(portfolio.net_revenue as decimal(28, 2))',
                    'portfolio.contribution_2 - ' ~ part_of('parameters.small_target_contribution_3_ratio', 'portfolio.net_revenue'), 2, decimals=8
                )) }}
        end as threshold_revenue
    from (select distinct as_of_date from parents) as dates
    cross join parameters
    left join portfolio on dates.as_of_date = portfolio.as_of_date
    left join standard_cost on dates.as_of_date = standard_cost.as_of_date
),

-- A lead's revenue is 0, whatever was booked by mistake.
revenues as (
    select
        as_of_date,
        ultimate_parent_id,
        case when relationship_type = 'lead' then 0 else net_revenue end as net_revenue
    from contributions
),

judged as (
    select
        scored.as_of_date,
        scored.ultimate_parent_id,
        scored.relationship_type,
        thresholds.standard_field_service_cost,
        thresholds.portfolio_contribution_2_ratio,
        thresholds.target_contribution_3_ratio,
        thresholds.threshold_revenue,
        potential.potential_revenue is not null as is_potential_known,
        case when not scored.is_never_bought then revenues.net_revenue < thresholds.threshold_revenue end as is_small_by_revenue,
        -- Without an estimate revenue alone can say that somebody is not small, but not that somebody is.
        case
            when scored.is_never_bought then null
            when revenues.net_revenue >= thresholds.threshold_revenue then false
            else potential.potential_revenue < thresholds.threshold_revenue
        end as is_small_customer
    from scored
    inner join revenues
        on
            scored.as_of_date = revenues.as_of_date
            and scored.ultimate_parent_id = revenues.ultimate_parent_id
    inner join potential
        on
            scored.as_of_date = potential.as_of_date
            and scored.ultimate_parent_id = potential.ultimate_parent_id
    left join thresholds on scored.as_of_date = thresholds.as_of_date
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        relationship_type,
        standard_field_service_cost,
        portfolio_contribution_2_ratio,
        target_contribution_3_ratio,
        threshold_revenue,
        is_small_by_revenue,
        is_small_customer,
        case
            when relationship_type = 'customer' and is_potential_known
                then is_small_by_revenue and not is_small_customer
        end as is_hidden_champion
    from judged
)

select * from final
