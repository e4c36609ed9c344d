"""What is said of measurements: targets, history, the document and its picture."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench import __main__ as command
from bench import equal, generate, history, jobs, reference, report, results, steps, targets
from bench.history import Line
from bench.processes import Measured, measure
from bench.results import Results
from bench.sizes import ALL
from bench.steps import Step

GIB = 1 << 30


def measured(size: str = "1m", lines: int = 1_000_000, **walls: float) -> Results:
    found = Results(size, lines, "2026-11-28", "abc1234", "2 processors, Linux x86_64")
    found.jobs = {job: [Measured(wall, wall, GIB, 0)] * 3 for job, wall in walls.items()}
    return found


def documents(docs: Path) -> tuple[Path, Path]:
    """Both documents with prose and an old part, the first of them and the picture."""
    for name in (report.PERFORMANCE, report.SCALE):
        (docs / name).write_text(f"by hand\n{report.BEGIN}\nold\n{report.END}\nby hand too\n", encoding="utf-8")
    return docs / report.PERFORMANCE, docs / report.PICTURE


def generated(document: Path) -> str:
    """What stands between the markers."""
    return document.read_text(encoding="utf-8").partition(report.BEGIN)[2].partition(report.END)[0]


def test_a_target_is_met_up_to_its_limit() -> None:
    good = measured(script=5.0, alone=25.0, full=50.0, months=150.0)
    good.parts = {"core": [{"core": 10.0}], "stages": [{"landing": 2.0}]}
    verdicts = {each.name: each for each in targets.judge([good])}
    assert verdicts["the whole run"].is_met
    assert verdicts["36 months"].is_met
    assert verdicts["25 months replayed"].is_met
    assert verdicts["what the script computes, landing included"].is_met
    assert verdicts["memory of the whole run"].figure == "1.00 GiB"
    assert "landing" not in verdicts, "there was no scan to compare with"
    slow = {
        each.name: each.is_met for each in targets.judge([measured(script=5.0, alone=25.0, full=50.01, months=151.0)])
    }
    assert not slow["the whole run"]
    assert not slow["25 months replayed"]
    assert not slow["36 months"]


def test_the_day_is_judged_beyond_what_an_unchanged_run_costs() -> None:
    (day,) = [
        v for v in targets.judge([measured("10m", 10_000_000, unchanged=5.0, day=20.0, full=105.0)]) if "day" in v.name
    ]
    assert (day.figure, day.is_met) == ("15.00 s, 15.0% of 100.00 s", True)


def test_history_keeps_ratios_once_and_tells_what_grew(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    before = history.lines(measured(script=5.0, full=40.0, day=10.0))
    for _ in range(2):
        history.keep(before, path)
    assert history.read(path) == before
    assert [(line.job, line.ratio) for line in before] == [("full", "8.000"), ("day", "2.000")]
    now = history.lines(measured(script=5.0, full=44.5, day=10.9))
    assert list(history.grown(now, history.read(path))) == [
        "1m full: 8.900x the script, 11% over 8.000x of 2026-11-28 (abc1234)"
    ]
    other = (Line("2026-11-29", "def", "100k", "full", "99.000"),)
    assert list(history.grown(other, before)) == [], "another size is another line"


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    found = measured(script=5.0)
    found.left_out["polars"] = "it is not there"
    results.write(found, tmp_path)
    assert results.read(tmp_path) == (found,)


def test_the_document_and_the_picture_hold_every_size_and_tool(tmp_path: Path) -> None:
    document, picture = documents(tmp_path)
    both = [measured("100k", 100_000, script=1.0, full=20.0, pandas=2.0), measured(script=5.0, full=40.0, pandas=12.0)]
    for _ in range(2):
        report.write(both, tmp_path)
    text = document.read_text(encoding="utf-8")
    assert text.startswith("by hand\n") and text.endswith("by hand too\n")
    assert "old" not in text
    assert "| 1,000,000 | 40.0 (8.0x), 1,024 MiB |  | 5.0, 1,024 MiB |" in text
    root = ET.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 - our own
    said = ["".join(element.itertext()) for element in root.iter()]
    assert {"script by hand", "pandas", "product, all of it", "1 M", "invoice lines", "seconds"} <= set(said)
    assert root.get("role") == "img"
    assert "Polars" not in said


def test_two_engines_are_told_apart_from_the_figures_of_one(tmp_path: Path) -> None:
    document, picture = documents(tmp_path)
    both = measured("1m-spark", script=5.0, full=80.0, spark=400.0)
    both.day, both.commit = "2026-11-29", "def5678"
    both.parts = {
        "stages": [{"landing": 2.0, "models": 30.0}],
        "spark_stages": [{"landing": 2.0, "models": 300.0}],
        "models": [{"int_x": 1.0, "int_y": 2.5}],
        "spark_models": [{"int_x": 9.0, "int_y": 7.0}],
    }
    alone = measured(script=5.0, full=40.0)
    alone.parts = {"stages": [{"landing": 2.0, "models": 20.4}]}
    report.write([alone, measured("10m", 10_000_000, script=50.0, full=1234.5), both], tmp_path)
    text = document.read_text(encoding="utf-8")
    assert "| 1,000,000 | 80 | 30 | 400 | 300 | 5.0x | 10.0x | 2026-11-29 at def5678 |" in text
    assert "int_x 9 s (1.0 s), int_y 7 s (2.5 s)." in text
    sizes = (tmp_path / "scale.md").read_text(encoding="utf-8")
    assert (
        "| 1,000,000 | 20,000 | 40 s | 20 s | 1.0 GiB | 400 s (5.0x) | 300 s (10.0x) | 2026-11-28 at abc1234; Spark 2026-11-29 at def5678 |"
        in sizes
    )
    assert "| 10,000,000 | 200,000 | 1,234 s |  | 1.0 GiB |  |  | 2026-11-28 at abc1234 |" in sizes
    assert "80.0 s" not in picture.read_text(encoding="utf-8"), "the picture is of whole rounds"
    assert [(line.size, line.job) for line in history.lines(both)] == [("1m-spark", "full"), ("1m-spark", "spark")]


def test_other_bytes_from_spark_end_it() -> None:
    command._same_files({"bi/a.parquet": "1"}, {"bi/a.parquet": "1"})
    with pytest.raises(command.WrongError, match=r"bi/b\.parquet"):
        command._same_files({"bi/a.parquet": "1", "bi/b.parquet": "2"}, {"bi/a.parquet": "1", "bi/b.parquet": "3"})


def test_a_size_measured_before_says_when() -> None:
    before = measured("10m", 10_000_000, script=50.0)
    before.day, before.commit = "2026-11-27", "0ld0ld0"
    first, *_ = report.figures([measured(script=5.0), before])
    assert first.startswith("Measured on 2026-11-28 at abc1234 (10m: on 2026-11-27 at 0ld0ld0) on 2 processors")


def test_a_picture_of_nothing_says_so() -> None:
    assert "Nothing was measured yet." in report.drawn([])
    ET.fromstring(report.drawn([]))  # noqa: S314 - our own


@pytest.mark.parametrize("name", [report.PERFORMANCE, report.SCALE])
def test_a_shipped_document_has_its_markers(name: str) -> None:
    text = (report.DOCS / name).read_text(encoding="utf-8")
    assert (text.count(report.BEGIN), text.count(report.END)) == (1, 1)


def test_both_documents_are_of_the_same_measurement() -> None:
    told, sizes = (generated(report.DOCS / name) for name in (report.PERFORMANCE, report.SCALE))
    ratios = re.findall(r"\(([\d.]+x)\)", sizes)
    assert ratios
    assert [each for each in ratios if f"| {each} |" not in told] == []


def test_steps_beside_and_inside_one_another_count_once() -> None:
    taken = [
        Step("asset raw/a", 0.0, 4.0),
        Step("land a: read", 1.0, 2.0),
        Step("asset raw/b", 3.0, 6.0),
        Step("dbt int_x", 10.0, 11.0),
    ]
    assert steps.seconds(taken) == pytest.approx(7.0)
    assert steps.by_stage(taken) == {"landing": 6.0, "models": 1.0}


def test_the_core_is_what_its_marts_need() -> None:
    def model(name: str, *reads: str) -> dict[str, object]:
        return {"resource_type": "model", "name": name, "depends_on": {"nodes": list(reads)}}

    nodes = {
        "m.whale": model("mart_whale_curve", "m.value"),
        "m.value": model("int_value", "source.x"),
        "m.other": model("mart_other", "m.value"),
        "test.t": {"resource_type": "test", "name": "whale", "depends_on": {"nodes": ["m.whale"]}},
    }
    assert steps.needed_models(nodes) == {"mart_whale_curve", "int_value"}
    taken = [
        Step("asset raw/a", 0.0, 1.0),
        Step("dbt int_value", 1.0, 3.0),
        Step("dbt mart_other", 3.0, 7.0),
        Step("dbt whale", 7.0, 8.0),
    ]
    assert steps.core(taken, nodes) == pytest.approx(3.0)
    assert steps.by_model(taken, nodes) == {"int_value": 2.0, "mart_other": 4.0}
    assert steps.by_model([*taken, Step("dbt mart_other", 8.0, 8.5)], nodes)["mart_other"] == 4.5, "it came back"


def test_a_process_is_measured_with_what_it_starts(tmp_path: Path) -> None:
    # Memory is looked at now and then: on a busy machine a moment passes unseen.
    inner = "import time; x = bytearray(200_000_000); s = sum(range(3_000_000)); time.sleep(3)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{inner}'], check=True); print('said')"
    found = measure([sys.executable, "-c", outer], tmp_path / "log", {}, tmp_path)
    assert found.exit_code == 0
    assert found.peak > 200_000_000
    assert found.cpu > 0
    assert (tmp_path / "log").read_text(encoding="utf-8") == "said\n"
    assert measure([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "log", {}, tmp_path).exit_code == 3


def test_unequal_numbers_end_it_before_anything_is_said_or_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("expected", "script"):
        (tmp_path / "2k" / "results" / name).mkdir(parents=True)
    monkeypatch.setattr(jobs, "VAR", tmp_path)
    monkeypatch.setattr(jobs, "TOOLS", tmp_path / "nothing")
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(generate, "ensure", lambda size, folder: folder)
    monkeypatch.setattr(command, "_measured", lambda job, room: Measured(1.0, 1.0, 1, 0))
    monkeypatch.setattr(reference, "compute", lambda data, folder, with_day: None)
    monkeypatch.setattr(equal, "publish", lambda marts, folder: None)
    monkeypatch.setattr(equal, "differences", lambda expected, found: ["customers: 1 rows differ"])
    assert command.main(["--sizes", "2k", "--rounds", "1"]) == 1
    said = capsys.readouterr().out
    assert "full does not say what the script says" in said
    assert "customers: 1 rows differ" in said
    assert "seconds" not in said
    assert not (tmp_path / "results").exists()


def test_what_cannot_be_measured_is_told_and_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "VAR", tmp_path)
    monkeypatch.setattr(jobs, "TOOLS", tmp_path / "nothing")
    monkeypatch.setattr(generate, "ensure", lambda size, folder: folder)
    found = command._size(ALL["2k"], 1, [jobs.POLARS])
    assert found.left_out == {"polars": "it needs an environment of its own: `make bench-tools` makes it"}
    assert found.jobs == {}
