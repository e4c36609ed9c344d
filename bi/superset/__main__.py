"""`python -m bi.superset validate | impact TABLE[.COLUMN] | datasets | bundle`: see docs/superset.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bi.superset import assets, rules
from bi.superset.bundle import BY_API, BY_PAGE, bundle
from bi.superset.datasets import ASSETS, known_datasets, marts, read_wanted, texts


def validate() -> int:
    """Name what is wrong; 1 if anything is."""
    known = known_datasets()
    wrong = [*rules.findings(assets.read(), known, read_wanted(), marts()), *rules.stale(known)]
    sys.stderr.writelines(f"{each}\n" for each in wrong)
    return 1 if wrong else 0


def impact(asked: str) -> int:
    """Name what breaks without a table or column; 2 if there is none of that name."""
    table, _, column = asked.partition(".")
    there = {mart.name: {each.name for each in mart.columns} for mart in marts()}
    if table not in there or (column and column not in there[table]):
        sys.stderr.write(f"no mart has {asked}\n")
        return 2
    broken = list(rules.impact(asked, assets.read(), known_datasets()))
    sys.stdout.writelines(f"{each}\n" for each in broken or [f"nothing here needs {asked}"])
    return 0


def write_datasets() -> int:
    """Write assets/datasets anew."""
    written = texts(known_datasets())
    for path in set((ASSETS / "datasets").rglob("*.yaml")) - {ASSETS / path for path in written}:
        path.unlink()
    for path, text in written.items():
        (ASSETS / path).parent.mkdir(parents=True, exist_ok=True)
        (ASSETS / path).write_text(text, encoding="utf-8")
    return 0


def write_bundle(asked: argparse.Namespace) -> int:
    """Write the file to import, and name the dashboards in it."""
    files = {audience: Path(file) for audience in ("bi", "controlling") if (file := getattr(asked, audience))}
    for title in bundle(files, assets.read(), known_datasets(), Path(asked.out), BY_PAGE if asked.for_page else BY_API):
        sys.stdout.write(f"{title}\n")
    return 0


def main(arguments: Sequence[str]) -> int:
    """The command line; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bi.superset", description="Dashboards for Apache Superset as code."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("validate", help="check datasets, charts and filters against the marts' contracts")
    commands.add_parser("datasets", help="write the datasets anew from the marts' contracts")
    breaking = commands.add_parser("impact", help="say which charts and dashboards break if a column goes")
    breaking.add_argument("column", metavar="TABLE[.COLUMN]")
    packing = commands.add_parser("bundle", help="pack everything into one file for Superset's import")
    packing.add_argument("--bi", required=True, help="path of bi/serving.duckdb on Superset's machine")
    packing.add_argument(
        "--controlling", help="path of controlling/serving.duckdb; without it, what needs it is left out"
    )
    packing.add_argument("--out", default="superset.zip")
    packing.add_argument(
        "--for-page", action="store_true", help="for the import button of Superset's page instead of its API"
    )
    asked = parser.parse_args(arguments)
    match asked.command:
        case "validate":
            return validate()
        case "impact":
            return impact(asked.column)
        case "datasets":
            return write_datasets()
        case _:
            return write_bundle(asked)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
