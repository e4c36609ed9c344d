-- One row per company, customer id (NULL: no cost centre), cost type, month and span of knowledge, in the reporting currency.
with

direct_costs as (
    select * from {{ ref('stg_erp__direct_costs') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

converted as (
    select
        direct_costs.company_id,
        direct_costs.customer_id,
        direct_costs.cost_type,
        {{ month_start('direct_costs.posting_date') }} as month_start,
        direct_costs.known_from,
        direct_costs.known_to,
        {{ to_reporting('direct_costs.amount', 'direct_costs.currency_code') }} as amount
    from direct_costs
    cross join parameters
    left join rates
        on
            direct_costs.currency_code = rates.currency_code
            and direct_costs.posting_date = rates.needed_on
),

summed as (
    select
        company_id,
        customer_id,
        cost_type,
        month_start,
        known_from,
        known_to,
        {{ money('sum(amount)') }} as amount
    from converted
    group by company_id, customer_id, cost_type, month_start, known_from, known_to
)

select * from summed
