"""Landing of one table: the shell that copies, reads, writes and commits, step by step.

Belongs here: the order of things and what is decided about a delivery. Not here: how values are read (grammar.py), how
rows are judged (typed.py), how files look (write.py).

A batch's files carry its content-addressed id, so a load that died is simply repeated over them; only the ledger event,
written last, makes them count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

import duckdb

from pipelines import duck
from pipelines.contracts import Contract
from pipelines.durable import replace_file
from pipelines.errors import KundenwertError, Problem, SourceError
from pipelines.landing import corrections, erased, ledger, secret
from pipelines.landing.account import Account, LeftOut, account_for
from pipelines.landing.advice import Advisor
from pipelines.landing.by_sql import UNREADABLE
from pipelines.landing.control_totals import check_control_totals
from pipelines.landing.decide import Arrival, decide
from pipelines.landing.findings import MAPPING_REMEDIES, Finding
from pipelines.landing.grammar import ISO, Surroundings, grammar_for
from pipelines.landing.mapped import Prepared, from_files, query_run, words_of_a_query
from pipelines.landing.originals import Original, keep
from pipelines.landing.suspects import passed_over, suspects
from pipelines.landing.typed import IS_ERASED, TypedPass, duplicate_reasons, erased_rows, load_typed
from pipelines.landing.weights import NOTHING_LEFT, Weighed, Weight, differing, weigh
from pipelines.landing.write import (
    UNREADABLE_VALUES,
    batch_file,
    batch_files,
    ensure_schema_files,
    has_schema_files,
    mark_rows,
    write_accepted,
    write_quarantined,
    write_unreadable,
)
from pipelines.settings.sources import CsvFormat, TableMapping
from pipelines.settings.workspace import SOURCES_FILE, Workspace
from pipelines.sources import Delivery, FoundFile, PreparedFile, deliveries, prepare
from pipelines.sources.parquet_file import damage_told, may_tell_of_itself
from pipelines.steps import step
from pipelines.workshop import workshop

LOADER_VERSION = "2"
"""Raised when the same bytes would be loaded differently; then every active delivery is loaded again."""

_NAMES_SHOWN = 5
"""Files named in a message; a table may be made of hundreds."""

Status = Literal["loaded", "duplicate", "absent", "reactivated", "file_quarantined"]


@dataclass(frozen=True, slots=True)
class LandingOutcome:
    """What became of a table's deliveries. Counts are of the batches loaded now; `problems` also repeats what stands in
    the ledger about batches that still count, so that a second run says the same."""

    table: str
    status: Status
    batch_ids: tuple[str, ...]
    rows_in: int
    rows_accepted: int
    rows_quarantined: int
    rows_filtered: int
    problems: tuple[Finding, ...]
    rows_lost_in_mapping: int = 0
    """As far as anybody can tell."""
    rows_skipped: int = 0
    rows_standing: int = 0
    """Accepted rows of all batches that count, also of those landed before."""
    delivered_at: datetime | None = None
    """Of the table's newest delivery, also one landed before (UTC without zone); None: never."""


def land_table(workspace: Workspace, table: str) -> LandingOutcome:
    """Bring the deliveries of `table` into its raw batches; a table that is not mapped is `absent`.

    A delivery that cannot be read as declared is refused as a whole: status file_quarantined and a critical finding,
    what the table had stays. Raises ConfigError SECRET_CHANGED and KundenwertError DISK_FULL, LEDGER_CORRUPT.
    """
    home, contract = workspace.home, workspace.contracts[table]
    if not has_schema_files(home, contract):
        # Of all tables at once: opening a database is most of what they cost.
        ensure_schema_files(home, workspace.contracts.values())
    if table not in workspace.sources.tables:
        return LandingOutcome(table, "absent", (), 0, 0, 0, 0, ())
    statuses: list[Status] = []
    entries: list[ledger.LedgerEntry] = []
    refused: list[Finding] = []
    parts = {"": workspace} if workspace.sources.files_of(table) else {}
    if (sheets := _of_sheets(workspace, table)) is not None:
        parts[ledger.SHEETS] = sheets
    for part, source in parts.items():
        try:
            arrivals = _arrivals(source, table)
        except SourceError as error:
            statuses.append("file_quarantined")
            refused += [Finding("critical", problem) for problem in error.problems]
            continue
        deliveries = frozenset(arrival.delivery for arrival in arrivals)
        for each in arrivals:
            arrival = each if part == "" else replace(each, part=ledger.SHEETS)
            try:
                status, entry, findings = _Landing(source, contract, arrival, deliveries).run()
            except SourceError as error:
                statuses.append("file_quarantined")
                refused += [Finding("critical", problem) for problem in error.problems]
                continue
            statuses.append(status)
            refused += findings
            entries += [entry] if entry is not None else []
        if not arrivals and part == "":
            refused += _absent(workspace, table)
    return _outcome(workspace, table, statuses, entries, refused)


