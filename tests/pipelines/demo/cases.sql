-- Every case the method treats, as a query over the demo's files that must find rows. A name is a line `-- name:`.


--- companies and customers ---

-- two legal entities:
from lines select count(distinct Buchungskreis) as companies having companies = 2;

-- customer in CHF:
from Kundenstamm where Währung = 'CHF';

-- group of a EUR and a CHF entity:
from Konzernstruktur join Kundenstamm using (Kundennummer)
select Übergeordnet group by Übergeordnet having count(distinct Währung) = 2;

-- parent that is a pure group node:
from Konzernstruktur where Übergeordnet not in (select Kundennummer from Kundenstamm);

-- group of three levels:
from Konzernstruktur a join Konzernstruktur b on a.Übergeordnet = b.Kundennummer;

-- customer that changed its group:
from Konzernstruktur where "Gültig bis" <> '';

-- intercompany with sales:
from lines join Kundenstamm using (Kundennummer) where Kontoart = 'Verbund';

-- internal with sales:
from lines join Kundenstamm using (Kundennummer) where Kontoart = 'Intern';

-- lead kept in the ERP:
from Kundenstamm where Kontoart = 'Interessent' and Bonitätsindex <> 'k. A.' and Name <> '';

-- merged customer id with old bookings:
from lines join Kundenumschluesselung on lines.Kundennummer = "Alte Kundennummer"
where day(Buchungsdatum) < day("Gültig ab");

-- merged customer id with new bookings:
from lines join Kundenumschluesselung on lines.Kundennummer = "Neue Kundennummer"
where day(Buchungsdatum) >= day("Gültig ab");

-- insolvent:
from Kundenstamm where "Insolvent seit" <> '';

-- blocked:
from Kundenstamm where "Gesperrt seit" <> '';

-- key account:
from Kundenstamm where Schlüsselkunde = 'J';

-- no owner:
from Kundenstamm where Betreuer = '' and Kontoart = 'Kunde';

-- owner who left:
from Kundenstamm join Mitarbeiter on Betreuer = Mitarbeiter where "Aktiv bis" <> '' and day("Aktiv bis") <= date '2026-09-30';

-- owner who leaves soon:
from Kundenstamm join Mitarbeiter on Betreuer = Mitarbeiter where "Aktiv bis" <> '' and day("Aktiv bis") > date '2026-09-30';

-- customer younger than a year:
from Kundenstamm where day("Erste Rechnung") > date '2025-09-30';

-- umlauts:
from Kundenstamm where Name ~ '.*[äöüß].*';

-- leading zeros:
from Kundenstamm where PLZ like '0%';


--- bookings ---

-- cancellation:
from lines where Belegart = 'ST';

-- credit note with reference:
from lines where Belegart = 'GU' and Bezugsbeleg <> '';

-- credit note without reference:
from lines where Belegart = 'GU' and Bezugsbeleg = '';

-- credit note for an invoice of an earlier month:
from lines g join lines r on g.Bezugsbeleg = r.Belegnummer
where g.Belegart = 'GU' and day(g.Buchungsdatum) > last_day(day(r.Buchungsdatum));

-- price correction: goods stay:
from lines where Belegart = 'GU' and Wareneinsatz = '0,00';

-- negative revenue in twelve months:
from lines select Kundennummer where day(Buchungsdatum) > date '2025-09-30' and Kundennummer = '010030'
group by Kundennummer having sum(cents(Bruttobetrag) - cents(Erlösschmälerung)) < 0;

-- unknown customer:
from lines where Kundennummer not in (select Kundennummer from Kundenstamm) and Kundennummer not in ('', '009926');

-- Swiss posting on a Sunday:
from lines where Währung = 'CHF' and isodow(day(Buchungsdatum)) = 7;

-- booked local amount:
from lines where "Netto Hauswährung" <> '';

-- line with a group only:
from lines where Artikelnummer = '';

-- line with a product only:
from lines where Warengruppe = '';

-- promotion:
from lines where Aktion = 'J';

-- services sold:
from lines join Artikelstamm using (Artikelnummer) where Dienstleistung = 'J';

