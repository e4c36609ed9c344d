"""A look at delivered files: what belongs together, what each column holds, which signs its numbers and dates are written with.

Belongs here: files -> sources with their columns, in tables of an in-memory database that the proposal asks further. Not here: how a
text file is written (written), what a column is for us (propose).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
from pydantic import TypeAdapter, ValidationError

from pipelines.errors import Problem, SourceError
from pipelines.onboarding import names
from pipelines.onboarding.written import Written, kind_of, written
from pipelines.quoting import identifier, literal
from pipelines.settings.sources import Format
from pipelines.sources import FILE, LINE, NAME, prepare, relation_sql
from pipelines.sources.beginning import beginning

ROWS_LOOKED_AT: Final = 600_000
"""Of a source; values are judged by the first of them."""
VALUES_LOOKED_AT: Final = 20_000
MOST: Final = 0.98
"""The share of values that must look like a kind: a few cells are always wrong."""

Kind = Literal["number", "date", "timestamp", "boolean", "text", "empty"]

DATES: Final[Mapping[str, str]] = {
    "dd.mm.yyyy": r"^[0-3][0-9][.][01][0-9][.][0-9]{4}$",
    "d.m.yyyy": r"^[0-3]?[0-9][.][01]?[0-9][.][0-9]{4}$",
    "dd.mm.yy": r"^[0-3][0-9][.][01][0-9][.][0-9]{2}$",
    "yyyy-mm-dd": r"^[0-9]{4}-[01][0-9]-[0-3][0-9]$",
    "yyyy/mm/dd": r"^[0-9]{4}/[01][0-9]/[0-3][0-9]$",
    "yyyymmdd": r"^(19|20)[0-9]{2}[01][0-9][0-3][0-9]$",
    "dd/mm/yyyy": r"^[0-9]{2}/[0-9]{2}/[0-9]{4}$",
    "d/m/yyyy": r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$",
    "dd-mm-yyyy": r"^[0-3][0-9]-[01][0-9]-[0-9]{4}$",
}
"""Pattern as declared -> how it looks, the strictest first. Those with / say the day or the month first: the values tell, or nobody."""

TIMES: Final[Mapping[str, str]] = {
    " hh:mm:ss": r" [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$",
    " hh:mm": r" [0-2][0-9]:[0-5][0-9]$",
    "Thh:mm:ss": r"T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$",
    "Thh:mm:ssz": r"T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](Z|[+-][0-9]{2}:?[0-9]{2})$",
    "Thh:mm:ss.fz": r"T[0-2][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+(Z|[+-][0-9]{2}:?[0-9]{2})$",
    " h:mm AM": r" [0-1]?[0-9]:[0-5][0-9] [AaPp][Mm]$",
}

_SIGNS: Final = r"^(€|EUR|\$|USD|£|GBP|CHF) ?| ?(€|EUR|\$|USD|£|GBP|CHF)$"
CURRENCY_SIGNS: Final[Mapping[str, str]] = {
    "€": "EUR",
    "EUR": "EUR",
    "£": "GBP",
    "GBP": "GBP",
    "CHF": "CHF",
    "USD": "USD",
}
_NUMBERS: Final[Mapping[str, str]] = {
    "whole": r"^-?(0|[1-9][0-9]*)-?$",
    "comma": r"^-?[0-9]+,[0-9]+-?$",
    "point": r"^-?[0-9]+[.][0-9]+-?$",
    "comma3": r"^-?[1-9][0-9]{0,2},[0-9]{3}-?$",
    "point3": r"^-?[1-9][0-9]{0,2}[.][0-9]{3}-?$",
    "point_comma": r"^-?[0-9]{1,3}([.][0-9]{3})+,[0-9]+-?$",
    "comma_point": r"^-?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+-?$",
    "points": r"^-?[0-9]{1,3}([.][0-9]{3}){2,}-?$",
    "commas": r"^-?[0-9]{1,3}(,[0-9]{3}){2,}-?$",
    "spaced": "^-?[0-9]{1,3}([ '\u2019\u00a0\u202f][0-9]{3})+([.,][0-9]+)?-?$",
}
"""Looks of a number, currency signs cut off."""
_LIKE_A_NUMBER: Final = (
    "whole",
    "comma",
    "point",
    "point_comma",
    "comma_point",
    "points",
    "commas",
    "spaced",
)


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """What a delivered column holds, as far as it was looked at."""

    name: str
    kind: Kind
    filled: int
    distinct: int
    pattern: str | None = None
    """Of a date or timestamp: how it is written."""
    negatives: int = 0
    is_whole: bool = False
    trailing_zero: bool = False
    """Whole numbers that a spreadsheet wrote with a decimal place: 17850.0."""
    unsure: int = 0
    """Values that do not look like the kind."""
    examples: tuple[str, ...] = ()

    @property
    def is_money(self) -> bool:
        """Numbers that may be amounts: with decimal places, or large."""
        return self.kind == "number"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the files do not tell. `answers` may be given; `likely` is proposed to a person, and never taken without one."""

    key: str
    question: str
    answers: tuple[str, ...]
    likely: str | None


