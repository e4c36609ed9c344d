"""Everything an explanation says, in English and German, and how either writes numbers. Belongs here: words.

Not here: which of them are said, and where (render). Codes of the marts have one entry each: `<group>.<code>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, get_args

Language = Literal["en", "de"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # titles
    "title.what": ("What: 12 months up to {as_of}, {currency}", "Was: 12 Monate bis {as_of}, {currency}"),
    "title.why": ("Why: every part of the scores", "Warum: jeder Teil der Werte"),
    "title.do": ("What to do", "Was tun"),
    "title.sure": ("How sure", "Wie sicher"),
    "title.missing": ("What is missing", "Was fehlt"),
    # heading
    "heading.key_account": ("key account", "Schlüsselkunde"),
    "heading.group": ("group of {count} booked customer ids", "Konzern aus {count} bebuchten Kundennummern"),
    "heading.area": ("area {area}", "Gebiet {area}"),
    "heading.value": (
        "customer value {score} of 100, rank {rank} of {count}",
        "Kundenwert {score} von 100, Rang {rank} von {count}",
    ),
    "heading.insolvent": ("insolvent since {day}", "insolvent seit {day}"),
    "heading.blocked": ("blocked since {day}", "gesperrt seit {day}"),
    "heading.override": ("treated as {zone} by hand", "von Hand betreut als {zone}"),
    "heading.version": ("as of {as_of}, version {version}", "Stichtag {as_of}, Version {version}"),
    # what
    "money.gross_list_revenue": ("  Gross list revenue", "  Bruttoerlös"),
    "money.revenue_deductions": ("- Deductions", "- Erlösschmälerungen"),
    "money.net_revenue": ("= Net revenue", "= Umsatz"),
    "money.cogs": ("- Cost of goods sold", "- Wareneinsatz"),
    "money.contribution_1": ("= Contribution 1", "= Deckungsbeitrag I"),
    "money.marketing_cost": ("- Marketing", "- Marketing"),
    "money.contribution_2": ("= Contribution 2", "= Deckungsbeitrag II"),
    "money.sales_cost": ("- Cost of sales effort", "- Betreuungskosten"),
    "money.contribution_3": ("= Contribution 3", "= Deckungsbeitrag III"),
    "money.service_logistics_cost": ("- Service, logistics", "- Service, Logistik"),
    "money.contribution_4": ("= Contribution 4", "= Deckungsbeitrag IV"),
    "fact.margin": ("Contribution 4 margin", "DB IV vom Umsatz"),
    "fact.yoy": ("Revenue on year before", "Umsatz zum Vorjahr"),
    "fact.cagr": ("Growth a year, 3 years", "Wachstum p.a., 3 Jahre"),
    "fact.demand": ("Demand, all suppliers", "Bedarf, alle Anbieter"),
    "fact.sow": ("Our share of wallet", "Lieferanteil"),
    "fact.achievable": ("Share we could win", "Erreichbarer Anteil"),
    "fact.gap": ("Untapped potential", "Offenes Potenzial"),
    "fact.worth": ("... as contribution 1", "... als DB I"),
    "fact.effort": ("Effort against value", "Aufwand zu Wert"),
    "fact.next_order": ("Order in next 12 months", "Auftrag in 12 Monaten"),
    "fact.last_order": ("Last order", "Letzter Auftrag"),
    # why
    "why.criterion": ("Criterion", "Kriterium"),
    "why.value": ("Value", "Wert"),
    "why.level": ("Level", "Stufe"),
    "why.points": ("Points", "Punkte"),
    "why.of": ("{points} of {weight}", "{points} von {weight}"),
    "why.sum": ("= {axis}", "= {axis}"),
    "why.unknown": ("not known", "unbekannt"),
    "why.old": ("too old", "zu alt"),
    "why.customer_value": ("= Customer value", "= Kundenwert"),
    "why.value_rounded": (
        "Customer value is published rounded: {score}.",
        "Der Kundenwert ist gerundet veröffentlicht: {score}.",
    ),
    "why.value_unweighted": (
        "Customer value {score}, from contribution {contribution}, potential {potential} and attractiveness "
        "{attractiveness}; this version does not publish their weights.",
        "Kundenwert {score}, aus Deckungsbeitrag {contribution}, Potenzial {potential} und Attraktivität "
        "{attractiveness}; die Gewichte veröffentlicht diese Version nicht.",
    ),
    "why.assumed": (
        "Shaded bars: nothing is known, the midpoint counts.",
        "Schraffierte Balken: nichts bekannt, die Mitte zählt.",
    ),
    "why.adds_up": (
        "{count} sums checked: the parts add up to the published figures exactly.",
        "{count} Summen geprüft: die Teile ergeben genau die veröffentlichten Werte.",
    ),
    "why.difference": (
        "Does not add up: {figure} is published as {total}, its parts give {parts}; difference {difference}.",
        "Geht nicht auf: {figure} ist mit {total} veröffentlicht, die Teile ergeben {parts}; Differenz {difference}.",
    ),
    "why.type": (
        "Value of and to the customer together: {type}.",
        "Wert des Kunden und Wert für ihn zusammen: {type}.",
    ),
    "why.no_type": (
        "No customer type: too little is known of one of the two sides.",
        "Kein Kundentyp: über eine der beiden Seiten ist zu wenig bekannt.",
    ),
    "why.abc_hides": (
        "What ABC class {abc} does not show: {dangers}.",
        "Was die ABC-Klasse {abc} nicht zeigt: {dangers}.",
    ),
    # zone
    "zone.distance_above": ("{axis} {points} points above the threshold", "{axis} {points} Punkte über der Schwelle"),
    "zone.distance_below": ("{axis} {points} points below the threshold", "{axis} {points} Punkte unter der Schwelle"),
    "zone.distances": ("{first}, {second} of {threshold}.", "{first}, {second} von {threshold}."),
    "zone.nearest": (
        "The score nearer to its threshold is {points} points away from it.",
        "Der Wert, der näher an seiner Schwelle liegt, ist {points} Punkte von ihr entfernt.",
    ),
    "zone.since": ("{zone} since {day}.", "{zone} seit {day}."),
    "zone.since_before": ("{zone} since {day}, before that {before}.", "{zone} seit {day}, davor {before}."),
    "zone.held": (
        "By today's scores alone it would be {raw}; a score has to leave the band around the threshold before the zone "
        "changes (hysteresis).",
        "Nach den heutigen Werten allein wäre es {raw}; erst wenn ein Wert das Band um die Schwelle verlässt, wechselt "
        "die Zone (Hysterese).",
    ),
    "zone.observed": (
        "In its first year a customer is observed, not judged; by its scores alone it would be {raw}.",
        "Im ersten Jahr wird ein Kunde beobachtet, nicht beurteilt; nach den Werten allein wäre es {raw}.",
    ),
    "zone.unrated": (
        "Too little is known for a zone: {potential} of 100 weight points of potential, {attractiveness} of "
        "attractiveness.",
        "Für eine Zone ist zu wenig bekannt: {potential} von 100 Gewichtspunkten beim Potenzial, {attractiveness} bei "
        "der Attraktivität.",
    ),
    "zone.override": (
        "Set to {zone} by hand{until}: {reason} The computed zone {own} stays beside it.",
        "Von Hand auf {zone} gesetzt{until}: {reason} Die berechnete Zone {own} steht daneben.",
    ),
    "zone.until": (" until {day}", " bis {day}"),
    "zone.quoted": ("“{text}”.", "„{text}“."),
    "zone.no_reason": ("no reason given.", "ohne Begründung."),
    "zone.service": ("Care and planned hours follow {zone}.", "Betreuung und Stunden richten sich nach {zone}."),
    "zone.frozen": (
        "Care and planned hours stay as in {zone} until this is sure.",
        "Betreuung und Stunden bleiben wie in {zone}, bis das sicher ist.",
    ),
    "zone.no_service": (
        "No former zone: minimum care until it is rated.",
        "Ohne frühere Zone: Mindestbetreuung, bis bewertet ist.",
    ),
    # what to do
    "do.because": ("Reason", "Grund"),
    "do.blocking": ("In the way", "Im Weg"),
    "do.blocking_text": (
        "{criterion}: it costs {lost} points; {missing} points of attractiveness are missing for protection.",
        "{criterion}: das kostet {lost} Punkte; zur Schutzzone fehlen {missing} Punkte Attraktivität.",
    ),
    "do.next": ("Sell next", "Als Nächstes"),
    "do.next_text": ("{group}: {gap} {currency} a year could be won", "{group}: {gap} {currency} im Jahr zu gewinnen"),
    "do.next_share": (" (our share {share} of {demand})", " (Lieferanteil {share} von {demand})"),
    "do.next_white": (" (buys nothing of it from us yet)", " (kauft davon noch nichts bei uns)"),
    "do.rate": ("To rate", "Zu bewerten"),
    "do.overdue": (
        "Rating is due: treatment has been frozen for too long.",
        "Bewertung fällig: die Betreuung ist schon zu lange eingefroren.",
    ),
    # how sure
    "sure.zone": ("Zone", "Zone"),
    "sure.possible": ("What is missing could make it: {zones}.", "Je nachdem, was fehlt, auch möglich: {zones}."),
    "sure.axis": (
        "{score}; between {low} and {high}, whatever is not known may be; {coverage} of 100 weight points are known.",
        "{score}; zwischen {low} und {high}, was immer das Unbekannte ergibt; {coverage} von 100 Gewichtspunkten sind bekannt.",
    ),
    "sure.axis_known": ("{score}; every criterion is known.", "{score}; jedes Kriterium ist bekannt."),
    "sure.contribution": ("Contribution 4", "Deckungsbeitrag IV"),
    "sure.low": (
        "At least {low} if field hours nobody logged are shared out; {logged} of the hours are logged: reliability "
        "{reliability}.",
        "Mindestens {low}, wenn nicht erfasste Außendienststunden verteilt werden; {logged} der Stunden sind erfasst: "
        "Verlässlichkeit {reliability}.",
    ),
    "sure.no_low": (
        "Nobody's field hours are delivered, so cost of sales effort may be missing.",
        "Außendienststunden sind nicht geliefert; Betreuungskosten können fehlen.",
    ),
    "sure.method": ("Method", "Methode"),
    "sure.stability": (
        "The zone stays the same under {thresholds} of the thresholds and {weights} of the weights tried.",
        "Die Zone bleibt gleich bei {thresholds} der geprüften Schwellen und {weights} der geprüften Gewichte.",
    ),
    "sure.stability_thresholds": (
        "The zone stays the same under {thresholds} of the thresholds tried.",
        "Die Zone bleibt gleich bei {thresholds} der geprüften Schwellen.",
    ),
    "sure.no_stability": ("No zone, so none that could hold.", "Keine Zone, also keine, die halten könnte."),
    "sure.payment": ("Payment", "Zahlung"),
    "sure.payment_items": ("Payment morale rests on {items} items.", "Die Zahlungsmoral beruht auf {items} Posten."),
    "sure.payment_few": (
        "Payment morale rests on {items} items only: read it with care.",
        "Die Zahlungsmoral beruht auf nur {items} Posten: mit Vorsicht lesen.",
    ),
    "sure.payment_none": (
        "No item was due yet: payment morale is unknown.",
        "Noch kein Posten fällig: Zahlungsmoral unbekannt.",
    ),
    # what is missing
    "missing.nothing": (
        "Nothing: every criterion is known, and every source tells something.",
        "Nichts: jedes Kriterium ist bekannt, und jede Quelle sagt etwas.",
    ),
    "missing.criteria": ("Not known (weight)", "Unbekannt (Gewicht)"),
    "missing.stale": ("Rated too long ago", "Bewertung zu alt"),
    "missing.estimates_stale": ("Estimate too old", "Schätzung zu alt"),
    "missing.estimates_wrong": ("Estimate too low", "Schätzung zu niedrig"),
    "missing.no_rows": ("Source says nothing", "Quelle ohne Angabe"),
    "missing.not_delivered": ("Never delivered", "Nie geliefert"),
    "missing.not_mapped": ("Not connected", "Nicht angebunden"),
    "missing.since": ("{group} (from {day})", "{group} (von {day})"),
    # codes of the marts
    "axis.potential": ("Potential", "Potenzial"),
    "axis.attractiveness": ("Attractiveness", "Attraktivität"),
    "axis.contribution": ("Contribution", "Deckungsbeitrag"),
    "axis.value_of_customer": ("Value of customer", "Wert des Kunden"),
    "axis.value_to_customer": ("Value to customer", "Wert für den Kunden"),
    "zones.protection": ("Protection", "Schutzzone"),
    "zones.development": ("Development", "Entwicklungszone"),
    "zones.maintain": ("Maintain", "Pflegezone"),
    "zones.withdrawal": ("Withdrawal", "Rückzugszone"),
    "zones.new_customer": ("New customer", "Neukunde"),
    "zones.unrated": ("Unrated", "Unbewertet"),
    "zones.target_lead": ("Target lead", "Zielinteressent"),
    "zones.nurture_lead": ("Nurture lead", "Pflegeinteressent"),
    "zones.disqualified_lead": ("Disqualified lead", "Ausgeschiedener Interessent"),
    "meaning.protection": ("much to sell, fits us well", "viel zu verkaufen, passt gut zu uns"),
    "meaning.development": ("much to sell, does not fit us well yet", "viel zu verkaufen, passt noch nicht gut zu uns"),
    "meaning.maintain": ("fits us well, little left to sell", "passt gut zu uns, wenig zu verkaufen"),
    "meaning.withdrawal": ("little left to sell, does not fit us well", "wenig zu verkaufen, passt nicht gut zu uns"),
    "meaning.new_customer": ("too young to be judged", "zu neu für ein Urteil"),
    "meaning.unrated": ("too little is known", "zu wenig bekannt"),
    "meaning.target_lead": ("much to sell, would fit us well", "viel zu verkaufen, würde gut zu uns passen"),
    "meaning.nurture_lead": ("only one side speaks for it", "nur eine Seite spricht dafür"),
    "meaning.disqualified_lead": ("nothing speaks for it at present", "derzeit spricht nichts dafür"),
    "status.confirmed": ("confirmed", "bestätigt"),
    "status.provisional": ("provisional", "vorläufig"),
    "status.unrated": ("unrated", "unbewertet"),
    "status.observation": ("under observation", "unter Beobachtung"),
    "status_means.confirmed": (
        "Confirmed: nothing is too old or contradictory, and what is not known could not change the zone.",
        "Bestätigt: nichts ist veraltet oder widersprüchlich, und Unbekanntes könnte die Zone nicht ändern.",
    ),
    "status_means.provisional": (
        "Provisional: doubtful data does not change how a customer is treated.",
        "Vorläufig: zweifelhafte Daten ändern nichts an der Betreuung.",
    ),
    "status_means.unrated": ("Unrated: too little is known.", "Unbewertet: zu wenig ist bekannt."),
    "status_means.observation": (
        "Under observation: not yet a full year a customer, or nobody knows since when.",
        "Unter Beobachtung: noch kein volles Jahr Kunde, oder seit wann ist unbekannt.",
    ),
    "reason.missing_criteria": ("Some criteria are not known.", "Einige Kriterien sind unbekannt."),
    "reason.potential_contradicted": (
        "Revenue is above the estimated demand, so the estimate is wrong.",
        "Der Umsatz liegt über dem geschätzten Bedarf, die Schätzung stimmt also nicht.",
    ),
    "reason.potential_stale": ("An estimate of demand is too old.", "Eine Bedarfsschätzung ist zu alt."),
    "reason.ratings_stale": ("A rating is too old.", "Eine Bewertung ist zu alt."),
    "customer_status.active": ("active", "aktiv"),
    "customer_status.new": ("new", "neu"),
    "customer_status.lapsed": ("lapsed: no order for a long time", "abgewandert: lange kein Auftrag"),
    "customer_status.blocked": ("blocked", "gesperrt"),
    "customer_status.lead": ("lead", "Interessent"),
    "relationship.customer": ("Customer", "Kunde"),
    "relationship.lead": ("Lead", "Interessent"),
    "type.star": ("star, both sides gain", "Star, beide Seiten gewinnen"),
    "type.free_rider": ("free rider, only the customer gains", "Trittbrettfahrer, nur der Kunde gewinnt"),
    "type.question_mark": (
        "question mark, only we gain: it may leave",
        "Fragezeichen, nur wir gewinnen: Abwanderungsgefahr",
    ),
    "type.poor_dog": ("poor dog, neither side gains much", "armer Hund, keine Seite gewinnt viel"),
    "reliability.normal": ("normal", "normal"),
    "reliability.low": ("low", "niedrig"),
    "danger.1": ("it makes a loss", "er macht Verlust"),
    "danger.2": ("it shrinks, or its credit is weak", "er schrumpft, oder die Bonität ist schwach"),
    "danger.3": ("its orders stay away", "Aufträge bleiben aus"),
    "danger.4": ("its potential is high", "sein Potenzial ist hoch"),
    "action.protection": ("Keep top care", "Spitzenbetreuung halten"),
    "action.protection_defend": ("Defend now", "Jetzt verteidigen"),
    "action.development": ("Remove what blocks the development", "Beseitigen, was die Entwicklung blockiert"),
    "action.maintain": ("Efficient standard care", "Effiziente Standardbetreuung"),
    "action.withdrawal": ("Reduce effort", "Aufwand senken"),
    "action.observation": ("Onboard and rate", "Einführen und bewerten"),
    "action.rate_first": ("Rate first", "Erst bewerten"),
    "action.target_lead": ("Win the lead", "Interessenten gewinnen"),
    "action.nurture_lead": ("Stay in touch at low cost", "Mit geringem Aufwand in Kontakt bleiben"),
    "action.disqualified_lead": ("Do not pursue", "Nicht weiterverfolgen"),
    "because.zone": ("The zone is {zone}.", "Die Zone ist {zone}."),
    "because.zone_provisional": ("The zone is not sure.", "Die Zone ist nicht sicher."),
    "because.zone_unrated": ("Too little is known for a zone.", "Für eine Zone ist zu wenig bekannt."),
    "because.override": ("The zone was set by hand.", "Die Zone ist von Hand gesetzt."),
    "because.observation": ("It is in its first year with us.", "Das erste Jahr mit uns läuft noch."),
    "because.churn_risk": (
        "The last order is much longer ago than usual.",
        "Der letzte Auftrag ist viel länger her als üblich.",
    ),
    "because.falling_share_of_wallet": (
        "Revenue falls while the demand is there.",
        "Der Umsatz sinkt, obwohl der Bedarf da ist.",
    ),
    "because.blocking_criterion": (
        "{criterion} stands between development and protection.",
        "Zwischen Entwicklung und Schutz steht: {criterion}.",
    ),
    "because.blocking_none": (
        "Attractiveness is too low, and no known criterion explains it.",
        "Die Attraktivität ist zu niedrig, und kein bekanntes Kriterium erklärt es.",
    ),
    "source.customers": ("customer master", "Kundenstamm"),
    "source.invoice_lines": ("invoices", "Rechnungen"),
    "source.orders": ("orders", "Aufträge"),
    "source.open_items": ("open items", "offene Posten"),
    "source.direct_costs": ("direct costs", "direkte Kosten"),
    "source.accounts": ("CRM accounts", "CRM-Accounts"),
    "source.contacts": ("contacts", "Kontaktpersonen"),
    "source.activities": ("activities", "Aktivitäten"),
    "source.opportunities": ("opportunities", "Verkaufschancen"),
    "source.ratings": ("ratings", "Bewertungen"),
    "source.potential_estimates": ("estimates of demand", "Bedarfsschätzungen"),
    "source.service_ratings": ("service ratings", "Leistungsbewertungen"),
    "unit.days": ("{number} days", "{number} Tage"),
    "unit.years": ("{number} years", "{number} Jahre"),
    "figure.net_revenue": ("net revenue", "Umsatz"),
    "figure.customer_value_score": ("customer value", "Kundenwert"),
}

RATIOS: Final = frozenset(
    (
        "revenue_cagr_3y",
        "revenue_yoy",
        "contribution_4_margin_ratio",
        "sow_capped_ratio",
        "penetration_ratio",
        "price_realisation_ratio",
    )
)
MONEY: Final = frozenset(("achievable_gap", "contribution_4", "net_revenue", "annual_demand"))
DAYS: Final = frozenset(("weighted_days_beyond_terms", "payment_deviation_days"))
YEARS: Final = frozenset(("tenure_years",))

UNKNOWN: Final = "–"


@dataclass(frozen=True, slots=True)
class Voice:
    """One language: its words, and how it writes numbers and dates. An unknown figure is a dash, never 0."""

    language: Language

    def say(self, key: str, **values: object) -> str:
        """The text of `key`, its places filled."""
        return TEXTS[key][LANGUAGES.index(self.language)].format(**values)

    def code(self, group: str, code: str) -> str:
        """The word for a code of the marts; a code of a later release is shown as it is."""
        key = f"{group}.{code}"
        return self.say(key) if key in TEXTS else code.replace("_", " ")

    def number(self, value: Decimal | int | None, decimals: int = 0) -> str:
        """A number with that many decimals, grouped: 1,234.5 or 1.234,5."""
        if value is None:
            return UNKNOWN
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        text = f"{rounded if rounded else abs(rounded):,f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "de" else text

    def percent(self, ratio: Decimal | None, decimals: int = 1) -> str:
        """A ratio as per cent: 0.2295 is 23.0% or 23,0 %."""
        if ratio is None:
            return UNKNOWN
        return self.number(ratio * 100, decimals) + ("%" if self.language == "en" else "\N{NO-BREAK SPACE}%")

    def day(self, day: date | None) -> str:
        """A date: 2026-09-30 or 30.09.2026."""
        if day is None:
            return UNKNOWN
        return f"{day:%d.%m.%Y}" if self.language == "de" else day.isoformat()

    def measured(self, measure: str, value: Decimal) -> str:
        """A criterion's raw value in the unit of its measure; of an unknown one as a plain number."""
        if measure in RATIOS:
            return self.percent(value)
        if measure in MONEY:
            return self.number(value)
        if measure in DAYS:
            return self.say("unit.days", number=self.number(value, 1))
        if measure in YEARS:
            return self.say("unit.years", number=self.number(value))
        return self.number(value, decimals(value, 2))


def decimals(value: Decimal | None, at_most: int = 4, at_least: int = 0) -> int:
    """How many decimals a number needs to be written in full, within the limits: 22.5000 needs 1."""
    exponent = (value or Decimal(0)).normalize().as_tuple().exponent
    return max(at_least, min(at_most, -exponent if isinstance(exponent, int) else 0))
