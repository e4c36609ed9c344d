"""Strict YAML: the text of a configuration file -> a value tree with the line of every node, or every problem at once.

Belongs here: what may stand in a configuration file at all. Not here: what must stand there (validation), what a
setting means (portfolio, sources).

Only what cannot be misread is accepted. Where YAML 1.1, YAML 1.2 and a German reader disagree (`0,5`, `no`, `12:30`,
`0100`, `5.000`), the file is refused with both ways to say it clearly. Decimals become `Decimal`, never float. Keys are
text exactly as written, so a value map may say `01: invoice`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import yaml

from pipelines.errors import ConfigError, Problem

Scalar = str | int | Decimal | bool | date | datetime | None
Value: TypeAlias = "Scalar | tuple[Value, ...] | dict[str, Value]"
NodePath = tuple[str | int, ...]
"""Keys and list positions from the root of a document to a node."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file read: its value tree (sequences are tuples) and the 1-based line of every node by its path."""

    name: str
    value: Value
    lines: Mapping[NodePath, int]

    def where(self, path: Iterable[str | int]) -> str:
        """`file:line` of the node at `path`, or of its nearest ancestor that stands in the file."""
        known: NodePath = ()
        for part in path:
            for step in (part, str(part)):  # keys are text, even where a model reads them as numbers
                if (*known, step) in self.lines:
                    known = (*known, step)
                    break
        return f"{self.name}:{self.lines.get(known, 1)}"


