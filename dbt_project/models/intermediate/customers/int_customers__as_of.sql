-- One row per as-of date and customer id that anything may name (legal entities, pure group nodes, merged ids), with the survivor
-- of its merges and the ultimate parent of its group as they were valid and known then.
with recursive

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

customers as (
    select dates.as_of_date, customers.*
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
    select dates.as_of_date, changes.old_customer_id, changes.customer_id
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
    select as_of_date, old_customer_id as customer_id from id_changes
    union
    select as_of_date, customer_id from id_changes
),

-- Eleven steps are one more than the method allows: whoever still has a next one stands in a cycle or too deep.
mergers (as_of_date, customer_id, survivor_customer_id, steps) as (
    select as_of_date, customer_id, customer_id as survivor_customer_id, 0 as steps
    from every_id
    union all
    select
        mergers.as_of_date,
        mergers.customer_id,
        id_changes.customer_id as survivor_customer_id,
        mergers.steps + 1 as steps
    from mergers
    inner join id_changes
        on
            mergers.as_of_date = id_changes.as_of_date
            and mergers.survivor_customer_id = id_changes.old_customer_id
    where mergers.steps < 11
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
links as (
    select
        parents.as_of_date,
        parents.customer_id,
        survivors.survivor_customer_id as parent_id
    from parents
    inner join survivors
        on
            parents.as_of_date = survivors.as_of_date
            and parents.parent_id = survivors.customer_id
    where parents.customer_id <> survivors.survivor_customer_id
),

climbs (as_of_date, customer_id, node_id, depth) as (
    select as_of_date, customer_id, customer_id as node_id, 0 as depth
    from every_id
    union all
    select
        climbs.as_of_date,
        climbs.customer_id,
        links.parent_id as node_id,
        climbs.depth + 1 as depth
    from climbs
    inner join links
        on
            climbs.as_of_date = links.as_of_date
            and climbs.node_id = links.customer_id
    where climbs.depth < 11
),

-- An own company above customers is not their ultimate parent: that is the highest of those below it.
tops as (
    select as_of_date, customer_id, ultimate_parent_id, depth
    from (
        select
            climbs.as_of_date,
            climbs.customer_id,
            climbs.node_id as ultimate_parent_id,
            max(climbs.depth) over (partition by climbs.as_of_date, climbs.customer_id) as depth,
            row_number() over (
                partition by climbs.as_of_date, climbs.customer_id
                order by
                    case when node_rows.relationship_type in ('intercompany', 'internal') then 1 else 0 end,
                    climbs.depth desc,
                    climbs.node_id
            ) as position
        from climbs
        left join customers as node_rows
            on
                climbs.as_of_date = node_rows.as_of_date
                and climbs.node_id = node_rows.customer_id
    ) as ranked
    where position = 1
),

resolved as (
    select
        survivors.as_of_date,
        survivors.customer_id,
        survivors.survivor_customer_id,
        -- An own company is never part of a customer's group, wherever it hangs (METHOD 1.1).
        case
            when coalesce(survivor_rows.relationship_type, customers.relationship_type) in ('intercompany', 'internal')
                then survivors.survivor_customer_id
            else tops.ultimate_parent_id
        end as ultimate_parent_id,
        survivors.steps as merge_steps,
        tops.depth as hierarchy_depth,
        customers.customer_id is not null as is_delivered,
        coalesce(survivor_rows.relationship_type, customers.relationship_type) as relationship_type,
        customers.customer_name,
        customers.currency_code,
        customers.country_code,
        customers.region,
        customers.postal_code,
        customers.industry_code,
        customers.legal_form,
        customers.first_invoice_date,
        customers.credit_index,
        customers.credit_limit,
        customers.payment_terms_days,
        customers.insolvent_from,
        customers.blocked_from,
        customers.is_key_account,
        customers.owner_rep_key
    from survivors
    inner join tops
        on
            survivors.as_of_date = tops.as_of_date
            and survivors.survivor_customer_id = tops.customer_id
    left join customers
        on
            survivors.as_of_date = customers.as_of_date
            and survivors.customer_id = customers.customer_id
    left join customers as survivor_rows
        on
            survivors.as_of_date = survivor_rows.as_of_date
            and survivors.survivor_customer_id = survivor_rows.customer_id
)

select * from resolved
