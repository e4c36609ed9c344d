-- One row per as-of date and score object: what the CRM shows where people work: zone, next action, next product group.
with

customers as (
    select * from {{ ref('dim_customer') }}
),

accounts as (
    {{ of_shown_dates(ref('int_customers__accounts')) }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

consequences as (
    select * from {{ ref('int_value__consequences') }}
),

actions as (
    select * from {{ ref('stg_settings__actions') }}
),

next_groups as (
    select
        as_of_date,
        ultimate_parent_id,
        product_group
    from {{ ref('int_potential__product_group') }}
    where is_next_best_product_group
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

-- The head's own account leads, else the lowest id.
ranked_accounts as (
    select
        as_of_date,
        ultimate_parent_id,
        account_id,
        row_number() over (
            partition by as_of_date, ultimate_parent_id
            order by case when entity_id = ultimate_parent_id then 0 else 1 end, account_id
        ) as position
    from accounts
    where ultimate_parent_id is not null
),

joined_accounts as (
    select
        as_of_date,
        ultimate_parent_id,
        max(case when position = 1 then account_id end) as lead_account_id,
        {{ joined_text('account_id', 'account_id') }} as account_ids
    from ranked_accounts
    group by as_of_date, ultimate_parent_id
),

final as (
    select
        consequences.as_of_date,
        consequences.ultimate_parent_id,
        joined_accounts.lead_account_id,
        joined_accounts.account_ids,
        customers.customer_name,
        customers.relationship_type,
        consequences.customer_status,
        zones.zone,
        zones.zone_status,
        zones.service_zone,
        consequences.recommended_action,
        actions.text_en as recommended_action_en,
        actions.text_de as recommended_action_de,
        case when consequences.is_gap_shown then next_groups.product_group end as next_best_product_group,
        {{ is_latest('consequences') }} as is_latest,
        parameters.method_version
    from consequences
    inner join customers
        on
            consequences.as_of_date = customers.as_of_date
            and consequences.ultimate_parent_id = customers.ultimate_parent_id
    inner join zones
        on
            consequences.as_of_date = zones.as_of_date
            and consequences.ultimate_parent_id = zones.ultimate_parent_id
    cross join parameters
    left join actions on consequences.recommended_action = actions.action_key
    left join joined_accounts
        on
            consequences.as_of_date = joined_accounts.as_of_date
            and consequences.ultimate_parent_id = joined_accounts.ultimate_parent_id
    left join next_groups
        on
            consequences.as_of_date = next_groups.as_of_date
            and consequences.ultimate_parent_id = next_groups.ultimate_parent_id
)

select * from final