def read(path: Path) -> Document:
    """The file at `path` as a Document. Raises ConfigError with every problem of its spelling."""
    name = display(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(
            Problem(
                "CONFIG_NO_FILE",
                "the file does not exist; nothing was read",
                name,
                "create it, or name the right directory with --config",
            )
        ) from None
    except OSError as error:
        raise ConfigError(
            Problem(
                "CONFIG_UNREADABLE",
                f"the file cannot be read: {error.strerror}",
                name,
                "check that it is a file and its permissions",
            )
        ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            Problem("YAML_ENCODING", f"byte {error.start} is not UTF-8", f"{name}:{line}", "save the file as UTF-8")
        ) from None
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    """`text` as a Document called `name` in messages. Raises ConfigError with every problem of its spelling."""
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(*_syntax_problems(text, name, error)) from None
    builder = _Builder(name)
    value = builder.value(root, ()) if root is not None else None
    if builder.problems:
        raise ConfigError(*builder.problems)
    return Document(name, value, builder.lines)


# --- spelling -------------------------------------------------------------------------------------------------------

_STR_TAG = "tag:yaml.org,2002:str"
_CONSTANTS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TYPES: tuple[tuple[re.Pattern[str], Callable[[str], Scalar]], ...] = (
    (re.compile(r"-?(0|[1-9][0-9]*)"), int),
    (re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+"), Decimal),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), date.fromisoformat),
    (
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?"),
        datetime.fromisoformat,
    ),
)


@dataclass(frozen=True, slots=True)
class _Trap:
    """A plain scalar that readers understand differently."""

    code: str
    pattern: re.Pattern[str]
    why: str
    remedy: str


_COMMA = _Trap(
    "YAML_NUMBER",
    re.compile(
        r"[-+]?[0-9]*(,[0-9]+)+(\.[0-9]+)?"  # 0,5  1,440,000.00
        r"|[-+]?[0-9]+(\.[0-9]{3})+,[0-9]+"  # 1.440,00
        r"|[-+]?[0-9]{1,3}(\.[0-9]{3}){2,}"  # 1.440.000
    ),
    "is not a number here: the decimal sign is the point, thousands have no sign",
    "write 0.5 instead of 0,5 and 1440000 instead of 1.440.000, text in quotes",
)
_TRAPS = (
    _Trap(
        "YAML_BOOLEAN",
        re.compile(r"(?i:yes|no|on|off)"),
        "is a truth value to some YAML readers and text to others",
        "write true or false, or put it in quotes if text is meant",
    ),
    _Trap(
        "YAML_NOT_FINITE",
        re.compile(r"(?i:[-+]?\.inf|\.nan)"),
        "is not a finite number",
        "write a number, or null for none",
    ),
    _Trap(
        "YAML_SEXAGESIMAL",
        re.compile(r"[-+]?[0-9]+(:[0-9]{1,2})+(\.[0-9]*)?"),
        "is a number to the base of 60 to some YAML readers",
        "put it in quotes if text is meant",
    ),
    _Trap(
        "YAML_NUMBER",
        re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}"),
        "may mean thousands or three decimals",
        "write thousands without a sign (5000), decimals with two or four digits (5.00), text in quotes",
    ),
    _COMMA,
    _Trap(
        "YAML_NUMBER",
        re.compile(r"[-+]?0[0-9]+(\.[0-9]+)?"),
        "has a leading zero: octal to some, decimal to others, an id to a ledger",
        "put it in quotes if text is meant, drop the zero if a number is",
    ),
    _Trap(
        "YAML_NUMBER",
        re.compile(
            r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+"  # 1e3
            r"|0[xXoObB][0-9a-fA-F_]+"  # 0x1F  0o17
            r"|[-+]?[0-9][0-9_]*_[0-9_.]*"  # 1_000
            r"|\+[0-9.]+|[-+]?\.[0-9]+|[-+]?[0-9]+\."  # +5  .5  5.
        ),
        "is a number to some YAML readers only",
        "write it as plain digits (1000, 0.5), or put it in quotes if text is meant",
    ),
)


class _Builder:
    """Turns composed nodes into values, collecting lines and problems."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[NodePath, int] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, path: NodePath) -> Value:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._seen:
            self._refuse("YAML_ALIAS", "an alias (*name) repeats another part of the file", line, "write the part out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(item, (*path, number)) for number, item in enumerate(node.value))
        return self._scalar(node, line)

    def _mapping(self, node: yaml.MappingNode, path: NodePath) -> dict[str, Value]:
        result: dict[str, Value] = {}
        first_lines: dict[str, int] = {}
        before: yaml.Node | None = None
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if before is not None and _is_rest_of_decimal(before, key_node, value_node):
                self._refuse("YAML_NUMBER", f"{before.value},{key_node.value} {_COMMA.why}", line, _COMMA.remedy)
                continue
            before = value_node
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse("YAML_KEY", "a key is a list or a mapping", line, "write a plain name as key")
                continue
            key = str(key_node.value)
            if key == "<<" and key_node.style is None:
                self._refuse("YAML_ALIAS", "'<<' merges another part of the file", line, "write the part out")
                continue
            if key in first_lines:
                self._refuse(
                    "YAML_DUPLICATE_KEY",
                    f"the key '{key}' stands twice, first in line {first_lines[key]}; nobody may choose between them",
                    line,
                    "keep one of them",
                )
                continue
            first_lines[key] = line
            self.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.Node, line: int) -> Scalar:
        text = str(node.value)
        style: str | None = getattr(node, "style", None)
        if node.tag != _STR_TAG:
            self._refuse("YAML_TAG", f"the tag {node.tag} asks for a type", line, "remove the tag")
            return None
        return text if style is not None else self._plain(text, line)

    def _plain(self, text: str, line: int) -> Scalar:
        trap = next((trap for trap in _TRAPS if trap.pattern.fullmatch(text)), None)
        if trap is not None:
            self._refuse(trap.code, f"{text} {trap.why}", line, trap.remedy)
        elif "\t" in text:
            self._refuse("YAML_TAB", "a tab stands inside a value", line, "use spaces")
        else:
            try:
                return _typed(text)
            except ValueError:
                what = f"{text} is not a day of the calendar"
                self._refuse("YAML_DATE", what, line, "correct the date, or put it in quotes")
        return None

    def _refuse(self, code: str, what: str, line: int, remedy: str) -> None:
        self.problems.append(Problem(code, what, f"{self.name}:{line}", remedy))


def _is_rest_of_decimal(before: yaml.Node, key: yaml.Node, value: yaml.Node) -> bool:
    """Whether `{a: 0,5}` was written: YAML ends the value at the comma and takes the 5 for a key without a value."""
    return (
        all(isinstance(node, yaml.ScalarNode) and node.style is None for node in (before, key, value))
        and re.fullmatch(r"-?[0-9]+", str(before.value)) is not None
        and re.fullmatch(r"[0-9]+", str(key.value)) is not None
        and bool(key.start_mark.index == before.end_mark.index + 1)
        and bool(value.start_mark.index == key.end_mark.index)
        and value.value == ""
    )


def _typed(text: str) -> Scalar:
    """A plain scalar that is no trap. Raises ValueError for a date that does not exist."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    for pattern, read_as in _TYPES:
        if pattern.fullmatch(text):
            return read_as(text)
    return text


def _syntax_problems(text: str, name: str, error: Exception) -> Iterator[Problem]:
    tabs = [number for number, line in enumerate(text.split("\n"), 1) if "\t" in line[: len(line) - len(line.lstrip())]]
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = mark.line + 1 if mark is not None else text.count("\n", 0, getattr(error, "position", 0)) + 1
    source_lines = text.split("\n")
    if (
        at not in tabs
        and mark is not None
        and at <= len(source_lines)
        and source_lines[at - 1][mark.column : mark.column + 1] == "\t"
    ):
        tabs.append(at)
    for number in sorted(tabs):
        yield Problem("YAML_TAB", "a tab stands where YAML wants spaces", f"{name}:{number}", "replace tabs by spaces")
    if at not in tabs:
        reason = " ".join(
            part
            for part in (
                getattr(error, "context", None),
                getattr(error, "problem", None) or getattr(error, "reason", None),
            )
            if part
        )
        yield Problem(
            "YAML_SYNTAX",
            f"this is not YAML: {reason or error}",
            f"{name}:{at}",
            "check indentation, quotes and colons of this line and the one before",
        )


def display(path: Path) -> str:
    """The path as a person would type it from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
