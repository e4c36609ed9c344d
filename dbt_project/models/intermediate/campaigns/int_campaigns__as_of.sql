-- One row per as-of date and campaign known then: how far it is, what kind of focus it has, and which months before and after its
-- start are compared.
{#
    The month a campaign starts in is the first one after; the months before are the same calendar months of the year before, so
    that both sides have the same season, also while fewer than twelve months have passed.
#}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

criteria as (
    select * from {{ ref('stg_settings__scorecard_criteria') }}
    where scorecard = 'customer'
),

foci as (
    select
        criterion_id,
        max(case when axis = 'attractiveness' then 1 else 0 end) = 1 as is_attractiveness,
        max(case when measure in ('achievable_gap', 'sow_capped_ratio') then 1 else 0 end) = 1 as is_wallet,
        max(name_en) as name_en,
        max(name_de) as name_de
    from criteria
    group by criterion_id
),

-- A year that is delivered only in part would make the months after look like growth.
delivered_from as (
    select
        dates.as_of_date,
        min(lines.month_start) as first_month
    from dates
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'dates') }}
    group by dates.as_of_date
),

known as (
    select
        dates.as_of_date,
        dates.known_at,
        campaigns.campaign_id,
        campaigns.name as campaign_name,
        campaigns.quarter as campaign_quarter,
        campaigns.focus_criterion_id,
        campaigns.starts_on,
        campaigns.ends_on,
        {{ month_start('campaigns.starts_on') }} as post_from,
        {{ add_months(month_start('campaigns.starts_on'), -12) }} as pre_from,
        least(12, greatest(
            0,
            (extract(year from dates.as_of_date) - extract(year from campaigns.starts_on)) * 12
            + extract(month from dates.as_of_date) - extract(month from campaigns.starts_on) + 1
        )) as months_compared
    from dates
    inner join {{ ref('stg_crm__campaigns') }} as campaigns on {{ is_known('campaigns', 'dates') }}
),

described as (
    select
        known.as_of_date,
        known.known_at,
        known.campaign_id,
        known.campaign_name,
        known.campaign_quarter,
        known.focus_criterion_id,
        foci.criterion_id is not null as is_focus_known,
        coalesce(foci.is_attractiveness, false) as is_focus_attractiveness,
        coalesce(foci.is_wallet, false) as is_focus_wallet,
        foci.name_en as focus_name_en,
        foci.name_de as focus_name_de,
        known.starts_on,
        known.ends_on,
        case
            when known.as_of_date < known.starts_on then 'planned'
            when known.as_of_date <= known.ends_on then 'running'
            else 'ended'
        end as campaign_phase,
        known.pre_from,
        known.post_from,
        {{ whole('known.months_compared') }} as months_compared,
        {{ add_months('known.pre_from', 'known.months_compared') }} as pre_before,
        {{ add_months('known.post_from', 'known.months_compared') }} as post_before,
        coalesce(delivered_from.first_month <= known.pre_from, false) as is_pre_delivered
    from known
    left join foci on known.focus_criterion_id = foci.criterion_id
    left join delivered_from on known.as_of_date = delivered_from.as_of_date
)

select * from described
