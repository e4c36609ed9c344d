"""The account of a batch: rows in = accepted + quarantined + filtered + lost in the mapping, amounts likewise, and what is to be said
about it, also of values in accepted rows that could not be read and were left empty.

Belongs here: counting and wording. Not here: deciding which rows are accepted (typed.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import cast

import duckdb

from pipelines.contracts import Contract
from pipelines.errors import Problem
from pipelines.landing.advice import Advisor
from pipelines.landing.findings import MAPPING_REMEDIES, REMEDIES, Finding, Severity
from pipelines.landing.typed import VALUE
from pipelines.landing.weights import NOTHING_LEFT, Looked, Weight
from pipelines.landing.write import UNREADABLE_VALUES
from pipelines.quoting import identifier

_CENT = Decimal("0.01")
_MASTERS = {
    "customers": "map one row per customer: leave the columns in which they differ out of `columns` (an address is none of the "
    "customer's own), or filter with `where`; rows that then agree land once",
}
"""Tables whose rows others name -> what to do where several rows claim to be one: without it, its revenue would be nobody's."""
_EXAMPLE_LINES = 3
_EXAMPLE_VALUES = 12
_EXAMPLE_LENGTH = 40
_WITH_EXAMPLE = (
    "NUM_FORMAT",
    "NUM_SCALE",
    "NUM_NOT_FINITE",
    "DATE_FORMAT",
    "DATE_INVALID",
    "TYPE",
    "VALUE_NOT_ALLOWED",
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a mapping leaves out of the delivered records: `filtered` by `where` or a query's WHERE, of these `empty` because a value is
    missing, `lost` in a query's joins (None: nobody can tell). `lookups` are what was not found, `differing` maps a column of rows that
    count once (`distinct`) to how many of them have several values."""

    filtered: Weight = NOTHING_LEFT
    empty: Weight = NOTHING_LEFT
    lost: Weight | None = NOTHING_LEFT
    lookups: tuple[Looked, ...] = ()
    differing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """Counts of rows; `amounts` maps a money column to its sums (accepted, quarantined) in delivered currencies, `left` says what the
    mapping leaves out."""

    left: LeftOut
    rows_in: int
    rows_accepted: int
    rows_quarantined: int
    rows_filtered: int
    rows_duplicate_exact: int
    amounts: Mapping[str, tuple[Decimal, Decimal]]
    by_reason: Mapping[str, int]
    values_unreadable: int
    data_from: date | None
    data_to: date | None
    findings: tuple[Finding, ...]


def account_for(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    records: int,
    file_names: str,
    left: LeftOut,
    advisor: Advisor | None = None,
) -> Account:
    """The account of the view `marked`, made of `records` delivered records of which the mapping leaves out `left`; `advisor` knows what
    their format could declare."""
    money = [column.load_name for column in contract.money_columns]
    sums = [
        f"sum({identifier(name)}) filter (reasons is {condition})"
        for name in money
        for condition in ("null", "not null")
    ]
    business = identifier(contract.business_date) if contract.business_date else "null"
    dates = [f"{extreme}({business}::date) filter (reasons is null)" for extreme in ("min", "max")]
    counts = ["count(*) filter (reasons is null)", "count(*) filter (reasons is not null)"]
    counts.append("coalesce(sum(len(_kw_unreadable)) filter (reasons is null), 0)")
    row = connection.execute(f"select {', '.join([*counts, *dates, *sums])} from marked").fetchone()
    if row is None:
        raise RuntimeError("an aggregate without a row")
    accepted, quarantined, unreadable = int(row[0]), int(row[1]), int(row[2])
    amounts = [Decimal(value or 0).quantize(_CENT) for value in row[5:]]
    groups = _groups(connection, contract) if quarantined else []
    by_reason: dict[str, int] = {}
    for group in groups:
        by_reason[group.code] = by_reason.get(group.code, 0) + group.rows
    findings = [group.finding(contract, file_names, advisor) for group in groups]
    findings += _unreadable(connection, contract, accepted, file_names, advisor) if unreadable else []
    if accepted == 0 and quarantined:
        what = f"{contract.name}: not one of {quarantined} rows could be accepted"
        remedy = "look at the reasons that follow; often the format is declared wrongly"
        # They must be told with it: where the gate is red, only what blocks is shown.
        findings = [Finding("critical", each.problem, each.rows, each.amount) for each in findings]
        findings.insert(0, Finding("critical", Problem("NO_ROW_ACCEPTED", what, file_names, remedy), quarantined))
    findings += _left_out_findings(contract, left, records, file_names)
    return Account(
        left=left,
        rows_in=records,
        rows_accepted=accepted,
        rows_quarantined=quarantined,
        rows_filtered=left.filtered.rows,
        rows_duplicate_exact=by_reason.get("DUP_EXACT", 0),
        amounts={name: (amounts[2 * i], amounts[2 * i + 1]) for i, name in enumerate(money)},
        by_reason=by_reason,
        values_unreadable=unreadable,
        data_from=cast("date | None", row[3]),
        data_to=cast("date | None", row[4]),
        findings=tuple(findings),
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """Rejected rows that share their first reason and column."""

    code: str
    column: str
    rows: int
    unknown_amounts: int
    amount: Decimal | None
    lines: tuple[str, ...]
    values: tuple[str, ...] = ()
    """A few of the rejected texts."""
    raw: str | None = None
    """The first record."""

    differing: tuple[str, ...] = ()

    def finding(self, contract: Contract, file_names: str, advisor: Advisor | None) -> Finding:
        """Critical where an amount is unknown (then nobody can say how much is missing), or a customer would be lost."""
        place = f"{contract.name}.{self.column}" if self.column else contract.name
        unknown = f", {self.unknown_amounts} of them of unknown amount" if self.unknown_amounts else ""
        noun = "row was" if self.rows == 1 else "rows were"
        differing = f"; rows of one key differ in {', '.join(self.differing)}" if self.differing else ""
        what = f"{place}: {self.rows} {noun} put into quarantine{unknown}{differing}"
        if self.values and self.code in _WITH_EXAMPLE:
            what += f", e.g. '{self.values[0][:_EXAMPLE_LENGTH]}'"
        is_lost = self.code == "DUP_CONFLICT" and contract.name in _MASTERS
        severity: Severity = "critical" if self.unknown_amounts or is_lost else "warning"
        remedy = _MASTERS[contract.name] if is_lost else self._remedy(contract, advisor)
        problem = Problem(self.code, what, _where(self.lines, self.rows, file_names), remedy)
        return Finding(severity, problem, self.rows, self.amount)

    def _remedy(self, contract: Contract, advisor: Advisor | None) -> str:
        plain = REMEDIES.get(self.code, "")
        if advisor is None:
            return plain
        names = {column.load_name: column for column in contract.columns}
        column = names.get(self.column)
        if self.code in ("NULL_REQUIRED", "FIELD_COUNT") and self.raw and (column is None or column.key):
            return advisor.no_data(self.raw) or plain
        return advisor.remedy(self.code, column, self.values)


_PLACES = (
    "list(file_name || ':' || line_number order by file_name, line_number) filter (file_name is not null "
    "and line_number is not null)"
)


def _where(lines: Sequence[str], rows: int, file_names: str) -> str:
    where = ", ".join(lines) if lines else file_names
    return where + (", ..." if rows > len(lines) > 0 else "")


def _needed(contract: Contract) -> list[str]:
    """The amounts every row has."""
    return [identifier(column.load_name) for column in contract.money_columns if column.required]


def _unreadable(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    accepted: int,
    file_names: str,
    advisor: Advisor | None,
) -> list[Finding]:
    """What accepted rows lost: one finding per optional column and reason, with the weight of these rows."""
    needed = _needed(contract)
    amount = f"sum({needed[0]})" if needed else "null::decimal(18,2)"
    shown = ", ".join(["file_name", "line_number", *needed[:1], "unnest(_kw_unreadable) as cell"])
    rows = connection.execute(
        f"select cell.column_name as named, cell.reason as code, count(*), {amount}, "
        f"list_slice({_PLACES}, 1, {_EXAMPLE_LINES}), min(cell.raw_value, {_EXAMPLE_VALUES}) "
        f"from (select {shown} from marked where reasons is null and _kw_unreadable is not null) group by named, code order by named, code"
    ).fetchall()
    findings = []
    for name, code, count, weight, lines, values in rows:
        column = contract.column(str(name))
        texts = tuple(dict.fromkeys(values or ())) if column.may_be_shown else ()
        noun = "value" if count == 1 else "values"
        what = f"{contract.name}.{name}: {count} {noun} of {accepted} rows could not be read and stay empty; the rows count"
        if texts and code in _WITH_EXAMPLE:
            what += f", e.g. '{texts[0][:_EXAMPLE_LENGTH]}'"
        plain = REMEDIES.get(code, "") if advisor is None else advisor.remedy(str(code), column, texts)
        remedy = f"{plain} (all of them, as delivered: landing/quarantine/{UNREADABLE_VALUES})"
        money = None if weight is None else Decimal(weight).quantize(_CENT)
        problem = Problem(str(code), what, _where(tuple(lines or ()), int(count), file_names), remedy)
        findings.append(Finding("warning", problem, int(count), money))
    return findings


def _groups(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[_Group]:
    first = "split_part(reasons, ', ', 1)"
    needed = _needed(contract)
    unknown = f"count(*) filter ({' or '.join(f'{name} is null' for name in needed)})" if needed else "0"
    amount = f"sum({needed[0]})" if needed else "null::decimal(18,2)"
    rows = connection.execute(
        f"select split_part({first}, ':', 1) as code, split_part({first}, ':', 2) as rejected, count(*), {unknown}, "
        f"{amount}, "
        f"list_slice({_PLACES}, 1, {_EXAMPLE_LINES}), min({VALUE}, {_EXAMPLE_VALUES}), "
        f"arg_min(raw_text, line_number) from marked where reasons is not null group by code, rejected "
        f"order by code, rejected"
    ).fetchall()
    return [
        _Group(
            str(r[0]),
            str(r[1]),
            int(r[2]),
            int(r[3]),
            None if r[4] is None else Decimal(r[4]).quantize(_CENT),
            tuple(r[5] or ()),
            tuple(dict.fromkeys(r[6] or ())),
            None if r[7] is None else str(r[7]),
            _differing(connection) if r[0] == "DUP_CONFLICT" else (),
        )
        for r in rows
    ]


def _left_out_findings(contract: Contract, left: LeftOut, records: int, file_names: str) -> list[Finding]:
    """What is said of what the mapping leaves out; of a plain `where` nothing: it does as it is told."""
    money = next((column.load_name for column in contract.money_columns if column.required), None)

    def found(code: str, what: str, weight: Weight) -> Finding:
        return Finding(
            "warning", Problem(code, what, file_names, MAPPING_REMEDIES[code]), weight.rows, weight.amount(money)
        )

    findings = []
    if left.lost is None:
        what = f"{contract.name}: which records its SQL leaves out cannot be seen, so nobody counts them"
        findings.append(
            Finding("warning", Problem("MAPPING_UNSEEN", what, file_names, MAPPING_REMEDIES["MAPPING_UNSEEN"]))
        )
    elif left.lost.rows:
        what = f"{contract.name}: {left.lost.rows} of {records} delivered records do not come out of the mapping's SQL"
        findings.append(found("LOST_IN_MAPPING", what, left.lost))
    if left.empty.rows:
        what = f"{contract.name}: {left.empty.rows} of {records} records are left out because a column the condition asks for is empty"
        findings.append(found("WHERE_EMPTY", what, left.empty))
    for looked in left.lookups:
        name, file = looked.lookup.name, looked.lookup.file
        if looked.missing.rows:
            what = f"{contract.name}.{name}: for {looked.missing.rows} rows the file '{file}' has no record"
            findings.append(found("LOOKUP_MISSING", what, looked.missing))
        if looked.ambiguous.rows:
            what = f"{contract.name}.{name}: for {looked.ambiguous.rows} rows the file '{file}' has records that say different things"
            findings.append(found("LOOKUP_AMBIGUOUS", what, looked.ambiguous))
    for name, rows in left.differing.items():
        what = (
            f"{contract.name}.{name}: {rows} rows that count once have several values; the one delivered last is taken"
        )
        findings.append(
            Finding(
                "warning", Problem("DISTINCT_DIFFERS", what, file_names, MAPPING_REMEDIES["DISTINCT_DIFFERS"]), rows
            )
        )
    return findings


def _differing(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    return tuple(str(name) for (name,) in connection.execute("select column_name from conflicting_columns").fetchall())
