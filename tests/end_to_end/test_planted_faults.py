"""How well the checks of the sales input find what the demo's files hold: for each check planted, found, found wrongly, missed; printed.

Belongs here: what is wrong in the delivered files, told from them alone in SQL of its own (what was put in on purpose by its id, else the
cell itself, else the rule of METHOD 1.16), beside the rows the checks found; and where each other check is proven. Not here: what a check
means (METHOD 1.16, dbt), that every check finds something (test_demo).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pytest
import yaml

from tests.dbt_project.conftest import PROJECT
from tests.dbt_project.test_input_checks import catalogue
from tests.end_to_end.demo import demo_published
from tests.end_to_end.kundenwert import Company

UNIT_TESTS: Final = PROJECT / "models" / "intermediate" / "input_quality" / "_input_quality__unit_tests.yml"

FILES: Final = {
    "customers": "erp/Kundenstamm.csv",
    "customer_parents": "erp/Konzernstruktur.csv",
    "customer_id_changes": "erp/Kundenumschluesselung.csv",
    "products": "erp/Artikelstamm.csv",
    "invoice_lines": "erp/Rechnungspositionen_*.csv",
    "orders": "erp/Auftraege.csv",
    "open_items": "erp/Offene_Posten.csv",
    "exchange_rates": "erp/Wechselkurse.csv",
    "accounts": "crm/Konten.csv",
    "contacts": "crm/Ansprechpartner.csv",
    "activities": "crm/Aktivitaeten.csv",
    "ratings": "crm/Bewertungen.csv",
    "potential_estimates": "crm/Bedarfsschaetzungen.csv",
    "sales_reps": "crm/Mitarbeiter.csv",
    "zone_overrides": "crm/Zonenvorgaben.csv",
}
"""Table -> file: read as `file_<table>` (its fields as text; records with too many fields left out) and `record_<table>` (whole lines)."""

PREPARED: Final = """
create macro moment(written) as try_strptime(written, '%d.%m.%Y %H:%M:%S');
create macro day(written) as coalesce(moment(written), try_strptime(written, '%d.%m.%Y'))::date;
create macro number(written) as replace(replace(written, '.', ''), ',', '.')::decimal(18, 4);
create table window_of as select last_day - interval 12 months + interval 1 day as first_day, last_day
from (select max(as_of_date) as last_day from found_rows);

-- What the contract of a table refuses is set aside, what is delivered twice is there once; no check sees the rest.
create table customer as select distinct * from file_customers
where Name is not null and Kontoart in ('Kunde', 'Interessent', 'Verbund', 'Intern');
create table account as select distinct * from file_accounts where Kontoname is not null;
create table contact as select * from (select distinct * from file_contacts) as written
qualify count(*) over (partition by Ansprechpartner) = 1;
create table sales_order as select distinct * from file_orders
where day(Auftragsdatum) is not null and Kundennummer is not null;
create table open_item as select distinct * from file_open_items
where day("Fälligkeit") is not null and Kundennummer is not null;
create table zone_override as select distinct * from file_zone_overrides
where Zone in ('Schutzzone', 'Entwicklungszone', 'Pflegezone', 'Rückzug');
create table activity as
select written.*, day(Zeitpunkt) as happened_on, day("Erfasst am") as entered_on, moment("Erfasst am") as entered_at,
    try_cast("Dauer Minuten" as integer) as minutes, day(Zeitpunkt) between first_day and last_day as is_looked_at
from (select distinct * from file_activities) as written, window_of
where moment(Zeitpunkt) is not null and Konto is not null;
create table line as
select written.*, concat_ws('|', Buchungskreis, Belegnummer, Position) as row_id,
    day(Buchungsdatum) between first_day and last_day as is_looked_at
from (select distinct * from file_invoice_lines) as written, window_of
where Belegart in ('RE', 'GU', 'ST') and Kundennummer is not null;
create table rating as
select
    *,
    day("Gültig ab") as valid_on,
    day("Erfasst am") as entered_on,
    concat_ws('|', Konto, criterion, day("Gültig ab")) || case when place > 1 then '#' || place else '' end as row_id,
    valid_on = max(valid_on) over one_rater and moment("Erfasst am") = max(moment("Erfasst am")) over one_rater_and_day as is_in_use
