"""The manifest of a version: what is in it, as of when, known at what time, from which sources, with which hashes.

Belongs here: its strict model, reading and writing. Not here: comparing a version with it (verification).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pipelines import durable
from pipelines.errors import Problem, VerifyError
from pipelines.publishing.tables import Audience

MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
"""The manifest's own SHA-256, in the format of sha256sum: an altered manifest is found too."""

_STRICT = ConfigDict(frozen=True, strict=True, extra="forbid")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time in the manifest needs its zone")
    return moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
"""A point in time, kept in UTC."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class SourceState(BaseModel):
    """What one source table contributed: period of its data, rows, and how complete they came.

    `domain` is None for sources the company lists as unmapped and no table of the product stands for.
    Filtered is what `where` leaves out, lost in the mapping what does not come out of its SQL; amounts of the first required money column,
    in delivered currencies, None where nobody can tell or there is none.
    `completeness_ratio` = accepted / (accepted + quarantined), six digits; None if nothing was delivered.
    """

    model_config = _STRICT

    table: str
    domain: str | None
    is_mapped: bool
    is_delivered: bool
    delivered_at: Moment | None = None
    data_from: date | None = None
    data_to: date | None = None
    rows_accepted: int = Field(default=0, ge=0)
    rows_quarantined: int = Field(default=0, ge=0)
    rows_filtered: int = Field(default=0, ge=0)
    rows_lost_in_mapping: int | None = Field(default=None, ge=0)
    amount_filtered: Decimal | None = None
    amount_lost_in_mapping: Decimal | None = None
    completeness_ratio: Decimal | None = None
    note: str = ""
    agreed_age_days: int | None = Field(default=None, ge=1)
    """How old the newest delivery may be while others are newer; None: nothing was agreed."""


def completeness_ratio(accepted: int, quarantined: int) -> Decimal | None:
    """The share of delivered rows that were accepted, six digits, rounded half away from zero; None of no rows."""
    delivered = accepted + quarantined
    if delivered == 0:
        return None
    return (Decimal(accepted) / Decimal(delivered)).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


class WaivedFault(BaseModel):
    """A check that failed and was published all the same, because somebody took responsibility for it."""

    model_config = _STRICT

    code: str
    table: str
    what: str
    who: str
    why: str
    until: date


class ManifestFacts(BaseModel):
    """What a run knows about the version it publishes; the rest of the manifest follows from the files."""

    model_config = _STRICT

    known_at: Moment
    as_of_dates: tuple[date, ...] = Field(min_length=1)
    open_months: tuple[date, ...] = ()
    why: tuple[str, ...] = ()
    """What the run knows of the reason; what follows from the version before is added."""
    method_version: str
    project_version: str
    pseudonym_key_id: str | None = None
    sources: tuple[SourceState, ...] = ()
    batches: tuple[str, ...] = ()
    waivers: tuple[WaivedFault, ...] = ()


class PublishedFile(BaseModel):
    """One file of a version. `path` is relative to the version, with forward slashes; `rows` is None for databases.

    `content` names the state of the table it was written from and how it was written: the same gives the same bytes. None where
    nobody knows.
    """

    model_config = _STRICT

    path: str = Field(pattern=r"^(bi|controlling|team)/[a-z][a-z0-9_]*\.(parquet|duckdb)$")
    sha256: Sha256
    bytes: int = Field(ge=0)
    rows: int | None = Field(default=None, ge=0)
    key: tuple[str, ...] = ()
    content: str | None = None

    @property
    def audience(self) -> str:
        """The folder the file lies in."""
        return self.path.split("/", 1)[0]

    @property
    def is_table(self) -> bool:
        """True for a table's Parquet file."""
        return self.path.endswith(".parquet")


class Manifest(BaseModel):
    """The content of manifest.json. No secret is in it: of the pseudonym key only its public id."""

    model_config = _STRICT

    format_version: Literal[1] = 1
    version: int = Field(ge=1)
    previous_version: int | None
    published_at: Moment
    known_at: Moment
    as_of_dates: tuple[date, ...]
    open_months: tuple[date, ...] = ()
    """Those of the dates whose month was not over when the version was known."""
    why: tuple[str, ...] = ()
    """Why it was published: codes of the vocabulary's group `publication`."""
    method_version: str
    project_version: str
    interface_version: str | None = None
    """What readers were promised when it was published (publishing.interface); versions before there was a promise say nothing."""
    pseudonym_key_id: str | None
    sources: tuple[SourceState, ...]
    batches: tuple[str, ...] = ()
    """The landed batches that counted: what the next delivery is compared with."""
    waivers: tuple[WaivedFault, ...] = ()
    files: tuple[PublishedFile, ...]

    def tables_of(self, audience: Audience) -> tuple[PublishedFile, ...]:
        """The Parquet files of one audience, by path."""
        return tuple(file for file in self.files if file.is_table and file.audience == audience)

    def file(self, path: str) -> PublishedFile | None:
        """The entry of a path, if there is one."""
        return next((file for file in self.files if file.path == path), None)


def write(manifest: Manifest, directory: Path) -> None:
    """Write manifest.json and its seal into a version's directory, durably."""
    text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    durable.write_text(directory / MANIFEST, text)
    durable.write_text(directory / SEAL, f"{hashlib.sha256(text.encode()).hexdigest()}  {MANIFEST}\n")


def read(directory: Path) -> Manifest:
    """The manifest of the version in `directory`.

    Raises VerifyError (MANIFEST_MISSING, MANIFEST_ALTERED, MANIFEST_INVALID) naming the file and the way out.
    """
    shown = f"{directory.name}/{MANIFEST}"
    remedy = "publish again, or roll back to a version that verifies: kundenwert versions, kundenwert rollback VERSION"
    try:
        content = (directory / MANIFEST).read_bytes()
        seal = (directory / SEAL).read_bytes()
    except OSError as error:
        name = f"{directory.name}/{Path(str(error.filename)).name}"
        raise VerifyError(
            Problem("MANIFEST_MISSING", f"{name} cannot be read: {error.strerror}", name, remedy)
        ) from None
    if seal != f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n".encode():
        what = f"the manifest does not have the SHA-256 kept in {SEAL}: one of the two was altered"
        raise VerifyError(Problem("MANIFEST_ALTERED", what, shown, remedy))
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        what = f"the manifest is not one this release reads: {place}: {first['msg']}"
        raise VerifyError(Problem("MANIFEST_INVALID", what, shown, remedy)) from None
