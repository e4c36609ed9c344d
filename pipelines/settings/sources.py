"""Where the company's data is: the model of config/sources.yml, checked against the contracts before anything is read.

Belongs here: what a mapping may say, and what of it influences a table's load (its fingerprint). Not here: reading
files, SQL over them, the contracts themselves.

Not checked here because only the file knows: whether a required column that the mapping does not name stands in the
file under the contract's name, and whether mapped columns exist. The reader checks both.
"""

from __future__ import annotations

import codecs
import grp
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

import duckdb
from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator

from pipelines import duck
from pipelines.contracts import Column, Contract, load_contracts
from pipelines.errors import did_you_mean
from pipelines.settings.alerts import Alerts
from pipelines.settings.automation import Automation
from pipelines.settings.date_format import ISO, DateFormat, DateFormatError, parse_date_format
from pipelines.settings.environment import variable
from pipelines.settings.spark import Spark
from pipelines.settings.sql_text import SqlTextError, expression, tables_read
from pipelines.settings.validation import (
    Number,
    RootModel,
    StrictModel,
    Violation,
    has,
    refuse,
    validated,
)
from pipelines.settings.yaml_file import NodePath, read
from pipelines.vocabulary import voices

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
"""Names a configuration may give to its own things."""

THOUSANDS: Mapping[str, str] = {"space": " ", "nbsp": "\u00a0", "narrow-nbsp": "\u202f"}
"""Words for signs nobody sees -> the sign."""
NO_QUOTE = "none"
COMMON_ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15", "cp850", "cp437", "mac-roman")


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


class TimeZoned(StrictModel):
    """What every kind of format may say."""

    time_zone: str | None = None
    """The zone of times without offset in files of this format, where it is not the company's: a CRM that writes UTC says
    `time_zone: UTC`. A file may say its own (files.<name>.time_zone). A day without a time is that day in every zone."""
    has_time: bool = True
    """false: 00:00 in a timestamp means that the time is not known (and `timestamp` need not have one: dd.mm.yyyy). Such an
    activity is kept as a day: it never shifts to another one, and several of one day are several."""


