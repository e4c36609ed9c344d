"""The commands people are told to type do what they are said to do. Belongs here: Makefile, hooks, .ci/run against each other."""

from __future__ import annotations

import re

import yaml

from tests.conftest import REPOSITORY

MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")


def recipe(target: str) -> list[str]:
    """The commands of a make target."""
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert found, f"make {target} is not there"
    return [line.strip().removeprefix("@") for line in found[1].splitlines()]


def test_each_commit_is_checked_by_the_tools_of_make_lint() -> None:
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repository["repo"] for repository in hooks] == ["local"], "nothing is downloaded"
    asked = [hook["entry"].split() for repository in hooks for hook in repository["hooks"]]
    lint = [command.replace("$(BIN)", ".venv/bin").split() for command in recipe("lint")]
    assert [words[0] for words in asked] == [words[0] for words in lint]
    assert [words[1] for words in asked if "ruff" in words[0]] == [words[1] for words in lint if "ruff" in words[0]]


def test_continuous_integration_runs_every_test_once() -> None:
    script = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^(?:\w+=\S+ )?make (\S+)$", script, re.MULTILINE) == [
        "lint",
        "tryton-tools",
        "spark-tools",
        "test",
        "test-rest",
    ]
    ((left_out,), (rest,)) = (
        [command.partition(" -m ")[2].partition("-m ")[2] for command in recipe(t)] for t in ("test", "test-rest")
    )
    assert (left_out, rest) == ('"not slow"', "slow")
