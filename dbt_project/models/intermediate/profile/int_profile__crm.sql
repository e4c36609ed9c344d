-- One row per as-of date and scored parent with CRM accounts: referrals, joint work, and whether it is treated in a campaign right now.
with

dates as (
    {{ dates_asked(['int_profile__crm']) }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

-- Of shown months only: no criterion stands on it.
campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
    where campaign_phase = 'running'
),

treated as (
    select distinct
        members.as_of_date,
        members.ultimate_parent_id
    from {{ ref('int_campaigns__members') }} as members
    inner join campaigns
        on
            members.as_of_date = campaigns.as_of_date
            and members.campaign_id = campaigns.campaign_id
    where not members.is_control
),

summed as (
    select
        accounts.as_of_date,
        accounts.ultimate_parent_id,
        {{ whole('sum(accounts.referrals)') }} as referrals,
        max(case when accounts.has_co_development then 1 when not accounts.has_co_development then 0 end) as co_development,
        max(case when accounts.has_co_marketing then 1 when not accounts.has_co_marketing then 0 end) as co_marketing
    from dates
    inner join accounts on dates.as_of_date = accounts.as_of_date
    inner join parents
        on
            accounts.as_of_date = parents.as_of_date
            and accounts.ultimate_parent_id = parents.ultimate_parent_id
    group by accounts.as_of_date, accounts.ultimate_parent_id
),

final as (
    select
        summed.as_of_date,
        summed.ultimate_parent_id,
        summed.referrals,
        summed.co_development = 1 as has_co_development,
        summed.co_marketing = 1 as has_co_marketing,
        -- as a measure: levels are found for numbers
        summed.co_development,
        summed.co_marketing,
        treated.ultimate_parent_id is not null as is_in_running_campaign
    from summed
    left join treated
        on
            summed.as_of_date = treated.as_of_date
            and summed.ultimate_parent_id = treated.ultimate_parent_id
)

select * from final
