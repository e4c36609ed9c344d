-- One row per as-of date, own legal entity and customer with something open: what it owes us, by how late it is. One with nothing open
-- has no row.
with

receivables as (
    select * from {{ ref('int_finance__receivables') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where {{ is_shown() }}
),

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        receivables.as_of_date,
        receivables.company_id as open_company_id,
        receivables.ultimate_parent_id,
        coalesce(parents.customer_name, receivables.ultimate_parent_id) as customer_name,
        parents.relationship_type,
        receivables.open_items,
        receivables.open_amount,
        receivables.not_due_amount,
        receivables.overdue_amount,
        receivables.overdue_30_amount,
        receivables.overdue_60_amount,
        receivables.overdue_90_amount,
        receivables.overdue_later_amount,
        receivables.overdue_days_max as oldest_overdue_days,
        receivables.disputed_amount,
        receivables.open_credit_amount,
        dates.is_latest,
        parameters.reporting_currency,
        parameters.method_version
    from receivables
    inner join dates on receivables.as_of_date = dates.as_of_date
    cross join parameters
    left join parents
        on
            receivables.as_of_date = parents.as_of_date
            and receivables.ultimate_parent_id = parents.ultimate_parent_id
)

select * from final
