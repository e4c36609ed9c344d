"""What is seen of a home, what is found wrong with it, and the file Prometheus reads."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orchestration.commands.doctor import found
from orchestration.commands.options import Places
from pipelines import lock
from pipelines.errors import GateRedError, Problem
from pipelines.home import Home
from pipelines.landing.land import land_table
from pipelines.settings.sources import SourceMap, read_sources
from pipelines.settings.workspace import open_workspace
from pipelines.vocabulary import Voice
from pipelines.watching import findings, metrics, record, state
from tests.conftest import REPOSITORY
from tests.documents import text_of
from tests.orchestration.commands.command_line import GOLDEN, kundenwert
from tests.pipelines.publishing.samples import PUBLISHED_AT, fill, publish_again

DAY = datetime(2026, 1, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a version and landed customers, and a configuration that agrees on their age."""
    folder = tmp_path_factory.mktemp("watched")
    shutil.copytree(GOLDEN, folder / "config")
    shutil.copytree(GOLDEN.parent / "example", folder / "example", dirs_exist_ok=True)
    home = Home.at(folder / "home")
    fill(home, rows=50)
    publish_again(home)
    land_table(open_workspace(folder / "config", home), "customers")
    sources = folder / "config" / "sources.yml"
    text = sources.read_text(encoding="utf-8")
    assert text.count("  customers:\n    from: customers\n") == 1
    sources.write_text(
        text.replace(
            "  customers:\n    from: customers\n", "  customers:\n    from: customers\n    max_age_days: 30\n"
        ),
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def places(made: Path, tmp_path: Path) -> Places:
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Places(tmp_path / "config", Home.at(tmp_path / "home"))


def codes(places: Places) -> list[str]:
    """What a doctor finds, in order."""
    return [finding.code for finding in found(places)]


def mapped(places: Places) -> SourceMap:
    return read_sources(places.config_dir / "sources.yml")


def test_the_state_is_told_as_of_a_moment(places: Places) -> None:
    seen = state.look(places.home, mapped(places), DAY)
    assert seen.version is not None
    assert (seen.version.name, seen.version.published_at, seen.version.age_days) == ("v000001", PUBLISHED_AT, 18)
    assert str(seen.version.as_of) == "2025-12-31"
    customers = next(each for each in seen.sources if each.table == "customers")
    assert (customers.age_days, customers.max_age_days, customers.is_stale) == (20, 30, False)
    never = next(each for each in seen.sources if each.table == "invoice_lines")
    assert (never.delivered_at, never.age_days, never.is_stale) == (None, None, None)
    later = state.look(places.home, mapped(places), DAY + timedelta(days=11))
    assert [each.table for each in later.stale] == ["customers"], "31 days"
    assert (seen.last_run, seen.holder, seen.dead) == (None, None, None)
    assert seen.disk.used_bytes > 0


def _everything(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_mode) for path in sorted(folder.rglob("*"))}


def test_status_reads_only_and_says_the_same_on_the_screen_and_as_json(places: Places) -> None:
    record.write(places.home, DAY, GateRedError(*(Problem("RECONCILE_FAIL", "secret", f"t{n}") for n in range(5))))
    before = _everything(places.home.root)
    told = kundenwert(places.home.root, "status", "--json", config=places.config_dir)
    shown = kundenwert(places.home.root, "status", "--language", "de", config=places.config_dir)
    assert (told.exit_code, shown.exit_code) == (0, 0), told.output + shown.output
    assert _everything(places.home.root) == before, "nothing is written"
    said = json.loads(told.stdout)
    assert (said["version"]["name"], said["last_run"]["exit_code"], said["last_run"]["gate"]) == ("v000001", 5, "red")
    assert said["stale"] == ["customers"]
    assert not said["is_well"]
    for words in ("v000001", "gescheitert mit Exit-Code 5", "RECONCILE_FAIL  t0", "und 2 weitere", "rot", "customers"):
        assert words in shown.stdout, shown.stdout
    assert "secret" not in told.stdout + shown.stdout
    assert len(shown.stdout.splitlines()) <= 40, "one screen"
    assert kundenwert(places.home.root, "status", "--fail-if-stale", config=places.config_dir).exit_code == 1


