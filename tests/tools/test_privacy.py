"""docs/privacy.md is what the contracts say, and names what it tells people to write."""

from __future__ import annotations

from pipelines.contracts import load_contracts
from pipelines.settings.portfolio import Privacy
from tests.conftest import REPOSITORY
from tools import privacy


def test_the_page_is_up_to_date_and_has_every_personal_column() -> None:
    written = (REPOSITORY / privacy.DOCUMENT).read_text(encoding="utf-8")
    assert written == privacy.document(), "run `python -m tools.privacy`"
    personal = [
        (contract.name, column.name)
        for contract in load_contracts().values()
        for column in contract.columns
        if column.personal
    ]
    assert len(personal) >= 8
    assert all(f"| `{table}` | `{column}` |" in written for table, column in personal)
    assert all(f"`{name}`" in written for name in Privacy.model_fields if name != "sales_input_detail")
