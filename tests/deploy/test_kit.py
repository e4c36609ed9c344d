"""What the files of deploy/ say, read from them: what is promised of them in docs/deployment.md holds. Nothing is started here."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import REPOSITORY
from tests.deploy.containerfile import read
from tests.deploy.kit import KIT
from tests.documents import text_of
from tests.test_documents import options, wrong_words
from tools import runtime_lock

COMPANY = "company/"
"""Below deploy/: what is the company's, never the repository's."""

READ_BY_PYTHON = frozenset(["TMPDIR"])
"""What no line of ours names: the standard library's tempfile reads it."""

PACKAGES = ("pipelines", "data_quality", "orchestration")


# --- the container file ----------------------------------------------------------------------------------------------


def test_the_last_stage_has_no_network_no_root_and_no_wheels() -> None:
    stages = read((KIT / "Containerfile").read_text(encoding="utf-8"))
    runs = [step for step in stages[-1].steps if step.word == "RUN"]
    assert runs and all(step.flags.get("network") == "none" for step in runs)
    installs = " ".join(step.rest for step in runs).split("pip install")[1:]
    assert installs and all("--no-index" in install for install in installs)
    assert [step.rest for step in stages[-1].steps if step.word == "USER"] == ["kundenwert"]
    copied = [step.rest.split()[:-1] for step in stages[-1].steps if step.word == "COPY"]
    assert not {"tests", "docs", "deploy", "."} & {source for sources in copied for source in sources}
    assert all(
        "--require-hashes" in step.rest
        for stage in stages
        for step in stage.steps
        if "requirement" in step.rest and "pip " in step.rest
    )


def test_of_the_lock_what_the_product_needs_is_installed_and_nothing_else() -> None:
    lock, project = (text_of(name) for name in ("requirements.lock", "pyproject.toml"))
    whole, part = runtime_lock.blocks(lock), runtime_lock.blocks(runtime_lock.needed(lock, project))
    assert part.items() <= whole.items()
    pinned = re.findall(r"^[\w.-]+(?:\[\S+\])?==", lock, re.MULTILINE)
    assert len(re.findall("^[^ #]", "".join(whole.values()), re.MULTILINE)) == len(pinned), "some are pinned twice"
    assert runtime_lock.asked_for(project) <= part.keys()
    assert not {"pytest", "ruff", "mypy", "playwright", "sqlfluff"} & part.keys()


# --- compose ---------------------------------------------------------------------------------------------------------


@cache
def compose() -> Any:
    """The compose file, anchors filled in."""
    return yaml.safe_load((KIT / "compose.yaml").read_text(encoding="utf-8"))


