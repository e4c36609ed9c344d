"""Whatever is wrong in a file, a person gets problems with line and remedy, never a traceback."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.settings.portfolio import read_portfolio
from pipelines.settings.sources import read_sources

CONFIG = Path(__file__).parents[3] / "config"
DAMAGES = (
    lambda line: "",
    lambda line: line.split(":")[0] + ": [1, {a: null}]",
    lambda line: line.split(":")[0] + ":",
    lambda line: line[: len(line) // 2],
    lambda line: line.replace("a", "x", 1),
    lambda line: line.replace("l", "1", 1),
    lambda line: line.replace("0", "0.5", 1),
    lambda line: line.replace(": ", ": {a: b, c: ", 1) + "}",
)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["portfolio.yml", "sources.yml"])
def test_damage_is_told_in_plain_words(name: str, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice, nothing secret
    lines = (CONFIG / name).read_text(encoding="utf-8").split("\n")
    telling = [number for number, line in enumerate(lines) if ":" in line and not line.lstrip().startswith("#")]
    path = tmp_path / name
    refused = 0
    for _ in range(8):
        damaged = list(lines)
        for number in chance.sample(telling, 2):
            damaged[number] = chance.choice(DAMAGES)(damaged[number])
        path.write_text("\n".join(damaged), encoding="utf-8")
        try:
            read_portfolio(path) if name == "portfolio.yml" else read_sources(path, environment={})
        except ConfigError as error:
            refused += 1
            for problem in error.problems:
                assert problem.code
                assert problem.what
                assert problem.remedy
                assert problem.where.rpartition(":")[2].isdigit()
    assert refused, "no damage was noticed at all"
