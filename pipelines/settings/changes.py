"""The method with some settings changed: `weights.attractiveness.chemistry=30` -> a valid Portfolio, or every problem.

Belongs here: finding a setting by its path and validating the whole by the very checks of the file. Not here: what a
setting means (portfolio), what the change would do (orchestration.what_if).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

from pipelines.errors import ConfigError, Problem, UsageError, did_you_mean
from pipelines.settings.portfolio import Portfolio, Zone
from pipelines.settings.validation import keys_at, validated
from pipelines.settings.yaml_file import NodePath, Value, parse, read

SHORTHAND = "weights"
"""`weights.<axis>.<criterion>` means `scorecards.customer.<axis>.<criterion>`."""

AXIS_DEPTH = 3
"""Length of the path of an axis: scorecards.customer.potential."""

_FIXED: Mapping[tuple[str, ...], str] = {
    ("version",): "it is the version of the file's format, not of the method",
    ("currency", "reporting"): "amounts before and after would be in different currencies",
}
"""Settings that cannot be tried out, and why."""


class SettingError(UsageError):
    """A setting on the command line makes no sense."""


@dataclass(frozen=True, slots=True)
class Change:
    """One setting changed; `path` in full, values as YAML writes them."""

    path: str
    before: str
    after: str


def changed_portfolio(path: Path, assignments: Sequence[str]) -> tuple[Portfolio, tuple[Change, ...]]:
    """The method in the file at `path` with every `setting=value` of `assignments` in force.

    A value is written as in the file and read by the same rules; `null` takes a criterion off its axis. Raises
    SettingError for paths that lead nowhere (did you mean), a setting given twice, one that cannot be tried out;
    ConfigError for values that are not spelled clearly and for a method that is not valid then: what the file itself
    would be told, at the lines to change.
    """
    document = read(path)
    problems: list[Problem] = []
    spelling: list[Problem] = []
    changes: list[Change] = []
    tree = document.value
    seen: dict[NodePath, str] = {}
    for assignment in assignments:
        where = f"--set {assignment}"
        name, sign, text = assignment.partition("=")
        if not sign or not name.strip():
            what = f"'{assignment}' is not a setting and its value"
            problems.append(Problem("SET_SYNTAX", what, where, "write --set weights.attractiveness.chemistry=30"))
            continue
        parts = _full_path(name)
        if parts in seen:
            what = f"{'.'.join(map(str, parts))} is set twice, first by '{seen[parts]}'"
            problems.append(Problem("SET_TWICE", what, where, "keep one of them"))
            continue
        seen[parts] = assignment
        if reason := _FIXED.get(tuple(map(str, parts))):
            problems.append(Problem("SET_REFUSED", f"{name.strip()} cannot be tried out: {reason}", where, "leave it"))
            continue
        try:
            value = parse(text, where).value
        except ConfigError as error:
            spelling += [replace(problem, where=where) for problem in error.problems]
            continue
        found = _find(tree, parts)
        if isinstance(found, _Nowhere):
            problems.append(Problem("SET_PATH_UNKNOWN", found.what, where, found.remedy))
            continue
        full = ".".join(map(str, parts))
        changes.append(Change(full, _written(found.value), "(removed)" if _removes(parts, value) else _written(value)))
        tree = _with(tree, parts, value)
    if problems:
        raise SettingError(*problems, *spelling)
    if spelling:
        raise ConfigError(*spelling)
    return validated(replace(document, value=tree), Portfolio), tuple(changes)


def _full_path(name: str) -> NodePath:
    parts = tuple(part.strip() for part in name.split("."))
    return ("scorecards", "customer", *parts[1:]) if parts[0] == SHORTHAND and len(parts) > 1 else parts


@dataclass(frozen=True, slots=True)
class _Found:
    """A place a setting has, with the value that stands there (None where the file leaves an optional one out)."""

    value: Value


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """Why a path leads nowhere, and what was meant."""

    what: str
    remedy: str


def _find(tree: Value, parts: NodePath) -> _Found | _Nowhere:
    node = tree
    for depth, part in enumerate(parts):
        above = ".".join(map(str, parts[:depth])) or "portfolio.yml"
        if isinstance(node, tuple):
            if not str(part).isdigit() or int(part) >= len(node):
                what = f"'{part}' is not an entry of {above}"
                return _Nowhere(what, f"count its entries from 0 to {len(node) - 1}")
            node = node[int(part)]
            continue
        known = _known_keys(tree, node, parts[:depth])
        if not known:
            return _Nowhere(f"{above} is a single value; nothing is below it", f"set {above} itself")
        if part not in known:
            return _Nowhere(f"'{part}' is not a setting of {above}", did_you_mean(part, known))
        node = node.get(str(part)) if isinstance(node, dict) else None
    return _Found(node)


def _known_keys(tree: Value, node: Value, path: NodePath) -> frozenset[str]:
    """What may stand below `path`: what stands there, what the model knows, on an axis every criterion there is."""
    known: set[str] = set(node) if isinstance(node, dict) else set()
    known.update(keys_at(Portfolio, path))
    if not path:
        known.add(SHORTHAND)
    elif path == ("service_levels",):
        known.update(get_args(Zone))
    elif path[0] == "scorecards" and len(path) == AXIS_DEPTH and isinstance(tree, dict):
        criteria = tree.get("criteria")
        known.update(criteria if isinstance(criteria, dict) else ())
    return frozenset(known)


def _removes(path: NodePath, value: Value) -> bool:
    return value is None and path[0] == "scorecards" and len(path) == AXIS_DEPTH + 1


def _with(tree: Value, parts: NodePath, value: Value, depth: int = 0) -> Value:
    """A copy of `tree` with `value` at `parts`."""
    if depth == len(parts):
        return value
    key = parts[depth]
    if isinstance(tree, tuple):
        place = int(key)
        return (*tree[:place], _with(tree[place], parts, value, depth + 1), *tree[place + 1 :])
    copied = dict(tree) if isinstance(tree, dict) else {}
    if depth == len(parts) - 1 and _removes(parts, value):
        copied.pop(str(key), None)
    else:
        copied[str(key)] = _with(copied.get(str(key)), parts, value, depth + 1)
    return copied


def _written(value: Value) -> str:
    """As YAML writes it, on one line."""
    if isinstance(value, dict):
        return "{" + _listed(f"{key}: {_written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + _listed(_written(item) for item in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items)
