-- One row per as-of date, campaign and scored parent assigned to it: the level of the campaign's focus criterion on its first and on its
-- last day, where each is known and has come.
{#
    A rating is read from the ratings themselves, by the rule of macros/ratings.sql: no as-of date of this run need lie on that day.
    A computed level is that of the last judged month on or before it.
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

days as (
    select as_of_date, known_at, campaign_id, focus_criterion_id, 'start' as side, starts_on as day from campaigns
    where starts_on <= as_of_date
    union all
    select as_of_date, known_at, campaign_id, focus_criterion_id, 'end' as side, ends_on as day from campaigns
    where ends_on <= as_of_date
),

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

asked as (
    select
        members.as_of_date,
        members.campaign_id,
        members.ultimate_parent_id,
        dates.judged_from,
        days.known_at,
        days.focus_criterion_id,
        days.side,
        days.day
    from members
    inner join days
        on
            members.as_of_date = days.as_of_date
            and members.campaign_id = days.campaign_id
    inner join dates on members.as_of_date = dates.as_of_date
),

-- Of those alone who are asked for: the levels of all judged months are many.
computed as (
    select
        levels.as_of_date,
        levels.ultimate_parent_id,
        levels.criterion_id,
        max(levels.level) as level
    from {{ ref('int_scores__judged_levels') }} as levels
    inner join (select distinct ultimate_parent_id, focus_criterion_id from asked) as focused
        on
            levels.ultimate_parent_id = focused.ultimate_parent_id
            and levels.criterion_id = focused.focus_criterion_id
    where levels.method <> 'rating' and not levels.is_imputed
    group by levels.as_of_date, levels.ultimate_parent_id, levels.criterion_id
),

ratings_then as (
    select
        asked.as_of_date,
        asked.campaign_id,
        asked.side,
        asked.ultimate_parent_id,
        ratings.rater_key,
        coalesce(ratings.rated_by, 'staff') as rated_by,
        ratings.level,
        ratings.valid_from,
        {{ rating_position(['asked.as_of_date', 'asked.campaign_id', 'asked.side']) }} as position
    from asked
    inner join accounts
        on
            asked.as_of_date = accounts.as_of_date
            and asked.ultimate_parent_id = accounts.ultimate_parent_id
    inner join {{ ref('stg_crm__ratings') }} as ratings
        on
            accounts.account_id = ratings.account_id
            and asked.focus_criterion_id = ratings.criterion_id
            and {{ is_known('ratings', 'asked') }}
            and ratings.valid_from <= asked.day
),

in_use_then as (
    select * from ratings_then
    where position = 1 and level is not null
),

rated_then as (
    {{ mean_over_raters('in_use_then', ['as_of_date', 'campaign_id', 'side', 'ultimate_parent_id']) }}
),

computed_then as (
    select as_of_date, campaign_id, side, ultimate_parent_id, level
    from (
        select
            asked.as_of_date,
            asked.campaign_id,
            asked.side,
            asked.ultimate_parent_id,
            computed.level,
            row_number() over (
                partition by asked.as_of_date, asked.campaign_id, asked.side, asked.ultimate_parent_id
                order by computed.as_of_date desc
            ) as position
        from asked
        inner join computed
            on
                asked.ultimate_parent_id = computed.ultimate_parent_id
                and asked.focus_criterion_id = computed.criterion_id
                and computed.as_of_date <= asked.day
                and computed.as_of_date >= asked.judged_from
    ) as ranked
    where position = 1
),

levels as (
    select
        asked.as_of_date,
        asked.campaign_id,
        asked.ultimate_parent_id,
        asked.side,
        cast(coalesce(rated_then.level, computed_then.level) as decimal(18, 10)) as level
    from asked
    left join rated_then
        on
            asked.as_of_date = rated_then.as_of_date
            and asked.campaign_id = rated_then.campaign_id
            and asked.side = rated_then.side
            and asked.ultimate_parent_id = rated_then.ultimate_parent_id
    left join computed_then
        on
            asked.as_of_date = computed_then.as_of_date
            and asked.campaign_id = computed_then.campaign_id
            and asked.side = computed_then.side
            and asked.ultimate_parent_id = computed_then.ultimate_parent_id
),

final as (
    select
        members.as_of_date,
        members.campaign_id,
        members.ultimate_parent_id,
        members.arm,
        max(case when levels.side = 'start' then levels.level end) as focus_level_start,
        max(case when levels.side = 'end' then levels.level end) as focus_level_end
    from members
    left join levels
        on
            members.as_of_date = levels.as_of_date
            and members.campaign_id = levels.campaign_id
            and members.ultimate_parent_id = levels.ultimate_parent_id
    group by members.as_of_date, members.campaign_id, members.ultimate_parent_id, members.arm
)

select * from final
