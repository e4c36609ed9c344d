-- One row per shown as-of date and campaign known then: how far it is, what kind of focus it has, and which months its effect compares.
{#
    Contribution is monthly: the 12 calendar months before the month of the start and the 12 after the month of the end, whatever days they
    lie on; the pre-trend asks the same of the 12 months before those. Nothing is compared before the last of them is over (METHOD 1.14).
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
    select * from {{ ref('int_contribution__delivered_from') }}
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
        {{ add_months(month_start('campaigns.starts_on'), -24) }} as before_from,
        {{ add_months(month_start('campaigns.starts_on'), -12) }} as pre_from,
        {{ month_start('campaigns.starts_on') }} as pre_before,
        {{ add_months(month_start('campaigns.ends_on'), 1) }} as post_from,
        {{ add_months(month_start('campaigns.ends_on'), 13) }} as post_before,
        {{ quarter_text('dates.as_of_date') }} as current_quarter
    from dates
    inner join {{ ref('stg_crm__campaigns') }} as campaigns on {{ is_known('campaigns', 'dates') }}
),

phased as (
    select
        known.*,
        case
            when as_of_date < starts_on then 'planned'
            when as_of_date <= ends_on then 'running'
            when {{ add_days('as_of_date', 1) }} < post_before then 'waiting'
            else 'measured'
        end as phase
    from known
),

described as (
    select
        phased.as_of_date,
        phased.known_at,
        phased.campaign_id,
        phased.campaign_name,
        phased.campaign_quarter,
        phased.focus_criterion_id,
        foci.criterion_id is not null as is_focus_known,
        coalesce(foci.is_attractiveness, false) as is_focus_attractiveness,
        coalesce(foci.is_wallet, false) as is_focus_wallet,
        foci.name_en as focus_name_en,
        foci.name_de as focus_name_de,
        phased.starts_on,
        phased.ends_on,
        phased.phase,
        case when phased.phase in ('waiting', 'measured') then 'ended' else phased.phase end as campaign_phase,
        phased.before_from,
        phased.pre_from,
        phased.pre_before,
        phased.post_from,
        phased.post_before,
        {{ whole("case when phased.phase = 'measured' then 12 else 0 end") }} as months_compared,
        coalesce(delivered_from.first_month <= phased.pre_from, false) as is_pre_delivered,
        coalesce(delivered_from.first_month <= phased.before_from, false) as is_before_delivered,
        phased.campaign_quarter = phased.current_quarter as is_of_quarter,
        extract(year from phased.starts_on) = extract(year from phased.as_of_date) as is_of_year
    from phased
    left join foci on phased.focus_criterion_id = foci.criterion_id
    left join delivered_from on phased.as_of_date = delivered_from.as_of_date
)

select * from described
