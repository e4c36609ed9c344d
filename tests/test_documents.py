"""Names in prose are names of things that are there: commands and options, paths, models, columns, settings, codes, modules.

A sentence that no test reads goes on being printed when it is no longer true. Belongs here: asking the thing itself. Not here:
generated documents as a whole (each has its own test), what a sentence says about a thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any, get_args, get_origin

import pytest
import typer
from pydantic import BaseModel

from orchestration.commands.app import app
from pipelines.contracts import load_contracts
from pipelines.settings.portfolio import Portfolio
from pipelines.settings.sources import SourceMap
from tests import checkout
from tests.conftest import REPOSITORY
from tests.documents import DOCUMENTS, Named, anchors, commands, links, names, places, text_of
from tools import error_codes
from tools.mart_dictionary import read_marts

PLACEHOLDER = re.compile(r"<\w+>|\*|\.\.\.|NNN")
MODEL = re.compile(r"(?:mart|dim|fct|int|stg)_\w+")
COLUMN = re.compile(r"((?:mart|dim|fct|raw|quarantine|crm)[_.]\w+)\.(\w+)")
MODULE = re.compile(r"(?:pipelines|data_quality|orchestration|bench|tests|tools)(?:\.\w+)+")
FILE = re.compile(r"[\w-]+\.(?:py|yml|yaml|sql|md|json|jsonl|html|toml|duckdb|key|txt)")
PATH = re.compile(r"[\w.<>*{},=-]+(?:/[\w.<>*{},=~-]*)+")
SETTING = re.compile(r"([a-z_]+(?:\.[\w]+)+)(?:=.*)?")
OF_A_HOME = frozenset(
    [
        "published",
        "written_back",
        "landing",
        "control",
        "settings",
        "checks",
        "dbt",
        "dagster",
        "logs",
        "metrics",
        "watch",
        "reports",
        "spark",
        "tmp",
        "warehouse.duckdb",
        "demo",
    ]
)
OF_A_VERSION = frozenset(("bi", "controlling", "team", "pages"))
OF_THE_DEMO = frozenset(("erp", "crm"))


@cache
def tracked() -> frozenset[str]:
    """Every file of the project and every folder on the way to it."""
    files = [PurePosixPath(line) for line in checkout.files()]
    return frozenset(str(path) for file in files for path in (file, *file.parents))


@cache
def program() -> str:
    """The text of everything that runs, configures or describes: a name that stands nowhere in it is no name of the product."""
    parts = ("pipelines", "data_quality", "orchestration", "config", "dbt_project", "examples", "bi", "bench", "tools")
    files = [
        path
        for path in tracked()
        if path.partition("/")[0] in parts and PurePosixPath(path).suffix in _TEXT and "/delivery/" not in path
    ]
    return "\n".join((REPOSITORY / path).read_text(encoding="utf-8") for path in files)


_TEXT = frozenset((".py", ".yml", ".sql", ".md", ".js", ".j2", ".csv", ".po"))


def told(wrong: Iterable[object]) -> None:
    listed = sorted({str(each) for each in wrong})
    assert not listed, "there is no such thing:\n" + "\n".join(listed)


# --- commands --------------------------------------------------------------------------------------------------------


def options() -> dict[str, set[str]]:
    """Command -> its options; "" for those before the command."""
    root: Any = typer.main.get_command(app)
    found = {name: _flags(command) for name, command in root.commands.items()}
    # A group's options are those of its commands.
    for name, command in root.commands.items():
        for below in getattr(command, "commands", {}).values():
            found[name] |= _flags(below)
    return {"": _flags(root), **found}


def _flags(command: Any) -> set[str]:
    return {"--help"}.union(*(set(parameter.opts) | set(parameter.secondary_opts) for parameter in command.params))


def wrong_words(words: list[str], known: Mapping[str, set[str]]) -> Iterator[str]:
    """The words of a kundenwert command line that are no command or no option of it."""
    if "|" in words:
        yield from (word for word in words if word != "|" and word not in known)
        return
    command = ""
    for number, word in enumerate(words):
        if word.startswith("--"):
            if word.partition("=")[0] not in known[command]:
                yield word
        elif command == "" and not (number and words[number - 1] in known[""]):
            if word not in known:
                yield word
                return
            command = word
            if command == "dbt":
                return  # everything that follows is dbt's


def test_commands_and_their_options_exist() -> None:
    known = options()
    targets = set(re.findall(r"^([\w-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    seen = set()
    wrong = []
    for named, what, words in commands():
        seen.add(what)
        if what == "kundenwert" and any(wrong_words(words, known)):
            wrong.append(named)
        if what == "make" and words and words[0] not in targets:
            wrong.append(named)
        if what == "python -m" and not is_module(words[0]):
            wrong.append(named)
    assert seen == {"kundenwert", "make", "python -m"}
    told(wrong)


def test_options_named_alone_exist() -> None:
    known = set().union(*options().values())
    told(named for named in names() if re.match("--[a-z]", named.text) and named.text.split()[0] not in known)


# --- files and modules -----------------------------------------------------------------------------------------------


def test_links_lead_somewhere() -> None:
    told(named for named in links() if not (REPOSITORY / named.document).parent.joinpath(named.text).exists())


def test_links_into_documents_lead_to_a_place_in_them() -> None:
    found = [(named, place) for named, place in anchors() if not named.text or named.text.endswith(".md")]
    assert len(found) > 50
    told(f"{named}#{place}" for named, place in found if place not in places(text_of(_led_to(named))))


def _led_to(named: Named) -> str:
    path = REPOSITORY / named.document
    return str((path.parent / named.text).resolve().relative_to(REPOSITORY) if named.text else named.document)


def exists(path: str) -> bool:
    """True for a path of the project, of a home (var) or of the demo's deliveries; places in <> and * may stand for anything."""
    parts = path.rstrip("/").removeprefix("var/").split("/")
    if "shared" in parts[:2] or path.startswith(".venv/") or parts == ["var"]:
        return True
    if parts[0] in OF_A_HOME | OF_A_VERSION | OF_THE_DEMO:
        return True
    whole = "/".join(parts)
    if "{" in whole:
        before, _, rest = whole.partition("{")
        inside, _, after = rest.partition("}")
        return all(exists(before + each + after) for each in inside.split(","))
    # A decision may say landing/land.py: one of the packages is meant.
    pattern = re.compile(
        "(pipelines/|orchestration/)?"
        + "[^/]*".join(re.escape(part) for part in PLACEHOLDER.split(whole))
        + r"(\.\w+)?"
    )
    return any(pattern.fullmatch(known) for known in tracked())