from (
    select *, row_number() over (partition by Konto, Kriterium, "Gültig ab" order by moment("Erfasst am")) as place
    from (select distinct * from file_ratings) as written
    inner join (values
        ('Künftiger Bedarf', 'future_demand'), ('Zugang zu Entscheidern', 'access_decision_makers'),
        ('Prozessreife', 'process_maturity'), ('Chemie', 'chemistry'), ('Strategieklarheit', 'strategy_clarity'),
        ('Wahrgenommener Nutzen', 'perceived_benefit'), ('Zufriedenheit', 'satisfaction')
    ) as named (Kriterium, criterion) using (Kriterium)
    where Stufe in ('1', '2', '3', '4', '5', 'unbekannt')
) as numbered
window
    one_rater as (partition by Konto, Kriterium, "Bewertet von"),
    one_rater_and_day as (partition by Konto, Kriterium, "Bewertet von", "Gültig ab");
create table estimate as
select *, coalesce(Stufe, 'Effektive Nachfrage') as stage, day("Gültig ab") as valid_on, number(Jahresbedarf) as demand,
    concat_ws('|', Konto, Warengruppe, day("Gültig ab")) as row_id
from (select distinct * from file_potential_estimates) as written
where coalesce(Stufe, 'Bedarf') in ('Bedarf', 'Nachfrage', 'Effektive Nachfrage')
    and coalesce(number("Erreichbarer Anteil"), 0) <= 1;

-- Whose a customer and an account is: up every link that holds on the last day; a renamed customer goes on under the new number.
create table top_of as
with recursive link (below, above) as (
    select Kundennummer, "Übergeordnet" from file_customer_parents, window_of
    where day("Gültig ab") <= last_day and coalesce(day("Gültig bis") >= last_day, true)
    union all
    select "Alte Kundennummer", "Neue Kundennummer" from file_customer_id_changes, window_of where day("Gültig ab") <= last_day
),
climbed (customer, above, steps) as (
    select known, known, 0 from (select Kundennummer as known from customer union select below from link)
    union all
    select customer, link.above, steps + 1 from climbed inner join link on climbed.above = link.below
)
select customer, arg_max(above, steps) as top from climbed group by customer;
create table owned_account as
select account.Konto, account.Betreuer, account.Kundennummer, case when account.Kundennummer is null then account.Konto else top end as top
from account left join top_of on account.Kundennummer = top_of.customer;
create table own_company as
select top from customer inner join top_of on customer.Kundennummer = top_of.customer
group by top having bool_and(Kontoart in ('Verbund', 'Intern'));

-- The estimate that is an account's demand: its latest effective demand, else its latest demand.
create table demand_in_use as
with latest as (
    select * from estimate, window_of where valid_on <= last_day
    qualify row_number() over (partition by Konto, Warengruppe, stage order by valid_on desc, moment("Erfasst am") desc) = 1
)
select latest.*, top, Kundennummer
from latest inner join owned_account using (Konto)
where top is not null and stage <> 'Bedarf'
qualify stage = min(stage) over (partition by Konto, Warengruppe);
create table twice_estimated as
select second.row_id from demand_in_use as first inner join demand_in_use as second using (Kundennummer, Warengruppe, demand, valid_on)
where first.Konto < second.Konto;
create table rate as select day(Kursdatum) as rate_day, Währung, number("Einheiten je EUR") as units from file_exchange_rates
union all select date '1990-01-01', 'EUR', 1;
create table demand_of_group as
select top, Warengruppe, sum(demand / units) as demand, min(valid_on) as oldest_on
from demand_in_use asof inner join rate on demand_in_use.Währung = rate.Währung and valid_on >= rate_day
where row_id not in (select row_id from twice_estimated)
group by top, Warengruppe;
create table bought as
select top, coalesce(line.Warengruppe, file_products.Warengruppe) as group_bought,
    sum(coalesce(number("Netto Hauswährung"), (number(Bruttobetrag) - number("Erlösschmälerung")) / units)) as net
