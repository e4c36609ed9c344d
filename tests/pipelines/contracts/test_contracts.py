"""The contracts are consistent, and what is generated from them says the same: drift in either direction fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from pipelines.contracts import Contract, load_contracts
from pipelines.contracts.generate import REPOSITORY, generated_files, main, stale_files
from pipelines.contracts.load import DIRECTORY, read_contract
from pipelines.contracts.model import TECHNICAL_COLUMNS
from pipelines.errors import ConfigError

ERP = """customers customer_parents customer_id_changes products invoice_lines orders open_items direct_costs
ledger_totals revenue_history opening_portfolio exchange_rates"""
CRM = """accounts contacts activities opportunities ratings potential_estimates campaigns campaign_members
service_ratings sales_reps zone_overrides"""


def test_every_table_of_the_product_has_a_contract_and_no_other() -> None:
    contracts = load_contracts()
    assert {name for name, contract in contracts.items() if contract.domain == "erp"} == set(ERP.split())
    assert {name for name, contract in contracts.items() if contract.domain == "crm"} == set(CRM.split())
    assert list(contracts) == sorted(contracts, key=lambda name: (contracts[name].domain, name))


def test_persons_change_their_name_and_keys_follow() -> None:
    contracts = load_contracts()
    personal = {
        (name, c.name, c.load_name) for name, contract in contracts.items() for c in contract.columns if c.personal
    }
    assert personal == {
        ("customers", "owner_rep_id", "owner_rep_key"),
        ("accounts", "owner_rep_id", "owner_rep_key"),
        ("contacts", "contact_id", "contact_key"),
        ("activities", "rep_id", "rep_key"),
        ("activities", "contact_id", "contact_key"),
        ("ratings", "rater_id", "rater_key"),
        ("sales_reps", "rep_id", "rep_key"),
        ("zone_overrides", "set_by", "set_by_key"),
    }
    assert contracts["ratings"].primary_key == ("account_id", "criterion_id", "rater_key", "valid_from", "recorded_at")
    assert contracts["ratings"].column("rater_id") is contracts["ratings"].column("rater_key")


def test_no_amount_holds_value_added_tax_and_the_dictionary_says_so() -> None:
    """In English and German, of every amount: a delivered column "Brutto" is often one with tax, gross_list_amount never is."""
    unsaid = [
        f"{name}.{column.name}"
        for name, contract in load_contracts().items()
        for column in contract.money_columns
        if "net of tax" not in column.description or "ohne Umsatzsteuer" not in column.description_de
    ]
    assert not unsaid


def test_only_what_is_optional_can_be_left_empty() -> None:
    contracts = load_contracts()
    spared = {(name, c.name) for name, contract in contracts.items() for c in contract.columns if not c.costs_the_row}
    assert {("customers", "credit_limit"), ("invoice_lines", "cogs"), ("orders", "channel")} < spared
    stated = {(name, c.name) for name, contract in contracts.items() for c in contract.columns if c.empty_means}
    assert stated == {
        ("accounts", "customer_id"),
        ("invoice_lines", "revenue_deductions"),
        ("open_items", "cleared_date"),
        ("potential_estimates", "achievable_share"),
        ("potential_estimates", "demand_stage"),
        ("ratings", "level"),
    }, "an empty value of these is a statement that nobody made"
    assert not spared & stated


def test_dbt_sources_name_exactly_the_landed_columns() -> None:
    """Read back from the files in the repository, not from the generator."""
    found: dict[str, tuple[str, list[tuple[str, str]], list[str]]] = {}
    for domain in ("erp", "crm"):
        text = (REPOSITORY / f"dbt_project/models/staging/{domain}/_{domain}__sources.yml").read_text(encoding="utf-8")
        assert "do not edit" in text.splitlines()[0]
        (source,) = yaml.safe_load(text)["sources"]
        # A Spark of many has a word of the run before every schema.
        prefix, _, schema = source["schema"].rpartition("}}")
        assert (source["name"], prefix, schema) == (domain, "{{ env_var('KUNDENWERT_SCHEMA_PREFIX', '') ", "raw")
        for table in source["tables"]:
            columns = [(column["name"], column["data_type"]) for column in table["columns"]]
            found[table["name"]] = (domain, columns, table["config"]["meta"]["dagster"]["asset_key"])
    technical = [(name, sql_type.lower()) for name, sql_type, _, _ in TECHNICAL_COLUMNS]
    for name, contract in load_contracts().items():
        landed = [(column.load_name, column.sql_type.lower()) for column in contract.columns]
        assert found.pop(name) == (contract.domain, landed + technical, ["raw", contract.domain, name])
    assert not found


def test_generated_files_are_current() -> None:
    assert stale_files(load_contracts()) == (), "run `python -m pipelines.contracts.generate`"
    assert main(["--check"]) == 0


@pytest.mark.parametrize("path", sorted(generated_files(load_contracts())))
def test_an_edit_of_a_generated_file_is_drift(path: str, tmp_path: Path) -> None:
    for generated in generated_files(load_contracts()):
        (tmp_path / generated).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / generated, tmp_path / generated)
    (tmp_path / path).write_text((tmp_path / path).read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert stale_files(load_contracts(), tmp_path) == (path,)


def test_an_edit_of_a_contract_is_drift() -> None:
    contracts = dict(load_contracts())
    orders: Contract = contracts["orders"]
    contracts["orders"] = orders.model_copy(update={"description": "Something else."})
    assert stale_files(contracts) == ("dbt_project/models/staging/erp/_erp__sources.yml", "docs/data_dictionary.md")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("required: true", "requird: true", "requird"),
        ("logicalType: date", "logicalType: string", "disagree"),
        ("primaryKeyPosition: 1", "primaryKeyPosition: 3", "count from 1"),
        ("value: order_date", "value: posting_date", "posting_date is not a column"),
        ("name: customer_id", "name: Customer-Id", "not an identifier"),
        ("name: customer_id", "name: order_id", "stands twice"),
        ("required: true", "required: true\n        required: false", "a key stands twice"),
        ("name: orders\nversion", "name: order\nversion", "disagree"),
        ("property: description_de", "property: beschreibung", "description_de is missing"),
    ],
)
def test_a_wrong_contract_is_refused(before: str, after: str, said: str, tmp_path: Path) -> None:
    text = (DIRECTORY / "orders.yml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "orders.yml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as caught:
        read_contract(tmp_path / "orders.yml")
    assert caught.value.problems[0].code == "CONTRACT_INVALID"
