-- What other weights would change: everybody with a score, the most money first, and how far each criterion is reached, exactly.
create temp table playground_all as
select
    portfolio.ultimate_parent_id,
    portfolio.customer_name,
    scored.scorecard,
    portfolio.raw_zone,
    portfolio.net_revenue,
    portfolio.customer_contribution,
    -- Too little knowledge leaves no zone, but for who is observed; whom the CRM disqualified stays so.
    case when portfolio.zone_status = 'observation' then 1 when portfolio.is_disqualified_lead then 2 else 0 end as judged_by,
    row_number() over (
        partition by scored.scorecard
        order by abs(customer_contribution) desc nulls last, net_revenue desc nulls last, portfolio.ultimate_parent_id
    ) as place,
from portfolio
inner join (
    select distinct ultimate_parent_id, scorecard
    from fct_criterion_score
    where as_of_date = (select as_of_date from page_date) and axis in ('potential', 'attractiveness')
) as scored using (ultimate_parent_id)
where
    portfolio.zone <> 'never_bought'
    -- An older version does not say which leads the CRM disqualified.
    and (portfolio.relationship_type = 'customer' or portfolio.is_disqualified_lead is not null);

create temp table playground as
select *
from playground_all
qualify row_number() over (
    order by abs(customer_contribution) desc nulls last, net_revenue desc nulls last, ultimate_parent_id
) <= (select playground from limits);

-- A level as the score has it: a rating is a mean, of which fct_criterion_score.level shows four places only.
create temp table playground_levels as
select
    playground.scorecard,
    playground.place,
    scores.axis,
    scores.criterion_id,
    scores.weight_points,
    case
        when scores.is_imputed then null
        else cast(case when scores.method = 'breakpoints' then scores.level else scores.raw_value end as decimal(18, 10)) * 10000000000
    end::bigint as level,
from fct_criterion_score as scores
inner join playground using (ultimate_parent_id)
where
    scores.as_of_date = (select as_of_date from page_date)
    and scores.axis in ('potential', 'attractiveness')
    and scores.scorecard = playground.scorecard;

create temp table playground_numbers as
select level, row_number() over (order by level) as number
from (select distinct level from playground_levels where level is not null);
