"""dbt is imported in orchestration/dbt only, Dagster's inside in orchestration/dagster only, each beside its tripwires.

The import contract keeps the first for the product; this keeps both for tests and tools too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import checkout

ROOT = Path(__file__).parents[2]

DBT = ("dbt", "dbt_common", "dbt_extractor", "dagster_dbt")
HERE = "tests/orchestration/test_seams.py"
DBT_ROOMS = ("orchestration/dbt/", "tests/orchestration/dbt/", "tests/imported.py", HERE)
"""tests/imported.py only imports, so that forked runs need not."""

DAGSTER_ROOMS = ("orchestration/dagster/", "tests/orchestration/dagster/", HERE)


def sources() -> dict[str, str]:
    """Path -> text of every Python file of the repository."""
    return {
        name: (ROOT / name).read_text(encoding="utf-8") for name in checkout.files("*.py") if (ROOT / name).is_file()
    }


def imported(text: str) -> set[str]:
    """The modules a text imports, also those of programs it holds as strings."""
    tree = ast.parse(text)
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    programs = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for program in programs:
        for line in program.splitlines():
            words = line.split()
            if len(words) > 1 and words[0] in ("from", "import") and (words[0] == "import" or "import" in words[2:3]):
                found.add(words[1].rstrip(",;"))
    return found


def outside(rooms: tuple[str, ...], is_private: Callable[[str], bool]) -> dict[str, set[str]]:
    """File -> what it imports though it stands outside the rooms."""
    used = {
        name: {module for module in imported(text) if is_private(module)}
        for name, text in sources().items()
        if not name.startswith(rooms)
    }
    return {name: modules for name, modules in used.items() if modules}


def test_only_the_seam_imports_dbt() -> None:
    found = outside(DBT_ROOMS, lambda module: module.split(".")[0] in DBT)
    assert not found, f"what needs dbt belongs to orchestration/dbt: {found}"


def test_only_the_seam_imports_dagsters_inside() -> None:
    found = outside(DAGSTER_ROOMS, lambda module: module.startswith("dagster._"))
    assert not found, f"what needs Dagster's inside belongs to orchestration/dagster: {found}"


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("from dbt.cli.main import dbtRunner", "dbt.cli.main"),
        ("import dagster._core.errors as e", "dagster._core.errors"),
        ('X = """\nimport sys\nfrom dbt.cli.main import dbtRunner\n"""', "dbt.cli.main"),
    ],
)
def test_an_import_is_found(text: str, module: str) -> None:
    assert module in imported(text)
