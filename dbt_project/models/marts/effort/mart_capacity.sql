-- One row per as-of date and resource pool: what the pool can do and costs, what of it was logged, and, for the field pool, whether next
-- year's plans fit into it (METHOD 1.4, 1.13).
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

-- Next year is planned for the field pool only; in the key, so that the join below needs no condition on its left side alone.
capacity as (
    select
        pools.*,
        case when pools.pool = parameters.field_pool then pools.as_of_date end as planned_date
    from ({{ of_shown_dates(ref('int_contribution__capacity')) }}) as pools
    cross join parameters
),

allocation as (
    select * from {{ ref('int_effort__allocation_capacity') }}
),

final as (
    select
        capacity.as_of_date,
        capacity.pool,
        cast(coalesce(capacity.practical_hours, 0) as decimal(18, 4)) as practical_hours,
        capacity.logged_hours,
        capacity.unused_hours,
        capacity.logged_capacity_ratio,
        capacity.pool_cost,
        capacity.assigned_cost,
        capacity.unused_capacity_cost,
        capacity.is_over_recorded,
        allocation.practical_hours as next_year_practical_hours,
        allocation.minimum_hours,
        allocation.capacity_gap_hours,
        allocation.unallocated_hours,
        {{ is_latest('capacity') }} as is_latest,
        parameters.method_version
    from capacity
    cross join parameters
    left join allocation on capacity.planned_date = allocation.as_of_date
)

select * from final
