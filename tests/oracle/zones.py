"""Zones, statuses, hysteresis and treatment (METHOD 1.7, 1.8).

Belongs here: from two axis scores and the state of the as-of date before to a zone. Does not belong here: scores, care.

Readings:
- service_zone: confirmed or observation -> the zone; provisional or unrated -> the system's service zone of the as-of
  date before (the opening zone at first; an override ends with its last day)
  where there is one, else provisional -> the zone, unrated -> NULL.
- Whoever never bought has the zone never_bought, no status, no service zone of the system's; states and the former service
  zone are kept for later.
- is_treatment_frozen: service_zone is known and differs from the zone. is_rating_due from the 2nd frozen as-of date in
  a row on (rating_due_after_periods, this one counted).
- The opening state of a parent is its row of the last opening portfolio before the first judged month (of several: the row of the
  parent id itself, else the smallest customer id); an earlier portfolio says nothing.
- The first plain state counts as a state until a signal comes, and only a month with enough coverage on both axes makes one,
  observed or not; other months keep the states.
- Ratings are unconfirmed where the raw zone without the late ones is another one, none included; who has no raw zone is not.
- A reset (states start plain again at this as-of date) takes place when since the as-of date before the parent became
  insolvent (its first entity did), an id change into it became valid, or an override was set, even one that has ended
  since. One run has one scorecard version.
- An override is active from the day of set_at (known by known_at) to expires_on inclusive; the latest set_at wins (tie: the lowest id).
  `zone` stays the system's zone; the override drives service_zone, which then does not count as frozen.
- possible_zones are plain zones for every status, in alphabetical order. A disqualified lead reaches only its own zone.
  An unrated lead is unrated even if disqualified (first status that applies).
- previous_zone is the zone in the judged month before (or the opening zone). zone_since is the first judged month of the unbroken
  run of the zone; a run that includes the opening, or begins with the first judged month without one, has none.
- is_key_account: true if any entity says so, false if none does but one is filled; else zone protection and confirmed.
- The option of a minimum number of invoices counts distinct invoices up to as_of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .inputs import Company, Row, Settings
from .result import Axis, Zone
from .structure import Structure

NEW_CUSTOMER, UNRATED, NEVER_BOUGHT, DISQUALIFIED = "new_customer", "unrated", "never_bought", "disqualified_lead"
CUSTOMER_ZONES = {
    (True, True): "protection",
    (True, False): "development",
    (False, True): "maintain",
    (False, False): "withdrawal",
}
LEAD_ZONES = {2: "target_lead", 1: "nurture_lead", 0: DISQUALIFIED}
Number = Decimal | int


@dataclass(frozen=True)
class Carry:
    """What one as-of date hands to the next."""

    as_of_date: date
    zone: str
    zone_since: date | None
    """None: since before anything is known."""
    service_zone: str | None
    potential_state: str | None
    attractiveness_state: str | None
    frozen_periods: int
    contribution_4: Decimal | None


@dataclass(frozen=True)
class Facts:
    """What decides about a parent's zone beside the scores."""

    is_lead: bool
    is_disqualified: bool
    tenure_years: int | None
    is_tenure_censored: bool
    invoices: int
    is_contradicted: bool
    has_stale_potential: bool
    has_stale_ratings: bool
    without_late: tuple[Axis, Axis] | None
    """The axes without the late ratings, where there are any."""

    is_first_month: bool
    is_reset: bool
    override: Row | None
    key_account: bool | None


def plain_zone(
    is_lead: bool, is_disqualified: bool, potential: Number, attractiveness: Number, thresholds: tuple[Number, Number]
) -> str:
    """The zone without memory; thresholds for potential and attractiveness."""
    high = potential >= thresholds[0], attractiveness >= thresholds[1]
    if not is_lead:
        return CUSTOMER_ZONES[high]
    return DISQUALIFIED if is_disqualified else LEAD_ZONES[sum(high)]


def next_state(state: str | None, value: Number, threshold: Number, band: Number) -> str:
    """Hysteresis of one axis: the last signal, and plain for the first time."""
    if value >= threshold + band:
        return "high"
    if value < threshold - band:
        return "low"
    return state if state is not None else "high" if value >= threshold else "low"


