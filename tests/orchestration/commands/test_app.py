"""The command line as people and scripts meet it: help, the release, examples, errors as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.commands import app as app_module
from orchestration.commands.app import COMMANDS, app
from pipelines.errors import ExitCode
from tests.orchestration.commands.command_line import kundenwert


def test_help_imports_nothing_slow_and_tells_examples_and_exit_codes() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "orchestration.commands.app", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert "Exit codes: 0 done" in " ".join(done.stdout.split())
    assert "kundenwert run" in done.stdout
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    slow = {"dagster", "dbt", "duckdb", "pyarrow", "pandas", "great_expectations", "pydantic", "yaml", "sqlalchemy"}
    assert not imported & slow


def test_every_exit_code_is_in_the_help() -> None:
    text = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["--help"]).stdout
    for code in ExitCode:
        assert f"{int(code)} " in text, code


@pytest.mark.parametrize("command", [each.__name__.rsplit(".", 1)[-1].replace("_", "-") for each in COMMANDS])
def test_every_command_has_an_example(command: str) -> None:
    # `kundenwert dbt --help` is dbt's own.
    asked = [command] if command == "dbt" else [command, "--help"]
    assert "Example" in CliRunner(env={"COLUMNS": "200"}).invoke(app, asked).output


def test_every_command_has_a_module_of_its_name_and_no_other_module_is_left_out() -> None:
    modules = {path.stem for path in Path(app_module.__file__).parent.glob("*.py")}
    names = {each.__name__.rsplit(".", 1)[-1] for each in COMMANDS}
    of_groups = {module for module in modules if module.rpartition("_")[0] in names}
    assert modules - {"__init__", "app", "options", "screen"} - of_groups == names
    for each in COMMANDS:
        name = each.__name__.rsplit(".", 1)[-1]
        made = [one.callback for one in each.command.registered_commands]
        assert made == [getattr(each, name, None)] or [one.name for one in each.command.registered_groups] == [name]


def test_the_release_is_told() -> None:
    from importlib import metadata

    assert CliRunner().invoke(app, ["--version"]).stdout.strip() == f"kundenwert {metadata.version('kundenwert')}"


def test_errors_are_json_where_json_is_asked_for(tmp_path: Path) -> None:
    done = kundenwert(tmp_path, "run", "--as-of", "2025-12-30", "--json")
    error = json.loads(done.stderr)
    assert error["exit_code"] == done.exit_code == ExitCode.USAGE
    assert error["problems"][0]["code"] == "AS_OF_NOT_MONTH_END"
    assert set(error["problems"][0]) == {"code", "what", "where", "remedy"}
