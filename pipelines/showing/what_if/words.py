"""What differs, in sentences. Belongs here: which sentence is said when. Not here: the texts (pipelines.vocabulary), layout (render)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pipelines.showing.what_if.model import CustomerMove, WhatIf
from pipelines.showing.worklist.model import Criterion
from pipelines.showing.worklist.words import criterion_name
from pipelines.vocabulary import Voice
from pipelines.vocabulary.formats import decimals_of

_JUDGED_BY_SCORES: Final = ("confirmed", "provisional")


def answer(found: WhatIf, voice: Voice) -> Iterator[str]:
    """What was asked, first: how many would change zone, with how much money, most of them from where to where."""
    moves, say = found.moves, voice.say
    asked = {"compared": voice.number(moves.compared), "as_of": voice.day(found.as_of)}
    if not moves.customers:
        yield say("what_if.nobody", **asked)
        return
    yield say("what_if.somebody", changed=voice.number(len(moves.customers)), **asked)
    known = [total.contribution for total in moves.totals if total.contribution is not None]
    if known:
        yield say("what_if.contribution", money=voice.money(sum(known, Decimal(0)), found.currency))
    most = moves.totals[0]
    if len(moves.totals) > 1 and most.customers > 1:
        yield say(
            "what_if.most",
            customers=voice.number(most.customers),
            before=zone(most.zone_before, voice),
            after=zone(most.zone_after, voice),
        )


def others(found: WhatIf, voice: Voice) -> Iterator[str]:
    """Who does not change zone, and differs all the same; whether the version still says what is computed now."""
    moves, say = found.moves, voice.say
    if moves.statuses or moves.scores:
        yield say("what_if.kept", statuses=voice.number(moves.statuses), scores=voice.number(moves.scores))
    if moves.held:
        yield say("what_if.held", held=voice.number(len(moves.held)))
    if found.differs_from_version:
        differing = voice.number(found.differs_from_version)
        yield say("what_if.differs", version=found.version, differing=differing)


def zone(code: str | None, voice: Voice) -> str:
    """What a zone is called; a dash where there is none."""
    return voice.number(None) if code is None else voice.label("zone", code)


def why_it_moves(move: CustomerMove, voice: Voice) -> str:
    """Why the zone changes: too little known, a side of the threshold, or what the memory of zones holds."""
    if "unrated" in (move.zone_before, move.zone_after):
        return voice.say(
            "what_if.why.coverage", before=_known(move, "before", voice), after=_known(move, "after", voice)
        )
    if move.crossed_axis is not None:
        return _crossing(move, voice)
    raw = zone(move.raw_zone_after, voice)
    if move.is_held_before and not move.is_held_after:
        return voice.say("what_if.why.released", raw=raw)
    if move.is_held_after and not move.is_held_before:
        return voice.say("what_if.why.held", raw=raw)
    return voice.say("what_if.why.history")


def why_it_stays(move: CustomerMove, voice: Voice) -> str:
    """What the scores alone would say, and why the zone stays all the same."""
    raws = {"before": zone(move.raw_zone_before, voice), "after": zone(move.raw_zone_after, voice)}
    said = [voice.say("what_if.stays.raw", **raws)]
    if move.crossed_axis is not None:
        said.append(_crossing(move, voice))
    if move.is_held_after:
        said.append(voice.say("what_if.stays.band"))
    elif move.zone_status_after is not None and move.zone_status_after not in _JUDGED_BY_SCORES:
        said.append(voice.meaning("zone_status", move.zone_status_after))
    elif move.is_held_before:
        said.append(voice.say("what_if.stays.caught_up"))
    return " ".join(said)


def _known(move: CustomerMove, state: str, voice: Voice) -> str:
    points = (getattr(move, f"{axis}_coverage_{state}") for axis in ("potential", "attractiveness"))
    potential, attractiveness = (voice.number(each) for each in points)
    return voice.say("what_if.why.known", potential=potential, attractiveness=attractiveness)


def _crossing(move: CustomerMove, voice: Voice) -> str:
    axis = str(move.crossed_axis)
    scores = [getattr(move, f"{axis}_score_{state}") for state in ("before", "after")]
    # A score just beside the threshold is not written as if it were on it.
    before, after = (voice.number(score, decimals_of(score, 2, 1)) for score in scores)
    limits = [voice.number(limit, decimals_of(limit)) for limit in (move.threshold_before, move.threshold_after)]
    key = "what_if.why.score" if limits[0] == limits[1] else "what_if.why.threshold"
    said = [
        voice.say(
            key,
            axis=voice.label("axis", axis),
            before=before,
            after=after,
            threshold=limits[1],
            threshold_before=limits[0],
        )
    ]
    if move.criterion_id is not None and move.criterion_points is not None:
        sign = "+" if move.criterion_points > 0 else ""
        points = sign + voice.number(move.criterion_points, 1)
        named = Criterion(move.criterion_id, move.criterion_name_en, move.criterion_name_de)
        criterion = criterion_name(move.criterion_id, voice, {move.criterion_id: named})
        said.append(voice.say("what_if.why.criterion", criterion=criterion, points=points))
    return " ".join(said)
