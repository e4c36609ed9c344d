-- One row per CRM account, ultimate parent and span of as-of dates in which it belonged to it without a break.
with

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

spans as (
    {{ parent_spans('accounts', 'account_id') }}
)

select * from spans
