-- The CRM's files; see 08_files_erp.sql for `_sort` and `_tail`.

create view "Konten" as
select
    account_id as "Konto",
    customer_id as "Kundennummer",
    account_name as "Kontoname",
    owner_rep_id as "Betreuer",
    german_date(created_on) as "Angelegt am",
    lead_status as "Lead-Status",
    german_flag(is_wish_customer) as "Wunschkunde",
    referrals as "Empfehlungen",
    german_flag(has_co_development) as "Gemeinsame Entwicklung",
    german_flag(has_co_marketing) as "Gemeinsames Marketing",
    account_id as _sort,
    null as _tail
from account
union all
-- name missing
select 'KTO-899999', null, null, 'VT01', null, 'offen', 'N', 0, 'N', 'N', 'KTO-899999', null;

create view "Ansprechpartner" as
select
    contact_id as "Ansprechpartner",
    account_id as "Konto",
    buying_role as "Rolle",
    cast(access_level as varchar) as "Zugang",
    german_flag(is_external) as "Extern",
    german_flag(is_informal) as "Informell",
    contact_id as _sort,
    null as _tail
from contact
union all
-- one id, two different records; a level outside the scale; a role not allowed
select *, null from (
    values
    ('AP999990-1', 'KTO-100016', 'Entscheider', '4', 'N', 'N', '9'),
    ('AP999990-1', 'KTO-100016', 'Anwender', '2', 'N', 'N', '9'),
    ('AP999990-2', 'KTO-100016', 'Einkäufer', '7', 'N', 'N', '9'),
    ('AP999990-3', 'KTO-100016', 'Chef', '3', 'N', 'N', '9')
);

create view "Aktivitaeten" as
with record as (
    select
        activity_id,
        account_id,
        kind,
        german_time(activity_at) as activity_at,
        german_time(recorded_at) as recorded_at,
        cast(duration_minutes as varchar) as duration_minutes,
        rep_id,
        contact_id,
        outcome,
        campaign_id,
        strftime(recorded_at, '%Y%m%d%H%M%S') || activity_id as _sort
    from activity
)

select
    activity_id as "Aktivität",
    account_id as "Konto",
    kind as "Art",
    activity_at as "Zeitpunkt",
    recorded_at as "Erfasst am",
    duration_minutes as "Dauer Minuten",
    rep_id as "Mitarbeiter",
    contact_id as "Ansprechpartner",
    outcome as "Ergebnis",
    campaign_id as "Kampagne",
    _sort,
    null as _tail
from record
union all
select *, null from record where activity_id in ('AK00000005', 'AK00000011')
union all
-- not a number; no such day; time missing; account missing
select *, null from (
    values
    ('AKX00000001', 'KTO-100016', 'Besuch', german_time(getvariable('last_day') - interval 30 day), german_time(getvariable('last_day') - interval 29 day), '2h', 'VT02', null, null, null, '9'),
    ('AKX00000002', 'KTO-100016', 'Besuch', '30.02.' || year(getvariable('last_day')) || ' 09:00:00', german_time(getvariable('last_day') - interval 29 day), '120', 'VT02', null, null, null, '9'),
    ('AKX00000003', 'KTO-100016', 'Telefonat', german_date(getvariable('last_day')), german_time(getvariable('last_day') - interval 29 day), '10', 'VI02', null, null, null, '9'),
    ('AKX00000004', null, 'Telefonat', german_time(getvariable('last_day') - interval 30 day), german_time(getvariable('last_day') - interval 29 day), '10', 'VI02', null, null, null, '9')
)
union all
-- too many fields
select
    'AKX00000005', 'KTO-100016', 'Telefonat', german_time(getvariable('last_day') - interval 30 day),
    german_time(getvariable('last_day') - interval 29 day), '10', 'VI02', null, null, null, '9', ';bitte zurückrufen; eilt';

create view "Chancen" as
select
    opportunity_id as "Chance",
    account_id as "Konto",
    product_group as "Warengruppe",
    german_cents_grouped(amount_cents) as "Volumen",
    currency_code as "Währung",
    stage as "Phase",
    german_date(created_on) as "Angelegt am",
    german_date(closed_on) as "Abgeschlossen am",
    german_flag(is_won) as "Gewonnen",
    opportunity_id as _sort,
    null as _tail
from opportunity
union all
-- truth value not allowed
select 'VC999999-1', 'KTO-100016', 'Werkzeuge', '5.000,00', 'EUR', 'Angebot', german_date(getvariable('last_day')), null, 'vielleicht', '9', null;

create view "Bewertungen" as
with record as (
    select
        account_id,
        criterion_name,
        rater_id,
        rated_by,
        coalesce(cast(level as varchar), 'unbekannt') as level,
        german_date(valid_from) as valid_from,
        german_time(recorded_at) as recorded_at,
        strftime(recorded_at, '%Y%m%d%H%M%S') || account_id || criterion_name || rater_id as _sort
    from rating
)

