-- The product groups of a customer, those with most to win first, as its whole sheet shows them.
with

ranked as (
    select
        detailed.detail_number,
        wallet.product_group,
        wallet.annual_demand,
        wallet.net_revenue,
        wallet.sow_capped_ratio,
        case when portfolio.open_gap is not null then wallet.achievable_gap end as achievable_gap,
        coalesce(portfolio.open_gap is not null and wallet.is_next_best_product_group, false) as is_next,
        row_number() over (
            partition by detailed.detail_number
            order by wallet.achievable_gap desc nulls last, wallet.net_revenue desc nulls last, wallet.product_group
        ) as place,
    from detailed
    inner join portfolio using (ultimate_parent_id)
    inner join mart_share_of_wallet as wallet
        on
            portfolio.as_of_date = wallet.as_of_date
            and portfolio.ultimate_parent_id = wallet.ultimate_parent_id
)

select * exclude (place)
from ranked
where place <= (select grid_groups from limits)
order by detail_number, place
