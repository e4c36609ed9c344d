-- A returned row is a capped share of wallet outside 0 to 1, a negative gap, or a share where no demand is estimated.
{{ config(meta={
    'decides': 'mart_share_of_wallet.sow_capped_ratio range',
    'what': 'capped shares of wallet lie within 0 and 1, gaps are never negative, and without an estimate there is no share at all',
    'remedy': 'look at the revenue and the estimates of this customer and product group in mart_share_of_wallet',
}) }}
with

shares as (
    select
        as_of_date, ultimate_parent_id, product_group, annual_demand, net_revenue, sow_raw_ratio, sow_capped_ratio, achievable_gap
    from {{ ref('mart_share_of_wallet') }}
    union all
    select
        as_of_date, ultimate_parent_id, '(all)' as product_group, annual_demand, net_revenue, sow_raw_ratio, sow_capped_ratio, achievable_gap
    from {{ ref('mart_portfolio') }}
)

select * from shares
where
    sow_capped_ratio < 0
    or sow_capped_ratio > 1
    or achievable_gap < 0
    or (annual_demand is null and (sow_raw_ratio is not null or sow_capped_ratio is not null or achievable_gap is not null))
    or (annual_demand > 0 and net_revenue is not null and sow_capped_ratio is null)
