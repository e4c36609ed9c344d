"""JSON lines -> records of text, each with its line number: one object per line, its keys are the columns.

Belongs here: lines, keys, how JSON's values are text in the declared grammar. Not here: what a column means.

Lines are cut in a vectorised pass over blocks of bytes; DuckDB takes the objects apart.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from pipelines import duck
from pipelines.errors import Problem, SourceError
from pipelines.quoting import literal, literals
from pipelines.settings.sources import JsonlFormat
from pipelines.sources.cells import UNCLEAR_NUMBER, unclear
from pipelines.sources.prepared import PreparedFile
from pipelines.sources.stream import streamed
from pipelines.sources.text import LF, LONGEST_RECORD

_BLOCK: Final = 4 << 20
_BLANK: Final = np.zeros(256, dtype=bool)
_BLANK[[9, 10, 13, 32]] = True
_LINES: Final = pa.schema([("line", pa.int64()), ("text", pa.string())])
_OBJECTS: Final = (
    "select line, text, case when kind = 'OBJECT' then len(json_keys(text)) = len(list_distinct(json_keys(text))) else false end "
    "as is_object from (select line, text, try(json_type(text)) as kind from jsonl_lines)"
)
"""An object that names a key twice is none: which of the two values is right?"""
_DEEPEST: Final = 20
_EXACT: Final = 15
"""So many significant digits of a decimal number a binary one keeps."""


def prepare_jsonl(
    source: Path, name: str, declared: JsonlFormat, target: Path, connection: duckdb.DuckDBPyConnection
) -> PreparedFile:
    """Describe the delivered file `source` (called `name`); its records are written to `target`, a Parquet file.

    Raises SourceError FILE_EMPTY, FILE_FORMAT, ENCODING, SIZE_LIMIT, SCHEMA_DUP_COLUMN, NUM_UNCLEAR, NUM_NOT_EXACT; the message
    names file and line.
    """
    if source.stat().st_size == 0:
        what = "the file holds 0 bytes; nothing of it was loaded"
        raise SourceError(Problem("FILE_EMPTY", what, name, "deliver the file again"))
    try:
        with streamed(connection, "jsonl_lines", _LINES, _lines(source, name)):
            connection.execute(f"create or replace temp table jsonl as {_OBJECTS}")
        return _prepared(connection, name, declared, target)
    finally:
        connection.execute("drop table if exists jsonl")


def _lines(source: Path, name: str) -> Iterator[pa.RecordBatch]:
    """Every line that is not blank, with its number."""
    left, line = b"", 1
    with source.open("rb") as file:
        offset = 0
        while True:
            block = file.read(_BLOCK)
            if offset == 0:
                _refuse_other_kinds(block, name)
                block = block.removeprefix(codecs.BOM_UTF8)
            offset += len(block)
            text = left + block
            if not block and text and not text.endswith(b"\n"):
                text += b"\n"
            cut = text.rfind(b"\n") + 1
            left = text[cut:]
            if len(left) > LONGEST_RECORD:
                what = f"a line is longer than {LONGEST_RECORD} bytes"
                raise SourceError(Problem("SIZE_LIMIT", what, f"{name}:{line}", "deliver one object per line"))
            if cut:
                yield _batch(text[:cut], name, line)
                line += text.count(b"\n", 0, cut)
            if not block:
                return


def _batch(text: bytes, name: str, first: int) -> pa.RecordBatch:
    """Whole lines, the first of number `first`, without those that are blank."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        where = f"{name}:{first + text.count(bytes([LF]), 0, error.start)}"
        what = f"byte 0x{text[error.start]:02x} is no utf-8 text; nothing of the file was loaded"
        raise SourceError(Problem("ENCODING", what, where, "export the file as UTF-8")) from error
    data = np.frombuffer(text, dtype=np.uint8)
    ends = np.flatnonzero(data == LF)
    starts = np.concatenate(([0], ends[:-1] + 1))
    is_filled = np.logical_or.reduceat(~_BLANK[data], starts)
    offsets = np.concatenate((starts, [len(text)])).astype(np.int32)
    texts = pa.StringArray.from_buffers(len(starts), pa.py_buffer(offsets.tobytes()), pa.py_buffer(text))
    lines = pa.array(np.arange(first, first + len(starts), dtype=np.int64))
    return pa.record_batch([lines, texts], schema=_LINES).filter(pa.array(is_filled))