def _of_sheets(workspace: Workspace, table: str) -> Workspace | None:
    """The workspace in which returned sheets are all there is of `table`; None where it has none."""
    sources = workspace.sources.of_sheets(table)
    return None if sources is None else replace(workspace, sources=sources)


def land_corrected(workspace: Workspace, entry: ledger.LedgerEntry) -> LandingOutcome:
    """Land a delivery that counts once more, from its kept originals: what was corrected of it since takes its place.

    Raises KundenwertError LANDING_CORRUPT if an original is gone, else as `land_table`.
    """
    home = workspace.home
    files: dict[str, tuple[FoundFile, ...]] = {}
    for each in entry.files:
        path = home.originals / each.sha256
        if not path.is_file():
            what = f"the kept original of {each.name} is gone"
            where, remedy = (
                f"landing/originals/{each.sha256}",
                "restore landing/ from a backup, or deliver the file again",
            )
            raise KundenwertError(Problem("LANDING_CORRUPT", what, where, remedy))
        files[each.source] = (*files.get(each.source, ()), FoundFile(each.name, path))
    arrival = Arrival(entry.day, entry.delivery, files)
    try:
        status, landed, findings = _Landing(workspace, workspace.contracts[entry.table], arrival).run()
    except SourceError as error:
        refused = [Finding("critical", problem) for problem in error.problems]
        return _outcome(workspace, entry.table, ["file_quarantined"], [], refused)
    return _outcome(workspace, entry.table, [status], [] if landed is None else [landed], findings)


def _outcome(
    workspace: Workspace,
    table: str,
    statuses: Sequence[Status],
    entries: Sequence[ledger.LedgerEntry],
    refused: Sequence[Finding],
) -> LandingOutcome:
    order: tuple[Status, ...] = ("file_quarantined", "loaded", "reactivated", "duplicate")
    status: Status = next((status for status in order if status in statuses), "absent")
    known = ledger.read(workspace.home)
    standing = [batch.entry for batch in ledger.batches(known) if batch.entry.table == table and batch.is_active]
    return LandingOutcome(
        table=table,
        status=status,
        batch_ids=tuple(entry.batch_id for entry in entries),
        rows_in=sum(entry.rows_in for entry in entries),
        rows_accepted=sum(entry.rows_accepted for entry in entries),
        rows_quarantined=sum(entry.rows_quarantined for entry in entries),
        rows_filtered=sum(entry.rows_filtered for entry in entries),
        rows_skipped=sum(entry.rows_skipped for entry in entries),
        problems=(*refused, *(finding for entry in standing for finding in entry.findings)),
        rows_lost_in_mapping=sum(entry.rows_lost_in_mapping or 0 for entry in entries),
        rows_standing=sum(entry.rows_accepted for entry in standing),
        delivered_at=ledger.newest_delivery(known, table),
    )


def _absent(workspace: Workspace, table: str) -> list[Finding]:
    mapping = workspace.sources.tables[table]
    landed = any(entry.table == table for entry in ledger.read(workspace.home))
    paths = ", ".join(workspace.sources.files[name].place for name in workspace.sources.files_of(table))
    # A file of one name that always lies there is gone; of files that come and go, none is due every time.
    is_gone = landed and not mapping.may_be_empty and mapping.load == "full" and not _comes_and_goes(workspace, table)
    if is_gone or (landed and not mapping.may_be_empty and _nothing_is_delivered(workspace)):
        what = f"{table}: its delivery was there and is gone; what the table had stays"
        remedy = "deliver it again, or declare `may_be_empty: true` if it may be absent"
        return [Finding("critical", Problem("SOURCE_ABSENT", what, paths, remedy))]
    if landed or mapping.may_be_empty:
        what = f"{table}: no delivered file matches; what the table had stays"
        return [
            Finding(
                "warning" if landed else "info", Problem("SOURCE_ABSENT", what, paths, "deliver the file if it is due")
            )
        ]
    what = f"{table} is mapped, but no delivered file matches and nothing was ever loaded"
    remedy = "correct `path` or `root` in sources.yml, or name the table under `unmapped`"
    return [Finding("critical", Problem("SOURCE_ABSENT", what, paths, remedy))]


