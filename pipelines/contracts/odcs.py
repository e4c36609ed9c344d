"""The part of the Open Data Contract Standard (v3.1.0) the contracts use, as strict frozen models.

Belongs here: field names of the standard and nothing else; an unknown or misspelt field is an error. Not here: what a
contract means to the pipeline (model.py).
"""

# ruff: noqa: N815 - the field names are the standard's
from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LogicalType = Literal["string", "integer", "number", "date", "timestamp", "boolean"]
PropertyValue = str | int | tuple[str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CustomProperty(_Strict):
    """A property the standard does not have; every name used is listed in model.py."""

    property: str
    value: PropertyValue


class Description(_Strict):
    """What the table is for."""

    purpose: str = Field(min_length=1)


class TypeOptions(_Strict):
    """Limits of a value, inclusive; `pattern` (RE2) matches the whole text."""

    minimum: int | Decimal | str | None = None
    maximum: int | Decimal | str | None = None
    pattern: str | None = None


class QualityArguments(_Strict):
    """Arguments of a library metric."""

    validValues: tuple[str, ...]


class InvalidValues(_Strict):
    """A closed list of values. No value outside it."""

    type: Literal["library"]
    metric: Literal["invalidValues"]
    mustBe: Literal[0]
    arguments: QualityArguments


class NullValues(_Strict):
    """How much of a delivery may lack the value, in percent of its rows; a property that must not lack any is `required`."""

    type: Literal["library"]
    metric: Literal["nullValues"]
    name: str = Field(min_length=1)
    description: str = Field(min_length=1)
    severity: Literal["warning", "info"]
    unit: Literal["percent"]
    mustBeLessOrEqualTo: int = Field(ge=0, le=100)
    customProperties: tuple[CustomProperty, ...]


Quality = Annotated[InvalidValues | NullValues, Field(discriminator="metric")]
"""A rule on a property. What a rule on a single value can say otherwise stands in the standard's own fields: required,
primaryKey, logicalTypeOptions."""


class Property(_Strict):
    """One column as delivered after mapping, that is before pseudonyms."""

    name: str
    logicalType: LogicalType
    physicalType: str
    required: bool
    primaryKey: bool = False
    primaryKeyPosition: int | None = None
    description: str = Field(min_length=1)
    classification: Literal["personal"] | None = None
    logicalTypeOptions: TypeOptions | None = None
    quality: tuple[Quality, ...] = ()
    customProperties: tuple[CustomProperty, ...] = ()


class SchemaObject(_Strict):
    """The table."""

    name: str
    logicalType: Literal["object"]
    physicalType: Literal["table"]
    properties: tuple[Property, ...] = Field(min_length=1)


class DataContract(_Strict):
    """One contract file; it describes exactly one table."""

    apiVersion: Literal["v3.1.0"]
    kind: Literal["DataContract"]
    id: str
    name: str
    version: str
    status: Literal["active"]
    domain: Literal["erp", "crm"]
    description: Description
    customProperties: tuple[CustomProperty, ...] = ()
    schema_: tuple[SchemaObject] = Field(alias="schema")
