-- What follows from bookings: orders before them, open items after them, and the years before the delivered ones.

create table sales_order as
select
    'AU' || replace(invoice_id, '-R', '-') as order_id,
    any_value(invoice_line.customer_id) as customer_id,
    any_value(invoice_line.number) as number,
    working_day(cast(any_value(posting_date) - 2 - pick('order', invoice_key, 8) as date)) as order_date,
    ['AD', 'AD', 'ID', 'ID', 'ID', 'WEB', 'WEB', 'EDI'][1 + pick('channel', invoice_key, 8)] as channel,
    times('changes', invoice_key, 0.06 + 2.2 * any_value(customer.trouble)) as change_count,
    times('errors', invoice_key, any_value(customer.trouble)) as error_count
from invoice_line
inner join customer using (number)
where doc_type = 'RE' and number > 0 and defect is null
group by invoice_id, invoice_key
union all
-- Ordered in the last days and not invoiced yet.
select
    'AU0-' || lpad(cast(number as varchar), 6, '0') || '-' || sequence,
    customer_id,
    number,
    cast(getvariable('last_day') - to_days(pick('open_order', pair(number, sequence), 10)) as date),
    ['AD', 'ID', 'WEB', 'EDI'][1 + pick('open_channel', pair(number, sequence), 4)],
    0,
    0
from customer, lateral (select unnest(range(times('open_orders', number, invoices_a_month / 2.6))) as sequence)
where last_month = getvariable('months') - 1
union all
-- Ordered again after a year without an invoice, and not delivered yet.
select 'AU0-' || lpad(cast(number as varchar), 6, '0') || '-0', customer_id, number, cast(getvariable('last_day') - interval 6 day as date), 'WEB', 0, 0
from customer where case_name = 'idle';

create table open_item as
with document as (
    select
        company_id,
        invoice_id,
        doc_type,
        invoice_key,
        any_value(customer_id) as customer_id,
        any_value(case_name) as case_name,
        any_value(currency_code) as currency_code,
        any_value(late_days) as late_days,
        any_value(posting_date) as posting_date,
        cast(any_value(posting_date) + any_value(terms_days) as date) as due_date,
        sum(gross_cents - deduction_cents) as net_cents
    from invoice_line
    where number > 0 and defect is null
    group by company_id, invoice_id, doc_type, invoice_key
),

split as (
    select
        document.*,
        doc_type = 'RE' and (draw('dispute', invoice_key) < 0.012 or (case_name = 'disputed' and draw('dispute', invoice_key) < 0.4))
            as has_dispute
    from document
),

item as (
    select
        split.* exclude (has_dispute),
        1 as item_no,
        net_cents - case when has_dispute then net_cents // 5 else 0 end as amount_cents,
        false as is_disputed
    from split
    union all
    select split.* exclude (has_dispute), 2, net_cents // 5, true from split where has_dispute
),

paid as (
    select
        item.*,
        cast(
            due_date
            + cast(round(
                late_days * (0.6 + 0.8 * draw('late', invoice_key)) + 3 * bell('late_noise', invoice_key)
                + case when is_disputed then 60 else 0 end
            ) as integer) as date
        ) as paid_on
    from item
)

select
    company_id,
    invoice_id,
    item_no,
    customer_id,
    amount_cents,
    currency_code,
    due_date,
    case
        when case_name = 'insolvent' and posting_date > getvariable('last_day') - interval 8 month then null
        when paid_on <= cast(getvariable('delivered_at') as date) then greatest(paid_on, posting_date)
    end as cleared_date,
    is_disputed
from paid;

-- Revenue of fiscal years before the delivered lines; the last of them overlaps with the first delivered months.
create table history as
select
    customer.customer_id,
    years.fiscal_year,
    cast(round(
        100 * customer.annual_revenue
        * power(
            1 + customer.growth,
            years.fiscal_year + 0.5 - (year(getvariable('last_day')) + month(getvariable('last_day')) / 12.0 - 0.5)
        )
        * (0.94 + 0.12 * draw('history', pair(customer.number, years.fiscal_year)))
    ) as bigint) as net_cents
from
    customer,
    range(
        year(cast(getvariable('first_day') as date) - 1) - 3,
        year(cast(getvariable('first_day') as date) - 1) + 1
    ) as years (fiscal_year)
where year(customer.first_invoice_date) <= years.fiscal_year and customer.archetype_name <> 'new_customer';

-- Where the company stood before its first run: the zone its people believed in, mostly what it would be today.
create table opening as
with head as (
    select customer_id, number, archetype_name, annual_revenue, growth
    from customer
    where
        archetype_name <> 'new_customer'
        and first_invoice_date is not null
        and customer_id not in (select customer_id from customer_parent where valid_from <= getvariable('opening_day'))
    union all
    select
        customer.role_parent,
        min(customer.number),
        min_by(customer.archetype_name, customer.number),
        max(customer.annual_revenue),
        min_by(customer.growth, customer.number)
    from customer
    where customer.role_parent like 'G%'
    group by customer.role_parent
),

zoned as (
    select
        head.*,
        case
            when draw('opening_zone', number) < 0.14
                then (['protection', 'development', 'maintain', 'withdrawal'])[1 + pick('other', number, 4)]
            when archetype_name in ('star', 'neglected_star', 'hidden_champion') then 'protection'
            when archetype_name in ('development', 'process_trouble', 'late_payer', 'falling_share') then 'development'
            when archetype_name in ('maintain', 'question_mark') then 'maintain'
            else 'withdrawal'
        end as zone
    from head
)

select
    customer_id,
    getvariable('opening_day') as as_of_date,
    zone,
    case when zone in ('protection', 'development') then 'hoch' else 'niedrig' end as potential_state,
    case when zone in ('protection', 'maintain') then 'hoch' else 'niedrig' end as attractiveness_state,
    cast(round(
        100 * annual_revenue * power(1 + growth, -date_diff('month', cast(getvariable('opening_day') as date), cast(getvariable('last_day') as date)) / 12.0)
        * case
            when archetype_name = 'free_rider' then 0.01
            when archetype_name = 'withdrawal' then 0.09
            when zone in ('maintain', 'withdrawal') then 0.29
            else 0.16
        end
        * (0.8 + 0.4 * draw('opening_contribution', number))
    ) as bigint) as contribution_cents
from zoned
where draw('opening', number) < 0.93;
