-- One row per as-of date, scored parent and task that applies to it, with what happened and the amount it is about (METHOD 1.18).
{#
    Every task that applies, whatever the consequence is: it asks the zone in force (an override takes the place of the zone). Nobody
    blocked has one. A condition whose input is unknown is not met.
#}
with

inputs as (
    select * from {{ ref('int_value__task_inputs') }}
),

tasks as (
    select
        as_of_date,
        ultimate_parent_id,
        'hand_over' as task,
        customer_contribution as amount,
        'at_risk' as money_kind,
        least(owner_leaves_on, {{ add_days('as_of_date', 'worklist_hand_over_within_days') }}) as due_on,
        case when owner_leaves_on <= as_of_date then 'owner_left' else 'owner_leaves' end as happened,
        'name_successor' as next_step
    from inputs
    where owner_leaves_on <= {{ add_days('as_of_date', 'handover_notice_days') }}
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'defend' as task,
        customer_contribution as amount,
        'at_risk' as money_kind,
        {{ add_days('as_of_date', 'worklist_defend_within_days') }} as due_on,
        case when churn_risk then 'order_overdue' else 'share_falling' end as happened,
        'talk_to_decider' as next_step
    from inputs
    where zone = 'protection' and (churn_risk or is_share_falling)
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'visit' as task,
        case when relationship_type = 'lead' then potential_contribution else customer_contribution end as amount,
        'at_risk' as money_kind,
        case
            when is_never_contacted or days_since_last_contact > worklist_visit_soon_after_gaps * max_contact_gap_days
                then {{ add_days('as_of_date', 'worklist_visit_soon_within_days') }}
            else {{ add_days('as_of_date', 'worklist_visit_within_days') }}
        end as due_on,
        case
            when contact_gap_breach and is_never_contacted then 'never_contacted'
            when contact_gap_breach then 'contact_gap'
            else 'visits_below_half'
        end as happened,
        'make_visit' as next_step
    from inputs
    where
        (zone in ('protection', 'development', 'target_lead') and contact_gap_breach)
        or (zone in ('protection', 'development') and 2 * actual_visits < planned_visits)
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'recover' as task,
        customer_contribution as amount,
        'at_risk' as money_kind,
        {{ add_days('as_of_date', 'worklist_recover_within_days') }} as due_on,
        'order_overdue' as happened,
        'ask_why' as next_step
    from inputs
    where zone = 'maintain' and churn_risk
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'win_back' as task,
        customer_contribution_to_last_order as amount,
        'to_win' as money_kind,
        {{ add_days('as_of_date', 'worklist_win_back_within_days') }} as due_on,
        'lapsed' as happened,
        'make_offer' as next_step
    from inputs
    where
        customer_status = 'lapsed'
        and coalesce(customer_contribution_to_last_order, net_revenue_to_last_order) > 0
        and last_order_date > {{ month_end(add_months('as_of_date', '-worklist_win_back_months')) }}
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'win' as task,
        potential_contribution as amount,
        'to_win' as money_kind,
        {{ add_days('as_of_date', 'worklist_win_within_days') }} as due_on,
        'target_lead' as happened,
        'plan_acquisition' as next_step
    from inputs
    where zone = 'target_lead'
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'unblock' as task,
        potential_contribution as amount,
        'to_win' as money_kind,
        quarter_end as due_on,
        'blocking_criterion' as happened,
        'remove_blocker' as next_step
    from inputs
    where zone = 'development' and zone_status = 'confirmed' and is_focus
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'develop_small' as task,
        potential_contribution as amount,
        'to_win' as money_kind,
        quarter_end as due_on,
        'hidden_champion' as happened,
        'develop_cheaply' as next_step
    from inputs
    where is_hidden_champion
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'reprice' as task,
        -customer_contribution as amount,
        'to_save' as money_kind,
        {{ add_days('as_of_date', 'worklist_reprice_within_days') }} as due_on,
        'loss' as happened,
        case lever
            when 'price' then 'negotiate_price'
            when 'logistics' then 'charge_logistics'
            when 'marketing' then 'cut_marketing'
            when 'effort' then 'cut_effort'
            when 'goods' then 'check_goods'
            else 'find_cause'
        end as next_step
    from inputs
    where customer_status = 'active' and customer_contribution < 0
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'reduce' as task,
        case when avoidable_cost is not null then least(avoidable_cost, over_service_cost) end as amount,
        'to_save' as money_kind,
        quarter_end as due_on,
        'over_service' as happened,
        'move_channel' as next_step
    from inputs
    where over_service_cost > 0 and service_zone in ('maintain', 'withdrawal')
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'rate' as task,
        net_revenue as amount,
        'in_the_dark' as money_kind,
        {{ add_days('as_of_date', 'worklist_rate_within_days') }} as due_on,
        case when is_rating_due then 'rating_due' else 'unrated' end as happened,
        'rate_criteria' as next_step
    from inputs
    where is_rating_due or (relationship_type = 'customer' and zone_status = 'unrated' and net_revenue > 0)
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'onboard' as task,
        net_revenue as amount,
        'in_the_dark' as money_kind,
        greatest(
            coalesce({{ add_days('customer_since', 'worklist_onboard_after_days') }}, as_of_date),
            {{ add_days('as_of_date', 'worklist_onboard_at_least_days') }}
        ) as due_on,
        'observation' as happened,
        'review_start' as next_step
    from inputs
    where zone_status = 'observation'
    union all
    select
        as_of_date,
        ultimate_parent_id,
        'settle' as task,
        annual_demand as amount,
        'in_the_dark' as money_kind,
        {{ add_days('as_of_date', 'worklist_settle_within_days') }} as due_on,
        case when is_potential_contradicted then 'potential_contradicted' else 'duplicate_estimate' end as happened,
        case when is_potential_contradicted then 'correct_estimate' else 'remove_duplicate' end as next_step
    from inputs
    where is_potential_contradicted or has_duplicate_estimate
),

-- The numbers of what happened, for whoever says it in words.
told as (
    select
        tasks.as_of_date,
        tasks.ultimate_parent_id,
        tasks.task,
        tasks.amount,
        tasks.money_kind,
        tasks.due_on,
        tasks.happened,
        case
            when tasks.happened in ('owner_left', 'owner_leaves') then inputs.owner_leaves_on
            when tasks.happened in ('order_overdue', 'lapsed') then inputs.last_order_date
            when tasks.happened = 'contact_gap' then inputs.last_contact_date
            when tasks.happened = 'observation' then inputs.customer_since
        end as happened_on,
        case
            when tasks.happened in ('order_overdue', 'lapsed') then {{ whole(days_between('inputs.last_order_date', 'tasks.as_of_date')) }}
            when tasks.happened = 'contact_gap' then {{ whole('inputs.days_since_last_contact') }}
        end as happened_days,
        case
            when tasks.happened in ('contact_gap', 'never_contacted') then {{ whole('inputs.max_contact_gap_days') }}
        end as happened_limit_days,
        case
            when tasks.happened in ('visits_below_half', 'over_service') then {{ whole('inputs.actual_visits') }}
        end as happened_visits,
        case
            when tasks.happened in ('visits_below_half', 'over_service') then {{ whole('inputs.planned_visits') }}
        end as happened_planned_visits,
        case
            when tasks.happened = 'order_overdue' then {{ ratio('inputs.recency_ratio') }}
            when tasks.happened = 'share_falling' then {{ ratio('inputs.sow_change_ratio') }}
        end as happened_ratio,
        case
            when tasks.happened = 'loss' then {{ money('inputs.customer_contribution') }}
            when tasks.happened = 'over_service' then {{ money('inputs.over_service_cost') }}
            when tasks.happened = 'unrated' then {{ money('inputs.net_revenue') }}
        end as happened_amount,
        case when tasks.happened = 'blocking_criterion' then inputs.blocking_criterion_id end as happened_criterion_id,
        tasks.next_step
    from tasks
    inner join inputs
        on
            tasks.as_of_date = inputs.as_of_date
            and tasks.ultimate_parent_id = inputs.ultimate_parent_id
),

-- Negative or unknown money counts as 0.
final as (
    select
        as_of_date,
        ultimate_parent_id,
        task,
        {{ money('greatest(coalesce(amount, 0), 0)') }} as money,
        money_kind,
        due_on,
        happened,
        happened_on,
        happened_days,
        happened_limit_days,
        happened_visits,
        happened_planned_visits,
        happened_ratio,
        happened_amount,
        happened_criterion_id,
        next_step
    from told
)

select * from final
