-- One row per table the product can read: what its deliveries that count hold, how old they are, and what of them does not count. What the
-- checks and the waivers say of it stands with the checks.
{%- set delivery_age = days_between(company_day('batches.delivered_at'), company_day('dates.known_at')) %}
with

sources as (
    select * from {{ ref('stg_control__source_coverage') }}
),

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

batches as (
    select
        table_name,
        max(delivered_at) as delivered_at,
        {{ whole('sum(rows_in)') }} as rows_read,
        max(amount_column) as amount_column,
        {{ money('sum(amount_accepted)') }} as amount_used,
        {{ money('sum(amount_quarantined)') }} as amount_set_aside,
        {{ money('sum(amount_filtered)') }} as amount_filtered,
        {{ money('sum(amount_lost_in_mapping)') }} as amount_lost_in_mapping
    from {{ ref('stg_control__load_batches') }}
    where is_active
    group by table_name
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        sources.table_name as source_name,
        dates.as_of_date,
        sources.domain as source_system,
        sources.is_mapped,
        sources.is_delivered,
        batches.delivered_at as last_delivered_at,
        sources.data_from as first_data_date,
        sources.data_to as last_data_date,
        {{ delivery_age }} as delivery_age_days,
        sources.max_age_days as agreed_age_days,
        {{ delivery_age }} > sources.max_age_days as is_older_than_agreed,
        batches.rows_read,
        case when sources.is_delivered then sources.rows_accepted end as rows_used,
        case when sources.is_delivered then sources.rows_quarantined end as rows_set_aside,
        case when sources.is_delivered then sources.rows_filtered end as rows_filtered,
        sources.rows_lost_in_mapping,
        batches.amount_column,
        batches.amount_used,
        batches.amount_set_aside,
        batches.amount_filtered,
        batches.amount_lost_in_mapping,
        case
            when not sources.is_mapped then 'grey'
            when not sources.is_delivered or {{ delivery_age }} > sources.max_age_days then 'red'
            when sources.rows_quarantined > 0 or sources.rows_lost_in_mapping > 0 then 'yellow'
            else 'green'
        end as delivery_light,
        parameters.method_version
    from sources
    cross join dates
    cross join parameters
    left join batches on sources.table_name = batches.table_name
)

select * from final
