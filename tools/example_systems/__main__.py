"""`python -m tools.example_systems` writes examples/systems/<system>/delivery; `--check` fails where a file differs.

Belongs here: where files lie. Not here: what is in them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tools.example_systems import business_central, crm, datev, erpnext, odoo, sap

FOLDER: Final = Path("examples/systems")
SYSTEMS: Final[Mapping[str, Callable[[], dict[str, bytes]]]] = {
    "sap": sap.files,
    "datev": datev.files,
    "business_central": business_central.files,
    "odoo": odoo.files,
    "erpnext": erpnext.files,
    "salesforce": crm.salesforce,
    "hubspot": crm.hubspot,
    "dynamics": crm.dynamics,
    "pipedrive": crm.pipedrive,
}


def main(arguments: list[str]) -> int:
    """Write or compare all files."""
    differing = []
    for system, files in SYSTEMS.items():
        for name, content in files().items():
            path = FOLDER / system / "delivery" / name
            if "--check" in arguments:
                differing += [] if path.is_file() and path.read_bytes() == content else [str(path)]
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    sys.stderr.writelines(f"{path} is not what tools.example_systems writes\n" for path in differing)
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
