"""Which month a run is for. The rule's own cases are those of tests/statements; here: that landing feeds it what was delivered."""

# ruff: noqa: DTZ001 - moments in the tables are UTC without a zone

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines.errors import SourceError
from pipelines.landing import ledger
from pipelines.landing.as_of import RefusedError, default_as_of, default_known_at, open_months
from pipelines.landing.land import land_table
from pipelines.settings.workspace import Workspace
from tests.pipelines.landing.company import HEADER, LINES, company, deliver, line, lines_landed, rows

DATED = LINES.replace(
    '"lines*.csv", format: german, delivered_at: 2026-01-02T06:00:00', '"{date}/lines.csv", format: german'
)
DECEMBER, NOVEMBER = date(2025, 12, 31), date(2025, 11, 30)


def dated(directory: Path, *deliveries: tuple[str, str], mapping: str = DATED) -> Workspace:
    """Full deliveries of one invoice line each, in folders of their day."""
    workspace = company(directory, mapping)
    for number, (day, posted) in enumerate(deliveries, 1):
        deliver(directory, f"{day}/lines.csv", HEADER + line(f"R{number}", day=posted))
        land_table(workspace, "invoice_lines")
    return workspace


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        ("31.12.2025", DECEMBER),
        ("01.12.2025", DECEMBER),
        ("29.02.2024", date(2024, 2, 29)),
        ("15.01.2024", date(2024, 1, 31)),
    ],
)
def test_the_month_of_the_last_posting_is_the_one_if_it_was_over_when_delivered(
    latest: str, expected: date, tmp_path: Path
) -> None:
    """So an export by the month, all of it posted on the first, does not lose its last month."""
    workspace, _ = lines_landed(tmp_path, line("R1", day=latest), line("R2", day="02.01.2024"))
    assert default_as_of(workspace) == expected


def test_an_invoice_dated_ahead_waits(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, line("R1", day="30.12.2025"), line("R2", day="03.01.2026"))
    assert default_as_of(workspace) == DECEMBER
    # Delivered in January, when January is not over.
    assert open_months(workspace, [DECEMBER], datetime(2026, 1, 2, 5), allow_open_month=False) == ()


def test_a_quarantined_line_moves_nothing(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, line("R1", day="30.11.2025"), line("R2", day="30.12.2025", gross="x"))
    assert default_as_of(workspace) == NOVEMBER


def test_the_day_in_the_path_is_the_day_of_delivery_in_the_companys_zone(tmp_path: Path) -> None:
    workspace = dated(tmp_path, ("2025-12-31", "30.12.2025"))
    (entry,) = ledger.read(workspace.home)
    assert (entry.day, entry.declared_on) == (DECEMBER, None)
    assert entry.delivered_at == datetime(2025, 12, 31, 22, 59, 59)
    assert default_as_of(workspace) == DECEMBER


def test_a_declared_day_goes_before_the_one_in_the_path(tmp_path: Path) -> None:
    declared = DATED.replace("format: german", "format: german, delivered_at: 2025-12-01T00:30:00", 1)
    workspace = dated(tmp_path, ("2026-01-05", "30.12.2025"), ("2026-01-06", "30.11.2025"), mapping=declared)
    assert {entry.declared_on for entry in ledger.read(workspace.home)} == {date(2025, 12, 1)}
    assert default_as_of(workspace) == NOVEMBER


def test_what_was_delivered_later_is_not_known_then(tmp_path: Path) -> None:
    workspace = dated(tmp_path, ("2025-12-03", "30.11.2025"), ("2026-01-05", "30.12.2025"))
    assert default_as_of(workspace) == DECEMBER
    assert default_as_of(workspace, datetime(2025, 12, 10)) == NOVEMBER
    with pytest.raises(SourceError, match="NO_POSTING"):
        default_as_of(workspace, datetime(2025, 11, 30))


def test_a_corrected_delivery_takes_the_date_back(tmp_path: Path) -> None:
    workspace = dated(tmp_path, ("2026-02-02", "02.02.2026"), ("2026-02-03", "30.12.2025"))
    assert default_as_of(workspace) == DECEMBER


def test_without_a_posting_there_is_no_date(tmp_path: Path) -> None:
    workspace = company(tmp_path)
    with pytest.raises(SourceError, match="NO_INVOICE_LINES"):
        default_as_of(workspace)
    deliver(tmp_path, "lines.csv", HEADER + line("R1", day="03.01.2026"))
    land_table(workspace, "invoice_lines")
    with pytest.raises(SourceError, match="NO_POSTING"):
        default_as_of(workspace)


def test_a_month_that_is_not_over_needs_to_be_allowed(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, line("R1"))
    january, known = date(2026, 1, 31), datetime(2026, 1, 2, 5)
    with pytest.raises(RefusedError, match="OPEN_MONTH"):
        open_months(workspace, [DECEMBER, january], known, allow_open_month=False)
    assert open_months(workspace, [DECEMBER, january], known, allow_open_month=True) == (january,)
    # In Berlin the last day begins an hour before it does in UTC.
    assert open_months(workspace, [january], datetime(2026, 1, 30, 23), allow_open_month=False) == ()
    with pytest.raises(RefusedError, match="OPEN_MONTH"):
        open_months(workspace, [january], datetime(2026, 1, 30, 22, 59), allow_open_month=False)


def test_everything_delivered_is_known_and_on_the_month_end_all_of_that_day(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, line("R1"))
    assert default_known_at(workspace, DECEMBER) == datetime(2026, 1, 2, 5)
    assert default_known_at(workspace, date(2026, 1, 2)) == datetime(2026, 1, 2, 22, 59, 59)
    assert default_known_at(workspace, date(2026, 1, 31)) == datetime(2026, 1, 2, 5)


ACTIVITIES = """
files:
  visits: {path: "visits.csv", format: iso, delivered_at: 2026-01-02T06:00:00, time_zone: America/New_York}
tables:
  activities:
    from: visits
    columns: {activity_id: id, activity_at: at, recorded_at: at}
    constants: {account_id: A1, activity_type: visit}
"""


def test_a_file_may_have_its_times_in_another_zone(tmp_path: Path) -> None:
    """A visit at eight in the evening in New York is one of the next day in Berlin."""
    workspace = company(tmp_path, ACTIVITIES)
    deliver(tmp_path, "visits.csv", "id,at\n1,2025-12-30T20:00:00\n")
    land_table(workspace, "activities")
    ((at,),) = rows(workspace, "raw", "activities", "activity_at")
    assert isinstance(at, datetime)
    assert at == datetime(2025, 12, 31, 1)
    assert workspace.sources.day(at) == DECEMBER
