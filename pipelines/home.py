"""Where everything lies under the home directory. The layout is stated here and nowhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LAST_ERROR: Final = "last_error.txt"
"""In the logs: the whole text of what failed last."""


@dataclass(frozen=True, slots=True)
class Home:
    """The state directory (`--home`, env KUNDENWERT_HOME, default `var/`). All paths are absolute."""

    root: Path

    @classmethod
    def at(cls, path: Path | str) -> Home:
        """The home at `path`, resolved; nothing is created."""
        return cls(Path(path).expanduser().resolve())

    def prepare(self) -> Home:
        """Create the directories (0700) and return self. Safe to call again."""
        os.umask(0o077)
        for directory in (
            self.root,
            self.originals,
            self.raw,
            self.quarantine,
            self.ledger,
            self.control,
            self.settings,
            self.published,
            self.reports,
            self.logs,
            self.checks,
            self.temporary,
            self.dagster,
        ):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    @property
    def originals(self) -> Path:
        """Unchanged copies of every delivered file, named by SHA-256, mode 0600."""
        return self.root / "landing" / "originals"

    @property
    def raw(self) -> Path:
        """Typed accepted rows: `<table>/batch=<id>/part-0.parquet`, and `<table>/schema.parquet` with zero rows."""
        return self.root / "landing" / "raw"

    @property
    def quarantine(self) -> Path:
        """Rejected rows: `<table>/batch=<id>/part-0.parquet`, and `<table>/schema.parquet` with zero rows."""
        return self.root / "landing" / "quarantine"

    @property
    def ledger(self) -> Path:
        """One JSON file per landed batch, `<sequence>.json`; its rename is the commit of the batch."""
        return self.root / "landing" / "ledger"

    @property
    def corrections(self) -> Path:
        """Rows corrected in a sheet, one Parquet per delivered file, `<SHA-256 of the file>.parquet`, mode 0600."""
        return self.root / "landing" / "corrections"

    @property
    def erased(self) -> Path:
        """Marks of erased persons, and the delivered files whose copies are not kept for their sake; mode 0600."""
        return self.root / "landing" / "erased.json"

    @property
    def erasures(self) -> Path:
        """The log of erasures, one JSON object per line: when, why, how many rows where; never who."""
        return self.root / "landing" / "erasures.jsonl"

    @property
    def control(self) -> Path:
        """Tables that steer a run (as_of_dates, load_batches, source_coverage), one Parquet each."""
        return self.root / "control"

    @property
    def settings(self) -> Path:
        """config/portfolio.yml as tables, one Parquet each."""
        return self.root / "settings"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file dbt builds in; rebuildable at any time."""
        return self.root / "warehouse.duckdb"

    @property
    def dbt_target(self) -> Path:
        """dbt's artefacts of the last run (manifest.json with the compiled queries, run_results.json)."""
        return self.root / "dbt"

    @property
    def published(self) -> Path:
        """`vNNNNNN/` per version and the atomic pointer `CURRENT` (a relative symlink)."""
        return self.root / "published"

    @property
    def current(self) -> Path:
        """The pointer to the version BI tools read."""
        return self.published / "CURRENT"

    @property
    def reports(self) -> Path:
        """Pages for people."""
        return self.root / "reports"

    @property
    def portfolio_page(self) -> Path:
        """The page of the version CURRENT names: a link that goes where that points."""
        return self.reports / "portfolio.html"

    @property
    def controlling_page(self) -> Path:
        """The controllers' page of the version CURRENT names, likewise a link; a workbook per language lies beside it."""
        return self.reports / "controlling.html"

    @property
    def written_back(self) -> Path:
        """What was last written back into each CRM, one Parquet per system."""
        return self.root / "written_back"

    @property
    def logs(self) -> Path:
        """`steps.jsonl` (what the pipeline did, step by step) and dbt's log."""
        return self.root / "logs"

    @property
    def checks(self) -> Path:
        """The check results of the last run, green or red."""
        return self.root / "checks"

    @property
    def watch(self) -> Path:
        """What is remembered for who watches: how the last run ended, which alerts were sent."""
        return self.root / "watch"

    @property
    def metrics(self) -> Path:
        """The text file Prometheus collects. It holds no secret and nothing personal: whoever gets there may read it."""
        return self.root / "metrics" / "kundenwert.prom"

    @property
    def temporary(self) -> Path:
        """Scratch space; may be deleted at any time no run is under way."""
        return self.root / "tmp"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME: run history for the web UI only, never pipeline state."""
        return self.root / "dagster"

    @property
    def spark(self) -> Path:
        """What a Spark read and computed for this home (`engine: spark`); the warehouse shows the tables of the newest folder."""
        return self.root / "spark"

    @property
    def lock(self) -> Path:
        """Held by the one run that may change this home."""
        return self.root / "run.lock"

    @property
    def secret(self) -> Path:
        """The pseudonym key (0600), made at first use where KUNDENWERT_PSEUDONYM_KEY is not set."""
        return self.root / "pseudonym.key"
