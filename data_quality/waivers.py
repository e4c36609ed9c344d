"""Waivers on check results: who took responsibility for which failed check, and which waivers no longer act.

Belongs here: which result a waiver is about. Not here: what a waiver says (pipelines.settings.waivers), what the gate makes of it (gate).
A waived result keeps its text, its rows and its money: only that it blocks is taken from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb

from data_quality.gate import WAIVABLE, WAIVED_AS, code_of
from pipelines import duck
from pipelines.checks import CheckResult
from pipelines.contracts import Contract
from pipelines.landing import ledger
from pipelines.quoting import identifier, literal, literals
from pipelines.settings.waivers import Waiver
from pipelines.settings.workspace import WAIVERS_FILE, Workspace

_UNKNOWN = "AMOUNT_UNKNOWN"


def applied(workspace: Workspace, results: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """The results with the company's waivers on them, and what is to be said about the waivers."""
    if not workspace.waivers:
        return tuple(results)
    batches = [batch for batch in ledger.batches(ledger.read(workspace.home)) if batch.is_active]
    # A returned rating sheet is no newer state of what the table's own source delivers.
    newest = {
        batch.entry.table: batch.entry.batch_id for batch in sorted(batches, key=lambda batch: not batch.entry.part)
    }
    day = max((workspace.sources.day(batch.entry.delivered_at) for batch in batches), default=date.min)
    with duck.reading(workspace.home.warehouse, workspace.home.temporary) as connection:
        return apply(results, workspace.waivers, day, newest, Quarantined(connection, workspace))


class Quarantined:
    """The rows in quarantine, asked by key."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
        self._connection = connection
        self._contracts = workspace.contracts

    def left(self, table: str, keys: Sequence[str], code: str | None) -> int:
        """Rows of unknown amount in the batches that count that have none of these keys; `code`: only rows of this first reason."""
        contract = self._contracts[table]
        unknown = [each.load_name for each in contract.money_columns if each.required]
        if not unknown:
            return 0
        reason = "" if code is None else f"and quarantine_reason = {literal(code)}"
        return self._count(
            contract,
            f"({' or '.join(f'{identifier(name)} is null' for name in unknown)}) and quarantine_reason <> 'DUP_EXACT' {reason} "
            f"and coalesce({_key(contract)} not in ({literals(keys)}), true)",
        )

    def has(self, table: str, key: str) -> bool:
        """Whether a row with this key is in quarantine."""
        contract = self._contracts[table]
        return bool(contract.primary_key) and self._count(contract, f"{_key(contract)} = {literal(key)}") > 0

    def _count(self, contract: Contract, condition: str) -> int:
        ((count,),) = self._connection.execute(
            f"select count(*) from quarantine.{identifier(contract.name)} where {condition} and batch_id in (select batch_id from "
            f"control.load_batches where is_active and table_name = {literal(contract.name)})"
        ).fetchall()
        return int(count)


def _key(contract: Contract) -> str:
    parts = ", ".join(f"coalesce({identifier(name)}::varchar, '')" for name in contract.primary_key)
    return f"concat_ws('|', {parts})" if parts else "null"


def apply(
    results: Sequence[CheckResult],
    waivers: Sequence[Waiver],
    day: date,
    newest: dict[str, str],
    quarantined: Quarantined,
) -> tuple[CheckResult, ...]:
    """As `applied`, of the day of the newest delivery and the newest batch of every table."""
    acting = [waiver for waiver in waivers if waiver.acts_on(day)]
    used: set[int] = set()
    said: list[CheckResult] = []
    for result in results:
        waiver = None
        if not result.passed and result.area in WAIVABLE:
            waiver = next((each for each in acting if _is_about(each, result, newest)), None)
            if waiver is None:
                waiver = _by_key(acting, result, quarantined)
        if waiver is None:
            said.append(result)
            continue
        used.add(id(waiver))
        said.append(
            result.model_copy(
                update={
                    "waived_by": waiver.who,
                    "waived_why": waiver.why,
                    "waived_until": waiver.until,
                    "code": code_of(result),
                }
            )
        )
    return (*said, *_about(waivers, acting, used, day, quarantined))


def _is_about(waiver: Waiver, result: CheckResult, newest: dict[str, str]) -> bool:
    table = WAIVED_AS.get(result.subject, result.subject)
    if waiver.table != table or waiver.code not in (code_of(result), result.check_id.rsplit(".", 1)[-1].upper()):
        return False
    if waiver.month is not None:
        return waiver.month == result.month
    return waiver.batch is not None and waiver.batch == (result.batch_id or newest.get(table))


def _by_key(acting: Sequence[Waiver], result: CheckResult, quarantined: Quarantined) -> Waiver | None:
    """The waiver of a row because of which the result failed, if every such row has one."""
    if not (result.area == "quarantine" or (result.area == "landing" and result.rows)):
        return None
    code = None if result.area == "quarantine" else code_of(result)
    own = [
        waiver
        for waiver in acting
        if waiver.key is not None
        and waiver.table == result.subject
        and waiver.code in (code_of(result), *([] if code else [waiver.code]), _UNKNOWN)
    ]
    if not own or quarantined.left(result.subject, [str(waiver.key) for waiver in own], code) > 0:
        return None
    return own[0]


def _about(
    waivers: Sequence[Waiver], acting: Sequence[Waiver], used: set[int], day: date, quarantined: Quarantined
) -> Iterator[CheckResult]:
    for waiver in waivers:
        name = f"{waiver.code} of {waiver.table} ({waiver.scope})"
        if waiver not in acting:
            what = f"the waiver of {name} by {waiver.who} acted for deliveries until {waiver.until}; the newest is of {day}"
            yield _said(
                "waiver_expired",
                waiver,
                what,
                "correct the fault, or renew the waiver if somebody takes responsibility again",
            )
        elif id(waiver) not in used and not (waiver.key is not None and quarantined.has(waiver.table, waiver.key)):
            what = f"the waiver of {name} by {waiver.who} is about nothing: no check says so"
            yield _said(
                "waiver_unused",
                waiver,
                what,
                "remove it if the fault is gone; else compare code, table and batch with the message",
            )


_SAID = {"waiver_expired": "WAIVER_EXPIRED", "waiver_unused": "WAIVER_UNUSED"}


def _said(name: str, waiver: Waiver, what: str, remedy: str) -> CheckResult:
    return CheckResult(
        check_id=f"gate.{name}",
        area="gate",
        subject=waiver.table,
        severity="warning",
        passed=False,
        what=what,
        where=WAIVERS_FILE,
        remedy=remedy,
        code=_SAID[name],
    )