-- direct cost without customer:
from Einzelkosten where Kundennummer = '';

-- direct cost in CHF:
from Einzelkosten where Währung = 'CHF';

-- lapsed:
from lines select Kundennummer where Belegart = 'RE' group by Kundennummer
having max(day(Buchungsdatum)) < date '2025-09-30';

-- never on an invoice:
from Kundenstamm where "Erste Rechnung" = '' and Kontoart = 'Kunde' and Kundennummer not in (select Kundennummer from lines);

-- ordered again after a year without an invoice:
from Auftraege where Kundennummer = '010063' and day(Auftragsdatum) > date '2026-09-01'
and Kundennummer not in (select Kundennummer from lines where day(Buchungsdatum) > date '2025-09-30');

-- a loss by deductions, by logistics and by marketing:
select count(*) as losers from (
    select
        lines.Kundennummer,
        sum(cents(Erlösschmälerung)) / sum(cents(Bruttobetrag)) as deductions,
        any_value(logistics) / sum(cents(Bruttobetrag)) as logistics,
        any_value(marketing) / sum(cents(Bruttobetrag)) as marketing
    from lines
    join (
        select
            Kundennummer,
            sum(case when Kostenart = 'Logistik' then cents(Betrag) else 0 end) as logistics,
            sum(case when Kostenart = 'Marketing' then cents(Betrag) else 0 end) as marketing
        from Einzelkosten group by Kundennummer
    ) as costs on lines.Kundennummer = costs.Kundennummer
    group by lines.Kundennummer
)
where
    (Kundennummer = '010053' and deductions > 0.25)
    or (Kundennummer = '010054' and logistics > 0.25)
    or (Kundennummer = '010055' and marketing > 0.15)
having losers = 3;

-- revenue history in the first delivered year:
from Umsatzhistorie where Geschäftsjahr = '2023';

-- opening of every zone:
from Eroeffnung_Portfolio select count(distinct Zone) as zones having zones = 4;


--- payments and orders ---

-- paid late:
from Offene_Posten where day(Ausgleich) - day(Fälligkeit) > 30;

-- paid early:
from Offene_Posten where day(Ausgleich) < day(Fälligkeit);

-- overdue and open:
from Offene_Posten where Ausgleich = '' and day(Fälligkeit) < date '2026-09-01';

-- disputed part of an invoice:
from Offene_Posten where Strittig = 'J' and Posten = '2';

-- orders with changes:
from Auftraege where Änderungen in ('1', '2');

-- process trouble:
from Auftraege select Kundennummer where Kundennummer in ('010011', '010012', '010013')
group by Kundennummer having avg(try_cast(Fehler as integer)) > 0.08;


--- CRM ---

-- lead without customer:
from Konten where Kundennummer = '' and Kontoname <> '';

-- lead disqualified:
from Konten where "Lead-Status" = 'aussortiert';

-- wish customer:
from Konten where Wunschkunde = 'J';

-- customer with two accounts:
from Konten select Kundennummer where Kundennummer <> '' group by Kundennummer having count(*) = 2;

-- customer without account:
from Kundenstamm where Kontoart = 'Kunde' and Kundennummer not in (select Kundennummer from Konten);

-- account of the sister company:
from Konten where Kundennummer = '090001';

-- every buying role:
from Ansprechpartner select count(distinct Rolle) as roles having roles = 7;

-- informal and external contacts:
from Ansprechpartner where Extern = 'J' or Informell = 'J';

-- neglected star:
from Konten left join Aktivitaeten using (Konto) select Konto where Konto = 'KTO-100005'
group by Konto having max(moment(Zeitpunkt)) < timestamp '2025-09-01';

-- never contacted:
from Konten where Konto = 'KTO-100006' and Konto not in (select Konto from Aktivitaeten);

-- duplicate activity:
from Aktivitaeten select Konto, Art, Mitarbeiter, Zeitpunkt group by all having count(distinct Aktivität) > 1;

