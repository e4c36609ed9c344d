"""`kundenwert what-if` from options to tables; dbt's part is played by a warehouse that follows the threshold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from orchestration import what_if
from orchestration.commands.app import app
from pipelines.errors import ExitCode, KundenwertError, Problem
from pipelines.home import Home
from pipelines.publishing.layout import VersionInfo
from pipelines.settings.workspace import Workspace
from tests.end_to_end.kundenwert import digests
from tests.pipelines.showing.small_manifest import write_manifest
from tests.pipelines.test_lock import holder, never_waiting

GOLDEN = Path(__file__).parents[1] / "golden" / "config"
DATES = (date(2025, 11, 30), date(2025, 12, 31))
VERSION = VersionInfo(
    1, True, True, datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, 5, tzinfo=UTC), DATES, "0" * 12, 1, 1
)
BUILT: list[tuple[Home, tuple[date, ...], datetime, object]] = []


def fake_build(scratch: Workspace, as_of_dates: Sequence[date], known_at: datetime) -> None:
    """Sixty customers with potential 1 to 60, all attractive: the threshold decides; who stands right on it is held
    back by the band."""
    BUILT.append((scratch.home, tuple(as_of_dates), known_at, scratch.portfolio.zones.threshold))
    scratch.home.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(scratch.home.warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            f"""create table marts.mart_portfolio as
            select day as as_of_date, 'K' || lpad(n::varchar, 2, '0') as ultimate_parent_id, '[red]Kunde[/] ' || n as customer_name,
                'customer' as relationship_type, n >= threshold as is_high,
                case when is_high and n <> threshold then 'protection' else 'maintain' end as zone,
                case when is_high then 'protection' else 'maintain' end as raw_zone, n = threshold as is_hysteresis_hold,
                'confirmed' as zone_status, zone as service_zone, n::decimal(9, 4) as potential_score,
                60::decimal(9, 4) as attractiveness_score, 100::decimal(9, 4) as potential_coverage_points,
                90::decimal(9, 4) as attractiveness_coverage_points, threshold::decimal(9, 4) as zone_threshold,
                (1000 * n)::decimal(18, 2) as net_revenue, (100 * n)::decimal(18, 2) as customer_contribution,
                null::decimal(18, 2) as potential_contribution
            from range(1, 61) as r (n), (values (date '2025-11-30'), (date '2025-12-31')) as d (day),
                (select {scratch.portfolio.zones.threshold} as threshold)"""
        )
        connection.execute(
            """create table marts.fct_criterion_score as
            select as_of_date, ultimate_parent_id, 'potential' as axis, 'growth' as criterion_id, 'Growth' as criterion_name_en,
                'Wachstum' as criterion_name_de, potential_score as points from marts.mart_portfolio"""
        )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a published version that says what a build with the configured threshold of 50 says."""
    BUILT.clear()
    made = Home.at(tmp_path / "home").prepare()
    folder = made.published / "v000001" / "bi"
    folder.mkdir(parents=True)

    class Configured:
        home = Home.at(tmp_path / "other").prepare()
        portfolio = type("P", (), {"zones": type("Z", (), {"threshold": 50})})

    fake_build(Configured, DATES, datetime(2026, 1, 1))  # type: ignore[arg-type]  # noqa: DTZ001
    with duckdb.connect(str(Configured.home.warehouse)) as connection:
        connection.execute(f"copy marts.mart_portfolio to '{folder / 'mart_portfolio.parquet'}'")
    write_manifest(folder.parent, *DATES)
    BUILT.clear()
    monkeypatch.setattr(what_if, "_published", lambda _: VERSION)
    monkeypatch.setattr(what_if, "_build", fake_build)
    return made


def kundenwert(home: Home, *arguments: str) -> Result:
    options = ["--config", str(GOLDEN), "--home", str(home.root), "what-if", *arguments]
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, options)


def entries(home: Home) -> tuple[list[str], dict[str, str]]:
    """Every path and every file's digest, but for the logs."""
    paths = sorted(str(path.relative_to(home.root)) for path in home.root.rglob("*"))
    files = {name: digest for name, digest in digests(home.root, "*").items() if not name.startswith("logs/")}
    return [path for path in paths if not path.startswith("logs/")], files


def test_the_answer_leads_and_says_who_moves_why_and_who_stays(home: Home) -> None:
    before = entries(home)
    done = kundenwert(home, "--set", "zones.threshold=45", "--limit", "2")
    assert done.exit_code == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert said.startswith(
        "5 of 60 customers and leads would change zone as of 31 Dec 2025. Their contribution of twelve months is 24,000 EUR. "
        "zones.threshold: 50 → 45"
    )
    assert "keep their zone: 1." in said
    assert "Maintain Protection 5 240,000 24,000 –" in said
    assert (
        "[red]Kunde[/] 50 (K50) Maintain → Protection 5,000 EUR Its scores alone said Protection already; the band"
        in said
    )
    assert "(K49) Maintain → Protection 4,900 EUR Potential 49.0 → 49.0; the threshold 50 → 45." in said
    assert "K47" not in said
    assert "... and 3 more; --limit shows more, --json all" in said
    assert "[red]Kunde[/] 45 (K45) Maintain 4,500 EUR By the scores alone Maintain → Protection." in said
    assert said.endswith("Nothing was published. To make it so: change config/portfolio.yml, then kundenwert run")
    assert "what-if: portfolio as it would be" in done.stderr
    assert entries(home) == before


