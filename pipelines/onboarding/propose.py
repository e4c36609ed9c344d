"""What is what: sources -> tables and columns, by the names other systems use and by what the columns hold.

Belongs here: that proposal, each part with its reason, and what only the company can answer. Not here: the look at the files (look),
the text of the configuration (write).
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import duckdb

from pipelines.contracts import Contract
from pipelines.onboarding import names
from pipelines.onboarding.look import ColumnLook, Doubt, Look, Source, day_sql, last_day, number_sql
from pipelines.quoting import identifier, literal
from pipelines.settings.sources import DEFAULT_LIMITS

LINES, HEADERS, CUSTOMERS = "invoice_lines", "invoice_headers", "customers"
NOBODY: Final = {"de": "ohne Kunde", "en": "no customer"}
"""Who stands on a line that names no customer."""

_UNIQUE: Final[Mapping[str, str]] = {
    CUSTOMERS: "customer_id",
    HEADERS: "invoice_id",
    "products": "product_id",
    "accounts": "account_id",
    "contacts": "contact_id",
    "opportunities": "opportunity_id",
    "orders": "order_id",
}
"""Table -> the column that must differ from row to row."""

_OWN: Final = 0.05
"""What a name of the delivery's own system counts more."""
_FOREIGN: Final = 0.5
"""What a name of another one counts less."""
_LED_TO: Final[Mapping[str, str]] = {
    CUSTOMERS: "customer_id",
    "products": "product_id",
    "accounts": "account_id",
    HEADERS: "invoice_id",
}
"""Table -> our column that a foreign key to it stands for."""
_LED_FROM: Final[Mapping[str, str]] = {LINES: HEADERS}
"""Table -> the table that its keys lead to by another way."""

_MOST_UNIQUE: Final = 0.98
_MET: Final = 0.5


@dataclass(frozen=True, slots=True)
class Match:
    """A delivered column for one of ours: how good the name fits, and who calls it so."""

    column: ColumnLook
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """A value of the configuration and the reason for it."""

    value: Any
    why: str = ""


@dataclass(slots=True)
class TableProposal:
    """One table of sources.yml. `left` are our columns that are needed and that nothing fills -> what is missing."""

    table: str
    source: Source
    columns: dict[str, Said] = field(default_factory=dict)
    helpers: dict[str, Said] = field(default_factory=dict)
    constants: dict[str, Said] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    where: Said | None = None
    limits: Said | None = None
    distinct: bool = False
    left: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Proposal:
    """What the configuration says, and what is open. `typed` are types of delivered columns a mapping computes with."""

    look: Look
    tables: list[TableProposal]
    typed: dict[str, dict[str, str]]
    doubts: list[Doubt]
    currency: str | None
    language: str
    preset: str
    delivered: set[str]
    unused: list[Source]
    system: str | None
    """Whose names most of the delivered ones are."""
    delivered_at: str | None
    revenue_fifths: tuple[int, ...]
    """Limits of the levels 2..5 of net revenue: the company's own customers in fifths; empty where they cannot be computed."""


def propose(
    seen: Look, contracts: Mapping[str, Contract], connection: duckdb.DuckDBPyConnection, answers: Mapping[str, str]
) -> Proposal:
    """The proposal for what was seen, with `answers` (key of a doubt -> answer) taken."""
    return _Proposing(seen, contracts, connection, answers).run()


