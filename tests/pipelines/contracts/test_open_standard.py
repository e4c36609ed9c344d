"""The contracts are Open Data Contracts: the standard's own package reads them, and its schema accepts them."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from pipelines.contracts import load_contracts
from pipelines.contracts.load import DIRECTORY, read_contract
from pipelines.errors import ConfigError

FILES = sorted(DIRECTORY.glob("*.yml"))
SCHEMA = json.loads(resources.files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)


def test_every_contract_is_looked_at() -> None:
    assert [path.stem for path in FILES] == sorted(load_contracts())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_standards_package_reads_what_we_read(path: Path) -> None:
    document = OpenDataContractStandard.from_file(str(path))
    contract = load_contracts()[path.stem]
    assert (document.kind, document.name, document.version) == ("DataContract", contract.name, contract.version)
    [table] = document.schema_ or []
    properties = table.properties or []
    assert [item.name for item in properties] == [column.name for column in contract.columns]
    assert [bool(item.required) for item in properties] == [column.required for column in contract.columns]
    assert [bool(item.primaryKey) for item in properties] == [column.key for column in contract.columns]
    for item, column in zip(properties, contract.columns, strict=True):
        options = item.logicalTypeOptions or {}
        read = [options[end] for end in ("minimum", "maximum") if end in options]
        ours = [limit for limit in (column.minimum, column.maximum) if limit is not None]
        # The package reads numbers as floats; single limits are short.
        assert read == [limit.isoformat() if isinstance(limit, date) else float(limit) for limit in ours]
        metrics = [rule.metric for rule in item.quality or ()]
        assert metrics.count("invalidValues") == bool(column.allowed_values)
        assert metrics.count("nullValues") == len(column.gaps) == len(metrics) - metrics.count("invalidValues")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_standards_schema_accepts_it(path: Path) -> None:
    document = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    assert [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("right", "wrong"), [("required: true", "required: perhaps"), ("metric: invalidValues", "metric: strangeValues")]
)
def test_a_field_the_standard_does_not_have_is_found(right: str, wrong: str) -> None:
    document = yaml.safe_load((DIRECTORY / "ratings.yml").read_text(encoding="utf-8").replace(right, wrong))
    assert list(VALIDATOR.iter_errors(json.loads(json.dumps(document, default=str))))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("unit: percent", "unit: rows", "unit"),
        ("property: remedy", "property: help", "has a remedy and no other property"),
        ('required: false\n        description: "Sales', 'required: true\n        description: "Sales', "says nothing"),
    ],
)
def test_gaps_are_percent_of_a_column_that_may_lack_values(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = (DIRECTORY / "accounts.yml").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "accounts.yml").write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        read_contract(tmp_path / "accounts.yml")


def test_what_only_judges_a_delivery_does_not_name_it_anew() -> None:
    """Landing names a batch by its contract as JSON, among others: a changed limit must not land every delivery again."""
    (gaps,) = load_contracts()["accounts"].column("owner_rep_id").gaps
    assert gaps.percent == 20
    assert "accounts_owned" not in load_contracts()["accounts"].model_dump_json()