def _refuse_other_kinds(block: bytes, name: str) -> None:
    start = block.removeprefix(codecs.BOM_UTF8).lstrip()
    if start[:1] == b"[":
        what, remedy = "the file is one JSON list, not an object per line", "export it as JSON lines (NDJSON)"
    elif start and start[:1] != b"{":
        what, remedy = "the file does not begin with a JSON object", "correct `format`, or deliver JSON lines"
    else:
        return
    raise SourceError(Problem("FILE_FORMAT", what, name, remedy))


def _prepared(connection: duckdb.DuckDBPyConnection, name: str, declared: JsonlFormat, target: Path) -> PreparedFile:
    counted = connection.execute("select count(*), count(*) filter (where not is_object) from jsonl").fetchone() or (
        0,
        0,
    )
    records, broken = int(counted[0]), int(counted[1])
    columns = _columns(connection, name) if records > broken else {}
    if not columns:
        what = "no line of the file is a JSON object" if broken else "the file holds blank lines only"
        code = "FILE_FORMAT" if broken else "FILE_EMPTY"
        raise SourceError(Problem(code, f"{what}; nothing of it was loaded", name, "deliver JSON lines"))
    _refuse_unclear(connection, name, declared, columns)
    paths = literals(columns.values())
    # Each object is taken apart twice, however many columns there are: a list tells texts from numbers by their quotes.
    taken = f"select line, json_extract(text, [{paths}]) as j, json_extract_string(text, [{paths}]) as s from jsonl where is_object"
    shown = [f"{_value(place + 1, declared)} as c{place}" for place in range(len(columns))]
    query = f"select line, {', '.join(shown)} from ({taken}) order by line"
    duck.write_parquet(connection, query, target)
    ragged_path = target.with_suffix(".ragged")
    if broken:
        ragged = "select line, rtrim(text, chr(10) || chr(13)) from jsonl where not is_object order by line"
        connection.execute(f"copy ({ragged}) to {literal(ragged_path)} (format csv, header false, force_quote *)")
        ragged_path.chmod(0o600)
    return PreparedFile(
        name=name,
        kind="copy",
        path=target,
        columns=tuple(columns),
        types=("VARCHAR",) * len(columns),
        records=records,
        ragged=broken,
        ragged_path=ragged_path if broken else None,
        ragged_reason="JSON_LINE",
    )


