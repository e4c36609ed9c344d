-- One row per as-of date, list and customer that stands on it as a candidate. A list is a campaign of the quarter, or 'focus:' and an
-- attractiveness criterion: who would be its candidates before there is a campaign (METHOD 1.14).
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
    where is_of_quarter
),

criteria as (
    select criterion_id from {{ ref('stg_settings__scorecard_criteria') }}
    where scorecard = 'customer' and axis = 'attractiveness'
),

dates as (
    select as_of_date from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
    where zone = 'development' and zone_status = 'confirmed'
),

development as (
    select * from {{ ref('int_value__development') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

lists as (
    select
        as_of_date,
        campaign_id,
        focus_criterion_id,
        -- Only an attractiveness criterion can block. A share-of-wallet campaign has no such focus: it goes for the gap itself.
        case when is_focus_wallet then 'untapped_potential' else 'blocking_criterion' end as candidate_rule
    from campaigns
    union all
    select
        dates.as_of_date,
        'focus:' || criteria.criterion_id as campaign_id,
        criteria.criterion_id as focus_criterion_id,
        'blocking_criterion' as candidate_rule
    from dates
    cross join criteria
),

developing as (
    select
        zones.as_of_date,
        zones.ultimate_parent_id,
        development.blocking_criterion_id,
        potential.achievable_gap,
        potential.potential_contribution
    from zones
    inner join development
        on
            zones.as_of_date = development.as_of_date
            and zones.ultimate_parent_id = development.ultimate_parent_id
    inner join potential
        on
            zones.as_of_date = potential.as_of_date
            and zones.ultimate_parent_id = potential.ultimate_parent_id
),

ranked as (
    select
        lists.as_of_date,
        lists.campaign_id,
        lists.focus_criterion_id,
        lists.candidate_rule,
        developing.ultimate_parent_id,
        {{ whole('row_number() over (
            partition by lists.as_of_date, lists.campaign_id
            order by developing.potential_contribution desc nulls last, developing.ultimate_parent_id
        )') }} as candidate_rank
    from lists
    inner join developing
        on
            lists.as_of_date = developing.as_of_date
            and (
                (lists.candidate_rule = 'blocking_criterion' and developing.blocking_criterion_id = lists.focus_criterion_id)
                or (lists.candidate_rule = 'untapped_potential' and developing.achievable_gap > 0)
            )
)

select * from ranked
