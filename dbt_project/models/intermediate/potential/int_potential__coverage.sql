-- One row per shown as-of date and customer: whether it is rated and its demand estimated, and in which order the others are asked so that the
-- fewest answers cover the most revenue (METHOD 1.21).
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer' and {{ is_shown() }}
),

statuses as (
    select * from {{ ref('int_customers__status') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

-- What people can still say of a customer; nothing is asked of whoever is under observation and rated as far as people can.
ratings as (
    select
        as_of_date,
        ultimate_parent_id,
        count_if(is_imputed or is_rating_stale) > 0 as is_rating_open
    from {{ ref('int_scores__levels') }}
    where method = 'rating' and {{ is_shown() }}
    group by as_of_date, ultimate_parent_id
),

-- A company that has no criterion for people to rate asks them for none.
rated_criteria as (
    select count(*) > 0 as has_rated_criteria
    from {{ ref('stg_settings__scorecard_criteria') }}
    where scorecard = 'customer' and axis in ('potential', 'attractiveness') and method = 'rating'
),

-- Ratings and estimates are of accounts. Where there is none at all there will be one for everybody, or nobody is ever asked.
with_accounts as (
    select
        as_of_date,
        sum(account_count) > 0 as has_accounts
    from parents
    group by as_of_date
),

known as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        greatest(coalesce(contributions.net_revenue, 0), 0) as revenue,
        statuses.customer_status not in ('blocked', 'never_bought') and (parents.account_count > 0 or not with_accounts.has_accounts) as is_askable,
        coalesce({{ is_rated('zones.zone_status') }}, false) as is_rated,
        rated_criteria.has_rated_criteria,
        rated_criteria.has_rated_criteria
        and (coalesce(zones.zone_status = 'unrated', false) or coalesce(ratings.is_rating_open, false)) as is_rating_open,
        {{ is_demand_usable('potential') }} as is_estimated
    from parents
    inner join statuses
        on
            parents.as_of_date = statuses.as_of_date
            and parents.ultimate_parent_id = statuses.ultimate_parent_id
    cross join rated_criteria
    inner join with_accounts on parents.as_of_date = with_accounts.as_of_date
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    left join potential
        on
            parents.as_of_date = potential.as_of_date
            and parents.ultimate_parent_id = potential.ultimate_parent_id
    left join zones
        on
            parents.as_of_date = zones.as_of_date
            and parents.ultimate_parent_id = zones.ultimate_parent_id
    left join ratings
        on
            parents.as_of_date = ratings.as_of_date
            and parents.ultimate_parent_id = ratings.ultimate_parent_id
),

-- Without revenue an answer covers nothing.
asked as (
    select
        *,
        is_askable and is_rating_open and not is_rated and revenue > 0 as is_to_rate,
        is_askable and not is_estimated and revenue > 0 as is_to_estimate
    from known
),

ordered as (
    select
        as_of_date,
        ultimate_parent_id,
        is_askable,
        has_rated_criteria,
        is_rated,
        is_estimated,
        is_to_rate,
        is_to_estimate,
        revenue,
        sum(revenue) over (partition by as_of_date) as all_revenue,
        sum(case when is_rated then revenue else 0 end) over (partition by as_of_date) as rated_revenue,
        sum(case when is_estimated then revenue else 0 end) over (partition by as_of_date) as estimated_revenue,
        sum(case when is_to_rate then 1 else 0 end) over (
            partition by as_of_date order by revenue desc, ultimate_parent_id rows between unbounded preceding and current row
        ) as rate_position,
        sum(case when is_to_rate then revenue else 0 end) over (
            partition by as_of_date order by revenue desc, ultimate_parent_id rows between unbounded preceding and current row
        ) as rate_revenue,
        sum(case when is_to_estimate then 1 else 0 end) over (
            partition by as_of_date order by revenue desc, ultimate_parent_id rows between unbounded preceding and current row
        ) as estimate_position,
        sum(case when is_to_estimate then revenue else 0 end) over (
            partition by as_of_date order by revenue desc, ultimate_parent_id rows between unbounded preceding and current row
        ) as estimate_revenue
    from asked
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        is_askable,
        is_rated,
        is_estimated,
        {{ money('all_revenue') }} as portfolio_revenue,
        {{ money('case when has_rated_criteria then rated_revenue end') }} as rated_revenue,
        {{ whole('case when is_to_rate then rate_position end') }} as rate_position,
        {{ money('case when is_to_rate then rated_revenue + rate_revenue - revenue end') }} as rated_revenue_before,
        case when is_to_rate then {{ ratio(exact_div('rated_revenue + rate_revenue', 'all_revenue')) }} end as rated_ratio_with,
        {{ money('estimated_revenue') }} as estimated_revenue,
        {{ whole('case when is_to_estimate then estimate_position end') }} as estimate_position,
        {{ money('case when is_to_estimate then estimated_revenue + estimate_revenue - revenue end') }} as estimated_revenue_before,
        case when is_to_estimate then {{ ratio(exact_div('estimated_revenue + estimate_revenue', 'all_revenue')) }} end as estimated_ratio_with
    from ordered
)

select * from final
