"""Opening a workspace: both files together, the problems of both at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contracts import load_contracts
from pipelines.errors import ConfigError
from pipelines.home import Home
from pipelines.settings.workspace import mapped_costs, open_workspace

PORTFOLIO = (Path(__file__).parents[3] / "config" / "portfolio.yml").read_text(encoding="utf-8")
SOURCES = """\
version: 1
company: Test company
root: in
time_zone: UTC
formats: {parquet: {kind: parquet}}
files: {all: {path: all.parquet, format: parquet}}
tables:
  customers: {from: all}
  invoice_lines: {from: all}
"""


def config(directory: Path, sources: str = SOURCES, portfolio: str = PORTFOLIO) -> Path:
    (directory / "sources.yml").write_text(sources, encoding="utf-8")
    (directory / "portfolio.yml").write_text(portfolio, encoding="utf-8")
    return directory


def test_a_valid_configuration_opens(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    workspace = open_workspace(config(tmp_path), home)
    assert workspace.home == home
    assert workspace.sources.root == tmp_path / "in"
    assert workspace.portfolio.currency.reporting == "EUR"
    assert workspace.contracts == load_contracts()
    assert not home.root.exists(), "checking a configuration leaves no trace"


def test_the_problems_of_both_files_come_at_once(tmp_path: Path) -> None:
    config(
        tmp_path,
        SOURCES.replace("  customers: {from: all}\n", ""),
        PORTFOLIO.replace("{contribution: 0.4,", "{contribution: 0.5,"),
    )
    with pytest.raises(ConfigError) as caught:
        open_workspace(tmp_path, Home.at(tmp_path / "home"))
    assert [
        (problem.code, problem.where.rpartition("/")[2].partition(":")[0]) for problem in caught.value.problems
    ] == [
        ("MAPPING_NEEDED", "sources.yml"),
        ("VALUE_WEIGHT_SUM", "portfolio.yml"),
    ]


def test_missing_files_are_both_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        open_workspace(tmp_path, Home.at(tmp_path / "home"))
    assert [problem.code for problem in caught.value.problems] == ["CONFIG_NO_FILE", "CONFIG_NO_FILE"]


MAPPED = """\
  activities: {from: all, values: {activity_type: {Besuch: visit, Anruf: cal}}}
  ratings:
    from: all
    values:
      criterion_id: {Chemie: chemistry, Bedarf: futuredemand, Zahlung: payment}
  ledger_totals: {from: all, values: {account_group: {Erlöse: revenue}}}
  campaigns: {from: all, values: {focus_criterion_id: {Chemie: chemestry}}}
"""


def test_names_the_mapping_gives_must_be_the_methods(tmp_path: Path) -> None:
    text = SOURCES + MAPPED
    with pytest.raises(ConfigError) as caught:
        open_workspace(config(tmp_path, text), Home.at(tmp_path / "home"))
    found = [
        (each.what.partition(" is ")[0], each.where.rpartition(":")[2], each.remedy) for each in caught.value.problems
    ]
    line = {name: str(text[: text.index(name)].count("\n") + 1) for name in ("cal}", "futured", "Erl", "chemes")}
    assert {each.code for each in caught.value.problems} == {"MAPPING_VALUE"}
    assert found == [
        ("activities.activity_type: 'cal'", line["cal}"], "did you mean 'call'?"),
        ("campaigns.focus_criterion_id: 'chemestry'", line["chemes"], "did you mean 'chemistry'?"),
        (
            "ledger_totals.account_group: 'revenue'",
            line["Erl"],
            "use one of: cogs, field_sales_cost, gross_list_revenue, inside_sales_cost, marketing, revenue_deductions, "
            "service_logistics",
        ),
        ("ratings.criterion_id: 'futuredemand'", line["futured"], "did you mean 'future_demand'?"),
        ("ratings.criterion_id: 'payment'", line["futured"], "use a criterion with method rating"),
    ]


COSTS = """\
  direct_costs: {from: all, values: {cost_type: {Werbung: marketing}}}
  activities: {from: all}
"""


def test_a_cost_is_mapped_or_the_rows_tell(tmp_path: Path) -> None:
    def mapped(tables: str) -> dict[str, bool | None]:
        return mapped_costs(open_workspace(config(tmp_path, tables), Home.at(tmp_path / "home")).sources)

    assert mapped(SOURCES) == {"cogs": None, "marketing": False, "sales": False, "service_logistics": False}
    assert mapped(SOURCES + COSTS) == {"cogs": None, "marketing": True, "sales": True, "service_logistics": None}
    only = SOURCES.replace("invoice_lines: {from: all}", "invoice_lines: {from: all, columns: {cogs: Einsatz}}")
    only += "  direct_costs: {from: all, constants: {cost_type: service_logistics}}\n"
    assert mapped(only) == {"cogs": True, "marketing": False, "sales": False, "service_logistics": True}


def test_a_cost_is_not_mapped_and_none_at_once(tmp_path: Path) -> None:
    none = PORTFOLIO.replace("  # service_logistics: none\n", "  marketing: none\n  service_logistics: none\n")
    assert (
        open_workspace(config(tmp_path, SOURCES, none), Home.at(tmp_path / "home")).portfolio.costs.marketing == "none"
    )
    with pytest.raises(ConfigError) as caught:
        open_workspace(config(tmp_path, SOURCES + COSTS, none), Home.at(tmp_path / "home"))
    line = none[: none.index("marketing: none")].count("\n") + 1
    assert [(each.code, each.where.rpartition(":")[2]) for each in caught.value.problems] == [
        ("COST_NONE_MAPPED", str(line))
    ]
