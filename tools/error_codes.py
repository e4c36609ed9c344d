"""docs/error_codes.md: every code a message may carry, what it means, what to do, where it comes from.

`python -m tools.error_codes` writes it, `--check` fails if the file differs. Belongs here: finding the codes in the program, and the
text of the file. Not here: what a code means (pipelines/vocabulary, `error.<CODE>`), the next step in one case (the message itself).
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pipelines.errors import ConfigError, ExitCode, GateRedError, LockedError, SourceError, VerifyError
from pipelines.vocabulary import Voice, is_known
from tools import generated

REPOSITORY: Final = Path(__file__).resolve().parents[1]
DOCUMENT: Final = Path("docs/error_codes.md")
PACKAGES: Final = ("data_quality", "orchestration", "pipelines")

CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
CARRIERS: Final = frozenset(("Problem", "Violation"))
"""What carries a code as its first argument; there a code may also be a single word (ENCODING)."""

NO_CODES: Final = (
    (
        r"(KUNDENWERT|DBT|DAGSTER|GX)_(?!FAILED|MODEL|NO_|PARSE|SKIPPED|TEST|USAGE)\w+|DO_NOT_TRACK|PYTHON_DOTENV\w+",
        "variables",
    ),
    (
        r"TIMESTAMP_\w+|BASE_TABLE|TABLE_FUNCTION|\w+_NODE|\w+_REF|COMPARE_\w+|\w+_HANDLING|\w+_MODIFIER",
        "DuckDB's words",
    ),
    (r"PG_DIAG_\w+", "PostgreSQL's words"),
    (r"QUEUED_RUN_COORDINATOR", "the name of Dagster's daemon"),
    (r"BOOLEAN_ONLY|FAIL_FAST", "words of Great Expectations and dbt"),
)
"""Texts that look like a code and are none."""

SINGLE_WORDS: Final = frozenset(("TYPE",))
"""Codes without an underscore that no carrier has as a literal: they stand in a table of codes."""

CLASSES: Final = {
    error.__name__: error.exit_code for error in (ConfigError, SourceError, GateRedError, LockedError, VerifyError)
} | {"Violation": ExitCode.CONFIG, "SettingError": ExitCode.USAGE, "PeriodError": ExitCode.USAGE}

TO_DO: Final = {
    ExitCode.USAGE: "write the option as the message suggests",
    ExitCode.CONFIG: "correct the configuration at the named line, then `kundenwert check`",
    ExitCode.SOURCE: "correct or deliver again what the message names, then `kundenwert run`",
    ExitCode.GATE_RED: "read what the message says of the check, then `kundenwert run`; the former version stays",
    ExitCode.LOCKED: "wait for the run that is named",
    ExitCode.VERIFY_FAILED: "`kundenwert verify`, then `kundenwert rollback` to a version that verifies, or `kundenwert run`",
}
OTHERWISE: Final = "do what the message names as the next step"

_INTRODUCTION: Final = """# Error codes

Every message has a code that does not change with the wording; with `--json` it stands in `problems[].code`. The message itself says
what happened, where, and the next step. A code with an exit code ends the command with it; others turn up in a list of findings, and the
gate decides. Exit codes: [operations.md](operations.md)."""


@dataclass(frozen=True, slots=True)
class Use:
    """One place in the program that gives a code; `exit_code` where the class of the error tells it."""

    code: str
    module: str
    exit_code: ExitCode | None


@cache
def uses(repository: Path = REPOSITORY) -> tuple[Use, ...]:
    """Every place that gives a code."""
    found: list[Use] = []
    for package in PACKAGES:
        for path in sorted((repository / package).rglob("*.py")):
            module = ".".join(path.relative_to(repository).with_suffix("").parts).removesuffix(".__init__")
            found += [Use(code, module, exit_code) for code, exit_code in codes_in(path.read_text(encoding="utf-8"))]
    return tuple(found)


def codes_in(source: str) -> Iterator[tuple[str, ExitCode | None]]:
    """The codes in a module's text, each with the exit code of the error it is raised with."""
    tree = ast.parse(source)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            call = above[node]
            is_carried = isinstance(call, ast.Call) and _name(call) in CARRIERS and node is call.args[0]
            if is_carried or node.value in SINGLE_WORDS or (CODE.fullmatch(node.value) and not _is_no_code(node.value)):
                yield node.value, _exit_code(node, above)


def _is_no_code(text: str) -> bool:
    return any(re.fullmatch(pattern, text) for pattern, _ in NO_CODES)


def _exit_code(node: ast.AST, above: dict[ast.AST, ast.AST]) -> ExitCode | None:
    while not isinstance(node, ast.stmt):
        if isinstance(node, ast.Call) and _name(node) in CLASSES:
            return CLASSES[_name(node)]
        node = above[node]
    return None


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def document() -> str:
    """The text of docs/error_codes.md. Raises KeyError for a code nobody explained."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "<!-- generated by `python -m tools.error_codes` from the program and pipelines/vocabulary; do not edit -->"
    yield from _INTRODUCTION.splitlines()
    yield from ("", "| code | meaning | Bedeutung | exit code | what to do | comes from |", "|---|---|---|---|---|---|")
    english, german = Voice("en"), Voice("de")
    for code in sorted({use.code for use in uses()}):
        own = [use for use in uses() if use.code == code]
        exits = sorted({use.exit_code for use in own if use.exit_code is not None})
        to_do = TO_DO[exits[0]] if len(exits) == 1 and exits[0] in TO_DO else OTHERWISE
        modules = ", ".join(f"`{module}`" for module in sorted({use.module for use in own}))
        ends = ", ".join(str(int(each)) for each in exits)
        yield f"| `{code}` | {english.say(f'error.{code}')} | {german.say(f'error.{code}')} | {ends} | {to_do} | {modules} |"


def unexplained() -> tuple[str, ...]:
    """Codes the program gives and the vocabulary does not know."""
    return tuple(sorted({use.code for use in uses() if not is_known(f"error.{use.code}")}))


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with `--check` return 1 if it differs."""
    return generated.write_or_check({DOCUMENT: document()}, "tools.error_codes", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
