-- The CRM's world: accounts with and without a customer, the people there, what is asked for, campaigns.

create table lead as
select
    number,
    ['promising', 'promising', 'one_sided', 'one_sided', 'poor', 'disqualified', 'unrated'][1 + (number - 1) % 7] as lead_kind,
    concat_ws(
        ' ',
        getvariable('places')[1 + pick('lead_place', number, len(getvariable('places')))],
        getvariable('trades')[1 + pick('lead_trade', number, len(getvariable('trades')))],
        case when getvariable('customers') > 2000 then 'Werk ' || number end,
        getvariable('legal_forms')[1 + pick('lead_form', number, len(getvariable('legal_forms')))]
    ) as lead_name
from range(1, greatest(14, cast(0.06 * getvariable('customers') as integer)) + 1) as numbers (number);

create table account as
with everybody as (
    select
        'KTO-' || (100000 + number) as account_id,
        customer_id,
        customer_name as account_name,
        owner_rep_id,
        cast(coalesce(first_invoice_date, getvariable('last_day') - interval 3 year) - to_days(30 + pick('created', number, 200)) as date) as created_on,
        cast(null as varchar) as lead_status,
        cast(null as varchar) as lead_kind,
        number,
        case_name,
        archetype_name,
        currency_code,
        levels,
        visits,
        calls,
        trouble,
        demand,
        achievable,
        annual_revenue,
        first_month
    from customer
    where coalesce(case_name, '') <> 'no_account' and (case_name is not null or draw('account', number) > 0.02)
    union all
    -- A second account of one customer, kept by another rep.
    select
        'KTO-' || (100000 + number) || 'B', customer_id, customer_name || ' (Einkauf)', 'VT14',
        cast(first_invoice_date + 900 as date), null, null, number, 'second_account', archetype_name, currency_code,
        levels, visits / 3, calls / 3, trouble, demand, achievable, annual_revenue, first_month
    from customer where case_name in ('two_accounts', 'same_estimate_twice')
    union all
    -- Leads: no customer id; the first four are also kept as rows of type lead in the ERP.
    select
        'KTO-' || (800000 + number),
        case when number <= 4 then '08000' || number end,
        lead_name,
        case when draw('lead_owner', number) > 0.1 then 'VT' || lpad(cast(1 + pick('lead_rep', number, 17) as varchar), 2, '0') end,
        cast(getvariable('last_day') - interval 20 month + to_days(pick('lead_created', number, 420)) as date),
        case lead_kind when 'disqualified' then 'aussortiert' when 'promising' then 'qualifiziert' else 'offen' end,
        lead_kind,
        800000 + number,
        null,
        'lead',
        'EUR',
        case lead_kind
            when 'promising' then [4, 4, 4, 4, 4, 3, 3]
            when 'one_sided' then [4, 2, 2, 2, 2, 3, 3]
            else [2, 2, 2, 2, 2, 3, 3]
        end,
        case lead_kind when 'promising' then 5 when 'one_sided' then 3 else 1 end,
        8,
        0,
        1,
        0.5,
        case lead_kind when 'promising' then 420000 when 'one_sided' then 180000 else 30000 end,
        getvariable('months') - 14
    from lead
    union all
    -- Somebody keeps an account for the sister company.
    select
        'KTO-090001', '090001', 'Nordkontor Schwestergesellschaft GmbH', 'VT18',
        cast(cast(getvariable('first_day') as date) - 400 as date), null, null, 90001, 'intercompany', 'intercompany', 'EUR',
        [3, 3, 3, 3, 3, 3, 3], 2, 4, 0, 1, 1, 0, 0
)

select
    everybody.*,
    coalesce(lead_kind is not null and draw('wish', number) < 0.4, false) as is_wish_customer,
    case when draw('referral', account_id) < 0.25 then 1 + pick('referrals', account_id, 4) else 0 end as referrals,
    levels[1] >= 4 and draw('development', account_id) < 0.3 as has_co_development,
    levels[2] >= 4 and draw('marketing', account_id) < 0.25 as has_co_marketing,
    1 + pick('contacts', account_id, 4) as contact_count,
    'VI' || lpad(cast(1 + pick('inside', account_id, 9) as varchar), 2, '0') as inside_rep_id
from everybody;

create table contact as
select
    'AP' || substr(account_id, 5) || '-' || contact_number as contact_id,
    account_id,
    (['Anwender', 'Einkäufer', 'Entscheider', 'Beeinflusser', 'Initiator', 'Türsteher'])[
        1 + (contact_number - 1 + pick('role', account_id, 3)) % 6
    ] as buying_role,
    case
        when draw('access_known', pair(account_id, contact_number)) < 0.9
            then greatest(1, least(5, levels[2] + pick('access', pair(account_id, contact_number), 3) - 1))
    end as access_level,
    draw('external', pair(account_id, contact_number)) < 0.06 as is_external,
    draw('informal', pair(account_id, contact_number)) < 0.12 as is_informal
