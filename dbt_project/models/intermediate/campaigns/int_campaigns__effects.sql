-- One row per as-of date and campaign: how its treated members did against untreated ones (METHOD 1.14), how sure that is, and what may be
-- said of it.
{#
    Two formulas of one kind: the effect (12 months before, 12 after) and the pre-trend (the year before that, then the 12 months before).
    The jackknife leaves out one member at a time. What E without it differs by is told from exact products of cents:
        treated i: -d_i with d_i = (post_i x C_pre - pre_i x C_post) / C_pre, whose mean over the arm is E / n
        control j: T_pre x (post_j x C_pre - pre_j x C_post) / (C_pre x (C_pre - pre_j))
    so that members who are all alike leave a standard error of exactly 0. Decisions are taken on ten decimals, not on what is published.
#}
{% set measures = ['net_revenue', 'contribution_4'] %}
{% set sides = [('treated', 'pre'), ('treated', 'post'), ('control', 'pre'), ('control', 'post')] %}
{% set formulas = [('effect', 'pre', 'post'), ('pretrend', 'before', 'pre')] %}
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

members as (
    select * from {{ ref('int_campaigns__members') }}
),

results as (
    select * from {{ ref('int_campaigns__member_results') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

arms as (
    select
        as_of_date,
        campaign_id,
        {{ whole("count_if(coalesce(arm, '') = 'treated')") }} as n_treated,
        {{ whole("count_if(coalesce(arm, '') = 'control')") }} as n_control,
        {{ whole('count_if(is_in_both_arms)') }} as excluded_members
    from members
    group by as_of_date, campaign_id
),

summed as (
    select
        {%- for measure in measures %}{% for arm, side in sides %}
        {{ money("sum(case when arm = '" ~ arm ~ "' then " ~ measure ~ "_" ~ side ~ " end)") }} as {{ arm }}_{{ measure }}_{{ side }},
        {%- endfor %}{% endfor %}
        count(customer_contribution_post) > 0 as is_contribution_known,
        as_of_date,
        campaign_id
    from results
    group by as_of_date, campaign_id
),

amounts as (
    {%- for formula, pre, post in formulas %}
    select
        as_of_date,
        campaign_id,
        '{{ formula }}' as formula,
        ultimate_parent_id,
        arm,
        {{ whole_units('customer_contribution_' ~ pre, 2) }} as pre,
        {{ whole_units('customer_contribution_' ~ post, 2) }} as post
    from results
    where customer_contribution_{{ pre }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

sums as (
    select
        as_of_date,
        campaign_id,
        formula,
        {{ whole("count_if(arm = 'treated')") }} as n_treated,
        {{ whole("count_if(arm = 'control')") }} as n_control,
        sum(case when arm = 'treated' then pre else 0 end) as treated_pre,
        sum(case when arm = 'treated' then post else 0 end) as treated_post,
        sum(case when arm = 'control' then pre else 0 end) as control_pre,
        sum(case when arm = 'control' then post else 0 end) as control_post,
        max(case when arm = 'control' then pre end) as largest_control_pre
    from amounts
    group by as_of_date, campaign_id, formula
),

-- A control sum that is not above 0, whole or without one member, is no base to tell a growth from.
bases as (
    select
        as_of_date,
        campaign_id,
        formula,
        n_treated,
        n_control,
        treated_pre,
        treated_post,
        control_pre,
        control_post,
        treated_post * control_pre - treated_pre * control_post as effect_units,
        coalesce(n_treated > 0 and control_pre > 0 and control_pre - largest_control_pre > 0, false) as has_base
    from sums
),

influences as (
    select
        amounts.as_of_date,
        amounts.campaign_id,
        amounts.formula,
        amounts.arm,
        bases.n_treated,
        bases.n_control,
        bases.treated_pre,
        bases.control_pre,
        bases.effect_units,
        amounts.pre,
        amounts.post * bases.control_pre - amounts.pre * bases.control_post as change_units
    from amounts
    inner join bases
        on
            amounts.as_of_date = bases.as_of_date
            and amounts.campaign_id = bases.campaign_id
            and amounts.formula = bases.formula
    where bases.has_base
),

-- Of a control: what the effect moves by without it, in money. The mean of the arm is taken off below.
moved as (
    select
        influences.*,
        case
            when arm = 'control'
                then {{ product_quotient('treated_pre', 'change_units', 'control_pre', '100 * (control_pre - pre)') }}
        end as moved_by,
        n_treated * change_units - effect_units as deviation_units
    from influences
),

means as (
    select
        as_of_date,
        campaign_id,
        formula,
        arm,
        {{ exact_div('sum(moved_by)', 'count(*)', 10) }} as mean_moved_by
    from moved
    where arm = 'control'
    group by as_of_date, campaign_id, formula, arm
),

squares as (
    select
        moved.as_of_date,
        moved.campaign_id,
        moved.formula,
        moved.arm,
        case
            when moved.arm = 'treated' then {{ squared_quotient('moved.deviation_units', '100 * moved.n_treated * moved.control_pre') }}
            else {{ squared_quotient('cast(moved.moved_by as decimal(34, 10)) - cast(means.mean_moved_by as decimal(34, 10))', '1') }}
        end as squared_deviation
    from moved
    left join means
        on
            moved.as_of_date = means.as_of_date
            and moved.campaign_id = means.campaign_id
            and moved.formula = means.formula
            and moved.arm = means.arm
),

spreads as (
    select
        as_of_date,
        campaign_id,
        formula,
        sum(case when arm = 'treated' then squared_deviation else 0 end) as treated_squares,
        sum(case when arm = 'control' then squared_deviation else 0 end) as control_squares
    from squares
    group by as_of_date, campaign_id, formula
),

-- The cents first, then what is left of a cent: a product of two large sums has no room for ten decimals.
estimated as (
    select
        bases.as_of_date,
        bases.campaign_id,
        bases.formula,
        bases.effect_units,
        bases.control_pre,
        {{ difference_in_differences(
            from_units('bases.treated_pre'), from_units('bases.treated_post'), from_units('bases.control_pre'), from_units('bases.control_post')
        ) }} as effect,
        {{ square_root(
            jackknife_share('bases.n_treated', 'spreads.treated_squares') ~ ' + ' ~ jackknife_share('bases.n_control', 'spreads.control_squares')
        ) }} as standard_error
    from bases
    inner join spreads
        on
            bases.as_of_date = spreads.as_of_date
            and bases.campaign_id = spreads.campaign_id
            and bases.formula = spreads.formula
    where bases.has_base
),

exact as (
    select
        as_of_date,
        campaign_id,
        formula,
        effect,
        standard_error,
        cast(effect as decimal(24, 10))
        + cast({{ exact_div('effect_units - ' ~ whole_units('effect', 2) ~ ' * control_pre', '100 * control_pre', 10, decimals=0) }} as decimal(24, 10)) as exact_effect
    from estimated
),

intervals as (
    select
        as_of_date,
        campaign_id,
        formula,
        effect,
        standard_error,
        {{ interval_end('exact_effect', '-', 'standard_error') }} as interval_low,
        {{ interval_end('exact_effect', '+', 'standard_error') }} as interval_high
    from exact
),

compared as (
    select
        {%- for measure in measures %}{% for arm, side in sides %}
        case when campaigns.is_pre_delivered then summed.{{ arm }}_{{ measure }}_{{ side }} end as {{ arm }}_{{ measure }}_{{ side }},
        {%- endfor %}{% endfor %}
        campaigns.as_of_date,
        campaigns.campaign_id,
        campaigns.phase,
        campaigns.months_compared,
        campaigns.is_pre_delivered,
        campaigns.is_before_delivered,
        coalesce(arms.n_treated, 0) as n_treated,
        coalesce(arms.n_control, 0) as n_control,
        coalesce(arms.excluded_members, 0) as excluded_members,
        coalesce(summed.is_contribution_known, false) as is_contribution_known,
        coalesce(arms.n_treated, 0) < parameters.campaign_min_members_per_arm
        or coalesce(arms.n_control, 0) < parameters.campaign_min_members_per_arm as is_descriptive_only
    from campaigns
    cross join parameters
    left join arms
        on
            campaigns.as_of_date = arms.as_of_date
            and campaigns.campaign_id = arms.campaign_id
    left join summed
        on
            campaigns.as_of_date = summed.as_of_date
            and campaigns.campaign_id = summed.campaign_id
),

-- Nobody is told an effect of a few members, nor one from months that are not delivered.
measured as (
    select
        compared.*,
        effects.effect,
        effects.standard_error,
        effects.interval_low,
        effects.interval_high,
        case when compared.is_before_delivered then pretrends.effect end as pretrend_effect,
        case when compared.is_before_delivered then pretrends.interval_low end as pretrend_low,
        case when compared.is_before_delivered then pretrends.interval_high end as pretrend_high
    from compared
    left join intervals as effects
        on
            compared.as_of_date = effects.as_of_date
            and case when compared.is_pre_delivered and not compared.is_descriptive_only then compared.campaign_id end = effects.campaign_id
            and effects.formula = 'effect'
    left join intervals as pretrends
        on
            effects.as_of_date = pretrends.as_of_date
            and effects.campaign_id = pretrends.campaign_id
            and pretrends.formula = 'pretrend'
),

judged as (
    select
        measured.*,
        case when pretrend_low is not null then pretrend_low <= 0 and pretrend_high >= 0 end as is_pretrend_ok,
        case
            when phase <> 'measured' then null
            when is_descriptive_only or not is_contribution_known then 'not_measurable'
            when effect is null and is_pre_delivered then 'not_measurable'
            when not is_before_delivered then 'no_pretrend'
            when pretrend_low is null then 'not_measurable'
            when pretrend_low > 0 or pretrend_high < 0 then 'pretrend_differs'
            when interval_low > 0 then 'worked'
            when interval_high < 0 then 'did_harm'
            else 'undecided'
        end as verdict
    from measured
),

final as (
    select
        as_of_date,
        campaign_id,
        phase,
        months_compared,
        n_treated,
        n_control,
        excluded_members,
        n_treated as treated_customers,
        n_control as control_customers,
        excluded_members as excluded_controls,
        is_descriptive_only,
        effect,
        cast(standard_error as decimal(18, 6)) as standard_error,
        {{ money('interval_low') }} as interval_low,
        {{ money('interval_high') }} as interval_high,
        pretrend_effect,
        {{ money('pretrend_low') }} as pretrend_low,
        {{ money('pretrend_high') }} as pretrend_high,
        is_pretrend_ok,
        verdict,
        {%- for measure in measures %}{% for arm, side in sides %}
        {{ arm }}_{{ measure }}_{{ side }},
        {%- endfor %}
        case
            when control_{{ measure }}_pre > 0
                then {{ ratio(exact_div('control_' ~ measure ~ '_post - control_' ~ measure ~ '_pre', 'control_' ~ measure ~ '_pre')) }}
        end as control_{{ measure }}_growth_ratio,
        {{ difference_in_differences(
            'treated_' ~ measure ~ '_pre', 'treated_' ~ measure ~ '_post', 'control_' ~ measure ~ '_pre', 'control_' ~ measure ~ '_post'
        ) }} as effect_{{ measure }},
        {%- endfor %}
        -- Only what worked or did harm is called measured.
        case
            when phase <> 'measured' then 'too_early'
            when not is_pre_delivered then 'not_delivered'
            when n_treated = 0 then 'no_treated'
            when n_control = 0 then 'no_controls'
            when control_net_revenue_pre <= 0 then 'no_base'
            when is_descriptive_only then 'descriptive_only'
            when verdict in ('worked', 'did_harm') then 'measured'
            else 'undecided'
        end as effect_status
    from judged
)

select * from final
