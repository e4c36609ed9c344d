"""Prints every asset key with its group: `python -m tests.orchestration.asset_keys > .../asset_keys.txt`."""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration.definitions import build_definitions

SNAPSHOT = Path(__file__).with_name("asset_keys.txt")


def asset_keys() -> str:
    """`<key>  <group>` per asset, sorted."""
    graph = build_definitions().resolve_asset_graph()
    lines = (f"{key.to_user_string()}  {graph.get(key).group_name}" for key in graph.get_all_asset_keys())
    return "".join(f"{line}\n" for line in sorted(lines))


if __name__ == "__main__":
    sys.stdout.write(asset_keys())