def test_the_proxy_is_the_only_way_in() -> None:
    services = compose()["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["${LISTEN:-127.0.0.1:8443}:8443"]}
    assert services["proxy"]["network_mode"] == "service:web"
    assert "listen 8443 ssl;" in (KIT / "nginx" / "kundenwert.conf").read_text(encoding="utf-8")


def test_services_of_ours_may_write_in_the_home_only() -> None:
    for name in ("web", "daemon"):
        service = compose()["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        writable = [volume for volume in service["volumes"] if not volume.endswith(":ro")]
        assert writable == ["home:/var/lib/kundenwert"]


def test_no_secret_is_in_the_repository() -> None:
    for service in compose()["services"].values():
        for variable, value in service.get("environment", {}).items():
            assert not re.search("PASSWORD|KEY|URL", variable) or value.startswith("/run/secrets/")
    kept = subprocess.run(["git", "ls-files", str(KIT / COMPANY)], capture_output=True, text=True, check=True, cwd=KIT)
    assert kept.stdout.split() == [f"{COMPANY}.gitignore"]
    ignored = subprocess.run(
        ["git", "check-ignore", "--quiet", str(KIT / COMPANY / "secrets" / "users")], check=False, cwd=KIT
    )
    assert ignored.returncode == 0
    example = (KIT / "env" / "kundenwert.env.example").read_text(encoding="utf-8")
    given = [line for line in example.splitlines() if line and not line.startswith("#")]
    assert given and all(line.endswith("=") for line in given)


def test_files_the_compose_file_names_are_there_or_the_companys() -> None:
    assert (KIT / compose()["x-kundenwert"]["build"]["context"]).resolve() == REPOSITORY
    named = [volume.split(":")[0] for service in compose()["services"].values() for volume in service["volumes"]]
    files = [name.removeprefix("./") for name in named if name.startswith("./")]
    assert files and all(name.startswith(COMPANY) or (KIT / name).is_file() for name in files)


def started() -> Iterator[list[str]]:
    """The words after `kundenwert` of everything the kit starts."""
    for service in compose()["services"].values():
        if "command" in service:
            yield service["command"]
    for unit in (KIT / "systemd").glob("*.service"):
        for line in re.findall(r"^ExecStart=\S+/kundenwert (.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE):
            yield shlex.split(line)
    for line in re.findall(r'CMD \["kundenwert", (.*)\]', (KIT / "Containerfile").read_text(encoding="utf-8")):
        yield shlex.split(line.replace(",", " "))


def test_what_the_kit_starts_are_commands_with_options_that_exist() -> None:
    found = list(started())
    assert {words[0] for words in found} == {"ui", "run", "alerts", "status"}
    assert not [words for words in found if any(wrong_words(words, options()))]


# --- the environment -------------------------------------------------------------------------------------------------


def test_the_table_of_the_environment_is_what_the_program_reads_and_sets() -> None:
    table = text_of("docs/deployment.md").partition("## Environment")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert told >= variables(), "the program knows more"
    assert not {name for name in told - READ_BY_PYTHON if name not in texts()}, "the program does not know them"


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the product, as it is written."""
    paths = [path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py")]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def variables() -> set[str]:
    """Names the program takes from the environment, or sets there."""
    profiles = (REPOSITORY / "dbt_project" / "profiles.yml").read_text(encoding="utf-8")
    found = set(re.findall(r"env_var\('(\w+)'", profiles))
    for module in modules().values():
        constants = dict(_constants(module))
        for node in ast.walk(module):
            found |= {constants.get(name, name) for name in _asked(node)}
    return {name for name in found if name.isupper()} | {name for name in texts() if name.startswith("KUNDENWERT_")}


@cache
def texts() -> frozenset[str]:
    """Every string of the program that could be a variable's name, and those of the dbt profile."""
    profiles = (REPOSITORY / "dbt_project" / "profiles.yml").read_text(encoding="utf-8")
    nodes = [node for module in modules().values() for node in ast.walk(module)]
    strings = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return frozenset(text for text in strings if re.fullmatch("[A-Z][A-Z_]+", text)) | set(
        re.findall(r"env_var\('(\w+)'", profiles)
    )


def _constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in module.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = list(zip(target.elts, value.elts, strict=True))
        for name, given in pairs:
            if isinstance(name, ast.Name) and isinstance(given, ast.Constant) and isinstance(given.value, str):
                yield name.id, given.value


def _asked(node: ast.AST) -> Iterator[str]:
    """Names, or names of constants, in `os.environ[...]`, `os.environ.get(...)`, `os.getenv(...)`, `envvar=...`, what dbt is given."""
    asked: list[ast.AST | None] = []
    match node:
        case ast.Subscript(value=ast.Attribute(attr="environ"), slice=key):
            asked = [key]
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get" | "pop" | "setdefault"), args=[key, *_]
        ):
            asked = [key]
        case ast.Call(func=ast.Attribute(attr="getenv"), args=[key, *_]):
            asked = [key]
        case ast.keyword(arg="envvar", value=key):
            asked = [key]
        case ast.AnnAssign(target=ast.Name(id="_ALWAYS"), value=ast.Dict(keys=keys)):
            asked = list(keys)
    for each in asked:
        if isinstance(each, ast.Constant):
            yield str(each.value)
        elif isinstance(each, ast.Name):
            yield each.id
