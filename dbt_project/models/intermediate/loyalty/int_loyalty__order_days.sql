-- One row per time of knowledge, customer id, order date and first month in which it counts: orders, else invoices with a positive net
-- amount (METHOD 1.12).
with

basis as (
    select * from {{ ref('int_loyalty__order_basis') }}
),

knowledge as (
    select distinct known_at from {{ ref('stg_control__as_of_dates') }}
),

ordered as (
    select distinct
        knowledge.known_at,
        orders.customer_id,
        orders.order_date
    from knowledge
    inner join {{ ref('stg_erp__orders') }} as orders on {{ is_known('orders', 'knowledge') }}
    cross join basis
    where basis.order_basis = 'orders'
),

invoice_months as (
    select
        knowledge.known_at,
        lines.company_id,
        lines.invoice_id,
        lines.customer_id,
        {{ month_start('lines.posting_date') }} as month_start,
        min(lines.posting_date) as first_posting_date,
        sum(lines.gross_list_amount - coalesce(lines.revenue_deductions, 0)) as net_amount
    from knowledge
    inner join {{ ref('stg_erp__invoice_lines') }} as lines on {{ is_known('lines', 'knowledge') }}
    cross join basis
    where basis.order_basis = 'invoices' and lines.doc_type = 'invoice'
    group by
        knowledge.known_at, lines.company_id, lines.invoice_id, lines.customer_id, {{ month_start('lines.posting_date') }}
),

-- Nearly all invoices are posted within one month. Of the others, every month end sees the lines up to it.
invoices_so_far as (
    select
        known_at,
        customer_id,
        min(first_posting_date) over (
            partition by known_at, company_id, invoice_id, customer_id order by month_start
            rows between unbounded preceding and current row
        ) as order_date,
        sum(net_amount) over (
            partition by known_at, company_id, invoice_id, customer_id order by month_start
            rows between unbounded preceding and current row
        ) as net_amount,
        month_start as counts_from,
        lead(month_start) over (partition by known_at, company_id, invoice_id, customer_id order by month_start) as counts_to
    from invoice_months
),

-- Of two invoices of a day the one that counts longer.
invoiced as (
    select
        known_at,
        customer_id,
        order_date,
        counts_from,
        case when count(counts_to) = count(*) then max(counts_to) end as counts_to
    from invoices_so_far
    where net_amount > 0
    group by known_at, customer_id, order_date, counts_from
),

order_days as (
    select known_at, customer_id, order_date, order_date as counts_from, cast(null as date) as counts_to from ordered
    union all
    select known_at, customer_id, order_date, counts_from, counts_to from invoiced
)

select * from order_days