-- back-dated activity:
from Aktivitaeten where moment("Erfasst am") > moment(Zeitpunkt) + interval 15 day;

-- future-dated activity:
from Aktivitaeten where moment(Zeitpunkt) > timestamp '2026-10-02';

-- recorded after the month:
from Aktivitaeten where month(moment("Erfasst am")) <> month(moment(Zeitpunkt));

-- missing duration:
from Aktivitaeten where "Dauer Minuten" = '';

-- no contact and no result:
from Aktivitaeten where Ansprechpartner = '' and Ergebnis = '' and Art = 'Besuch';

-- activity on an unknown account:
from Aktivitaeten where Konto not in (select Konto from Konten) and Konto <> '';

-- activity on the sister company:
from Aktivitaeten where Konto = 'KTO-090001';

-- activity on a blocked customer:
from Aktivitaeten where Konto = 'KTO-100025' and moment(Zeitpunkt) > timestamp '2026-08-01';

-- more than twelve hours on a day:
from Aktivitaeten select Mitarbeiter, moment(Zeitpunkt)::date group by all having sum(try_cast("Dauer Minuten" as integer)) > 720;

-- overlapping visits:
from Aktivitaeten a join Aktivitaeten b on a.Mitarbeiter = b.Mitarbeiter and a.Aktivität <> b.Aktivität and a.Konto <> b.Konto
where a.Art = 'Besuch' and b.Art = 'Besuch' and moment(b.Zeitpunkt) > moment(a.Zeitpunkt)
  and moment(b.Zeitpunkt) < moment(a.Zeitpunkt) + to_minutes(try_cast(a."Dauer Minuten" as integer));

-- ten entries within ten minutes on five days:
select Mitarbeiter from (
    from Aktivitaeten select Mitarbeiter, moment("Erfasst am")::date as day
    group by all having count(*) >= 10 and max(moment("Erfasst am")) - min(moment("Erfasst am")) <= interval 10 minute
) group by Mitarbeiter having count(*) >= 5;

-- only whole hours:
from Aktivitaeten select Mitarbeiter where Art = 'Besuch' and "Dauer Minuten" <> '' group by Mitarbeiter
having count(*) > 50 and avg((try_cast("Dauer Minuten" as integer) % 60 = 0)::integer) > 0.8;

-- team week with no entry:
select week from (
    select distinct date_trunc('week', moment(Zeitpunkt)) as week from Aktivitaeten where moment(Zeitpunkt) between '2026-06-01' and '2026-09-01'
) where week not in (
    select date_trunc('week', moment(Zeitpunkt)) from Aktivitaeten
    where Mitarbeiter in ('VT18', 'VT19', 'VT20') and moment(Zeitpunkt) is not null
);

-- activity in a campaign:
from Aktivitaeten where Kampagne <> '';

-- campaign with ten in each arm:
from Kampagnenteilnehmer select Kampagne group by Kampagne
having count(*) filter (where Kontrollgruppe = 'J') >= 10 and count(*) filter (where Kontrollgruppe = 'N') >= 10;

-- campaigns that ended a year ago and more, with ten in each arm:
from Kampagnen join Kampagnenteilnehmer using (Kampagne)
select Kampagne where day(Ende) <= date '2025-09-30' group by Kampagne
having count(*) filter (where Kontrollgruppe = 'J') >= 10 and count(*) filter (where Kontrollgruppe = 'N') >= 10;

-- campaign too small to judge:
from Kampagnenteilnehmer select Kampagne group by Kampagne having count(*) < 20;

-- campaign without members:
from Kampagnen where Kampagne not in (select Kampagne from Kampagnenteilnehmer);

-- open and won opportunities:
from Chancen select count(distinct Gewonnen) as states where Gewonnen <> 'vielleicht' having states = 3;

-- satisfaction from the customer:
from Bewertungen where Herkunft = 'Kunde' and Kriterium = 'Zufriedenheit';

-- question mark that became content:
from Bewertungen select Konto where Herkunft = 'Kunde' and Stufe = '5' and day("Gültig ab") = date '2026-09-09'
group by Konto having count(distinct Kriterium) = 2;

