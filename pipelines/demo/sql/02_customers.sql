-- Who they are: legal entities, groups, products, people in sales. The tables role, archetype, product_group,
-- service and rep and the lists places, trades, legal_forms, industries and regions come from cast.py.

create table customer as
with numbered as (
    select
        number,
        '0' || (getvariable('first_number') + number) as customer_id,
        role.case_name,
        pick('archetype', number, 1000) as lot,
        role.archetype as role_archetype,
        role.revenue as role_revenue,
        role.name as role_name,
        role.country as role_country,
        role.parent as role_parent
    from range(1, getvariable('customers') + 1) as numbers (number)
    left join role using (number)
),

placed as (
    select
        numbered.*,
        archetype.name as archetype_name,
        coalesce(role_country, case when number % 90 = 61 then 'CH' when number % 31 = 17 then 'AT' else 'DE' end) as country_code,
        pick('region', number, 4) as region_index,
        coalesce(
            role_revenue,
            greatest(2500, 66000 * archetype.size * exp(1.12 * bell('size', number)))
        ) as annual_revenue
    from numbered
    inner join archetype
        on
            numbered.role_archetype = archetype.name
            or (
                numbered.role_archetype is null
                and numbered.lot between archetype.share_from and archetype.share_to - 1
            )
)

select
    placed.number,
    placed.customer_id,
    placed.case_name,
    placed.archetype_name,
    coalesce(
        placed.role_name,
        concat_ws(
            ' ',
            getvariable('places')[1 + pick('place', placed.number, len(getvariable('places')))],
            getvariable('trades')[1 + pick('trade', placed.number, len(getvariable('trades')))],
            case when getvariable('customers') > 2000 or draw('suffix', placed.number) < 0.15 then 'Werk ' || placed.number end,
            case
                when placed.country_code = 'CH' then 'AG'
                else getvariable('legal_forms')[1 + pick('form', placed.number, len(getvariable('legal_forms')))]
            end
        )
    ) as customer_name,
    placed.country_code,
    case placed.country_code when 'CH' then 'CHF' else 'EUR' end as currency_code,
    -- The second legal entity invoices the south and Switzerland.
    case when placed.country_code = 'CH' or placed.region_index = 3 then '2000' else '1000' end as company_id,
    getvariable('regions')[1 + placed.region_index] as region,
    case
        when placed.country_code = 'DE'
            then lpad(cast(1000 + pick('postal', placed.number, 98000) as varchar), 5, '0')
        else cast(1000 + pick('postal', placed.number, 8900) as varchar)
    end as postal_code,
    getvariable('industries')[1 + pick('industry', placed.number, len(getvariable('industries')))] as industry_code,
    placed.annual_revenue,
    case placed.case_name
        when 'losing_share' then -0.24
        when 'manipulated' then -0.01
        when 'review_small' then -0.12
        else archetype.growth
    end
    + case when placed.role_revenue is null then 0.03 * bell('growth', placed.number) else 0 end as growth,
    archetype.discount
    * case
        when placed.case_name = 'big_loss' then 1.07
        when placed.case_name = 'loss_by_price' then 2.7
        when placed.case_name is not null then 1
        else 0.85 + 0.3 * draw('discount', placed.number)
    end as discount,
    case placed.case_name
        when 'let_rest' then 0.97
        when 'loss_by_goods' then 0.93
        when 'review_star' then 0.45
        when 'review_small' then 0.5
        else archetype.cogs + 0.02 * bell('cogs', placed.number)
    end as cogs_share,
    archetype.late_days,
    case placed.case_name when 'manipulated' then 1.32 else archetype.demand end as demand,
    archetype.achievable,
    case placed.case_name
        when 'manipulated' then [5, 4, 4, 4, 4, 4, 4]
        when 'review_star' then [2, 2, 2, 2, 2, 5, 5]
        when 'review_small' then [1, 2, 2, 2, 2, 3, 3]
        else archetype.levels
    end as levels,
    archetype.trouble,
    archetype.visits
    * case placed.case_name
        when 'over_served' then 3.5
        when 'big_loss' then 3
        when 'calm_maintain' then 0.25
        when 'served_star' then 1.4
        when 'losing_rhythm' then 1.4
        when 'losing_share' then 1.4
        when 'loss_by_price' then 0.5
        when 'loss_by_logistics' then 0.2
        when 'loss_by_marketing' then 0.2
        when 'loss_by_goods' then 0.2
        when 'idle' then 0
        when 'never_bought' then 0.1
        else 1
    end
    * least(1.9, greatest(0.55, 0.6 + placed.annual_revenue / 320000)) as visits,
    archetype.calls
    * case placed.case_name when 'idle' then 0 else 1 end
    * least(1.6, greatest(0.5, 0.6 + placed.annual_revenue / 400000)) as calls,
    -- First and last month with bookings.
    case
        when placed.archetype_name = 'new_customer'
            then getvariable('months') - 3 - pick('joined', placed.number, 7)
        else 0
    end as first_month,
    case
        when placed.archetype_name = 'lapsed' then getvariable('months') - 14 - pick('lapsed', placed.number, 6)
        when placed.case_name = 'insolvent' then getvariable('months') - 4
        when placed.case_name = 'churn_risk' then getvariable('months') - 5
        when placed.case_name = 'losing_rhythm' then getvariable('months') - 4
        when placed.case_name = 'idle' then getvariable('months') - 14
        -- In the master data, and never on an invoice.
        when placed.case_name = 'never_bought' then -1
        else getvariable('months') - 1
    end as last_month,
    case placed.case_name when 'few_orders' then 0.35 else 1 end
    * greatest(0.22, least(9.0, power(placed.annual_revenue / 12 / 8500.0, 0.8))) as invoices_a_month,
    2 + pick('groups', placed.number, 4) as group_count,
    pick('first_group', placed.number, 7) as first_group,
    [14, 30, 30, 30, 45, 60][1 + pick('terms', placed.number, 6)] as terms_days,
    placed.role_parent
