-- Who is drawn where somebody else is drawn too, to the point: circles there lie on one another.
create temp table overlapping as
with

places as (
    select
        detailed.detail_number,
        drawn.drawn_number,
        round(portfolio.potential_score)::integer as potential,
        round(portfolio.attractiveness_score)::integer as attractiveness,
        abs(coalesce(portfolio.customer_contribution, portfolio.net_revenue)) as area,
    from drawn
    inner join detailed using (ultimate_parent_id)
    inner join portfolio using (ultimate_parent_id)
),

shared as (
    select
        potential,
        attractiveness,
        row_number() over (order by sum(area) desc nulls last, potential, attractiveness) as place,
    from places
    group by potential, attractiveness
    having count(*) > 1
)

select
    shared.place,
    places.detail_number,
    potential,
    attractiveness,
    row_number() over (order by shared.place, places.drawn_number) as position,
from places
inner join shared using (potential, attractiveness);