def _comes_and_goes(workspace: Workspace, table: str) -> bool:
    sources = workspace.sources
    return any("*" in sources.files[name].path or sources.files[name].is_dated for name in sources.files_of(table))


def _nothing_is_delivered(workspace: Workspace) -> bool:
    """Whether not one declared file is there: then the place is wrong, or nobody delivered."""
    sources = workspace.sources
    return not any(
        delivery.files for name, file in sources.files.items() for delivery in deliveries(sources.root, name, file)
    )


def _arrivals(workspace: Workspace, table: str) -> tuple[Arrival, ...]:
    """The deliveries of a table, oldest first: one per day where the path holds {date}, one per file where an
    incremental table is read from files directly, else one of everything."""
    sources = workspace.sources
    mapping = sources.tables[table]
    by_day: dict[date | None, dict[str, Delivery]] = {}
    undated: dict[str, Delivery] = {}
    for name in sources.files_of(table):
        for delivery in deliveries(sources.root, name, sources.files[name]):
            if sources.files[name].is_dated:
                by_day.setdefault(delivery.day, {})[name] = delivery
            else:
                undated[name] = delivery
    if not any(sources.files[name].is_dated for name in sources.files_of(table)):
        by_day = {None: {}} if undated else {}
    arrivals = []
    for day in sorted(by_day, key=lambda day: day or date.min):
        files = {name: delivery.files for name, delivery in {**undated, **by_day[day]}.items()}
        if day is None and mapping.load == "incremental" and mapping.from_file is not None:
            others = {name: found for name, found in files.items() if name != mapping.from_file}
            arrivals += [
                Arrival(None, found.name, {mapping.from_file: (found,), **others})
                for found in files.get(mapping.from_file, ())
            ]
        else:
            arrivals.append(Arrival(day, "" if day is None else day.isoformat(), files))
    return tuple(arrivals)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What is known of typed rows: records delivered, what of them the mapping leaves out, the columns that are the same in every row (as
    expressions)."""

    records: int
    left: LeftOut
    constants: Mapping[str, str]
    has_duplicates: bool
    work: TypedPass
    format_name: str | None
    erased_rows: int = 0


class _Landing:
    """One delivery of one table on its way in."""

    def __init__(
        self, workspace: Workspace, contract: Contract, arrival: Arrival, deliveries: frozenset[str] = frozenset()
    ) -> None:
        self._workspace = workspace
        self._home = workspace.home
        self._sources = workspace.sources
        self._contract = contract
        self._mapping: TableMapping = workspace.sources.tables[contract.name]
        self._arrival = arrival
        self._deliveries = deliveries
        self._place = f"{SOURCES_FILE}: tables.{contract.name}"
        self._begun = _now()
        self._erased = erased.read(self._home).marks
        self._corrections: dict[str, Path] = {}
        self._corrected: ledger.LedgerEntry | None = None

    def run(self) -> tuple[Status, ledger.LedgerEntry | None, list[Finding]]:
        """Land it. Raises SourceError if it is refused."""
        home, table = self._home, self._contract.name
        self._refuse_incomplete()
        with step(f"land {table}: copy", home.logs):
            found = {name: tuple(keep(home, found) for found in files) for name, files in self._arrival.files.items()}
        kept, repeated = _once(found)
        self._corrections = corrections.found(home, {f.name: f.sha256 for each in kept.values() for f in each})
        self._corrected = self._to_be_corrected(kept)
        content_id, batch_id = self._identity(kept)
        decision = decide(
            ledger.read(home), table, self._mapping.load, self._arrival, content_id=content_id, sha256s=_shas(kept)
        )
        earlier = decision.earlier
        if decision.action == "duplicate":
            return "duplicate", None, repeated or self._again(kept, earlier)
        if decision.action == "older":
            return "duplicate", None, [self._older_finding(kept)]
        if decision.action == "reactivate" and earlier is not None and self._is_there(earlier):
            return "reactivated", self._reactivated(earlier), repeated
        return "loaded", self._load(kept, content_id, batch_id), repeated

    def _refuse_incomplete(self) -> None:
        missing = [name for name in self._sources.files_of(self._contract.name) if not self._arrival.files.get(name)]
        if missing:
            where = ", ".join(self._sources.files[name].place for name in missing)
            day = f" for {self._arrival.day}" if self._arrival.day else ""
            what = (
                f"{self._contract.name}{day}: {', '.join(missing)} is not delivered, other files it is made of "
                f"are; what the table had stays"
            )
            raise SourceError(Problem("DELIVERY_INCOMPLETE", what, where, "deliver the missing file and run again"))

    def _identity(self, kept: Mapping[str, Sequence[Original]]) -> tuple[str, str]:
        """(content_id, batch_id). Contract and loader count: changed, the same bytes become other rows."""
        table = self._contract.name
        declared = [
            f"{name}={file.sha256}"
            for name in sorted(kept)
            for file in sorted(kept[name], key=lambda file: file.sha256)
        ]
        content = ledger.digest(
            table,
            self._sources.fingerprint(table),
            self._contract.model_dump_json(),
            LOADER_VERSION,
            *declared,
            *(f"corrected={each}" for each in corrections.digests(self._corrections)),
        )
        return content[:16], ledger.digest(content, self._arrival.day.isoformat() if self._arrival.day else "")[:16]

    def _to_be_corrected(self, kept: Mapping[str, Sequence[Original]]) -> ledger.LedgerEntry | None:
        """The event that counts, was made of the same files, and of other corrections."""
        made_of, files = corrections.digests(self._corrections), _shas(kept)
        events = ledger.read(self._home)
        # What follows from the order of all events is asked for only where one of them could be meant: hardly ever.
        if not any(self._is_of_other_corrections(entry, files, made_of) for entry in events):
            return None
        counting = (batch.entry for batch in ledger.batches(events) if batch.is_active)
        return next((entry for entry in counting if self._is_of_other_corrections(entry, files, made_of)), None)

    def _is_of_other_corrections(
        self, entry: ledger.LedgerEntry, files: frozenset[str], made_of: tuple[str, ...]
    ) -> bool:
        return (
            (entry.table, entry.part, entry.delivery)
            == (self._contract.name, self._arrival.part, self._arrival.delivery)
            and entry.corrections != made_of
            and frozenset(file.sha256 for file in entry.files) == files
        )

    def _is_there(self, entry: ledger.LedgerEntry) -> bool:
        return all(path.exists() for path in batch_files(self._home, entry))

    def _older_finding(self, kept: Mapping[str, Sequence[Original]]) -> Finding:
        names = ", ".join(file.name for files in kept.values() for file in files)
        what = (
            f"{self._contract.name}: the delivery of {self._arrival.day} is older than the full load that "
            f"counts; it was not loaded"
        )
        return Finding(
            "warning",
            Problem("OLDER_DELIVERY", what, names, "remove it, or deliver the current state under a later date"),
        )

    def _reactivated(self, earlier: ledger.LedgerEntry) -> ledger.LedgerEntry:
        """The same rows count again: an event, no new files."""
        with step(f"land {self._contract.name}: commit", self._home.logs), ledger.locked(self._home):
            changes = {
                "sequence": ledger.next_sequence(self._home),
                "delivered_at": self._delivered_at(),
                "landed_at": _now(),
                "day": self._arrival.day,
                "declared_on": self._declared_on(),
                "delivery": self._arrival.delivery,
                "is_reactivation": True,
            }
            entry = earlier.model_copy(update=changes)
            ledger.commit(self._home, entry)
        return entry

    def _again(self, kept: Mapping[str, Sequence[Original]], earlier: ledger.LedgerEntry | None) -> list[Finding]:
        """Of deliveries that add up: the same bytes under the name of another delivery that is there, too."""
        others = self._deliveries - {self._arrival.delivery}
        if earlier is None or self._mapping.load != "incremental" or earlier.delivery not in others:
            return []
        return [_same_bytes(", ".join(file.name for files in kept.values() for file in files), earlier.delivery)]

    def _load(self, kept: Mapping[str, Sequence[Original]], content_id: str, batch_id: str) -> ledger.LedgerEntry:
        home, table, contract = self._home, self._contract.name, self._contract
        key = secret.pseudonym_key(home) if contract.has_personal_columns else None
        originals = [file for files in kept.values() for file in files]
        with (
            workshop(home.temporary, f"land-{table}") as work,
            duck.locked(
                work,
                [*(file.path for file in originals), *self._corrections.values()],
                believes_statistics=not may_tell_of_itself(file.path for file in originals),
            ) as connection,
            damage_told(connection, [(file.path, file.name) for file in originals]),
        ):
            with step(f"land {table}: read", home.logs):
                prepared = self._prepare(connection, kept, work)
                self._check_totals(connection, prepared)
                typed = self._type(connection, prepared, key)
            account = account_for(
                connection,
                contract,
                typed.records,
                self._file_names(kept),
                typed.left,
                self._advisor(typed.work, typed.format_name),
            )
            noted = (*self._noted(prepared), *self._suspects(connection, typed))
            if typed.erased_rows:
                noted = (*noted, _erased_again(table, typed.erased_rows, self._file_names(kept)))
            if account.rows_accepted + account.rows_quarantined == 0 and not self._mapping.may_be_empty:
                what = f"{table}: no row is delivered{' that `where` keeps' if typed.records else ''}; what the table had stays"
                raise SourceError(
                    Problem(
                        "FILE_NO_ROWS",
                        what,
                        self._file_names(kept),
                        "deliver the rows, or declare `may_be_empty: true`",
                    )
                )
            with step(f"land {table}: quarantine", home.logs):
                write_quarantined(connection, contract, batch_id, work / "quarantine.parquet")
                replace_file(work / "quarantine.parquet", batch_file(home.quarantine, table, batch_id))
                if account.values_unreadable:
                    write_unreadable(connection, contract, batch_id, work / "unreadable.parquet")
                    target = batch_file(home.quarantine, UNREADABLE_VALUES, batch_id)
                    replace_file(work / "unreadable.parquet", target)
            with step(f"land {table}: write", home.logs):
                write_accepted(
                    connection,
                    contract,
                    batch_id,
                    work / "raw.parquet",
                    constants=typed.constants,
                    is_table=not (typed.has_duplicates or contract.has_personal_columns),
                )
                replace_file(work / "raw.parquet", batch_file(home.raw, table, batch_id))
        with step(f"land {table}: commit", home.logs), ledger.locked(home):
            if typed.erased_rows:
                erased.add(home, originals=(original.sha256 for original in originals))
            account = replace(account, findings=(*account.findings, *noted))
            entry = self._entry(kept, prepared, content_id=content_id, batch_id=batch_id, account=account, key=key)
            ledger.commit(home, entry)
        return entry

    def _prepare(
        self, connection: duckdb.DuckDBPyConnection, kept: Mapping[str, Sequence[Original]], work: Path
    ) -> dict[str, tuple[PreparedFile, ...]]:
        prepared = {}
        for name, files in kept.items():
            declared = self._sources.format_of(name)
            prepared[name] = tuple(
                prepare(file.path, file.name, declared, work / f"{name}-{number}.csv", connection)
                for number, file in enumerate(files)
            )
        return prepared

    def _check_totals(
        self, connection: duckdb.DuckDBPyConnection, prepared: Mapping[str, Sequence[PreparedFile]]
    ) -> None:
        for name, files in prepared.items():
            totals = self._sources.files[name].control_totals
            if totals is not None:
                grammar = grammar_for(self._sources.format_of(name))
                check_control_totals(connection, totals, files, grammar, name)

    def _type(self, connection: duckdb.DuckDBPyConnection, prepared: Prepared, key: bytes | None) -> _Typed:
        """Make `typed` and `marked`."""
        contract, sources = self._contract, self._sources
        around = Surroundings(sources.zone_of(contract.name), self._delivered_on(), company_zone=sources.time_zone)
        everything = [file for files in prepared.values() for file in files]
        ragged = corrections.corrected_ragged_sql(everything, self._corrections)
        set_aside, left, unreadable = sum(file.ragged for file in everything), LeftOut(), None
        if self._corrections and ragged is not None:
            ((set_aside,),) = connection.execute(f"select count(*) from ({ragged})").fetchall()
        if self._mapping.from_file is not None:
            made = from_files(connection, sources, contract, prepared, self._place, self._corrections)
            work = TypedPass(
                contract, self._mapping, made.delivered, made.grammar, around, key, made.words, self._erased
            )
            rows = made.records
            left = LeftOut(Weight(made.dropped))
        else:
            run = query_run(connection, sources, contract, prepared, self._place, around, self._corrections)
            queried = run.run()
            words = words_of_a_query(connection, run, queried.delivered, queried.words)
            work = TypedPass(contract, self._mapping, queried.delivered, ISO, around, key, words, self._erased)
            rows = queried.rows
            unreadable = UNREADABLE if queried.unreadable else None
            set_aside += queried.unreadable
            left = LeftOut(queried.filtered, queried.empty, queried.lost)
        constants = load_typed(connection, work, ragged, unreadable)
        weighed = self._weighed(connection, work, rows + set_aside)
        if work.words.keys:
            # Records that share a key are one row.
            rows = _rows(connection, "records") - set_aside + weighed.filtered.rows
        left = LeftOut(
            left.filtered + weighed.filtered,
            left.empty + weighed.empty,
            left.lost,
            weighed.lookups,
            differing(connection, work) if work.words.keys else {},
        )
        lost = 0 if left.lost is None else left.lost.rows
        records = rows + set_aside + lost + left.filtered.rows - weighed.filtered.rows
        named, gone = erased_rows(connection, work)
        left = replace(left, filtered=left.filtered + Weight(gone))
        has_duplicates = duplicate_reasons(connection, work)
        mark_rows(connection, has_duplicates, IS_ERASED if named else "false")
        format_name = None if self._mapping.from_file is None else sources.files[self._mapping.from_file].format
        return _Typed(records, left, constants, has_duplicates, work, format_name, named)

    def _advisor(self, work: TypedPass, format_name: str | None) -> Advisor | None:
        """Who knows what the files' format could declare; None where text is not read by a declared format."""
        declared = self._sources.formats.get(format_name or "")
        if format_name is None or not isinstance(declared, CsvFormat):
            return None
        return Advisor(work.grammar, format_name, declared.delimiter, self._contract.name)

    def _noted(self, prepared: Mapping[str, Sequence[PreparedFile]]) -> tuple[Finding, ...]:
        return tuple(passed_over(self._contract.name, (file for files in prepared.values() for file in files)))

    def _suspects(self, connection: duckdb.DuckDBPyConnection, typed: _Typed) -> tuple[Finding, ...]:
        declared = self._sources.formats.get(typed.format_name or "")
        encoding = declared.encoding if isinstance(declared, CsvFormat) else None
        return suspects(connection, typed.work, encoding, typed.format_name)

    @staticmethod
    def _weighed(connection: duckdb.DuckDBPyConnection, work: TypedPass, records: int) -> Weighed:
        """What the mapping leaves out of `records`; looked for only where it does leave out some."""
        words = work.words
        is_filtering = words.condition is not None and (bool(words.keys) or _rows(connection, "records") < records)
        return weigh(connection, work) if is_filtering or words.lookups else Weighed(NOTHING_LEFT, NOTHING_LEFT)

    def _entry(
        self,
        kept: Mapping[str, Sequence[Original]],
        prepared: Mapping[str, Sequence[PreparedFile]],
        *,
        content_id: str,
        batch_id: str,
        account: Account,
        key: bytes | None,
    ) -> ledger.LedgerEntry:
        files = tuple(
            ledger.LedgerFile(
                source=name,
                name=file.name,
                sha256=file.sha256,
                bytes=file.size,
                rows=read.records,
                skipped=read.rows_skipped,
            )
            for name in sorted(kept)
            for file, read in zip(kept[name], prepared[name], strict=True)
        )
        return ledger.LedgerEntry(
            sequence=ledger.next_sequence(self._home),
            batch_id=batch_id,
            content_id=content_id,
            table=self._contract.name,
            domain=self._contract.domain,
            mode=self._mapping.load,
            part=self._arrival.part,
            delivery=self._arrival.delivery,
            day=self._arrival.day,
            declared_on=self._declared_on(),
            delivered_at=self._delivered_at(),
            landed_at=_now(),
            is_reactivation=False,
            files=files,
            rows_in=account.rows_in,
            rows_accepted=account.rows_accepted,
            rows_quarantined=account.rows_quarantined,
            rows_filtered=account.rows_filtered,
            rows_skipped=sum(file.skipped for file in files),
            rows_duplicate_exact=account.rows_duplicate_exact,
            rows_lost_in_mapping=None if account.left.lost is None else account.left.lost.rows,
            values_unreadable=account.values_unreadable,
            amounts={
                name: ledger.AmountSums(
                    accepted=sums[0],
                    quarantined=sums[1],
                    filtered=account.left.filtered.amount(name),
                    lost_in_mapping=None if account.left.lost is None else account.left.lost.amount(name),
                )
                for name, sums in account.amounts.items()
            },
            quarantined_by_reason=dict(account.by_reason),
            data_from=account.data_from,
            data_to=account.data_to,
            messages=ledger.messages_of(account.findings),
            pseudonym_key_id=None if key is None else secret.key_id(key),
            corrects=None if self._corrected is None else self._corrected.sequence,
            corrections=corrections.digests(self._corrections),
        )

    def _declared_at(self) -> datetime | None:
        """When the delivery was made: declared, else the end of the day in its path; the latest of its files."""
        moments = self._declared()
        if moments:
            return max(moments)
        return (
            None
            if self._arrival.day is None
            else self._sources.utc(datetime.combine(self._arrival.day, time(23, 59, 59)))
        )

    def _declared(self) -> list[datetime]:
        """What sources.yml says of its files, in UTC."""
        return [
            self._sources.utc(moment)
            for name in self._arrival.files
            if (moment := self._sources.files[name].delivered_at) is not None
        ]

    def _declared_on(self) -> date | None:
        return max((self._sources.day(moment) for moment in self._declared()), default=None)

    def _delivered_at(self) -> datetime:
        # A correction is as if it had been delivered right.
        corrected = None if self._corrected is None else self._corrected.delivered_at
        return self._declared_at() or corrected or self._begun

    def _delivered_on(self) -> date:
        """The day of the delivery; undeclared, that of its landing: a date far behind it is a typing error (2062 for 2026)."""
        return self._sources.day(self._delivered_at())

    def _file_names(self, kept: Mapping[str, Sequence[Original]]) -> str:
        names = [file.name for name in sorted(kept) for file in kept[name]]
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        return ", ".join(names[:_NAMES_SHOWN]) + more