from placed
inner join archetype on placed.archetype_name = archetype.name;

-- The day of the first invoice: years before the first delivered month, or in the month a new customer joined.
alter table customer add column first_invoice_date date;

update customer set first_invoice_date = case
    when case_name = 'never_bought' then null
    when archetype_name = 'new_customer'
        then (select cast(month.starts_on + 9 as date) from month where month.month_index = customer.first_month)
    else
        cast(
            cast(getvariable('first_day') as date)
            - cast(floor(
                case
                    when archetype_name = 'free_rider' then 200 + 500 * draw('since', number)
                    when case_name is not null then 2200 + 6800 * draw('since', number)
                    else 150 + 6800 * draw('since', number)
                end
            ) as integer) as date
        )
end;

-- Valid-dated group structure: fixed groups, one customer that changed its group, and pairs among the others.
create table customer_parent as
select customer_id, role_parent as parent_id, date '1990-01-01' as valid_from, cast(null as date) as valid_to
from customer
where role_parent is not null and case_name <> 'moved_parent'
union all
select customer_id, 'G00003', date '1990-01-01', cast(getvariable('last_day') - interval 9 month as date)
from customer where case_name = 'moved_parent'
union all
select customer_id, 'G00001', cast(getvariable('last_day') - interval 9 month + interval 1 day as date), null
from customer where case_name = 'moved_parent'
union all
select '0' || (getvariable('first_number') + number), '0' || (getvariable('first_number') + number - 1), date '1990-01-01', null
from customer where case_name is null and number % 40 = 15;

-- The first 12 months the merged customer was booked under an id that no longer exists.
create table customer_id_change as
select
    '009926' as old_customer_id,
    customer_id,
    cast(getvariable('last_day') - interval 12 month + interval 1 day as date) as valid_from
from customer where case_name = 'merged';

-- Ten products per group; services are the last group.
create table product as
select
    'A' || (10001 + 100 * product_group.position + item) as product_id,
    product_group.name || ' Typ ' || chr(cast(65 + item as integer))
    || (10 * (1 + pick('type', product_group.position * 100 + item, 90))) as product_name,
    product_group.name as product_group,
    product_group.position as group_index,
    item,
    (['Basis', 'Basis', 'Basis', 'Differenzierend', 'Begeisternd'])[
        1 + pick('offering', product_group.position * 100 + item, 5)
    ] as offering_level,
    false as is_service
from product_group, range(10) as items (item)
where product_group.position < 7
union all
select
    'D' || (90001 + service.position),
    service.name,
    (select product_group.name from product_group where product_group.position = 7),
    7,
    service.position,
    service.offering_level,
    true
from service;

-- Who looks after whom: large ones the key account team, the others a rep of their half of the country.
alter table customer add column owner_rep_id varchar;

update customer set owner_rep_id = case
    when case_name = 'no_owner' then null
    when case_name is null and draw('no_owner', number) < 0.015 then null
    when case_name = 'rep_left' then getvariable('rep_who_left')
    when annual_revenue > 900000 then (['VT18', 'VT19', 'VT20'])[1 + pick('rep', number, 3)]
    when region in ('Nord', 'West') then 'VT' || lpad(cast(1 + pick('rep', number, 8) as varchar), 2, '0')
    -- Most customers of the rep who left have a new one by now.
    when pick('rep', number, 9) = 0 and draw('handed_over', number) > 0.3 then 'VT10'
    else 'VT' || lpad(cast(9 + pick('rep', number, 9) as varchar), 2, '0')
end;
