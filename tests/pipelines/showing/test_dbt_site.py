"""dbt's own documentation of the models as one file (`make site`): it opens, shows who reads a mart, and reaches for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.end_to_end.demo import ten_customers_published
from tests.pipelines.showing.conftest import Open

pytestmark = [pytest.mark.needs("browser"), pytest.mark.slow]


def test_the_site_is_one_file_that_opens_without_a_network(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, opened: Open
) -> None:
    company = ten_customers_published(tmp_path_factory, tmp_path / "company")
    (target,) = (
        line for line in (REPOSITORY / "Makefile").read_text(encoding="utf-8").splitlines() if " dbt docs " in line
    )
    arguments = target[target.index(" dbt docs ") :].split()
    # What a model compiles to is left out here: that takes longer than all the rest.
    company.fork_and_succeed(*arguments, "--no-compile")
    made = opened(company.home / "dbt" / "by_hand" / "static_index.html", scrolled=False)
    made.page.evaluate("location.hash = '#!/model/model.kundenwert.mart_portfolio'")
    made.page.get_by_role("heading", name="mart_portfolio").first.wait_for()
    said = made.page.locator("body").inner_text()
    assert "ultimate_parent_id" in said
    assert "exposure" in said.lower()
    # Icons not yet filled in are asked for beside the file.
    assert [each for each in made.requests if not each.startswith("file:")] == []
