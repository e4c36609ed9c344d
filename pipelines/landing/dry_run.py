"""`kundenwert check`: what a run would make of the deliveries, said before there is one.

Belongs here: landing every table into a scratch home that is gone afterwards, and the protocol of it: what was taken for what, what
was set aside and why, sums, dates, who has no partner. Not here: landing itself (land.py, the very same pass), how the protocol
looks (orchestration.commands, pipelines.showing), what else the gate judges (data_quality).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

import duckdb

from pipelines import duck
from pipelines.contracts import Column, Contract
from pipelines.errors import Problem, SourceError
from pipelines.home import Home
from pipelines.landing import ledger
from pipelines.landing.as_of import default_as_of
from pipelines.landing.findings import REMEDIES, Finding
from pipelines.landing.land import LandingOutcome, land_table
from pipelines.landing.write import batch_file
from pipelines.quoting import identifier, literals
from pipelines.settings.sources import CsvFormat, TableMapping
from pipelines.settings.workspace import Workspace
from pipelines.sources import FoundFile, at_hand, deliveries, locate, prepare
from pipelines.sources.beginning import beginning
from pipelines.workshop import workshop

SAMPLE_ROWS: Final = 100_000
"""So many rows of each file are read where not all are asked for."""

_EXAMPLES: Final = 3
_LONGEST_SHOWN: Final = 30
"""Signs of a rejected cell that is shown."""

Way = Literal["mapping", "equal name", "constant", "query", "nothing"]
"""How a column is filled: as the mapping says, from a delivered column of the same name, by a constant, by the mapping's SQL, or not."""


@dataclass(frozen=True, slots=True)
class ColumnTaken:
    """One column of a contract: how it is filled, from what (as the mapping says it), and in how many of the rows used."""

    column: str
    way: Way
    source: str
    required: bool
    filled: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows in quarantine for one reason: how many, the amount of the table's first money column where known, one example.

    `value` is what stands in the cell; None for a text (it may be of a person) and where the record could not be taken apart.
    """

    code: str
    column: str
    rows: int
    amount: Decimal | None
    where: str
    value: str | None
    remedy: str


@dataclass(frozen=True, slots=True)
class MoneySum:
    """A money column summed over the rows used, and over those set aside; in delivered currencies."""

    column: str
    used: Decimal
    set_aside: Decimal


@dataclass(frozen=True, slots=True)
class TableProtocol:
    """What became of one mapped table. `more` is True where rows follow behind those that were read."""

    table: str
    status: str
    files: tuple[str, ...]
    more: bool
    rows_read: int
    rows_used: int
    rows_set_aside: int
    rows_filtered: int
    first: date | None
    last: date | None
    columns: tuple[ColumnTaken, ...]
    not_taken: tuple[str, ...]
    """Delivered columns that nothing is made of."""
    sums: tuple[MoneySum, ...]
    reasons: tuple[SetAside, ...]
    problems: tuple[Problem, ...]
    """What refuses the delivery, or is critical for other reasons."""
    rows_lost_in_mapping: int = 0
    """Records that do not come out of the mapping's SQL, as far as anybody can tell."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A column and the one it points to: rows whose value is not there, their amount, and how many of theirs nobody points to.

    None where it is not known: who is not there, if only a part of the partner's rows was read; whom nobody points to, if only a part
    of ours was.
    """

    table: str
    column: str
    partner: str
    partner_column: str
    rows: int
    rows_alone: int | None
    amount_alone: Decimal | None
    values_alone: int | None
    examples: tuple[str, ...]
    partners: int
    partners_alone: int | None


@dataclass(frozen=True, slots=True)
class Groups:
    """Names that stand on one side only: in the rows of `table.column`, or in `partner`; () of a side that was not read to its end."""

    table: str
    column: str
    partner: str
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Protocol:
    """All that is to be said of a dry run. `rows_of_each_file` is None where everything was read."""

    company: str
    rows_of_each_file: int | None
    tables: tuple[TableProtocol, ...]
    unmapped: tuple[str, ...]
    meetings: tuple[Meeting, ...]
    groups: tuple[Groups, ...]
    as_of: date | None
    """The month a run would compute; None if there is none, or if it hangs on rows that were not read."""
    currencies_without_rate: Mapping[str, tuple[int, Decimal]]
    """Currency -> invoice lines and their gross amount, where not one exchange rate of it is delivered; {} if not all rates were read."""

    @property
    def is_sample(self) -> bool:
        """Whether rows were left out."""
        return any(table.more for table in self.tables)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A protocol, and the scratch workspace that holds what was landed; both only within the block."""

    protocol: Protocol
    outcomes: tuple[LandingOutcome, ...]
    scratch: Workspace