@dataclass(slots=True)
class Source:
    """Files that are one delivery, or a table of a database. `table` is where its rows are in the connection."""

    name: str
    path: str
    files: tuple[Path, ...]
    format: dict[str, Any]
    columns: tuple[ColumnLook, ...]
    rows: int
    is_all: bool
    language: str
    table: str
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    currency: str | None = None
    is_ascii: bool = False
    """Its encoding does not show: no letter in it has another byte elsewhere."""
    database: str | None = None
    """Of a table of a database (`path` is its name): the environment variable with the connection string."""
    keys: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Of such a table: column -> (the source it leads to, the column there), as its foreign keys say."""

    @property
    def stem(self) -> str:
        """What it is called: a file without its ending, a table without its schema."""
        last = self.path.rpartition("/")[2]
        return last.rpartition(".")[2 if self.database else 0]

    def column(self, name: str) -> ColumnLook:
        """The column of that name."""
        return next(each for each in self.columns if each.name == name)


@dataclass(frozen=True, slots=True)
class Look:
    """All sources, and the files that could not be read, with the reason."""

    root: Path
    sources: tuple[Source, ...]
    unread: tuple[tuple[Path, Problem], ...]


def look(paths: Sequence[Path], connection: duckdb.DuckDBPyConnection, work: Path, answers: Mapping[str, str]) -> Look:
    """Look at the files at and below `paths`. Raises SourceError NOTHING_FOUND where there is none that can be read."""
    files = tuple(_files(paths))
    if not files:
        where = ", ".join(str(path) for path in paths)
        raise SourceError(Problem("NOTHING_FOUND", "there is no file to look at", where, "name files or directories"))
    root = _root(files)
    groups: dict[tuple[Any, ...], list[tuple[Path, dict[str, Any], Written | None]]] = {}
    unread: list[tuple[Path, Problem]] = []
    for path in files:
        seen = _seen(path)
        if isinstance(seen, Problem):
            unread.append((path, seen))
            continue
        declared, facts = seen
        key = (path.parent, path.suffix, tuple(sorted(declared.items())), None if facts is None else facts.header)
        groups.setdefault(key if facts is not None else (path,), []).append((path, declared, facts))
    sources: list[Source] = []
    taken: set[str] = set()
    for members in groups.values():
        for part in _together(members):
            own = [path for path, _, _ in part]
            name = _name(own, taken)
            try:
                source = _source(name, root, part, connection, work, answers)
                source.path = _path(root, own, [path for path in files if path not in own])
                sources.append(source)
            except SourceError as error:
                taken.discard(name)
                unread.append((part[0][0], error.problems[0]))
    if not sources:
        raise SourceError(*(problem for _, problem in unread))
    return Look(root, tuple(sources), tuple(unread))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for each in found:
            hidden = any(part.startswith((".", "~$", "_")) for part in each.relative_to(path.parent).parts)
            is_data = each.suffix.lower() not in (".yml", ".yaml", ".md", ".html", ".json", ".pdf", ".py", ".sql")
            if each.is_file() and (not path.is_dir() or (not hidden and is_data)):
                yield each.resolve()


def _root(files: Sequence[Path]) -> Path:
    parents = [{path.parent, *path.parent.parents} for path in files]
    return max(set.intersection(*parents), key=lambda path: len(path.parts))


def _seen(path: Path) -> tuple[dict[str, Any], Written | None] | Problem:
    """(what is declared of the file's kind, how a text is written), or why it cannot be read."""
    kind = kind_of(path)
    if kind == "empty":
        return Problem("FILE_EMPTY", "the file holds 0 bytes", path.name, "deliver the file again")
    if kind == "csv":
        facts = written(path)
        if facts is None:
            what = "no table is seen in the text: no sign separates the same number of fields in most lines"
            return Problem("HEADER_MISMATCH", what, path.name, "export it with a header row and a delimiter such as ;")
        declared: dict[str, Any] = {"kind": "csv", "delimiter": facts.delimiter, "encoding": facts.encoding}
        if facts.header_row > 1:
            declared["header_row"] = facts.header_row
        if facts.footer:
            declared["skip_footer_matching"] = facts.footer
        return declared, facts
    if kind not in _kinds():
        what = f"the file is a kind that cannot be looked at: {kind}"
        return Problem("FILE_FORMAT", what, path.name, "export it as CSV or Parquet")
    return {"kind": kind}, None


def _kinds() -> set[str]:
    """The kinds of files the readers know."""
    found = set()
    for kind in ("csv", "parquet", "excel", "jsonl"):
        try:
            TypeAdapter(Format).validate_python({"kind": kind})
        except ValidationError as error:
            if any(details["type"] == "union_tag_invalid" for details in error.errors()):
                continue
        found.add(kind)
    return found


def _together(
    members: list[tuple[Path, dict[str, Any], Written | None]],
) -> list[list[tuple[Path, dict[str, Any], Written | None]]]:
    """Files of one header that are parts of one delivery: their names are the same but for a date or a number."""
    by_stem: dict[str, list[tuple[Path, dict[str, Any], Written | None]]] = {}
    for member in members:
        by_stem.setdefault(re.sub(r"[0-9]+([-_.][0-9]+)*", "#", member[0].stem), []).append(member)
    return list(by_stem.values())


def _name(paths: Sequence[Path], taken: set[str]) -> str:
    """A name for the source, from its files' names or, where these are dates only, its directory's."""
    stem = re.sub(r"[0-9]+", "", paths[0].stem) if len(paths) > 1 else paths[0].stem
    for text in (stem, paths[0].parent.name, "file"):
        plain = "_".join(filter(None, (names.plain(part) for part in re.split(r"[^\w]|_", text)))).replace("%", "")
        plain = re.sub(r"^[0-9_]+", "", plain)
        if plain:
            break
    name, number = plain[:50], 2
    while name in taken:
        name, number = f"{plain[:50]}_{number}", number + 1
    taken.add(name)
    return name


def _path(root: Path, paths: Sequence[Path], others: Sequence[Path]) -> str:
    """The path below root that stands for these files and for none of the others: the widest such pattern."""
    relative = [path.relative_to(root).as_posix() for path in paths]
    if len(relative) == 1:
        return relative[0]
    directory, _, _ = relative[0].rpartition("/")
    own = [each.rpartition("/")[2] for each in relative]
    head, tail = _common(own), _common([each[::-1] for each in own])[::-1]
    wide = f"{head.rstrip('0123456789-_.')}*{tail.lstrip('0123456789-_')}"
    below = [path.name for path in others if path.parent == root / directory]
    pattern = wide if not any(fnmatchcase(name, wide) for name in below) else f"{head}*{tail}"
    return f"{directory}/{pattern}" if directory else pattern


def _common(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    length = next((n for n, sign in enumerate(first) if n >= len(last) or sign != last[n]), len(first))
    return first[:length]


def _source(
    name: str,
    root: Path,
    members: Sequence[tuple[Path, dict[str, Any], Written | None]],
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    answers: Mapping[str, str],
) -> Source:
    paths = [path for path, _, _ in members]
    declared, facts = dict(members[0][1]), members[0][2]
    table = f"source {name}"
    rows, is_all = _load(connection, table, members, work / name)
    columns = [str(row[0]) for row in connection.execute(f"describe {identifier(table)}").fetchall()]
    types = [str(row[1]) for row in connection.execute(f"describe {identifier(table)}").fetchall()]
    own = [(column, kind) for column, kind in zip(columns, types, strict=True) if column not in (NAME, LINE, FILE)]
    source = Source(
        name=name,
        path=paths[0].relative_to(root).as_posix(),
        files=tuple(paths),
        format=declared,
        columns=(),
        rows=rows,
        is_all=is_all,
        language=names.languages_of(iter(column for column, _ in own)),
        table=table,
        notes=[] if facts is None else list(facts.doubts),
        is_ascii=facts is not None and facts.is_ascii,
    )
    counts = {column: counted(connection, table, column, kind) for column, kind in own}
    if declared["kind"] != "parquet":
        _signs(source, counts, answers)
        _days(source, counts, answers)
    source.columns = tuple(looked(column, counts[column], source.format) for column, _ in own)
    return source


def _load(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    members: Sequence[tuple[Path, dict[str, Any], Written | None]],
    work: Path,
) -> tuple[int, bool]:
    """Put the first rows of the files into a table; (rows, whether these are all)."""
    work.mkdir(parents=True)
    prepared, rows, is_all = [], 0, True
    # The last file beside the first ones: it says how far the days go.
    order = [0, len(members) - 1, *range(1, len(members) - 1)] if len(members) > 1 else [0]
    for number in order:
        path, declared, _ = members[number]
        if rows >= ROWS_LOOKED_AT:
            is_all = False
            break
        target = work / f"{number}{path.suffix}"
        form = _declared(declared)
        is_all = not beginning(path, form, ROWS_LOOKED_AT - rows, target) and is_all
        read = prepare(target, path.name, form, work / f"{number}.prepared", connection)
        rows += read.records
        prepared.append(read)
    connection.execute(f"create table {identifier(table)} as select * from ({relation_sql(prepared)})")
    return rows, is_all


def _declared(declared: Mapping[str, Any]) -> Any:
    """A format to read by: signs and dates do not matter to a reader of texts."""
    said = dict(declared)
    if said["kind"] == "csv":
        said |= {"decimal": ".", "date": "yyyy-mm-dd", "timestamp": "yyyy-mm-dd hh:mm:ss"}
    return TypeAdapter(Format).validate_python(said)


# --- what a column holds ---------------------------------------------------------------------------------------------


def counted(connection: duckdb.DuckDBPyConnection, table: str, column: str, kind: str) -> dict[str, Any]:
    """How many rows and values there are, and how many of the values look like what."""
    name = identifier(column)
    if kind != "VARCHAR":
        row = connection.execute(f"select count({name}), count(distinct {name}) from {identifier(table)}").fetchone()
        return {"type": kind, "filled": row[0] if row else 0, "distinct": row[1] if row else 0}
    looks = {
        **{f"n_{key}": f"regexp_matches(n, {literal(regex)})" for key, regex in _NUMBERS.items()},
        **{f"d_{key}": f"regexp_matches(v, {literal(regex)})" for key, regex in DATES.items()},
        **{
            f"t_{day}{time}": f"regexp_matches(v, {literal(regex[:-1] + time_regex)})"
            for day, regex in DATES.items()
            for time, time_regex in TIMES.items()
        },
        "signed": f"regexp_matches(v, {literal(_SIGNS)})",
        "zeros": "regexp_matches(v, '^0[0-9]+$')",
        "tail0": "regexp_matches(v, '^[0-9]+[.]0$')",
        "negative": "regexp_matches(n, '^-|-$')",
        "trailing": "regexp_matches(n, '^[0-9].*-$')",
        "flag": "lower(v) in ('true','false','ja','nein','yes','no','j','n','y','0','1','x')",
        "first_part_big": "try_cast(regexp_extract(v, '^([0-9]+)/', 1) as integer) > 12",
        "second_part_big": "try_cast(regexp_extract(v, '^[0-9]+/([0-9]+)/', 1) as integer) > 12",
    }
    trimmed = f"select nullif(trim({name}, ' \t\u00a0'), '') as v from {identifier(table)}"
    any_value = connection.execute(f"select v from ({trimmed}) where v is not null limit 1").fetchone()
    if any_value is None:
        # Most columns of a wide export are empty, and the looks below are dear.
        nothing = {"type": "VARCHAR", "filled": 0, "distinct": 0, "values": 0, "examples": (), "signs": []}
        return {**nothing, **dict.fromkeys(looks, 0)}
    counts = ", ".join(f"count(*) filter ({condition})" for condition in looks.values())
    row = connection.execute(
        f"with trimmed as ({trimmed}), "
        f"vals as (select distinct v from trimmed where v is not null limit {VALUES_LOOKED_AT}), "
        f"numbers as (select v, regexp_replace(v, {literal(_SIGNS)}, '', 'g') as n from vals) "
        f"select (select count(v) from trimmed), (select count(distinct v) from trimmed), count(*), "
        f"list_slice(list_sort(list(v)), 1, 3), list(distinct regexp_extract(v, '(€|EUR|USD|£|GBP|CHF)', 1)), {counts} from numbers"
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate
    seen = dict(zip(looks, row[5:], strict=True))
    return {
        "type": "VARCHAR",
        "filled": row[0],
        "distinct": row[1],
        "values": row[2],
        "examples": tuple(row[3] or ()),
        "signs": sorted(filter(None, row[4] or ())),
        **seen,
    }


def _is_number(count: Mapping[str, Any]) -> bool:
    """Whether a text column holds numbers to calculate with: leading zeros are of an id."""
    if not count.get("values") or count["zeros"]:
        return False
    like = sum(count[f"n_{key}"] for key in _LIKE_A_NUMBER)
    return bool(like >= MOST * count["values"])


def _day_pattern(count: Mapping[str, Any]) -> str | None:
    """How the days or moments of a text column are written."""
    if not count.get("values"):
        return None
    for prefix in ("d_", "t_"):
        for key, seen in count.items():
            if key.startswith(prefix) and seen >= MOST * count["values"]:
                return key.removeprefix(prefix)
    return None


def _signs(source: Source, counts: Mapping[str, Mapping[str, Any]], answers: Mapping[str, str]) -> None:
    """Decimal and thousands sign of the file, by the values that tell."""
    of_numbers = [
        count for count in counts.values() if count.get("values") and _is_number(count) and not count["tail0"]
    ]

    def total(*keys: str) -> int:
        return sum(int(count[f"n_{key}"]) for count in of_numbers for key in keys)

    comma = total("comma") - total("comma3") + total("point_comma") + total("points")
    point = total("point") - total("point3") + total("comma_point") + total("commas")
    open_values = total("comma3", "point3")
    key = f"decimal.{source.name}"
    if key in answers:
        decimal = answers[key].replace("comma", ",").replace("point", ".")
    elif comma and not point:
        decimal = ","
    elif point and not comma:
        decimal = "."
    elif comma and point:
        decimal = "," if comma > point else "."
        source.notes.append(
            f"numbers are written in two ways: {comma} values with a decimal comma, {point} with a point"
        )
    elif open_values:
        decimal = ""
        example = (
            next(
                value
                for count in of_numbers
                for value in count["examples"]
                if re.fullmatch(r"-?\d{1,3}[.,]\d{3}", value)
            )
            if any(re.fullmatch(r"-?\d{1,3}[.,]\d{3}", v) for c in of_numbers for v in c["examples"])
            else "1.234"
        )
        likely = "comma" if source.language == "de" else "point"
        source.doubts.append(
            Doubt(
                key,
                f"{source.path}: which is the decimal sign? {example} may be one or a thousand of it",
                ("comma", "point"),
                likely,
            )
        )
    else:
        decimal = "," if source.language == "de" else "."
    source.format["decimal"] = decimal or None
    if decimal == "," and total("point_comma", "points", "point3"):
        source.format["thousands"] = "."
    elif decimal == "." and total("comma_point", "commas", "comma3"):
        source.format["thousands"] = ","
    if total("spaced") and decimal:
        source.format["thousands"] = _spacing(of_numbers) or "space"
    if any(count["trailing"] for count in of_numbers):
        source.format["trailing_minus"] = True
    if signs := sorted({sign for count in of_numbers if count["signed"] for sign in count["signs"]}):
        source.format["strip"] = signs
        codes = {CURRENCY_SIGNS[sign] for sign in signs if sign in CURRENCY_SIGNS}
        source.currency = codes.pop() if len(codes) == 1 else None


_SPACES: Final[Mapping[str, str]] = {
    "'": "'",
    "\u2019": "\u2019",
    "\u00a0": "nbsp",
    "\u202f": "narrow-nbsp",
    " ": "space",
}
"""Sign between groups of digits -> as declared."""


def _spacing(counts: Sequence[Mapping[str, Any]]) -> str | None:
    examples = "".join(value for count in counts for value in count["examples"])
    return next((word for sign, word in _SPACES.items() if sign in examples), None)


def _days(source: Source, counts: Mapping[str, Mapping[str, Any]], answers: Mapping[str, str]) -> None:
    """Date and timestamp pattern of the file: one of each, the most frequent."""
    patterns = {column: pattern for column, count in counts.items() if (pattern := _day_pattern(count))}
    # An eight-digit number is a day only where nothing else is.
    named = {
        column: pattern for column, pattern in patterns.items() if pattern != "yyyymmdd" or _sounds_like_a_day(column)
    }
    days = Counter(pattern for pattern in named.values() if pattern in DATES)
    times = Counter(pattern for pattern in named.values() if pattern not in DATES)
    day = days.most_common(1)[0][0] if days else None
    time = times.most_common(1)[0][0] if times else None
    both = [pattern for pattern in (day, time) if pattern and "/" in pattern and not pattern.startswith("yyyy")]
    if both:
        american = _is_american(source, [counts[column] for column in named], answers)
        day, time = (_turned(pattern, american) for pattern in (day, time))
    default = "dd.mm.yyyy" if source.language == "de" else "yyyy-mm-dd"
    source.format["date"] = day or (re.split("[ T]", time)[0] if time else default)
    source.format["timestamp"] = time or f"{source.format['date']} hh:mm:ss"
    if both and american is None:
        source.format["date"] = source.format["timestamp"] = None
    for column, pattern in named.items():
        kind, chosen = ("date", day) if pattern in DATES else ("timestamp", time)
        if _turned(pattern, american if both else False) != chosen:
            source.notes.append(
                f"{column} is a {kind} written {pattern}, others are written {chosen}: a file has one format"
            )
    source.notes = list(dict.fromkeys(source.notes))


def _sounds_like_a_day(column: str) -> bool:
    return re.search(r"dat|date|tag|day|faellig|due|seit|since|am$", names.plain(column)) is not None


def _is_american(source: Source, counts: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> bool | None:
    key = f"day_order.{source.name}"
    if key in answers:
        return answers[key] == "month_first"
    if any(count["first_part_big"] for count in counts):
        return False
    if any(count["second_part_big"] for count in counts):
        return True
    question = f"{source.path}: days like 03/04/2025: does the day or the month stand first? No value tells"
    source.doubts.append(Doubt(key, question, ("day_first", "month_first"), None))
    return None


def _turned(pattern: str | None, american: bool | None) -> str | None:
    if pattern is None or not american:
        return pattern
    return pattern.replace("dd/mm/", "mm/dd/").replace("d/m/", "m/d/")


def looked(column: str, count: Mapping[str, Any], declared: Mapping[str, Any]) -> ColumnLook:
    """What a column holds, by what was counted of it."""
    kind, pattern, unsure = _kind(column, count)
    examples = count.get("examples", ())
    return ColumnLook(
        name=column,
        kind=kind,
        filled=int(count["filled"]),
        distinct=int(count["distinct"]),
        pattern=pattern,
        negatives=int(count.get("negative", 0)),
        is_whole=count["type"] != "VARCHAR" or count.get("n_whole", 0) == count.get("values", 0),
        trailing_zero=bool(count.get("tail0")) and count["tail0"] == count["values"],
        unsure=unsure,
        examples=tuple(examples),
    )


_TYPES: Final[Mapping[str, Kind]] = {
    "TIMESTAMP": "timestamp",
    "DATE": "date",
    "BOOL": "boolean",
    "INT": "number",
    "DECIMAL": "number",
    "DOUBLE": "number",
    "FLOAT": "number",
}
"""Part of a type's name -> what a column of a typed file holds."""


def _kind(column: str, count: Mapping[str, Any]) -> tuple[Kind, str | None, int]:
    """(kind, how days are written, values that do not look like it)."""
    if not count["filled"]:
        return "empty", None, 0
    if count["type"] != "VARCHAR":
        return next((kind for part, kind in _TYPES.items() if part in count["type"].upper()), "text"), None, 0
    pattern = _day_pattern(count)
    if pattern == "yyyymmdd" and not _sounds_like_a_day(column):
        pattern = None
    if pattern is not None:
        seen = count.get(f"d_{pattern}") or count.get(f"t_{pattern}") or 0
        return ("date" if pattern in DATES else "timestamp"), pattern, int(count["values"] - seen)
    if _is_number(count):
        return "number", None, int(count["values"] - sum(count[f"n_{key}"] for key in _LIKE_A_NUMBER))
    is_flag = count["flag"] == count["values"] and count["values"] <= 3
    return "boolean" if is_flag else "text", None, 0


def number_sql(source: Source, column: str) -> str:
    """A column's numbers as decimals, NULL where a cell is none: for sums and signs, never for what is loaded."""
    name = identifier(column)
    if source.format["kind"] == "parquet":
        return f"try_cast({name} as decimal(38, 8))"
    text = f"regexp_replace(trim({name}), {literal(_SIGNS)}, '', 'g')"
    text = f"regexp_replace({text}, '[ ''\u2019\u00a0\u202f]', '', 'g')"
    if source.format.get("decimal") == ",":
        text = f"replace(replace({text}, '.', ''), ',', '.')"
    elif source.format.get("decimal") == ".":
        text = f"replace({text}, ',', '')"
    text = f"case when {text} like '%-' then '-' || left({text}, -1) else {text} end"
    return f"try_cast({text} as decimal(38, 8))"


def day_sql(source: Source, column: str) -> str:
    """A column's days, NULL where a cell is none."""
    look_ = source.column(column)
    name = identifier(column)
    if look_.pattern is None:
        return f"try_cast({name} as date)"
    day = re.split("[ T]", look_.pattern)[0]
    text = f"regexp_extract(trim({name}), '^[^ T]+')"
    if "/" in day and str(source.format.get("date") or "").startswith("m"):
        day = day.replace("dd/mm", "mm/dd").replace("d/m/", "m/d/")
    strptime = day.replace("yyyy", "%Y").replace("yy", "%y").replace("dd", "%d").replace("mm", "%m")
    strptime = re.sub(r"(?<![%a-z])d(?![a-z])", "%d", strptime)
    strptime = re.sub(r"(?<![%a-z])m(?![a-z])", "%m", strptime)
    return f"try_strptime({text}, {literal(strptime)})::date"


def last_day(source: Source, column: str, connection: duckdb.DuckDBPyConnection) -> tuple[date | None, date | None]:
    """The first and the last day of a column."""
    row = connection.execute(
        f"select min({day_sql(source, column)}), max({day_sql(source, column)}) from {identifier(source.table)}"
    ).fetchone()
    return (None, None) if row is None else (row[0], row[1])
