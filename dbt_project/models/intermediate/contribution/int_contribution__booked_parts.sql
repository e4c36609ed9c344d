-- One row per legal entity, month, account group and part of the reconciliation that was booked, and beside it, as a part of its own, what
-- stands in for missing cost of goods. All amounts are contributions to the result (costs negative).
{% set account_groups = result_groups() %}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

only_company as (
    select * from {{ ref('int_contribution__only_company') }}
),

entity_months as (
    select
        entity_months.*,
        coalesce(entity_months.company_id, only_company.company_id, '*') as told_company_id,
        case
            when entity_months.relationship_type in ('customer', 'lead', 'intercompany') then entity_months.relationship_type
            else entity_months.unassigned_reason
        end as part
    from {{ ref('int_contribution__entity_month') }} as entity_months
    inner join dates on entity_months.as_of_date = dates.as_of_date
    cross join only_company
),

-- By month and part first: seven account groups of every customer id would be seven times as many rows. How many amounts are unknown
-- must be told of each group, because a sum passes over them.
month_parts as (
    select
        {%- for account_group, amount in account_groups.items() %}
        sum({{ amount }}) as {{ account_group }},
        count_if({{ amount }} is null) as unknown_{{ account_group }},
        {%- endfor %}
        sum(imputed_cogs) as imputed_cogs,
        told_company_id as company_id,
        month_start,
        part
    from entity_months
    group by told_company_id, month_start, part
),

told_groups as (
    {%- for account_group in account_groups %}
    select '{{ account_group }}' as account_group, cast(null as {{ text_type() }}) as told_part
    union all
    {%- endfor %}
    -- The ledger does not hold what stands in for missing cost of goods: out of the total again.
    select 'cogs' as account_group, 'imputed_cogs' as told_part
),

-- The account groups as rows, signed as they enter the result.
booked_parts as (
    select
        told_groups.account_group,
        month_parts.company_id,
        month_parts.month_start,
        coalesce(told_groups.told_part, month_parts.part) as part,
        cast(case
            when told_groups.told_part = 'imputed_cogs' then month_parts.imputed_cogs
            {%- for account_group in account_groups %}
            when told_groups.account_group = '{{ account_group }}' then month_parts.{{ account_group }}
            {%- endfor %}
        end as decimal(38, 2)) as amount,
        cast(case
            when told_groups.told_part = 'imputed_cogs' then 0
            {%- for account_group in account_groups %}
            when told_groups.account_group = '{{ account_group }}' then month_parts.unknown_{{ account_group }}
            {%- endfor %}
        end as bigint) as unknown_amounts
    from month_parts
    cross join told_groups
)

select * from booked_parts
