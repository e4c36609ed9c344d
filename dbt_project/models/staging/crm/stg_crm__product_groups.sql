-- One row per product group that the CRM writes otherwise than the ERP (case, umlauts), with the ERP's spelling.
with

erp as (
    select distinct product_group from {{ source('erp', 'invoice_lines') }}
    where product_group is not null
    union
    select distinct product_group from {{ source('erp', 'products') }}
    where product_group is not null
),

crm as (
    select distinct product_group from {{ source('crm', 'potential_estimates') }}
    where product_group is not null
    union
    select distinct product_group from {{ source('crm', 'opportunities') }}
    where product_group is not null
),

-- What one side itself tells apart by its letters stays apart.
erp_alone as (
    select
        lower(product_group) as spelled_alike,
        min(product_group) as product_group
    from erp
    group by lower(product_group)
    having count(*) = 1
),

crm_alone as (
    select
        lower(product_group) as spelled_alike,
        min(product_group) as crm_spelling
    from crm
    group by lower(product_group)
    having count(*) = 1
),

final as (
    select
        crm_alone.crm_spelling,
        erp_alone.product_group
    from crm_alone
    inner join erp_alone on crm_alone.spelled_alike = erp_alone.spelled_alike
    where crm_alone.crm_spelling <> erp_alone.product_group
)

select * from final