@contextmanager
def rehearsed(workspace: Workspace, rows_of_each_file: int | None = SAMPLE_ROWS) -> Iterator[Rehearsed]:
    """Land the first rows of every delivered file (None: all) into a scratch home, and say what became of them.

    Nothing is changed in the home of `workspace`. What is wrong with deliveries stands in the protocol, never in an error.
    """
    with workshop(workspace.home.temporary, "check") as work:
        scratch, cut = _scratch(workspace, work, rows_of_each_file)
        outcomes = tuple(land_table(scratch, table) for table in workspace.contracts if table in scratch.sources.tables)
        yield Rehearsed(_protocol(scratch, outcomes, cut, rows_of_each_file), outcomes, scratch)


def rehearse(workspace: Workspace, rows_of_each_file: int | None = SAMPLE_ROWS) -> Protocol:
    """The protocol alone."""
    with rehearsed(workspace, rows_of_each_file) as done:
        return done.protocol


# --- where it is rehearsed -------------------------------------------------------------------------------------------


def _scratch(workspace: Workspace, work: Path, rows: int | None) -> tuple[Workspace, frozenset[str]]:
    """The workspace to land in, and the names of the files that were cut."""
    home = Home.at(work / "home").prepare()
    if workspace.home.secret.exists():
        home.secret.symlink_to(workspace.home.secret)
    if workspace.home.erased.exists():
        home.erased.symlink_to(workspace.home.erased)
    sources = workspace.sources
    if rows is None:
        return replace(workspace, home=home), frozenset()
    root = work / "deliveries"
    cut = {name for name in sources.files if _begun(workspace, name, rows, root)}
    if not cut:
        return replace(workspace, home=home), frozenset()
    files = {
        # The sender's totals are of the whole file.
        name: file.model_copy(update={"control_totals": None}) if name in cut else file
        for name, file in sources.files.items()
    }
    return (
        replace(workspace, home=home, sources=sources.model_copy(update={"root": root, "files": files})),
        frozenset(cut),
    )


def _begun(workspace: Workspace, name: str, rows: int, root: Path) -> bool:
    """Put the beginnings of a source's files below `root`, where they lie below the deliveries; True if one of them was cut."""
    sources = workspace.sources
    pattern = sources.files[name].path
    if not pattern:
        return False
    was_cut = False
    for file in _found(sources.root, pattern):
        target = root / file.path.relative_to(sources.root)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not target.exists():
            was_cut = beginning(file.path, sources.format_of(name), rows, target) or was_cut
        else:
            was_cut = was_cut or target.stat().st_size < file.path.stat().st_size
    return was_cut


def _found(root: Path, pattern: str) -> tuple[FoundFile, ...]:
    """What is delivered; nothing where landing will refuse a name."""
    try:
        found = [file for delivery in locate(root, pattern) for file in delivery.files]
    except SourceError:
        return ()
    return tuple(file for file in found if isinstance(file, FoundFile))


# --- what is said of it ----------------------------------------------------------------------------------------------


