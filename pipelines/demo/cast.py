"""Who the demo company's customers are: types that repeat, and a fixed cast that shows every case of the method.

Belongs here: names and figures of types and cases. Not here: how bookings follow from them (sql/).
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_CUSTOMER_NUMBER = 10_000
"""Customer i has the id '0' + (10000 + i): '010001' is the first."""


@dataclass(frozen=True, slots=True)
class Archetype:
    """A type of customer. Money as shares, levels 1..5, visits and calls per year.

    `share` is its part of the customers outside the cast, in 1/1000. `size` scales the long-tailed annual revenue,
    `discount` and `cogs` are shares of gross list revenue, `demand` is demand / own revenue, `trouble` the share of
    orders with errors. The seven levels are future demand, access to decision makers, process maturity, chemistry,
    strategy clarity (the rated axis criteria), perceived benefit and satisfaction.
    """

    name: str
    share: int
    size: float
    growth: float
    discount: float
    cogs: float
    late_days: int
    demand: float
    achievable: float
    levels: tuple[int, int, int, int, int, int, int]
    visits: float
    calls: float
    trouble: float


ARCHETYPES = (
    Archetype("star", 90, 1.9, 0.07, 0.08, 0.64, 3, 2.3, 0.85, (4, 4, 4, 4, 4, 4, 4), 22, 30, 0.01),
    Archetype("neglected_star", 30, 1.2, 0.06, 0.06, 0.62, 2, 2.9, 0.85, (5, 4, 4, 4, 4, 4, 3), 0, 0, 0.01),
    Archetype("development", 140, 1.2, 0.06, 0.09, 0.65, 12, 3.0, 0.80, (4, 1, 3, 2, 2, 3, 3), 13, 22, 0.02),
    Archetype("process_trouble", 50, 1.2, 0.05, 0.09, 0.65, 16, 2.6, 0.80, (4, 3, 1, 2, 2, 3, 2), 12, 30, 0.14),
    Archetype("maintain", 150, 1.1, 0.01, 0.08, 0.65, 2, 1.10, 0.90, (2, 4, 4, 4, 4, 4, 4), 13, 20, 0.01),
    Archetype("withdrawal", 180, 0.5, -0.04, 0.12, 0.765, 20, 1.20, 0.85, (2, 2, 2, 2, 2, 2, 2), 9, 16, 0.03),
    Archetype("free_rider", 60, 1.0, 0.01, 0.30, 0.665, 14, 1.20, 0.85, (2, 3, 2, 3, 2, 5, 5), 18, 36, 0.03),
    Archetype("question_mark", 60, 1.1, -0.01, 0.03, 0.56, 6, 1.5, 0.85, (3, 3, 3, 2, 3, 2, 1), 3, 8, 0.02),
    Archetype("falling_share", 60, 1.3, -0.15, 0.10, 0.65, 5, 1.9, 0.90, (3, 3, 3, 3, 3, 3, 3), 10, 20, 0.02),
    Archetype("late_payer", 60, 0.9, 0.02, 0.09, 0.70, 44, 1.5, 0.85, (3, 3, 3, 3, 3, 3, 3), 9, 18, 0.02),
    Archetype("small", 60, 0.10, 0.0, 0.05, 0.68, 8, 1.15, 0.90, (2, 3, 3, 3, 2, 3, 3), 3, 6, 0.02),
    Archetype("hidden_champion", 20, 0.12, 0.12, 0.05, 0.63, 4, 9.0, 0.85, (5, 4, 4, 4, 4, 3, 3), 4, 12, 0.01),
    Archetype("new_customer", 20, 0.8, 0.05, 0.07, 0.65, 5, 2.2, 0.80, (4, 3, 3, 4, 3, 4, 4), 9, 24, 0.02),
    Archetype("lapsed", 20, 0.4, -0.10, 0.09, 0.70, 15, 1.4, 0.80, (2, 2, 3, 2, 2, 2, 2), 1, 3, 0.03),
)


@dataclass(frozen=True, slots=True)
class Role:
    """One fixed customer: its number, the case it shows, the type it is otherwise, annual net revenue in euros.

    `country` CH is invoiced in CHF. `parent` is the group it belongs to.
    """

    number: int
    case: str
    archetype: str
    revenue: int
    name: str
    country: str = "DE"
    parent: str | None = None


CAST = (
    Role(1, "top_star", "star", 4_200_000, "Nordsee Fördertechnik SE"),
    Role(2, "group_de", "star", 1_900_000, "Möhnetal Anlagenbau GmbH", parent="G00001"),
    Role(3, "group_chf", "star", 820_000, "Möhnetal Anlagenbau (Schweiz) AG", "CH", "G00001"),
    Role(4, "chf_customer", "maintain", 310_000, "Zürichberg Kältetechnik AG", "CH"),
    Role(5, "neglected_star", "neglected_star", 540_000, "Süderelbe Brückenbau GmbH"),
    Role(6, "never_contacted", "neglected_star", 390_000, "Lüneburger Hydraulik GmbH & Co. KG"),
    Role(7, "free_rider", "free_rider", 610_000, "Rheinbogen Großmontagen GmbH"),
    Role(8, "question_mark", "question_mark", 720_000, "Thüringer Präzisionsgetriebe GmbH"),
    Role(9, "falling_share", "falling_share", 880_000, "Weserbergland Möbelwerke AG"),
    Role(10, "late_payer", "late_payer", 430_000, "Oberpfälzer Stahlbau KG"),
    Role(11, "process_trouble", "process_trouble", 460_000, "Harz Verpackung Nord GmbH", parent="G00002"),
    Role(12, "process_trouble", "process_trouble", 350_000, "Harz Verpackung Süd GmbH", parent="G00002"),
    Role(13, "process_trouble", "process_trouble", 220_000, "Harz Logistikdienste GmbH", parent="G00002"),
    Role(14, "over_served", "withdrawal", 95_000, "Bördeland Metallwaren GmbH"),
    Role(15, "blocked_access", "development", 640_000, "Schwäbische Kunststofftechnik GmbH"),
    Role(16, "maintain", "maintain", 470_000, "Ostseeküste Gebäudetechnik GmbH"),
    Role(17, "hidden_champion", "hidden_champion", 21_000, "Jenaer Lasermesstechnik GmbH"),
    Role(18, "small_customer", "small", 6_500, "Werkstattbedarf Ährenfeld GmbH"),
    Role(19, "new_customer", "new_customer", 260_000, "Wasserstoff Lausitz GmbH"),
    Role(20, "lapsed", "lapsed", 140_000, "Eifel Gießerei GmbH"),
    Role(21, "unrated", "maintain", 330_000, "Saarländische Rohrleitungsbau GmbH"),
    Role(22, "stale", "maintain", 280_000, "Uckermark Landtechnik eG"),
    Role(23, "contradicted", "star", 520_000, "Emsland Windservice GmbH"),
    Role(24, "insolvent", "late_payer", 190_000, "Ruhrtal Schraubenwerk GmbH"),
    Role(25, "blocked", "withdrawal", 88_000, "Fichtelgebirge Keramik GmbH"),
    Role(26, "merged", "maintain", 410_000, "Havelländer Pumpen GmbH"),
    Role(27, "rep_left", "star", 450_000, "Allgäu Käsereitechnik GmbH"),
    Role(28, "override_active", "withdrawal", 120_000, "Vogtland Textilmaschinen GmbH"),
    Role(29, "override_expired", "maintain", 230_000, "Odenwald Sägewerke KG"),
    Role(30, "negative_revenue", "withdrawal", 60_000, "Spreewald Konserven GmbH"),
    Role(31, "big_loss", "free_rider", 1_650_000, "Hanse Großhandelsverbund AG"),
    Role(32, "few_orders", "small", 15_000, "Kurpfalz Messebau GmbH"),
    Role(33, "demand_jump", "star", 380_000, "Bodensee Solarmontage GmbH"),
    Role(34, "straight_lining", "maintain", 300_000, "Münsterland Futtermittel eG"),
    Role(35, "late_rerating", "maintain", 290_000, "Ostwestfalen Küchenwerke GmbH"),
    Role(36, "unknown_chosen", "development", 310_000, "Erzgebirge Holzkunst GmbH"),
    Role(37, "moved_parent", "maintain", 240_000, "Taunus Klimatechnik GmbH", parent="G00003"),
    Role(38, "no_demand_stage", "star", 340_000, "Altmark Biogas GmbH"),
    Role(39, "demand_zero", "withdrawal", 75_000, "Pfälzer Weinlogistik GmbH"),
    Role(40, "no_owner", "star", 270_000, "Rügen Yachtausrüstung GmbH"),
    Role(41, "no_account", "maintain", 210_000, "Hunsrück Natursteine GmbH"),
    Role(42, "churn_risk", "maintain", 360_000, "Sauerland Leuchten GmbH"),
    Role(43, "hysteresis", "star", 420_000, "Westerwald Keramiköfen GmbH"),
    Role(44, "parts_missing", "development", 260_000, "Bayerwald Glashütten GmbH"),
    Role(45, "disputed", "late_payer", 370_000, "Niederrhein Tiefbau GmbH"),
    Role(46, "two_accounts", "development", 480_000, "Elbtal Papierfabrik GmbH"),
    Role(47, "promotions_only", "withdrawal", 130_000, "Sonderposten Börde GmbH"),
    Role(48, "white_space", "star", 560_000, "Mecklenburg Molkereitechnik GmbH"),
    Role(49, "intermediate_group", "maintain", 180_000, "Kraichgau Elektro GmbH", parent="G00004"),
    Role(50, "intermediate_group", "maintain", 150_000, "Kraichgau Schaltanlagen GmbH", parent="010049"),
    Role(51, "never_bought", "maintain", 90_000, "Sylter Bootsbau GmbH"),
    Role(52, "let_rest", "lapsed", 60_000, "Märkische Ziegelwerke GmbH"),
    Role(53, "loss_by_price", "withdrawal", 240_000, "Lippe Systemgastronomie AG"),
    Role(54, "loss_by_logistics", "withdrawal", 110_000, "Halligen Inselversorgung GmbH"),
    Role(55, "loss_by_marketing", "withdrawal", 105_000, "Rennsteig Sporthandel GmbH"),
    Role(56, "loss_by_goods", "withdrawal", 125_000, "Siegerland Walzwerke GmbH"),
    Role(57, "calm_maintain", "maintain", 260_000, "Wetterau Molkereigeräte eG"),
    Role(58, "review_star", "withdrawal", 210_000, "Hohenlohe Ventiltechnik GmbH"),
    Role(59, "review_small", "hidden_champion", 26_000, "Ilmtal Sensorik GmbH"),
    Role(60, "losing_share", "star", 690_000, "Nahetal Verpackungsmaschinen AG"),
    Role(61, "manipulated", "star", 300_000, "Schwarzwald Uhrenteile GmbH"),
    Role(62, "same_estimate_twice", "development", 330_000, "Oderbruch Agrartechnik GmbH"),
    Role(63, "idle", "withdrawal", 24_000, "Rhönquell Getränke KG"),
    Role(64, "served_star", "star", 610_000, "Isartal Reinraumtechnik GmbH"),
    Role(65, "losing_rhythm", "star", 480_000, "Kieler Schiffselektronik GmbH"),
)

REGIONS = ("Nord", "West", "Ost", "Süd")

PLACES = (  # noqa: SIM905
    "Ahrtal Allgäu Altmark Bergische Bodensee Börde Dithmarscher Eichsfeld Eifel Elbe Ems Erzgebirge "
    "Fränkische Frische-Quelle Hallertau Hanse Harz Havel Hessische Hohenloher Hunsrück Isartal Jade Karwendel "
    "Kraichgau Kurpfalz Lahn Lausitz Lippe Lüneburger Main Märkische Mosel Münsterland Nahe Neckar Niederrhein "
    "Nord Oberpfälzer Odenwald Oder Ostsee Pfälzer Rhein Rhön Ruhr Saale Saarland Sauerland Schwäbische "
    "Schwarzwald Siegerland Spessart Spree Süd Taunus Thüringer Uckermark Vogtland Weser Westerwald Wetterau "
    "Wümme Zugspitz"
).split()

TRADES = (  # noqa: SIM905
    "Anlagenbau Antriebstechnik Apparatebau Automation Bäckereitechnik Befestigungen Brückenbau Dachtechnik "
    "Drehteile Druckluft Elektrotechnik Fahrzeugbau Fördertechnik Gebäudetechnik Getriebebau Gießerei "
    "Glastechnik Gründungstechnik Härterei Holzbau Hydraulik Industriemontage Kältetechnik Kesselbau "
    "Klimatechnik Kunststoffe Küchenbau Lackiertechnik Landtechnik Maschinenbau Mechatronik Messtechnik "
    "Metallbau Möbelwerke Oberflächentechnik Papierwerke Präzisionstechnik Pumpen Rohrleitungsbau "
    "Schaltanlagen Schmiedetechnik Schüttguttechnik Sondermaschinen Stahlbau Tiefbau Umwelttechnik Verpackung "
    "Wärmetechnik Werkzeugbau Windtechnik Zerspanung"
).split()

LEGAL_FORMS = ("GmbH", "GmbH", "GmbH", "GmbH & Co. KG", "AG", "KG", "SE", "eG")

INDUSTRIES = ("C25", "C27", "C28", "C29", "F41", "F43", "G46", "E38", "C10", "C16")
"""Sections and divisions of the German classification of economic activities (WZ 2008)."""

PRODUCT_GROUPS = (
    "Antriebstechnik",
    "Befestigungstechnik",
    "Dichtungstechnik",
    "Elektrotechnik",
    "Hydraulik",
    "Werkzeuge",
    "Arbeitsschutz",
    "Dienstleistungen",
)
"""The last group holds services."""

SERVICES = (
    ("24-Stunden-Lieferung", "Basis"),
    ("Kanban-Belieferung", "Differenzierend"),
    ("Technische Beratung", "Differenzierend"),
    ("Prüfservice Hydraulikschläuche", "Begeisternd"),
    ("C-Teile-Management", "Begeisternd"),
    ("Gemeinsame Entwicklung", "Faszinierend"),
)
"""Services and their offering level, as the ERP names them."""

FIELD_REPS = (
    *((f"VT{number:02d}", "Nord") for number in range(1, 9)),
    *((f"VT{number:02d}", "Süd") for number in range(9, 18)),
    *((f"VT{number:02d}", "Key Account") for number in range(18, 21)),
)
INSIDE_REPS = tuple((f"VI{number:02d}", "Innendienst") for number in range(1, 10))
REP_WHO_LEFT = "VT09"
REP_WHO_LEAVES = "VT16"
"""Has given notice; the last day is 20 days after the last delivered month."""

CRITERIA = (
    "Künftiger Bedarf",
    "Zugang zu Entscheidern",
    "Prozessreife",
    "Chemie",
    "Strategieklarheit",
    "Wahrgenommener Nutzen",
    "Zufriedenheit",
)
"""The rated criteria as the CRM names them, in the order of `Archetype.levels`."""
