"""Where the company's data is: the model of config/sources.yml, checked against the contracts before anything is read.

Belongs here: what a mapping may say, and what of it influences a table's load (its fingerprint). Not here: reading
files, SQL over them, the contracts themselves.

Not checked here because only the file knows: whether a required column that the mapping does not name stands in the
file under the contract's name, and whether mapped columns exist. The reader checks both.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

import duckdb
from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from pipelines import duck
from pipelines.contracts import Column, Contract, load_contracts
from pipelines.settings.date_format import DateFormat, DateFormatError, parse_date_format
from pipelines.settings.sql_text import SqlTextError, tables_read
from pipelines.settings.validation import (
    Number,
    RootModel,
    StrictModel,
    Violation,
    did_you_mean,
    has,
    refuse,
    validated,
)
from pipelines.settings.yaml_file import NodePath, read

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
"""Names a configuration may give to its own things."""

CODECS: Mapping[str, str] = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "windows-1252": "cp1252",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
}
"""Declared encoding -> Python codec."""


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What validation needs beside the file's text."""

    directory: Path
    environment: Mapping[str, str]
    contracts: Mapping[str, Contract] = field(default_factory=dict)


def _to_text(value: object) -> object:
    """A YAML scalar as canonical text: true, 1.5, 2025-01-31, 2025-01-31T06:00:00."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


CanonicalText = Annotated[str, BeforeValidator(_to_text)]
"""A value of ours as text in the contract's own grammar (point, ISO dates, true/false), not in a delivery's format."""


class CsvFormat(StrictModel):
    """How a delivered text file is written. Nothing is sniffed."""

    kind: Literal["csv"]
    delimiter: str
    quote: str = '"'
    encoding: Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15"]
    decimal: Literal[".", ","]
    thousands: Literal[".", ",", "'", " ", "\u00a0"] | None = None
    date: str
    timestamp: str
    null: tuple[str, ...] = ("",)
    true: tuple[str, ...] = ("true",)
    false: tuple[str, ...] = ("false",)
    header_row: int = Field(default=1, ge=1, le=1000)
    skip_footer_matching: str | None = None
    """Trailing records whose first field matches this RE2 expression are no data (a totals row)."""

    @property
    def codec(self) -> str:
        """Python's name of the encoding."""
        return CODECS[self.encoding]

    @property
    def date_format(self) -> DateFormat:
        """The declared date grammar."""
        return parse_date_format(self.date)

    @property
    def timestamp_format(self) -> DateFormat:
        """The declared timestamp grammar."""
        return parse_date_format(self.timestamp)

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        for name, sign in (("delimiter", self.delimiter), ("quote", self.quote)):
            if len(sign) != 1 or sign.isalnum() or sign in "\r\n\0":
                yield Violation("FORMAT_SIGN", f"{name}: '{sign}' is not one sign", 'write one sign, e.g. ";"', (name,))
        if self.delimiter == self.quote:
            yield Violation("FORMAT_SIGN", "delimiter and quote are the same sign", "correct one of them", ("quote",))
        if self.thousands == self.decimal:
            yield Violation(
                "FORMAT_SIGN", f"thousands and decimal are both '{self.decimal}'", "correct one of them", ("thousands",)
            )
        for name, pattern in (("date", self.date), ("timestamp", self.timestamp)):
            try:
                parts = parse_date_format(pattern).parts
                if name == "timestamp" and not {"hour", "minute"} <= parts:
                    raise DateFormatError("the hour or the minute is missing")
            except DateFormatError as error:
                yield Violation(
                    "FORMAT_DATE", f"{name}: '{pattern}': {error}", "e.g. dd.mm.yyyy or yyyy-mm-ddThh:mm:ss", (name,)
                )
        tokens = (
            [("null", token) for token in self.null]
            + [("true", token) for token in self.true]
            + [("false", token) for token in self.false]
        )
        first: dict[str, str] = {}
        for name, token in tokens:
            if token in first:
                yield Violation(
                    "FORMAT_TOKEN",
                    f"'{token}' stands under {first[token]} and {name}",
                    "let a token mean one thing",
                    (name,),
                )
            first.setdefault(token, name)
        if self.skip_footer_matching is not None:
            try:
                with duck.closed() as connection:
                    connection.execute("select regexp_matches('', ?)", [self.skip_footer_matching])
            except duckdb.Error as error:
                yield Violation(
                    "FORMAT_REGEX",
                    f"not an RE2 expression: {error}",
                    "correct the expression",
                    ("skip_footer_matching",),
                )


