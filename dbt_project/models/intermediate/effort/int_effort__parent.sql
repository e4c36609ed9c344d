-- One row per as-of date and scored parent: the service plan of its zone against what was done, and the share of sales effort against
-- the share of value (METHOD 1.13).
with

parents as (
    select * from {{ ref('int_customers__parents') }}
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

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

field_capacity as (
    select capacity.*
    from {{ ref('int_contribution__capacity') }} as capacity
    inner join parameters on capacity.pool = parameters.field_pool
),

activities as (
    select * from {{ ref('int_contribution__activities') }}
    where is_in_window
),

-- Where nobody logged anything in the 12 months, nothing is known about visits and contacts: missing is not zero.
logged_dates as (
    select distinct as_of_date from activities
),

care as (
    select * from {{ ref('int_effort__care') }}
),

contacts as (
    select
        as_of_date,
        ultimate_parent_id,
        max(activity_date) as last_contact_date
    from activities
    where ultimate_parent_id is not null
    group by as_of_date, ultimate_parent_id
),

measured as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        zones.service_zone,
        logged_dates.as_of_date is not null as is_logged,
        coalesce(zone_rules.planned_visits_per_year, 0) as planned_visits,
        case when logged_dates.as_of_date is not null then contributions.visits end as actual_visits,
        contacts.last_contact_date,
        {{ whole(days_between('contacts.last_contact_date', 'parents.as_of_date')) }} as days_since_last_contact,
        zone_rules.max_contact_gap_days,
        contributions.field_minutes,
        field_capacity.annual_cost,
        field_capacity.practical_hours,
        contributions.sales_cost,
        care.care_cost,
        care.avoidable_cost,
        case when contributions.customer_contribution > 0 then contributions.customer_contribution when contributions.customer_contribution <= 0 then 0 end as positive_contribution,
        sum(contributions.sales_cost) over (partition by parents.as_of_date) as total_sales_cost,
        sum(case when contributions.customer_contribution > 0 then contributions.customer_contribution when contributions.customer_contribution <= 0 then 0 end) over (partition by parents.as_of_date) as total_positive_contribution
    from parents
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    inner join zones
        on
            parents.as_of_date = zones.as_of_date
            and parents.ultimate_parent_id = zones.ultimate_parent_id
    left join care
        on
            parents.as_of_date = care.as_of_date
            and parents.ultimate_parent_id = care.ultimate_parent_id
    left join zone_rules on zones.service_zone = zone_rules.zone
    left join logged_dates on parents.as_of_date = logged_dates.as_of_date
    left join field_capacity on parents.as_of_date = field_capacity.as_of_date
    left join contacts
        on
            parents.as_of_date = contacts.as_of_date
            and parents.ultimate_parent_id = contacts.ultimate_parent_id
),

compared as (
    select
        measured.*,
        greatest(actual_visits - planned_visits, 0) as over_visits_if_logged,
        greatest(planned_visits - actual_visits, 0) as under_visits_if_logged
    from measured
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        service_zone,
        is_logged,
        {{ whole('planned_visits') }} as planned_visits,
        actual_visits,
        {{ whole('case when is_logged then over_visits_if_logged end') }} as over_visits,
        {{ whole('case when is_logged then under_visits_if_logged end') }} as under_visits,
        {{ ratio(exact_div('case when is_logged then least(actual_visits, planned_visits) end', 'planned_visits')) }} as compliance_ratio,
        -- Surplus visits at the customer's own average field hours per visit; a pool that costs nothing then makes them free.
        case
            when is_logged
                then {{ money('coalesce(' ~ exact_div(
                    'cast(over_visits_if_logged * field_minutes as decimal(20, 0)) * annual_cost',
                    'cast(60 * actual_visits as decimal(20, 0)) * practical_hours', 2, decimals=4
                ) ~ ', 0)') }}
        end as over_service_cost,
        care_cost,
        avoidable_cost,
        last_contact_date,
        days_since_last_contact,
        {{ whole('max_contact_gap_days') }} as max_contact_gap_days,
        case
            when is_logged
                then max_contact_gap_days is not null and coalesce(days_since_last_contact > max_contact_gap_days, true)
        end as contact_gap_breach,
        case when is_logged then last_contact_date is null end as is_never_contacted,
        {{ ratio(exact_div('sales_cost', 'total_sales_cost')) }} as effort_share_ratio,
        {{ ratio(exact_div('positive_contribution', 'total_positive_contribution')) }} as value_share_ratio,
        {{ ratio(exact_div(
            'cast(sales_cost as decimal(30, 2)) * total_positive_contribution',
            'cast(total_sales_cost as decimal(30, 2)) * positive_contribution', decimals=4
        )) }} as effort_value_index
    from compared
)

select * from final
