-- One row per restated version, month and ultimate parent: an amount that version published and a later one corrected.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

published_version as (
    select * from {{ ref('stg_control__published_version') }}
),

published_months as (
    select * from {{ ref('stg_control__published_months') }}
),

published_restatements as (
    select * from {{ ref('stg_control__published_restatements') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

-- Only months the version before covered; a later one is new, not restated. A month without a row is one of 0.00.
months_now as (
    select months.*
    from {{ ref('mart_contribution_month') }} as months
    inner join published_version on months.month_start <= published_version.latest_as_of_date
),

-- A version from before this mart existed, or without a month, says nothing that could be restated.
months_then as (
    select published_months.*
    from published_months
    inner join dates on published_months.month_start <= dates.as_of_date
),

keys as (
    select month_start, ultimate_parent_id from months_now
    union
    select month_start, ultimate_parent_id from months_then
),

methods_then as (
    select max(method_version) as method_version, count(*) as month_count from published_months
),

compared as (
    select
        published_version.version as restated_version,
        dates.as_of_date,
        keys.month_start,
        keys.ultimate_parent_id,
        coalesce(months_now.relationship_type, months_then.relationship_type) as relationship_type,
        {% for measure in ['net_revenue', 'contribution_1', 'contribution_4'] -%}
        coalesce(months_then.{{ measure }}, 0) as old_{{ measure }},
        coalesce(months_now.{{ measure }}, 0) as new_{{ measure }},
        coalesce(months_now.{{ measure }}, 0) - coalesce(months_then.{{ measure }}, 0) as delta_{{ measure }},
        {% endfor -%}
        methods_then.method_version <> parameters.method_version as is_method_changed,
        parameters.method_version
    from keys
    cross join dates
    cross join published_version
    cross join parameters
    inner join methods_then on methods_then.month_count > 0
    left join months_now
        on
            keys.month_start = months_now.month_start
            and keys.ultimate_parent_id = months_now.ultimate_parent_id
    left join months_then
        on
            keys.month_start = months_then.month_start
            and keys.ultimate_parent_id = months_then.ultimate_parent_id
),

unioned as (
    select * from published_restatements
    union all
    select
        restated_version,
        as_of_date,
        month_start,
        ultimate_parent_id,
        relationship_type,
        {% for measure in ['net_revenue', 'contribution_1', 'contribution_4'] -%}
        {{ money('old_' ~ measure) }} as old_{{ measure }},
        {{ money('new_' ~ measure) }} as new_{{ measure }},
        {{ money('delta_' ~ measure) }} as delta_{{ measure }},
        {% endfor -%}
        is_method_changed,
        method_version
    from compared
    where delta_net_revenue <> 0 or delta_contribution_1 <> 0 or delta_contribution_4 <> 0
),

final as (
    select
        restated_version,
        as_of_date,
        month_start,
        ultimate_parent_id,
        relationship_type,
        old_net_revenue,
        new_net_revenue,
        delta_net_revenue,
        old_contribution_1,
        new_contribution_1,
        delta_contribution_1,
        old_contribution_4,
        new_contribution_4,
        delta_contribution_4,
        is_method_changed,
        {{ is_latest('unioned') }} as is_latest,
        method_version
    from unioned
)

select * from final