def never_bought(
    as_of: date, override: Row | None, key_account: bool | None, before: Carry | None, is_first_month: bool
) -> tuple[Zone, Carry]:
    """The zone of a customer that never bought: nothing is judged."""
    began = None if before is None and is_first_month else as_of
    since = before.zone_since if before is not None and before.zone == NEVER_BOUGHT else began
    states = (None, None) if before is None else (before.potential_state, before.attractiveness_state)
    row = Zone(
        raw_zone=None,
        plain_zone=None,
        zone=NEVER_BOUGHT,
        zone_status=None,
        zone_status_reasons=(),
        possible_zones=(),
        service_zone=None if override is None else override["override_zone"],
        is_hysteresis_hold=False,
        is_treatment_frozen=False,
        is_rating_due=False,
        zone_since=since,
        is_since_before_history=since is None,
        previous_zone=None if before is None else before.zone,
        potential_state=states[0],
        attractiveness_state=states[1],
        override_zone=None if override is None else override["override_zone"],
        override_reason=None if override is None else override["reason"],
        override_by=None if override is None else override["set_by_key"],
        override_expires_on=None if override is None else override["expires_on"],
        is_key_account=bool(key_account),
    )
    service = None if before is None else before.service_zone
    return row, Carry(as_of, NEVER_BOUGHT, since, service, states[0], states[1], 0, None)


def decide(
    as_of: date, potential: Axis, attractiveness: Axis, facts: Facts, before: Carry | None, parameters: Row
) -> tuple[Zone, Carry]:
    """Zone and treatment of one parent, and what the next as-of date needs of it."""
    threshold = parameters["zone_threshold"]
    possible = tuple(
        sorted(
            {
                plain_zone(facts.is_lead, facts.is_disqualified, p, a, (threshold, threshold))
                for p in (potential.low, potential.high)
                for a in (attractiveness.low, attractiveness.high)
            }
        )
    )
    raw: str | None = plain_zone(
        facts.is_lead, facts.is_disqualified, potential.score, attractiveness.score, (threshold, threshold)
    )
    plain = raw
    if _is_unknown(potential, attractiveness, parameters):
        raw = None
    is_unconfirmed = raw is not None and _raw_without_late(facts, raw, parameters) != raw
    status = _status(potential, attractiveness, facts, possible, is_unconfirmed, parameters)
    states = _states(potential, attractiveness, facts, raw is not None, before, parameters)
    is_hold = False
    if status == "unrated":
        zone = UNRATED
    elif status == "observation":
        zone = NEW_CUSTOMER
    elif facts.is_lead:
        zone = raw or UNRATED
    else:
        zone = CUSTOMER_ZONES[states[0] == "high", states[1] == "high"]
        is_hold = zone != raw

    earlier_service = None if before is None else before.service_zone
    if status in ("confirmed", "observation"):
        service: str | None = zone
    elif earlier_service is not None:
        service = earlier_service
    else:
        service = None if status == "unrated" else zone
    is_frozen = service is not None and service != zone
    system_service = service
    if facts.override is not None:
        service, is_frozen = facts.override["override_zone"], False
    frozen_periods = 1 + (before.frozen_periods if before is not None else 0) if is_frozen else 0
    began = None if before is None and facts.is_first_month else as_of
    since = before.zone_since if before is not None and before.zone == zone else began
    row = Zone(
        raw_zone=raw,
        plain_zone=None if status == "unrated" else plain,
        zone=zone,
        zone_status=status,
        zone_status_reasons=_reasons(potential, attractiveness, facts, is_unconfirmed),
        possible_zones=possible,
        service_zone=service,
        is_hysteresis_hold=is_hold,
        is_treatment_frozen=is_frozen,
        is_rating_due=frozen_periods >= parameters["rating_due_after_periods"],
        zone_since=since,
        is_since_before_history=since is None,
        previous_zone=None if before is None else before.zone,
        potential_state=states[0],
        attractiveness_state=states[1],
        override_zone=None if facts.override is None else facts.override["override_zone"],
        override_reason=None if facts.override is None else facts.override["reason"],
        override_by=None if facts.override is None else facts.override["set_by_key"],
        override_expires_on=None if facts.override is None else facts.override["expires_on"],
        is_key_account=_is_key_account(facts, zone, status),
    )
    carry = Carry(as_of, zone, since, system_service, states[0], states[1], frozen_periods, None)
    return row, carry


def _is_key_account(facts: Facts, zone: str, status: str) -> bool:
    if facts.key_account is not None:
        return facts.key_account
    return zone == "protection" and status == "confirmed"


def _is_unknown(potential: Axis, attractiveness: Axis, parameters: Row) -> bool:
    return bool(min(potential.coverage_weight, attractiveness.coverage_weight) < parameters["min_coverage_weight"])


def _raw_without_late(facts: Facts, raw: str, parameters: Row) -> str | None:
    if facts.without_late is None:
        return raw
    potential, attractiveness = facts.without_late
    if _is_unknown(potential, attractiveness, parameters):
        return None
    threshold = parameters["zone_threshold"]
    return plain_zone(
        facts.is_lead, facts.is_disqualified, potential.score, attractiveness.score, (threshold, threshold)
    )


