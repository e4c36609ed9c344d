"""What readers of the marts were promised is kept: a mart, a column, a type, a key or an audience does not change unannounced."""

from __future__ import annotations

import pytest

from pipelines.publishing.interface import Deprecation, Promise, PromisedMart, breaches, next_version, promise
from tools.generated import REPOSITORY
from tools.interface import PROMISE, marts_as_they_are, released, text

REVENUE = PromisedMart(
    audience="bi", key=("day", "customer"), columns={"day": "date", "customer": "string", "amount": "decimal(18,2)"}
)
RENAMED = PromisedMart(
    audience="bi", key=REVENUE.key, columns={"day": "date", "customer": "string", "net_amount": "decimal(18,2)"}
)
BOTH = PromisedMart(audience="bi", key=REVENUE.key, columns={**REVENUE.columns, "net_amount": "decimal(18,2)"})
PROMISED = Promise(version="1.2.0", marts={"revenue": REVENUE})


def test_the_marts_keep_what_the_last_release_promised() -> None:
    assert promise().marts
    assert breaches(promise(), marts_as_they_are()) == ()
    assert (REPOSITORY / PROMISE).read_text(encoding="utf-8") == text(promise()), "nobody has written the file by hand"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({}, "revenue is gone"),
        ({"revenue": RENAMED}, "revenue.amount is gone"),
        ({"revenue": REVENUE.model_copy(update={"key": ("customer",)})}, "revenue has the key customer"),
        ({"revenue": REVENUE.model_copy(update={"audience": "team"})}, "revenue is for team"),
        (
            {"revenue": REVENUE.model_copy(update={"columns": {**REVENUE.columns, "amount": "double"}})},
            "revenue.amount is double",
        ),
    ],
)
def test_what_breaks_the_promise_is_named(now: dict[str, PromisedMart], said: str) -> None:
    (breach,) = breaches(PROMISED, now)
    assert breach.startswith(said)


def test_what_comes_raises_the_minor_version_and_nothing_else_does() -> None:
    assert next_version(PROMISED, {"revenue": REVENUE}) == "1.2.0"
    assert next_version(PROMISED, {"revenue": BOTH}) == "1.3.0"
    assert next_version(PROMISED, {"revenue": REVENUE, "another": REVENUE}) == "1.3.0"


def test_what_goes_is_announced_for_one_release_beside_what_stands_in_its_place() -> None:
    announced = Deprecation(what="revenue.amount", announced="1.3.0", instead="revenue.net_amount")
    release = released(PROMISED.model_copy(update={"deprecated": (announced,)}), {"revenue": BOTH})
    assert release.version == "1.3.0"
    assert breaches(release, {"revenue": RENAMED}), "readers have not had a release to change over"
    after = released(release, {"revenue": BOTH, "another": REVENUE})
    assert after.version == "1.4.0"
    assert breaches(after, {"revenue": RENAMED, "another": REVENUE}) == ()
    gone = released(after, {"revenue": RENAMED, "another": REVENUE})
    assert (gone.version, gone.deprecated) == ("2.0.0", ())
    nowhere = PROMISED.model_copy(update={"deprecated": (announced,)})
    assert breaches(nowhere, {"revenue": REVENUE}) == (
        "revenue.net_amount stands in the place of revenue.amount and is not there",
    )
