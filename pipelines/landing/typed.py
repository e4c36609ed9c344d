"""The one set-based pass of a batch: delivered records -> a table of typed rows, each with its reasons or none.

Belongs here: the statements of that pass, derived from contract and mapping. Not here: the grammar of single values
(grammar.py), writing Parquet (write.py), the order of things (land.py).

The view `typed` has the contract's columns by load name, `file_name`, `line_number`, `_kw_file` and `_kw_row`
(together the identity of the record), `_kw_reasons` ("CODE:column, ..." or NULL), `_kw_raw` (the record, where there
is a reason) and `_kw_unreadable` (a list of `UNREADABLE`, or NULL): values of optional columns that cannot be read. They are
left empty and never cost the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from pipelines.contracts import Column, Contract
from pipelines.errors import Problem, SourceError
from pipelines.landing.cells import cleaned
from pipelines.landing.erased import NOBODY, is_about, is_erased_sql
from pipelines.landing.grammar import (
    Grammar,
    Reading,
    Surroundings,
    UnsuitableTypeError,
    canonical,
    folded,
    is_rounded,
    one_of,
    reading,
    time_is_known,
    trimmed,
)
from pipelines.landing.names import distinct_codes, found, namesakes
from pipelines.landing.records import NO_WORDS, ROW, Delivered, Words, described, kept_sql, steps
from pipelines.landing.secret import hmac_parameters, hmac_sql
from pipelines.landing.told import filled_by, nearest, some
from pipelines.quoting import identifier, literal
from pipelines.settings.sources import TableMapping
from pipelines.sources import ANYTHING, FILE, LINE, NAME

ROUNDED = "_kw_rounded"
"""Columns of the row whose number was rounded, comma-separated; only there where the grammar rounds."""
VALUE = "_kw_value"
"""The rejected text of a number, a date or a code; NULL of other columns, which may hold what is nobody's business."""
IS_ERASED = "_kw_erased"
"""Whether the row names a person who was erased; only there where somebody was."""
UNREADABLE = "struct(column_name varchar, reason varchar, raw_value varchar)[]"
"""DuckDB type of a record's values that could not be read and are left empty; `raw_value` is the delivered text."""


@dataclass(frozen=True, slots=True)
class TypedPass:
    """What decides how delivered records become rows of `contract`."""

    contract: Contract
    mapping: TableMapping
    delivered: Delivered
    grammar: Grammar
    around: Surroundings
    key: bytes | None
    words: Words = NO_WORDS
    erased: frozenset[str] = frozenset()
    """Marks of persons who were erased (erased.py)."""


def load_typed(
    connection: duckdb.DuckDBPyConnection, work: TypedPass, ragged: str | None, unreadable: str | None = None
) -> dict[str, str]:
    """Make `typed` of the records that `where` keeps, of `ragged` ones (a SELECT of NAME, LINE, raw_text), and of `unreadable` ones
    (a table of file_name, line_number, FILE, _kw_reasons, _kw_raw and the amounts that are known); the columns that are the same in
    every row, as expressions.

    Raises SourceError SCHEMA_MISSING_COLUMN, SCHEMA_DUP_COLUMN, HEADER_MISMATCH, SCHEMA_TYPE, SQL_MAPPING_FAILED.
    """
    statement, constants = typed_sql(work, source_columns(work))
    if work.mapping.where is not None:
        condition = f"select * from delivered where (\n{work.mapping.where}\n)"
        refuse_parameters(connection, condition, f"{work.delivered.place}.where")
    try:
        connection.execute(statement)
    except duckdb.Error as error:
        is_of_the_machine = isinstance(
            error, (duckdb.OutOfMemoryException, duckdb.InterruptException, duckdb.IOException)
        )
        if work.mapping.where is None or is_of_the_machine:
            raise
        raise sql_failed(error, f"{work.delivered.place}.where") from error
    if ragged is not None:
        connection.execute(
            f"insert into records by name select {NAME} as file_name, {LINE} as line_number, -1 as {FILE}, {LINE} as "
            f"{ROW}, "
            f"reason || ':' as _kw_reasons, raw_text as _kw_raw from ({ragged})"
        )
    if unreadable is not None:
        connection.execute(
            f"insert into records by name select * exclude ({FILE}, source), -2 - {FILE} as {FILE}, line_number as {ROW} from {unreadable}"
        )
    own = {NAME: "file_name", LINE: "line_number"}
    in_order = work.delivered.in_order
    places = {} if in_order is None else {own.get(name, name): value for name, value in in_order.places.items()}
    added = places | constants
    shown = [f"{value} as {identifier(name)}" for name, value in added.items()]
    pseudonyms, joins, kept = _pseudonyms(connection, work)
    connection.execute(
        f"create temp view typed as select {', '.join([*shown, f'r.*{pseudonyms}'])} from records r {joins} where {kept}"
    )
    return constants


