"""Is what the warehouse holds what a version says? Each table exported again and compared with the manifest, by SHA-256.

Belongs here: that comparison. Not here: whether a version is still what was published (verification), building the warehouse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines import contents, duck, steps
from pipelines.home import Home
from pipelines.publishing import export, layout, manifest
from pipelines.publishing.tables import PublishedTable
from pipelines.workshop import workshop


@dataclass(frozen=True, slots=True)
class Compared:
    """A version beside the warehouse: tables with the same bytes, with others, only in the warehouse, only in the version."""

    version: str
    same: tuple[str, ...]
    differing: tuple[str, ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether every table has the bytes that were published."""
        return not (self.differing or self.added or self.missing)


def compare(home: Home, tables: Sequence[PublishedTable], number: int) -> Compared:
    """Compare the tables of the warehouse with those of a version. Nothing is kept of the exported files.

    Raises VerifyError as reading a manifest does, KundenwertError as `export.check` does.
    """
    then = {
        file.path: file.sha256 for file in manifest.read(layout.existing_directory(home, number)).files if file.is_table
    }
    now: dict[str, str] = {}
    with (
        steps.step("rebuild: compare", home.logs),
        workshop(home.temporary, "compare") as scratch,
        duck.reading(home.warehouse, home.temporary) as warehouse,
    ):
        export.check(warehouse, tables)
        for table in tables:
            export.export(warehouse, table, scratch / "table.parquet")
            now[table.path] = contents.of_file(scratch / "table.parquet")
    both = sorted(then.keys() & now.keys())
    return Compared(
        version=layout.name_of(number),
        same=tuple(path for path in both if then[path] == now[path]),
        differing=tuple(path for path in both if then[path] != now[path]),
        added=tuple(sorted(now.keys() - then.keys())),
        missing=tuple(sorted(then.keys() - now.keys())),
    )