def test_paths_exist() -> None:
    found = [named for named in names() if PATH.fullmatch(named.text) and not named.text.startswith(("/", "dbt/"))]
    assert len(found) > 50
    told(named for named in found if not exists(named.text))


def test_files_named_without_their_folder_exist() -> None:
    basenames = {path.rpartition("/")[2] for path in tracked()}
    told(
        named
        for named in names()
        if FILE.fullmatch(named.text) and named.text not in basenames and named.text not in program()
    )


def is_module(name: str) -> bool:
    """True for a module, a package, or something that a module of that name defines."""
    path = name.replace(".", "/")
    if {path, f"{path}.py"} & tracked():
        return True
    module, _, attribute = path.rpartition("/")
    files = {f"{module}.py", f"{module}/__init__.py"} & tracked()
    return any(re.search(rf"\b{attribute}\b", (REPOSITORY / file).read_text(encoding="utf-8")) for file in files)


def test_modules_exist() -> None:
    found = [named for named in names() if MODULE.fullmatch(named.text) and not FILE.fullmatch(named.text)]
    assert found
    told(named for named in found if not is_module(named.text))


# --- models, marts, columns ------------------------------------------------------------------------------------------


def models() -> set[str]:
    return {path.stem for path in (REPOSITORY / "dbt_project" / "models").rglob("*.sql")}


def columns() -> dict[str, set[str]]:
    """Table -> its columns: marts by name, raw tables as raw.<name>."""
    marts = {mart.name: {column.name for column in mart.columns} for mart in read_marts()}
    raw = {name: {column.load_name for column in contract.columns} for name, contract in load_contracts().items()}
    return marts | {f"{schema}.{name}": of for name, of in raw.items() for schema in ("raw", "quarantine")}


