-- One row per as-of date, campaign and scored parent assigned to it, treated or as a control. Of a parent whose accounts are both, the
-- treatment counts; a control that any campaign treated within the compared months compares with nothing.
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

activities as (
    select * from {{ ref('int_campaigns__activities') }}
),

assigned as (
    select
        campaigns.as_of_date,
        campaigns.campaign_id,
        accounts.ultimate_parent_id,
        parents.relationship_type,
        min(case when members.is_control then 1 else 0 end) = 1 as is_control,
        {{ whole('count(*)') }} as member_accounts
    from campaigns
    inner join {{ ref('stg_crm__campaign_members') }} as members
        on
            campaigns.campaign_id = members.campaign_id
            and {{ is_known('members', 'campaigns') }}
    inner join accounts
        on
            campaigns.as_of_date = accounts.as_of_date
            and members.account_id = accounts.account_id
    inner join parents
        on
            accounts.as_of_date = parents.as_of_date
            and accounts.ultimate_parent_id = parents.ultimate_parent_id
    group by campaigns.as_of_date, campaigns.campaign_id, accounts.ultimate_parent_id, parents.relationship_type
),

-- Whoever got a campaign's visits was treated, whatever the list says.
treatments as (
    select as_of_date, campaign_id, ultimate_parent_id from assigned
    where not is_control
    union
    select as_of_date, campaign_id, ultimate_parent_id from activities
),

disturbed as (
    select distinct
        assigned.as_of_date,
        assigned.campaign_id,
        assigned.ultimate_parent_id
    from assigned
    inner join campaigns
        on
            assigned.as_of_date = campaigns.as_of_date
            and assigned.campaign_id = campaigns.campaign_id
    inner join treatments
        on
            assigned.as_of_date = treatments.as_of_date
            and assigned.ultimate_parent_id = treatments.ultimate_parent_id
    inner join campaigns as others
        on
            treatments.as_of_date = others.as_of_date
            and treatments.campaign_id = others.campaign_id
            and others.starts_on < greatest(campaigns.post_before, {{ add_months('campaigns.post_from', 1) }})
            and others.ends_on >= campaigns.pre_from
    where assigned.is_control
),

judged as (
    select
        assigned.as_of_date,
        assigned.campaign_id,
        assigned.ultimate_parent_id,
        assigned.relationship_type,
        assigned.is_control,
        assigned.member_accounts,
        disturbed.ultimate_parent_id is not null as is_excluded_control,
        case
            when assigned.relationship_type <> 'customer' then null
            when not assigned.is_control then 'treated'
            when disturbed.ultimate_parent_id is null then 'control'
        end as arm,
        coalesce(activities.campaign_activities, 0) as campaign_activities
    from assigned
    left join disturbed
        on
            assigned.as_of_date = disturbed.as_of_date
            and assigned.campaign_id = disturbed.campaign_id
            and assigned.ultimate_parent_id = disturbed.ultimate_parent_id
    left join activities
        on
            assigned.as_of_date = activities.as_of_date
            and assigned.campaign_id = activities.campaign_id
            and assigned.ultimate_parent_id = activities.ultimate_parent_id
)

select * from judged