def _pseudonyms(connection: duckdb.DuckDBPyConnection, work: TypedPass) -> tuple[str, str, str]:
    """(what replaces the personal columns of `records`, the joins it needs, which rows are kept): a key is made once per person,
    for they are few and it costs more than all else about a row."""
    personal = [column for column in work.contract.columns if column.personal]
    if work.key is None or not personal:
        return "", "", "true"
    names = [identifier(column.load_name) for column in personal]
    texts = " union ".join(f"select {name} as text from records where {name} is not null" for name in names)
    connection.execute(
        f"create temp table pseudonyms as select text, {hmac_sql('text')} as pseudonym from (select distinct text from "
        f"({texts}))",
        hmac_parameters(work.key),
    )
    joins = " ".join(
        f"left join pseudonyms p{number} on r.{name} = p{number}.text" for number, name in enumerate(names)
    )
    # A rejected text that is somebody's id is told to nobody.
    shown = f"case when r.{VALUE} not in (select text from pseudonyms) then r.{VALUE} end as {VALUE}"
    if not work.erased:
        replaced = ", ".join([*(f"p{number}.pseudonym as {name}" for number, name in enumerate(names)), shown])
        return f" replace ({replaced})", joins, "true"
    connection.execute(
        f"update pseudonyms set pseudonym = {literal(NOBODY)} where {is_erased_sql('pseudonym', work.erased)}"
    )
    gone = [f"coalesce(p{number}.pseudonym = {literal(NOBODY)}, false)" for number in range(len(personal))]
    connection.execute(
        f"create temp view erased_rows as select {' or '.join(gone)} as is_named, {_about(work.contract, personal, gone)} as "
        f"is_about from records r {joins}"
    )
    values = [
        f"p{number}.pseudonym" if column.required else f"nullif(p{number}.pseudonym, {literal(NOBODY)})"
        for number, column in enumerate(personal)
    ]
    replaced = ", ".join(f"{value} as {name}" for value, name in zip(values, names, strict=True))
    # What was delivered names the person, too.
    raw = f"case when not ({' or '.join(gone)}) then r._kw_raw end as _kw_raw"
    named = f" replace ({replaced}, {raw}, {shown}), ({' or '.join(gone)}) as {IS_ERASED}"
    return named, joins, f"not ({_about(work.contract, personal, gone)})"


def _about(contract: Contract, personal: Sequence[Column], gone: Sequence[str]) -> str:
    """Whether a row is about somebody who was erased."""
    return (
        " or ".join(each for column, each in zip(personal, gone, strict=True) if is_about(contract, column)) or "false"
    )


def erased_rows(connection: duckdb.DuckDBPyConnection, work: TypedPass) -> tuple[int, int]:
    """How many records name a person who was erased, and how many of these are about them and left out."""
    if not work.erased or work.key is None or not work.contract.has_personal_columns:
        return 0, 0
    row = connection.execute("select count_if(is_named), count_if(is_about) from erased_rows").fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def refuse_parameters(connection: duckdb.DuckDBPyConnection, sql: str, place: str) -> None:
    """SQL of a mapping must not name a parameter: the pseudonym key is bound as one. Raises SourceError."""
    names = {name for statement in connection.extract_statements(sql) for name in statement.named_parameters}
    if names:
        what = f"the SQL names the parameter {', '.join(sorted(names))}"
        raise SourceError(Problem("SQL_MAPPING_FAILED", what, place, "write the value itself"))


