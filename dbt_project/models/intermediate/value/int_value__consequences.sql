-- One row per as-of date and scored parent: the consequence, the first row of the decision table that applies, why, and which inputs
-- of the rows asked on the way were not known (METHOD 1.18). A row whose input is unknown is not met.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

statuses as (
    select * from {{ ref('int_customers__status') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

overrides as (
    select * from {{ ref('int_zones__overrides') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

to_last_order as (
    select * from {{ ref('int_contribution__to_last_order') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

effort as (
    select * from {{ ref('int_effort__parent') }}
),

care as (
    select * from {{ ref('int_effort__care') }}
),

small_customers as (
    select * from {{ ref('int_effort__small_customers') }}
),

customer_values as (
    select * from {{ ref('int_value__customer') }}
),

inputs as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.relationship_type,
        parents.is_disqualified_lead,
        statuses.customer_status,
        statuses.is_blocked,
        statuses.is_insolvent,
        zones.zone,
        zones.zone_status,
        overrides.override_zone,
        loyalty.last_order_date,
        loyalty.churn_risk,
        -- Without a rhythm the flag is false for rules; nothing is known all the same.
        loyalty.churn_risk is null or (not loyalty.churn_risk and loyalty.recency_ratio is null) as is_churn_unknown,
        potential.is_share_falling,
        contributions.customer_contribution,
        to_last_order.customer_contribution_to_last_order,
        to_last_order.net_revenue_to_last_order,
        effort.contact_gap_breach,
        effort.actual_visits,
        effort.over_service_cost,
        2 * effort.actual_visits < care.planned_visits as is_visited_too_little,
        small_customers.is_hidden_champion,
        customer_values.customer_type
    from parents
    inner join statuses
        on
            parents.as_of_date = statuses.as_of_date
            and parents.ultimate_parent_id = statuses.ultimate_parent_id
    inner join zones
        on
            parents.as_of_date = zones.as_of_date
            and parents.ultimate_parent_id = zones.ultimate_parent_id
    left join overrides
        on
            parents.as_of_date = overrides.as_of_date
            and parents.ultimate_parent_id = overrides.ultimate_parent_id
    left join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    left join to_last_order
        on
            parents.as_of_date = to_last_order.as_of_date
            and parents.ultimate_parent_id = to_last_order.ultimate_parent_id
    left join loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
    left join potential
        on
            parents.as_of_date = potential.as_of_date
            and parents.ultimate_parent_id = potential.ultimate_parent_id
    left join effort
        on
            parents.as_of_date = effort.as_of_date
            and parents.ultimate_parent_id = effort.ultimate_parent_id
    left join care
        on
            parents.as_of_date = care.as_of_date
            and parents.ultimate_parent_id = care.ultimate_parent_id
    left join small_customers
        on
            parents.as_of_date = small_customers.as_of_date
            and parents.ultimate_parent_id = small_customers.ultimate_parent_id
    left join customer_values
        on
            parents.as_of_date = customer_values.as_of_date
            and parents.ultimate_parent_id = customer_values.ultimate_parent_id
),

-- The number is the row of the decision table in METHOD 1.18. Doubtful scores never treat anybody; a lead that sales disqualified is
-- no matter of scores.
decided as (
    select
        inputs.*,
        case
            when is_blocked or is_insolvent then 1
            when override_zone is not null then 2
            when customer_status = 'never_bought' then 3
            when zone_status = 'observation' then 4
            when customer_status = 'lapsed' and coalesce(customer_contribution_to_last_order, net_revenue_to_last_order) > 0 then 5
            when customer_status = 'lapsed' then 6
            when relationship_type = 'lead' and is_disqualified_lead then 20
            when zone_status in ('provisional', 'unrated') then 7
            when zone = 'protection' and (churn_risk or is_share_falling) then 8
            when zone in ('protection', 'development') and (contact_gap_breach or is_visited_too_little) then 9
            when zone = 'protection' then 10
            when zone = 'development' and customer_contribution < 0 then 11
            when zone = 'development' then 12
            when zone = 'maintain' and churn_risk then 13
            when zone in ('maintain', 'withdrawal') and customer_contribution < 0 then 14
            when zone = 'maintain' and over_service_cost > 0 then 15
            when zone = 'maintain' then 16
            when zone = 'withdrawal' and (is_hidden_champion or customer_type = 'star') then 17
            when zone = 'withdrawal' and customer_contribution > 0 then 18
            when zone = 'withdrawal' then 19
            when relationship_type = 'lead' then 20
        end as action_row
    from inputs
),

explained as (
    select
        as_of_date,
        ultimate_parent_id,
        relationship_type,
        zone,
        zone_status,
        override_zone,
        churn_risk,
        customer_status,
        action_row,
        case action_row
            when 1 then 'blocked'
            when 2 then override_zone
            when 3 then 'decide_or_delete'
            when 4 then 'onboard'
            when 5 then 'win_back'
            when 6 then 'let_rest'
            when 7 then 'rate_first'
            when 8 then 'protection_defend'
            when 9 then 'care_missing'
            when 10 then 'protection'
            when 11 then 'reprice'
            when 12 then 'development'
            when 13 then 'recover'
            when 14 then 'reprice'
            when 15 then 'reduce_effort'
            when 16 then 'maintain'
            when 17 then 'review'
            when 18 then 'withdrawal_harvest'
            when 19 then 'withdrawal'
            when 20 then case when is_disqualified_lead then 'disqualified_lead' else zone end
        end as recommended_action,
        case action_row
            when 1 then case when is_blocked then 'blocked' else 'insolvent' end
            when 2 then 'override'
            when 3 then 'never_bought'
            when 4 then 'observation'
            when 5 then case when customer_contribution_to_last_order is null then 'lapsed_net_revenue' else 'lapsed_contribution' end
            when 6 then 'lapsed'
            when 7 then zone_status
            when 8 then case when churn_risk then 'churn_risk' else 'share_falling' end
            when 9 then case when contact_gap_breach then 'contact_gap' else 'visits_below_half' end
            when 10 then 'protection'
            when 11 then 'loss'
            when 12 then 'development'
            when 13 then 'churn_risk'
            when 14 then 'loss'
            when 15 then 'over_service'
            when 16 then 'maintain'
            when 17 then case when is_hidden_champion then 'hidden_champion' else 'star' end
            when 18 then 'earns_money'
            when 19 then 'withdrawal'
            when 20 then case when is_disqualified_lead then 'disqualified_lead' else zone end
        end as action_reason,
        -- Rows whose zone is another one never asked.
        {{ texts_that_hold([
            ('action_row in (5, 6) and last_order_date is null', 'last_order_date'),
            ('action_row in (5, 6) and customer_contribution_to_last_order is null', 'customer_contribution_to_last_order'),
            ('action_row in (5, 6) and coalesce(customer_contribution_to_last_order, net_revenue_to_last_order) is null', 'net_revenue_to_last_order'),
            ("((zone = 'protection' and action_row between 8 and 10) or (zone = 'maintain' and action_row between 13 and 16)) and is_churn_unknown", 'churn_risk'),
            ("zone = 'protection' and action_row in (9, 10) and is_share_falling is null", 'is_share_falling'),
            ("zone in ('protection', 'development') and action_row between 9 and 12 and contact_gap_breach is null", 'contact_gap_breach'),
            ("zone in ('protection', 'development') and action_row between 10 and 12 and is_visited_too_little is null", 'actual_visits'),
            ("((zone = 'development' and action_row = 12) or (zone in ('maintain', 'withdrawal') and action_row between 15 and 19)) and customer_contribution is null", 'customer_contribution'),
            ("zone = 'maintain' and action_row = 16 and over_service_cost is null", 'over_service_cost'),
            ("zone = 'withdrawal' and action_row between 17 and 19 and is_hidden_champion is null", 'is_hidden_champion'),
            ("zone = 'withdrawal' and action_row in (18, 19) and customer_type is null", 'customer_type'),
        ]) }} as action_unknown_inputs,
        -- To whom nothing is to be sold, or not before the loss is turned, nobody is told what to sell.
        action_row not in (1, 11)
        and zone in ('protection', 'development', 'new_customer', 'target_lead')
        and coalesce(override_zone = zone, true) as is_gap_shown
    from decided
)

select * from explained