def _protocol(
    scratch: Workspace, outcomes: Sequence[LandingOutcome], cut: frozenset[str], rows: int | None
) -> Protocol:
    headers = _headers(scratch)
    standing: dict[str, list[ledger.LedgerEntry]] = {outcome.table: [] for outcome in outcomes}
    for batch in ledger.batches(ledger.read(scratch.home)):
        if batch.is_active:
            standing[batch.entry.table].append(batch.entry)
    with duck.memory(scratch.home.temporary) as connection:
        landed = {table: _view(connection, scratch, table, entries) for table, entries in standing.items() if entries}
        tables = [_table(connection, scratch, outcome, standing[outcome.table], headers, cut) for outcome in outcomes]
        begun = frozenset(table.table for table in tables if table.more)
        return Protocol(
            company=scratch.sources.company,
            rows_of_each_file=rows,
            tables=tuple(tables),
            unmapped=tuple(sorted(set(scratch.contracts) - set(scratch.sources.tables))),
            meetings=tuple(_meetings(connection, scratch, landed, begun)),
            groups=tuple(_groups(connection, scratch, landed, begun)),
            as_of=None if "invoice_lines" in begun else as_of_read(scratch),
            currencies_without_rate={} if "exchange_rates" in begun else _without_rate(connection, scratch, landed),
        )


def as_of_read(scratch: Workspace) -> date | None:
    """The month that the rows which were read would give."""
    try:
        return default_as_of(scratch)
    except SourceError:
        return None


def _view(
    connection: duckdb.DuckDBPyConnection, scratch: Workspace, table: str, entries: Sequence[ledger.LedgerEntry]
) -> str:
    """A view over the accepted rows of a table's batches that count; its name."""
    for zone, prefix in ((scratch.home.raw, ""), (scratch.home.quarantine, "aside ")):
        files = [batch_file(zone, table, entry.batch_id) for entry in entries]
        connection.execute(
            f"create view {identifier(prefix + table)} as select * from read_parquet([{literals(files)}], "
            f"union_by_name=true, hive_partitioning=false)"
        )
    return table


def _table(
    connection: duckdb.DuckDBPyConnection,
    scratch: Workspace,
    outcome: LandingOutcome,
    entries: Sequence[ledger.LedgerEntry],
    headers: Mapping[str, Sequence[str]],
    cut: frozenset[str],
) -> TableProtocol:
    contract = scratch.contracts[outcome.table]
    sources = scratch.sources.files_of(outcome.table)
    header = tuple(dict.fromkeys(column for name in sources for column in headers.get(name, ())))
    names = [file.name for entry in entries for file in entry.files]
    amounts: dict[str, list[Decimal]] = {}
    for entry in entries:
        for column, sums in entry.amounts.items():
            before = amounts.setdefault(column, [Decimal(0), Decimal(0)])
            before[0] += sums.accepted
            before[1] += sums.quarantined
    first = [entry.data_from for entry in entries if entry.data_from is not None]
    last = [entry.data_to for entry in entries if entry.data_to is not None]
    columns, not_taken = _columns(connection, scratch, contract, header, is_landed=bool(entries))
    filled = [column.column for column in columns if column.way != "nothing" and column.column in amounts]
    return TableProtocol(
        table=outcome.table,
        status=outcome.status,
        files=tuple(dict.fromkeys(names)),
        more=not cut.isdisjoint(sources),
        rows_read=sum(entry.rows_in for entry in entries),
        rows_used=sum(entry.rows_accepted for entry in entries),
        rows_set_aside=sum(entry.rows_quarantined for entry in entries),
        rows_filtered=sum(entry.rows_filtered for entry in entries),
        first=min(first, default=None),
        last=max(last, default=None),
        columns=columns,
        not_taken=not_taken,
        sums=tuple(MoneySum(name, *amounts[name]) for name in filled if any(amounts[name])),
        rows_lost_in_mapping=outcome.rows_lost_in_mapping,
        reasons=_reasons(connection, scratch, contract, header, _remedies(outcome.problems)) if entries else (),
        problems=tuple(dict.fromkeys(_critical(outcome.problems))),
    )


