-- One row per company: its only legal entity, NULL where it has several. A pool or a row in quarantine that names none has this one; of several,
-- nobody knows which.
with

companies as (
    select distinct company_id from {{ ref('int_contribution__lines_by_month') }}
    union
    select distinct company_id from {{ ref('int_contribution__direct_costs') }}
    union
    select distinct company_id from {{ ref('stg_erp__ledger_totals') }}
),

only_company as (
    select case when count(*) = 1 then max(company_id) end as company_id
    from companies
    where company_id is not null
)

select * from only_company