def sql_failed(error: duckdb.Error, place: str) -> SourceError:
    """DuckDB's refusal of a mapping's SQL, as a finding about the table."""
    what = " ".join(line.strip() for line in str(error).splitlines() if line.strip())[:600]
    remedy = "correct the SQL; values that may not parse are read with try_cast, or left as text for landing to judge"
    return SourceError(Problem("SQL_MAPPING_FAILED", f"DuckDB refused the mapping's SQL: {what}", place, remedy))


def source_columns(work: TypedPass) -> dict[str, str | None]:
    """Contract column -> the delivered column it is read from, or None (a constant, or an optional one that is absent).

    Raises SourceError with every missing column at once.
    """
    places: dict[str, str | None] = {}
    problems: list[Problem] = []
    for column in work.contract.columns:
        if column.name in work.mapping.constants:
            places[column.name] = None
            continue
        if column.name in work.words.sources:
            places[column.name] = work.words.sources[column.name]
            continue
        named = work.mapping.columns.get(column.name)
        theirs = named if isinstance(named, str) else None
        wanted = theirs or column.name
        places[column.name] = found(wanted, work.delivered.columns)
        if places[column.name] is not None:
            continue
        if same := namesakes(wanted, work.delivered.columns):
            problems.append(_ambiguous(work, column, wanted, same))
        elif theirs is not None or column.required:
            problems.append(_missing(work, column, wanted))
            places[column.name] = theirs
    loose = work.contract.at_least_one_of
    if loose and all(places[name] is None and name not in work.mapping.constants for name in loose):
        problems.append(_missing(work, work.contract.column(loose[0]), loose[0]))
    if problems and len(work.delivered.columns) == 1 and len(problems) > 1:
        (only,) = work.delivered.columns
        raise SourceError(_header_mismatch(work, only))
    if problems:
        raise SourceError(*problems)
    return places


def _ambiguous(work: TypedPass, column: Column, theirs: str, same: Sequence[str]) -> Problem:
    what = (
        f"the header has '{theirs}' for {work.contract.name}.{column.name} {len(same)} times; the table was not loaded, what "
        "it had stays"
    )
    hint = f"name the one that is meant: {', '.join(repr(each) for each in same)}"
    place = f"{', '.join(work.delivered.names)} ({work.delivered.place}.columns)"
    return Problem("SCHEMA_DUP_COLUMN", what, place, hint)


def _missing(work: TypedPass, column: Column, theirs: str) -> Problem:
    hint = f"{nearest(theirs, work.delivered.columns)}; {filled_by(column.name)}"
    what = (
        f"the column '{theirs}' for {work.contract.name}.{column.name} is not delivered; the table was not "
        f"loaded, what it had stays"
    )
    return Problem(
        "SCHEMA_MISSING_COLUMN", what, f"{some(work.delivered.names)} ({work.delivered.place}.columns)", hint
    )


def _header_mismatch(work: TypedPass, header: str) -> Problem:
    guess = max(";,\t|", key=header.count)
    hint = (
        f"the header looks as if separated by {guess!r}; declare it as `delimiter`"
        if guess in header
        else "correct `delimiter` or `header_row`"
    )
    what = f"the header is one column only: {header[:120]!a}; the table was not loaded, what it had stays"
    return Problem("HEADER_MISMATCH", what, some(work.delivered.names), hint)