from (select *, day(Buchungsdatum) as posted_on from line where is_looked_at) as line
asof inner join rate on line.Währung = rate.Währung and posted_on >= rate_day
inner join top_of on line.Kundennummer = top_of.customer
left join file_products using (Artikelnummer)
group by all;
"""

QUARANTINED: Final = {
    "customers": "customer",
    "customer_parents": "file_customer_parents",
    "customer_id_changes": "file_customer_id_changes",
    "products": "file_products",
    "invoice_lines": "line",
    "orders": "sales_order",
    "open_items": "open_item",
    "exchange_rates": "file_exchange_rates",
    "accounts": "account",
    "contacts": "contact",
    "activities": "activity",
    "ratings": "rating",
    "potential_estimates": "estimate",
    "sales_reps": "file_sales_reps",
    "zone_overrides": "zone_override",
}
"""Table -> its rows that are not set aside."""

PLANTED: Final = {
    "duplicate_activity": "select Aktivität from activity where Aktivität like 'AKD%' and is_looked_at",
    "future_dated": "select Aktivität from activity, window_of where Aktivität like 'AKZ%' and happened_on > last_day",
    "unknown_customer_activity": "select Aktivität from activity where Konto = 'KTO-999999' and is_looked_at",
    # Put in as AKO; a visit to an account nobody knows (AKU) may lie within another visit by chance.
    "overlapping_visits": """select Aktivität from activity where Aktivität like 'AKO%' and is_looked_at
        union
        select visit.Aktivität from activity as visit inner join activity as earlier using (Mitarbeiter, happened_on)
        where visit.Konto = 'KTO-999999' and visit.is_looked_at and earlier.Art = 'Besuch' and earlier.Konto <> visit.Konto
            and moment(visit.Zeitpunkt) between moment(earlier.Zeitpunkt)
                and moment(earlier.Zeitpunkt) + to_minutes(earlier.minutes - 1)""",
    "rep_day_too_long": "select Aktivität from activity where Aktivität like 'AKL%' and is_looked_at",
    "duration_missing": "select Aktivität from activity where minutes is null and is_looked_at",
    "backdated_activity": "select Aktivität from activity where entered_on - happened_on > 14 and is_looked_at",
    "recorded_after_period_closed": """select Aktivität from activity
        where entered_on > last_day(happened_on) + 10 and is_looked_at""",
    "visit_without_contact_or_result": """select Aktivität from activity
        where Art = 'Besuch' and Ansprechpartner is null and Ergebnis is null and is_looked_at""",
    "blocked_customer_activity": """select Aktivität from activity
        inner join account using (Konto) inner join customer using (Kundennummer)
        where happened_on >= day("Gesperrt seit") and is_looked_at""",
    "activity_on_intercompany": """select Aktivität from activity inner join owned_account using (Konto)
        where top in (select top from own_company) and is_looked_at""",
    # Whom the method protects no file says: the zone is the published one, which test_demo compares with the oracle for every customer.
    "protection_customer_without_contact": """select ultimate_parent_id from zones where zone = 'protection'
        and ultimate_parent_id not in
            (select top from activity inner join owned_account using (Konto) where is_looked_at and top is not null)""",
    "team_week_without_entries": """with team_week as (
            select Team, monday, count(*) as people, count(*) >= 8 as is_named, list(Mitarbeiter) as members
            from file_sales_reps, window_of,
                (select unnest(generate_series(date '2020-01-06', date '2040-01-02', interval 7 days))::date as monday) as weeks
            where monday >= first_day and monday + 6 <= last_day
                and coalesce(day("Aktiv bis") >= monday + 6, true) and day("Aktiv ab") <= monday
            group by Team, monday
        )
        select case when is_named then Team else '(small areas)' end || '|' || monday from team_week
        where people >= 3 and not exists (
            select 1 from activity where list_contains(members, Mitarbeiter) and date_trunc('week', happened_on) = monday)""",
    "heaping": """select Aktivität from (
            select Aktivität, minutes = 30 or minutes % 60 = 0 as is_round, count(*) over person as entries,
                count_if(minutes = 30 or minutes % 60 = 0) over person as round_entries
            from activity where is_looked_at and Mitarbeiter is not null and minutes is not null
            window person as (partition by Mitarbeiter)
        ) where is_round and entries >= 20 and round_entries > 0.8 * entries""",
    # An entry belongs to a burst if ten minutes that hold ten entries of the person hold it, too.
    "batch_entry": """with begun as (
            select *, count(*) over (partition by Mitarbeiter, entered_on order by entered_at
                range between current row and interval 10 minutes following) >= 10 as begins
            from activity where Mitarbeiter is not null
        ),
        burst as (
            select *, bool_or(begins) over (partition by Mitarbeiter, entered_on order by entered_at
                range between interval 10 minutes preceding and current row) as is_in_burst
            from begun
        ),
        habit as (
            select Mitarbeiter from burst, window_of where is_in_burst and entered_on between first_day and last_day
            group by Mitarbeiter having count(distinct entered_on) >= 5
        )
        select Aktivität from burst inner join habit using (Mitarbeiter), window_of
        where is_in_burst and is_looked_at and entered_on <= last_day""",
    "credit_note_without_reference": "select row_id from line where Belegart = 'GU' and Bezugsbeleg is null and is_looked_at",
    "unknown_customer_invoice": "select row_id from line where Belegnummer like '%-U%' and is_looked_at",
    "backdated_rating": """select row_id from rating, window_of
        where entered_on - valid_on > 30 and entered_on between first_day and last_day""",
    "stale_ratings": """select Konto || '|' || criterion from rating inner join owned_account using (Konto), window_of
        where is_in_use and Stufe <> 'unbekannt' and last_day - valid_on > 730""",
    "single_rater_is_owner": """with owner as (
            select top, coalesce(arg_min(customer.Betreuer, customer.Kundennummer), max(owned_account.Betreuer)) as rep
            from owned_account left join top_of using (top)
            left join customer on top_of.customer = customer.Kundennummer
            group by top
        )
        select top || '|' || criterion from rating inner join owned_account using (Konto) inner join owner using (top)
        where is_in_use and Stufe <> 'unbekannt'
        group by top, criterion having bool_and("Bewertet von" = rep)""",
    "straight_lining": """select row_id from (
            select row_id, entered_on,
                count(distinct Kriterium) over sitting as asked, min(Stufe) over sitting as low, max(Stufe) over sitting as high
            from rating where Stufe <> 'unbekannt' window sitting as (partition by Konto, "Bewertet von", "Gültig ab")
        ), window_of where asked >= 5 and low = high and entered_on between first_day and last_day""",
    # The two customers that were rated across a threshold in the last week.
    "rating_changed_before_cutoff": """select row_id from rating, window_of where Konto in ('KTO-100035', 'KTO-100061')
        and last_day - entered_on < 7 and criterion not in ('perceived_benefit', 'satisfaction')""",
    "demand_changed": """select row_id from (
            select *, lag(demand) over earlier as was from estimate where stage = 'Effektive Nachfrage'
            window earlier as (partition by Konto, Warengruppe order by valid_on)
        ), window_of where abs(demand / nullif(was, 0) - 1) > 0.5 and valid_on between first_day and last_day""",
    "duplicate_estimate": "select row_id from twice_estimated",
    "stale_potentials": "select top || '|' || Warengruppe from demand_of_group, window_of where last_day - oldest_on > 730",
    "revenue_above_demand": """select demand_of_group.top || '|' || Warengruppe from demand_of_group
        inner join bought on demand_of_group.top = bought.top and Warengruppe = group_bought where net > 1.1 * demand""",
    "quarantined_rows": " union all ".join(
        f"select '{table}|' || set_aside from (select (select count(*) from record_{table}) - (select count(*) from {rows}) as set_aside) "
        "where set_aside > 0"
        for table, rows in QUARANTINED.items()
    ),
}
"""Check -> the rows of the files that are wrong by that check."""

PROVEN_ELSEWHERE: Final = {
    "ledger_difference": "a_blocking_check_names_the_ledger_period_that_differs",
    "fx_missing": "a_day_without_a_rate_is_found_once",
    "weights_do_not_add_up": "weights_that_do_not_add_up_are_found",
    "number_of_criteria": "the_number_of_criteria_is_that_of_the_axis",
    "parent_cycle": "a_circle_of_parents_is_found",
    "source_older_than_agreed": "a_source_is_as_old_as_its_newest_delivery",
    "recorded_after_known_at": "what_is_entered_after_the_known_time_is_told_apart",
}
"""Check -> the dbt unit test that proves it, and no row of the demo: whatever the first six find is published by no version, and the demo
delivers nothing that was entered after its files were."""


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a check's planted rows; the lists hold a few of those found wrongly and missed."""

    check: str
    planted: int
    found: int
    wrongly: int
    some_wrongly: tuple[str, ...]
    some_missed: tuple[str, ...]

    @property
    def recall(self) -> float:
        """Share of the planted that was found."""
        return self.found / self.planted

    @property
    def precision(self) -> float:
        """Share of what was found that was planted."""
        return self.found / (self.found + self.wrongly)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return demo_published(tmp_path_factory)