def test_models_exist() -> None:
    known = models()
    found = [
        (named, name)
        for named in names()
        for name in MODEL.findall(named.text)
        if not (PLACEHOLDER.search(named.text) or named.text.startswith("tests/"))  # test_promises.py asks for those.
    ]
    assert len(found) > 100
    told(named for named, name in found if name not in known and name not in program())
    told(named for named, name in found if MODEL.fullmatch(named.text) and name not in known)


def test_columns_of_tables_exist() -> None:
    known = columns()
    found = [(named, match) for named in names() if (match := COLUMN.fullmatch(named.text))]
    assert len(found) > 50
    told(named for named, match in found if match[2] not in known.get(match[1], ()))


# --- settings --------------------------------------------------------------------------------------------------------


def leads_somewhere(path: list[str], kind: Any) -> bool:
    """True if a setting of that path can stand below a value of `kind`; a name a company gives may be any, a word in capitals too."""
    if not path:
        return True
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields.values() if path[0].isupper() else [kind.model_fields.get(path[0])]
        return any(field is not None and leads_somewhere(path[1:], field.annotation) for field in fields)
    inner = get_args(kind)
    if get_origin(kind) is not None and issubclass_of(get_origin(kind), Mapping):
        return leads_somewhere(path[1:], inner[1])
    if path[0].isdigit() and inner:
        return any(leads_somewhere(path[1:], each) for each in inner)
    return any(leads_somewhere(path, each) for each in inner if each is not type(None))


def issubclass_of(origin: Any, kind: type) -> bool:
    return isinstance(origin, type) and issubclass(origin, kind)


def test_settings_exist() -> None:
    fields = {**SourceMap.model_fields, **Portfolio.model_fields}
    found, wrong = 0, []
    for named in names():
        match = SETTING.fullmatch(named.text)
        if match is None or FILE.fullmatch(named.text):
            continue
        path = match[1].split(".")
        if path[0] == "weights":
            path = ["scorecards", "customer", *path[1:]]
        if path[0] in fields:
            found += 1
            if not any(leads_somewhere(path, kind) for kind in (Portfolio, SourceMap)):
                wrong.append(named)
    assert found > 5
    told(wrong)


# --- codes -----------------------------------------------------------------------------------------------------------


def test_codes_exist() -> None:
    known = {use.code for use in error_codes.uses()}
    loud = [named for named in names() if error_codes.CODE.fullmatch(named.text)]
    assert loud
    told(named for named in loud if named.text not in known and named.text not in program())


# --- and each rule can fail ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("run --as-of 2025-12-31", []),
        ("--config FOLDER/config --home FOLDER/var check", []),
        ("what-if --sett zones.threshold=5", ["--sett"]),
        ("runn", ["runn"]),
        ("dbt show --select x", []),
    ],
)
def test_a_wrong_word_of_a_command_is_found(line: str, wrong: list[str]) -> None:
    assert list(wrong_words(line.split(), options())) == wrong


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("docs/marts.md", True),
        ("docs/marts", True),
        ("docs/martes.md", False),
        ("pipelines/{duck,lock}.py", True),
        ("pipelines/<x>.py", True),
    ],
)
def test_a_path_that_leads_nowhere_is_found(path: str, there: bool) -> None:
    assert exists(path) is there


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("zones.threshold", True),
        ("zones.treshold", False),
        ("criteria.payment.levels.2", True),
        ("criteria.payment.level", False),
        ("resource_pools.field.periods.0.annual_cost", True),
    ],
)
def test_a_setting_that_does_not_exist_is_found(path: str, there: bool) -> None:
    assert leads_somewhere(path.split("."), Portfolio) is there


def test_every_document_is_read() -> None:
    assert {"README.md", "docs/method.md", "docs/marts/core.md", "examples/machine_maker/README.md"} <= set(DOCUMENTS)
    assert all(text_of(document) for document in DOCUMENTS)
    assert Named("docs/method.md", "mart_uncovered_customers") in set(names())