LOOKS = """
import json, sys
from pathlib import Path
from tests.orchestration.commands.command_line import kundenwert
config, home = map(Path, sys.argv[1:])
shown = kundenwert(home, "status", config=config)
asked = kundenwert(home, "doctor", "--json", config=config)
print(json.dumps([shown.exit_code, shown.output, asked.exit_code, asked.stdout]))
"""


@pytest.mark.needs("root")
def test_a_home_nobody_may_write_has_a_status(places: Places) -> None:
    """Without the capability to pass over rights even root cannot write here."""
    for directory in (places.home.root, *(path for path in places.home.root.rglob("*") if path.is_dir())):
        directory.chmod(0o500)
    less = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
    command = [*less, sys.executable, "-c", LOOKS, str(places.config_dir), str(places.home.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    status_code, status, doctor_code, doctor = json.loads(done.stdout)
    assert (status_code, doctor_code) == (0, 1), done.stdout
    assert "v000001" in status
    assert sorted(each["code"] for each in json.loads(doctor)["problems"]) == ["HOME_READ_ONLY", "SOURCE_STALE"]


def _older_version(places: Places) -> None:
    (places.config_dir / "sources.yml").open("a").write("\nalerts: {file: told.jsonl, no_version_days: 3}\n")


def _altered(places: Places) -> None:
    altered = next((places.home.published / "v000001" / "bi").glob("*.parquet"))
    altered.chmod(0o600)
    altered.write_bytes(b"x")


def _open_to_all(places: Places) -> None:
    places.home.root.chmod(0o755)


def _open_secret(places: Places) -> None:
    places.home.secret.write_text("k")
    places.home.secret.chmod(0o640)


def _wrong_configuration(places: Places) -> None:
    (places.config_dir / "portfolio.yml").open("a").write("colour: blue\n")


def _dead_run(places: Places) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    line = {"at": time.time(), "pid": int(gone.stdout), "step": "land: Mustermann.csv", "event": "begin", "seconds": 0}
    (places.home.logs / "steps.jsonl").open("a").write(json.dumps(line) + "\n")


def _left_over(places: Places) -> None:
    (places.home.temporary / "what-if-999999999").mkdir()


def _pointer(places: Places) -> None:
    places.home.current.unlink()
    places.home.current.symlink_to("v000009")


def _no_room(places: Places) -> None:
    """A warehouse larger than any disk here; it takes nothing of it."""
    os.truncate(places.home.warehouse, 1 << 43)


def _gate(places: Places) -> None:
    record.write(places.home, DAY, GateRedError(Problem("RECONCILE_FAIL", "", "customers")))


@pytest.mark.parametrize(
    ("spoil", "code", "where"),
    [
        (_older_version, "VERSION_OLD", "v000001"),
        (_altered, "FILE_ALTERED", "v000001/bi/"),
        (_pointer, "POINTER_BROKEN", "published/CURRENT"),
        (_open_to_all, "HOME_RIGHTS", "home"),
        (_open_secret, "HOME_RIGHTS", "pseudonym.key"),
        (_wrong_configuration, "CONFIG_UNKNOWN_KEY", "portfolio.yml"),
        (_dead_run, "RUN_DEAD", "logs/steps.jsonl"),
        (_left_over, "HOME_LEFTOVERS", "tmp/what-if-999999999"),
        (_no_room, "DISK_LOW", "home"),
        (_gate, "GATE_RED", "customers"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_each_fault_is_found_with_its_place_and_what_to_do_in_both_languages(
    places: Places, spoil: Callable[[Places], None], code: str, where: str
) -> None:
    assert codes(places) == ["SOURCE_STALE"], "nothing else is wrong before"
    spoil(places)
    new = [finding for finding in found(places) if finding.code != "SOURCE_STALE"]
    assert {finding.code for finding in new} == {code}
    english, german = (new[0].problem(Voice(language)) for language in ("en", "de"))
    assert where in english.where == german.where
    assert english.what != german.what
    assert english.what and german.remedy
    assert "Mustermann" not in str(english), "what is found can be sent"


def test_a_run_that_ends_after_a_dead_one_is_all_that_counts(places: Places) -> None:
    _dead_run(places)
    with lock.held(places.home):
        assert "RUN_DEAD" in codes(places), "who looks under the lock is not the run"
    record.write(places.home, datetime.now(UTC), None)
    assert codes(places) == ["SOURCE_STALE"]


def test_an_interrupted_command_is_no_dead_run_and_over_when_it_was_given_again(places: Places) -> None:
    _dead_run(places)
    log = places.home.logs / "steps.jsonl"
    *before, last = log.read_text(encoding="utf-8").splitlines(keepends=True)
    loading = {**json.loads(last), "step": "serve: load"}
    log.write_text("".join(before) + json.dumps(loading) + "\n", encoding="utf-8")
    (left,) = [each for each in found(places) if each.code != "SOURCE_STALE"]
    assert left.code == "COMMAND_DEAD" and "serve" in left.problem(Voice("en")).what
    assert left.problem(Voice("de")).remedy != left.problem(Voice("en")).remedy
    again = [{**loading, "pid": os.getpid(), "event": event} for event in ("begin", "end")]
    log.open("a").writelines(json.dumps(each) + "\n" for each in again)
    assert codes(places) == ["SOURCE_STALE"]


def test_an_ended_step_is_not_dead(places: Places) -> None:
    _dead_run(places)
    begun = json.loads((places.home.logs / "steps.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    (places.home.logs / "steps.jsonl").open("a").write(json.dumps({**begun, "event": "failed"}) + "\n")
    assert codes(places) == ["SOURCE_STALE"]


HOLDS_AND_LEAVES_A_CHILD = """
import os, sys, time
from pipelines import lock
from pipelines.home import Home
with lock.held(Home.at(sys.argv[1])):
    if os.fork() == 0:
        os.close(0), os.close(1), os.close(2)
        time.sleep(60)
    os._exit(0)
"""


def test_a_lock_that_a_dead_run_left_to_its_child_is_found(places: Places) -> None:
    with lock.held(places.home):
        assert lock.holder(places.home) == lock.Holder(os.getpid(), lock.holder(places.home).started_at, True)  # type: ignore[union-attr]
    assert lock.holder(places.home) is None
    parent = subprocess.Popen(
        [sys.executable, "-c", HOLDS_AND_LEAVES_A_CHILD, str(places.home.root)], start_new_session=True
    )
    try:
        parent.wait()
        holder = lock.holder(places.home)
        assert holder is not None
        assert (holder.pid, holder.is_alive) == (parent.pid, False)
        assert "LOCK_ORPHANED" in codes(places)
    finally:
        os.killpg(parent.pid, 9)


def test_runs_nobody_works_on_are_found() -> None:
    runs = (("aaaaaaaa", "QUEUED"), ("bbbbbbbb", "STARTED"))
    found_of = {
        (daemon, locked): [each.code for each in findings.of_waiting_runs(runs, daemon, locked)]
        for daemon in (True, False)
        for locked in (True, False)
    }
    assert found_of == {
        (True, True): [],
        (True, False): ["RUN_DEAD"],
        (False, True): ["RUN_WAITS"],
        (False, False): ["RUN_WAITS", "RUN_DEAD"],
    }


# --- Prometheus ------------------------------------------------------------------------------------------------------

SAMPLE = re.compile(r'^(kundenwert_[a-z_]+)(?:\{table="([a-z_]+)"\})? (-?\d+)$')


def parsed(text: str) -> dict[tuple[str, str | None], int]:
    """The samples of a file in Prometheus' text format. Fails on whatever is not exactly that: HELP and TYPE before the samples of a
    name, each name in one block, each sample once, one newline at the end."""
    values: dict[tuple[str, str | None], int] = {}
    announced: list[str] = []
    assert text.endswith("\n") and not text.endswith("\n\n")
    lines = text.splitlines()
    while lines:
        kind, helped, name, meaning = lines.pop(0).split(" ", 3)
        assert (kind, helped) == ("#", "HELP") and meaning and "\\" not in meaning
        assert lines.pop(0) == f"# TYPE {name} gauge"
        assert name not in announced
        announced.append(name)
        while lines and not lines[0].startswith("#"):
            sample = SAMPLE.fullmatch(lines.pop(0))
            assert sample is not None and sample[1] == name
            assert (name, sample[2]) not in values
            values[name, sample[2]] = int(sample[3])
    assert announced
    return values


def test_a_run_that_died_while_it_compared_bytes_is_a_dead_run_and_nothing_else(places: Places) -> None:
    _dead_run(places)
    log = places.home.logs / "steps.jsonl"
    *before, last = log.read_text(encoding="utf-8").splitlines(keepends=True)
    inside = [{**json.loads(last), "step": step} for step in ("start: has anything changed?", "verify: hash")]
    log.write_text("".join([*before, *(json.dumps(each) + "\n" for each in inside)]), encoding="utf-8")
    assert codes(places) == ["RUN_DEAD", "SOURCE_STALE"]


def test_steps_by_which_a_command_is_told_from_a_run_are_taken(places: Places) -> None:
    modules = [path for folder in ("orchestration", "pipelines") for path in (REPOSITORY / folder).rglob("*.py")]
    taken = re.findall(r'steps\.step\(f?"([^"]+)"', "".join(path.read_text(encoding="utf-8") for path in modules))
    for prefix in state.OF_OTHER_COMMANDS:
        assert any(step.startswith(prefix) for step in taken), prefix


def test_every_metric_of_the_document_is_in_the_file(places: Places) -> None:
    record.write(places.home, DAY, None)
    metrics.write(places.home, state.look(places.home, mapped(places), DAY))
    said = {name for name, _ in parsed(places.home.metrics.read_text(encoding="utf-8"))}
    section = text_of("docs/operations.md").partition("**Prometheus**")[2].partition("\n## ")[0]
    named = set(re.findall(r"\bkundenwert_\w+", section))
    assert len(named) > 10 and named <= said


def test_the_file_prometheus_collects(places: Places) -> None:
    ended = record.write(places.home, datetime.now(UTC) - timedelta(seconds=90), GateRedError(Problem("X_Y", "", "")))
    metrics.write(places.home, state.look(places.home, mapped(places), DAY))
    said = parsed(places.home.metrics.read_text(encoding="utf-8"))
    assert said["kundenwert_version_number", None] == 1
    assert said["kundenwert_version_published_timestamp_seconds", None] == int(PUBLISHED_AT.timestamp())
    assert (said["kundenwert_gate_green", None], said["kundenwert_last_run_exit_code", None]) == (0, 5)
    assert said["kundenwert_last_run_timestamp_seconds", None] == int(ended.ended_at.timestamp())
    assert said["kundenwert_last_run_seconds", None] == 90
    assert said["kundenwert_source_max_age_days", "customers"] == 30
    assert said["kundenwert_source_stale", "customers"] == 0
    assert said["kundenwert_quarantined_rows", "customers"] == 0
    assert ("kundenwert_quarantined_rows", "invoice_lines") not in said, "nobody knows: it was never delivered"
    assert ("kundenwert_last_success_timestamp_seconds", None) not in said, "there was none"
    assert said["kundenwert_disk_free_bytes", None] > 0
    assert places.home.metrics.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in places.home.metrics.parent.iterdir()] == ["kundenwert.prom"]
