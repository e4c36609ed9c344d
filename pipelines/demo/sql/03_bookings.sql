-- What was booked: invoice lines, direct costs, and the general ledger that must agree with them to the cent.

-- Campaign members first, since a campaign moves revenue: customers of a kind in turn treated and control. One campaign of two years ago
-- worked, the other, among customers who need nothing, changed nothing.
create table campaign_candidate as
select
    customer.customer_id,
    customer.number,
    row_number() over (order by customer.number) as place,
    customer.archetype_name
from customer
where
    customer.archetype_name in ('development', 'process_trouble')
    and coalesce(customer.case_name, '') not in ('two_accounts', 'unknown_chosen', 'parts_missing', 'same_estimate_twice');

create table old_campaign_member as
select
    'worked' as effect,
    customer_id,
    place % 2 = 0 as is_control
from campaign_candidate
where place > 8 and place <= 56
union all
select
    'nothing',
    customer_id,
    row_number() over (order by number) % 2 = 0
from customer
where archetype_name = 'maintain' and case_name is null;

-- Invoices with their day. Wholesale customers order more often the larger they are.
create table invoice as
with planned as (
    select
        customer.*,
        month.month_index,
        month.starts_on,
        month.ends_on,
        month.season,
        month.years,
        unnest(range(times('invoices', pair(customer.number, month.month_index), customer.invoices_a_month)))
            as sequence
    from customer
    cross join month
    where month.month_index between customer.first_month and customer.last_month
),

dated as (
    select
        planned.*,
        concat_ws('|', number, month_index, sequence) as invoice_key,
        case
            -- Collective invoices of large customers are posted on the last day, whatever the weekday.
            when sequence = 0 and annual_revenue > 400000 then ends_on
            -- Some Swiss invoices carry a Sunday, when no rate is published.
            when currency_code = 'CHF' and draw('sunday', concat_ws('|', number, month_index, sequence)) < 0.2
                then cast(starts_on + cast(7 - isodow(starts_on) as integer) as date)
            else working_day(cast(starts_on + pick('day', concat_ws('|', number, month_index, sequence), 28) as date))
        end as posting_date
    from planned
)

select
    number,
    customer_id,
    case_name,
    archetype_name,
    company_id,
    currency_code,
    terms_days,
    late_days,
    trouble,
    discount,
    cogs_share,
    group_count,
    first_group,
    month_index,
    sequence,
    invoice_key,
    posting_date,
    1 + pick('lines', invoice_key, 4) as line_count,
    -- Expected net amount of a line in euros: the year's revenue spread over months, invoices and 2.5 lines.
    annual_revenue / 12 * power(1 + growth, years) * season / invoices_a_month / 2.5
    * case when case_name = 'negative_revenue' and month_index >= getvariable('months') - 12 then 0.1 else 1 end
    * case
        when
            month_index >= getvariable('months') - 12
            and customer_id in (select customer_id from campaign_candidate where place <= 32 and place % 2 = 1)
            then 1.18
        else 1
    end
    * case
        when
            month_index >= getvariable('months') - 13
            and customer_id in (select customer_id from old_campaign_member where effect = 'worked' and not is_control)
            then 1.4
        else 1
    end as line_amount,
    row_number() over (partition by company_id order by posting_date, invoice_key) as document_number
from dated;

create table invoice_line as
with numbered as (
    select
        invoice.*,
        unnest(range(1, line_count + 1)) as line_no
    from invoice
),

drawn as (
    select
        numbered.*,
        pair(invoice_key, line_no) as line_key,
        md5_number_lower(concat_ws('|', getvariable('seed'), 'line', invoice_key, line_no)) as bits,
        md5_number_upper(concat_ws('|', getvariable('seed'), 'line', invoice_key, line_no)) as more_bits
    from numbered
),

valued as (
    select
        drawn.*,
        (bits & 2097151) / 2097152.0 as u1,
        ((bits >> 21) & 2097151) / 2097152.0 as u2,
        ((bits >> 42) & 2097151) / 2097152.0 as u3,
        (more_bits & 2097151) / 2097152.0 as u4,
        ((more_bits >> 21) & 2097151) / 2097152.0 as u5,
        ((more_bits >> 42) & 2097151) / 2097152.0 as u6
    from drawn
),