class CsvFormat(TimeZoned):
    """How a delivered text file is written. Nothing is sniffed."""

    kind: Literal["csv"]
    delimiter: str
    """The one sign between fields: ";", "," or "\\t" (tab). A first line `sep=;` as Excel writes it is passed over."""
    quote: str = '"'
    """The one sign around fields that hold the delimiter. `none`: the file has no quoting, every line is a record and a
    quote sign is text."""
    stray_quotes: bool = False
    """true: a quote sign inside a field that does not begin with one is text (Rohr 3/4" verzinkt); fields that begin with
    one are still quoted. false: such a file is refused with the line."""
    encoding: str
    """How bytes are text: utf-8, utf-16, windows-1252, iso-8859-1, iso-8859-15, cp850 or any other text codec of Python."""
    decimal: Literal[".", ","]
    """The sign before decimal places: "," reads 12,50."""
    thousands: Literal[".", ",", "'", "\u2019", " ", "\u00a0", "\u202f", "space", "nbsp", "narrow-nbsp"] | None = None
    """The sign between groups of three digits, where there is one: "." reads 1.234,50. A group never begins with 0:
    0.500 is no number with thousands. `space`, `nbsp`, `narrow-nbsp` are a space, a no-break and a narrow no-break space."""
    trailing_minus: bool = False
    """true: the minus may stand behind the number, as SAP writes it: 500,00- is -500.00."""
    parentheses_negative: bool = False
    """true: a number in parentheses is negative, as accountants write it: (500,00) is -500.00."""
    strip: tuple[str, ...] = ()
    """Signs and words beside numbers that mean nothing, cut off with the spaces around them: ["€", "EUR"] reads 12,50 €."""
    round: bool = False
    """true: a number with more decimal places than its column holds is rounded half away from zero, and counted (finding
    NUM_ROUNDED). false: such a row goes to quarantine."""
    date: str
    """How days are written: dd.mm.yyyy; d.m.yyyy with or without leading zeros; yyyymm last for a month that means its last
    day (or first); excel for Excel's day numbers; unix, unix_ms for seconds or milliseconds since 1970. Where a day comes
    with a time of 00:00 (yyyy-mm-ddThh:mm:ssz), it is the day as written."""
    timestamp: str
    """How moments are written: dd.mm.yyyy hh:mm:ss; m/d/yyyy h:mm AM; yyyy-mm-ddThh:mm:ss[.f][z] with what may be missing
    in [ ], f a fraction of a second and z an offset (Z, +0200, +02:00); iso; unix, unix_ms, excel."""
    null: tuple[str, ...] = ("",)
    true: tuple[str, ...] = ("true",)
    false: tuple[str, ...] = ("false",)
    header_row: int = Field(default=1, ge=1, le=1000)
    """The line that names the columns, counted from 1. Lines above it are no data."""
    skip_rows_matching: str | None = None
    """Records whose whole line matches this RE2 expression are no data: subtotals, page headings. ^(;;;|Zwischensumme).
    They are counted in a column of their own (rows_skipped). A repeated header row is passed over and counted by itself."""
    skip_footer_matching: str | None = None
    """Trailing records whose first field matches this RE2 expression are no data (a totals row): ^Summe. Counted as
    rows_skipped; `control_totals: {footer: [Brutto]}` of a file compares its amounts."""

    @property
    def codec(self) -> str:
        """Python's name of the encoding."""
        return codecs.lookup(self.encoding).name

    @property
    def quote_sign(self) -> str | None:
        """The sign around fields; None: there is no quoting."""
        return None if self.quote == NO_QUOTE else self.quote

    @property
    def thousands_sign(self) -> str | None:
        """The sign between groups of three digits itself."""
        return None if self.thousands is None else THOUSANDS.get(self.thousands, self.thousands)

    @property
    def date_format(self) -> DateFormat:
        """The declared date grammar. Of ISO 8601 a date is the day."""
        return parse_date_format("yyyy-mm-dd" if self.date == ISO else self.date)

    @property
    def timestamp_format(self) -> DateFormat:
        """The declared timestamp grammar."""
        return parse_date_format(self.timestamp)

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        for name, sign in (("delimiter", self.delimiter), ("quote", self.quote)):
            if name == "quote" and self.quote_sign is None:
                continue
            if len(sign) != 1 or sign.isalnum() or sign in "\r\n\0":
                yield Violation("FORMAT_SIGN", f"{name}: '{sign}' is not one sign", 'write one sign, e.g. ";"', (name,))
        if self.delimiter == self.quote:
            yield Violation("FORMAT_SIGN", "delimiter and quote are the same sign", "correct one of them", ("quote",))
        if self.thousands_sign == self.decimal:
            yield Violation(
                "FORMAT_SIGN", f"thousands and decimal are both '{self.decimal}'", "correct one of them", ("thousands",)
            )
        for text in self.strip:
            if text != text.strip() or not text or re.search(r"[-0-9()+]", text):
                yield Violation(
                    "FORMAT_SIGN",
                    f"strip: '{text}' is part of a number",
                    'write signs and words beside numbers, e.g. ["€", "EUR"]',
                    ("strip",),
                )
        if not is_text_codec(self.encoding):
            near = get_close_matches(self.encoding.lower(), COMMON_ENCODINGS, n=1, cutoff=0.8)
            hint = f"did you mean '{near[0]}'? " if near else ""
            remedy = f"{hint}write {', '.join(COMMON_ENCODINGS[:4])} or another text codec of Python"
            what = f"encoding: '{self.encoding}' is not known"
            yield Violation("CONFIG_UNKNOWN_VALUE", what, remedy, ("encoding",))
        for name, pattern in (("date", self.date), ("timestamp", self.timestamp)):
            try:
                declared = parse_date_format(pattern)
                if name == "timestamp" and self.has_time and not declared.has_time:
                    raise DateFormatError(
                        "the hour or the minute is missing; days without a time say `has_time: false`"
                    )
            except DateFormatError as error:
                remedy = "e.g. dd.mm.yyyy or yyyy-mm-ddThh:mm:ss"
                if "year" in str(error):
                    remedy += (
                        '; a year that stands elsewhere is put behind it: `date: ddmmyyyy`, the file\'s `constants: {Jahr: "2025"}` and '
                        "`{join: [Belegdatum, Jahr]}` for the column"
                    )
                yield Violation("FORMAT_DATE", f"{name}: '{pattern}': {error}", remedy, (name,))
        yield from self._token_violations()
        for name, regex in (
            ("skip_rows_matching", self.skip_rows_matching),
            ("skip_footer_matching", self.skip_footer_matching),
        ):
            if regex is not None and (reason := _pattern_problem(regex)):
                what = f"not an RE2 expression: {reason}"
                yield Violation("FORMAT_REGEX", what, "correct the expression", (name,))

    def _token_violations(self) -> Iterator[Violation]:
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


def is_text_codec(name: str) -> bool:
    """Whether Python reads text in this encoding block by block."""
    try:
        # The two are how Python names it, and what it needs for reading in blocks; "hex" and "zip" are no text.
        decoder = codecs.getincrementaldecoder(name)("strict")
        return isinstance(decoder.decode(b"", final=True), str) and isinstance("a".encode(name), bytes)
    except (LookupError, UnicodeError, TypeError, ValueError):
        return False


def _pattern_problem(expression: str) -> str | None:
    """Why `expression` is none of RE2, or None."""
    try:
        with duck.closed() as connection:
            connection.execute("select regexp_matches('', ?)", [expression])
    except duckdb.Error as error:
        return str(error)
    return None


class ParquetFormat(TimeZoned):
    """A delivered Parquet file; it carries its types."""

    kind: Literal["parquet"]


