"""Which files a declared path stands for, and which names are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.errors import SourceError
from pipelines.sources import locate


def delivered(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    return root


def test_dates_in_the_path_separate_deliveries(tmp_path: Path) -> None:
    root = delivered(
        tmp_path, "2026-01-03/b.csv", "2026-01-02/b.csv", "2026-01-02/a.csv", "20260104/c.csv", "latest/a.csv"
    )
    found = locate(root, "{date}/*.csv")
    assert [(item.day, [file.name for file in item.files]) for item in found] == [
        (date(2026, 1, 2), ["a.csv", "b.csv"]),
        (date(2026, 1, 3), ["b.csv"]),
        (date(2026, 1, 4), ["c.csv"]),
    ]


def test_unfinished_files_do_not_exist_yet(tmp_path: Path) -> None:
    root = delivered(tmp_path, "a.csv", "b.csv.tmp", "c.csv.part", ".d.csv", "~$e.csv")
    assert [file.name for item in locate(root, "*") for file in item.files] == ["a.csv"]


def test_a_star_stays_in_its_directory_and_other_signs_mean_themselves(tmp_path: Path) -> None:
    root = delivered(tmp_path, "x/a.csv", "a.csv", "a[1].csv", "aXcsv")
    assert [file.name for item in locate(root, "*.csv") for file in item.files] == ["a.csv", "a[1].csv"]
    assert [file.name for item in locate(root, "a[1].csv") for file in item.files] == ["a[1].csv"]
    assert locate(root, "missing/*.csv") == ()


def test_names_to_choose_from_are_all_needed(tmp_path: Path) -> None:
    root = delivered(tmp_path, "in/Task.csv", "in/Event_1.csv", "in/Event_2.csv", "in/Account.csv", "old/Task.csv")
    found = locate(root, "in/{Task,Event_*}.csv")
    assert [file.name for item in found for file in item.files] == ["Event_1.csv", "Event_2.csv", "Task.csv"]
    assert locate(root, "none/{Task,Event}.csv") == ()
    with pytest.raises(SourceError, match=r"SOURCE_ABSENT.*old/Event.csv is not delivered, old/Task.csv is"):
        locate(root, "old/{Task,Event}.csv")


@pytest.mark.parametrize("name", ["a\nb.csv", "a\u202eb.csv", "a" * 220 + ".csv"])
def test_a_deceiving_name_is_refused(name: str, tmp_path: Path) -> None:
    delivered(tmp_path, name)
    with pytest.raises(SourceError, match="BAD_NAME"):
        locate(tmp_path, "*.csv")


def test_a_link_out_of_the_root_is_refused_one_within_is_not(tmp_path: Path) -> None:
    delivered(tmp_path, "outside.csv", "root/a.csv")
    (tmp_path / "root" / "b.csv").symlink_to(tmp_path / "root" / "a.csv")
    assert len(locate(tmp_path / "root", "*.csv")[0].files) == 2
    (tmp_path / "root" / "c.csv").symlink_to(tmp_path / "outside.csv")
    with pytest.raises(SourceError, match="BAD_NAME"):
        locate(tmp_path / "root", "*.csv")


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    delivered(tmp_path, "2026-02-30/a.csv")
    with pytest.raises(SourceError, match="DATE_INVALID"):
        locate(tmp_path, "{date}/a.csv")
