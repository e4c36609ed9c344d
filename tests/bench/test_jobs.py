"""What is run: the month alone differs from the benchmark's month in the replay and in nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bench import jobs, reference
from bench.jobs import CONFIG, Room
from pipelines.months import month_end
from pipelines.settings.portfolio import read_portfolio

AS_OF = date(2025, 12, 31)


def test_the_month_alone_is_the_same_month_without_its_replay(tmp_path: Path) -> None:
    room = Room(tmp_path / "data", tmp_path)
    replayed, alone = (read_portfolio(folder / "portfolio.yml") for folder in (CONFIG, jobs.alone(room)))
    assert replayed.zones.judged_from == month_end(AS_OF, -25)
    assert alone.zones.judged_from == AS_OF
    zones = replayed.zones.model_copy(update={"judged_from": AS_OF})
    assert alone == replayed.model_copy(update={"zones": zones})
    with_replay, without = (job.command(room) for job in (jobs.FULL, jobs.ALONE))
    assert [str(room.folder / "config_alone") if each == str(CONFIG) else each for each in with_replay] == without


def test_script_and_frames_replay_from_the_configured_month() -> None:
    asked = read_portfolio(CONFIG / "portfolio.yml").zones.judged_from
    assert asked is not None
    folder = Path(reference.__file__).parent
    for name, said in (
        ("reference.sql", f"judged_from = date '{asked}'"),
        ("frames_pandas.py", f'"{asked}"'),
        ("frames_polars.py", f"JUDGED_FROM = date({asked.year}, {asked.month}, {asked.day})"),
    ):
        assert said in (folder / name).read_text(encoding="utf-8"), name
