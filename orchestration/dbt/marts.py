"""The marts a parsed project declares. Belongs here: reading them out of manifest.json. Not here: publishing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

_LENIENT = ConfigDict(frozen=True, extra="ignore")
"""The manifest holds much more than is read here, and each release adds to it."""


class _Meta(BaseModel):
    model_config = _LENIENT

    audience: str | None = None
    unique_key: tuple[str, ...] = ()
    description_de: str = ""

    @field_validator("unique_key", mode="before")
    @classmethod
    def _one_column(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class _Config(BaseModel):
    model_config = _LENIENT

    materialized: str = ""
    meta: _Meta = Field(default_factory=_Meta)


class _Column(BaseModel):
    model_config = _LENIENT

    name: str
    description: str = ""


class _Node(BaseModel):
    model_config = _LENIENT

    resource_type: str
    alias: str = ""
    db_schema: str = Field("", alias="schema")
    fqn: tuple[str, ...] = ()
    config: _Config = Field(default_factory=_Config)
    description: str = ""
    columns: Mapping[str, _Column] = Field(default_factory=dict)

    @property
    def told(self) -> str:
        """What a table of the model is, in both languages, as its columns are described."""
        german = self.config.meta.description_de.strip()
        return "\n\n".join(part for part in (self.description.strip(), f"DE: {german}" if german else "") if part)


class _Manifest(BaseModel):
    model_config = _LENIENT

    nodes: Mapping[str, _Node]


@dataclass(frozen=True, slots=True)
class Mart:
    """A model of the layer marts: its table, what `config.meta` says of its audience and key, and what it and its columns mean, in
    English and then German ("DE: ...")."""

    name: str
    relation: str
    audience: str | None
    key: tuple[str, ...]
    description: str
    columns: tuple[tuple[str, str], ...]


def declared(manifest_path: Path) -> tuple[Mart, ...]:
    """Every enabled model of the layer marts that has a table or a view, by name."""
    manifest = _Manifest.model_validate_json(manifest_path.read_bytes())
    return tuple(
        Mart(
            node.alias,
            f"{node.db_schema}.{node.alias}",
            node.config.meta.audience,
            node.config.meta.unique_key,
            node.told,
            tuple((column.name, column.description.strip()) for column in node.columns.values()),
        )
        for _, node in sorted(manifest.nodes.items())
        if node.resource_type == "model" and node.fqn[1:2] == ("marts",) and node.config.materialized != "ephemeral"
    )
