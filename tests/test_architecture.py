"""The picture of the rooms in docs/architecture.md is the house: every room is in it, every import goes along its arrows.

Belongs here: reading the picture, the imports as they are. Not here: what the import linter forbids (pyproject.toml), which also knows
single modules; the way of a row (end_to_end/test_demo.py has the demo).
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from functools import cache

from tests.conftest import REPOSITORY
from tests.documents import text_of

PICTURE = text_of("docs/architecture.md").partition("```mermaid")[2].partition("```")[0]
NODE = re.compile(r"^\s*(?!subgraph)(\w+)\[\"([^\"]+)\"\]", re.MULTILINE)
ARROW = re.compile(r"^\s*(\w+) --> (\w+)$", re.MULTILINE)
PACKAGES = ("pipelines", "data_quality", "orchestration")


@cache
def rooms() -> dict[str, frozenset[str]]:
    """Node of the picture -> the modules it stands for; `a.b, c` is a.b and a.c."""
    found = {}
    for node, label in NODE.findall(PICTURE):
        whole = label.rpartition("<br>")[0] or label
        names = [name.strip() for name in whole.replace("<br>", " ").split(",") if name.strip()]
        parent = names[0].rpartition(".")[0]
        found[node] = frozenset([names[0], *(f"{parent}.{name}" for name in names[1:])])
    return found


def room_of(module: str) -> str | None:
    """The node a module stands in."""
    for node, names in rooms().items():
        if any(module == name or module.startswith(f"{name}.") for name in names):
            return node
    return None


@cache
def reachable() -> dict[str, set[str]]:
    """Node -> itself and everything below it along the arrows."""
    below = defaultdict(set)
    for source, target in ARROW.findall(PICTURE):
        below[source].add(target)

    def all_below(node: str) -> set[str]:
        return {node}.union(*(all_below(each) for each in below[node]))

    return {node: all_below(node) for node in rooms()}


def imports() -> dict[tuple[str, str], str]:
    """(room, room it imports from) -> a module that does."""
    found = {}
    for package in PACKAGES:
        for path in (REPOSITORY / package).rglob("*.py"):
            module = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.module:
                    names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                for name in names:
                    pair = (room_of(module), room_of(name))
                    if pair[0] and pair[1] and pair[0] != pair[1]:
                        found[pair[0], pair[1]] = module
    return found


def test_every_room_is_in_the_picture() -> None:
    drawn = {name for names in rooms().values() for name in names}
    there = {
        ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        for package in ("pipelines", "orchestration")
        for path in (REPOSITORY / package).iterdir()
        if (path.is_dir() and (path / "__init__.py").is_file()) or (path.suffix == ".py" and path.stem != "__init__")
    }
    assert drawn - {"data_quality", "dbt_project"} == there
    assert {"data_quality", "dbt_project"} <= drawn


def test_every_import_goes_along_the_arrows() -> None:
    against = {
        f"{module}: {source} -> {target}"
        for (source, target), module in imports().items()
        if target not in reachable()[source]
    }
    assert not against, "draw the arrow in docs/architecture.md, or turn the import round"


def test_every_arrow_is_an_import() -> None:
    drawn = set(ARROW.findall(PICTURE))
    assert drawn
    assert not drawn - imports().keys(), "nothing imports along these arrows"


def test_the_layers_of_the_import_linter_are_those_of_the_picture() -> None:
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = [
        [name.strip() for name in layer.split("|")]
        for contract in contracts
        if contract["type"] == "layers" and "pipelines.contracts" in contract["layers"]
        for layer in contract["layers"]
    ]
    assert len(layers) > 5
    for number, upper in enumerate(layers):
        for lower in layers[number + 1 :]:
            for above, below in ((room_of(a), room_of(b)) for a in upper for b in lower):
                assert above and below, f"a layer of the linter is not in the picture: {upper}, {lower}"
                assert above == below or above not in reachable()[below], (
                    f"the picture has an arrow up: {below} -> {above}"
                )
