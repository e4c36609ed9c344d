-- One row per as-of date and customer parent: the customer value score and the ranks and classes it is compared by (METHOD 1.9, 1.10).
with

-- Whoever never bought has no rank (METHOD 1.1).
parents as (
    select parents.*
    from {{ ref('int_customers__parents') }} as parents
    inner join {{ ref('int_loyalty__parent') }} as loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
    where parents.relationship_type = 'customer' and not loyalty.is_never_bought and {{ is_compared('parents') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

scores as (
    select * from {{ ref('int_scores__parent') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

scored as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.is_shown,
        parents.compared_with,
        contributions.net_revenue,
        contributions.contribution_4,
        contributions.customer_contribution,
        -- Where no contribution is known at all, the midpoint of a missing criterion would rank customers by nothing.
        case when contributions.customer_contribution is not null then scores.contribution_score end as contribution_score,
        {{ score(
            'round('
            ~ 'cast(case when contributions.customer_contribution is not null then scores.contribution_score end as decimal(12, 4)) * parameters.value_weight_contribution'
            ~ ' + cast(scores.potential_score as decimal(12, 4)) * parameters.value_weight_potential'
            ~ ' + cast(scores.attractiveness_score as decimal(12, 4)) * parameters.value_weight_attractiveness, 4)'
        ) }} as customer_value_score,
        case
            when
                scores.value_of_customer_coverage >= parameters.min_coverage_weight
                and scores.value_to_customer_coverage >= parameters.min_coverage_weight
                then
                    case
                        when scores.value_of_customer_score >= parameters.type_threshold
                            then case when scores.value_to_customer_score >= parameters.type_threshold then 'star' else 'question_mark' end
                        when scores.value_to_customer_score >= parameters.type_threshold then 'free_rider'
                        else 'poor_dog'
                    end
        end as customer_type,
        parameters.abc_a_share,
        parameters.abc_b_share
    from parents
    inner join scores
        on
            parents.as_of_date = scores.as_of_date
            and parents.ultimate_parent_id = scores.ultimate_parent_id
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    cross join parameters
),

ranked as (
    select
        scored.*,
        -- Of an unknown revenue there is no rank and no class.
        {{ whole(
            'case when net_revenue is not null then row_number() over ('
            ~ 'partition by as_of_date order by customer_value_score desc nulls last, coalesce(customer_contribution, net_revenue) desc, ultimate_parent_id) end'
        ) }} as rank_customer_value,
        {{ whole('case when net_revenue is not null then row_number() over (partition by as_of_date order by net_revenue desc, ultimate_parent_id) end') }} as rank_revenue,
        {{ whole(
            'case when customer_contribution is not null then row_number() over ('
            ~ 'partition by as_of_date order by customer_contribution desc nulls last, ultimate_parent_id) end'
        ) }} as rank_contribution_4,
        sum(case when net_revenue > 0 then net_revenue else 0 end) over (partition by as_of_date) as positive_revenue,
        coalesce(sum(case when net_revenue > 0 then net_revenue else 0 end) over (
            partition by as_of_date order by net_revenue desc, ultimate_parent_id
            rows between unbounded preceding and 1 preceding
        ), 0) as revenue_before,
        sum(customer_contribution) over (
            partition by as_of_date order by customer_contribution desc nulls last, ultimate_parent_id
            rows between unbounded preceding and current row
        ) as cumulative_contribution,
        sum(customer_contribution) over (partition by as_of_date) as total_contribution
    from scored
),

classified as (
    select
        as_of_date,
        ultimate_parent_id,
        net_revenue,
        contribution_4,
        customer_contribution,
        contribution_score,
        customer_value_score,
        customer_type,
        case
            when lag(as_of_date) over (partition by ultimate_parent_id order by as_of_date) = compared_with
                then lag(customer_type) over (partition by ultimate_parent_id order by as_of_date)
        end as previous_customer_type,
        rank_customer_value,
        rank_revenue,
        rank_contribution_4,
        case when net_revenue > 0 then {{ ratio(exact_div('revenue_before', 'positive_revenue')) }} end as cumulative_share_before,
        case
            when net_revenue is null then null
            when net_revenue <= 0 then 'C'
            when revenue_before < {{ part_of('abc_a_share', 'positive_revenue') }} then 'A'
            when revenue_before < {{ part_of('abc_b_share', 'positive_revenue') }} then 'B'
            else 'C'
        end as abc_class,
        {{ money('cumulative_contribution') }} as cumulative_contribution,
        {{ money('total_contribution') }} as total_contribution,
        case
            when total_contribution > 0 then {{ ratio(exact_div('cumulative_contribution', 'total_contribution')) }}
        end as cumulative_contribution_ratio,
        is_shown
    from ranked
),

-- The month before is only compared with.
shown as (
    select * from classified
    where {{ is_shown() }}
)

select * from shown
