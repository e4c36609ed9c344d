"""What was measured of one size, kept as JSON. Belongs here: the record and its medians; not here: measuring, judging."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from bench.processes import Measured


@dataclass(slots=True)
class Results:
    """All rounds of one size (or, as `fixed`, of the demo company)."""

    size: str
    lines: int
    day: str
    commit: str
    machine: str
    jobs: dict[str, list[Measured]] = field(default_factory=dict)
    """Job -> its rounds."""

    parts: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    """`stages`, `models` (seconds by name, of full runs) and `core` (one figure): a mapping per round."""

    left_out: dict[str, str] = field(default_factory=dict)
    """Job -> why it was not measured."""

    @property
    def is_of_two_engines(self) -> bool:
        """Whether the same run was measured on DuckDB and on a Spark: a comparison of its own."""
        return "spark" in self.jobs

    def wall(self, job: str) -> float | None:
        """Median seconds of a job; None if it was not measured."""
        return self._median(job, "wall")

    def cpu(self, job: str) -> float | None:
        """Median processor seconds of a job."""
        return self._median(job, "cpu")

    def peak(self, job: str) -> float | None:
        """Median of the most bytes a job held at once."""
        return self._median(job, "peak")

    def ratio(self, job: str) -> float | None:
        """Median seconds of a job by those of the script in the same rounds."""
        own, script = self.wall(job), self.wall("script")
        return None if own is None or script is None else own / script

    def part(self, kind: str) -> dict[str, float]:
        """Median seconds by name of one kind of parts."""
        rounds = self.parts.get(kind, [])
        return {name: median([each.get(name, 0.0) for each in rounds]) for name in (rounds[0] if rounds else {})}

    def _median(self, job: str, what: str) -> float | None:
        rounds = self.jobs.get(job)
        return median([getattr(each, what) for each in rounds]) if rounds else None


def write(results: Results, folder: Path) -> None:
    """Keep the results of a size as the last ones."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{results.size}.json").write_text(json.dumps(asdict(results), indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> tuple[Results, ...]:
    """The last results of every size, smallest first."""
    found = [_from(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]
    return tuple(sorted(found, key=lambda results: results.lines))


def _from(raw: Mapping[str, object]) -> Results:
    jobs = raw["jobs"]
    assert isinstance(jobs, dict)  # noqa: S101 - a file of our own
    measured: dict[str, Sequence[Mapping[str, float]]] = jobs
    rounds = {job: [Measured(**each) for each in of] for job, of in measured.items()}  # type: ignore[arg-type]
    return Results(**{**raw, "jobs": rounds})  # type: ignore[arg-type]