def typed_sql(work: TypedPass, places: Mapping[str, str | None]) -> tuple[str, dict[str, str]]:
    """(the statement that makes `records`, the columns left out of it: they are the same in every row). A person is in
    it as delivered."""
    columns = work.contract.columns
    delivered = work.delivered
    is_placed = delivered.in_order is None
    texts, values, reasons, finals = [], [], [], []
    constants = {}
    shown_values, rounded = [], []
    numbers = {column.name: position for position, column in enumerate(columns)}
    for position, column in enumerate(columns):
        theirs = places[column.name]
        text, read = column_sql(work, column, position, theirs)
        is_same = theirs is None
        if theirs is None and column.time_of is not None and column.name not in work.mapping.constants:
            known, is_same = _time_known(work, column.time_of, places)
            read = replace(read, value=known)
        texts.extend(text)
        values.append(f"{read.value} as v{position}")
        fault = work.words.faults.get(column.name)
        reasons.append(f"{read.reason if fault is None else f'coalesce({fault}, {read.reason})'} as f{position}")
        if theirs is not None and column.costs_the_row and column.may_be_shown:
            is_shown = f"f{position} is not null"
            if work.contract.has_personal_columns and column.type != "string":
                # Where columns are shifted, a name stands where a number is due.
                is_shown += f" and not regexp_matches(t{position}::varchar, '\\pL{{4,}}')"
            shown_values.append(f"when {is_shown} then t{position}::varchar")
        if theirs is not None and work.grammar.round and column.is_number and _kind(work, column, theirs) == "VARCHAR":
            is_more = is_rounded(column, f"t{position}", work.grammar)
            rounded.append(f"case when v{position} is not null and {is_more} then {literal(column.load_name)} end")
        if is_same and not is_placed and not column.personal:
            constants[column.load_name] = f"case when ({read.reason}) is null then {read.value} end"
        else:
            needed = [f"f{position} is null"] if read.is_limited or fault is not None else []
            # An amount in nobody knows which unit is not known either.
            unit = numbers.get(column.unit or "")
            needed += [f"f{unit} is null"] if unit is not None and not columns[unit].costs_the_row else []
            final = f"case when {' and '.join(needed)} then v{position} end" if needed else f"v{position}"
            finals.append(f"{final} as {identifier(column.load_name)}")
    own = [NAME, LINE, FILE, ROW] if is_placed else []
    # Under names of our own: the delivery's could be those of a step.
    carried = [f"{identifier(name)} as r{position}" for position, name in enumerate(delivered.raw_columns)]
    raw = _joined(delivered, [f"r{position}" for position in range(len(carried))])
    either = [position for position, column in enumerate(columns) if column.load_name in work.contract.at_least_one_of]
    if either:
        empty = " and ".join(f"(v{p} is null or f{p} is not null)" for p in either)
        # A value that cannot be read is a better reason than that it is missing.
        why = ", ".join(f"f{p} || {literal(':' + columns[p].load_name)}" for p in either)
        missing = literal("NULL_REQUIRED:" + columns[either[0]].load_name)
        reasons.append(f"case when {empty} then coalesce({why}, {missing}) end as either")
    labelled = {
        f"f{position}": f"f{position} || {literal(':' + column.load_name)}" for position, column in enumerate(columns)
    }
    costly = {flag: labelled[flag] for flag, column in zip(labelled, columns, strict=True) if column.costs_the_row}
    costly |= {"either": "either"} if either else {}
    spared = {flag: text for flag, text in labelled.items() if flag not in costly}
    carried += [f"{fault} as {fault}" for fault in work.words.faults.values() if fault not in own]
    if work.words.unread is not None:
        carried.append(f"{work.words.unread} as unread")
        costly = {"unread": "unread", **costly}
    fine = " and ".join(f"{flag} is null" for flag in costly) or "true"
    readable = " and ".join(f"{flag} is null" for flag in spared) or "true"
    # Whoever corrects the row wants to know of all of it, first of what cost it; what `either` says is not said again.
    spared |= {f"f{p}": f"case when either is null then {spared[f'f{p}']} end" for p in either if f"f{p}" in spared}
    joined = ", ".join((costly | spared).values())
    unreadable = ", ".join(
        f"case when f{position} is not null then {{'column_name': {literal(column.load_name)}, 'reason': f{position}, "
        f"'raw_value': {_delivered_text(work, column, position, places[column.name])}}} end"
        for position, column in enumerate(columns)
        if not column.costs_the_row
    )
    shown = [f"{NAME} as file_name", f"{LINE} as line_number", FILE, ROW] if is_placed else []
    rejected = f"case when {fine} then null {' '.join(shown_values)} end" if shown_values else "null::varchar"
    notes = [f"{rejected} as {VALUE}"]
    if work.grammar.round:
        notes.append(f"concat_ws(',', {', '.join(rounded) or 'null::varchar'}) as {ROUNDED}")
    made, last = steps(delivered, work.words)
    together = ",\n".join(made)
    statement = f"""create temp table records as
with {together},
kept as ({kept_sql(work.words, last)}),
trimmed as (select {", ".join([*own, *dict.fromkeys(carried), *texts])} from kept),
parsed as (select *, {", ".join(values)} from trimmed),
judged as (select *, {", ".join(reasons)} from parsed)
select {", ".join([*shown, *finals])},
    case when {fine} then null else concat_ws(', ', {joined}) end as _kw_reasons,
    case when {fine} then null else {raw} end as _kw_raw,
    {", ".join(notes)},
    case when {readable} then null else list_filter([{unreadable}], lambda cell: cell is not null) end::{UNREADABLE}
        as _kw_unreadable
from judged"""
    return statement, constants