-- two raters:
from Bewertungen select Konto, Kriterium, "Gültig ab" where Herkunft = 'Mitarbeiter' group by all having count(distinct "Bewertet von") = 2;

-- unknown chosen:
from Bewertungen where Stufe = 'unbekannt';

-- customer nobody rated:
from Konten where Kundennummer <> '' and Konto not in (select Konto from Bewertungen);

-- ratings older than 730 days only:
from Bewertungen select Konto group by Konto having max(day("Gültig ab")) < date '2024-09-30';

-- estimates older than 730 days only:
from Bedarfsschaetzungen select Konto group by Konto having max(day("Gültig ab")) < date '2024-09-30';

-- rated days before the cut-off:
from Bewertungen where day("Gültig ab") > date '2026-09-23' and Konto = 'KTO-100035';

-- a good customer rated down on the last afternoon:
from Bewertungen select count(*) as ratings
where Konto = 'KTO-100061' and Stufe = '1' and moment("Erfasst am") between '2026-09-30 16:00:00' and '2026-09-30 17:00:00'
having ratings = 5;

-- back-dated rating:
from Bewertungen where moment("Erfasst am") > day("Gültig ab") + interval 31 day;

-- rater who gives everybody the same:
from Bewertungen select "Bewertet von" where Herkunft = 'Mitarbeiter' group by all having count(*) > 50 and count(distinct Stufe) = 1;

-- one demand on two accounts of a customer:
from Bedarfsschaetzungen a join Bedarfsschaetzungen b using (Warengruppe, Jahresbedarf, Währung, "Gültig ab", Stufe)
where a.Konto = 'KTO-100062' and b.Konto = 'KTO-100062B';

-- demand of zero:
from Bedarfsschaetzungen where Jahresbedarf = '0,00';

-- demand without a stage:
from Bedarfsschaetzungen where Stufe = '';

-- need and demand:
from Bedarfsschaetzungen where Stufe in ('Bedarf', 'Nachfrage');

-- demand that doubled:
from Bedarfsschaetzungen a join Bedarfsschaetzungen b using (Konto, Warengruppe, Stufe)
where day(a."Gültig ab") < day(b."Gültig ab") and cents(b.Jahresbedarf) > 1.5 * cents(a.Jahresbedarf) and Konto = 'KTO-100033';

-- estimate in CHF:
from Bedarfsschaetzungen where Währung = 'CHF';

-- estimate without achievable share:
from Bedarfsschaetzungen where "Erreichbarer Anteil" = '';

-- offering as the customer sees it:
from Leistungsbewertungen where Wettbewerb = 'schlechter';

-- override in force:
from Zonenvorgaben where day("Läuft ab") > date '2026-09-30' and Kundennummer = '010028';

-- override expired:
from Zonenvorgaben where day("Läuft ab") < date '2026-09-30';


--- what the landing rejects ---

-- rejected: number, bookings:
from lines where Menge = '12 Stk';

-- rejected: customer missing, bookings:
from lines where Kundennummer = '';

-- rejected: value, bookings:
from lines where Belegart = 'XX';

-- rejected: same record twice, bookings:
select Belegnummer, Position from lines group by Buchungskreis, Belegnummer, Position having count(*) > 1;

-- rejected: number:
from Auftraege where Änderungen = 'drei';

-- rejected: no such day:
from Auftraege where Auftragsdatum like '31.02.%';

-- rejected: date not as declared:
from Auftraege where Auftragsdatum like '____-__-__';

-- rejected: value:
from Auftraege where Kanal = 'FAX';

-- rejected: missing:
from Aktivitaeten where Konto = '';

-- rejected: outside the scale:
from Bewertungen where Stufe = '6';

-- rejected: half a level:
from Bewertungen where Stufe = '3,5';

-- rejected: one id, two records:
from Ansprechpartner select Ansprechpartner group by Ansprechpartner having count(distinct Rolle) > 1;

-- rejected: too many fields, orders:
from "Auftraege!";

-- rejected: too many fields, activities:
from "Aktivitaeten!";
