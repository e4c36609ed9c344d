-- One row per as-of date, score object and task: what is to be done, about which money, until when and why, in the order it is due.
with

tasks as (
    select * from {{ ref('int_value__tasks') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        tasks.as_of_date,
        tasks.ultimate_parent_id,
        tasks.task,
        {{ whole('row_number() over (
            partition by tasks.as_of_date order by tasks.due_on, tasks.money desc, tasks.ultimate_parent_id, tasks.task
        )') }} as priority,
        customers.customer_name,
        customers.relationship_type,
        customers.owner_area,
        zones.zone,
        zones.zone_status,
        tasks.due_on,
        tasks.money,
        tasks.money_kind,
        tasks.happened,
        tasks.happened_on,
        tasks.happened_days,
        tasks.happened_limit_days,
        tasks.happened_visits,
        tasks.happened_planned_visits,
        tasks.happened_ratio,
        tasks.happened_amount,
        tasks.happened_criterion_id,
        tasks.next_step,
        parameters.reporting_currency,
        {{ is_latest('tasks') }} as is_latest,
        parameters.method_version
    from tasks
    inner join customers
        on
            tasks.as_of_date = customers.as_of_date
            and tasks.ultimate_parent_id = customers.ultimate_parent_id
    inner join zones
        on
            tasks.as_of_date = zones.as_of_date
            and tasks.ultimate_parent_id = zones.ultimate_parent_id
    cross join parameters
)

select * from final