class CellWords(TimeZoned):
    """How a text is written in a delivery whose cells are typed (Excel, JSON lines).

    A number, day or truth the sender typed is read as what it is and needs none of these words. They are for cells that hold
    text: an amount entered as text, `31.12.2025` in a text column.
    """

    decimal: Literal[".", ","] | None = None
    """The decimal sign of numbers in text cells, e.g. `","`. Left out, a point; but a text like `1.500`, which is 1500 in one
    country and 1.5 in another, is refused until this word says which."""
    thousands: Literal[".", ",", "'", "\u2019", " ", "\u00a0", "\u202f", "space", "nbsp", "narrow-nbsp"] | None = None
    """The sign between groups of three digits in text cells, e.g. `"."`. Left out, there is none."""
    trailing_minus: bool = False
    """true: the minus may stand behind the number in text cells, as SAP writes it: 500,00- is -500.00."""
    parentheses_negative: bool = False
    """true: a number in parentheses is negative: (500,00) is -500.00."""
    strip: tuple[str, ...] = ()
    """Signs and words beside numbers in text cells that mean nothing: ["€", "EUR"] reads 12,50 €."""
    round: bool = False
    """true: a number with more decimal places than its column holds is rounded half away from zero, and counted. Sheets that
    compute amounts need it: 12.3456. false: such a row goes to quarantine."""
    date: str = "yyyy-mm-dd"
    """How text cells write a day, e.g. `dd.mm.yyyy`; `excel` where days stand in the sheet as plain numbers (45992)."""
    timestamp: str = "iso"
    """How text cells write a moment, e.g. `dd.mm.yyyy hh:mm:ss`. Left out, ISO 8601: `2025-12-31T18:30:00`, with an offset if there
    is one."""
    null: tuple[str, ...] = ("",)
    """Texts that mean "no value", e.g. `["", "-"]`."""
    true: tuple[str, ...] = ("true",)
    """Texts that mean yes, e.g. `["J", "ja"]`."""
    false: tuple[str, ...] = ("false",)
    """Texts that mean no, e.g. `["N", "nein"]`."""

    @property
    def as_text(self) -> CsvFormat:
        """The same words as those of a text file, for whoever reads text."""
        said = {name: self.__dict__[name] for name in CellWords.model_fields}
        said |= {"kind": "csv", "delimiter": ";", "encoding": "utf-8"}
        said |= {"decimal": self.decimal or ("," if self.thousands == "." else ".")}
        return CsvFormat.model_validate(said)

    @property
    def is_sign_said(self) -> bool:
        """Whether it is said which sign in a number's text is the decimal one."""
        return self.decimal is not None or self.thousands is not None

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block: those of a text file."""
        yield from self.as_text.violations()


class ExcelFormat(CellWords):
    """One sheet of a delivered workbook (`.xlsx`, `.xlsm`).

    Text cells keep their leading zeros. Numbers come with the (at most 15) digits Excel shows, days, moments and truths as such;
    what a number format adds (`00000`, `%`) is not part of the value. A cell with an error (`#N/A`) is a finding. Formulas count
    as the value they had when the workbook was saved.
    """

    kind: Literal["excel"]
    sheet: str | None = None
    """The sheet's name, e.g. `Rechnungen`. May be left out where the workbook has one sheet only."""
    range: str | None = None
    """The part of the sheet that is data, header row included: columns `B:H`, or with rows `B3:H` (to the last filled one) or
    `B3:H200`. Left out, the whole sheet."""
    header_row: int | None = Field(default=None, ge=1, le=1_048_575)
    """Number of the row that names the columns, as Excel shows it at the left edge, e.g. 3. Left out, the first row of `range`, else
    1."""
    skip_rows_matching: str | None = None
    """Rows whose cells, joined by ;, match this RE2 expression are no data: subtotals, headings, e.g. `^(;;;|Zwischensumme)`.
    They are counted. A repeated header row is passed over and counted by itself."""
    skip_footer_matching: str | None = None
    """Trailing rows whose first cell matches this RE2 expression are no data (a totals row), e.g. `^(Summe|Total)`. Counted;
    `control_totals: {footer: [Brutto]}` of a file compares its amounts."""

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        yield from super().violations()
        for name in ("skip_rows_matching", "skip_footer_matching"):
            expression = self.__dict__[name]
            if expression is not None and (reason := _pattern_problem(expression)):
                what = f"not an RE2 expression: {reason}"
                yield Violation("FORMAT_REGEX", what, "correct the expression", (name,))
        if self.range is None:
            return
        area = CellArea.of(self.range)
        if area is None:
            what = f"'{self.range}' is no range of cells"
            yield Violation("FORMAT_RANGE", what, 'write columns "B:H", or "B3:H", or "B3:H200"', ("range",))
        elif self.header_row is not None and not area.first_row <= self.header_row <= (
            area.last_row or self.header_row
        ):
            what = f"row {self.header_row} is not in {self.range}"
            yield Violation("FORMAT_RANGE", what, "let the range begin with the header row", ("header_row",))

    @property
    def area(self) -> CellArea:
        """The declared part of the sheet, beginning with the header row."""
        area = (CellArea.of(self.range) if self.range is not None else None) or CellArea(1, None, 1, None)
        return replace(area, first_row=self.header_row or area.first_row)


@dataclass(frozen=True, slots=True)
class CellArea:
    """A part of a sheet; rows and columns count from 1, None: to the last one that is filled."""

    first_row: int
    last_row: int | None
    first_column: int
    last_column: int | None

    @classmethod
    def of(cls, text: str) -> CellArea | None:
        """The area a range like `B3:H200` names, or None if it is no range."""
        found = re.fullmatch(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})?:([A-Za-z]{1,3})([1-9][0-9]{0,6})?", text)
        if found is None or (found[2] is None and found[4] is not None):
            return None
        area = cls(
            int(found[2] or 1), int(found[4]) if found[4] else None, column_number(found[1]), column_number(found[3])
        )
        is_upright = (area.last_row or area.first_row) >= area.first_row
        return area if is_upright and (area.last_column or 0) >= area.first_column else None


