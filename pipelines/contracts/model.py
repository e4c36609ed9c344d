"""A contract as the pipeline uses it: load names, SQL types, keys, limits.

Belongs here: the meaning of a contract file and its inner consistency. Not here: the standard's field names (odcs.py),
reading files (load.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.contracts.odcs import CustomProperty, DataContract, InvalidValues, NullValues, Property, PropertyValue

Domain = Literal["erp", "crm"]
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")
"""Names of tables and columns; anything else never reaches SQL."""

TECHNICAL_COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    (
        "batch_id",
        "VARCHAR",
        "Load that brought the row; joins to load_batches",
        "Ladung, die die Zeile brachte; verbindet zu load_batches",
    ),
    ("file_name", "VARCHAR", "File as delivered, without directory", "Datei wie geliefert, ohne Verzeichnis"),
    (
        "line_number",
        "BIGINT",
        "First physical line of the record in the file; missing when a SQL mapping gives none",
        "Erste physische Zeile des Satzes in der Datei; leer, wenn eine SQL-Abbildung keine angibt",
    ),
)
"""(name, SQL type, description, description in German) of the columns every raw table carries beside its contract's."""

_TYPES = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DECIMAL(18,2)": "money",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "BOOLEAN": "boolean",
}
_LOGICAL = {kind: kind for kind in ("string", "integer", "date", "timestamp", "boolean")} | {"bigint": "integer"}
_COLUMN_PROPERTIES = {
    "description_de",
    "unit",
    "pseudonymName",
    "codeList",
    "maximumDaysAfterDelivery",
    "timeOf",
    "emptyMeans",
}
_TABLE_PROPERTIES = {"description_de", "businessDate", "atLeastOneOf"}


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Gaps(_Frozen):
    """How much of a delivery may lack a column's value: at most `percent` of its rows."""

    name: str
    severity: Literal["warning", "info"]
    what: str
    """In plain words, when it holds."""
    remedy: str
    percent: int


