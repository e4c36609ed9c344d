-- One row per version of an invoice line, in the reporting currency. An advance payment is no revenue: its net is advance_amount.
{{ config(materialized='view') }}
with

lines as (
    select * from {{ ref('stg_erp__invoice_lines') }}
),

-- The newest version delivered, also of a product that later deliveries dropped: its lines keep their group.
products as (
    select product_id, product_group
    from (
        select
            product_id,
            product_group,
            row_number() over (partition by product_id order by known_from desc) as position
        from {{ ref('stg_erp__products') }}
    ) as versions
    where position = 1
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

converted as (
    select
        lines.company_id,
        lines.invoice_id,
        lines.line_no,
        lines.doc_type,
        lines.posting_date,
        {{ month_start('lines.posting_date') }} as month_start,
        lines.customer_id,
        coalesce(lines.product_group, products.product_group, 'unknown') as product_group,
        lines.currency_code,
        {{ converted_line_amounts() }},
        lines.doc_type <> 'advance' and lines.cogs is not null as is_cogs_delivered,
        -- A credit note without cost of goods brought no goods back, and an advance payment sold none.
        lines.cogs is null and lines.doc_type not in ('credit_note', 'advance') as is_cogs_missing,
        lines.has_deductions,
        coalesce(lines.is_promotion, false) as is_promotion,
        lines.reference_invoice_id,
        lines.file_name,
        lines.line_number,
        lines.known_from,
        lines.known_to
    from lines
    cross join parameters
    {{ join_rates_of_lines() }}
    left join products on lines.product_id = products.product_id
),

final as (
    select
        company_id,
        invoice_id,
        line_no,
        doc_type,
        posting_date,
        month_start,
        customer_id,
        product_group,
        currency_code,
        {%- for amount in ['gross_list_revenue', 'revenue_deductions', 'cogs'] %}
        case when doc_type = 'advance' then cast(0 as decimal(18, 2)) else {{ amount }} end as {{ amount }},
        {%- endfor %}
        case when doc_type = 'advance' then gross_list_revenue - revenue_deductions else 0 end as advance_amount,
        is_cogs_delivered,
        is_cogs_missing,
        has_deductions,
        is_promotion,
        reference_invoice_id,
        file_name,
        line_number,
        known_from,
        known_to
    from converted
)

select * from final