priced as (
    select
        valued.*,
        -- A customer buys from some groups only, and most from its first.
        case when u6 > 0.97 then 7 else (first_group + cast(floor(u2 * u2 * group_count) as integer)) % 7 end as group_index,
        coalesce(case_name = 'promotions_only', false) or u5 < 0.06 as is_promotion,
        greatest(
            100,
            cast(round(
                100 * line_amount * (0.4 + 1.2 * u1) / (1 - discount) * case currency_code when 'CHF' then 0.95 else 1 end
            ) as bigint)
        ) as gross_cents
    from valued
)

select
    company_id,
    company_id || '-R' || lpad(cast(document_number as varchar), 7, '0') as invoice_id,
    document_number,
    line_no,
    'RE' as doc_type,
    posting_date,
    month_index,
    number,
    case
        when case_name = 'merged' and posting_date < (select valid_from from customer_id_change)
            then (select old_customer_id from customer_id_change)
        else customer_id
    end as customer_id,
    group_index,
    case
        -- Lump sums carry a group only.
        when u6 < 0.03 then null
        when group_index = 7 then 'D' || (90001 + cast(floor(u3 * 6) as integer))
        else 'A' || (10001 + 100 * group_index + cast(floor(u3 * 10) as integer))
    end as product_id,
    1 + cast(floor(u4 * u4 * 120) as integer) as quantity,
    currency_code,
    gross_cents,
    cast(round(gross_cents * discount * (0.7 + 0.6 * u5) * case when is_promotion then 1.5 else 1 end) as bigint)
        as deduction_cents,
    cast(round(gross_cents * cogs_share * (0.96 + 0.08 * u3) * case when group_index = 7 then 0.6 else 1 end) as bigint)
        as cogs_cents,
    cast(null as varchar) as reference_invoice_id,
    is_promotion,
    cast(null as varchar) as defect,
    invoice_key,
    terms_days,
    late_days,
    case_name
from priced;

-- Returns and price corrections some weeks later: goods come back in two of three cases. A few name no invoice.
insert into invoice_line
select
    company_id,
    company_id || '-G' || lpad(cast(document_number as varchar), 7, '0') as invoice_id,
    document_number,
    line_no,
    'GU',
    credit_date,
    datediff('month', cast(getvariable('first_day') as date), credit_date),
    number,
    customer_id,
    group_index,
    product_id,
    -quantity,
    currency_code,
    -gross_cents,
    -deduction_cents,
    case when draw('returned', pair(invoice_key, line_no)) < 0.66 then -cogs_cents else 0 end,
    case when draw('reference', pair(invoice_key, line_no)) < 0.93 then invoice_id end,
    is_promotion,
    null,
    invoice_key,
    terms_days,
    late_days,
    case_name
from (
    select
        *,
        working_day(cast(posting_date + 10 + pick('credited', pair(invoice_key, line_no), 50) as date)) as credit_date
    from invoice_line
    where
        line_no = 1
        and draw('credit', invoice_key) < case
            when case_name = 'negative_revenue' then 0.5
            when case_name = 'process_trouble' then 0.09
            else 0.022
        end
)
where credit_date <= getvariable('last_day');

-- One customer sends back more than it bought in the last year.
insert into invoice_line
select
    company_id, company_id || '-G9000001', 9000001, 1, 'GU',
    working_day(cast(getvariable('last_day') - interval 3 month as date)),
    datediff('month', cast(getvariable('first_day') as date), working_day(cast(getvariable('last_day') - interval 3 month as date))),
    number, customer_id, first_group,
    'A' || (10001 + 100 * first_group), -40, currency_code, -3180000, -190800, -2050000,
    null, false, null, 'return', terms_days, late_days, case_name
from customer where case_name = 'negative_revenue';

-- Cancellations of whole invoices three days later.
insert into invoice_line
select
    company_id,
    company_id || '-S' || lpad(cast(document_number as varchar), 7, '0'),
    document_number,
    line_no,
    'ST',
    least(last_day(posting_date), working_day(cast(posting_date + 3 as date))),
    month_index,
    number,
    customer_id,
    group_index,
    product_id,
    -quantity,
    currency_code,
    -gross_cents,
    -deduction_cents,
    -cogs_cents,
    invoice_id,
    is_promotion,
    null,
    invoice_key,
    terms_days,
    late_days,
    case_name
