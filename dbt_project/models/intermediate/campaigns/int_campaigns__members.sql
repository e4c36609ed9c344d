-- One row per as-of date, campaign and scored parent assigned to it, treated or as a control: accounts of one parent are one member. A
-- parent whose accounts are in both arms is in neither (METHOD 1.14).
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
        max(case when members.is_control then 1 else 0 end) > min(case when members.is_control then 1 else 0 end) as is_in_both_arms,
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

judged as (
    select
        assigned.as_of_date,
        assigned.campaign_id,
        assigned.ultimate_parent_id,
        assigned.relationship_type,
        assigned.is_control,
        assigned.is_in_both_arms,
        assigned.member_accounts,
        case
            when assigned.is_in_both_arms then null
            when assigned.is_control then 'control'
            else 'treated'
        end as arm,
        coalesce(activities.campaign_activities, 0) as campaign_activities
    from assigned
    left join activities
        on
            assigned.as_of_date = activities.as_of_date
            and assigned.campaign_id = activities.campaign_id
            and assigned.ultimate_parent_id = activities.ultimate_parent_id
)

select * from judged
