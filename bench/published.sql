-- What the product published, in the shape of the script's results (reference.sql), so that both are compared column by column.
-- Read by bench.equal, which replaces MARTS and FOLDER. Nothing is computed here: columns are renamed and rows of the date are taken.

copy (
    select
        customer_id,
        month(month_start)::utinyint as month,
        right(product_group, 2)::utinyint as product,
        gross_list_revenue,
        revenue_deductions,
        net_revenue,
        cogs,
        contribution_1
    from 'MARTS/fct_customer_contribution.parquet'
    where as_of_date = date '2025-12-31' and month_start >= date '2025-01-01'
) to 'FOLDER/customer_months.parquet';
copy (
    select
        ultimate_parent_id as parent_id,
        gross_list_revenue,
        revenue_deductions,
        portfolio.net_revenue,
        cogs,
        contribution_1,
        marketing_cost,
        contribution_2,
        sales_cost,
        contribution_3,
        service_logistics_cost,
        portfolio.contribution_4,
        contribution_4_margin_ratio,
        annual_demand,
        sow_raw_ratio,
        sow_capped_ratio,
        achievable_gap,
        potential_revenue,
        potential_contribution,
        revenue_cagr_3y,
        revenue_yoy,
        weighted_days_beyond_terms,
        potential_score,
        potential_score_low,
        potential_score_high,
        potential_coverage_points,
        attractiveness_score,
        attractiveness_score_low,
        attractiveness_score_high,
        attractiveness_coverage_points,
        zone,
        zone_status,
        contribution_score,
        customer_value_score,
        rank_customer_value,
        abc_class,
        whale_rank,
        cumulative_contribution,
        cumulative_contribution_ratio
    from 'MARTS/mart_portfolio.parquet' as portfolio
    left join 'MARTS/mart_loyalty_growth.parquet' as growth using (as_of_date, ultimate_parent_id)
    left join 'MARTS/mart_customer_finance.parquet' as finance using (as_of_date, ultimate_parent_id)
    left join 'MARTS/mart_whale_curve.parquet' as whale using (as_of_date, ultimate_parent_id)
    where as_of_date = date '2025-12-31' and relationship_type = 'customer'
) to 'FOLDER/customers.parquet';
copy (
    select ultimate_parent_id as parent_id, right(product_group, 2)::utinyint as product, wallet.annual_demand, wallet.net_revenue, wallet.achievable_gap, wallet.potential_revenue
    from 'MARTS/mart_share_of_wallet.parquet' as wallet
    inner join 'MARTS/mart_portfolio.parquet' as portfolio using (as_of_date, ultimate_parent_id)
    where as_of_date = date '2025-12-31' and relationship_type = 'customer'
) to 'FOLDER/wallet.parquet';
copy (
    select ultimate_parent_id as parent_id, axis, criterion_id, weight_points as weight, raw_value as measure, level, points, points_low, points_high
    from 'MARTS/fct_criterion_score.parquet'
    where as_of_date = date '2025-12-31' and scorecard = 'customer' and axis in ('potential', 'attractiveness')
) to 'FOLDER/criteria.parquet';
-- The ledger has costs as positive amounts, the mart as what they are to the result.
copy (
    select
        period,
        account_group,
        case when account_group = 'gross_list_revenue' then total else -total end as total,
        case when account_group = 'gross_list_revenue' then ledger else -ledger end as ledger,
        case when account_group = 'gross_list_revenue' then difference else -difference end as difference
    from 'MARTS/mart_reconciliation.parquet'
    where period between '2025-01' and '2025-12' and account_group not in ('field_sales_cost', 'inside_sales_cost')
) to 'FOLDER/reconciliation.parquet';
