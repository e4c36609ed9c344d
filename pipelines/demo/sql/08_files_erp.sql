-- The ERP's files: one view each, columns as their headers. `_sort` orders the records and is not written; `_tail` is
-- written after the last field as it is (a record with too many fields). Broken records are marked below.

create view "Kundenstamm" as
select
    customer_id as "Kundennummer",
    customer_name as "Name",
    'Kunde' as "Kontoart",
    currency_code as "Währung",
    country_code as "Land",
    region as "Region",
    postal_code as "PLZ",
    industry_code as "Branche",
    regexp_extract(customer_name, '(GmbH & Co\. KG|GmbH|AG|KG|SE|eG)$') as "Rechtsform",
    german_date(first_invoice_date) as "Erste Rechnung",
    cast(
        case
            when case_name in ('late_payer', 'insolvent') then 350
            else 110 + pick('credit', number, 200) + case archetype_name when 'late_payer' then 80 else 0 end
        end as varchar
    ) as "Bonitätsindex",
    german_cents_grouped(100000 * greatest(5, cast(annual_revenue / 5000 as bigint))) as "Kreditlimit",
    cast(terms_days as varchar) as "Zahlungsziel Tage",
    german_date(case when case_name = 'insolvent' then cast(getvariable('last_day') - interval 3 month as date) end) as "Insolvent seit",
    german_date(case when case_name = 'blocked' then cast(getvariable('last_day') - interval 2 month as date) end) as "Gesperrt seit",
    case when case_name in ('top_star', 'group_de', 'group_chf') then 'J' when number % 9 = 0 then null else 'N' end as "Schlüsselkunde",
    owner_rep_id as "Betreuer",
    customer_id as _sort,
    null as _tail
from customer
union all
select *, col0, null from (
    values
    ('090001', 'Nordkontor Schwestergesellschaft GmbH', 'Verbund', 'EUR', 'DE', 'Nord', '20457', 'G46', 'GmbH', '02.01.2015', '100', null, '30', null, null, 'N', null),
    ('090002', 'Eigenbedarf Werkstatt', 'Intern', 'EUR', 'DE', 'West', '44135', null, null, '02.01.2015', null, null, '0', null, null, 'N', null),
    -- not a number; value not allowed; name missing
    ('089001', 'Küstenwind Projektentwicklung GmbH', 'Interessent', 'EUR', 'DE', 'Nord', '26382', 'D35', 'GmbH', null, 'k. A.', null, null, null, null, 'N', 'VT02'),
    ('089002', 'Grenzland Baustoffpartner KG', 'Partner', 'EUR', 'DE', 'West', '52062', 'G46', 'KG', null, '210', null, null, null, null, 'N', 'VT03'),
    ('089003', null, 'Interessent', 'EUR', 'DE', 'Süd', '86150', 'C28', 'GmbH', null, '230', null, null, null, null, 'N', 'VT11')
)
union all
select
    '08000' || number, lead_name, 'Interessent', 'EUR', 'DE', 'Ost', '0' || (1067 + number), 'C28', null, null, cast(200 + 10 * number as varchar), null, null,
    null, null, 'N', 'VT' || lpad(cast(number as varchar), 2, '0'), '08000' || number, null
from lead where number <= 4;

create view "Konzernstruktur" as
select
    customer_id as "Kundennummer",
    parent_id as "Übergeordnet",
    german_date(valid_from) as "Gültig ab",
    german_date(valid_to) as "Gültig bis",
    customer_id || valid_from as _sort,
    null as _tail
from customer_parent;

create view "Kundenumschluesselung" as
select
    old_customer_id as "Alte Kundennummer",
    customer_id as "Neue Kundennummer",
    german_date(valid_from) as "Gültig ab",
    old_customer_id as _sort,
    null as _tail
from customer_id_change;

create view "Artikelstamm" as
select
    product_id as "Artikelnummer",
    product_name as "Bezeichnung",
    product_group as "Warengruppe",
    offering_level as "Angebotsstufe",
    german_flag(is_service) as "Dienstleistung",
    product_id as _sort,
    null as _tail