def _status(
    potential: Axis,
    attractiveness: Axis,
    facts: Facts,
    possible: tuple[str, ...],
    is_unconfirmed: bool,
    parameters: Row,
) -> str:
    minimum = parameters.get("new_customer_min_invoices")
    years = facts.tenure_years
    is_new = (
        years is not None and years < parameters["new_customer_tenure_years_below"] and not facts.is_tenure_censored
    )
    if not facts.is_lead and (is_new or (minimum is not None and facts.invoices < minimum)):
        return "observation"
    if _is_unknown(potential, attractiveness, parameters):
        return "unrated"
    doubtful = is_unconfirmed or facts.is_contradicted or facts.has_stale_potential or facts.has_stale_ratings
    return "provisional" if len(possible) > 1 or doubtful else "confirmed"


def _reasons(
    potential: Axis,
    attractiveness: Axis,
    facts: Facts,
    is_unconfirmed: bool,
) -> tuple[str, ...]:
    is_missing = any(one.is_imputed for one in (*potential.criteria, *attractiveness.criteria))
    found = {
        "ratings_unconfirmed": is_unconfirmed,
        "missing_criteria": is_missing,
        "potential_contradicted": facts.is_contradicted,
        "potential_stale": facts.has_stale_potential,
        "ratings_stale": facts.has_stale_ratings,
    }
    return tuple(reason for reason, applies in found.items() if applies)


def _states(
    potential: Axis,
    attractiveness: Axis,
    facts: Facts,
    is_signalling: bool,
    before: Carry | None,
    parameters: Row,
) -> tuple[str | None, str | None]:
    if facts.is_lead:
        return None, None
    earlier: tuple[str | None, str | None] = (None, None)
    if before is not None and not facts.is_reset:
        earlier = before.potential_state, before.attractiveness_state
    if not is_signalling:
        return earlier
    threshold, band = parameters["zone_threshold"], parameters["hysteresis_band"]
    return (
        next_state(earlier[0], potential.score, threshold, band),
        next_state(earlier[1], attractiveness.score, threshold, band),
    )


def opening(company: Company, structure: Structure, first_as_of: date) -> dict[str, Carry]:
    """Where each parent stood before the first judged month."""
    best: dict[str, tuple[tuple[date, bool], Row]] = {}
    latest = max(
        (row["as_of_date"] for row in company.opening_portfolio if row["as_of_date"] < first_as_of), default=None
    )
    for row in sorted(company.opening_portfolio, key=lambda row: str(row["customer_id"])):
        place = structure.place(row["customer_id"])
        if row["as_of_date"] != latest or place.column not in ("customers", "leads"):
            continue
        own_row = row["customer_id"] == place.parent_id
        preference = row["as_of_date"], own_row
        if place.parent_id not in best or preference > best[place.parent_id][0]:
            best[place.parent_id] = preference, row
    return {
        parent_id: Carry(
            as_of_date=row["as_of_date"],
            zone=row["zone"],
            zone_since=None,
            service_zone=row["zone"],
            potential_state=row["potential_state"],
            attractiveness_state=row["attractiveness_state"],
            frozen_periods=0,
            contribution_4=row["contribution_4"],
        )
        for parent_id, (_, row) in best.items()
    }


def active_override(
    company: Company, settings: Settings, structure: Structure, as_of: date, known_at: datetime
) -> dict[str, Row]:
    """The override in force per parent."""
    active: dict[str, Row] = {}
    by_id = sorted(company.zone_overrides, key=lambda row: str(row["customer_id"]), reverse=True)
    for row in sorted(by_id, key=lambda row: row["set_at"]):
        place = structure.place(row["customer_id"])
        is_scored = place.column in ("customers", "leads")
        if is_scored and row["set_at"] <= known_at and settings.day(row["set_at"]) <= as_of <= row["expires_on"]:
            active[place.parent_id] = row
    return active


def is_reset(
    company: Company,
    settings: Settings,
    structure: Structure,
    parent_id: str,
    as_of: date,
    known_at: datetime,
    before: Carry | None,
) -> bool:
    """Insolvency, merger or an override set since the as-of date before."""
    if before is None:
        return False
    dates = [*structure.merges.get(parent_id, [])]
    insolvent = [row["insolvent_from"] for row in structure.entities.get(parent_id, []) if row.get("insolvent_from")]
    dates += [min(insolvent)] if insolvent else []
    dates += [
        settings.day(row["set_at"])
        for row in company.zone_overrides
        if row["set_at"] <= known_at and structure.place(row["customer_id"]).parent_id == parent_id
    ]
    return any(before.as_of_date < day <= as_of for day in dates)


def key_account(structure: Structure, parent_id: str) -> bool | None:
    """What the customers rows of the parent's entities say; None if they say nothing."""
    given = [
        row["is_key_account"] for row in structure.entities.get(parent_id, []) if row.get("is_key_account") is not None
    ]
    return any(given) if given else None
