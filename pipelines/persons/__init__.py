"""What is held about one person, and erasing it: METHOD 1.17, articles 15 and 17 of the GDPR.

Belongs here: finding a person in a home (found.py), erasing (erasing.py). Not here: keeping an erased person out of later deliveries
(pipelines.landing.erased), which columns are personal (contracts).
"""

from __future__ import annotations

from pipelines.persons.erasing import Erasure, erase
from pipelines.persons.found import Held, Person, Place, held, identified

__all__ = ["Erasure", "Held", "Person", "Place", "erase", "held", "identified"]
