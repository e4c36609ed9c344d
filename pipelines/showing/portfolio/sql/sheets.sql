select
    detailed.detail_number,
    portfolio.region,
    portfolio.owner_area,
    portfolio.gross_list_revenue,
    portfolio.revenue_deductions,
    portfolio.net_revenue,
    portfolio.cogs,
    portfolio.contribution_1,
    portfolio.marketing_cost,
    portfolio.contribution_2,
    portfolio.sales_cost,
    portfolio.contribution_3,
    portfolio.service_logistics_cost,
    portfolio.contribution_4,
    levels.planned_visits,
    levels.actual_visits,
    levels.last_contact_date,
    coalesce(levels.is_never_contacted, false) as is_never_contacted,
    -- Where nobody logs visits nobody logs hours either.
    case when levels.actual_visits is not null then levels.field_hours end as field_hours,
    case when levels.actual_visits is not null then levels.inside_hours end as inside_hours,
    levels.avoidable_cost,
from detailed
inner join portfolio using (ultimate_parent_id)
left join mart_service_levels as levels
    on
        portfolio.as_of_date = levels.as_of_date
        and portfolio.ultimate_parent_id = levels.ultimate_parent_id
order by detailed.detail_number
