"""What files take: once however many names they have, and only what is there."""

from __future__ import annotations

from pathlib import Path

from pipelines import disk


def test_a_file_counts_once_and_frees_nothing_while_it_has_another_name(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    (one / "alone").write_bytes(b"x" * 50_000)
    (one / "shared").write_bytes(b"y" * 20_000)
    (two / "shared").hardlink_to(one / "shared")
    (two / "link").symlink_to(one / "alone")
    alone, shared = disk.taken(one / "alone"), disk.taken(one / "shared")
    assert alone >= 50_000 and shared >= 20_000
    assert disk.taken(one) == alone + shared
    assert disk.taken(tmp_path) == disk.taken(one, two) < alone + 2 * shared
    assert disk.freed(one) == alone
    assert disk.freed(one, two) == disk.taken(one, two)
    assert disk.taken(tmp_path / "nothing") == disk.freed(tmp_path / "nothing") == 0
