-- One row per as-of date and scored parent: product groups bought in the 12 months over product groups offered. A month that is only
-- replayed has none unless an axis stands on them.
with

dates as (
    {{ dates_asked(['int_potential__penetration'], with_compared=true) }}
),

parents as (
    select parents.*
    from {{ ref('int_customers__parents') }} as parents
    inner join dates on parents.as_of_date = dates.as_of_date
    where parents.is_scored
),

product_groups as (
    select * from {{ ref('int_potential__product_group') }}
),

-- What stands in the catalogue or on any line: a group sold outside the catalogue is offered, too. 'unknown' is no group: it stands
-- for products nobody can place.
groups_known as (
    select dates.as_of_date, products.product_group
    from dates
    inner join {{ ref('stg_erp__products') }} as products on {{ is_known('products', 'dates') }}
    union
    select dates.as_of_date, lines.product_group
    from dates
    inner join {{ ref('int_contribution__lines_by_month') }} as lines
        on {{ is_known('lines', 'dates') }} and lines.month_start <= dates.as_of_date
),

offered as (
    select
        as_of_date,
        {{ whole('count(product_group)') }} as groups_offered
    from groups_known
    where product_group <> 'unknown'
    group by as_of_date
),

bought as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole("count_if(net_revenue > 0 and product_group <> 'unknown')") }} as groups_bought
    from product_groups
    group by as_of_date, ultimate_parent_id
),

-- Who bought nothing bought none of the groups: that is known, not missing.
measured as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        coalesce(bought.groups_bought, 0) as groups_bought,
        offered.groups_offered,
        {{ ratio(exact_div('coalesce(bought.groups_bought, 0)', 'offered.groups_offered')) }} as penetration_ratio
    from parents
    left join bought
        on
            parents.as_of_date = bought.as_of_date
            and parents.ultimate_parent_id = bought.ultimate_parent_id
    left join offered on parents.as_of_date = offered.as_of_date
)

select * from measured