class _Proposing:
    def __init__(
        self,
        seen: Look,
        contracts: Mapping[str, Contract],
        connection: duckdb.DuckDBPyConnection,
        answers: Mapping[str, str],
    ) -> None:
        self._look = seen
        self._contracts = contracts
        self._connection = connection
        self._answers = answers
        self._typed: dict[str, dict[str, str]] = {}
        self._chosen: Mapping[str, Source] = {}
        self._doubts: list[Doubt] = [
            doubt for source in seen.sources for doubt in source.doubts if doubt.key not in answers
        ]
        self._system = names.system_of(column.name for source in seen.sources for column in source.columns)
        self._systems = {
            id(source): names.system_of(column.name for column in source.columns) or self._system
            for source in seen.sources
        }
        spoken = [source.language for source in seen.sources]
        self._language = "de" if spoken.count("de") * 2 >= len(spoken) and "de" in spoken else "en"

    def run(self) -> Proposal:
        """Propose everything."""
        self._chosen = chosen = self._choose()
        currency = self._currency(chosen)
        tables: list[TableProposal] = []
        if LINES in chosen:
            tables.append(self._customers(chosen))
            tables.append(self._lines(chosen))
        elif CUSTOMERS in chosen:
            tables.append(self._plain(CUSTOMERS, chosen[CUSTOMERS]))
        for table in self._contracts:
            if table in chosen and table not in (LINES, CUSTOMERS, HEADERS):
                tables.append(self._plain(table, chosen[table]))
        for each in tables:
            self._fill(each, currency)
            self._own_currency(each, currency)
            self._alike(each, chosen)
        mapped = {table.table for table in tables if not self._is_hopeless(table)}
        delivered = mapped | {f"{table.table}.{column}" for table in tables for column in table.columns}
        crm = {"accounts"} & mapped
        preset = "full" if crm and "ratings" in mapped else "erp_crm" if crm else "erp_only"
        used = {id(table.source) for table in tables} | {id(source) for source in chosen.values()}
        return Proposal(
            look=self._look,
            tables=tables,
            typed=self._typed,
            doubts=self._doubts,
            currency=currency,
            language=self._language,
            preset=preset,
            delivered=delivered,
            unused=[source for source in self._look.sources if id(source) not in used],
            system=self._system,
            delivered_at=self._delivered_at(tables),
            revenue_fifths=self._fifths(tables),
        )

    # --- which source is which table ---------------------------------------------------------------------------------

    def _choose(self) -> dict[str, Source]:
        scored = sorted(
            (
                (score, table, number)
                for number, source in enumerate(self._look.sources)
                for table in names.tables()
                if (score := self._score(source, table)) is not None
            ),
            key=lambda each: (-each[0], each[1], each[2]),
        )
        chosen: dict[str, Source] = {}
        taken: set[int] = set()
        for _, table, number in scored:
            is_shared = table in (HEADERS, "orders")
            if table not in chosen and (number not in taken or is_shared):
                if is_shared and number in taken and not self._is_header_of(number, chosen, table):
                    continue
                chosen[table] = self._look.sources[number]
                taken.add(number)
        if HEADERS in chosen and LINES in chosen and not self._needs_header(chosen[LINES], chosen[HEADERS]):
            del chosen[HEADERS]
        if HEADERS in chosen and LINES not in chosen:
            del chosen[HEADERS]
        return chosen

    def _is_header_of(self, number: int, chosen: Mapping[str, Source], table: str) -> bool:
        """A source of documents may be both: the lines' header and the orders."""
        other = chosen.get("orders" if table == HEADERS else HEADERS)
        return other is not None and other is self._look.sources[number]

    def _needs_header(self, lines: Source, header: Source) -> bool:
        wanted = {"posting_date", "customer_id", "currency_code"}
        return bool(wanted & set(self._matches(header, HEADERS)) - set(self._matches(lines, LINES)))

    def _score(self, source: Source, table: str) -> float | None:
        """How much of the table a source could fill; None: it is another."""
        found = self._matches(source, table)
        if not self._is_possible(source, table, found):
            return None
        contract = self._contracts.get(LINES if table == HEADERS else table)
        required = {column.name for column in contract.columns if column.required} if contract else set()
        score = sum(match.score * (3 if column in required else 1) for column, match in found.items())
        file = names.plain(source.stem)
        known = names.of_files(table)
        bare = file.strip("0123456789")
        if bare in known or file in known:
            return score + 8
        return score + (4 if any(len(name) > 3 and name in file for name in known) else 0)

    def _is_possible(self, source: Source, table: str, found: Mapping[str, Match]) -> bool:
        """Whether the source has what makes the table: its core, a key that is one, a name, a day."""
        key = _UNIQUE.get(table)
        together = {
            CUSTOMERS: {"customer_name"},
            HEADERS: {"posting_date", "customer_id"},
            LINES: {"invoice_id", "posting_date"},
            "products": {"product_name"},
            "orders": {"order_date"},
            "contacts": {"account_id"},
            "open_items": {"invoice_id", "customer_id"},
            "exchange_rates": {"rate_date"},
            "activities": {"account_id", "recorded_at"},
        }
        if source.database is not None and names.plain(source.stem) not in names.of_files(table):
            # A database has many tables with an id and a name: these alone do not make customers of countries.
            core = [found[column].column.name for column in names.core(table) if column in found]
            if all(names.plain(name) in names.EVERYWHERE for name in core):
                return False
        return (
            any(column in found for column in names.core(table))
            and (key is None or (key in found and _is_unique(found[key].column, source)))
            and (table not in together or bool(together[table] & set(found)))
        )

    def _matches(self, source: Source, table: str) -> dict[str, Match]:
        """Ours -> the delivered column that fits best; a delivered column serves once."""
        candidates = sorted(
            (
                (match.score - self._as_key(column, source, table, ours), ours, match)
                for ours in names.columns(table)
                for column in source.columns
                if (match := self._match(column, table, ours, self._systems[id(source)])) is not None
            ),
            key=lambda each: (-each[0], each[1], each[2].column.name),
        )
        found: dict[str, Match] = {}
        used: set[str] = set()
        for _, ours, match in candidates:
            if ours not in found and match.column.name not in used:
                found[ours] = match
                used.add(match.column.name)
        return found

    def _as_key(self, column: ColumnLook, source: Source, table: str, ours: str) -> float:
        """How much less a column of a database is the number that people know: ids that only foreign keys know, and what is none."""
        if source.database is None or ours != _UNIQUE.get(table):
            return 0.0
        is_id = any((source.name, column.name) in other.keys.values() for other in self._look.sources)
        return 0.5 * is_id + 0.6 * (not _is_unique(column, source))

    def _match(self, column: ColumnLook, table: str, ours: str, system: str | None) -> Match | None:
        if not self._fits(column, table, ours):
            return None
        known, plain = names.of_column(table, ours), names.plain(column.name)
        if plain == names.plain(ours):
            return Match(column, 1.1, "the same name")
        if plain in known:
            name = known[plain]
            own = next((each for each in (system, *sorted(names.LANGUAGES)) if each in name.ranks), None)
            who = own or name.system
            # What another system calls so is here something else, as likely as not.
            foreign = _FOREIGN if system is not None and own is None else 0.0
            preferred = _OWN if own is not None and own == system else 0.0
            score = 1.0 + preferred - foreign - 0.02 * name.ranks[who]
            return Match(column, score, f"{names.system_name(who)} calls it so")
        # A share is no amount: what says % is like nothing that does not.
        alike = [name for name in known if len(name) > 4 and ("%" in name) == ("%" in plain)]
        near = difflib.get_close_matches(plain, alike, n=1, cutoff=0.88)
        if near:
            return Match(column, 0.7, f"nearly {known[near[0]].name!r}")
        inside = [name for name in alike if plain.startswith(name) or plain.endswith(name)]
        if inside:
            return Match(column, 0.6, f"sounds like {known[max(inside, key=len)].name!r}")
        return None

    def _fits(self, column: ColumnLook, table: str, ours: str) -> bool:
        """Whether what the column holds can be what ours is."""
        is_day = column.kind in ("date", "timestamp")
        contract = self._contracts.get(LINES if table == HEADERS else table)
        if column.kind == "empty" or contract is None:
            return False
        if ours.startswith("("):
            return column.kind == "number" and not column.trailing_zero
        wanted = contract.column(ours)
        if wanted.type in ("date", "timestamp"):
            return is_day
        if wanted.type == "boolean" or wanted.is_number:
            return column.kind == ("number" if wanted.is_number else "boolean")
        if wanted.code_list is not None and column.kind == "number":
            return False
        few = 30 if wanted.allowed_values else 200 if wanted.code_list is not None else None
        return not is_day and (few is None or column.distinct <= few)

    # --- tables ------------------------------------------------------------------------------------------------------

    def _plain(self, table: str, source: Source) -> TableProposal:
        """A table whose columns stand in one source as they are."""
        proposal = TableProposal(table, source)
        for ours, match in self._matches(source, table).items():
            if not ours.startswith("("):
                proposal.columns[ours] = self._taken(source, match, self._contracts[table].column(ours).type)
                self._translate(proposal, ours, match)
        if table == "opportunities":
            self._only_if_closed(proposal)
        self._by_keys(proposal, source)
        return proposal

    def _only_if_closed(self, proposal: TableProposal) -> None:
        """An open opportunity has a day, too: when it is expected to close; and it is not won yet, which is not lost."""
        said = next((each.name for each in proposal.source.columns if names.plain(each.name) in _IS_CLOSED), None)
        for ours in ("closed_on", "is_won"):
            taken = proposal.columns.get(ours)
            if taken is None:
                continue
            if said is None or not isinstance(taken.value, str):
                if ours == "closed_on" and "closedate" in names.plain(str(taken.value)):
                    del proposal.columns[ours]
                    proposal.notes.append(
                        f"{taken.value} is when an open one is expected to close, too: say in closed_on which are closed (expr)"
                    )
                continue
            text = f"case when {identifier(said)} then {identifier(taken.value)} end"
            proposal.columns[ours] = Said({"expr": text}, f"{taken.why}; of an open one it says nothing")
            self._typed.setdefault(proposal.source.name, {})[said] = "boolean"

    def _taken(self, source: Source, match: Match, kind: str) -> Said:
        """A delivered column, or what makes it fit."""
        column, why = match.column, _why(match, source)
        if kind == "date" and column.kind == "timestamp":
            sign = "T" if column.pattern and "T" in column.pattern else " "
            if column.pattern is None:
                return Said({"expr": f"cast({identifier(column.name)} as date)"}, f"{why}; the day of a time")
            return Said(
                {"expr": f"split_part({identifier(column.name)}, {literal(sign)}, 1)"}, f"{why}; the day of a time"
            )
        if kind == "string" and column.trailing_zero:
            return Said({"expr": _id_sql(column)}, f"{why}; a spreadsheet wrote .0 behind it")
        return Said(column.name, why)

    def _by_keys(
        self,
        proposal: TableProposal,
        source: Source,
        through: Mapping[str, str] | None = None,
        but: Collection[str] = (),
    ) -> set[str]:
        """Say what foreign keys of a source lead to: the number of a customer, where the key is the id of its row; our columns of which
        that was said.

        `through`: how a record of the proposal finds its record of the source, where that is another one. `but`: ours that are said.
        """
        said: set[str] = set()
        known = {column.name for column in self._contracts[proposal.table].columns}
        for table, ours in _LED_TO.items():
            partner = self._chosen.get(table)
            match = self._matches(source, HEADERS if through is not None else proposal.table).get(ours)
            key = None if partner is None else _key_to(source, partner, None if match is None else match.column.name)
            if key is not None and source.column(key[0]).kind == "empty":
                continue
            if (
                partner is None
                or key is None
                or ours not in known
                or ours in but
                or table in (proposal.table, _LED_FROM.get(proposal.table))
            ):
                continue
            own, theirs = key
            number = self._matches(partner, table)[ours].column.name
            if through is not None:
                helper = f"{ours}_in_{source.name}"
                proposal.helpers[helper] = Said(
                    {"lookup": {**through, "value": own}}, f"the foreign key of {source.path}"
                )
                own = helper
            word = {"file": partner.name, "key": own, "in": theirs, "value": number}
            proposal.columns[ours] = Said(
                own if number == theirs else {"lookup": word}, f"a foreign key leads to {partner.path}"
            )
            said.add(ours)
        return said

    def _customers(self, chosen: Mapping[str, Source]) -> TableProposal:
        if CUSTOMERS in chosen:
            proposal = self._plain(CUSTOMERS, chosen[CUSTOMERS])
        else:
            holder = chosen.get(HEADERS, chosen[LINES])
            lines = self._matches(holder, HEADERS if holder is chosen.get(HEADERS) else LINES)
            proposal = TableProposal(CUSTOMERS, holder, distinct=True)
            proposal.notes.append("no customer master is delivered: whoever stands on an invoice is a customer, once")
            match = lines.get("customer_id")
            if match is not None:
                proposal.columns["customer_id"] = self._taken(holder, match, "string")
                named = self._named(holder, match.column)
                name = named or proposal.columns["customer_id"].value
                proposal.columns["customer_name"] = Said(
                    name, "" if named else "no name is delivered: the number stands for it"
                )
                proposal.where = Said(f"{identifier(match.column.name)} is not null")
        proposal.constants["relationship_type"] = Said(
            "customer", "leads, intercompany and internal accounts are not told apart"
        )
        return proposal

    def _named(self, source: Source, key: ColumnLook) -> str | None:
        """A column with one name for each customer."""
        for column in source.columns:
            if names.plain(column.name) in names.of_column(CUSTOMERS, "customer_name") and column.kind == "text":
                row = self._connection.execute(
                    f"select max(n) from (select count(distinct {identifier(column.name)}) as n from "
                    f"{identifier(source.table)} group by {identifier(key.name)})"
                ).fetchone()
                if row is not None and row[0] == 1:
                    return column.name
        return None

    def _lines(self, chosen: Mapping[str, Source]) -> TableProposal:
        source = chosen[LINES]
        found = self._matches(source, LINES)
        proposal = TableProposal(LINES, source)
        header = chosen.get(HEADERS)
        contract = self._contracts[LINES]
        money = {name: found[name].column for name in found if name in _MONEY or name.startswith("(")}
        for ours, match in found.items():
            if ours in ("customer_id", "line_no", "doc_type", *_MONEY) or ours.startswith("("):
                continue
            proposal.columns[ours] = self._taken(source, match, contract.column(ours).type)
        led: set[str] = set()
        if header is not None:
            led |= self._from_header(proposal, found, header)
        led |= self._by_keys(proposal, source, but=led)
        if "customer_id" not in led:
            self._customer_of_lines(proposal, found, chosen)
        self._numbers(proposal, found, header)
        self._amounts(proposal, money)
        self._kinds(proposal, found)
        self._guests(proposal, found)
        if not {"product_id", "product_group"} & set(proposal.columns):
            proposal.constants["product_group"] = Said("unknown", "neither products nor product groups are delivered")
        return proposal

    def _from_header(self, proposal: TableProposal, found: Mapping[str, Match], header: Source) -> set[str]:
        """Take what the document of a line says; our columns that a foreign key of the document leads to."""
        theirs = self._matches(header, HEADERS)
        key, number = found.get("invoice_id"), theirs.get("invoice_id")
        declared = _key_to(proposal.source, header)
        if declared is not None:
            word = {"file": header.name, "key": declared[0], "in": declared[1]}
            why = f"a foreign key leads to {header.path}"
            if number is not None and number.column.name != declared[1]:
                lookup = {"lookup": {**word, "value": number.column.name}}
                proposal.columns["invoice_id"] = Said(lookup, f"{_why(number, header)}; {why}")
            else:
                proposal.columns["invoice_id"] = Said(declared[0], why)
        elif key is None or number is None:
            return set()
        else:
            share = self._met(proposal.source, key.column.name, header, number.column.name)
            if share < _MET:
                return set()
            word = {"file": header.name, "key": key.column.name, "in": number.column.name}
            why = f"{share:.0%} of the documents are in {header.name}"
        for ours, match in theirs.items():
            if ours == "invoice_id" or ours in proposal.columns or ours in found:
                continue
            proposal.columns[ours] = Said(
                {"lookup": {**word, "value": match.column.name}}, f"{_why(match, header)}; {why}"
            )
            self._translate(proposal, ours, match)
        return self._by_keys(proposal, header, word)

    def _customer_of_lines(
        self, proposal: TableProposal, found: Mapping[str, Match], chosen: Mapping[str, Source]
    ) -> None:
        source, master = proposal.source, chosen.get(CUSTOMERS)
        match = found.get("customer_id")
        key = self._matches(master, CUSTOMERS)["customer_id"].column.name if master is not None else None
        if master is not None and key is not None:
            shares = {
                column.name: self._met(source, column.name, master, key)
                for column in source.columns
                if column.kind in ("text", "number") and column.distinct > 1
            }
            best = max(shares, key=lambda name: shares[name], default=None)
            named = None if match is None else shares.get(match.column.name, 0)
            if best is not None and shares[best] >= 0.8 and (named is None or named < _MET):
                match = Match(source.column(best), 0.9, f"{shares[best]:.0%} of its values are in {master.name}.{key}")
            elif match is not None and named is not None:
                match = Match(
                    match.column, match.score, f"{match.why}; {named:.0%} of its values are in {master.name}.{key}"
                )
                if named < _MET:
                    proposal.notes.append(
                        f"only {named:.0%} of the customers on lines are in {master.path}: is it the right column?"
                    )
        if match is None:
            return
        column = match.column
        missing = source.rows - column.filled
        taken = self._taken(source, match, "string")
        if missing and column.filled:
            text = taken.value["expr"] if isinstance(taken.value, dict) else identifier(column.name)
            nobody = NOBODY[self._language]
            why = f"{taken.why}; {missing / source.rows:.1%} of the lines name nobody: kept as '{nobody}', their revenue stays unassigned"
            taken = Said({"expr": f"coalesce(nullif({text}, ''), {literal(nobody)})"}, why)
        proposal.columns["customer_id"] = taken

    def _guests(self, proposal: TableProposal, found: Mapping[str, Match]) -> None:
        """Whether so many lines without a customer are how the company sells: else a run stops at them."""
        match = found.get("customer_id")
        if match is None or "customer_id" not in proposal.columns:
            return
        alone = f"{identifier(match.column.name)} is null"
        amount = self._amount_sql(proposal) or "1"
        row = self._connection.execute(
            f"select avg(({alone})::int), sum(abs({amount})) filter ({alone}) / sum(abs({amount})) "
            f"from {identifier(proposal.source.table)}"
        ).fetchone()
        rows, revenue = (float(share or 0) for share in row or (0, 0))
        limit = DEFAULT_LIMITS["unknown_customers"].red
        share = max(rows, revenue)
        if limit is None or share <= limit or share == 1:
            return
        warn = Decimal(math.ceil(share * 100)) / 100
        red = min(warn + limit, Decimal(1))
        answer = self._answers.get("guests")
        if answer == "yes":
            why = f"sold to guests: {rows:.1%} of the lines, {revenue:.1%} of the revenue; much more than now would be red"
            proposal.limits = Said({"unknown_customers": {"warn": warn, "red": red}}, why)
        elif answer is None:
            question = (
                f"{rows:.1%} of the lines and {revenue:.1%} of the revenue name no customer: is that sold to guests? yes: it stays "
                f"unassigned, and up to {red:.0%} of it stops no run; no: ids are missing, and runs stop until they are delivered"
            )
            self._doubts.append(Doubt("guests", question, ("yes", "no"), None))

    def _numbers(self, proposal: TableProposal, found: Mapping[str, Match], header: Source | None) -> None:
        source = proposal.source
        document, line = found.get("invoice_id"), found.get("line_no")
        own = document.column.name if document is not None else None
        if header is not None and (key := _key_to(source, header)) is not None:
            own = key[0]
        if own is None:
            proposal.left["invoice_id"] = "no column holds the number of a document"
        if own is not None and line is not None:
            row = self._connection.execute(
                f"select count(*), count(distinct ({identifier(own)}, {identifier(line.column.name)})) "
                f"from {identifier(source.table)}"
            ).fetchone()
            if row is not None and row[0] == row[1]:
                proposal.columns["line_no"] = Said(line.column.name, _why(line, source))
                return
            proposal.notes.append(
                f"{line.column.name} does not number the lines of a document: some numbers stand twice"
            )
        proposal.columns["line_no"] = Said({"number_within": ["invoice_id"]}, "no line numbers are delivered")

    def _amounts(self, proposal: TableProposal, money: Mapping[str, ColumnLook]) -> None:
        source = proposal.source
        known = {name.strip("()"): column for name, column in money.items()}
        listed, net, deducted = known.get("gross_list_amount"), known.get("net_amount"), known.get("revenue_deductions")
        price, count, percent = known.get("unit_price"), known.get("quantity"), known.get("discount_percent")
        gross = known.get("gross")
        if count is None:
            match = self._matches(source, LINES).get("quantity")
            count = None if match is None else match.column
        if gross is not None and listed is None and net is None:
            listed, divided = self._with_tax(proposal, gross, deducted)
            if divided is not None:
                self._expr(proposal, "gross_list_amount", divided, [gross], "the amount without tax")
        elif gross is not None:
            proposal.notes.append(f"{gross.name} is taken for the amount with tax and not used")
        if listed is not None:
            proposal.columns["gross_list_amount"] = Said(
                listed.name, "the list amount, before deductions and without tax"
            )
        elif net is not None and deducted is not None:
            both = f"{identifier(net.name)} + {identifier(deducted.name)}"
            self._expr(proposal, "gross_list_amount", both, [net, deducted], "net amount and what was deducted")
        elif net is not None:
            proposal.columns["gross_list_amount"] = Said(net.name, "the net amount: list prices are not delivered")
        elif price is not None and count is not None and "gross_list_amount" not in proposal.columns:
            product = f"{identifier(count.name)} * {identifier(price.name)}"
            self._expr(proposal, "gross_list_amount", product, [count, price], "quantity by price")
        elif "gross_list_amount" not in proposal.columns and gross is None:
            proposal.left["gross_list_amount"] = "no column holds an amount"
        self._deductions(proposal, listed, net, deducted, price, count, percent)
        self._cost(proposal, known, count)
        self._cancelled(proposal)

    def _cancelled(self, proposal: TableProposal) -> None:
        """Documents that may not count: nobody but the company knows."""
        for source in self._look.sources:
            is_own = source is proposal.source or any(
                isinstance(said.value, dict) and said.value.get("lookup", {}).get("file") == source.name
                for said in proposal.columns.values()
            )
            for column in source.columns if is_own else ():
                if "status" not in names.plain(column.name) and names.plain(column.name) != "state":
                    continue
                found = self._connection.execute(
                    f"select distinct {identifier(column.name)}::varchar as v from {identifier(source.table)} where "
                    f"regexp_matches(lower({identifier(column.name)}::varchar), 'cancel|storn|annul|draft|entwurf') limit 5"
                ).fetchall()
                if found:
                    listed = ", ".join(str(value) for (value,) in found)
                    proposal.notes.append(
                        f"{source.path}: {column.name} says {listed}: leave such documents out with `where`?"
                    )

    def _deductions(
        self,
        proposal: TableProposal,
        listed: ColumnLook | None,
        net: ColumnLook | None,
        deducted: ColumnLook | None,
        price: ColumnLook | None,
        count: ColumnLook | None,
        percent: ColumnLook | None,
    ) -> None:
        if deducted is not None:
            proposal.columns["revenue_deductions"] = Said(deducted.name, "what was deducted")
            return
        if listed is not None and net is not None:
            less = f"{identifier(listed.name)} - {identifier(net.name)}"
            self._expr(proposal, "revenue_deductions", less, [listed, net], "list amount less net amount")
            return
        if percent is not None and price is not None and count is not None and net is None:
            share = f"{identifier(count.name)} * {identifier(price.name)} * {identifier(percent.name)} / 100"
            self._expr(proposal, "revenue_deductions", share, [count, price, percent], "per cent of quantity by price")
            return
        if self._contracts[LINES].column("revenue_deductions").required:
            proposal.constants["revenue_deductions"] = Said(
                "0.00", "deductions are not delivered: the amount is taken as net"
            )

    def _cost(self, proposal: TableProposal, known: Mapping[str, ColumnLook], count: ColumnLook | None) -> None:
        cost, each = known.get("cogs"), known.get("unit_cost")
        if cost is not None:
            proposal.columns["cogs"] = Said(cost.name, "cost of the goods")
        elif each is not None and count is not None:
            product = f"{identifier(count.name)} * {identifier(each.name)}"
            self._expr(proposal, "cogs", product, [count, each], "quantity by unit cost")
        elif not self._cost_of_products(proposal, count):
            proposal.notes.append("cost of goods is not delivered: contributions stay unknown, nothing is assumed")

    def _cost_of_products(self, proposal: TableProposal, count: ColumnLook | None) -> bool:
        """The cost of a unit in the product master, if the company says that it is one."""
        product = proposal.columns.get("product_id")
        if count is None or product is None:
            return False
        for source in self._look.sources:
            if source is proposal.source:
                continue
            costs = [column for column in source.columns if self._match(column, LINES, "(unit_cost)", None) is not None]
            way = self._way_to_product(proposal, product.value, source)
            if not costs or way is None:
                continue
            cost, key = costs[0].name, f"cost.{costs[0].name}"
            answer = self._answers.get(key)
            if answer is None:
                question = f"{source.path}: is {cost} what one unit costs us, at the time of the sale too (yes or no)?"
                self._doubts.append(Doubt(key, question, ("yes", "no"), None))
                return False
            if answer != "yes":
                return False
            word = {"file": source.name, "key": way[0], "in": way[1], "value": cost}
            proposal.helpers["unit_cost"] = Said({"lookup": word}, f"what a unit costs, from {source.path}")
            self._typed.setdefault(source.name, {})[cost] = "number"
            self._expr(
                proposal, "cogs", f"{identifier(count.name)} * unit_cost", [count], "quantity by the cost of a unit"
            )
            return True
        return False

    def _way_to_product(self, proposal: TableProposal, product: Any, source: Source) -> tuple[str, str] | None:
        """(column of a line, column of the source) that are the same product."""
        declared = _key_to(proposal.source, source)
        if declared is not None or not isinstance(product, str):
            return declared
        keys = [column for column in source.columns if self._match(column, "products", "product_id", None) is not None]
        if not keys or self._met(proposal.source, product, source, keys[0].name) < _MET:
            return None
        return product, keys[0].name

    def _with_tax(
        self, proposal: TableProposal, gross: ColumnLook, deducted: ColumnLook | None
    ) -> tuple[ColumnLook | None, str | None]:
        """(the list amount, or an expression without tax); nothing while the question is open."""
        key = f"tax.{gross.name}"
        answer = self._answers.get(key)
        if answer is None:
            question = (
                f"{proposal.source.path}: is {gross.name} the amount with value added tax (then answer its rate in per cent, e.g. 19), "
                f"or the list amount before deductions, without tax (list)?"
            )
            self._doubts.append(
                Doubt(key, question, ("list", "19", "7", "0"), "list" if deducted is not None else None)
            )
            proposal.left["gross_list_amount"] = f"{gross.name}, once it is known whether it holds tax"
            return None, None
        if answer in ("list", "0"):
            return gross, None
        return None, f"{identifier(gross.name)} / {1 + Decimal(answer) / 100}"

    def _kinds(self, proposal: TableProposal, found: Mapping[str, Match]) -> None:
        """Invoices and credit notes: by a column, by the beginning of the document's number, by the sign."""
        if "doc_type" in proposal.columns:
            return
        match = found.get("doc_type")
        if match is not None and self._translate(proposal, "doc_type", match):
            proposal.columns["doc_type"] = Said(match.column.name, _why(match, proposal.source))
            return
        amount = self._amount_sql(proposal)
        document = found.get("invoice_id")
        if amount is None:
            proposal.constants["doc_type"] = Said("invoice", "no credit notes are seen")
            return
        row = self._connection.execute(
            f"select count(*) filter ({amount} < 0) from {identifier(proposal.source.table)}"
        ).fetchone()
        if row is None or not row[0]:
            proposal.constants["doc_type"] = Said("invoice", "no amount is negative")
            return
        prefix = None if document is None else self._prefix(proposal.source, document.column.name, amount)
        if prefix is not None and document is not None:
            case = f"case when starts_with({identifier(document.column.name)}, {literal(prefix)}) then 'credit_note' else 'invoice' end"
            why = f"negative amounts stand in documents whose number begins with {prefix}"
            proposal.columns["doc_type"] = Said({"expr": case}, why)
            return
        sign = self._sign_expression(proposal)
        if sign is None:
            proposal.constants["doc_type"] = Said("invoice", f"{row[0]} amounts are negative: are they credit notes?")
            return
        why = f"no column says it: {row[0]} negative amounts are taken for credit notes"
        proposal.columns["doc_type"] = Said(
            {"expr": f"case when {sign} < 0 then 'credit_note' else 'invoice' end"}, why
        )

    def _sign_expression(self, proposal: TableProposal) -> str | None:
        said = proposal.columns.get("gross_list_amount")
        if said is None:
            return None
        if isinstance(said.value, dict):
            return f"({said.value['expr']})"
        self._typed.setdefault(proposal.source.name, {})[said.value] = "number"
        return identifier(said.value)

    def _amount_sql(self, proposal: TableProposal) -> str | None:
        """The amount of a line over the rows looked at."""
        said = proposal.columns.get("gross_list_amount")
        if said is None:
            return None
        if not isinstance(said.value, dict):
            return number_sql(proposal.source, said.value)
        text = said.value["expr"]
        for column in sorted(self._typed.get(proposal.source.name, ()), key=len, reverse=True):
            text = text.replace(identifier(column), f"({number_sql(proposal.source, column)})")
        return f"({text})"

    def _prefix(self, source: Source, document: str, amount: str) -> str | None:
        row = self._connection.execute(
            f"with marked as (select regexp_extract({identifier(document)}::varchar, '^[A-Za-z]+') as p, {amount} as a "
            f"from {identifier(source.table)}) "
            f"select p, count(*) filter (a < 0), count(*) filter (a > 0), sum(count(*) filter (a < 0)) over () from marked "
            f"group by p order by 2 desc limit 1"
        ).fetchone()
        if row is None or not row[0] or row[1] < 0.99 * float(row[3]) or row[2] > 0.01 * row[1]:
            return None
        return str(row[0])

    def _translate(self, proposal: TableProposal, ours: str, match: Match) -> bool:
        """Say what each delivered value of a column with allowed values is; False if nobody knows one of them."""
        column = self._contracts[proposal.table].column(ours)
        if not column.allowed_values:
            return True
        known = names.of_value(ours)
        source = next(each for each in self._look.sources if match.column in each.columns)
        found = self._connection.execute(
            f"select distinct {identifier(match.column.name)} from {identifier(source.table)} where "
            f"{identifier(match.column.name)} is not null order by 1 limit 50"
        ).fetchall()
        delivered = [str(value) for (value,) in found]
        said = {
            value: known.get(names.plain(value), value if value in column.allowed_values else "") for value in delivered
        }
        if not delivered or not all(said.values()):
            unknown = ", ".join(value for value in delivered if not said[value])
            proposal.notes.append(
                f"{match.column.name} may say the {ours}, but nobody knows what is meant by {unknown}: see `values`"
            )
            proposal.columns.pop(ours, None)
            return False
        proposal.values[ours] = {value: meant for value, meant in said.items() if value != meant}
        return True

    # --- what is needed and not there --------------------------------------------------------------------------------

    def _fill(self, proposal: TableProposal, currency: str | None) -> None:
        contract = self._contracts[proposal.table]
        for column in contract.columns:
            name = column.name
            if not column.required or name in proposal.columns or name in proposal.constants or name in proposal.left:
                continue
            if name == "company_id":
                proposal.constants[name] = Said("1", "one legal entity")
            elif name == "currency_code" and currency is not None:
                proposal.constants[name] = Said(currency, "the company's currency")
            elif name == "currency_code":
                proposal.left[name] = "the currency of the amounts is not delivered: `constants: {currency_code: EUR}`?"
            else:
                proposal.left[name] = "no delivered column is known for it"

    def _alike(self, proposal: TableProposal, chosen: Mapping[str, Source]) -> None:
        """Other files that hold the same kind of records under other names: they are put together by `{one,another}` in a path."""
        if proposal.table in _UNIQUE:
            return
        taken = {id(source) for source in chosen.values()}
        key = {column.name for column in self._contracts[proposal.table].columns if column.key}
        keys = {said.value for ours, said in proposal.columns.items() if ours in key and isinstance(said.value, str)}
        own = {column.name for column in proposal.source.columns}
        for source in self._look.sources:
            theirs = {column.name for column in source.columns}
            is_like = keys and keys <= theirs and 2 * len(own & theirs) >= min(len(own), len(theirs))
            if id(source) not in taken and is_like and self._score(source, proposal.table) is not None:
                both = _both(proposal.source.path, source.path)
                proposal.notes.append(f"{source.path} holds such records, too: both in one path: {both}")

    def _own_currency(self, proposal: TableProposal, currency: str | None) -> None:
        """Where a currency is empty it is the company's own."""
        said = proposal.columns.get("currency_code")
        if said is None or currency is None or not isinstance(said.value, str):
            return
        column = proposal.source.column(said.value)
        if column.filled < proposal.source.rows:
            text = f"coalesce(nullif({identifier(column.name)}, ''), {literal(currency)})"
            proposal.columns["currency_code"] = Said({"expr": text}, f"{said.why}: the company's own")

    def _is_hopeless(self, proposal: TableProposal) -> bool:
        """A table that could not be loaded, whatever is answered: it is proposed as a comment."""
        return proposal.table not in (LINES, CUSTOMERS) and bool(set(proposal.left) - {"currency_code"})

    def _currency(self, chosen: Mapping[str, Source]) -> str | None:
        if "currency" in self._answers:
            return self._answers["currency"].upper()
        if any(source.currency for source in self._look.sources):
            return next(source.currency for source in self._look.sources if source.currency)
        lines = chosen.get(LINES)
        where = [lines, chosen.get(HEADERS)]
        for source, table in zip(where, (LINES, HEADERS), strict=True):
            match = self._matches(source, table).get("currency_code") if source is not None else None
            # A column that is mostly empty names the foreign ones only.
            if match is not None and source is not None and 2 * match.column.filled > source.rows:
                row = self._connection.execute(
                    f"select mode({identifier(match.column.name)}) from {identifier(source.table)}"
                ).fetchone()
                return str(row[0]) if row is not None and row[0] is not None else None
        if lines is not None:
            question = "which currency are the amounts in? No column says it (ISO 4217, e.g. EUR)"
            self._doubts.append(Doubt("currency", question, (), "EUR" if self._language == "de" else None))
        return None

    def _expr(self, proposal: TableProposal, ours: str, text: str, columns: Sequence[ColumnLook], why: str) -> None:
        typed = self._typed.setdefault(proposal.source.name, {})
        typed.update({column.name: "number" for column in columns})
        proposal.columns[ours] = Said({"expr": text, "round": 2}, why)

    def _met(self, source: Source, column: str, partner: Source, key: str) -> float:
        """The share of a column's values that are in a partner's column."""
        row = self._connection.execute(
            f"with v as (select distinct {identifier(column)}::varchar as x from {identifier(source.table)} where "
            f"{identifier(column)} is not null) select count(*), count(*) filter (x in (select {identifier(key)}::varchar from "
            f"{identifier(partner.table)})) from v"
        ).fetchone()
        return 0.0 if row is None or not row[0] else float(row[1]) / float(row[0])

    def _lines_of(self, tables: Sequence[TableProposal]) -> tuple[TableProposal, str] | None:
        """The lines and the delivered column of their day, where it is a column of theirs."""
        lines = next((table for table in tables if table.table == LINES), None)
        if lines is None:
            return None
        match = self._matches(lines.source, LINES).get("posting_date")
        return None if match is None else (lines, match.column.name)

    def _delivered_at(self, tables: Sequence[TableProposal]) -> str | None:
        """When the delivery was made, where the last month has only begun in it."""
        found = self._lines_of(tables)
        if found is None:
            return None
        _, last = last_day(found[0].source, found[1], self._connection)
        if last is None or (last + timedelta(days=1)).day == 1 or found[0].source.database is not None:
            # A database is read when it is read.
            return None
        answer = self._answers.get("delivered")
        if answer is not None:
            return None if answer == "now" else f"{date.fromisoformat(answer).isoformat()}T06:00:00"
        question = (
            f"the last invoice is of {last}: when was this exported? (a day like {last + timedelta(days=1)}, or now) Its month counts "
            f"only if it was over by then"
        )
        self._doubts.append(Doubt("delivered", question, ("now",), None))
        return None

    def _fifths(self, tables: Sequence[TableProposal]) -> tuple[int, ...]:
        """Revenue of the last year by customer, cut into fifths, two digits each."""
        found = self._lines_of(tables)
        if found is None or not found[0].source.is_all:
            return ()
        lines, day = found
        match = self._matches(lines.source, LINES).get("customer_id")
        amount = self._amount_sql(lines)
        if match is None or amount is None:
            return ()
        days = day_sql(lines.source, day)
        row = self._connection.execute(
            f"with l as (select {identifier(match.column.name)} as c, {days} as d, {amount} as a from "
            f"{identifier(lines.source.table)}), r as (select c, sum(a) as s from l where c is not null and d > (select max(d) "
            f"from l) - interval 1 year group by c having sum(a) > 0) "
            f"select count(*), quantile_disc(s, [0.2, 0.4, 0.6, 0.8]) from r"
        ).fetchone()
        if row is None or row[0] < 20:
            return ()
        limits = [_two_digits(value) for value in row[1]]
        return tuple(limits) if sorted(set(limits)) == limits and limits[0] > 0 else ()


