-- One row per as-of date and scored parent: contacts, planned visits, and the share of sales effort against the share of value.
with

parents as (
    select * from {{ ref('int_parents__as_of') }}
    where is_scored
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

zone_rules as (
    select * from {{ ref('stg_settings__zone_rules') }}
),

contacts as (
    select
        as_of_date,
        ultimate_parent_id,
        max(activity_date) as last_contact_date
    from {{ ref('int_activities__costed') }}
    where is_in_window and ultimate_parent_id is not null
    group by as_of_date, ultimate_parent_id
),

measured as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        zones.service_zone,
        coalesce(zone_rules.planned_visits_per_year, 0) as planned_visits,
        contributions.visits as actual_visits,
        contacts.last_contact_date,
        {{ days_between('contacts.last_contact_date', 'parents.as_of_date') }} as days_since_last_contact,
        zone_rules.max_contact_gap_days,
        contributions.sales_cost,
        greatest(contributions.contribution_4, 0) as positive_contribution_4,
        sum(contributions.sales_cost) over (partition by parents.as_of_date) as total_sales_cost,
        sum(greatest(contributions.contribution_4, 0)) over (partition by parents.as_of_date) as total_positive_contribution_4
    from parents
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    inner join zones
        on
            parents.as_of_date = zones.as_of_date
            and parents.ultimate_parent_id = zones.ultimate_parent_id
    left join zone_rules on zones.service_zone = zone_rules.zone
    left join contacts
        on
            parents.as_of_date = contacts.as_of_date
            and parents.ultimate_parent_id = contacts.ultimate_parent_id
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        planned_visits,
        actual_visits,
        last_contact_date,
        days_since_last_contact,
        max_contact_gap_days is not null
        and coalesce(days_since_last_contact > max_contact_gap_days, true) as contact_gap_breach,
        {{ ratio(exact_div('sales_cost', 'total_sales_cost')) }} as effort_share_ratio,
        {{ ratio(exact_div('positive_contribution_4', 'total_positive_contribution_4')) }} as value_share_ratio,
        {{ ratio(exact_div(
            'cast(sales_cost as decimal(30, 2)) * total_positive_contribution_4',
            'cast(total_sales_cost as decimal(30, 2)) * positive_contribution_4', decimals=4
        )) }} as effort_value_index
    from measured
)

select * from final
