-- One row per as-of date and score object: how long, how regularly and how growingly it buys.
with

loyalty as (
    {{ of_shown_dates(ref('int_loyalty__parent')) }}
),

growth as (
    select * from {{ ref('int_loyalty__growth') }}
),

repeats as (
    select * from {{ ref('int_loyalty__repeat') }}
),

pipeline as (
    select * from {{ ref('int_loyalty__pipeline') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        loyalty.as_of_date,
        loyalty.ultimate_parent_id,
        loyalty.customer_since,
        loyalty.tenure_years,
        loyalty.is_tenure_censored,
        loyalty.loyalty_level,
        loyalty.order_basis,
        loyalty.last_order_date,
        loyalty.days_since_last_order,
        loyalty.order_date_count,
        loyalty.interval_count,
        loyalty.median_interval_days,
        loyalty.recency_ratio,
        loyalty.churn_risk,
        loyalty.interval_cv_squared,
        loyalty.order_regularity,
        repeats.repeat_probability,
        repeats.repeat_n as repeat_gap_count,
        repeats.repeat_n,
        repeats.repeat_k,
        repeats.repeat_class,
        repeats.repeat_base_rate,
        repeats.repeat_base_n,
        repeats.repeat_base_k,
        loyalty.orders_in_window,
        loyalty.order_change_ratio,
        loyalty.order_error_ratio,
        pipeline.open_pipeline,
        pipeline.open_opportunities,
        growth.prior_net_revenue,
        growth.base_net_revenue,
        growth.revenue_cagr_3y,
        growth.revenue_yoy,
        {{ portfolio_key('loyalty') }} as portfolio_key,
        {{ is_latest('loyalty') }} as is_latest,
        parameters.method_version
    from loyalty
    cross join parameters
    left join growth
        on
            loyalty.as_of_date = growth.as_of_date
            and loyalty.ultimate_parent_id = growth.ultimate_parent_id
    left join repeats
        on
            loyalty.as_of_date = repeats.as_of_date
            and loyalty.ultimate_parent_id = repeats.ultimate_parent_id
    left join pipeline
        on
            loyalty.as_of_date = pipeline.as_of_date
            and loyalty.ultimate_parent_id = pipeline.ultimate_parent_id
)

select * from final
