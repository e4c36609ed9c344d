-- One row per as-of date and customer id that anything may name (legal entities, pure group nodes, merged ids), with the survivor
-- of its merges, how many merges it is away, and the id it hung below, as they were valid and known then.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

customers as (
    select dates.as_of_date, customers.customer_id
    from dates
    inner join {{ ref('stg_erp__customers') }} as customers on {{ is_known('customers', 'dates') }}
),

-- One parent each: of several links that are valid at once the latest counts.
parents as (
    select as_of_date, customer_id, parent_id
    from (
        select
            dates.as_of_date,
            parents.customer_id,
            parents.parent_id,
            row_number() over (
                partition by dates.as_of_date, parents.customer_id
                order by parents.valid_from desc, parents.parent_id desc
            ) as position
        from dates
        inner join {{ ref('stg_erp__customer_parents') }} as parents
            on
                {{ is_known('parents', 'dates') }}
                and parents.valid_from <= dates.as_of_date
                and (parents.valid_to is null or parents.valid_to >= dates.as_of_date)
    ) as ranked
    where position = 1 and parent_id <> customer_id
),

id_changes as (
    select dates.as_of_date, changes.old_customer_id as customer_id, changes.customer_id as survivor_customer_id
    from dates
    inner join {{ ref('stg_erp__customer_id_changes') }} as changes
        on {{ is_known('changes', 'dates') }} and changes.valid_from <= dates.as_of_date
),

every_id as (
    select as_of_date, customer_id from customers
    union
    select as_of_date, customer_id from parents
    union
    select as_of_date, parent_id as customer_id from parents
    union
    select as_of_date, customer_id from id_changes
    union
    select as_of_date, survivor_customer_id as customer_id from id_changes
),

-- Eleven steps are one more than the method allows: whoever still has a next one stands in a cycle or too deep.
mergers as (
    {{ reached_over_links('every_id', 'id_changes', 'survivor_customer_id', 'survivor_customer_id', 'steps') }}
),

survivors as (
    select as_of_date, customer_id, survivor_customer_id, steps
    from (
        select
            mergers.*,
            row_number() over (partition by as_of_date, customer_id order by steps desc, survivor_customer_id) as position
        from mergers
    ) as ranked
    where position = 1
),

-- A link to a merged id leads to its survivor.
linked as (
    select
        survivors.as_of_date,
        survivors.customer_id,
        survivors.survivor_customer_id,
        survivors.steps as merge_steps,
        nullif(parent_survivors.survivor_customer_id, survivors.customer_id) as parent_id
    from survivors
    left join parents
        on
            survivors.as_of_date = parents.as_of_date
            and survivors.customer_id = parents.customer_id
    left join survivors as parent_survivors
        on
            parents.as_of_date = parent_survivors.as_of_date
            and parents.parent_id = parent_survivors.customer_id
)

select * from linked