select
    account_id as "Konto",
    criterion_name as "Kriterium",
    rater_id as "Bewertet von",
    rated_by as "Herkunft",
    level as "Stufe",
    valid_from as "Gültig ab",
    recorded_at as "Erfasst am",
    _sort,
    null as _tail
from record
union all
select *, null from record where account_id = 'KTO-100015' and criterion_name = 'Chemie'
union all
-- outside the scale; half a level; a word
select *, null from (
    values
    ('KTO-100016', 'Chemie', 'VT01', 'Mitarbeiter', '6', german_date(getvariable('last_day')), german_time(getvariable('last_day')), '9'),
    ('KTO-100016', 'Chemie', 'VT03', 'Mitarbeiter', '3,5', german_date(getvariable('last_day')), german_time(getvariable('last_day')), '9'),
    ('KTO-100016', 'Chemie', 'VT04', 'Mitarbeiter', 'gut', german_date(getvariable('last_day')), german_time(getvariable('last_day')), '9')
);

create view "Bedarfsschaetzungen" as
select
    account_id as "Konto",
    product_group as "Warengruppe",
    german_cents_grouped(demand_cents) as "Jahresbedarf",
    currency_code as "Währung",
    (achievable_percent // 100) || ',' || lpad(cast(achievable_percent % 100 as varchar), 2, '0') as "Erreichbarer Anteil",
    demand_stage as "Stufe",
    german_date(valid_from) as "Gültig ab",
    german_time(recorded_at) as "Erfasst am",
    strftime(recorded_at, '%Y%m%d%H%M%S') || account_id || product_group || coalesce(demand_stage, '') as _sort,
    null as _tail
from estimate
union all
-- a share above one; demand is known, the stage is not allowed
select *, null from (
    values
    ('KTO-100016', 'Werkzeuge', '50.000,00', 'EUR', '1,20', 'Effektive Nachfrage', german_date(getvariable('last_day')), german_time(getvariable('last_day')), '9'),
    ('KTO-100016', 'Hydraulik', '12.000,00', 'EUR', '0,80', 'Wunsch', german_date(getvariable('last_day')), german_time(getvariable('last_day')), '9')
);

create view "Kampagnen" as
select
    campaign_id as "Kampagne",
    name as "Bezeichnung",
    quarter as "Quartal",
    focus_criterion as "Schwerpunkt",
    german_date(starts_on) as "Beginn",
    german_date(ends_on) as "Ende",
    campaign_id as _sort,
    null as _tail
from campaign;

create view "Kampagnenteilnehmer" as
select
    campaign_id as "Kampagne",
    account_id as "Konto",
    german_flag(is_control) as "Kontrollgruppe",
    campaign_id || account_id as _sort,
    null as _tail
from campaign_member;

create view "Leistungsbewertungen" as
select
    account_id as "Konto",
    offering as "Leistung",
    offering_level as "Stufe aus Kundensicht",
    parity as "Wettbewerb",
    account_id || offering as _sort,
    null as _tail
from service_rating;

create view "Mitarbeiter" as
select
    rep_id as "Mitarbeiter",
    case when rep_id like 'VI%' then 'Innendienst' else 'Außendienst' end as "Pool",
    team as "Team",
    '01.01.2018' as "Aktiv ab",
    german_date(
        case rep_id
            when getvariable('rep_who_left') then cast(getvariable('last_day') - interval 6 month as date)
            when getvariable('rep_who_leaves') then cast(getvariable('last_day') + interval 20 day as date)
        end
    ) as "Aktiv bis",
    rep_id as _sort,
    null as _tail
from rep;

create view "Zonenvorgaben" as
select
    customer_id as "Kundennummer",
    case case_name when 'override_active' then 'Entwicklungszone' else 'Schutzzone' end as "Zone",
    case case_name when 'override_active' then 'Übernahme durch Konzern angekündigt' else 'Großprojekt, befristet' end as "Begründung",
    'VL01' as "Gesetzt von",
    german_time(case case_name
        when 'override_active' then cast(getvariable('last_day') as timestamp) - interval 100 day + interval 9 hour
        else cast(getvariable('last_day') as timestamp) - interval 400 day + interval 9 hour
    end) as "Gesetzt am",
    german_date(case case_name
        when 'override_active' then cast(getvariable('last_day') + interval 3 month as date)
        else cast(getvariable('last_day') - interval 60 day as date)
    end) as "Läuft ab",
    customer_id as _sort,
    null as _tail
from customer
where case_name in ('override_active', 'override_expired')
union all
-- zone not allowed
select
    '010016', 'Komfortzone', 'Tippfehler', 'VL01', german_time(cast(getvariable('last_day') as timestamp)),
    german_date(getvariable('last_day') + interval 1 month), '9', null
where exists (select 1 from customer where case_name = 'override_active');