def _critical(findings: Iterable[Finding]) -> Iterator[Problem]:
    return (finding.problem for finding in findings if finding.severity == "critical")


def _headers(scratch: Workspace) -> dict[str, tuple[str, ...]]:
    """Source -> the delivered columns of its first file, as far as they can be read; of a database those that were landed."""
    sources = scratch.sources
    kept = {file.source: file.sha256 for entry in ledger.read(scratch.home) for file in entry.files}
    headers: dict[str, tuple[str, ...]] = {}
    with (
        workshop(scratch.home.temporary, "headers") as work,
        duck.locked(work, [scratch.home.originals / sha256 for sha256 in kept.values()]) as connection,
    ):
        for name, file in sources.files.items():
            declared = sources.format_of(name)
            try:
                if file.database is None:
                    found = next(each for delivery in deliveries(sources.root, name, file) for each in delivery.files)
                    target = work / f"{name}.beginning"
                    beginning(at_hand(found, work / f"{name}.delivered"), declared, 1, target)
                else:
                    found, target = None, scratch.home.originals / kept[name]
                shown = name if found is None else found.name
                read = prepare(target, shown, declared, work / f"{name}.prepared", connection)
            except (SourceError, duckdb.Error, StopIteration, KeyError):
                continue
            headers[name] = tuple(filter(None, read.columns))
    return headers


def _columns(
    connection: duckdb.DuckDBPyConnection,
    scratch: Workspace,
    contract: Contract,
    header: Sequence[str],
    *,
    is_landed: bool,
) -> tuple[tuple[ColumnTaken, ...], tuple[str, ...]]:
    mapping = scratch.sources.tables[contract.name]
    filled = dict.fromkeys((column.name for column in contract.columns), 0)
    if is_landed:
        counts = ", ".join(f"count({identifier(column.load_name)})" for column in contract.columns)
        row = connection.execute(f"select {counts} from {identifier(contract.name)}").fetchone()
        filled = dict(zip(filled, row or (), strict=True))
    said = {column.name: _said(mapping, column, header, filled[column.name]) for column in contract.columns}
    columns = tuple(
        ColumnTaken(column.name, *said[column.name], column.required, filled[column.name])
        for column in contract.columns
    )
    if mapping.sql is not None:
        return columns, ()
    words = " ".join(each.source for each in columns) + " " + (mapping.where or "")
    used = {each.source for each in columns}
    return columns, tuple(name for name in header if name not in used and name not in words)


def _said(mapping: TableMapping, column: Column, header: Sequence[str], filled: int) -> tuple[Way, str]:
    """(way, source) of a column."""
    if column.name in mapping.constants:
        return "constant", str(mapping.constants[column.name])
    if column.name in mapping.columns:
        theirs: object = mapping.columns[column.name]
        return "mapping", theirs if isinstance(theirs, str) else _written(theirs)
    if mapping.sql is not None:
        return ("query", column.name) if filled else ("nothing", "")
    if mapping.sheets is not None and mapping.from_file is None and filled:
        return "mapping", mapping.sheets
    if column.name in header:
        return "equal name", column.name
    return "nothing", ""


def _written(theirs: object) -> str:
    """A computed column as the mapping says it."""
    dump = getattr(theirs, "model_dump", None)
    said = dump(exclude_defaults=True, by_alias=True, mode="json") if dump is not None else theirs
    return ", ".join(f"{key}: {value}" for key, value in said.items()) if isinstance(said, dict) else str(said)


def _remedies(findings: Iterable[Finding]) -> Mapping[tuple[str, str], str]:
    """(code, table.column) -> landing's own next step: it knows the words of the format."""
    return {(each.problem.code, each.problem.what.partition(":")[0]): each.problem.remedy for each in findings}


