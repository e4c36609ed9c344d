-- A returned row is a score object whose gap is not the plain sum of its product groups' gaps, or has not exactly one next best group.
{{ config(meta={
    'decides': 'mart_share_of_wallet.achievable_gap sum',
    'what': 'the achievable gap of a customer is the sum over its product groups, and the largest one is its next best product group',
    'remedy': 'compare mart_share_of_wallet with achievable_gap in mart_portfolio',
}) }}
with

product_groups as (
    select
        as_of_date,
        ultimate_parent_id,
        sum(achievable_gap) as achievable_gap,
        sum(case when is_next_best_product_group then 1 else 0 end) as next_best_groups
    from {{ ref('mart_share_of_wallet') }}
    group by as_of_date, ultimate_parent_id
),

different as (
    select
        portfolio.as_of_date,
        portfolio.ultimate_parent_id,
        portfolio.achievable_gap,
        product_groups.achievable_gap as sum_of_product_groups,
        product_groups.next_best_groups
    from {{ ref('mart_portfolio') }} as portfolio
    left join product_groups
        on
            portfolio.as_of_date = product_groups.as_of_date
            and portfolio.ultimate_parent_id = product_groups.ultimate_parent_id
    where
        portfolio.achievable_gap is distinct from product_groups.achievable_gap
        or coalesce(product_groups.next_best_groups, 0) <> case when portfolio.achievable_gap > 0 then 1 else 0 end
)

select * from different
