-- One row per shown as-of date and customer with revenue in the 12 months: whom it is compared with, customers of its industry and class of
-- revenue, of the class alone, or all of them: the first of the three that is large enough (METHOD 1.21).
with

customer_values as (
    select * from {{ ref('int_value__customer') }}
    where net_revenue > 0
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where {{ is_shown() }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

counted as (
    select
        customer_values.as_of_date,
        customer_values.ultimate_parent_id,
        customer_values.net_revenue,
        customer_values.abc_class,
        parents.industry_code,
        count(*) over (partition by customer_values.as_of_date, customer_values.abc_class, parents.industry_code) - 1 as others_in_both,
        count(*) over (partition by customer_values.as_of_date, customer_values.abc_class) - 1 as others_in_class,
        count(*) over (partition by customer_values.as_of_date) - 1 as others
    from customer_values
    inner join parents
        on
            customer_values.as_of_date = parents.as_of_date
            and customer_values.ultimate_parent_id = parents.ultimate_parent_id
),

chosen as (
    select
        counted.as_of_date,
        counted.ultimate_parent_id,
        counted.net_revenue,
        counted.abc_class,
        counted.industry_code,
        counted.others_in_both,
        counted.others_in_class,
        counted.others,
        case
            when counted.industry_code is not null and counted.others_in_both >= parameters.repeat_min_n then 'industry_and_class'
            when counted.others_in_class >= parameters.repeat_min_n then 'class'
            when counted.others >= parameters.repeat_min_n then 'all'
        end as look_alike_basis
    from counted
    cross join parameters
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        net_revenue,
        abc_class,
        industry_code,
        look_alike_basis,
        {{ whole("case look_alike_basis when 'industry_and_class' then others_in_both when 'class' then others_in_class when 'all' then others end") }}
            as look_alikes
    from chosen
)

select * from final
