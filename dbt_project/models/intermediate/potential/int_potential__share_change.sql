-- One row per as-of date and scored parent: its share of wallet now and 12 months before over the product groups with a demand on both
-- days, what became of it, and why that is not known where it is not (METHOD 1.6).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

product_groups as (
    select * from {{ ref('int_potential__product_group_before') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

summed as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ money('sum(demand_now)') }} as demand_now,
        {{ money('sum(capped_now)') }} as capped_now,
        {{ money('sum(demand_before)') }} as demand_before,
        {{ money('sum(capped_before)') }} as capped_before,
        max(case when is_contradicted then 1 else 0 end) = 1 as is_contradicted,
        min(case when is_delivered then 1 else 0 end) = 1 as is_delivered
    from product_groups
    group by as_of_date, ultimate_parent_id
),

judged as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        {{ add_days('dates.window_start', -1) }} as before_date,
        summed.demand_now,
        summed.capped_now,
        summed.demand_before,
        summed.capped_before,
        case
            when summed.as_of_date is null then 'no_common_group'
            when summed.is_contradicted then 'contradicted'
            when not summed.is_delivered then 'earlier_window_not_delivered'
            when not coalesce(summed.demand_now > 0 and summed.demand_before > 0, false) then 'no_demand'
        end as not_known_because
    from parents
    inner join dates on parents.as_of_date = dates.as_of_date
    left join summed
        on
            parents.as_of_date = summed.as_of_date
            and parents.ultimate_parent_id = summed.ultimate_parent_id
),

measured as (
    select
        judged.as_of_date,
        judged.ultimate_parent_id,
        judged.before_date,
        judged.not_known_because,
        case
            when judged.not_known_because is null then {{ ratio(exact_div('judged.capped_now', 'judged.demand_now')) }}
        end as sow_capped_ratio_now,
        case
            when judged.not_known_because is null then {{ ratio(exact_div('judged.capped_before', 'judged.demand_before')) }}
        end as sow_capped_ratio_before,
        case
            when judged.not_known_because is null
                then {{ ratio(exact_div(
                    share_change_numerator('judged.capped_now', 'judged.demand_now', 'judged.capped_before', 'judged.demand_before'),
                    share_change_denominator('judged.demand_now', 'judged.demand_before'), decimals=4
                )) }}
        end as sow_change_ratio,
        case
            when judged.not_known_because is null
                then
                    {{ share_change_numerator('judged.capped_now', 'judged.demand_now', 'judged.capped_before', 'judged.demand_before') }}
                    <= cast(parameters.share_falling_at_or_below as decimal(7, 6))
                    * cast({{ share_change_denominator('judged.demand_now', 'judged.demand_before') }} as decimal(30, 4))
        end as is_share_falling
    from judged
    cross join parameters
)

select * from measured
