-- One row per as-of date, day on which estimates are asked (the as-of date itself, and 12 months before it where the share of then is
-- needed), account, product group and stage: the latest estimate valid that day and known now, and whether it is the account's demand.
{#
    The demand of an account is its latest effective demand, else its latest demand, never a mere need; a missing stage counts as
    effective demand. Which rows repeat another one of the same ERP customer is asked twice: among the rows that are the demand,
    where the stage plays no part, and among those of one stage. Whose an account is follows the as-of date on both days.
#}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

share_change_dates as (
    {{ dates_asked(['sow_change_ratio']) }}
),

sides as (
    select as_of_date, known_at, as_of_date as valid_on
    from dates
    union all
    select dates.as_of_date, dates.known_at, {{ add_days('dates.window_start', -1) }} as valid_on
    from share_change_dates as dates
),

-- Once for what is known, whatever the day: an estimate holds until the next one of its account, group and stage; whoever once has an effective
-- demand has one from then on.
known_estimates as (
    select
        knowledge.known_at,
        estimates.account_id,
        estimates.product_group,
        coalesce(estimates.demand_stage, 'effective_demand') as demand_stage,
        estimates.currency_code,
        estimates.annual_demand,
        estimates.achievable_share,
        estimates.valid_from,
        estimates.file_name,
        estimates.line_number,
        lead(estimates.valid_from) over (
            partition by
                knowledge.known_at,
                estimates.account_id,
                estimates.product_group,
                coalesce(estimates.demand_stage, 'effective_demand')
            order by estimates.valid_from, estimates.recorded_at nulls first, estimates.demand_stage nulls first
        ) as next_valid_from,
        min(case when coalesce(estimates.demand_stage, 'effective_demand') = 'effective_demand' then estimates.valid_from end) over (
            partition by knowledge.known_at, estimates.account_id, estimates.product_group
        ) as effective_from
    from (select distinct known_at from dates) as knowledge
    inner join {{ ref('stg_crm__potential_estimates') }} as estimates on {{ is_known('estimates', 'knowledge') }}
),

converted as (
    select
        estimates.*,
        {{ to_reporting('estimates.annual_demand', 'estimates.currency_code') }} as converted_demand,
        coalesce(estimates.achievable_share, parameters.default_achievable_share) as used_share
    from known_estimates as estimates
    cross join parameters
    left join rates
        on
            estimates.currency_code = rates.currency_code
            and estimates.valid_from = rates.needed_on
    -- A later entry of the same day takes its place at once.
    where estimates.next_valid_from is null or estimates.next_valid_from > estimates.valid_from
),

-- Only accounts of one ERP customer can say the same demand twice: few, so that the as-of dates need not sort all of them.
shared_entities as (
    select as_of_date, entity_id
    from accounts
    where ultimate_parent_id is not null
    group by as_of_date, entity_id
    having count(*) > 1
),

owned as (
    select
        sides.as_of_date,
        sides.valid_on,
        accounts.ultimate_parent_id,
        accounts.is_lead_account,
        accounts.entity_id,
        converted.account_id,
        converted.product_group,
        converted.demand_stage,
        converted.demand_stage = 'effective_demand'
        or converted.demand_stage = 'demand' and coalesce(converted.effective_from > sides.valid_on, true) as is_demand,
        converted.valid_from,
        converted.currency_code,
        converted.annual_demand as delivered_demand,
        converted.converted_demand as annual_demand,
        converted.used_share as achievable_share,
        shared_entities.entity_id is not null as is_shared,
        converted.file_name,
        converted.line_number
    from sides
    inner join converted
        on
            sides.known_at = converted.known_at
            and sides.valid_on >= converted.valid_from
            and (converted.next_valid_from is null or converted.next_valid_from > sides.valid_on)
    inner join accounts
        on
            sides.as_of_date = accounts.as_of_date
            and converted.account_id = accounts.account_id
    left join shared_entities
        on
            accounts.as_of_date = shared_entities.as_of_date
            and accounts.entity_id = shared_entities.entity_id
    where accounts.ultimate_parent_id is not null
),

counted as (
    select
        owned.*,
        1 as position_in_demand,
        1 as position_in_stage
    from owned
    where not is_shared
    union all
    select
        owned.*,
        row_number() over (
            partition by
                as_of_date,
                valid_on,
                is_demand,
                is_lead_account,
                entity_id,
                product_group,
                delivered_demand,
                currency_code,
                valid_from
            order by account_id
        ) as position_in_demand,
        row_number() over (
            partition by
                as_of_date,
                valid_on,
                demand_stage,
                is_lead_account,
                entity_id,
                product_group,
                delivered_demand,
                currency_code,
                valid_from
            order by account_id
        ) as position_in_stage
    from owned
    where is_shared
),

final as (
    select
        as_of_date,
        valid_on,
        ultimate_parent_id,
        account_id,
        product_group,
        demand_stage,
        valid_from,
        annual_demand,
        cast({{ part_of('achievable_share', 'annual_demand') }} as decimal(38, 8)) as achievable_demand,
        is_demand,
        is_demand and position_in_demand > 1 as is_demand_repeated,
        position_in_stage > 1 as is_stage_repeated,
        file_name,
        line_number
    from counted
)

select * from final