def _reasons(
    connection: duckdb.DuckDBPyConnection,
    scratch: Workspace,
    contract: Contract,
    header: Sequence[str],
    remedies: Mapping[tuple[str, str], str],
) -> tuple[SetAside, ...]:
    money = [column for column in contract.money_columns if column.required] or list(contract.money_columns)
    amount = f"sum({identifier(money[0].load_name)})" if money else "null::decimal(18,2)"
    rows = connection.execute(
        f"select quarantine_reason, coalesce(rejected_column, ''), count(*), {amount}, "
        f"arg_min(struct_pack(f := file_name, l := line_number, r := raw_text), (file_name, line_number)) "
        f"from {identifier('aside ' + contract.name)} group by all order by 3 desc, 1, 2"
    ).fetchall()
    return tuple(
        SetAside(
            code=str(code),
            column=str(column),
            rows=int(count),
            amount=None if total is None else Decimal(total),
            where="" if not example or example["f"] is None else f"{example['f']}:{example['l'] or '?'}",
            value=_cell(scratch, contract, str(column), header, example["r"] if example else None),
            remedy=remedies.get((str(code), f"{contract.name}.{column}"), REMEDIES.get(str(code), "")),
        )
        for code, column, count, total, example in rows
    )


def _cell(
    scratch: Workspace, contract: Contract, rejected: str, header: Sequence[str], record: str | None
) -> str | None:
    """What stands in the rejected cell: a number, a date or a code; never a text, it may be of a person."""
    mapping = scratch.sources.tables[contract.name]
    if mapping.from_file is None or not record or not rejected:
        return None
    declared = scratch.sources.format_of(mapping.from_file)
    try:
        column = contract.column(rejected)
    except KeyError:
        return None
    theirs: object = mapping.columns.get(column.name, column.name)
    if not column.may_be_shown or theirs not in header or not isinstance(theirs, str):
        return None
    fields = record.split(declared.delimiter if isinstance(declared, CsvFormat) else "; ")
    value = fields[header.index(theirs)] if len(fields) == len(header) else None
    return value if value is not None and _is_harmless(value) else None


def _is_harmless(value: str) -> bool:
    """Not a name: where columns are shifted, one stands in a column of numbers."""
    return len(value) <= _LONGEST_SHOWN and re.search(r"[^\W\d_]{4}|[^\W\d_].*\s.*[^\W\d_]", value) is None


# --- who meets whom --------------------------------------------------------------------------------------------------

MEETINGS: Final = (
    *(
        (table, "customer_id", "customers", "customer_id")
        for table in (
            "invoice_lines",
            "orders",
            "open_items",
            "direct_costs",
            "revenue_history",
            "opening_portfolio",
            "customer_parents",
            "accounts",
        )
    ),
    ("invoice_lines", "product_id", "products", "product_id"),
    *(
        (table, "account_id", "accounts", "account_id")
        for table in (
            "contacts",
            "activities",
            "opportunities",
            "ratings",
            "potential_estimates",
            "campaign_members",
            "service_ratings",
        )
    ),
    ("campaign_members", "campaign_id", "campaigns", "campaign_id"),
)
"""(table, column, the table it points to, its column)."""