from account, lateral (select unnest(range(1, contact_count + 1)) as contact_number)
where archetype_name <> 'intercompany';

create table opportunity as
with drawn as (
    select
        account.*,
        opportunity_number,
        pair(account_id, opportunity_number) as opportunity_key,
        cast(
            getvariable('last_day') - to_days(10 + pick('opened', pair(account_id, opportunity_number), 420))
            as date
        ) as created_on_day
    from account, lateral (select unnest(range(1, times('opportunities', account_id, 0.6) + 1)) as opportunity_number)
    where archetype_name <> 'intercompany'
),

closed as (
    select
        drawn.*,
        case
            when draw('closed', opportunity_key) < 0.6
                then cast(created_on_day + 20 + pick('closing', opportunity_key, 120) as date)
        end as closing_day
    from drawn
)

select
    'VC' || substr(account_id, 5) || '-' || opportunity_number as opportunity_id,
    account_id,
    case
        when draw('opportunity_group', opportunity_key) < 0.9
            then (select product_group.name from product_group where product_group.position = pick('pg', opportunity_key, 8))
    end as product_group,
    100 * greatest(500, cast(annual_revenue * (0.02 + 0.2 * draw('volume', opportunity_key)) as bigint)) as amount_cents,
    currency_code,
    case
        when closing_day <= getvariable('last_day') then 'Abgeschlossen'
        else (['Qualifizierung', 'Angebot', 'Verhandlung'])[1 + pick('stage', opportunity_key, 3)]
    end as stage,
    created_on_day as created_on,
    case when closing_day <= getvariable('last_day') then closing_day end as closed_on,
    case when closing_day <= getvariable('last_day') then draw('won', opportunity_key) < 0.2 + 0.1 * levels[4] end as is_won
from closed;

create table service_rating as
select
    account.account_id,
    service.name as offering,
    (['Basis', 'Differenzierend', 'Begeisternd', 'Faszinierend'])[
        greatest(1, least(4, service.level + pick('seen', pair(account.account_id, service.position), 3) - 1))
    ] as offering_level,
    (['schlechter', 'gleich', 'gleich', 'besser', null])[
        1 + pick('parity', pair(account.account_id, service.position), 5)
    ] as parity
from account, service
where
    account.archetype_name not in ('intercompany', 'lead')
    and draw('service_rating', account.account_id) < 0.4
    and draw('service_seen', pair(account.account_id, service.position)) < 0.6;

-- One focus a quarter. Two of two years ago can be judged, three are not over for a year yet, the last is only planned.
create table campaign as
select
    'KAMP-' || position as campaign_id,
    name,
    year(starts_on) || '-Q' || quarter(starts_on) as quarter,
    focus_criterion,
    starts_on,
    cast(starts_on + interval 3 month - interval 1 day as date) as ends_on,
    position
from (
    select
        position,
        name,
        focus_criterion,
        cast(date_trunc('month', cast(getvariable('last_day') as date)) - to_months(months_before) as date) as starts_on
    from (
        values
        (1, 'Zugang zu Entscheidern', 'Zugang zu Entscheidern', 11),
        (2, 'Bestellprozesse vereinfachen', 'Prozessreife', 2),
        (3, 'Lieferanteil zurückgewinnen', 'Offenes Potenzial', 5),
        (4, 'Strategiegespräche', 'Strategieklarheit', -1),
        (5, 'Lieferanteil ausbauen', 'Offenes Potenzial', 14),
        (6, 'Jahresgespräche', 'Chemie', 14)
    ) as planned (position, name, focus_criterion, months_before)
);

create table campaign_member as
with candidate as (
    select customer_id, 1 as position, place from campaign_candidate where place <= 32
    union all
    select customer_id, 2, row_number() over (order by number)
    from campaign_candidate where archetype_name = 'process_trouble' and place > 32
    union all
    select customer_id, 3, row_number() over (order by number)
    from customer where archetype_name = 'falling_share'
    union all
    select customer_id, case effect when 'worked' then 5 else 6 end, case when is_control then 2 else 1 end
    from old_campaign_member
)

select
    'KAMP-' || candidate.position as campaign_id,
    account.account_id,
    candidate.place % 2 = 0 as is_control
from candidate
inner join account on candidate.customer_id = account.customer_id and account.case_name is distinct from 'second_account'
where candidate.place <= 32;
