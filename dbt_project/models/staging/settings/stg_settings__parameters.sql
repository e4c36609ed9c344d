-- One row per method (the one row of scalar parameters), from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'parameters') }}
),

renamed as (
    select
        reporting_currency,
        method_version,
        zone_threshold,
        hysteresis_band,
        min_coverage_weight,
        stale_after_days,
        contradiction_factor,
        new_customer_tenure_years_below,
        new_customer_min_invoices,
        abc_a_share,
        abc_b_share,
        type_threshold,
        churn_recency_ratio_above,
        weak_credit_index_from,
        decline_cagr_below,
        value_weight_contribution,
        value_weight_potential,
        value_weight_attractiveness,
        loyalty_churn_penalty_levels,
        missing_level,
        fx_max_age_days,
        default_achievable_share,
        low_payment_items_below,
        min_logged_capacity_ratio,
        max_imputed_revenue_ratio,
        small_standard_visits,
        small_hours_per_visit,
        small_inside_hours,
        small_target_contribution_3_ratio,
        field_pool,
        inside_pool,
        backdated_after_days,
        sensitivity_weight_shift_points,
        rating_due_after_periods,
        lapsed_after_months,
        repeat_min_gaps,
        handover_notice_days,
        sales_input_detail,
        privacy_min_group_size,
        privacy_max_share,
        campaign_min_members_per_arm,
        campaign_programmes_per_year,
        claims_small_sample_below
    from settings
)

select * from renamed