from invoice_line
where doc_type = 'RE' and currency_code = 'EUR' and draw('cancel', invoice_key) < 0.003;

-- Written one delivery later: a price correction, found at the year's audit and posted into a month that was published already.
insert into invoice_line
select
    company_id, company_id || '-G900000' || line_no, 9000002, line_no, 'GU',
    cast(getvariable('last_day') - interval 4 month as date),
    datediff('month', cast(getvariable('first_day') as date), cast(getvariable('last_day') - interval 4 month as date)),
    number, customer_id, first_group, 'A' || (10001 + 100 * first_group), -10 * line_no, currency_code, -485000 * line_no, -43650 * line_no, 0,
    null, false, null, 'correction', terms_days, late_days, case_name
from customer, range(2, 4) as lines (line_no)
where getvariable('is_corrected') and case_name = 'maintain';

-- Sales to the sister company and to ourselves: never scored, always reconciled.
insert into invoice_line
select
    '1000', '1000-I' || lpad(cast(2 * month.month_index + partner.position as varchar), 7, '0'), month.month_index, 1, 'RE',
    working_day(cast(month.starts_on + 19 as date)), month.month_index, 0, partner.customer_id, month.month_index % 7,
    'A' || (10001 + 100 * (month.month_index % 7)), 10, 'EUR',
    partner.cents + pick('partner', pair(partner.customer_id, month.month_index), 200000), 0,
    cast(partner.cents * 0.93 as bigint),
    null, false, null, 'partner', 30, 0, null
from month, (values (0, '090001', 6500000), (1, '090002', 310000)) as partner (position, customer_id, cents);

-- Nobody knows customer 099999: its invoices are booked all the same.
insert into invoice_line
select
    '1000', '1000-U' || lpad(cast(month.month_index as varchar), 7, '0'), month.month_index, 1, 'RE',
    working_day(cast(month.starts_on + 12 as date)), month.month_index, 0, '099999', 5,
    'A10501', 3, 'EUR', 84000 + pick('unknown', month.month_index, 90000), 2500, 51000,
    null, false, null, 'unknown', 30, 0, null
from month where month.month_index % 3 = 1;

-- Real bookings whose record in the file is broken: rejected by the landing, part of the ledger.
insert into invoice_line
select
    '1000', '1000-X' || lpad(cast(2 * month.month_index + kind.position as varchar), 7, '0'), month.month_index, 1, 'RE',
    working_day(cast(month.starts_on + 6 + kind.position as date)), month.month_index, 0, '010016', kind.position, 'A10101', 5, 'EUR',
    120000 + 1000 * kind.position + pick('broken', pair(kind.position, month.month_index), 99000), 9000, 78000,
    null, false, kind.defect, 'broken', 30, 0, null
from
    month,
    (values (0, 'bad_number'), (1, 'no_customer'), (2, 'bad_value')) as kind (position, defect)
where (getvariable('months') - 1 - month.month_index) % 5 = kind.position;

-- In euros, in whole cents: by the booked net amount where the ERP has one, else by the last rate.
alter table invoice_line add column local_net_cents bigint;

alter table invoice_line add column rate_units integer;

update invoice_line set rate_units = rate_on_day.rate_units
from rate_on_day
where rate_on_day.day = invoice_line.posting_date and invoice_line.currency_code = 'CHF';

-- The bank's rate was a little worse than the published one.
update invoice_line set local_net_cents = divided((gross_cents - deduction_cents) * 10000, rate_units + 28)
where
    currency_code = 'CHF'
    and gross_cents <> deduction_cents
    and draw('booked', pair(invoice_id, line_no)) < 0.3;

create view booked_line as
select
    invoice_key,
    company_id,
    month_index,
    number,
    group_index,
    case
        when currency_code = 'EUR' then gross_cents
        when local_net_cents is not null
            then divided(cast(gross_cents as hugeint) * local_net_cents, gross_cents - deduction_cents)
        else divided(cast(gross_cents as hugeint) * 10000, rate_units)
    end as gross_cents,
    case
        when currency_code = 'EUR' then deduction_cents
        -- The rounding of a booked amount goes to the deductions.
        when local_net_cents is not null
            then divided(cast(gross_cents as hugeint) * local_net_cents, gross_cents - deduction_cents) - local_net_cents
        else divided(cast(deduction_cents as hugeint) * 10000, rate_units)
    end as deduction_cents,
    case
        when currency_code = 'EUR' then cogs_cents
        when local_net_cents is not null
            then divided(cast(cogs_cents as hugeint) * local_net_cents, gross_cents - deduction_cents)
        else divided(cast(cogs_cents as hugeint) * 10000, rate_units)
    end as cogs_cents
