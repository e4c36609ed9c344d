-- Whom the page can be searched for: who has a card, then the largest, as many as the page may hold. The largest stand first.
create temp table everybody as
with

by_size as (
    select
        portfolio.ultimate_parent_id,
        row_number() over (
            order by portfolio.net_revenue desc nulls last, portfolio.open_gap desc nulls last, portfolio.ultimate_parent_id
        ) as size_rank,
        row_number() over (
            order by
                detailed.detail_number is null,
                portfolio.net_revenue desc nulls last,
                portfolio.open_gap desc nulls last,
                portfolio.ultimate_parent_id
        ) as held_rank,
    from portfolio
    left join detailed using (ultimate_parent_id)
)

select
    ultimate_parent_id,
    row_number() over (order by size_rank) - 1 as place,
from by_size
where held_rank <= (select everybody from limits);
