"""Where models are computed, if not on this machine: the block `spark` of config/sources.yml.

Belongs here: the model. Not here: asking a Spark anything (orchestration.dbt.on_spark).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePosixPath

from pydantic import Field

from pipelines.settings.validation import StrictModel


class Spark(StrictModel):
    """A Spark Thrift server (Spark SQL over HiveServer2's protocol) and what it may do for us."""

    host: str = Field(min_length=1)
    """Where the Thrift server listens."""
    port: int = Field(default=10000, ge=1, le=65535)
    """Its port."""
    user: str = Field(default="kundenwert", min_length=1)
    """The name it is asked under. No password is sent."""
    threads: int = Field(default=4, ge=1, le=64)
    """So many models are computed side by side."""
    statement_minutes: int = Field(default=60, ge=1, le=100_000)
    """A model that takes longer has failed: a cluster whose last worker is gone waits for another one for ever."""
    sees_home_at: str | None = Field(default=None, min_length=1)
    """Where the cluster sees the home, if not where this machine does: a path or a URL of its file system."""
    settings: Mapping[str, str] = {}
    """More settings of the session, as Spark names them."""

    @property
    def statement_limit(self) -> timedelta:
        """`statement_minutes`."""
        return timedelta(minutes=self.statement_minutes)

    def seen(self, path: PurePosixPath, home: PurePosixPath) -> str:
        """A path below the home as the cluster knows it. Raises ValueError if it is not below."""
        below = path.relative_to(home)
        if self.sees_home_at is None:
            return f"file:{path}"
        root = self.sees_home_at.rstrip("/")
        return f"{root if ':' in root else f'file:{root}'}/{below}"
