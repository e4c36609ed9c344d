"""What readers of the marts are promised: names, types, keys and audiences, under a version of its own (semver). Belongs here: the
promise, what breaks it, which version comes next. Not here: writing it down (tools.interface), what the marts are (dbt_project).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE: Final = Path(__file__).with_name("interface.yml")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PromisedMart(_Frozen):
    """One mart: for whom it is, its total key, and the types of its columns."""

    audience: str
    key: tuple[str, ...]
    columns: Mapping[str, str]


class Deprecation(_Frozen):
    """A mart, or `mart.column`, that will go: it stays for the release that announces it, and `instead` is there already."""

    what: str
    announced: str = Field(pattern=r"\d+\.\d+\.\d+")
    instead: str


class Promise(_Frozen):
    """What the last release promised."""

    version: str = Field(pattern=r"\d+\.\d+\.\d+")
    deprecated: tuple[Deprecation, ...] = ()
    marts: Mapping[str, PromisedMart]

    def may_go(self, what: str) -> bool:
        """Whether a mart or column was announced by a release before the last one."""
        return any(each.what == what and _numbers(each.announced) < _numbers(self.version) for each in self.deprecated)


@cache
def promise() -> Promise:
    """The promise in interface.yml."""
    return Promise.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def breaches(promised: Promise, marts: Mapping[str, PromisedMart]) -> tuple[str, ...]:
    """What `marts` no longer keep of the promise, for people; empty if they only add to it."""
    return tuple(_breaches(promised, marts))


def next_version(promised: Promise, marts: Mapping[str, PromisedMart]) -> str:
    """The version under which `marts` may be promised: major where something goes, minor where something comes, else the same."""
    major, minor, _ = _numbers(promised.version)
    if list(_gone(promised, marts)):
        return f"{major + 1}.0.0"
    return promised.version if marts == dict(promised.marts) else f"{major}.{minor + 1}.0"


def _breaches(promised: Promise, marts: Mapping[str, PromisedMart]) -> Iterator[str]:
    for what in _gone(promised, marts):
        if not promised.may_go(what):
            yield f"{what} is gone: announce it under `deprecated` for one release, with what stands in its place"
    for name in sorted(promised.marts.keys() & marts.keys()):
        before, now = promised.marts[name], marts[name]
        if now.key != before.key:
            yield f"{name} has the key {', '.join(now.key)}, promised is {', '.join(before.key)}"
        if now.audience != before.audience:
            yield f"{name} is for {now.audience}, promised to {before.audience}"
        for column in before.columns.keys() & now.columns.keys():
            if now.columns[column] != before.columns[column]:
                yield f"{name}.{column} is {now.columns[column]}, promised is {before.columns[column]}"
    there = {*marts, *(f"{name}.{column}" for name, mart in marts.items() for column in mart.columns)}
    for each in promised.deprecated:
        if each.instead not in there:
            yield f"{each.instead} stands in the place of {each.what} and is not there"


def _gone(promised: Promise, marts: Mapping[str, PromisedMart]) -> Iterator[str]:
    for name, before in sorted(promised.marts.items()):
        if name not in marts:
            yield name
        else:
            yield from (f"{name}.{column}" for column in before.columns if column not in marts[name].columns)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
