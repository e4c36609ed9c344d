"""Every word of the portfolio page, German and English side by side. Belongs here: only words.

Keys are `<place>.<name>`; codes of the marts stand under their column (`zone.protection`). `{name}` is filled in by the
page. The script of the page gets the places in SCRIPT_PLACES.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipelines.showing.portfolio.wording import Text, same

SCRIPT_PLACES: Final = (
    "zone", "zone_status", "reason", "action_reason", "customer_type", "axis", "card", "chart", "quadrant", "page",
)  # fmt: skip
"""The first part of the keys the page's script needs."""

TEXTS: Final[Mapping[str, Text]] = {
    # The page
    "page.title": Text("Kundenportfolio", "Customer portfolio"),
    "page.lead": Text(
        "Was jeder Kunde heute bringt, was noch zu holen ist und wie gut er zu uns passt: {period}.",
        "What each customer brings today, what is left to win and how well it fits us: {period}.",
    ),
    "page.period": Text("12 Monate bis {day}", "12 months to {day}"),
    "page.no_script": Text(
        "Die beiden Diagramme brauchen JavaScript; alle Tabellen stehen auch so da.",
        "The two charts need JavaScript; all tables are there without it.",
    ),
    "page.chart_failed": Text(
        "Dieser Browser kann das Diagramm nicht zeichnen.", "This browser cannot draw the chart."
    ),
    "page.hint": Text("Name anklicken: alle Einzelheiten", "Click a name for every detail"),
    "page.empty": Text(
        "Diese Version enthält noch keine Kunden.", "There are no customers in this version yet."
    ),
    # Where the numbers come from
    "facts.as_of": Text("Stichtag", "As of"),
    "facts.known_at": Text("Kenntnisstand", "Known at"),
    "facts.version": Text("Version", "Version"),
    "facts.currency": Text("Währung", "Currency"),
    "facts.method": Text("Methode", "Method"),
    # How far the numbers can be trusted
    "quality.heading": Text("Wie sicher sind die Zahlen?", "How sure are the numbers?"),
    "quality.ledger": Text("Hauptbuch", "Ledger"),
    "quality.ledger_reconciled": Text("stimmt, Differenz {difference}", "reconciled, difference {difference}"),
    "quality.ledger_difference": Text("Differenz {difference}", "difference {difference}"),
    "quality.ledger_partly_available": Text("{months} von {of} Monaten geliefert", "{months} of {of} months delivered"),
    "quality.ledger_not_available": Text("nicht geliefert, kein Abgleich", "not delivered, not reconciled"),
    "quality.warnings": Text("Warnungen der Prüfungen", "Warnings of the checks"),
    "quality.warnings_none": Text("keine", "none"),
    "quality.warnings_count": Text("{count}, Einzelheiten beim Controlling", "{count}, details with controlling"),
    "quality.unrated": Text("Unbewertete Kunden", "Unrated customers"),
    "quality.unrated_share": Text("{count} von {of} ({share})", "{count} of {of} ({share})"),
    "quality.reliability": Text("Erfasster Außendienst", "Logged field sales"),
    "quality.reliability_normal": Text("{share} der Stunden, verlässlich", "{share} of the hours, reliable"),
    "quality.reliability_low": Text(
        "nur {share} der Stunden: Deckungsbeiträge eher zu hoch", "only {share} of the hours: contributions look too high"
    ),
    "quality.reliability_unknown": Text("keine Angabe möglich", "cannot be told"),
    "quality.completeness": Text("Gelieferte Zeilen", "Delivered rows"),
    "quality.completeness_share": Text("{share} brauchbar, {count} in Quarantäne", "{share} usable, {count} in quarantine"),
    "quality.completeness_unknown": Text("keine", "none"),
    "quality.missing": Text("Nicht geliefert: {sources}.", "Not delivered: {sources}."),
    # Tiles
    "tiles.heading": Text("Auf einen Blick", "At a glance"),
    "tiles.customers": Text("Kunden", "Customers"),
    "tiles.customers_note": Text(
        "{placed} in der Matrix, {unrated} unbewertet, {new} neu", "{placed} in the matrix, {unrated} unrated, {new} new"
    ),
    "tiles.revenue": Text("Umsatz", "Net revenue"),
    "tiles.revenue_note": Text("netto, {period}", "{period}"),
    "tiles.contribution": Text("Deckungsbeitrag IV", "Customer contribution"),
    "tiles.contribution_note": Text("{share} vom Umsatz", "{share} of revenue"),
    "tiles.losses": Text("Verlustbringer", "Loss makers"),
    "tiles.losses_note": Text("zusammen {amount}", "{amount} together"),
    "tiles.gap": Text("Unausgeschöpft", "Untapped potential"),
    "tiles.gap_note": Text("Umsatz im Jahr, bei {count} geschätzten Kunden", "revenue a year, {count} customers estimated"),
    "tiles.gap_unknown": Text("keine Bedarfsschätzungen geliefert", "no estimates of demand delivered"),
    "tiles.leads": Text("Interessenten", "Leads"),
    "tiles.leads_note": Text("{targets} Zielkunden, Potenzial {gap}", "{targets} to win, potential {gap}"),
    "tiles.leads_note_plain": Text("{targets} Zielkunden", "{targets} to win"),
    # Matrix
    "matrix.heading": Text("Portfoliomatrix", "Portfolio matrix"),
    "matrix.lead": Text(
        "Je weiter rechts, desto besser passt der Kunde zu uns; je weiter oben, desto mehr ist zu holen. "
        "Fläche = Deckungsbeitrag IV.",
        "Further right: the customer fits us better. Further up: more is to be won. Area = customer contribution.",
    ),
    "matrix.capped": Text(
        "Gezeichnet sind {drawn} von {of} bewerteten Kunden: die größten Beträge jeder Zone, dann Schutz- und Entwicklungszone. "
        "Alle Summen der Seite zählen alle Kunden.",
        "{drawn} of {of} rated customers are drawn: the largest amounts of each zone, then protection and development. "
        "All sums on this page count every customer.",
    ),
    "matrix.capped_leads": Text(
        "Gezeichnet sind {drawn} von {of} bewerteten Interessenten.", "{drawn} of {of} rated leads are drawn."
    ),
    "matrix.nobody": Text("Noch kein Kunde ist bewertet", "No customer is rated yet"),
    "matrix.nobody_note": Text(
        "Eine Zone gibt es erst, wenn auf jeder Achse genug Kriterien bekannt sind. Es fehlt, was der Vertrieb weiß: "
        "Bewertungen und Bedarfsschätzungen. Bis dahin bleibt die Betreuung, wie sie ist.",
        "A zone needs enough known criteria on each axis. What is missing is what sales knows: ratings and estimates of "
        "demand. Until then care stays as it is.",
    ),
    "matrix.nobody_next": Text(
        "Mit diesen Kunden anfangen: Sie bringen den meisten Umsatz.", "Start with these: they bring the most revenue."
    ),
    "matrix.held": Text(
        "{count} Kunden stehen knapp jenseits der Grenze und behalten ihre Zone: Die Farbe zeigt die Zone, der Ort die Punkte.",
        "{count} customers are just beyond the border and keep their zone: colour shows the zone, place shows the points.",
    ),
    "matrix.overlap": Text(
        "Kreise anfahren oder antippen: Punkte, Beitrag, Empfehlung.",
        "Point at or tap a circle: points, contribution, what to do.",
    ),
    "matrix.zoom": Text(
        "Ziehen vergrößert, Doppelklick setzt zurück.", "Drag to zoom, double-click to go back."
    ),
    "legend.heading": Text("Zeichen", "Signs"),
    "legend.loss": Text("Verlust (hohl)", "Loss (hollow)"),
    "legend.provisional": Text("vorläufig (mit Kreuz)", "provisional (crossed)"),
    "legend.lead": Text("Interessent (ohne Betrag)", "Lead (no amount)"),
    # Beside the matrix
    "apart.heading": Text("Nicht in der Matrix", "Not in the matrix"),
    "apart.unrated": Text("Unbewertet", "Unrated"),
    "apart.unrated_note": Text("zu wenig bekannt, um sie einzuordnen", "too little is known to place them"),
    "apart.new": Text("Neue Kunden", "New customers"),
    "apart.new_note": Text("in Beobachtung, noch nicht beurteilt", "under observation, not judged yet"),
    "apart.leads": Text("Interessenten", "Leads"),
    "apart.leads_note": Text(
        "{targets} Zielkunden, {unrated} unbewertet", "{targets} to win, {unrated} unrated"
    ),
    "apart.customers": Text("{count} Kunden", "{count} customers"),
    "apart.one_customer": Text("1 Kunde", "1 customer"),
    "apart.revenue": Text("Umsatz {amount}", "Revenue {amount}"),
    "apart.potential": Text("Potenzial {amount}", "Potential {amount}"),
    "apart.largest": Text("Die größten:", "Largest:"),
    # Zones, statuses, reasons
    "zone.protection": Text("Schutzzone", "Protection"),
    "zone.development": Text("Entwicklungszone", "Development"),
    "zone.maintain": Text("Pflegezone", "Maintain"),
    "zone.withdrawal": Text("Rückzug", "Withdrawal"),
    "zone.new_customer": Text("In Beobachtung", "Under observation"),
    "zone.unrated": Text("Unbewertet", "Unrated"),
    "zone.lead": Text("Interessenten", "Leads"),
    "zone.target_lead": Text("Zielkunde", "Target lead"),
    "zone.nurture_lead": Text("Kontakt halten", "Nurture"),
    "zone.disqualified_lead": Text("Nicht verfolgen", "Disqualified"),
    "quadrant.protection": Text("Schutz", "Protection"),
    "quadrant.development": Text("Entwicklung", "Development"),
    "quadrant.maintain": Text("Pflege", "Maintain"),
    "quadrant.withdrawal": Text("Rückzug", "Withdrawal"),
    "zone_status.confirmed": Text("bestätigt", "confirmed"),
    "zone_status.provisional": Text("vorläufig", "provisional"),
    "zone_status.unrated": Text("unbewertet", "unrated"),
    "zone_status.observation": Text("in Beobachtung", "under observation"),
    "reason.missing_criteria": Text("Kriterien fehlen", "criteria missing"),
    "reason.potential_contradicted": Text("Umsatz widerspricht der Bedarfsschätzung", "revenue contradicts the estimate"),
    "reason.potential_stale": Text("Bedarfsschätzung veraltet", "estimate out of date"),
    "reason.ratings_stale": Text("Bewertungen veraltet", "ratings out of date"),
    "action_reason.override": Text("von Hand festgelegt", "set by a person"),
    "action_reason.observation": Text("weniger als ein volles Jahr Kunde", "a customer for less than a full year"),
    "action_reason.zone_provisional": Text("die Zone ist vorläufig", "the zone is provisional"),
    "action_reason.zone_unrated": Text("zu wenig bekannt", "too little is known"),
    "action_reason.churn_risk": Text("Bestellung überfällig, Abwanderungsgefahr", "order overdue, risk of churn"),
    "action_reason.falling_share_of_wallet": Text("sinkender Lieferanteil", "falling share of wallet"),
    "action_reason.blocking_criterion": Text("es bremst: {criterion}", "held back by: {criterion}"),
    "action_reason.zone": Text("folgt aus der Zone", "follows from the zone"),
    "customer_type.star": Text("Star", "Star"),
    "customer_type.free_rider": Text("Trittbrettfahrer", "Free rider"),
    "customer_type.question_mark": Text("Fragezeichen", "Question mark"),
    "customer_type.poor_dog": Text("Armer Hund", "Poor dog"),
    "axis.potential": Text("Potenzial", "Potential"),
    "axis.attractiveness": Text("Attraktivität", "Attractiveness"),
    # The card of one customer
    "card.close": Text("Schließen", "Close"),
    "card.what_to_do": Text("Was tun", "What to do"),
    "card.why": Text("Warum", "Why"),
    "card.contribution": Text("Deckungsbeitrag IV", "Customer contribution"),
    "card.contribution_low": Text("mindestens", "at least"),
    "card.revenue": Text("Umsatz", "Net revenue"),
    "card.gap": Text("Unausgeschöpft", "Untapped potential"),
    "card.next": Text("am meisten in", "most of it in"),
    "card.value": Text("Kundenwert", "Customer value"),
    "card.rank": Text("Rang", "rank"),
    "card.abc": Text("ABC-Klasse", "ABC class"),
    "card.type": Text("Kundentyp", "Customer type"),
    "card.effort": Text("Aufwand zu Wert", "Effort to value"),
    "card.missing": Text("unbekannt, Mitte zählt", "unknown, midpoint counts"),
    "card.range": Text("möglich", "possible"),
    "card.of": Text("von", "of"),
    "card.possible_zones": Text("Mögliche Zonen", "Possible zones"),
    "card.hold": Text(
        "Nach Punkten {zone}, die Grenze ist aber nur knapp überschritten.",
        "By points {zone}, but only just beyond the border.",
    ),
    "card.frozen": Text("Betreut wie bisher: {zone}.", "Cared for as before: {zone}."),
    "card.due": Text("Neu bewerten.", "Rate again."),
    "card.override": Text("Von Hand: {zone}.", "Set by a person: {zone}."),
    "card.same_place": Text("An derselben Stelle", "In the same place"),
    "card.key_account": Text("Schlüsselkunde", "key account"),
    # Charts
    "chart.attractiveness": Text("Attraktivität (0 bis 100)", "Attractiveness (0 to 100)"),
    "chart.potential": Text("Potenzial (0 bis 100)", "Potential (0 to 100)"),
    "chart.whale_x": Text("Kunden, der ertragreichste zuerst", "Customers, the best first"),
    "chart.whale_y": Text("Deckungsbeitrag IV, aufaddiert, {currency}", "Contribution, added up, {currency}"),
    "chart.million": Text("Mio.", "m"),
    "chart.thousand": Text("Tsd.", "k"),
    "chart.billion": Text("Mrd.", "bn"),
    "chart.peak": Text("Gipfel {amount}", "Peak {amount}"),
    "chart.taken_back": Text("{amount} aufgezehrt", "{amount} taken back"),
    "chart.rank": Text("Rang {rank}: {name}", "Rank {rank}: {name}"),
    "chart.own": Text("selbst {amount}", "alone {amount}"),
    "chart.added_up": Text("zusammen {amount}", "added up {amount}"),
    "chart.matrix_label": Text(
        "Blasendiagramm: Attraktivität und Potenzial der Kunden; dieselben Angaben in den Tabellen.",
        "Bubble chart: attractiveness and potential of the customers; the tables hold the same facts.",
    ),
    "chart.whale_label": Text(
        "Kurve: aufaddierter Deckungsbeitrag, der ertragreichste Kunde zuerst.",
        "Curve: contribution added up, the best customer first.",
    ),
    # Whale curve
    "whale.heading": Text("Walkurve", "Whale curve"),
    "whale.lead": Text("Wer das Ergebnis verdient und wer es wieder aufzehrt.", "Who earns the result, and who takes it back."),
    "whale.peak": Text("Gipfel", "Peak"),
    "whale.peak_note": Text("nach {count} Kunden, {share} vom Ergebnis", "after {count} customers, {share} of the result"),
    "whale.peak_note_plain": Text("nach {count} Kunden", "after {count} customers"),
    "whale.tail": Text("Aufgezehrt", "Taken back"),
    "whale.tail_note": Text("von {count} Verlustbringern", "by {count} loss makers"),
    "whale.result": Text("Ergebnis", "Result"),
    "whale.result_note": Text("aller {count} Kunden", "of all {count} customers"),
    # Effort against value
    "effort.heading": Text("Aufwand gegen Wert", "Effort against value"),
    "effort.lead": Text(
        "Anteil an den Vertriebskosten gegen Anteil am positiven Deckungsbeitrag, je Zone.",
        "Share of sales cost against share of positive contribution, by zone.",
    ),
    "effort.cost": Text("Vertriebskosten", "Sales cost"),
    "effort.value": Text("Deckungsbeitrag", "Contribution"),
    "effort.index": Text("Aufwand je Wert", "Effort per value"),
    "effort.index_note": Text(
        "Über 1: mehr Aufwand als Wert. Interessenten kosten, bevor sie etwas bringen.",
        "Above 1: more effort than value. Leads cost before they bring anything.",
    ),
    "effort.customers": Text("{count} Kunden", "{count} customers"),
    "effort.leads": Text("{count} Interessenten", "{count} leads"),
    "effort.none": Text("ohne Wert", "no value"),
    "effort.no_cost": Text(
        "Es wurden keine Vertriebsaktivitäten geliefert: Die Kosten des Vertriebs fehlen.",
        "No sales activities were delivered: the cost of sales is missing.",
    ),
    # What to do
    "actions.heading": Text("Was zu tun ist", "What is to be done"),
    "actions.action": Text("Empfehlung", "Recommended action"),
    "actions.customers": Text("Kunden", "Customers"),
    "actions.leads": Text("Interessenten", "Leads"),
    "actions.gap": Text("Unausgeschöpft", "Untapped"),
    # ABC
    "abc.heading": Text("Was die ABC-Klasse nicht sieht", "What the ABC class does not see"),
    "abc.lead": Text(
        "ABC ordnet nach Umsatz. Diese Kunden würden damit falsch behandelt:",
        "ABC sorts by revenue. It would have these customers treated wrongly:",
    ),
    "abc.unknown": Text("ohne Bedarfsschätzungen unbekannt", "unknown without estimates of demand"),
    "abc.danger_1": Text("Klasse A, aber Verlust", "Class A, but a loss"),
    "abc.danger_2": Text("Schrumpfend oder schwache Bonität", "Shrinking, or weak credit"),
    "abc.danger_3": Text("Bestellung überfällig", "Order overdue"),
    "abc.danger_4": Text("Klasse C, aber hohes Potenzial", "Class C, but high potential"),
    "abc.danger_5": Text("Bedarf nicht ausgeschöpft", "Demand not tapped"),
    "abc.amount_1": Text("Deckungsbeitrag {amount}", "contribution {amount}"),
    "abc.amount_2": Text("Umsatz {amount}", "revenue {amount}"),
    "abc.amount_3": Text("Umsatz {amount}", "revenue {amount}"),
    "abc.amount_4": Text("zu holen {amount}", "to be won {amount}"),
    "abc.amount_5": Text("zu holen {amount}", "to be won {amount}"),
    # Tables
    "top.heading": Text("Die wertvollsten Kunden", "The most valuable customers"),
    "top.lead": Text(
        "Kundenwert 0 bis 100 aus Deckungsbeitrag, Potenzial und Attraktivität; die ersten {count} von {of}.",
        "Customer value 0 to 100 from contribution, potential and attractiveness; the first {count} of {of}.",
    ),
    "top.rank": Text("Rang", "Rank"),
    "top.name": Text("Kunde", "Customer"),
    "top.zone": Text("Zone", "Zone"),
    "top.value": Text("Kundenwert", "Value"),
    "top.contribution": Text("DB IV", "Contribution"),
    "top.revenue": Text("Umsatz", "Revenue"),
    "top.abc": same("ABC"),
    "top.action": Text("Was tun", "What to do"),
    "gaps.heading": Text("Die größten erreichbaren Lücken", "The largest achievable gaps"),
    "gaps.lead": Text(
        "Bedarf, den wir gewinnen könnten und noch nicht haben, je Warengruppe gerechnet und nie verrechnet.",
        "Demand we could win and do not have yet, by product group and never netted.",
    ),
    "gaps.none": Text(
        "Ohne Bedarfsschätzungen ist nicht bekannt, was zu holen wäre: Es fehlt die Lieferung potential_estimates.",
        "Without estimates of demand nobody knows what could be won: potential_estimates is not delivered.",
    ),
    "gaps.gap": Text("Lücke", "Gap"),
    "gaps.sow": Text("Lieferanteil", "Share of wallet"),
    "gaps.group": Text("Am meisten in", "Most of it in"),
    "gaps.contribution": Text("Brächte DB I", "Would bring"),
    # Reconciliation
    "ledger.heading": Text("Abgleich mit dem Hauptbuch", "Reconciliation with the ledger"),
    "ledger.lead": Text(
        "Jeder Betrag steht bei jemandem: {from} bis {to}, {months} Monate.",
        "Every amount belongs somewhere: {from} to {to}, {months} months.",
    ),
    "ledger.nothing": Text("Für diese 12 Monate gibt es nichts abzugleichen.", "There is nothing to reconcile in these 12 months."),
    "ledger.by_year": Text(
        "Das Hauptbuch liefert Jahreswerte; verglichen wird je Gruppe das letzte volle Jahr.",
        "The ledger is delivered by the year; each group is compared for its latest full year.",
    ),
    "ledger.customers": Text("Kunden", "Customers"),
    "ledger.leads": Text("Interessenten", "Leads"),
    "ledger.intercompany": Text("Verbundene Konten", "Intercompany"),
    "ledger.unassigned_unknown_customer": Text("Ohne bekannten Kunden", "Unknown customer"),
    "ledger.unassigned_missing_cost_centre": Text("Ohne Kostenträger", "No cost centre"),
    "ledger.quarantined": Text("In Quarantäne", "Quarantined"),
    "ledger.unused_capacity": Text("Ungenutzte Kapazität", "Unused capacity"),
    "ledger.total": Text("Summe", "Total"),
    "ledger.ledger": Text("Hauptbuch", "Ledger"),
    "ledger.difference": Text("Differenz", "Difference"),
    "ledger.component": Text("Bestandteil", "Component"),
    "ledger.amount": Text("Betrag in {currency}", "Amount in {currency}"),
    "ledger.group": Text("Kontengruppe", "Account group"),
    "ledger.period": Text("Zeitraum", "Period"),
    "ledger.status": Text("Ergebnis", "Outcome"),
    "ledger.undated": Text(
        "Dazu {amount} in Quarantäne ohne lesbares Datum, in keinem Monat enthalten.",
        "In addition {amount} in quarantine without a readable date, in no month.",
    ),
    "ledger.not_delivered": Text("nicht geliefert", "not delivered"),
    "ledger.why_missing": Text(
        "Ohne Salden des Hauptbuchs (ledger_totals) kann niemand sagen, ob die Summe stimmt. Sie ist deshalb nicht falsch, nur ungeprüft.",
        "Without balances of the ledger (ledger_totals) nobody can tell whether the total is right. It is not wrong, it is unchecked.",
    ),
    "status.reconciled": Text("stimmt", "reconciled"),
    "status.difference": Text("Differenz", "difference"),
    "status.partly_available": Text("teilweise geliefert", "partly delivered"),
    "status.not_available": Text("nicht geliefert", "not delivered"),
    "account_group.gross_list_revenue": Text("Bruttoerlös", "Gross list revenue"),
    "account_group.revenue_deductions": Text("Erlösschmälerungen", "Revenue deductions"),
    "account_group.net_revenue": Text("Nettoerlös", "Net revenue"),
    "account_group.cogs": Text("Wareneinsatz", "Cost of goods sold"),
    "account_group.marketing": same("Marketing"),
    "account_group.field_sales_cost": Text("Außendienst", "Field sales"),
    "account_group.inside_sales_cost": Text("Innendienst", "Inside sales"),
    "account_group.service_logistics": Text("Service und Logistik", "Service and logistics"),
    # Sources
    "source.accounts": Text("CRM-Konten", "CRM accounts"),
    "source.activities": Text("Vertriebsaktivitäten", "sales activities"),
    "source.campaign_members": Text("Kampagnenteilnehmer", "campaign members"),
    "source.campaigns": Text("Kampagnen", "campaigns"),
    "source.contacts": Text("Ansprechpartner", "contacts"),
    "source.customer_id_changes": Text("Umnummerierungen", "changed customer ids"),
    "source.customer_parents": Text("Konzernzugehörigkeit", "groups of customers"),
    "source.customers": Text("Kundenstamm", "customer master"),
    "source.direct_costs": Text("direkte Kosten", "direct costs"),
    "source.exchange_rates": Text("Wechselkurse", "exchange rates"),
    "source.invoice_lines": Text("Rechnungszeilen", "invoice lines"),
    "source.ledger_totals": Text("Hauptbuchsalden", "ledger balances"),
    "source.open_items": Text("offene Posten", "open items"),
    "source.opening_portfolio": Text("Eröffnungsportfolio", "opening portfolio"),
    "source.opportunities": Text("Verkaufschancen", "opportunities"),
    "source.orders": Text("Aufträge", "orders"),
    "source.potential_estimates": Text("Bedarfsschätzungen", "estimates of demand"),
    "source.products": Text("Artikelstamm", "products"),
    "source.ratings": Text("Bewertungen", "ratings"),
    "source.revenue_history": Text("Umsatzhistorie", "revenue history"),
    "source.sales_reps": Text("Vertriebsmitarbeiter", "sales representatives"),
    "source.service_ratings": Text("Leistungsbewertungen", "service ratings"),
    "source.zone_overrides": Text("Zonen von Hand", "zones set by hand"),
    # How to read
    "read.heading": Text("So liest man die Seite", "How to read this page"),
    "read.contribution": Text(
        "Deckungsbeitrag IV: Umsatz minus Wareneinsatz, Marketing, Vertriebs-, Service- und Logistikkosten des Kunden. "
        "Gemeinkosten und ungenutzte Kapazität sind nicht enthalten.",
        "Customer contribution: revenue less cost of goods, marketing, sales, service and logistics cost of the customer. "
        "Overhead and unused capacity are not in it.",
    ),
    "read.zones": Text(
        "Die Zone entscheidet über den Aufwand, nicht über den Umgang: Rückzug heißt günstigerer Kanal mit Mindestbetreuung.",
        "The zone decides the effort, not the manners: withdrawal means a cheaper channel with minimum care.",
    ),
    "read.provisional": Text(
        "Vorläufig: Angaben fehlen, sind veraltet oder widersprechen sich. Daran wird keine Betreuung geändert.",
        "Provisional: facts are missing, old or contradictory. Nobody's care is changed because of that.",
    ),
    "read.people": Text(
        "Diese Seite enthält Kundennamen, aber keine Namen von Mitarbeitern oder Ansprechpartnern.",
        "This page holds names of customers, none of employees or contacts.",
    ),
}  # fmt: skip


def code(place: str, value: str) -> Text:
    """The words for a code of a mart; a code without words is shown as it is, so nothing disappears."""
    return TEXTS.get(f"{place}.{value}") or same(value.replace("_", " "))