def _time_known(work: TypedPass, moment: str, places: Mapping[str, str | None]) -> tuple[str, bool]:
    """(whether the time of the column `moment` was delivered, whether that is the same in every row)."""
    theirs = places[moment]
    if theirs is None:
        return "null::boolean", True
    position = [column.name for column in work.contract.columns].index(moment)
    known = time_is_known(_kind(work, work.contract.columns[position], theirs), f"t{position}", work.grammar)
    return known, known in ("true", "false")


def _kind(work: TypedPass, column: Column, theirs: str) -> str:
    """The DuckDB type of what `column` is read from."""
    return work.words.kinds[theirs] if column.name in work.words.sources else work.delivered.columns[theirs]


def _delivered_text(work: TypedPass, column: Column, position: int, theirs: str | None) -> str:
    """The text a column was delivered as, of a record in `judged`; of a constant that of the configuration, of what a word of the mapping
    makes what it made."""
    if theirs is None:
        text = work.mapping.constants.get(column.name)
        return "null::varchar" if text is None else literal(text)
    if column.name in work.words.sources or theirs not in work.delivered.raw_columns:
        return f"t{position}::varchar"
    return f"r{work.delivered.raw_columns.index(theirs)}::varchar"


def column_sql(work: TypedPass, column: Column, position: int, theirs: str | None) -> tuple[list[str], Reading]:
    """(delivered value trimmed, typed value and reason) of one column; the second reads the first.

    A value the mapping translates is worked out in the first step and not parsed again in the second.
    """
    text, value_name = f"t{position}", f"v{position}"
    if theirs is None:
        value = canonical(column, work.mapping.constants.get(column.name), work.around)
        read = reading(column, "VARCHAR", "null::varchar", f"({value})", grammar=work.grammar, around=work.around)
        return [], replace(read, value=value)
    is_made = column.name in work.words.sources
    kind = _kind(work, column, theirs)
    grammar = work.words.grammars.get(column.name, work.grammar)
    facts = ANYTHING if is_made else work.delivered.facts
    delivered = identifier(theirs)
    pairs = work.mapping.values.get(column.name, {})
    shown = cleaned(delivered, kind, grammar, facts)
    # Values the mapping puts in are not of the files.
    around = work.around if pairs else replace(work.around, facts=facts)
    try:
        read = reading(column, kind, text, value_name, grammar=grammar, around=around)
    except UnsuitableTypeError as error:
        raise SourceError(
            Problem(
                "SCHEMA_TYPE",
                f"'{theirs}' for {work.contract.name}.{column.name}: {error}; the table was not loaded, what it had "
                f"stays",
                f"{some(work.delivered.names)} ({work.delivered.place})",
                "deliver it as decimal or text, or cast it in a SQL mapping",
            )
        ) from error
    if not pairs:
        return [f"{shown} as {text}"], read
    bare = f"{delivered}::varchar"
    known = f"coalesce({trimmed(bare) if facts.has_blank_edges else bare}, '')"
    alike = {spelling: code for spelling, code in distinct_codes(pairs).items() if spelling}
    hit = one_of(known, pairs)
    if alike:
        # Only what is not written as declared is compared without its case.
        hit = f"case when {hit} then true else {one_of(folded(known), alike)} end"
    ours = {their: canonical(column, value, work.around) for their, value in pairs.items()}
    cases = " ".join(f"when {literal(their)} then {value}" for their, value in ours.items())
    like = " ".join(f"when {literal(spelling)} then {ours[code]}" for spelling, code in alike.items())
    otherwise = f"else case {folded(known)} {like} end" if alike else ""
    steps = [
        f"case when {hit} then null else {shown} end as {text}",
        f"{hit} as h{position}",
        f"case {known} {cases} {otherwise} end as m{position}",
    ]
    return steps, replace(read, value=f"case when h{position} then m{position} else {read.value} end")


