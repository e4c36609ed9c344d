-- One row per as-of date and customer parent: credit limits and what is open against them. A limit is stated in its entity's
-- currency; only limits in the reporting currency are added, the others leave the sum unknown rather than wrong.
with

customers as (
    {{ of_shown_dates(ref('int_customers__as_of')) }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

limits as (
    select
        customers.as_of_date,
        customers.ultimate_parent_id,
        sum(customers.credit_limit) as credit_limit,
        count_if(customers.credit_limit is not null and customers.currency_code <> parameters.reporting_currency) as foreign_limits
    from customers
    cross join parameters
    where customers.customer_id = customers.survivor_customer_id
    group by customers.as_of_date, customers.ultimate_parent_id
),

open_amounts as (
    select
        as_of_date,
        ultimate_parent_id,
        sum(open_amount) as open_amount
    from {{ ref('int_finance__receivables') }}
    group by as_of_date, ultimate_parent_id
),

measured as (
    select
        limits.as_of_date,
        limits.ultimate_parent_id,
        case when limits.foreign_limits = 0 then {{ money('limits.credit_limit') }} end as credit_limit,
        {{ money('open_amounts.open_amount') }} as open_amount,
        case
            when limits.foreign_limits = 0 and limits.credit_limit > 0
                then {{ ratio(exact_div('open_amounts.open_amount', 'limits.credit_limit')) }}
        end as credit_limit_utilisation_ratio
    from limits
    left join open_amounts
        on
            limits.as_of_date = open_amounts.as_of_date
            and limits.ultimate_parent_id = open_amounts.ultimate_parent_id
)

select * from measured