class ParquetFormat(StrictModel):
    """A delivered Parquet file; it carries its types."""

    kind: Literal["parquet"]


Format = Annotated[CsvFormat | ParquetFormat, Field(discriminator="kind")]


Share = Annotated[Number, Field(ge=0, le=1, decimal_places=6)]
"""A part of a whole: 0.05 = 5 %."""


class ControlTotals(StrictModel):
    """What the sender says the delivery holds; a difference quarantines the file."""

    rows: int | None = Field(default=None, ge=0)
    sums: Mapping[str, Number] = {}
    """Delivered column -> the sum of its numbers."""


class DeliveredFile(StrictModel):
    """One delivery, by name. `path` is below the root; `*` and `{date}` stand for parts of a name."""

    path: str
    format: str
    delivered_at: datetime | None = None
    time_zone: str | None = None
    """The zone of its times without offset, where that is not the company's."""
    control_totals: ControlTotals | None = None

    @property
    def is_dated(self) -> bool:
        """Whether the path holds {date}: one batch per date then."""
        return "{date}" in self.path

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        for violation in _path_violations(self.path):
            yield Violation(violation.code, violation.what, violation.remedy, ("path",))


def _path_violations(path: str) -> Iterator[Violation]:
    if not path or path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path) or ".." in path.split("/"):
        yield Violation(
            "FILE_PATH", f"'{path}' is not a path below the root", "write it relative to `root`, without '..'"
        )
    if "\\" in path or any(ord(sign) < 32 for sign in path):
        yield Violation("FILE_PATH", f"{path!r} holds a backslash or a control character", "separate directories by /")
    if re.search(r"[{}]", path.replace("{date}", "", 1)):
        yield Violation("FILE_PATH", f"'{path}' holds braces other than one {{date}}", "only {date} is replaced, once")


class Limit(StrictModel):
    """From which share on something is said, and from which nothing is published. `null` switches one of the two off."""

    warn: Share | None = Decimal("0.01")
    """From this share on (0.01 = 1 %) the run warns, with rows and money. Default 0.01."""
    red: Share | None = Decimal("0.05")
    """From above this share (0.05 = 5 %) the gate is red and nothing is published. Default 0.05."""

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if {"warn", "red"} <= self.model_fields_set and None not in (self.warn, self.red) and self.warn > self.red:  # type: ignore[operator]
            what = f"warn: {self.warn} is more than red: {self.red}; the gate would be red before anything is said"
            yield Violation("LIMIT_ORDER", what, "let warn be the smaller one", ("warn",))


class Limits(StrictModel):
    """How much of a delivery may be missing, as shares of its rows and of net revenue: either of the two suffices.

    Stands once for all tables (`limits:`), and per table where that needs another limit (`tables.<table>.limits:`); what a table
    does not say is the one for all, then the default. Example: `limits: {quarantined: {warn: 0.005, red: 0.02}}`.
    """

    quarantined: Limit | None = None
    """Rows set aside because they cannot be read. For `customers` the money is the revenue of the customers set aside.
    Default warn 0.01, red 0.05."""
    lost_in_mapping: Limit | None = None
    """Delivered rows that do not come out of a SQL mapping (an inner join without a partner). Default warn 0.01, red 0.05."""
    filtered: Limit | None = None
    """Delivered rows that `where` leaves out. No limit by default: leaving out is what `where` is for."""
    unknown_customers: Limit | None = None
    """Only `invoice_lines`: lines of customers that no delivery of `customers` names. Default warn 0.01, red 0.05."""
    revenue_lost: Limit | None = None
    """Only `invoice_lines`: net revenue of months published before that is gone in this delivery. Default warn 0.01, red 0.05."""
    restated: Limit | None = None
    """Only `invoice_lines`: how much the net revenue of months published before has changed, up or down. Default warn 0.01,
    red 0.05."""
    customers_lost: Limit | None = None
    """Only `customers`: customers of the delivery before that are gone, as share of customers and of their revenue. Default
    warn 0.01, red 0.05."""
    rows_lost: Limit | None = None
    """Full deliveries: fewer rows than the delivery before. Default warn 0.05, red 0.5; many lists shrink for good reasons."""


