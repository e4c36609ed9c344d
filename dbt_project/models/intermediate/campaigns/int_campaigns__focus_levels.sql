-- One row per as-of date, campaign and scored parent assigned to it: the level of the campaign's focus criterion when it started and at
-- the as-of date, where each is known.
{#
    A rating of the start is read from the ratings themselves, by the rule of macros/ratings.sql: no as-of date of this run need lie there. A computed level is known only where one does.
#}
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

members as (
    select * from {{ ref('int_campaigns__members') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

rated_now as (
    select * from {{ ref('int_scores__rating_levels') }}
),

computed as (
    select
        as_of_date,
        ultimate_parent_id,
        criterion_id,
        max(level) as level
    from {{ ref('int_scores__levels') }}
    where method <> 'rating' and not is_imputed
    group by as_of_date, ultimate_parent_id, criterion_id
),

ratings_at_start as (
    select
        members.as_of_date,
        members.campaign_id,
        members.ultimate_parent_id,
        ratings.rater_key,
        coalesce(ratings.rated_by, 'staff') as rated_by,
        ratings.level,
        ratings.valid_from,
        {{ rating_position(['members.as_of_date', 'members.campaign_id']) }} as position
    from members
    inner join campaigns
        on
            members.as_of_date = campaigns.as_of_date
            and members.campaign_id = campaigns.campaign_id
    inner join accounts
        on
            members.as_of_date = accounts.as_of_date
            and members.ultimate_parent_id = accounts.ultimate_parent_id
    inner join {{ ref('stg_crm__ratings') }} as ratings
        on
            accounts.account_id = ratings.account_id
            and campaigns.focus_criterion_id = ratings.criterion_id
            and {{ is_known('ratings', 'campaigns') }}
            and ratings.valid_from <= campaigns.starts_on
            and ratings.valid_from <= campaigns.as_of_date
),

in_use_at_start as (
    select * from ratings_at_start
    where position = 1 and level is not null
),

rated_before as (
    {{ mean_over_raters('in_use_at_start', ['as_of_date', 'campaign_id', 'ultimate_parent_id']) }}
),

computed_before as (
    select as_of_date, campaign_id, ultimate_parent_id, level
    from (
        select
            members.as_of_date,
            members.campaign_id,
            members.ultimate_parent_id,
            computed.level,
            row_number() over (
                partition by members.as_of_date, members.campaign_id, members.ultimate_parent_id
                order by computed.as_of_date desc
            ) as position
        from members
        inner join campaigns
            on
                members.as_of_date = campaigns.as_of_date
                and members.campaign_id = campaigns.campaign_id
        inner join computed
            on
                members.ultimate_parent_id = computed.ultimate_parent_id
                and campaigns.focus_criterion_id = computed.criterion_id
                and computed.as_of_date <= campaigns.starts_on
                and computed.as_of_date <= campaigns.as_of_date
    ) as ranked
    where position = 1
),

final as (
    select
        members.as_of_date,
        members.campaign_id,
        members.ultimate_parent_id,
        members.arm,
        case
            when campaigns.campaign_phase <> 'planned'
                then cast(coalesce(rated_before.level, computed_before.level) as decimal(38, 10))
        end as focus_level_before,
        cast(coalesce(rated_now.level, computed.level) as decimal(38, 10)) as focus_level_now
    from members
    inner join campaigns
        on
            members.as_of_date = campaigns.as_of_date
            and members.campaign_id = campaigns.campaign_id
    left join rated_before
        on
            members.as_of_date = rated_before.as_of_date
            and members.campaign_id = rated_before.campaign_id
            and members.ultimate_parent_id = rated_before.ultimate_parent_id
    left join computed_before
        on
            members.as_of_date = computed_before.as_of_date
            and members.campaign_id = computed_before.campaign_id
            and members.ultimate_parent_id = computed_before.ultimate_parent_id
    left join rated_now
        on
            members.as_of_date = rated_now.as_of_date
            and members.ultimate_parent_id = rated_now.ultimate_parent_id
            and campaigns.focus_criterion_id = rated_now.criterion_id
    left join computed
        on
            members.as_of_date = computed.as_of_date
            and members.ultimate_parent_id = computed.ultimate_parent_id
            and campaigns.focus_criterion_id = computed.criterion_id
)

select * from final