def _meetings(
    connection: duckdb.DuckDBPyConnection, scratch: Workspace, landed: Mapping[str, str], begun: frozenset[str]
) -> Iterator[Meeting]:
    for table, column, partner, partner_column in MEETINGS:
        if table not in landed or partner not in landed:
            continue
        contract = scratch.contracts[table]
        money = contract.money_columns
        amount = f"sum({identifier(money[0].load_name)}) filter (not met)" if money else "null::decimal(18,2)"
        here, there = identifier(table), identifier(partner)
        row = connection.execute(
            f"with joined as (select t.*, p.k is not null as met from {here} t left join (select distinct "
            f"{identifier(partner_column)} as k from {there}) p on t.{identifier(column)} = p.k "
            f"where t.{identifier(column)} is not null) "
            f"select count(*), count(*) filter (not met), {amount}, count(distinct {identifier(column)}) filter (not met), "
            f"list_slice(list_sort(list(distinct {identifier(column)}) filter (not met)), 1, {_EXAMPLES}) from joined"
        ).fetchone()
        back = connection.execute(
            f"select count(*), count(*) filter (not exists (select 1 from {here} t where t.{identifier(column)} = "
            f"p.{identifier(partner_column)})) from {there} p"
        ).fetchone()
        if row is None or back is None or not row[0]:
            continue
        alone = partner not in begun
        yield Meeting(
            table,
            column,
            partner,
            partner_column,
            rows=int(row[0]),
            rows_alone=int(row[1]) if alone else None,
            amount_alone=Decimal(row[2]) if alone and row[2] is not None else None,
            values_alone=int(row[3]) if alone else None,
            examples=tuple(str(value) for value in row[4] or ()) if alone else (),
            partners=int(back[0]),
            partners_alone=int(back[1]) if table not in begun else None,
        )


def _groups(
    connection: duckdb.DuckDBPyConnection, scratch: Workspace, landed: Mapping[str, str], begun: frozenset[str]
) -> Iterator[Groups]:
    portfolio = scratch.portfolio
    ratings = [name for name, criterion in portfolio.criteria.items() if criterion.method == "rating"]
    known = (
        ("ledger_totals", "account_group", "ledger_groups", list(portfolio.ledger_groups)),
        ("activities", "activity_type", "activity_types", list(portfolio.activity_types)),
        ("ratings", "criterion_id", "criteria", ratings),
    )
    for table, column, section, names in known:
        if table in landed:
            here = _values(connection, table, column)
            yield from _one_side(table, column, section, here, set(names), is_begun=table in begun)
    sellers = {"invoice_lines", "products"} & set(landed)
    sold = [f"select product_group from {identifier(table)}" for table in sorted(sellers)]
    for table in ("potential_estimates", "opportunities"):
        if table in landed and sold:
            there = {str(v) for (v,) in connection.execute(" union ".join(sold)).fetchall() if v is not None}
            found = _values(connection, table, "product_group")
            if not sellers & begun:
                yield from _one_side(table, "product_group", "the groups sold", found, there, is_begun=table in begun)


def _values(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> set[str]:
    rows = connection.execute(f"select distinct {identifier(column)} from {identifier(table)}").fetchall()
    return {str(value) for (value,) in rows if value is not None}


def _one_side(
    table: str, column: str, partner: str, here: set[str], there: set[str], *, is_begun: bool
) -> Iterator[Groups]:
    if here != there and here:
        only_there = () if is_begun else tuple(sorted(there - here))
        yield Groups(table, column, partner, tuple(sorted(here - there)), only_there)


def _without_rate(
    connection: duckdb.DuckDBPyConnection, scratch: Workspace, landed: Mapping[str, str]
) -> dict[str, tuple[int, Decimal]]:
    if "invoice_lines" not in landed:
        return {}
    rates = "select currency_code from exchange_rates" if "exchange_rates" in landed else "select null where false"
    # As dbt_project/macros/currency.sql (has_booked_rate): what the ledger booked in another currency implies a rate, and only that one's
    # currency has to be converted on.
    net = "gross_list_amount - coalesce(revenue_deductions, 0)"
    booked = "coalesce(local_currency_code, $reporting)"
    brings_rate = f"currency_code <> {booked} and sign({net}) * sign(local_net_amount) > 0"
    rows = connection.execute(
        f"select case when {brings_rate} then {booked} else currency_code end as needed, count(*), sum(gross_list_amount) "
        f"from invoice_lines where needed <> $reporting and needed not in ({rates}) group by 1 order by 1",
        {"reporting": scratch.portfolio.currency.reporting},
    ).fetchall()
    return {str(currency): (int(count), Decimal(amount or 0)) for currency, count, amount in rows}