from product
union all
-- value not allowed; never sold
select 'A19999', 'Muster ohne Einordnung', 'Werkzeuge', 'Premium', 'N', 'A19999', null;

-- One file per legal entity. The second one writes thousands signs and no product groups.
create view invoice_record as
with field as (
    select
        company_id,
        invoice_id,
        line_no,
        case when defect = 'bad_value' then 'XX' else doc_type end as doc_type,
        posting_date,
        case when defect = 'no_customer' then null else customer_id end as customer_id,
        product_id,
        case
            when company_id = '1000' or product_id is null
                then (select product_group.name from product_group where product_group.position = invoice_line.group_index)
        end as product_group,
        case when defect = 'bad_number' then '12 Stk' else quantity || case when quantity % 7 = 3 then ',5' else '' end end as quantity,
        currency_code,
        case company_id when '2000' then german_cents_grouped(gross_cents) else german_cents(gross_cents) end as gross,
        case company_id when '2000' then german_cents_grouped(deduction_cents) else german_cents(deduction_cents) end as deductions,
        case company_id when '2000' then german_cents_grouped(cogs_cents) else german_cents(cogs_cents) end as cogs,
        german_cents(local_net_cents) as local_net,
        reference_invoice_id,
        is_promotion
    from invoice_line
)

select
    field.company_id,
    field.invoice_id,
    field.line_no,
    field.doc_type,
    german_date(field.posting_date) as posting_date,
    field.customer_id,
    field.product_id,
    field.product_group,
    field.quantity,
    field.currency_code,
    field.gross,
    field.deductions,
    field.cogs,
    field.local_net,
    field.reference_invoice_id,
    german_flag(field.is_promotion) as is_promotion,
    strftime(field.posting_date, '%Y%m%d') || field.invoice_id || lpad(cast(field.line_no as varchar), 3, '0') as _sort
from field
-- Some records stand twice, the same in every field: one booking, delivered twice.
cross join (values (1), (2)) as copies (copy)
where copy = 1 or (field.line_no = 2 and field.currency_code = 'EUR' and draw('copied', field.invoice_id) < 0.0005)
    or (copy = 2 and field.line_no = 1 and field.invoice_id = '1000-U0000001');

create macro invoice_file(company) as table
select
    company_id as "Buchungskreis",
    invoice_id as "Belegnummer",
    line_no as "Position",
    doc_type as "Belegart",
    posting_date as "Buchungsdatum",
    customer_id as "Kundennummer",
    product_id as "Artikelnummer",
    product_group as "Warengruppe",
    quantity as "Menge",
    currency_code as "Währung",
    gross as "Bruttobetrag",
    deductions as "Erlösschmälerung",
    cogs as "Wareneinsatz",
    local_net as "Netto Hauswährung",
    reference_invoice_id as "Bezugsbeleg",
    is_promotion as "Aktion",
    _sort,
    null as _tail
from invoice_record where company_id = company;

create view "Rechnungspositionen_1000" as select * from invoice_file('1000');

create view "Rechnungspositionen_2000" as select * from invoice_file('2000');

create view "Auftraege" as
with record as (
    select
        order_id,
        customer_id,
        german_date(order_date) as order_date,
        channel,
        cast(change_count as varchar) as change_count,
        cast(error_count as varchar) as error_count,
        strftime(order_date, '%Y%m%d') || order_id as _sort
    from sales_order
)

select
    order_id as "Auftragsnummer",
    customer_id as "Kundennummer",
    order_date as "Auftragsdatum",
    channel as "Kanal",
    change_count as "Änderungen",
    error_count as "Fehler",
    _sort,
    null as _tail
