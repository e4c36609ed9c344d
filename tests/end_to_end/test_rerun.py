"""Running twice changes nothing: no new rows, the same bytes, files shared with the version before.

The first and the second run are processes of different origin (`Company.run` and `fork`), so with different hash seeds.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.demo import ten_customers, ten_customers_published

pytestmark = pytest.mark.slow


# First: meanwhile another process may be making the company that both tests copy.
def test_the_order_of_rows_and_the_home_make_no_difference(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    turned = ten_customers(tmp_path / "turned")
    for path in (turned.config.parent / "demo").rglob("*.csv"):
        head, *rows = path.read_bytes().splitlines(keepends=True)
        if b'"' not in b"".join(rows):
            path.write_bytes(head + b"".join(reversed(rows)))
    turned.fork_and_succeed("run")
    plain = ten_customers_published(tmp_path_factory, tmp_path / "plain")
    marts = {name: digest for name, digest in plain.published_bytes().items() if name.startswith("bi/")}
    assert marts, "line numbers of the quarantine differ, the marts must not"
    assert {name: digest for name, digest in turned.published_bytes().items() if name.startswith("bi/")} == marts


def test_running_twice_gives_the_same_bytes_and_no_new_rows(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    company = ten_customers_published(tmp_path_factory, tmp_path)
    first, raw, published = company.current, company.raw_bytes(), company.published_bytes()
    ledger = sorted(path.name for path in (company.home / "landing" / "ledger").iterdir())
    originals = sorted(path.name for path in (company.home / "landing" / "originals").iterdir())
    assert raw and published

    company.succeed("run")

    assert company.current != first, "a second run publishes a version of its own"
    assert company.raw_bytes() == raw
    assert company.published_bytes() == published
    assert sorted(path.name for path in (company.home / "landing" / "ledger").iterdir()) == ledger
    assert sorted(path.name for path in (company.home / "landing" / "originals").iterdir()) == originals
    for name in published:
        assert (company.current / name).samefile(first / name), f"{name} is not shared with the version before"
    company.succeed("verify")
