"""Reads the contract files beside this module. Belongs here: only that."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import ValidationError

from pipelines.contracts.model import Contract, to_contract
from pipelines.contracts.odcs import DataContract
from pipelines.errors import ConfigError, Problem

DIRECTORY = Path(__file__).parent


# Every command reads the contracts first: 0.1 s with libyaml, which the wheels of PyYAML carry, 1 s without.
_Safe = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _Loader(_Safe):  # type: ignore[valid-type, misc]
    """Safe YAML with exact decimals, tuples for lists and no silent last-one-wins for a repeated key."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    pairs = [
        (loader.construct_object(key, deep=True), loader.construct_object(value, deep=True))
        for key, value in node.value
    ]
    if len({key for key, _ in pairs}) != len(pairs):
        raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
    return dict(pairs)


def _sequence(loader: _Loader, node: yaml.SequenceNode) -> tuple[Any, ...]:
    return tuple(loader.construct_sequence(node, deep=True))


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(node.value)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _sequence)
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


def read_contract(path: Path) -> Contract:
    """The contract in the file at `path`. Raises ConfigError CONTRACT_INVALID."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
        contract = to_contract(DataContract.model_validate(content))
        if path.stem != contract.name:
            raise ValueError(f"the file describes the table {contract.name}")
    except (yaml.YAMLError, ValidationError, ValueError) as error:
        raise ConfigError(Problem("CONTRACT_INVALID", str(error), path.name, "correct the contract")) from error
    return contract


@cache
def load_contracts() -> Mapping[str, Contract]:
    """All contracts by table name, ordered by domain, then name. Read once per process. Raises ConfigError."""
    contracts = [read_contract(path) for path in sorted(DIRECTORY.glob("*.yml"))]
    ordered = sorted(contracts, key=lambda contract: (contract.domain, contract.name))
    return MappingProxyType({contract.name: contract for contract in ordered})