def _erased_again(table: str, rows: int, files: str) -> Finding:
    what = (
        f"{table}: {rows} delivered rows name a person who was erased; they were loaded without the person, or left out"
    )
    remedy = "delete the person in the source system; until then every delivery brings them"
    return Finding("warning", Problem("PERSON_ERASED", what, files, remedy), rows)


def _once(found: Mapping[str, Sequence[Original]]) -> tuple[dict[str, tuple[Original, ...]], list[Finding]]:
    """The files that count: of identical ones under the same name of sources.yml the one with the shortest name; and what is to be said."""
    kept: dict[str, tuple[Original, ...]] = {}
    findings: list[Finding] = []
    for name, files in found.items():
        first: dict[str, Original] = {}
        for file in sorted(files, key=lambda file: (len(file.name), file.name)):
            if file.sha256 in first:
                findings.append(_same_bytes(file.name, first[file.sha256].name))
            first.setdefault(file.sha256, file)
        kept[name] = tuple(file for file in files if first[file.sha256] is file)
    return kept, findings


def _same_bytes(name: str, other: str) -> Finding:
    what = f"{name} holds the same bytes as {other}; they count once"
    return Finding("warning", Problem("SAME_BYTES", what, name, MAPPING_REMEDIES["SAME_BYTES"]))


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return 0 if row is None else int(row[0])


def _shas(kept: Mapping[str, Sequence[Original]]) -> frozenset[str]:
    return frozenset(file.sha256 for files in kept.values() for file in files)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


__all__ = ["Finding", "LandingOutcome", "land_table"]
