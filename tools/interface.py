"""pipelines/publishing/interface.yml: what a release promises to readers of the marts.

`python -m tools.interface` writes down the marts as they are, under the next version: part of a release. `--check` fails where they break
what the last release promised; that they add to it is fine. Belongs here: from the marts' YAML to the file, and the command. Not here: what
breaks a promise (pipelines.publishing.interface).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import yaml

from pipelines.publishing.interface import Promise, PromisedMart, breaches, next_version, promise
from tools import generated
from tools.mart_dictionary import read_marts

PROMISE: Final = Path("pipelines/publishing/interface.yml")
HEAD: Final = (
    "# What the last release promised to readers of the marts. Written by `python -m tools.interface` at a release; "
    "`deprecated` by hand.\n"
)
DEFAULT_AUDIENCE: Final = "bi"


def marts_as_they_are() -> dict[str, PromisedMart]:
    """Every mart by name, in alphabetical order."""
    return {
        mart.name: PromisedMart(
            audience=mart.config.meta.audience or DEFAULT_AUDIENCE,
            key=tuple(mart.config.meta.unique_key),
            columns={column.name: column.data_type for column in mart.columns},
        )
        for mart in sorted(read_marts(), key=lambda each: each.name)
    }


def text(promised: Promise) -> str:
    """The file's text."""
    return HEAD + yaml.safe_dump(promised.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=140)


def released(before: Promise, marts: Mapping[str, PromisedMart]) -> Promise:
    """The promise of the release that publishes `marts`; what has gone is no longer announced."""
    there = {*marts, *(f"{name}.{column}" for name, mart in marts.items() for column in mart.columns)}
    deprecated = tuple(each for each in before.deprecated if each.what in there)
    return Promise(version=next_version(before, marts), deprecated=deprecated, marts=marts)


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with `--check` name what is broken and return 1."""
    marts = marts_as_they_are()
    broken = breaches(promise(), marts)
    for each in broken:
        sys.stderr.write(f"{each}\n")
    if broken or "--check" in arguments:
        return 1 if broken else 0
    return generated.write_or_check({PROMISE: text(released(promise(), marts))}, "tools.interface", ())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
