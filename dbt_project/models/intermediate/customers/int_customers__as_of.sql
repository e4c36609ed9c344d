-- One row per as-of date and customer id that anything may name (legal entities, pure group nodes, merged ids), with the survivor
-- of its merges and the ultimate parent of its group as they were valid and known then.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

customers as (
    select dates.as_of_date, customers.*
    from dates
    inner join {{ ref('stg_erp__customers') }} as customers on {{ is_known('customers', 'dates') }}
),

survivors as (
    select * from {{ ref('int_customers__survivors') }}
),

links as (
    select as_of_date, customer_id, parent_id from survivors
    where parent_id is not null
),

-- Eleven steps are one more than the method allows: whoever still has a next one stands in a cycle or too deep.
climbs as (
    {{ reached_over_links('survivors', 'links', 'parent_id', 'node_id', 'depth') }}
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
        survivors.merge_steps,
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