def test_it_runs_beside_a_run(home: Home) -> None:
    with holder(home), never_waiting():
        done = kundenwert(home, "--set", "zones.threshold=45")
    assert done.exit_code == 0, done.stderr


def test_it_answers_in_german_with_german_digits(home: Home) -> None:
    said = " ".join(kundenwert(home, "--set", "zones.threshold=45", "--language", "de").stdout.split())
    assert said.startswith(
        "Die Zone wechseln würden am 31.12.2025: 5 von 60 Kunden und Interessenten. Ihr Deckungsbeitrag"
    )
    assert "24.000 EUR" in said
    assert "Potenzial 49,0 → 49,0; die Schwelle 50 → 45." in said
    assert not any(word in said for word in ("the threshold", "contribution", "what_if"))
    unknown = kundenwert(home, "--set", "zones.threshold=45", "--language", "xx")
    assert "LANGUAGE_UNKNOWN" in unknown.stderr


def test_both_states_are_computed_from_the_published_dates_and_knowledge(home: Home) -> None:
    kundenwert(home, "--set", "zones.threshold=45")
    (_, dates, known_at, first), (_, *_, second) = BUILT
    assert (dates, known_at, first, second) == (DATES, VERSION.known_at, 50, 45)
    assert all(made.root.parent == home.temporary for made, *_ in BUILT)


def test_json_holds_every_customer_and_an_earlier_date_can_be_asked_for(home: Home) -> None:
    done = kundenwert(home, "--set", "zones.threshold=45", "--as-of", "2025-11-30", "--limit", "1", "--json")
    facts = json.loads(done.stdout)
    assert facts["as_of"] == "2025-11-30"
    assert facts["counts"] == {"compared": 60, "zone_changes": 5, "status_changes": 0, "score_changes": 0, "held": 1}
    assert facts["changes"] == [{"path": "zones.threshold", "before": "50", "after": "45"}]
    assert [each["ultimate_parent_id"] for each in facts["customers"]] == ["K50", "K49", "K48", "K47", "K46"]
    assert facts["customers"][0]["contribution"] == "5000.00"
    assert facts["totals"][0]["customers"] == 5
    assert facts["method_version_before"] != facts["method_version_after"]
    assert facts["differs_from_version"] == 0
    assert done.stderr == ""


def test_nobody_who_moves_is_said_without_empty_tables(home: Home) -> None:
    done = kundenwert(home, "--set", "zones.rating_due_after_periods=3")
    assert done.stdout.startswith("Nobody of 60 customers and leads would change zone as of 31 Dec 2025.")
    assert "By zone" not in done.stdout


def test_what_changed_since_the_version_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def other(scratch: Workspace, dates: Sequence[date], known_at: datetime) -> None:
        fake_build(scratch, dates, known_at)
        with duckdb.connect(str(scratch.home.warehouse)) as connection:
            connection.execute("update marts.mart_portfolio set net_revenue = 1 where ultimate_parent_id < 'K04'")

    monkeypatch.setattr(what_if, "_build", other)
    done = kundenwert(home, "--set", "zones.threshold=45")
    assert "changed since v000001, 3 differ." in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--set", "zones.treshold=45"], ExitCode.USAGE, "did you mean 'threshold'?"),
        (["--set", "zones.threshold=50.0"], ExitCode.USAGE, "SET_UNCHANGED"),
        (["--set", "zones.threshold=45", "--as-of", "2025-10-31"], ExitCode.USAGE, "AS_OF_UNKNOWN"),
        (["--set", "zones.threshold=45", "--as-of", "2025-10-30"], ExitCode.USAGE, "AS_OF_NOT_MONTH_END"),
        (["--set", "weights.attractiveness.chemistry=90"], ExitCode.CONFIG, "WEIGHT_SUM"),
        (["--set", "zones.threshold=0,5"], ExitCode.CONFIG, "YAML_NUMBER"),
        ([], ExitCode.USAGE, "--set"),
    ],
)
def test_what_cannot_be_tried_is_told_before_anything_is_computed(
    home: Home, arguments: list[str], code: ExitCode, said: str
) -> None:
    before = entries(home)
    done = kundenwert(home, *arguments)
    assert done.exit_code == code, done.stderr
    assert said in done.stderr
    assert not BUILT
    assert entries(home) == before


def test_without_a_published_version_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    done = kundenwert(Home.at(tmp_path / "empty"), "--set", "zones.threshold=45")
    assert done.exit_code == ExitCode.VERIFY_FAILED
    assert "NOTHING_PUBLISHED" in done.stderr
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
        (KundenwertError(Problem("WHAT_IF_FAILED", "mart_portfolio could not be computed")), ExitCode.FAILED),
    ],
)
def test_an_end_half_way_leaves_the_home_as_it_was(
    home: Home, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: ExitCode
) -> None:
    def failing(scratch: Workspace, *_: object) -> None:
        scratch.home.warehouse.write_bytes(b"half")
        raise raised

    monkeypatch.setattr(what_if, "_build", failing)
    before = entries(home)
    done = kundenwert(home, "--set", "zones.threshold=45")
    assert done.exit_code == code
    assert entries(home) == before