_IS_CLOSED: Final = frozenset(("isclosed", "hsisclosed"))
_MONEY: Final = ("gross_list_amount", "revenue_deductions", "cogs", "quantity")[:3]


def _is_unique(column: ColumnLook, source: Source) -> bool:
    return column.filled >= _MOST_UNIQUE * source.rows and column.distinct >= _MOST_UNIQUE * column.filled


def _key_to(source: Source, partner: Source, named: str | None = None) -> tuple[str, str] | None:
    """(column, column there) of the declared foreign key from a source to another; of several the one whose column is `named`."""
    found = [(own, key) for own, (other, key) in source.keys.items() if other == partner.name]
    return found[0] if len(found) == 1 else next((each for each in found if each[0] == named), None)


def _why(match: Match, source: Source) -> str:
    said = match.why
    if match.column.unsure:
        said += f"; {match.column.unsure} of its values do not look like a {match.column.kind}"
    if match.column.filled < source.rows:
        said += f"; empty in {1 - match.column.filled / source.rows:.1%} of the rows"
    return said


def _id_sql(column: ColumnLook) -> str:
    return f"regexp_replace({identifier(column.name)}, '[.]0$', '')"


def _both(one: str, another: str) -> str:
    """A path for two files beside each other; where they are apart, both of them."""
    (folder, _, name), (other_folder, _, other_name) = (path.rpartition("/") for path in (one, another))
    (stem, _, ending), (other_stem, _, other_ending) = (text.rpartition(".") for text in (name, other_name))
    if folder != other_folder or ending != other_ending:
        return f"{one} and {another}"
    return f"{folder}{'/' if folder else ''}{{{stem},{other_stem}}}.{ending}"


def _two_digits(value: Decimal) -> int:
    whole = int(value)
    unit = 10 ** max(0, len(str(abs(whole))) - 2)
    return int(whole // unit * unit)


def tables_to_write(proposal: Proposal) -> Iterator[tuple[TableProposal, bool]]:
    """The tables, and whether each can be loaded (else it is written as a comment)."""
    for table in proposal.tables:
        is_needed = table.table in (LINES, CUSTOMERS)
        yield table, is_needed or not set(table.left) - {"currency_code"}
