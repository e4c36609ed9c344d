"""The dbt project, compiled once: at install time, and again when a file of it changed.

Belongs here: what compiling depends on, keeping its results. Not here: building (runner), which executes what was compiled here. dbt
is imported only when there is something to compile (10 s). No query may depend on what stands in a warehouse: it is compiled
against an empty one. `python -m orchestration.dbt.manifest` is the install step.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestration.dbt import environment, inside
from pipelines import durable, program
from pipelines.errors import KundenwertError, Problem

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

PROJECT_DIR: Final = Path(__file__).parents[2] / "dbt_project"
MANIFEST: Final = "manifest.json"
PARSED: Final = "partial_parse.msgpack"
"""dbt's own form of the parsed project; a run that is handed it does not parse again (3 to 5 s)."""

SEMANTICS: Final = "semantic_manifest.json"
"""Measures, dimensions and metrics, as MetricFlow reads them."""

FINGERPRINT: Final = "manifest.sha256"
_NOT_PARSED: Final = frozenset({"target", "logs", "dbt_packages"})


def ensure_manifest(project_dir: Path = PROJECT_DIR) -> Path:
    """The path of an up-to-date manifest.json below `<project>/target`; compiles if a file of the project changed.

    Raises KundenwertError DBT_PARSE with dbt's message.
    """
    target = project_dir / "target"
    now = fingerprint(project_dir)
    kept = target / FINGERPRINT
    is_fresh = kept.is_file() and kept.read_text(encoding="utf-8").strip() == now
    if not (is_fresh and all((target / name).is_file() for name in (MANIFEST, PARSED, SEMANTICS))):
        _compile(project_dir, target)
        # Written last: whoever finds it finds the files it vouches for.
        durable.write_text(kept, now + "\n")
        # As readable as what it vouches for: root installs, a service of another user runs.
        kept.chmod((target / MANIFEST).stat().st_mode & 0o777)
    return target / MANIFEST


def fingerprint(project_dir: Path) -> str:
    """SHA-256 over dbt's version, what it is asked, and the names and contents of all files of the project."""
    digest = hashlib.sha256(" ".join(compile_arguments(Path(), Path())).encode())
    for package in ("dbt-core", "dbt-duckdb"):
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    program.add_files(digest, project_dir, _files(project_dir))
    return digest.hexdigest()


def load_parsed(project_dir: Path = PROJECT_DIR) -> Manifest | None:
    """The parsed project as dbt's own object, for one run (dbt changes it); None if dbt cannot read it any more."""
    try:
        return inside.read_parsed((project_dir / "target" / PARSED).read_bytes())
    except Exception:  # noqa: BLE001 - whatever is wrong with this cache, parsing again is right
        return None


def _files(project_dir: Path) -> Iterator[Path]:
    for path in sorted(project_dir.rglob("*")):
        if path.relative_to(project_dir).parts[0] not in _NOT_PARSED:
            yield path


def _compile(project_dir: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".parsing_", dir=target))
    try:
        with environment.prepared(aside / environment.WAREHOUSE_NAME):
            from dbt.cli.main import dbtRunner

            result = dbtRunner().invoke(compile_arguments(project_dir, aside))
        if not result.success:
            what = f"the dbt project cannot be compiled: {_said(result)}"
            raise KundenwertError(
                Problem("DBT_PARSE", what, "dbt_project/", "correct the file dbt names, then run again")
            )
        for name in (PARSED, SEMANTICS, MANIFEST):
            durable.replace_file(aside / name, target / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _said(result: dbtRunnerResult) -> str:
    """What dbt objects to, on one line."""
    objections = [result.exception] if result.exception else [each.message for each in result.result if each.message]
    return " ".join(" ".join(str(each) for each in objections).split())


def compile_arguments(project_dir: Path, target: Path) -> list[str]:
    """dbt's arguments for compiling `project_dir` into `target`, silently, without a look at the warehouse, without telemetry."""
    return [
        "compile",
        "--no-introspect",
        *("--project-dir", str(project_dir)),
        *("--profiles-dir", str(project_dir)),
        *("--target-path", str(target)),
        *("--log-path", str(target)),
        *("--log-level", "none"),
        *("--log-level-file", "none"),
        "--no-partial-parse",
        "--no-send-anonymous-usage-stats",
    ]


def main() -> int:
    """Prepare the manifest; prints where it lies."""
    try:
        path = ensure_manifest()
    except KundenwertError as error:
        sys.stderr.write(f"{error}\n")
        return int(error.exit_code)
    sys.stdout.write(f"{path.relative_to(PROJECT_DIR.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