def column_number(letters: str) -> int:
    """The number of a sheet's column: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class JsonlFormat(CellWords):
    """A delivered file of JSON lines: one object per line, UTF-8 (`.jsonl`, `.ndjson`).

    Columns are all keys that occur in any line; a key of an object within is named with a point (`Account.Id`), a list stays JSON
    text. A line that is no object goes to quarantine. Numbers are read as decimal numbers, never with the noise of a binary one.
    """

    kind: Literal["jsonl"]


class RatingSheetFormat(StrictModel):
    """Workbooks that `kundenwert sheet ratings` wrote and people filled in. They know themselves where what stands: nothing is mapped.

    Such files are named under `sheets` of the tables `ratings` and `potential_estimates`, beside another source or alone.
    """

    kind: Literal["rating_sheet"]
    table: ClassVar[str] = "ratings"
    """Which table of the workbook is read."""
    time_zone: ClassVar[None] = None
    has_time: ClassVar[bool] = True


class _DemandSheetFormat(RatingSheetFormat):
    """The estimates of demand in the same workbooks."""

    table: ClassVar[str] = "potential_estimates"


SHEET_FORMATS: Mapping[str, type[RatingSheetFormat]] = {
    each.table: each for each in (RatingSheetFormat, _DemandSheetFormat)
}
"""Table that returned sheets may fill -> how they are read for it."""


def unknown_words() -> tuple[str, ...]:
    """What the drop-down of a rating sheet offers beside the levels, in every language: the rater does not know."""
    return tuple(dict.fromkeys(voice.say("sheet.unknown") for voice in voices()))


Format = Annotated[
    CsvFormat | ParquetFormat | ExcelFormat | JsonlFormat | RatingSheetFormat, Field(discriminator="kind")
]


Share = Annotated[Number, Field(ge=0, le=1, decimal_places=6)]
"""A part of a whole: 0.05 = 5 %."""


class ControlTotals(StrictModel):
    """What the sender says the delivery holds; a difference quarantines the file."""

    rows: int | None = Field(default=None, ge=0)
    sums: Mapping[str, Number] = {}
    """Delivered column -> the sum of its numbers."""
    footer: tuple[str, ...] = ()
    """Delivered columns whose sum stands in the last row of the file itself: a row that the format's `skip_footer_matching`
    passes over (Summe;;;12.000,00). A file without such a row, or with another sum, is refused."""


CellType = Literal["text", "number", "date", "timestamp", "boolean"]
"""What the cells of a delivered column are. A number is a decimal with at most 20 digits before and 8 after the sign."""


class DatabaseQuery(StrictModel):
    """Rows of a database, read once per run. They are kept as a file, so that a later run over it sees the same rows, and the same
    rows again are noticed as such."""

    url: str
    """Where the database is: the name of an environment variable, written `${ERP_URL}`, that holds the connection string, e.g.
    `postgresql://user:password@host:5432/erp`. The string itself, and with it the password, never stands in a file. `postgresql://` is
    read by ADBC; any other by SQLAlchemy, whose driver has to be installed beside this program (`mysql+pymysql://...`)."""
    query: str | None = None
    """One SELECT in the database's own SQL, e.g. `select * from invoices where posted`. Instead of `table`."""
    table: str | None = None
    """A table or view of which all rows and columns are read, e.g. `public.invoices`. Instead of `query`."""

    @property
    def variable(self) -> str:
        """The environment variable with the connection string."""
        return variable(self.url) or ""

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if variable(self.url) is None:
            # What stands there may be a password: it is not repeated.
            what = "url: a connection string is taken from an environment variable only"
            yield Violation("DATABASE_URL", what, "write ${NAME}, and set NAME to the connection string", ("url",))
        if (self.query is None) == (self.table is None):
            yield Violation(
                "DATABASE_SOURCE", "exactly one of `query` and `table` says what is read", "keep one of them"
            )
        if self.query is not None and re.match(r"(\s|--.*\n)*(select|with)\b", self.query, re.IGNORECASE) is None:
            yield Violation(
                "DATABASE_SOURCE", "the query is no SELECT", "write one SELECT; nothing is changed", ("query",)
            )
        if self.table is not None and re.fullmatch(r"[^\x00-\x1f\"`.]+(\.[^\x00-\x1f\"`.]+){0,2}", self.table) is None:
            what = f"{self.table!r} is no name of a table"
            yield Violation("DATABASE_SOURCE", what, "write table, or schema.table", ("table",))


