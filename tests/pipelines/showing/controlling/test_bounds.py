"""Whatever the checks write about what they observed and what they allow is read in the reader's language and digits.

Belongs here: the forms as the checks' own source writes them, so that a new one fails here. Not here: the page (test_controlling_page).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import data_quality
from data_quality.basics import basic_rules
from data_quality.batches import measured_rules
from data_quality.rules import limit_text, shown
from data_quality.weighing import percent
from orchestration.dbt import runner
from pipelines.contracts import load_contracts
from pipelines.showing.controlling.bounds import bound, is_said
from pipelines.vocabulary import Voice
from tests.dbt_statuses import NOT_DONE

SHARES = tuple(percent(Decimal(share)) for share in ("0", "0.0004", "0.052", "12.5"))
NUMBERS = ("3", "-3", "0.875", "12345.50")
WRITERS = {
    "percent": SHARES,
    "shown": tuple(shown(Decimal(number)) for number in NUMBERS),
    "str": NUMBERS[:2],
    "format": NUMBERS,
    "limit_text": tuple(
        {
            limit_text(rule.expectation)
            for table in load_contracts().values()
            for rule in (*basic_rules(table), *measured_rules(table))
        }
    ),
}
"""What the functions return that write a number or a bound."""

SAYS = {"observed", "limit"}
Scope = ast.FunctionDef | ast.Module


def forms(value: ast.expr, scope: Scope, module: ast.Module) -> Iterator[str]:
    """Every form an expression can take, numbers by an example; an expression nobody foresaw fails."""
    match value:
        case ast.Constant(value=written):
            yield from [] if written is None else [str(written)]
        case ast.JoinedStr(values=parts):
            yield "".join(example(part) for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from (*forms(one, scope, module), *forms(other, scope, module))
        case ast.Call(func=ast.Name(id=writer)) if writer in WRITERS:
            yield from WRITERS[writer]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=between), attr="join")):
            yield str(between).join(["3"] * 4)
        case ast.Call(func=ast.Attribute(value=ast.Dict(values=values), attr="get"), args=[_, default]):
            for each in (*values, default):
                yield from forms(each, scope, module)
        case ast.Attribute(attr="status"):
            yield from (runner.GOOD | NOT_DONE) - {"reused"}
        case ast.Name(id=name):
            yield from named(name, scope, module)
        case _:
            raise AssertionError(f"write it otherwise, or say here what it can be: {ast.unparse(value)}")


def example(part: ast.expr) -> str:
    """A part of a text with places: what is written, or a number in a place."""
    match part:
        case ast.Constant(value=written):
            return str(written)
        case ast.FormattedValue(format_spec=None):
            return "3"
        case _:
            return "3.00"


def named(name: str, scope: Scope, module: ast.Module) -> Iterator[str]:
    """What a name can stand for: what is assigned to it, or what the function is called with (by keyword: found where it is called)."""
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)]) if target == name:
                yield from forms(node.value, scope, module)
            case ast.Assign(
                targets=[ast.Tuple(elts=[*_, ast.Name(id=target)])], value=ast.Call(func=ast.Name(id="limited"))
            ):
                yield from SHARES if target == name else ()
    if isinstance(scope, ast.FunctionDef):
        places = [argument.arg for argument in scope.args.args]
        for caller, call in calls(module):
            is_meant = isinstance(call.func, ast.Name) and call.func.id == scope.name and name in places
            if is_meant and len(call.args) > places.index(name):
                yield from forms(call.args[places.index(name)], caller, module)


def calls(module: ast.Module) -> Iterator[tuple[Scope, ast.Call]]:
    """Every call of a module with the function it stands in."""
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    for scope in functions:
        yield from ((scope, node) for node in ast.walk(scope) if isinstance(node, ast.Call))


def written() -> Iterable[tuple[str, str]]:
    """(file, form) of everything the checks say of what they observed and what they allow."""
    for file in sorted(Path(data_quality.__file__).parent.glob("*.py")):
        module = ast.parse(file.read_text(encoding="utf-8"))
        for scope, call in calls(module):
            for keyword in call.keywords:
                if keyword.arg in SAYS:
                    yield from ((file.name, form) for form in forms(keyword.value, scope, module))


def test_every_form_a_check_writes_is_said_in_the_readers_language() -> None:
    found = {(file, form) for file, form in written()}
    assert {file for file, _ in found} >= {
        "before.py",
        "dbt_results.py",
        "landing_results.py",
        "plausibility.py",
        "suites.py",
        "warehouse_results.py",
        "weights.py",
    }
    assert sorted(each for each in found if not is_said(each[1])) == [], (
        "add the form to pipelines/showing/controlling/bounds.py"
    )


@pytest.mark.parametrize(
    ("form", "english", "german"),
    [
        ("at least 0.5 and at most 2", "0.5\xa0to\xa02", "0,5\xa0bis\xa02"),
        ("at most 1234.5", "≤\xa01,234.5", "≤\xa01.234,5"),
        ("at least 2", "≥\xa02", "≥\xa02"),
        ("12345 rows", "12,345 rows", "12.345 Zeilen"),
        ("1 rows", "1 row", "1 Zeile"),
        ("3 of 40 lines", "3 of 40 lines", "3 von 40 Positionen"),
        ("1 days", "1 day", "1 Tag"),
        ("day 12, 3.00", "to day 12: 3.00", "bis Tag 12: 3,00"),
        ("5.2 %", "5.2%", "5,2\xa0%"),
        ("less than 0.1 %", "less than 0.1%", "weniger als 0,1\xa0%"),
        ("nothing to measure", "nothing to measure", "nichts zu messen"),
        ("a form of a later release: 0.5", "a form of a later release: 0.5", "a form of a later release: 0.5"),
    ],
)
def test_a_form_has_the_words_and_digits_of_the_language(form: str, english: str, german: str) -> None:
    assert [bound(form).by(Voice(language)) for language in ("en", "de")] == [english, german]
