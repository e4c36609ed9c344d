"""The house rules of the dbt project, read from its manifest. A failure says where to move the thing."""

from __future__ import annotations

import re

import pytest

from tests.dbt_project.conftest import Node, Run

NAMES = {
    "staging": re.compile(r"stg_[a-z]+__[a-z_]+"),
    "intermediate": re.compile(r"int_[a-z_]+__[a-z_]+"),
    "marts": re.compile(r"(dim|fct|mart)_[a-z_]+|crm_writeback"),
}
"""Layer -> what its models are called. crm_writeback is the file handed to the CRM, under the name agreed for it."""

STEERING = re.compile(r"stg_(settings|control)__")
"""What every layer may read: the method and what steers the run."""

MARTS_READING_STAGING = {
    "dim_customer": {"stg_crm__sales_reps"},
    "dim_product_group": {"stg_erp__products"},
    "mart_data_coverage": {
        "stg_crm__accounts", "stg_crm__activities", "stg_crm__contacts", "stg_crm__opportunities",
        "stg_crm__potential_estimates", "stg_crm__ratings", "stg_crm__service_ratings",
        "stg_erp__customers", "stg_erp__direct_costs", "stg_erp__open_items", "stg_erp__orders",
    },
}  # fmt: skip
"""Exceptions to "marts stand on intermediate models": rows that no model in between would change. A name (team) of a
dimension, and rows that are counted as delivered."""

AUDIENCES = {"bi", "controlling", "team"}
CTE = re.compile(r"^(\w+)(?: \([^)]*\))? as \($", re.MULTILINE)
CLOCK = re.compile(r"\b(current_date|current_timestamp|localtimestamp|now|today|getdate|sysdate)\b|\bvar\s*\(", re.I)
COMMENT = re.compile(r"--[^\n]*|\{#.*?#\}", re.DOTALL)


def code(node: Node) -> str:
    """The SQL as written, without its comments."""
    return COMMENT.sub("", node.sql)


def parents(node: Node, kind: str) -> set[str]:
    """Names of what a model reads: kind `model` or `source`."""
    return {key.split(".", 2)[2] for key in node.reads if key.startswith(f"{kind}.")}


def test_models_open_with_their_grain(built: Run) -> None:
    wrong = [node.name for node in built.models if not node.sql.startswith("-- One row per ")]
    assert not wrong, f"the first line must say what a row is, '-- One row per ...': {wrong}"


def test_models_end_with_their_last_step(built: Run) -> None:
    for node in built.models:
        steps = CTE.findall(node.sql)
        last = node.sql.rstrip().rsplit("\n", 1)[-1]
        assert steps, f"{node.name} has no named step"
        assert last == f"select * from {steps[-1]}", f"{node.name} must end with 'select * from {steps[-1]}'"


def test_names_follow_folders(built: Run) -> None:
    for node in built.models:
        assert node.layer in NAMES, f"{node.path}: models stand in staging, intermediate or marts"
        assert NAMES[node.layer].fullmatch(node.name), f"{node.name} does not name its layer {node.layer}"
        assert node.schema == node.layer, f"{node.name} is built into {node.schema}"
        if node.layer == "staging":
            folder, source = node.path.parts[2], node.name.removeprefix("stg_").split("__")[0]
            assert source == folder or (folder, source) == ("settings", "control"), (
                f"move {node.name} to staging/{source}"
            )


def test_staging_reads_sources_only(built: Run) -> None:
    for node in built.models:
        if node.layer == "staging":
            # The versions of a row are told by the batch that brought them.
            others = parents(node, "model") - {"stg_control__load_batches"}
            assert parents(node, "source"), f"{node.name} reads no source"
            assert not others, f"{node.name} reads {others}: what joins models is an intermediate model"


def test_only_staging_reads_sources(built: Run) -> None:
    for node in built.models:
        if node.layer != "staging":
            assert not parents(node, "source"), f"{node.name} reads a source: put a staging model between"


def test_intermediate_models_never_read_marts(built: Run) -> None:
    layers = {node.name: node.layer for node in built.models}
    for node in built.models:
        if node.layer == "intermediate":
            marts = {name for name in parents(node, "model") if layers[name] == "marts"}
            assert not marts, f"{node.name} reads {marts}: move what both need into an intermediate model"


def test_marts_stand_on_intermediate_models(built: Run) -> None:
    layers = {node.name: node.layer for node in built.models}
    for node in built.models:
        if node.layer == "marts":
            staging = {
                name for name in parents(node, "model") if layers[name] == "staging" and not STEERING.match(name)
            }
            allowed = MARTS_READING_STAGING.get(node.name, set())
            assert staging <= allowed, f"{node.name} reads {staging - allowed}: put an intermediate model between"
            assert staging == allowed, (
                f"{node.name} no longer reads {allowed - staging}: shorten the list of exceptions"
            )


def test_no_model_reads_the_clock_or_variables(built: Run) -> None:
    wrong = {node.name: match[0] for node in built.models if (match := CLOCK.search(code(node)))}
    assert not wrong, f"dates come from stg_control__as_of_dates, settings from config/portfolio.yml: {wrong}"


def test_no_quoted_identifiers(built: Run) -> None:
    """Spark reads double quotes as a text; only unquoted lower_snake names are portable."""
    for node in built.models:
        quoted = set(re.findall(r'"[^"]*"', COMMENT.sub("", node.compiled)))
        assert not quoted, f"{node.name} quotes {quoted}"


def test_no_model_selects_all_columns_of_another(built: Run) -> None:
    """Import steps are `select * from {{ ref(...) }}`; a mart lists what it publishes."""
    for node in built.models:
        if node.layer == "marts":
            final = code(node).rsplit(" as (", 1)[-1]
            stars = [line.strip() for line in final.splitlines() if re.search(r"(\.|select )\*", line)]
            assert len(stars) == 1, f"the last step of {node.name} must list its columns"


def test_marts_are_contracts_for_a_known_audience(built: Run) -> None:
    for node in built.models:
        if node.layer == "marts":
            meta = node.config["meta"]
            assert node.config["contract"]["enforced"] is True, f"{node.name} has no enforced contract"
            assert meta.get("audience") in AUDIENCES, f"{node.name}: meta.audience must be one of {sorted(AUDIENCES)}"
            assert meta.get("unique_key"), f"{node.name}: meta.unique_key says what a row is"
            missing = set(meta["unique_key"]) - set(node.columns)
            assert not missing, f"{node.name}: {missing} of its unique_key are no columns of its contract"


def test_keys_of_marts_are_tested(built: Run) -> None:
    tested = {
        raw["attached_node"]: raw["test_metadata"]["kwargs"]["columns"]
        for raw in built.manifest["nodes"].values()
        if raw["resource_type"] == "test" and (raw.get("test_metadata") or {}).get("name") == "unique_key"
    }
    for node in built.models:
        if node.layer == "marts":
            key = node.config["meta"]["unique_key"]
            assert tested.get(node.unique_id) == key, f"{node.name}: test unique_key must name {key}"


def test_singular_tests_speak_plainly(built: Run) -> None:
    """The gate shows `what` and `remedy`; the file opens with what a returned row means."""
    assert built.singular_tests
    for node in built.singular_tests:
        assert node.sql.startswith("-- A returned row is "), f"{node.path} must open with '-- A returned row is ...'"
        for name in ("what", "remedy"):
            assert node.config["meta"].get(name), f"{node.path}: meta.{name} is missing, the gate could not explain it"
        assert node.config["severity"].lower() in ("error", "warn")