class Column(_Frozen):
    """One column. `name` is what mappings use, `load_name` what the raw table has (they differ for persons)."""

    name: str
    load_name: str
    type: str
    """string, integer, bigint, money, decimal(p,s), date, timestamp or boolean."""
    sql_type: str
    required: bool
    key: bool
    personal: bool
    description: str
    description_de: str
    unit: str | None = None
    allowed_values: tuple[str, ...] = ()
    gaps: tuple[Gaps, ...] = Field(default=(), exclude=True)
    """Left out when the contract is written as JSON, which names batches (landing): gaps judge rows, they do not change any."""
    minimum: Decimal | date | None = None
    maximum: Decimal | date | None = None
    pattern: str | None = None
    code_list: Literal["ISO 4217"] | None = None
    maximum_days_after_delivery: int | None = None
    """A date later than this many days after the declared delivery is impossible."""
    time_of: str | None = None
    """A moment of the same table; where the mapping does not give this column, it says whether that moment's time was
    delivered."""
    empty_means: str | None = None
    """What an empty value of an optional column states, where a value that cannot be read must not be taken for it."""

    @property
    def may_be_shown(self) -> bool:
        """Whether a message may quote what a cell of it holds: a number, a date, a code; no text of anybody, no person."""
        return not self.personal and (self.type != "string" or bool(self.allowed_values) or self.code_list is not None)

    @property
    def costs_the_row(self) -> bool:
        """Whether a value that cannot be read puts its row into quarantine; otherwise it is left empty and the row counts."""
        return self.required or self.key or self.empty_means is not None

    @property
    def is_money(self) -> bool:
        """Whether sums of the column are accounted for (accepted, quarantined)."""
        return self.type == "money"

    @property
    def scale(self) -> int:
        """Decimal places the column holds; 0 for integers. Only for numbers."""
        if self.type in ("integer", "bigint"):
            return 0
        return int(self.sql_type.rstrip(")").rpartition(",")[2])

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers of any type."""
        return self.type in ("integer", "bigint", "money") or self.type.startswith("decimal(")


class Contract(_Frozen):
    """One raw table."""

    name: str
    domain: Domain
    version: str
    description: str
    description_de: str
    columns: tuple[Column, ...] = Field(min_length=1)
    primary_key: tuple[str, ...] = ()
    """Load names, in key order; empty where rows have no key."""
    business_date: str | None = None
    """Load name of the column that says when a row happened."""
    at_least_one_of: tuple[str, ...] = ()
    """Load names of columns of which one must be given."""

    @property
    def recorded_at(self) -> bool:
        """Whether rows say themselves when they became known (a column `recorded_at`)."""
        return "recorded_at" in self._by_name

    @property
    def money_columns(self) -> tuple[Column, ...]:
        """Columns whose sums are accounted for."""
        return tuple(column for column in self.columns if column.is_money)

    @property
    def has_personal_columns(self) -> bool:
        """Whether loading needs the pseudonym key."""
        return any(column.personal for column in self.columns)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """The column called `name` before pseudonyms, or by its load name. Raises KeyError."""
        found = self._by_name.get(name)
        if found is not None:
            return found
        for column in self.columns:
            if column.load_name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def to_contract(document: DataContract) -> Contract:
    """The contract a file describes. Raises ValueError with every inconsistency."""
    (table,) = document.schema_
    load_names = {
        item.name: _text(_properties(item.customProperties), "pseudonymName") or item.name for item in table.properties
    }
    own = _properties(document.customProperties)
    keyed = sorted(
        (item for item in table.properties if item.primaryKey), key=lambda item: item.primaryKeyPosition or 0
    )
    business_date = _text(own, "businessDate")
    faults = [
        *_faults(document, own, business_date),
        *(fault for item in table.properties for fault in _property_faults(item)),
    ]
    if faults:
        raise ValueError("; ".join(faults))
    return Contract(
        name=document.name,
        domain=document.domain,
        version=document.version,
        description=document.description.purpose,
        description_de=_text(own, "description_de") or "",
        columns=tuple(_column(item, load_names[item.name]) for item in table.properties),
        primary_key=tuple(load_names[item.name] for item in keyed),
        business_date=None if business_date is None else load_names[business_date],
        at_least_one_of=tuple(load_names[name] for name in _names(own, "atLeastOneOf")),
    )


def _column(item: Property, load_name: str) -> Column:
    own = _properties(item.customProperties)
    options = item.logicalTypeOptions
    days = own.get("maximumDaysAfterDelivery")
    return Column(
        name=item.name,
        load_name=load_name,
        type=_TYPES.get(item.physicalType, item.physicalType.lower()),
        sql_type=item.physicalType,
        required=item.required,
        key=item.primaryKey,
        personal=item.classification == "personal",
        description=item.description,
        description_de=_text(own, "description_de") or "",
        unit=_text(own, "unit"),
        allowed_values=tuple(
            value for rule in item.quality if isinstance(rule, InvalidValues) for value in rule.arguments.validValues
        ),
        gaps=tuple(_gaps(rule) for rule in item.quality if isinstance(rule, NullValues)),
        minimum=None if options is None else _limit(options.minimum),
        maximum=None if options is None else _limit(options.maximum),
        pattern=None if options is None else options.pattern,
        code_list="ISO 4217" if "codeList" in own else None,
        maximum_days_after_delivery=days if isinstance(days, int) else None,
        time_of=_text(own, "timeOf"),
        empty_means=_text(own, "emptyMeans"),
    )


def _gaps(rule: NullValues) -> Gaps:
    return Gaps(
        name=rule.name,
        severity=rule.severity,
        what=rule.description,
        remedy=_text(_properties(rule.customProperties), "remedy") or "",
        percent=rule.mustBeLessOrEqualTo,
    )


def _limit(value: int | Decimal | str | None) -> Decimal | date | None:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return None if value is None else Decimal(value)


def _faults(document: DataContract, own: dict[str, PropertyValue], business_date: str | None) -> Iterator[str]:
    (table,) = document.schema_
    names = [item.name for item in table.properties]
    if document.name != table.name or document.id != f"kundenwert.raw.{document.name}":
        yield "name, schema name and id disagree"
    for name in (document.name, *names):
        if not IDENTIFIER.fullmatch(name):
            yield f"{name!r} is not an identifier"
    if len(set(names)) != len(names):
        yield "a column stands twice"
    for name in (*([business_date] if business_date else []), *_names(own, "atLeastOneOf")):
        if name not in names:
            yield f"{name} is not a column"
    for item in table.properties:
        moment = _text(_properties(item.customProperties), "timeOf")
        if moment is not None and moment not in names:
            yield f"{item.name}: {moment} is not a column"
    positions = sorted(item.primaryKeyPosition or 0 for item in table.properties if item.primaryKey)
    if positions != list(range(1, len(positions) + 1)):
        yield "primaryKeyPosition does not count from 1"
    if "description_de" not in own:
        yield "description_de is missing"
    for unknown in sorted(set(own) - _TABLE_PROPERTIES):
        yield f"customProperties: {unknown} is not known"


def _property_faults(item: Property) -> Iterator[str]:
    own = _properties(item.customProperties)
    kind = _TYPES.get(item.physicalType)
    if kind is None and not re.fullmatch(r"DECIMAL\([0-9]+,[0-9]+\)", item.physicalType):
        yield f"{item.name}: type {item.physicalType} is not known"
    elif _LOGICAL.get(kind or "", "number") != item.logicalType:
        yield f"{item.name}: {item.logicalType} and {item.physicalType} disagree"
    if "description_de" not in own:
        yield f"{item.name}: description_de is missing"
    if (item.classification == "personal") != ("pseudonymName" in own):
        yield f"{item.name}: personal columns, and only they, have a pseudonymName"
    if item.classification == "personal" and kind != "string":
        yield f"{item.name}: a personal column is a string"
    if "codeList" in own and own["codeList"] != "ISO 4217":
        yield f"{item.name}: code list {own['codeList']} is not known"
    if (item.primaryKeyPosition is not None) != item.primaryKey:
        yield f"{item.name}: primaryKey and primaryKeyPosition disagree"
    for unknown in sorted(set(own) - _COLUMN_PROPERTIES):
        yield f"{item.name}: customProperties: {unknown} is not known"
    if "emptyMeans" in own and item.required:
        yield f"{item.name}: a required column is never empty, emptyMeans says nothing"
    for rule in item.quality:
        if isinstance(rule, NullValues):
            if item.required:
                yield f"{item.name}: a required column lacks no value, {rule.name} says nothing"
            if set(_properties(rule.customProperties)) != {"remedy"}:
                yield f"{item.name}: {rule.name} has a remedy and no other property"


def _properties(items: tuple[CustomProperty, ...]) -> dict[str, PropertyValue]:
    return {item.property: item.value for item in items}


def _text(own: dict[str, PropertyValue], name: str) -> str | None:
    value = own.get(name)
    return value if isinstance(value, str) else None


def _names(own: dict[str, PropertyValue], name: str) -> tuple[str, ...]:
    value = own.get(name, ())
    return value if isinstance(value, tuple) else ()