class DeliveredFile(StrictModel):
    """One delivery, by name: either files (`path`, `format`) or rows of a database (`database`)."""

    path: str = ""
    """Where the files are, below the root. `*` stands for any part of a name, `{date}` for the day of a delivery, in a name or in a
    folder's, `{Task,Event}` for one name or another: `erp/lines.csv`, `erp/lines_*.csv`, `{date}/lines.csv`, `{Task,Event}.csv`. Files of
    one place are put together by the names of their columns; a column one of them lacks has no value in its rows, and `file_name` in an
    expression says which file a row is of."""
    format: str = ""
    """The name under `formats` that says how they are written. Rows of a database need none."""
    member: str | None = None
    """Which files of a ZIP are meant, where `path` leads to one: a name with its folders, `*` for any part of a name, e.g.
    `erp/lines_*.csv`. Left out, the ZIP holds one file."""
    unpacked_limit_mb: int = Field(default=4096, ge=1, le=1_000_000)
    """What a ZIP may unpack to, in megabytes; a larger one is refused before it fills the disk."""
    database: DatabaseQuery | None = None
    """Rows of a database instead of files, e.g. `{url: "${ERP_URL}", table: public.invoices}`."""
    delivered_at: datetime | None = None
    time_zone: str | None = None
    """The zone of its times without offset, where that is not the company's."""
    control_totals: ControlTotals | None = None
    typed: Mapping[str, CellType] = {}
    """Delivered column -> what its cells are: number, date, timestamp or boolean, written as the file's format says. Needed where a
    mapping computes with a column (`expr`, `sql`, `where`); a column that is only taken over needs no type. A cell of a computed column
    that cannot be read puts its row into quarantine, with file and line. Example: typed: {Menge: number, Belegdatum: date}"""
    constants: Mapping[str, CanonicalText] = {}
    """Further columns of the file that hold the same text in every row, e.g. what stands only in its name or title.
    Example: constants: {Jahr: "2025"}"""

    @property
    def is_dated(self) -> bool:
        """Whether the path holds {date}: one batch per date then."""
        return "{date}" in self.path

    @property
    def place(self) -> str:
        """Where it comes from, for messages."""
        if self.database is not None:
            return f"{self.database.url} ({self.database.table or 'query'})"
        return self.path if self.member is None else f"{self.path}/{self.member}"

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if bool(self.path) == (self.database is not None):
            what = "exactly one of `path` and `database` says where the rows are"
            yield Violation("FILE_PLACE", what, "write one of them")
        if self.path and self.database is None and not self.format:
            yield Violation("FILE_PLACE", "`format` is missing", "name the format the files are written in")
        for name in ("format", "member") if self.database is not None else ():
            if self.__dict__.get(name):
                what = f"`{name}` is said of rows of a database"
                yield Violation("FILE_PLACE", what, "remove it; a database tells the types itself", (name,))
        for name in ("path", "member"):
            if text := self.__dict__.get(name):
                for violation in _path_violations(text, has_date=name == "path"):
                    yield Violation(violation.code, violation.what, violation.remedy, (name,))


ONE_OF_SEVERAL: Final = r"\{[^{}/,]+(?:,[^{}/,]+)+\}"
"""Names of which one is meant, within the name of a file or a folder."""


def _path_violations(path: str, *, has_date: bool = True) -> Iterator[Violation]:
    if not path or path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path) or ".." in path.split("/"):
        yield Violation(
            "FILE_PATH", f"'{path}' is not a path below the root", "write it relative to `root`, without '..'"
        )
    if "\\" in path or any(ord(sign) < 32 for sign in path):
        yield Violation("FILE_PATH", f"{path!r} holds a backslash or a control character", "separate directories by /")
    rest = re.sub(ONE_OF_SEVERAL, "", path.replace("{date}", "", 1) if has_date else path)
    if re.search(r"[{}]", rest):
        what = f"'{path}' holds braces other than one {{date}} and {{one,or another}}"
        yield Violation(
            "FILE_PATH", what, "{date} is replaced, once; names to choose from stand as {Task,Event} within one name"
        )


class Lookup(StrictModel):
    """A value found in another delivered file: its record whose column `in` holds what the column `key` holds here. No record, or
    records that say different things: no value, and a finding says how many rows that concerns."""

    file: str
    """The file to look into, by its name under `files`."""
    key: str
    """The column here, as delivered."""
    within: str = Field(alias="in")
    """The column there that holds the same, as delivered."""
    value: str
    """The column there that holds the value, as delivered."""


class ColumnWords(StrictModel):
    """How a column is made where no delivered column holds it. Exactly one of expr, number_within, join and lookup.

    Example: cogs: {expr: "Menge * Einstandspreis", round: 2}
    """

    expr: str | None = None
    """An SQL expression over one record: delivered columns (names with blanks or signs in double quotes), `constants` of the file and
    `helpers`. It computes with what `typed` says of the file's columns: numbers exactly, never as floats; a quotient has 12 decimal
    places. A text it gives is read as a text of the file. Example: 'case when Kennzeichen = ''H'' then -Umsatz else Umsatz end / 1.19'"""
    round: int | None = Field(default=None, ge=0, le=8)
    """Decimal places an expression's number is rounded to, half away from zero. Without it a number with more places than the column
    has puts its row into quarantine."""
    number_within: tuple[str, ...] | None = Field(default=None, min_length=1)
    """Numbers the records 1, 2, 3 ... in the order of the files, anew for each value of these columns (ours or delivered): line numbers
    where none are delivered. Example: line_no: {number_within: [invoice_id]}"""
    join: tuple[str, ...] | None = Field(default=None, min_length=2)
    """The texts of these delivered columns one after the other; no value where one of them has none.
    Example: invoice_id: {join: [Serie, Nummer], with: "-"}"""
    between: str = Field(default="", alias="with")
    """What stands between the texts of `join`."""
    lookup: Lookup | None = None
    """A value found in another delivered file. Example: {lookup: {file: artikel, key: Artikel, in: Nummer, value: Gruppe}}"""

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        said = [name for name in ("expr", "number_within", "join", "lookup") if getattr(self, name) is not None]
        if len(said) != 1:
            what = f"{' and '.join(said) or 'nothing'} says how the column is made; one word is needed"
            yield Violation("MAPPING_COLUMN", what, "keep one of expr, number_within, join, lookup")
        for word, needed, is_said in (("round", "expr", self.round is not None), ("with", "join", self.between != "")):
            if is_said and getattr(self, needed) is None:
                yield Violation("MAPPING_COLUMN", f"`{word}` belongs to `{needed}`", f"remove `{word}`", (word,))
        if self.expr is not None and (reason := _expression_problem(self.expr)):
            remedy = "write one SQL expression over the delivered columns of a record"
            yield Violation("MAPPING_EXPR", f"`expr` is no expression: {reason}", remedy, ("expr",))