def _columns(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """Column -> where it is in an object (a JSON path): in the order of the first object, those that come later by name."""
    asked = (
        "select json_group_structure(text::json) from jsonl where is_object",
        "select json_structure(text::json) from jsonl where is_object order by line limit 1",
    )
    shapes = [json.loads(str(row[0])) for row in (connection.execute(sql).fetchone() for sql in asked) if row]
    # Of an object without keys DuckDB says that it may be anything.
    structure, first = (shape if isinstance(shape, dict) else {} for shape in shapes)
    structure = {key: structure[key] for key in (*first, *sorted(structure.keys() - first.keys()))}
    found: dict[str, str] = {}
    seen: dict[str, str] = {}
    for keys in _leaves(structure, ()):
        column = ".".join(keys)
        if column.lower() in seen:
            what = f"the keys '{seen[column.lower()]}' and '{column}' have the same name"
            raise SourceError(Problem("SCHEMA_DUP_COLUMN", what, name, "give every key its own name"))
        seen[column.lower()] = column
        found[column] = "$" + "".join(f".{json.dumps(key, ensure_ascii=False)}" for key in keys)
    return found


def _leaves(structure: object, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The keys that lead to a value. What is an object in every line is taken apart, anything else is one value."""
    if isinstance(structure, dict) and structure and len(above) < _DEEPEST:
        for key, below in structure.items():
            yield from _leaves(below, (*above, key))
    elif above:
        yield above


def _value(place: int, declared: JsonlFormat) -> str:
    """The value at a place of the lists `j` (JSON) and `s` (its text) as text in the declared grammar."""
    text = f"s[{place}]"
    number = _number(text)
    if declared.as_text.decimal != ".":
        number = f"replace({number}, '.', {literal(declared.as_text.decimal)})"
    true, false = (
        literal(tokens[0] if tokens else plain)
        for tokens, plain in ((declared.true, "true"), (declared.false, "false"))
    )
    return (
        f"case left(j[{place}]::varchar, 1) when '\"' then {text} when '[' then {text} when '{{' then {text} when 'n' then null "
        f"when 't' then {true} when 'f' then {false} else {number} end"
    )


def _number(text: str) -> str:
    """A number that is no whole one as a plain decimal, without the noise of a binary one. DuckDB shows it with a point."""
    value = f"try_cast({text} as double)"
    small = f"rtrim(rtrim(format('{{:.20f}}', {value}), '0'), '.')"
    long = (
        f"case when abs({value}) >= 1e{_EXACT} then format('{{:.0f}}', {value}) when abs({value}) < 1e-4 then {small} "
        f"else format('{{:.{_EXACT}g}}', {value}) end"
    )
    short = f"case when suffix({text}, '.0') then {text}[:-3] else {text} end"
    return (
        f"case when regexp_full_match({text}, '-?[0-9]+') then {text} "
        f"when length({text}) <= {_EXACT} and not contains({text}, 'e') then {short} else {long} end"
    )


def _refuse_unclear(
    connection: duckdb.DuckDBPyConnection, name: str, declared: JsonlFormat, columns: dict[str, str]
) -> None:
    """Raise for a text that may be one number or a thousand times that, and for a number JSON's readers do not hold."""
    if not declared.is_sign_said:
        shape = f"[ \t]*{UNCLEAR_NUMBER}[ \t]*"
        is_it = f"kind = 'VARCHAR' and regexp_full_match(value, {literal(shape)})"
        found = _first(connection, f'"{shape}"', is_it, columns)
        if found is not None:
            raise unclear(found[2], f"{name}:{found[0]} ({found[1]})")
    digits = "length(rtrim(regexp_replace(value, '^-?[0.]+|[-.]|e.*$', '', 'g'), '0'))"
    # A whole number is kept as it is, however long.
    large = "not regexp_full_match(value, '-?[0-9]+') and abs(try_cast(value as double)) >= 1e13"
    is_it = f"kind = 'DOUBLE' and {large} and {digits} > {_EXACT}"
    found = _first(connection, "[0-9]{14}", is_it, columns)
    if found is not None:
        what = (
            f"the number {found[2]} has more digits than a JSON number is sure to keep; nothing of the file was loaded"
        )
        remedy = "deliver such numbers as text, in quotes"
        raise SourceError(Problem("NUM_NOT_EXACT", what, f"{name}:{found[0]} ({found[1]})", remedy))


def _first(
    connection: duckdb.DuckDBPyConnection, candidates: str, condition: str, columns: dict[str, str]
) -> tuple[int, str, str] | None:
    """(line, column, text) of the first value that meets `condition` (on its JSON `kind` and its text `value`), looked for in the
    lines that match `candidates`: they are few."""
    values = " union all ".join(
        f"select line, {number} as number, {literal(column)} as name, json_type(text, {literal(path)}) as kind, "
        f"json_extract_string(text, {literal(path)}) as value from candidates"
        for number, (column, path) in enumerate(columns.items())
    )
    lines = f"select line, text from jsonl where is_object and regexp_matches(text, {literal(candidates)})"
    row = connection.execute(
        f"with candidates as materialized ({lines}) "
        f"select line, name, value from ({values}) where {condition} order by line, number limit 1"
    ).fetchone()
    return None if row is None else (int(row[0]), str(row[1]), str(row[2]))
