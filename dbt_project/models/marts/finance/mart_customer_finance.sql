-- One row per as-of date and score object: how it pays, what it may owe, and which prices it gets.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

payment as (
    select * from {{ ref('int_finance__payment') }}
),

credit as (
    select * from {{ ref('int_finance__credit') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.credit_index,
        credit.credit_limit,
        credit.open_amount,
        credit.credit_limit_utilisation_ratio,
        parents.payment_terms_days,
        coalesce(payment.items_due, 0) as items_due,
        payment.weighted_days_beyond_terms,
        payment.payment_deviation_days,
        coalesce(payment.is_payment_low_n, true) as is_payment_low_n,
        payment.overdue_amount,
        payment.overdue_days_max,
        contributions.price_realisation_ratio,
        contributions.discount_rate_ratio,
        case when contributions.net_revenue > 0 then {{ ratio(exact_div('contributions.promotion_net_revenue', 'contributions.net_revenue')) }} end as promotion_share_ratio,
        parents.insolvent_from,
        parents.blocked_from,
        {{ portfolio_key('parents') }} as portfolio_key,
        {{ is_latest('parents') }} as is_latest,
        parameters.method_version
    from parents
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    cross join parameters
    left join payment
        on
            parents.as_of_date = payment.as_of_date
            and parents.ultimate_parent_id = payment.ultimate_parent_id
    left join credit
        on
            parents.as_of_date = credit.as_of_date
            and parents.ultimate_parent_id = credit.ultimate_parent_id
)

select * from final
