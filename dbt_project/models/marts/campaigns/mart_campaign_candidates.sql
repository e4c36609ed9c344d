-- One row per as-of date, campaign and customer that is a candidate for it or was assigned to it, with the evidence of the three kinds
-- of campaign. Beside the campaigns stands one list 'focus:' per attractiveness criterion: its candidates before there is a campaign.
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

candidates as (
    select * from {{ ref('int_campaigns__candidates') }}
),

members as (
    select * from {{ ref('int_campaigns__members') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

development as (
    select * from {{ ref('int_value__development') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

contacts as (
    select * from {{ ref('int_profile__contacts') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

pairs as (
    select as_of_date, campaign_id, ultimate_parent_id from candidates
    union
    select as_of_date, campaign_id, ultimate_parent_id from members
),

final as (
    select
        pairs.as_of_date,
        pairs.campaign_id,
        pairs.ultimate_parent_id,
        campaigns.campaign_id is null as is_focus_list,
        campaigns.campaign_name,
        campaigns.campaign_quarter,
        campaigns.campaign_phase,
        coalesce(campaigns.focus_criterion_id, candidates.focus_criterion_id) as focus_criterion_id,
        candidates.ultimate_parent_id is not null as is_candidate,
        candidates.candidate_rule,
        candidates.candidate_rank,
        members.ultimate_parent_id is not null as is_member,
        coalesce(members.is_control, false) as is_control,
        zones.zone,
        zones.zone_status,
        development.blocking_criterion_id,
        development.lost_points,
        development.points_to_protection,
        potential.potential_contribution,
        -- share of wallet
        potential.sow_capped_ratio,
        potential.achievable_gap,
        -- processes
        loyalty.orders_in_window,
        loyalty.order_change_ratio,
        loyalty.order_error_ratio,
        -- access to decision-makers
        contacts.contact_count,
        contacts.decider_contacts,
        contacts.decision_maker_access_level,
        contacts.role_coverage_ratio,
        {{ is_latest('pairs') }} as is_latest,
        parameters.method_version
    from pairs
    inner join zones
        on
            pairs.as_of_date = zones.as_of_date
            and pairs.ultimate_parent_id = zones.ultimate_parent_id
    inner join potential
        on
            pairs.as_of_date = potential.as_of_date
            and pairs.ultimate_parent_id = potential.ultimate_parent_id
    inner join loyalty
        on
            pairs.as_of_date = loyalty.as_of_date
            and pairs.ultimate_parent_id = loyalty.ultimate_parent_id
    cross join parameters
    left join campaigns
        on
            pairs.as_of_date = campaigns.as_of_date
            and pairs.campaign_id = campaigns.campaign_id
    left join candidates
        on
            pairs.as_of_date = candidates.as_of_date
            and pairs.campaign_id = candidates.campaign_id
            and pairs.ultimate_parent_id = candidates.ultimate_parent_id
    left join members
        on
            pairs.as_of_date = members.as_of_date
            and pairs.campaign_id = members.campaign_id
            and pairs.ultimate_parent_id = members.ultimate_parent_id
    left join development
        on
            pairs.as_of_date = development.as_of_date
            and pairs.ultimate_parent_id = development.ultimate_parent_id
    left join contacts
        on
            pairs.as_of_date = contacts.as_of_date
            and pairs.ultimate_parent_id = contacts.ultimate_parent_id
)

select * from final
