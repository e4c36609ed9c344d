-- One row per shown as-of date, customer and product group it buys nothing of, where something speaks for it: it did a year before (lapsed), or
-- most of its look-alikes do (missing). What it did itself says more than what others do: a lapsed group is not missing (METHOD 1.21).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

customers as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer' and {{ is_shown() }}
),

look_alikes as (
    select * from {{ ref('int_potential__look_alikes') }}
),

delivered_from as (
    select * from {{ ref('int_contribution__delivered_from') }}
),

-- 'unknown' is no group: it stands for products nobody can place.
bought as (
    select
        product_groups.as_of_date,
        product_groups.ultimate_parent_id,
        product_groups.product_group,
        product_groups.net_revenue
    from {{ ref('int_potential__product_group') }} as product_groups
    inner join dates on product_groups.as_of_date = dates.as_of_date
    where product_groups.net_revenue > 0 and product_groups.product_group <> 'unknown'
),

-- A year that is delivered only in part would make what was bought before it look as if it never was.
before as (
    select
        dates.as_of_date,
        months.ultimate_parent_id,
        months.product_group,
        {{ money('sum(months.gross_list_revenue - months.revenue_deductions)') }} as net_revenue
    from {{ ref('int_contribution__revenue_by_parent') }} as months
    inner join dates
        on
            months.known_at = dates.known_at
            and months.first_as_of_date <= dates.as_of_date
            and months.last_as_of_date >= dates.as_of_date
            and months.month_start >= dates.prior_window_start
            and months.month_start < dates.window_start
    inner join delivered_from
        on
            dates.as_of_date = delivered_from.as_of_date
            and delivered_from.first_month <= dates.prior_window_start
    where months.product_group <> 'unknown'
    group by dates.as_of_date, months.ultimate_parent_id, months.product_group
),

lapsed as (
    select
        before.as_of_date,
        before.ultimate_parent_id,
        before.product_group,
        before.net_revenue
    from before
    inner join customers
        on
            before.as_of_date = customers.as_of_date
            and before.ultimate_parent_id = customers.ultimate_parent_id
    left join bought
        on
            before.as_of_date = bought.as_of_date
            and before.ultimate_parent_id = bought.ultimate_parent_id
            and before.product_group = bought.product_group
    where before.net_revenue > 0 and bought.product_group is null
),

-- Who buys a group, and what part of their revenue it is: counted once in the smallest classes, the larger ones are sums of them.
buyers as (
    select
        bought.as_of_date,
        look_alikes.abc_class,
        look_alikes.industry_code,
        bought.product_group,
        count(*) as buyers,
        sum(bought.net_revenue) as group_revenue,
        sum(look_alikes.net_revenue) as whole_revenue
    from bought
    inner join look_alikes
        on
            bought.as_of_date = look_alikes.as_of_date
            and bought.ultimate_parent_id = look_alikes.ultimate_parent_id
    group by bought.as_of_date, look_alikes.abc_class, look_alikes.industry_code, bought.product_group
),

{% set bases = [
    ('industry_and_class', "abc_class || ' / ' || industry_code", 'industry_code is not null'),
    ('class', 'abc_class', 'true'),
    ('all', "'all'", 'true'),
] %}

buyers_by_class as (
    {% for basis, class_key, others in bases -%}
    select
        as_of_date,
        '{{ basis }}' as look_alike_basis,
        {{ class_key }} as look_alike_class,
        product_group,
        sum(buyers) as buyers,
        sum(group_revenue) as group_revenue,
        sum(whole_revenue) as whole_revenue
    from buyers
    where {{ others }}
    group by 1, 2, 3, 4
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

classes as (
    select
        as_of_date,
        ultimate_parent_id,
        net_revenue,
        look_alike_basis,
        case look_alike_basis
            {% for basis, class_key, _ in bases -%}
            when '{{ basis }}' then {{ class_key }}
            {% endfor -%}
        end as look_alike_class,
        look_alikes
    from look_alikes
    where look_alike_basis is not null
),

-- Few: a customer buys only so many groups, so only so many can be bought by most of a class. Whoever is asked buys nothing of the group and
-- is none of its buyers.
usual as (
    select
        classes.as_of_date,
        classes.ultimate_parent_id,
        classes.look_alikes,
        buyers_by_class.product_group,
        buyers_by_class.buyers,
        -- The part of its revenue that the group is with those who buy it; not more than they buy of it on average, or the largest customers of a
        -- class would promise what nobody buys.
        {{ money('least('
            ~ exact_div('classes.net_revenue * buyers_by_class.group_revenue', 'buyers_by_class.whole_revenue', 2, decimals=4) ~ ', '
            ~ exact_div('buyers_by_class.group_revenue', 'buyers_by_class.buyers', 2)
            ~ ')') }} as usual_revenue
    from classes
    inner join buyers_by_class
        on
            classes.as_of_date = buyers_by_class.as_of_date
            and classes.look_alike_basis = buyers_by_class.look_alike_basis
            and classes.look_alike_class = buyers_by_class.look_alike_class
    where 2 * buyers_by_class.buyers > classes.look_alikes
),

missing as (
    select usual.*
    from usual
    left join bought
        on
            usual.as_of_date = bought.as_of_date
            and usual.ultimate_parent_id = bought.ultimate_parent_id
            and usual.product_group = bought.product_group
    left join lapsed
        on
            usual.as_of_date = lapsed.as_of_date
            and usual.ultimate_parent_id = lapsed.ultimate_parent_id
            and usual.product_group = lapsed.product_group
    where bought.product_group is null and lapsed.product_group is null
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        'missing' as group_signal,
        usual_revenue as likely_revenue,
        {{ whole('buyers') }} as look_alike_buyers,
        look_alikes
    from missing
    union all
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        'lapsed' as group_signal,
        net_revenue as likely_revenue,
        {{ whole('null') }} as look_alike_buyers,
        {{ whole('null') }} as look_alikes
    from lapsed
)

select * from final
