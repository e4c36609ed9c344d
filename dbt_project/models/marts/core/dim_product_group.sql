-- One row per as-of date and product group that is offered, sold or estimated.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

offered as (
    select
        dates.as_of_date,
        products.product_group,
        {{ whole('count(*)') }} as product_count,
        max(case when products.is_service then 1 else 0 end) = 1 as has_services
    from dates
    inner join {{ ref('stg_erp__products') }} as products on {{ is_known('products', 'dates') }}
    group by dates.as_of_date, products.product_group
),

used as (
    select dates.as_of_date, lines.product_group
    from dates
    inner join {{ ref('int_contribution__lines_by_month') }} as lines
        on {{ is_known('lines', 'dates') }} and lines.month_start <= dates.as_of_date
    union
    select dates.as_of_date, estimates.product_group
    from dates
    inner join {{ ref('int_potential__estimates') }} as estimates on dates.as_of_date = estimates.as_of_date
    union
    select as_of_date, product_group from offered
),

final as (
    select
        used.as_of_date,
        used.product_group,
        offered.product_group is not null as is_offered,
        coalesce(offered.product_count, 0) as product_count,
        coalesce(offered.has_services, false) as has_services,
        {{ is_latest('used') }} as is_latest,
        parameters.method_version
    from used
    cross join parameters
    left join offered
        on
            used.as_of_date = offered.as_of_date
            and used.product_group = offered.product_group
)

select * from final
