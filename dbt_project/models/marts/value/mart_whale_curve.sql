-- One row per as-of date and customer by falling customer contribution: who earns the result, who takes it back. Nothing where no
-- contribution is known.
with

customer_values as (
    select * from {{ ref('int_value__customer') }}
    where customer_contribution is not null
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

peaks as (
    select
        as_of_date,
        {{ money('max(cumulative_contribution)') }} as peak_contribution,
        {{ whole('count_if(customer_contribution < 0)') }} as unprofitable_customers
    from customer_values
    group by as_of_date
),

final as (
    select
        customer_values.as_of_date,
        customer_values.ultimate_parent_id,
        customer_values.rank_contribution_4 as whale_rank,
        customer_values.contribution_4,
        customer_values.customer_contribution,
        customer_values.cumulative_contribution,
        customer_values.cumulative_contribution_ratio,
        customer_values.total_contribution,
        peaks.peak_contribution,
        case
            when customer_values.total_contribution > 0
                then {{ ratio(exact_div('peaks.peak_contribution', 'customer_values.total_contribution')) }}
        end as peak_share_ratio,
        {{ money('peaks.peak_contribution - customer_values.total_contribution') }} as destroyed_by_tail,
        peaks.unprofitable_customers,
        {{ portfolio_key('customer_values') }} as portfolio_key,
        {{ is_latest('customer_values') }} as is_latest,
        parameters.method_version
    from customer_values
    inner join peaks on customer_values.as_of_date = peaks.as_of_date
    cross join parameters
)

select * from final
