"""What is read of a published version: every part, as published, and whether the parts add up."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ExitCode, KundenwertError, VerifyError
from pipelines.showing.explain import explain
from tests.end_to_end.kundenwert import digests
from tests.pipelines.showing.explain.small_version import (
    AS_OF,
    BEFORE,
    GROUP,
    HOSTILE_NAME,
    LEAD,
    NEW,
    NOBODY,
    OWN,
    STAR,
    UNRATED,
    build,
)


def _leaves(value: object) -> Iterator[object]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _leaves(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


@pytest.mark.parametrize("customer", [STAR, GROUP, UNRATED, LEAD, NEW])
def test_every_published_figure_is_the_sum_of_its_parts(version_with_method: Path, customer: str) -> None:
    explanation = explain(version_with_method, customer)
    assert [check for check in explanation.checks if not check.adds_up] == []
    assert explanation.adds_up


@pytest.mark.parametrize("customer", [STAR, UNRATED, LEAD])
def test_numbers_are_decimals_never_floats(version_with_method: Path, customer: str) -> None:
    assert not [leaf for leaf in _leaves(explain(version_with_method, customer)) if isinstance(leaf, float)]


def test_a_customer_has_all_its_axes_and_a_lead_its_own(version: Path) -> None:
    def shape(customer: str) -> dict[str, tuple[int, int]]:
        axes = explain(version, customer).axes
        return {axis.axis: (len(axis.criteria), axis.weight_points) for axis in axes}

    assert shape(STAR) == {
        "potential": (3, 100),
        "attractiveness": (5, 100),
        "contribution": (1, 100),
        "value_of_customer": (2, 100),
        "value_to_customer": (2, 100),
    }
    assert shape(LEAD) == {"potential": (2, 100), "attractiveness": (2, 100)}


def test_sums_keep_the_decimals_of_their_parts(version: Path) -> None:
    potential = explain(version, STAR).axes[0]
    assert potential.points == potential.score == Decimal("62.1875")
    assert [part.points for part in potential.criteria] == [Decimal("20"), Decimal("19.6875"), Decimal("22.5")]


SPOILED = {
    "net_revenue": "update mart_portfolio set gross_list_revenue = gross_list_revenue + 0.01",
    "contribution_1": "update mart_portfolio set cogs = cogs + 0.01",
    "contribution_2": "update mart_portfolio set marketing_cost = null",
    "contribution_3": "update mart_portfolio set sales_cost = sales_cost - 0.01",
    "contribution_4": "update mart_portfolio set service_logistics_cost = service_logistics_cost + 0.01",
    "potential_score": "update fct_criterion_score set points = points + 0.0001 where criterion_id = 'achievable_gap'",
    "attractiveness_score": "delete from fct_criterion_score where criterion_id = 'chemistry'",
    "attractiveness_score_low": "update mart_portfolio set attractiveness_score_low = 0",
    "potential_score_high": "update mart_portfolio set potential_score_high = 100",
    "potential_weights": "update fct_criterion_score set weight_points = 41 where criterion_id = 'achievable_gap'",
    "contribution_score": "update mart_portfolio set contribution_score = 50",
    "value_of_customer_score": "update mart_customer_types set value_of_customer_score = 1",
    "value_to_customer_score": "delete from mart_customer_types",
    "customer_value_score": "update mart_portfolio set customer_value_score = customer_value_score + 0.0001",
}


@pytest.mark.parametrize("figure", SPOILED)
def test_a_part_that_does_not_fit_is_told(tmp_path: Path, figure: str) -> None:
    explanation = explain(build(tmp_path, with_method=True, extra=SPOILED[figure]), STAR)
    assert not explanation.adds_up
    assert figure in [check.figure for check in explanation.checks if not check.adds_up]


def test_weighted_parts_of_the_customer_value_only_where_weights_are_published(
    version: Path, version_with_method: Path
) -> None:
    assert explain(version, STAR).value_parts == ()
    parts = explain(version_with_method, STAR).value_parts
    assert [(part.axis, part.weight) for part in parts] == [
        ("contribution", Decimal("0.4")),
        ("potential", Decimal("0.3")),
        ("attractiveness", Decimal("0.3")),
    ]
    assert [part.points for part in parts] == [Decimal("30"), Decimal("18.65625"), Decimal("21.9999")]
    assert explain(version_with_method, STAR).value.customer_value_score == Decimal("70.6562")
    assert explain(version_with_method, LEAD).value_parts == ()


def test_distances_only_where_the_threshold_is_published(version: Path, version_with_method: Path) -> None:
    assert explain(version, STAR).distances == ()
    distances = explain(version_with_method, STAR).distances
    assert [(each.axis, each.points) for each in distances] == [
        ("potential", Decimal("12.1875")),
        ("attractiveness", Decimal("23.333")),
    ]


def test_what_is_missing(version: Path) -> None:
    explanation = explain(version, UNRATED)
    assert len(explanation.missing) == 10
    assert [source.source_name for source in explanation.silent_sources] == ["open_items", "orders", "ratings"]
    assert explanation.sensitivity is None
    assert explanation.loyalty is None
    assert [part.criterion_id for part in explain(version, STAR).stale] == ["chemistry"]


# --- which customer ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "parent"),
    [
        (STAR, STAR),
        ("  010001 ", STAR),
        ("g00001", GROUP),
        ("010003", GROUP),
        ("kto-1", LEAD),
        ("WINDKRAFT", LEAD),
        ("muller", UNRATED),
        ("strassenbau weiss", GROUP),
        ("Jüngling", "010099"),
        ("[red]", STAR),
    ],
)
def test_a_customer_is_found_by_id_entity_or_part_of_its_name(version: Path, typed: str, parent: str) -> None:
    assert explain(version, typed).who.ultimate_parent_id == parent


def test_a_group_tells_the_ids_booked_under_it(version: Path) -> None:
    assert explain(version, "010003").entities == ("010002", "010003")


def _refused(version: Path, typed: str, as_of: date | None = None) -> KundenwertError:
    with pytest.raises(KundenwertError) as caught:
        explain(version, typed, as_of)
    assert caught.value.exit_code is ExitCode.USAGE
    return caught.value


def test_several_candidates_are_listed_largest_revenue_first(version: Path) -> None:
    (problem,) = _refused(version, "straßenbau").problems
    assert problem.code == "CUSTOMER_AMBIGUOUS"
    lines = problem.what.splitlines()
    assert lines[0] == "'straßenbau' fits 2 customers:"
    assert [line.split()[0] for line in lines[1:]] == [UNRATED, GROUP]


def test_no_more_than_ten_candidates_are_listed(tmp_path: Path) -> None:
    many = """
        insert into mart_portfolio by name
        select * replace ('9' || lpad(number::varchar, 5, '0') as ultimate_parent_id, 'Zwilling ' || number as customer_name)
        from mart_portfolio, range(12) as numbers (number) where ultimate_parent_id = '010099'
    """.replace("select *", "select * exclude (number)")
    problem = _refused(build(tmp_path, extra=many), "zwilling").problems[0]
    assert len(problem.what.splitlines()) == 12
    assert problem.what.splitlines()[-1].strip() == "... and 2 more"


def test_a_whole_name_goes_before_a_part_of_longer_ones(tmp_path: Path) -> None:
    longer = (
        "update mart_portfolio set customer_name = 'Windräder Neu GmbH & Co. KG' where ultimate_parent_id = 'KTO-1'"
    )
    assert explain(build(tmp_path, extra=longer), "windräder neu gmbh").who.ultimate_parent_id == NEW


def test_wildcards_of_sql_are_letters(version: Path) -> None:
    for typed in ("%", "_", "' or true --"):
        assert _refused(version, typed).problems[0].code == "CUSTOMER_UNKNOWN"


def test_an_unknown_customer_is_answered_with_near_ones(version: Path) -> None:
    (problem,) = _refused(version, "Windkrfat").problems
    assert problem.code == "CUSTOMER_UNKNOWN"
    assert problem.remedy.startswith("did you mean")
    assert f"{LEAD}  Wunschkunde Windkraft" in problem.remedy
    far = _refused(version, "qqqqq").problems[0]
    assert far.code == "CUSTOMER_UNKNOWN"
    assert "did you mean" not in far.remedy
    assert _refused(version, "  ").problems[0].code == "CUSTOMER_UNKNOWN"


@pytest.mark.parametrize(("typed", "said"), [(OWN, "our own companies"), (NOBODY, "no customer master knows it")])
def test_who_is_never_scored_is_told_why(version: Path, typed: str, said: str) -> None:
    (problem,) = _refused(version, typed).problems
    assert problem.code == "CUSTOMER_NOT_SCORED"
    assert said in problem.what


def test_a_customer_of_another_date_is_answered_with_that_date(version: Path) -> None:
    (problem,) = _refused(version, "010098").problems
    assert problem.code == "CUSTOMER_UNKNOWN"
    assert problem.remedy == f"--as-of {BEFORE}"


def test_the_latest_date_is_the_default_and_others_can_be_asked_for(version: Path) -> None:
    assert explain(version, STAR).as_of_date == AS_OF
    assert explain(version, "010098", BEFORE).as_of_date == BEFORE


def test_a_date_that_is_not_published_is_answered_with_those_that_are(version: Path) -> None:
    (problem,) = _refused(version, STAR, date(2024, 2, 29)).problems
    assert problem.code == "AS_OF_UNKNOWN"
    assert f"published: {AS_OF}, {BEFORE}" in problem.what


def test_messages_show_control_characters_written_out(version: Path) -> None:
    (problem,) = _refused(version, "\x1b[31m\u202eNobody").problems
    assert r"\x1b[31m\u202eNobody" in problem.what
    (problem,) = _refused(version, "gmbh").problems
    assert r"\x1b[31mGmbH\x07\u202e" in problem.what
    assert problem.what.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "extra",
    ["drop table mart_sensitivity", "alter table mart_portfolio drop column potential_score_low"],
    ids=["table", "column"],
)
def test_a_version_that_lacks_something_is_refused(tmp_path: Path, extra: str) -> None:
    with pytest.raises(VerifyError, match="VERSION_INCOMPLETE: v000007 cannot be read: "):
        explain(build(tmp_path, extra=extra), STAR)


def test_the_version_is_read_only(version: Path) -> None:
    before = digests(version, "*")
    explain(version, STAR)
    assert digests(version, "*") == before


def test_facts_are_as_published(version: Path) -> None:
    """Every field of a row is the mart's column of that name."""
    explanation = explain(version, STAR)
    rows = duckdb.from_parquet(str(version / "bi" / "mart_portfolio.parquet")).filter(f"ultimate_parent_id = '{STAR}'")
    row = rows.fetchone()
    assert row is not None
    published = dict(zip(rows.columns, row, strict=True))
    for part in (explanation.who, explanation.contribution, explanation.wallet, explanation.zone, explanation.action):
        for field in dataclasses.fields(part):
            assert getattr(part, field.name) == published.get(field.name), field.name
    assert explanation.who.customer_name == HOSTILE_NAME