def scores(published: Path, deliveries: Path) -> list[Score]:
    """A score per check of PLANTED, as of the latest date."""
    with duckdb.connect() as connection:
        rows = published / "controlling" / "mart_input_quality_rows.parquet"
        connection.execute(f"create view found_rows as select * from '{rows}'")
        portfolio = published / "bi" / "mart_portfolio.parquet"
        connection.execute(f"create view zones as select ultimate_parent_id, zone from '{portfolio}' where is_latest")
        for table, file in FILES.items():
            _read(connection, table, deliveries / file)
        connection.execute(PREPARED)
        return [_score(connection, check, planted) for check, planted in PLANTED.items()]


def _read(connection: duckdb.DuckDBPyConnection, table: str, file: Path) -> None:
    how = f"header=true, all_varchar=true, quote='', encoding='{'latin-1' if file.parent.name == 'erp' else 'utf-8'}'"
    # Records with too many fields are set aside by landing; no check sees them.
    fields = f"read_csv('{file}', delim=';', ignore_errors=true, {how})"
    connection.execute(f"create view file_{table} as select * from {fields}")
    connection.execute(f"create view record_{table} as select * from read_csv('{file}', delim='\x01', {how})")


def _score(connection: duckdb.DuckDBPyConnection, check: str, planted: str) -> Score:
    counted = connection.execute(
        f"""with planted (row_id) as (select distinct * from ({planted})),
        found as (
            select distinct case when check_id = 'quarantined_rows' then row_id || '|' || affected_rows else row_id end as row_id
            from found_rows
            where check_id = $check and as_of_date = (select max(as_of_date) from found_rows)
        ),
        compared as (select planted.row_id as planted, found.row_id as found from planted full join found using (row_id))
        select
            count(planted),
            count(*) filter (planted = found),
            count(*) filter (planted is null),
            coalesce(list(found order by found) filter (planted is null), [])[:5],
            coalesce(list(planted order by planted) filter (found is null), [])[:5]
        from compared""",
        {"check": check},
    ).fetchone()
    assert counted is not None
    planted_rows, found, wrongly, some_wrongly, some_missed = counted
    return Score(check, planted_rows, found, wrongly, tuple(some_wrongly), tuple(some_missed))


def test_every_check_is_measured_here_or_proven_elsewhere() -> None:
    proven = yaml.safe_load(UNIT_TESTS.read_text(encoding="utf-8"))["unit_tests"]
    models = {test["name"]: test["model"] for test in proven}
    assert sorted([*PLANTED, *PROVEN_ELSEWHERE]) == sorted(row["check_id"] for row in catalogue())
    assert {check: models[name] for check, name in PROVEN_ELSEWHERE.items()} == {
        check: f"int_input_quality__{check}" for check in PROVEN_ELSEWHERE
    }


@pytest.mark.slow
def test_planted_faults_are_found_and_nothing_else(demo: Company, capsys: pytest.CaptureFixture[str]) -> None:
    found = scores(demo.current, demo.config.parent / "demo")
    with capsys.disabled():
        print(f"\n{'check':36}{'planted':>8}{'found':>8}{'wrongly':>8}{'recall':>8}{'precision':>10}")
        for each in found:
            counts = f"{each.planted:8}{each.found:8}{each.wrongly:8}"
            print(f"{each.check:36}{counts}{each.recall:8.2f}{each.precision:10.2f}")
    assert all(each.planted for each in found)
    assert [each for each in found if each.recall < 1 or each.precision < 1] == []