def _of_a_column(value: object) -> str:
    return "[words]" if isinstance(value, (dict, ColumnWords)) else "[text]"


ColumnSource = Annotated[
    Annotated[str, Tag("[text]")] | Annotated[ColumnWords, Tag("[words]")], Discriminator(_of_a_column)
]
"""A delivered column by its name, or how the column is made."""


def _names_themselves(value: object) -> object:
    return {str(name): str(name) for name in value} if isinstance(value, (list, tuple)) else value


class Unpivot(StrictModel):
    """Columns that stand side by side become records one below the other, e.g. one column for each month. A cell that is empty makes no
    record. Example: unpivot: {columns: {Jan: 2025-01-31, Feb: 2025-02-28}, name: Monat, value: Betrag}"""

    columns: Annotated[Mapping[str, CanonicalText], BeforeValidator(_names_themselves)] = Field(min_length=1)
    """Delivered column -> the text that stands for it in the column `name`; a list of columns: their own names."""
    name: str
    """A new column that says from which of the columns a record comes."""
    value: str
    """A new column with the cell."""


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
    columns: Mapping[str, ColumnSource] = {}
    """Ours -> theirs, or how it is made (expr, number_within, join, lookup). A column not named here or in constants is taken from the
    same-named delivered column, if any."""
    helpers: Mapping[str, ColumnSource] = {}
    """Columns of your own that `columns`, later helpers and `where` may use like delivered ones; they are in no table.
    Example: helpers: {ek: {lookup: {file: artikel, key: Artikel, in: Nummer, value: EK}}}"""
    distinct: bool = False
    """Records that share the table's key count once, as the last one delivered says it: a master that is delivered only with the lines.
    A finding says in which columns they differ."""
    unpivot: Unpivot | None = None
    """Columns side by side that are records of the table, e.g. one for each month."""
    constants: Mapping[str, CanonicalText | None] = {}
    values: Mapping[str, Mapping[str, CanonicalText | None]] = {}
    """Our column -> {delivered text: our value as canonical text}; other text is read by the format as it is."""
    where: str | None = None
    """An SQL condition over the delivered record: what it does not hold for is left out, and counted with its amount. A missing value is
    equal to no other one: Status <> 'storniert' keeps the rows without a status. Example: where: Art in ('RE', 'GU')"""
    load: Literal["full", "incremental"] = "full"
    may_be_empty: bool = False
    max_age_days: int | None = Field(default=None, ge=1, le=100_000)
    """The agreed age of the newest delivery when others are newer; an older one stops the publication."""
    limits: Limits | None = None
    """Limits of this table alone; see `limits`."""
    sheets: str | None = None
    """Only `ratings` and `potential_estimates`: the files (of a format of `kind: rating_sheet`) that people return. Their rows come on
    top of what `from` or `sql` delivers, each returned workbook is a delivery of its own, and none has to be there. Without `from` and
    `sql` the table has these rows alone."""

    @model_validator(mode="before")
    @classmethod
    def _may_wait_for_sheets(cls, value: object) -> object:
        if not isinstance(value, dict) or "sheets" not in value or "from" in value or "sql" in value:
            return value
        return {"may_be_empty": True, **value}

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if (self.from_file is None) == (self.sql is None) and (self.sheets is None or self.sql is not None):
            yield Violation(
                "MAPPING_SOURCE", "exactly one of `from` and `sql` says where the rows come from", "keep one of them"
            )
        for column in self.constants:
            for where, names in (("columns", self.columns), ("values", self.values)):
                if column in names:
                    what = f"'{column}' stands under constants and {where}"
                    yield Violation("MAPPING_CONFLICT", what, "keep one of them", ("constants", column))
        for section in ("columns", "helpers"):
            for column, theirs in self.__dict__[section].items():
                if isinstance(theirs, str) and (not theirs or any(ord(sign) < 32 for sign in theirs)):
                    yield Violation(
                        "MAPPING_COLUMN",
                        f"'{column}' names no delivered column",
                        "write the delivered column's name",
                        (section, column),
                    )
        yield from self._words_without_use()
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

    @property
    def made(self) -> Mapping[str, ColumnWords]:
        """The columns and helpers that are made, by name; helpers first, in their order."""
        both = {**self.helpers, **self.columns}
        return {name: words for name, words in both.items() if isinstance(words, ColumnWords)}

    def _words_without_use(self) -> Iterator[Violation]:
        if self.sql is not None:
            said: list[tuple[str, ...]] = [(name,) for name in ("distinct", "unpivot") if self.__dict__[name]]
            said += [("columns", name) for name, source in self.columns.items() if isinstance(source, ColumnWords)]
            said += [("helpers", name) for name in self.helpers]
            for at in said:
                what = f"`{' '.join(at)}` beside `sql`: the query makes its columns itself"
                yield Violation("MAPPING_CONFLICT", what, "write it in the query, or map without `sql`", at)
        for name in self.helpers:
            if not NAME.fullmatch(name):
                remedy = "use a-z, 0-9 and _, beginning with a letter"
                yield Violation("CONFIG_NAME", f"'{name}' is not a name", remedy, ("helpers", name))
        for name, words in self.made.items():
            if words.number_within is not None and self.load == "incremental":
                section = "columns" if name in self.columns else "helpers"
                what = (
                    f"'{name}' numbers the records of one delivery, and deliveries add up: the numbers would meet again"
                )
                remedy = "deliver everything each time (`load: full`), or map a number that is delivered"
                yield Violation("MAPPING_CONFLICT", what, remedy, (section, name, "number_within"))