from record
union all
-- delivered twice
select *, null from record where draw('order_copied', order_id) < 0.0002 or order_id = (select min(order_id) from record)
union all
-- no such day; not the declared date; channel not allowed; not a number; customer missing
select *, null from (
    values
    ('AU9-0000001', '010016', '31.02.' || year(getvariable('last_day')), 'ID', '0', '0', '9'),
    ('AU9-0000002', '010016', '2026-03-15', 'ID', '0', '0', '9'),
    ('AU9-0000003', '010016', german_date(getvariable('last_day')), 'FAX', '0', '0', '9'),
    ('AU9-0000004', '010016', german_date(getvariable('last_day')), 'ID', 'drei', '0', '9'),
    ('AU9-0000005', null, german_date(getvariable('last_day')), 'ID', '0', '0', '9')
)
union all
-- too many fields
select 'AU9-0000006', '010016', german_date(getvariable('last_day')), 'ID', '0', '0', '9', ';Rückfrage; siehe Notiz';

create view "Offene_Posten" as
with record as (
    select
        company_id,
        invoice_id,
        cast(item_no as varchar) as item_no,
        customer_id,
        german_cents_grouped(amount_cents) as amount,
        currency_code,
        german_date(due_date) as due_date,
        german_date(cleared_date) as cleared_date,
        german_flag(is_disputed) as is_disputed,
        strftime(due_date, '%Y%m%d') || company_id || invoice_id || item_no as _sort
    from open_item
)

select
    company_id as "Buchungskreis",
    invoice_id as "Belegnummer",
    item_no as "Posten",
    customer_id as "Kundennummer",
    amount as "Betrag",
    currency_code as "Währung",
    due_date as "Fälligkeit",
    cleared_date as "Ausgleich",
    is_disputed as "Strittig",
    _sort,
    null as _tail
from record
union all
select *, null from record where invoice_id = (select min(invoice_id) from record)
union all
-- a placeholder for a day; customer missing; truth value not allowed
select *, null from (
    values
    ('1000', '1000-R9999991', '1', '010016', '1.190,00', 'EUR', '00.00.0000', null, 'N', '9'),
    ('1000', '1000-R9999992', '1', null, '238,00', 'EUR', german_date(getvariable('last_day')), null, 'N', '9'),
    ('1000', '1000-R9999993', '1', '010016', '59,50', 'EUR', german_date(getvariable('last_day')), null, '?', '9')
);

create view "Einzelkosten" as
select
    company_id as "Buchungskreis",
    customer_id as "Kundennummer",
    cost_type as "Kostenart",
    german_date(posting_date) as "Buchungsdatum",
    german_cents(amount_cents) as "Betrag",
    currency_code as "Währung",
    strftime(posting_date, '%Y%m%d') || company_id || coalesce(customer_id, '') as _sort,
    null as _tail
from direct_cost;

create view "Hauptbuch" as
select
    ledger.company_id as "Buchungskreis",
    strftime(month.starts_on, '%Y-%m') as "Periode",
    ledger.account_group as "Kontengruppe",
    german_cents_grouped(cast(ledger.amount_cents as bigint)) as "Saldo",
    strftime(month.starts_on, '%Y-%m') || ledger.company_id || ledger.account_group as _sort,
    null as _tail
from ledger
inner join month using (month_index);

create view "Umsatzhistorie" as
select
    customer_id as "Kundennummer",
    fiscal_year as "Geschäftsjahr",
    german_cents_grouped(net_cents) as "Nettoumsatz",
    customer_id || fiscal_year as _sort,
    null as _tail
from history;

create view "Eroeffnung_Portfolio" as
select
    customer_id as "Kundennummer",
    german_date(as_of_date) as "Stichtag",
    case zone
        when 'protection' then 'Schutzzone'
        when 'development' then 'Entwicklungszone'
        when 'maintain' then 'Pflegezone'
        else 'Rückzug'
    end as "Zone",
    potential_state as "Potenzial",
    attractiveness_state as "Attraktivität",
    german_cents_grouped(contribution_cents) as "Deckungsbeitrag IV",
    customer_id as _sort,
    null as _tail
from opening;

create view "Wechselkurse" as
select
    german_date(rate_date) as "Kursdatum",
    currency_code as "Währung",
    (rate_units // 10000) || ',' || lpad(cast(rate_units % 10000 as varchar), 4, '0') as "Einheiten je EUR",
    strftime(rate_date, '%Y%m%d') as _sort,
    null as _tail
from rate;