def raw_sql(delivered: Delivered) -> str:
    """The record as delivered, fields joined; the one text where personal columns stand as they came."""
    return _joined(delivered, [identifier(name) for name in delivered.raw_columns])


def _joined(delivered: Delivered, fields: Sequence[str]) -> str:
    texts = ", ".join(f"coalesce({field}::varchar, '')" for field in fields)
    return f"concat_ws({literal(delivered.raw_separator)}, {texts})"


def duplicate_reasons(connection: duckdb.DuckDBPyConnection, work: TypedPass) -> bool:
    """Make the tables `duplicates` (FILE, ROW, reason, raw) of rows that share a key and `conflicting_columns` (column_name: where some of
    them differ); False if there are none.

    Of rows that agree in every column one stays; rows that do not agree go all, whichever is right.
    """
    contract = work.contract
    if not contract.primary_key:
        return False
    keys = [identifier(name) for name in contract.primary_key]
    needed = [identifier(column.load_name) for column in contract.columns if column.key and column.required]
    present = " and ".join(f"{name} is not null" for name in needed)
    connection.execute(
        f"create temp table shared_keys as select {', '.join(keys)} from typed where {present} group by "
        f"{', '.join(keys)} having count(*) > 1"
    )
    if not _count(connection, "shared_keys"):
        return False
    values = ", ".join(f"{literal(column.load_name)}: {identifier(column.load_name)}" for column in contract.columns)
    partition = ", ".join(keys)
    same = " and ".join(f"t.{name} is not distinct from k.{name}" for name in keys)
    label = literal("+".join(contract.primary_key))
    connection.execute(f"""create temp table duplicates as
with candidates as (
    select t.*, {{{values}, '_kw_reasons': _kw_reasons, '_kw_unreadable': _kw_unreadable}}::varchar as content
    from typed t semi join shared_keys k on {same}
),
ranked as (
    select
        {FILE}, {ROW}, _kw_raw,
        min(content) over (partition by {partition}) = max(content) over (partition by {partition}) as is_same,
        row_number() over (partition by {partition} order by {FILE}, {ROW}) as number
    from candidates
),
judged as (
    select
        {FILE}, {ROW}, _kw_raw,
        case when not is_same then 'DUP_CONFLICT:' when number > 1 then 'DUP_EXACT:' end || {label} as reason
    from ranked
)
select judged.{FILE}, judged.{ROW}, judged.reason, coalesce(judged._kw_raw, delivered.raw) as raw
from judged left join (select {FILE}, {ROW}, {raw_sql(work.delivered)} as raw from ({work.delivered.sql})) as delivered
    on judged.{FILE} = delivered.{FILE} and judged.{ROW} = delivered.{ROW}
where judged.reason is not null""")
    differs = ", ".join(
        f"count(distinct {name}) + (count(*) > count({name}))::integer > 1 as {name}"
        for name in (identifier(column.load_name) for column in contract.columns if not column.key)
    )
    connection.execute(
        f"create temp table conflicting_columns as select column_name from (unpivot (select {differs} from typed t semi join "
        f"shared_keys k on {same} group by {', '.join(f't.{name}' for name in keys)}) on columns(*) into name column_name "
        f"value differs) where differs group by column_name order by column_name"
    )
    return _count(connection, "duplicates") > 0


def staged(connection: duckdb.DuckDBPyConnection, sql: str, place: str) -> dict[str, str]:
    """Run a mapping's SQL once into the table `staged`; column -> DuckDB type. Raises SourceError
    SQL_MAPPING_FAILED."""
    refuse_parameters(connection, sql, place)
    try:
        connection.execute(f"create temp table staged as select * from (\n{sql}\n) as mapped")
    except duckdb.Error as error:
        if isinstance(error, (duckdb.OutOfMemoryException, duckdb.InterruptException)):
            raise
        raise sql_failed(error, place) from error
    return described(connection, "select * from staged")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return 0 if row is None else int(row[0])
