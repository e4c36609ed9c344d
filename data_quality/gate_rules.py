"""What the gate judges besides batches and dbt's tests, for docs/rules.md: name, subject, home and words of each check.

Belongs here: that list; a test compares it with the check ids the code makes. Not here: the checks themselves
(landing_results, warehouse_results, dbt_results, gate).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.checks import Severity


@dataclass(frozen=True, slots=True)
class GateRule:
    """One check: its id (`<table>` and `<code>` stand for what varies), what it `decides` ("table.column concern"), and
    its `home`: the file of the decision, or the dbt model whose rows it reports."""

    check_id: str
    decides: str
    severity: Severity
    what: str
    home: str


GATE_RULES: Final = (
    GateRule(
        "landing.<table>.file_quarantined",
        "delivered_files allowed",
        "critical",
        "the newest delivery of every table could be read",
        "data_quality/landing_results.py",
    ),
    GateRule(
        "landing.<table>.rows_lost",
        "load_batches.rows_in sum",
        "critical",
        "rows in = accepted + quarantined + filtered by the mapping + lost in it",
        "data_quality/landing_results.py",
    ),
    GateRule(
        "landing.<table>.<code>",
        "delivered_rows allowed",
        "warning",
        "every row obeys its table's contract; one that does not is in quarantine, with the code of its reason",
        "pipelines/landing/findings.py",
    ),
    GateRule(
        "weight.<table>.<limit>",
        "delivered_rows share",
        "critical",
        "no more of a table is set aside, lost, left out or of unknown customers than `limits` in config/sources.yml allow",
        "data_quality/weights.py",
    ),
    GateRule(
        "weight.invoice_lines.<sign>",
        "invoice_lines.gross_list_amount sign",
        "critical",
        "amounts, deductions and costs have the sign of their document in 99 % of the column's amount",
        "data_quality/weights.py",
    ),
    GateRule(
        "before.<table>.<comparison>",
        "delivered_rows before",
        "critical",
        "revenue of closed months, customers, rows and the unit of amounts are those behind the current version, within `limits`",
        "data_quality/before.py",
    ),
    GateRule(
        "plausible.<table>.<doubt>",
        "delivered_rows plausible",
        "warning",
        "costs, rates, months and ids are what a business has; a rate or a month a hundred times off is critical",
        "data_quality/plausibility.py",
    ),
    GateRule(
        "quarantine.<table>.amount_unknown",
        "quarantined_rows.amount missing",
        "critical",
        "quarantined rows have a readable amount, so that it is known how much is missing",
        "data_quality/warehouse_results.py",
    ),
    GateRule(
        "quarantine.<table>.unreadable",
        "unreadable_values.column_name quarantined",
        "warning",
        "every value of an optional column of the customer master could be read; weighed by the revenue of its customers",
        "data_quality/warehouse_results.py",
    ),
    GateRule(
        "reconciliation.difference",
        "ledger_totals.amount sum",
        "critical",
        "every period and account group equals the ledger, to the cent",
        "int_contribution__reconciliation",
    ),
    GateRule(
        "reconciliation.periods",
        "ledger_totals.amount sum",
        "info",
        "how many periods and account groups equal the ledger, and how many have none to be compared with",
        "int_contribution__reconciliation",
    ),
    GateRule(
        "reconciliation.quarantined",
        "ledger_totals.amount quarantined",
        "critical",
        "no row of the ledger is in quarantine: it may hold any amount",
        "data_quality/warehouse_results.py",
    ),
    GateRule(
        "reconciliation.computed",
        "ledger_totals run",
        "critical",
        "the reconciliation was computed and something was booked",
        "data_quality/warehouse_results.py",
    ),
    GateRule(
        "fx.missing",
        "exchange_rates.rate_date rate",
        "critical",
        "every amount in a foreign currency has a rate that is young enough",
        "int_contribution__amounts_without_rate",
    ),
    GateRule(
        "fx.booked_net",
        "invoice_lines.local_net_amount contradiction",
        "warning",
        "booked net amounts agree with their lines and with the published rates; critical where they are plainly in another currency",
        "int_contribution__booked_nets",
    ),
    GateRule(
        "fx.computed",
        "exchange_rates run",
        "critical",
        "the exchange rates in use were computed",
        "data_quality/warehouse_results.py",
    ),
    GateRule("dbt.build.<model>", "models run", "critical", "every model was built", "data_quality/dbt_results.py"),
    GateRule(
        "dbt.test_error.<test>", "tests run", "critical", "every test could be run", "data_quality/dbt_results.py"
    ),
    GateRule(
        "dbt.skipped.<name>",
        "skipped run",
        "critical",
        "nothing was left out of the run",
        "data_quality/dbt_results.py",
    ),
    GateRule(
        "dbt.no_results",
        "dbt_results run",
        "critical",
        "dbt left the results of this very run",
        "data_quality/dbt_results.py",
    ),
    GateRule(
        "gate.privacy_expired",
        "privacy allowed",
        "warning",
        "what allows people to be shown has not ended (`privacy.expires_on`); after it nothing of them is shown",
        "data_quality/privacy.py",
    ),
    GateRule(
        "gate.<waiver>",
        "waivers waiver",
        "warning",
        "every waiver of config/waivers.yml still acts and is about something",
        "data_quality/waivers.py",
    ),
    GateRule(
        "gate.<area>_checked", "areas run", "critical", "every area of checks has a result", "data_quality/gate.py"
    ),
)