DEFAULT_LIMITS: Mapping[str, Limit] = {
    **dict.fromkeys(Limits.model_fields, Limit()),
    "filtered": Limit(warn=None, red=None),
    "rows_lost": Limit(warn=Decimal("0.05"), red=Decimal("0.5")),
}
"""What holds where nothing is said."""

_LIMITS_OF_ONE_TABLE = {
    "unknown_customers": "invoice_lines",
    "revenue_lost": "invoice_lines",
    "restated": "invoice_lines",
    "customers_lost": "customers",
}


class TableMapping(StrictModel):
    """How one contract table is filled. Columns are named as in the contract (before pseudonyms: rep_id)."""

    from_file: str | None = Field(default=None, alias="from")
    sql: str | None = None
    columns: Mapping[str, str] = {}
    """Ours -> theirs. A column not named here or in constants is taken from the same-named delivered column, if any."""
    constants: Mapping[str, CanonicalText | None] = {}
    values: Mapping[str, Mapping[str, CanonicalText | None]] = {}
    """Our column -> {delivered text: our value as canonical text}; other text is read by the format as it is."""
    where: str | None = None
    load: Literal["full", "incremental"] = "full"
    may_be_empty: bool = False
    max_age_days: int | None = Field(default=None, ge=1, le=100_000)
    """The agreed age of the newest delivery when others are newer; an older one stops the publication."""
    limits: Limits | None = None
    """Limits of this table alone; see `limits`."""

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if (self.from_file is None) == (self.sql is None):
            yield Violation(
                "MAPPING_SOURCE", "exactly one of `from` and `sql` says where the rows come from", "keep one of them"
            )
        for column in self.constants:
            for where, names in (("columns", self.columns), ("values", self.values)):
                if column in names:
                    what = f"'{column}' stands under constants and {where}"
                    yield Violation("MAPPING_CONFLICT", what, "keep one of them", ("constants", column))
        for column, theirs in self.columns.items():
            if not theirs or any(ord(sign) < 32 for sign in theirs):
                yield Violation(
                    "MAPPING_COLUMN",
                    f"'{column}' names no delivered column",
                    "write the delivered column's name",
                    ("columns", column),
                )
        if self.where is not None and (reason := _condition_problem(self.where)):
            yield Violation(
                "MAPPING_SQL",
                f"`where` is not a condition: {reason}",
                "write an SQL condition over the delivered columns",
                ("where",),
            )
        if self.sql is not None and (reason := _sql_problem(self.sql)):
            yield Violation(
                "MAPPING_SQL", f"`sql` is not one query: {reason}", "write one SELECT over the declared files", ("sql",)
            )


def _sql_problem(sql: str) -> str | None:
    """Why `sql` is not one query, or None."""
    try:
        tables_read(sql)
    except SqlTextError as error:
        return str(error)
    return None


def _condition_problem(condition: str) -> str | None:
    """Why `condition` is not a condition over the delivered row alone, or None."""
    query = "\n".join(("select * from delivered where (", condition, ")"))
    reason = _sql_problem(query)
    if reason is None and tables_read(query) != {"delivered"}:
        return "it reads other tables"
    return reason