from invoice_line;

-- Freight and handling follow the invoices; marketing comes in spring and autumn; some costs name no customer.
create table direct_cost as
with monthly as (
    select
        company_id,
        number,
        min(customer_id) as customer_id,
        currency_code,
        month_index,
        sum(gross_cents) as gross_cents,
        count(*) as line_count
    from invoice_line
    where number > 0 and doc_type = 'RE'
    group by company_id, number, currency_code, month_index
)

select
    monthly.company_id,
    monthly.customer_id,
    'Logistik' as cost_type,
    month.ends_on as posting_date,
    monthly.month_index,
    cast(
        monthly.gross_cents
        * case when customer.case_name = 'loss_by_logistics' then 0.3 else 0.025 + 0.02 * draw('freight', monthly.number) end
        + 900 * monthly.line_count as bigint
    ) as amount_cents,
    'EUR' as currency_code
from monthly
inner join month using (month_index)
inner join customer using (number)
union all
select
    monthly.company_id,
    monthly.customer_id,
    'Marketing',
    cast(month.starts_on + 14 as date),
    monthly.month_index,
    cast(monthly.gross_cents * case when customer.case_name = 'loss_by_marketing' then 0.9 else 0.06 end as bigint) + 2500,
    monthly.currency_code
from monthly
inner join month using (month_index)
inner join customer using (number)
where month(month.starts_on) in (3, 9, 10)
union all
select
    '1000',
    null,
    case when month.month_index % 4 = 0 then 'Marketing' else 'Logistik' end,
    cast(month.starts_on + 20 as date),
    month.month_index,
    45000 + pick('unassigned_cost', month.month_index, 60000),
    'EUR'
from month;

create view booked_cost as
select
    direct_cost.company_id,
    direct_cost.month_index,
    direct_cost.cost_type,
    case
        when direct_cost.currency_code = 'EUR' then direct_cost.amount_cents
        else divided(
            cast(direct_cost.amount_cents as hugeint) * 10000,
            rate_on_day.rate_units
        )
    end as amount_cents
from direct_cost
left join rate_on_day on direct_cost.posting_date = rate_on_day.day;

create table ledger as
select company_id, month_index, 'Bruttoerlöse' as account_group, sum(gross_cents) as amount_cents
from booked_line group by company_id, month_index
union all
select company_id, month_index, 'Erlösschmälerungen', sum(deduction_cents) from booked_line group by company_id, month_index
union all
select company_id, month_index, 'Wareneinsatz', sum(cogs_cents) from booked_line group by company_id, month_index
union all
-- The trial balance lists an account in months nothing was booked on it, too: with 0.
select
    sold.company_id,
    sold.month_index,
    account.account_group,
    coalesce(sum(booked_cost.amount_cents), 0)
from
    (select distinct company_id, month_index from booked_line) as sold
cross join (values ('Marketing'), ('Service und Logistik')) as account (account_group)
left join booked_cost
    on
        sold.company_id = booked_cost.company_id
        and sold.month_index = booked_cost.month_index
        and account.account_group = case booked_cost.cost_type when 'Marketing' then 'Marketing' else 'Service und Logistik' end
group by sold.company_id, sold.month_index, account.account_group
union all
-- The sales organisation belongs to the first company. A twelfth of the year's cost, so that twelve months are the year.
select
    '1000',
    month.month_index,
    pool.account_group,
    divided(pool.year_cents * month(month.starts_on), 12) - divided(pool.year_cents * (month(month.starts_on) - 1), 12)
from
    month,
    (
        values
        ('Vertrieb Außendienst', getvariable('field_pool_year_cents')),
        ('Vertrieb Innendienst', getvariable('inside_pool_year_cents'))
    ) as pool (account_group, year_cents);