def _expression_problem(text: str) -> str | None:
    """Why `text` is no expression over a record, or None."""
    try:
        expression(text)
    except SqlTextError as error:
        return str(error)
    return None


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


def _or_all(value: object) -> object:
    return None if value == "all" else value


class Retention(StrictModel):
    """How long what runs leave behind stays. Example: `retention: {days: 90, month_ends: 36}`.

    Originals and the ledger of what was landed are evidence: nothing here removes them.
    """

    days: int = Field(default=30, ge=1, le=100_000)
    """Every published version stays for so many days."""
    month_ends: Annotated[int | None, BeforeValidator(_or_all)] = Field(default=None, ge=1, le=10_000)
    """Longer stays the newest version of each latest as-of date: of `all` (default), or of the newest so many. The current one always."""
    run_history_days: int = Field(default=14, ge=1, le=100_000)
    """For so many days Dagster's web UI knows a run and its events."""


class SourceMap(RootModel):
    """config/sources.yml, valid. `root` is absolute."""

    version: Literal[1]
    company: str = Field(min_length=1)
    demo: bool = False
    root: Path
    time_zone: str
    formats: Mapping[str, Format] = {}
    files: Mapping[str, DeliveredFile]
    tables: Mapping[str, TableMapping]
    unmapped: Mapping[str, str] = {}
    """What the company has, or could have, but does not map -> why. Names need not be contract tables."""
    limits: Limits | None = None
    """How much of a delivery may be missing before the run warns, and before nothing is published."""
    readers: Mapping[Literal["bi", "controlling", "team"], str] = {}
    """The machine's group that reads the folder of an audience in every published version. An audience without one is the owner's alone."""
    alerts: Alerts | None = None
    """Who is told when a run fails, the gate is red or something is older than it should be. Left out: nobody."""
    automation: Automation = Automation()
    """What runs by itself, and how long it may."""

    retention: Retention = Retention()
    """How long published versions and the history of runs stay."""

    engine: Literal["duckdb", "spark"] = "duckdb"
    """What computes the models: DuckDB on this machine, or the Spark that the block `spark` names. Landing, checks and publishing stay
    here either way."""
    spark: Spark | None = None
    """The Spark; it may stand here unused, to be switched on and off with `engine`."""

    @property
    def computes_elsewhere(self) -> Spark | None:
        """The Spark that computes the models; None where DuckDB does."""
        return self.spark if self.engine == "spark" else None

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

    def format(self, name: str) -> Format:
        """The format called `name`."""
        return self.formats[name]

    def format_of(self, file_name: str) -> Format:
        """The format of the file called `file_name`; rows of a database are kept as Parquet."""
        name = self.files[file_name].format
        return self.formats[name] if name else ParquetFormat(kind="parquet")

    def files_of(self, table: str) -> tuple[str, ...]:
        """Names of the files `table` is made of, sorted; for `sql` those its query reads."""
        mapping = self.tables[table]
        if mapping.sql is None:
            own = () if mapping.from_file is None else (mapping.from_file,)
            looked = sorted({words.lookup.file for words in mapping.made.values() if words.lookup is not None})
            return tuple(dict.fromkeys((*own, *looked)))
        return tuple(sorted(tables_read(mapping.sql)))

    def of_sheets(self, table: str) -> SourceMap | None:
        """The same with nothing but returned sheets as the source of `table`; None where it has none.

        They know their columns: side by side stand criteria, or stages of demand (pipelines.sources.rating_sheet).
        """
        mapping = self.tables.get(table)
        if mapping is None or mapping.sheets is None:
            return None
        name = self.files[mapping.sheets].format
        known = {"level": dict.fromkeys(unknown_words())} if table == "ratings" else {}
        own = TableMapping.model_validate(
            {"from": mapping.sheets, "load": "incremental", "may_be_empty": True, "values": known}
        )
        formats = {**self.formats, name: SHEET_FORMATS[table](kind="rating_sheet")}
        return self.model_copy(update={"tables": {**self.tables, table: own}, "formats": formats})

    def zone_of(self, table: str) -> str:
        """The zone of times without offset in the files of `table`: declared for them, else the company's."""
        return next((self.zone_of_file(name) for name in self.files_of(table)), self.time_zone)

    def zone_of_file(self, name: str) -> str:
        """The zone of times without offset in the files called `name`."""
        file = self.files[name]
        declared = self.formats.get(file.format)
        of_format = declared.time_zone if declared is not None and has(declared, "time_zone") else None
        return file.time_zone or of_format or self.time_zone

    def _mixed_zones(self, names: Iterable[str]) -> Iterator[Violation]:
        files = list(names) if has(self, "files", "formats", "time_zone") else []
        zones = {self.zone_of_file(name) for name in files if has(self.files[name], "time_zone", "format")}
        if len(zones) > 1:
            what = f"its files have times in several zones: {', '.join(sorted(zones))}"
            yield Violation("MAPPING_CONFLICT", what, "deliver them in one zone, or with offsets", ("sql",))

    def _sheet_violations(self, table: str, mapping: TableMapping, known: frozenset[str]) -> Iterator[Violation]:
        for word, name in (("from", mapping.__dict__.get("from_file")), ("sheets", mapping.__dict__.get("sheets"))):
            if name is None or not has(self, "files", "formats") or name not in self.files:
                if word == "sheets" and name is not None and name not in known:
                    yield _unknown("file", name, known, ("sheets",))
                continue
            file = self.files[name]
            declared = self.formats.get(file.format) if has(file, "format") else None
            is_sheet = isinstance(declared, RatingSheetFormat)
            if word == "from" and is_sheet:
                what = f"the files '{name}' are rating sheets"
                yield Violation("MAPPING_CONFLICT", what, f"write `sheets: {name}` in the place of `from`", ("from",))
            elif word == "sheets" and declared is not None and not is_sheet:
                what = f"the files '{name}' are of kind {declared.kind}"
                yield Violation("MAPPING_CONFLICT", what, "name files of a format of `kind: rating_sheet`", ("sheets",))
        if mapping.__dict__.get("sheets") is not None and table not in SHEET_FORMATS:
            what = f"'{table}' is filled by no rating sheet"
            yield Violation("MAPPING_CONFLICT", what, f"only {' and '.join(SHEET_FORMATS)} are", ("sheets",))

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
            # An agreement about age, or about how much may be missing, changes nothing of what is loaded; sheets are deliveries of
            # their own (of_sheets).
            "mapping": self.tables[table].model_dump(mode="json", exclude={"max_age_days", "limits", "sheets"}),
            "files": {
                name: file.model_dump(mode="json", exclude={"time_zone", "unpacked_limit_mb"})
                for name, file in files.items()
            },
            "formats": {
                file.format: self.format_of(name).model_dump(mode="json", exclude={"time_zone"})
                for name, file in files.items()
                if file.format
            },
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
        if has(self, "readers"):
            yield from _group_violations(self.readers.items())
        if has(self, "engine") and self.engine == "spark" and "spark" not in self.model_fields_set:
            what = "engine is spark, and nothing says where one is"
            yield Violation("CONFIG_MISSING_KEY", what, "add the block `spark` with its `host`", ("engine",))
        for name, file in self.files.items() if has(self, "files") else ():
            if has(file, "time_zone") and file.time_zone is not None:
                yield from _time_zone_violations(file.time_zone, ("files", name, "time_zone"))
        for name, declared in self.formats.items() if has(self, "formats") else ():
            if has(declared, "time_zone") and declared.time_zone is not None:
                yield from _time_zone_violations(declared.time_zone, ("formats", name, "time_zone"))
        for section in ("formats", "files"):
            for name in sorted(written.get(section, ())):
                if not NAME.fullmatch(name):
                    remedy = "use a-z, 0-9 and _, beginning with a letter"
                    yield Violation("CONFIG_NAME", f"'{name}' is not a name", remedy, (section, name))
        formats = written.get("formats", frozenset())
        for name, file in self.files.items() if has(self, "files") and (has(self, "formats") or formats) else ():
            if has(file, "format") and file.format and file.format not in formats:
                yield _unknown("format", file.format, formats, ("files", name, "format"))
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
            if "files" in written:
                found += _lookup_violations(mapping, written["files"])
                found += self._sheet_violations(table, mapping, written["files"])
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


def _group_violations(readers: Iterable[tuple[str, str]]) -> Iterator[Violation]:
    known = {each.gr_name for each in grp.getgrall()}
    for audience, group in readers:
        if group not in known:
            what = f"this machine has no group '{group}'"
            yield Violation(
                "CONFIG_UNKNOWN_VALUE", what, "make it (groupadd), or name another one", ("readers", audience)
            )


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


def _lookup_violations(mapping: TableMapping, known: frozenset[str]) -> Iterator[Violation]:
    for section in ("helpers", "columns"):
        for name, words in mapping.__dict__.get(section, {}).items():
            lookup = words.__dict__.get("lookup") if isinstance(words, ColumnWords) else None
            if isinstance(lookup, Lookup) and has(lookup, "file") and lookup.file not in known:
                yield _unknown("file", lookup.file, known, (section, name, "lookup", "file"))


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
