"""A second home to compute in: it sees what the first one has landed and cannot change it.

Belongs here: making it and removing it. Not here: what is computed in it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.home import Home
from pipelines.workshop import workshop


@contextmanager
def scratch_home(home: Home, purpose: str, *, lands: bool = False) -> Iterator[Home]:
    """A home in the scratch space of `home`, gone afterwards, however the block ends.

    Where it also `lands`, what is delivered meanwhile is landed in it alone, under the pseudonyms of `home`, and the caller holds the lock:
    the copies of delivered files are those of `home`, which only grow.

    Its landed batches are links to those committed now: a batch landed meanwhile is not in it, so it needs no lock. Its
    logs are those of `home`. What a killed process left behind is removed first.
    """
    with workshop(home.temporary, purpose) as directory:
        made = Home.at(directory)
        for needed in (made.ledger, made.temporary, made.control, made.settings):
            needed.mkdir(mode=0o700, parents=True)
        home.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.logs.symlink_to(home.logs)
        if lands:
            made.originals.symlink_to(home.originals)
            if home.corrections.exists():
                made.corrections.symlink_to(home.corrections)
            if home.secret.exists():
                made.secret.symlink_to(home.secret)
            if home.erased.exists():
                shutil.copy2(home.erased, made.erased)
        # The ledger before the batches: whatever it names is there already.
        for entry in sorted(home.ledger.glob("*.json")):
            shutil.copy2(entry, made.ledger)
        for zone, target in ((home.raw, made.raw), (home.quarantine, made.quarantine)):
            for batch in sorted(zone.glob("*/batch=*")):
                link = target / batch.relative_to(zone)
                link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                link.symlink_to(batch)
        yield made
