"""What the potential check says. Belongs here: which text goes with which figures. Not here: the texts (pipelines.vocabulary), figures
(read), layout (page)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from pipelines.showing.controlling.words import money, number
from pipelines.showing.potential_check.model import Customer, Group, PotentialCheck
from pipelines.vocabulary import Text, text

MOST_NAMED: Final = 3
"""So many product groups of a customer are named, those with the most money."""
SIGNALS: Final = ("missing", "lapsed")


def percent(ratio: Decimal | None, decimals: int = 1) -> Text:
    """A share as per cent."""
    return Text(lambda voice: voice.percent(ratio, decimals))


def amount(value: Decimal | None) -> Text:
    """An amount in the currency its column names."""
    return Text(lambda voice: voice.number(value))


def leading(check: PotentialCheck) -> tuple[Text, ...]:
    """The sentences the page begins with: whom to ask, what is judged today, what speaks for potential."""
    return (*_plan(check), *_potential(check))


def _plan(check: PotentialCheck) -> Iterator[Text]:
    totals = check.totals
    if not totals.portfolio_revenue:
        yield text("potential_check.no_revenue")
        return
    kind = "potential_check" if totals.is_rating else "potential_check.estimates"
    yield text(
        f"{kind}.{_outcome(check)}",
        asked=number(totals.asked),
        customers=number(totals.customers),
        cover=percent(check.cover, 0),
        to_rate=number(totals.to_rate),
        to_estimate=number(totals.to_estimate),
        rated=percent(totals.most_rated),
        estimated=percent(totals.most_estimated),
    )
    if totals.asked:
        rated, estimated = totals.share(totals.rated_revenue), totals.share(totals.estimated_revenue)
        if rated or estimated:
            yield text(f"{kind}.today", rated=percent(rated), estimated=percent(estimated))
        else:
            yield text(f"{kind}.today_nothing")


def _outcome(check: PotentialCheck) -> str:
    """What comes of asking: the share is reached or not, by answers or without any."""
    if check.totals.asked:
        return "plan" if check.is_reached else "plan_short"
    return "covered" if check.is_reached else "nobody"


def _potential(check: PotentialCheck) -> Iterator[Text]:
    totals = check.totals
    for signal, judged, customers, revenue in (
        ("missing", totals.missing_judged, totals.missing_customers, totals.missing_revenue),
        ("lapsed", totals.lapsed_judged, totals.lapsed_customers, totals.lapsed_revenue),
    ):
        if judged:
            yield text(
                f"potential_check.{signal}",
                customers=number(customers),
                judged=number(judged),
                money=money(revenue, check.reporting_currency),
            )
    if totals.growth_judged:
        yield text(
            "potential_check.growing",
            customers=number(totals.growing),
            judged=number(totals.growth_judged),
            all=percent(totals.portfolio_revenue_yoy),
        )


def unknown(check: PotentialCheck) -> tuple[Text, ...]:
    """What is not known of how many, and why; empty where everything is."""
    totals = check.totals
    judged = {"growth": totals.growth_judged, "missing": totals.missing_judged, "lapsed": totals.lapsed_judged}
    texts = [
        text(
            f"potential_check.unknown.{name}",
            customers=number(totals.customers - known),
            of=number(totals.customers),
        )
        for name, known in judged.items()
        if known < totals.customers
    ]
    if totals.customers and not totals.is_rating:
        texts.append(text("potential_check.unknown.ratings"))
    if totals.customers and not check.has_accounts:
        texts.append(text("potential_check.unknown.accounts"))
    return tuple(texts)


def reasons(customer: Customer, check: PotentialCheck) -> tuple[Text, ...]:
    """Why potential is likely with a customer: its growth, what it lacks, what it no longer buys; else that nothing says so."""
    told = [*_growth(customer, check), *(each for signal in SIGNALS for each in _groups(customer, signal, check))]
    if not told:
        told = [text(f"potential_check.why.{'nothing' if customer.signals_judged else 'unknown'}")]
    return tuple(each.of(customer.ultimate_parent_id, check.as_of_date) for each in told)


def _growth(customer: Customer, check: PotentialCheck) -> Iterator[Text]:
    if customer.is_growing:
        yield text(
            "potential_check.why.growth",
            growth=percent(customer.revenue_yoy),
            money=amount(customer.revenue_change),
            all=percent(customer.portfolio_revenue_yoy),
        )


def _groups(customer: Customer, signal: str, check: PotentialCheck) -> Iterator[Text]:
    groups = [each for each in check.groups_of(customer) if each.group_signal == signal]
    for group in groups[:MOST_NAMED]:
        yield text(
            f"potential_check.why.{signal}",
            group=group.product_group,
            money=amount(group.likely_revenue),
            buyers=number(group.look_alike_buyers),
            others=number(group.look_alikes),
        )
    if len(groups) > MOST_NAMED:
        rest = groups[MOST_NAMED:]
        revenue = sum((each.likely_revenue for each in rest), Decimal(0))
        yield text(
            f"potential_check.why.more_{signal}",
            count=number(len(rest)),
            money=amount(revenue),
        )


def questions(customer: Customer, check: PotentialCheck) -> tuple[Text, ...]:
    """What is asked about a customer: levels, demand, and in which product groups first."""
    asked = []
    if customer.is_rate_asked:
        asked.append(text("potential_check.ask.rate"))
    if customer.is_estimate_asked:
        named = ", ".join(_first(check.groups_of(customer)))
        asked.append(
            text("potential_check.ask.demand_in", groups=named) if named else text("potential_check.ask.demand")
        )
    return tuple(each.of(customer.ultimate_parent_id, check.as_of_date) for each in asked)


def _first(groups: Sequence[Group]) -> list[str]:
    return [each.product_group for each in groups[:MOST_NAMED]]