class SourceMap(RootModel):
    """config/sources.yml, valid. `root` is absolute."""

    version: Literal[1]
    company: str = Field(min_length=1)
    demo: bool = False
    root: Path
    time_zone: str
    formats: Mapping[str, Format]
    files: Mapping[str, DeliveredFile]
    tables: Mapping[str, TableMapping]
    unmapped: Mapping[str, str] = {}
    """What the company has, or could have, but does not map -> why. Names need not be contract tables."""
    limits: Limits | None = None
    """How much of a delivery may be missing before the run warns, and before nothing is published."""

    def limit(self, table: str, name: str) -> Limit:
        """The limit called `name` that holds for `table`: its own, else the one for all, else the default."""
        mapping = self.tables.get(table)
        said = [
            limit
            for limits in (None if mapping is None else mapping.limits, self.limits)
            if limits is not None and (limit := getattr(limits, name)) is not None
        ]
        default = DEFAULT_LIMITS[name]
        ends = {
            end: next(getattr(one, end) for one in (*said, default) if one is default or end in one.model_fields_set)
            for end in ("warn", "red")
        }
        return Limit(**ends)

    def format(self, name: str) -> CsvFormat | ParquetFormat:
        """The format called `name`."""
        return self.formats[name]

    def format_of(self, file_name: str) -> CsvFormat | ParquetFormat:
        """The format of the file called `file_name`."""
        return self.formats[self.files[file_name].format]

    def files_of(self, table: str) -> tuple[str, ...]:
        """Names of the files `table` is made of, sorted; for `sql` those its query reads."""
        mapping = self.tables[table]
        if mapping.sql is None:
            return () if mapping.from_file is None else (mapping.from_file,)
        return tuple(sorted(tables_read(mapping.sql)))

    def zone_of(self, table: str) -> str:
        """The zone of times without offset in the files of `table`: declared for them, else the company's."""
        return next((self._zone_of_file(name) for name in self.files_of(table)), self.time_zone)

    def _zone_of_file(self, name: str) -> str:
        return self.files[name].time_zone or self.time_zone

    def _mixed_zones(self, names: Iterable[str]) -> Iterator[Violation]:
        files = [self.files[name] for name in names] if has(self, "files", "time_zone") else []
        zones = {file.time_zone or self.time_zone for file in files if has(file, "time_zone")}
        if len(zones) > 1:
            what = f"its files have times in several zones: {', '.join(sorted(zones))}"
            yield Violation("MAPPING_CONFLICT", what, "deliver them in one zone, or with offsets", ("sql",))

    def utc(self, moment: datetime) -> datetime:
        """`moment` in UTC without zone; a moment without offset is meant in `time_zone`."""
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(self.time_zone))
        return aware.astimezone(UTC).replace(tzinfo=None)

    def day(self, moment: datetime) -> date:
        """The company's day of `moment` (UTC without zone)."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone)).date()

    def fingerprint(self, table: str) -> str:
        """64 hex: changes if and only if something declared changes that influences how `table` is loaded.

        The root is left out: a moved directory with the same bytes is the same delivery. The contract is not in it.
        """
        files = {name: self.files[name] for name in self.files_of(table)}
        zone = self.zone_of(table)
        declared = {
            "table": table,
            # An agreement about age, or about how much may be missing, changes nothing of what is loaded.
            "mapping": self.tables[table].model_dump(mode="json", exclude={"max_age_days", "limits"}),
            "files": {name: file.model_dump(mode="json", exclude={"time_zone"}) for name, file in files.items()},
            "formats": {file.format: self.formats[file.format].model_dump(mode="json") for file in files.values()},
            "time_zone": zone if zone == self.time_zone else f"{zone}, days in {self.time_zone}",
        }
        return hashlib.sha256(json.dumps(declared, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @field_validator("root", mode="before")
    @classmethod
    def _resolved(cls, root: object, info: ValidationInfo) -> object:
        around = info.context
        if not isinstance(root, str) or not isinstance(around, _Surroundings):
            return root
        return (around.directory / Path(_expanded(root, around.environment)).expanduser()).resolve()

    def references(self, written: Mapping[str, frozenset[str]], context: object) -> Iterator[Violation]:
        """Broken rules between sections and towards the contracts."""
        contracts = context.contracts if isinstance(context, _Surroundings) else load_contracts()
        if has(self, "time_zone"):
            yield from _time_zone_violations(self.time_zone, ("time_zone",))
        for name, file in self.files.items() if has(self, "files") else ():
            if has(file, "time_zone") and file.time_zone is not None:
                yield from _time_zone_violations(file.time_zone, ("files", name, "time_zone"))
        for section in ("formats", "files"):
            for name in sorted(written.get(section, ())):
                if not NAME.fullmatch(name):
                    remedy = "use a-z, 0-9 and _, beginning with a letter"
                    yield Violation("CONFIG_NAME", f"'{name}' is not a name", remedy, (section, name))
        for name, file in self.files.items() if has(self, "files") and "formats" in written else ():
            if has(file, "format") and file.format not in written["formats"]:
                yield _unknown("format", file.format, written["formats"], ("files", name, "format"))
        for table in sorted(written.get("tables", ())):
            if table not in contracts:
                yield _unknown("table", table, contracts, ("tables", table))
            if table in written.get("unmapped", ()):
                what = f"'{table}' is both mapped and listed as unmapped"
                yield Violation("MAPPING_CONFLICT", what, "keep one of them", ("unmapped", table))
        for table, mapping in self.tables.items() if has(self, "tables") else ():
            found = list(_file_violations(mapping, written["files"])) if "files" in written else []
            if not found and has(mapping, "sql") and mapping.sql is not None and _sql_problem(mapping.sql) is None:
                found += self._mixed_zones(tables_read(mapping.sql))
            if table in contracts:
                found += _column_violations(mapping, contracts[table])
            found += _limit_violations(table, mapping)
            for violation in found:
                yield Violation(violation.code, violation.what, violation.remedy, ("tables", table, *violation.at))


def _time_zone_violations(zone: str, at: tuple[str, ...]) -> Iterator[Violation]:
    known = {name.lower(): name for name in available_timezones()}
    if zone not in known.values():
        near = get_close_matches(zone.lower(), known, n=1)
        remedy = f"did you mean '{known[near[0]]}'?" if near else "write an IANA name, e.g. Europe/Berlin"
        yield Violation("CONFIG_UNKNOWN_VALUE", f"time_zone: '{zone}' is not known", remedy, at)


def _file_violations(mapping: TableMapping, known: frozenset[str]) -> Iterator[Violation]:
    if has(mapping, "from_file") and mapping.from_file is not None and mapping.from_file not in known:
        yield _unknown("file", mapping.from_file, known, ("from",))
    if has(mapping, "sql") and mapping.sql is not None and _sql_problem(mapping.sql) is None:
        names = tables_read(mapping.sql)
        if not names:
            what = "the query reads no declared file"
            yield Violation("MAPPING_SQL", what, "select from a name under `files`", ("sql",))
        for name in sorted(names - known):
            yield _unknown("file", name, known, ("sql",))


def _column_violations(mapping: TableMapping, contract: Contract) -> Iterator[Violation]:
    columns = {column.name: column for column in contract.columns}
    sections = {name: mapping.__dict__.get(name, {}) for name in ("columns", "constants", "values")}
    for section, names in sections.items():
        for name in names:
            if name not in columns:
                yield _unknown("column", name, columns, (section, name))
    given: list[tuple[NodePath, str, str | None]] = []
    given += [(("constants", name), name, value) for name, value in sections["constants"].items()]
    given += [
        (("values", name, theirs), name, value)
        for name, pairs in sections["values"].items()
        for theirs, value in pairs.items()
    ]
    for path, name, value in given:
        if name in columns and (reason := _misfit(columns[name], value)):
            yield Violation("MAPPING_VALUE", f"{contract.name}.{name}: {reason}", _fitting(columns[name], value), path)


def _limit_violations(table: str, mapping: TableMapping) -> Iterator[Violation]:
    limits = mapping.limits if has(mapping, "limits") else None
    for name, only in _LIMITS_OF_ONE_TABLE.items() if limits is not None else ():
        if table != only and limits is not None and has(limits, name) and getattr(limits, name) is not None:
            what = f"limits.{name} is about {only}; {table} has no such share"
            yield Violation(
                "LIMIT_TABLE", what, f"write it under tables.{only}.limits or under limits", ("limits", name)
            )


def _misfit(column: Column, text: str | None) -> str | None:
    """Why canonical `text` cannot stand in `column`, or None."""
    if text is None:
        return "the column is required, null is no value" if column.required else None
    if column.allowed_values and text not in column.allowed_values:
        return f"'{text}' is not one of its values"
    if column.pattern is not None and re.fullmatch(column.pattern, text) is None:
        return f"'{text}' is not written like {column.pattern}"
    try:
        if column.is_number:
            places = rf"(\.[0-9]{{1,{column.scale}}})?" if column.scale else ""
            fits = re.fullmatch(rf"-?[0-9]{{1,15}}{places}", text) is not None
        elif column.type == "date":
            fits = date.fromisoformat(text).isoformat() == text
        elif column.type == "timestamp":
            fits = datetime.fromisoformat(text) is not None
        elif column.type == "boolean":
            fits = text in ("true", "false")
        else:
            fits = column.code_list is None or re.fullmatch(r"[A-Z]{3}", text) is not None
    except ValueError:
        fits = False
    return None if fits else f"'{text}' is no {column.code_list or column.type}"


def _fitting(column: Column, text: str | None) -> str:
    if text is not None and column.allowed_values and text not in column.allowed_values:
        return did_you_mean(text, column.allowed_values)
    return {"boolean": "write true or false", "date": "write 2026-01-31", "timestamp": "write 2026-01-31T18:00:00"}.get(
        column.type, "write a value of the contract's type"
    )


_UNKNOWN: Mapping[str, str] = {
    "column": "MAPPING_UNKNOWN_COLUMN",
    "file": "MAPPING_UNKNOWN_FILE",
    "format": "MAPPING_UNKNOWN_FORMAT",
    "table": "MAPPING_UNKNOWN_TABLE",
}


def _unknown(kind: str, name: str, known: Iterable[str], path: tuple[str, ...]) -> Violation:
    return Violation(_UNKNOWN[kind], f"the {kind} '{name}' is not known", did_you_mean(name, known), path)


_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


def _expanded(text: str, environment: Mapping[str, str]) -> str:
    """`text` with ${NAME} and ${NAME:-default} replaced; an empty variable counts as unset."""
    missing = [
        name for name, default in _VARIABLE.findall(text) if not environment.get(name) and f"${{{name}:-" not in text
    ]
    refuse(
        Violation(
            "CONFIG_ENVIRONMENT",
            f"root: the environment variable {name} is not set",
            f"set {name}, or write ${{{name}:-a/default}}",
        )
        for name in missing
    )
    expanded = _VARIABLE.sub(lambda match: environment.get(match[1]) or match[2], text)
    if "${" in _VARIABLE.sub("", text):
        refuse(
            [
                Violation(
                    "CONFIG_ENVIRONMENT", f"root: '{text}' holds a broken variable", "write ${NAME} or ${NAME:-default}"
                )
            ]
        )
    return expanded


def read_sources(
    path: Path, contracts: Mapping[str, Contract] | None = None, environment: Mapping[str, str] | None = None
) -> SourceMap:
    """The mapping in the file at `path`. Raises ConfigError with every problem at once, each with file:line."""
    around = _Surroundings(
        directory=path.resolve().parent,
        environment=os.environ if environment is None else environment,
        contracts=load_contracts() if contracts is None else contracts,
    )
    return validated(read(path), SourceMap, around)
