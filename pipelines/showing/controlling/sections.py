"""The sections of the controllers' page and workbook: from rows to tables both of them write.

Belongs here: which columns a section has, in which order, what the page folds together. Not here: reading (query), the words of a row
(words), HTML (page), cells of a workbook (workbook).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final, TypeVar

from pipelines.showing.areas import area
from pipelines.showing.controlling import words
from pipelines.showing.controlling.bounds import bound
from pipelines.showing.controlling.model import Booking, Cell, Column, Controlling, Doubt, Fold, Kind, Reason, Section
from pipelines.vocabulary import Text, same, text

Row = TypeVar("Row")
Given = tuple[str, Kind, int, Callable[[Row], Cell]]
"""A column of rows of one kind: the key of its title, how it is written, its width, its cell of a row."""

_RARE: Final = frozenset(
    f"control.column.{name}"
    for name in (
        "rows_lost",
        "rows_filtered",
        "currency",
        "agreed_age",
        "note",
        "company",
        "leads",
        "unused",
        "unit",
        "place",
    )
)
MONTHS_SHOWN: Final = 12
RATINGS_SHOWN: Final = 15


def sections(page: Controlling) -> tuple[Section, ...]:
    """All sections in the order they are read."""
    return (
        _sources(page),
        _months(page),
        _reasons(page),
        _ledger(page),
        _doubts(page),
        _warned(page),
        _ratings(page),
        _restated(page),
        _restated_customers(page),
        _waivers(page),
        _overrides(page),
        _settings(page),
    )


def _columns(given: Iterable[Given[Row]]) -> tuple[Column, ...]:
    return tuple(Column(text(key), kind, width, key in _RARE) for key, kind, width, _ in given)


def _cells(given: Iterable[Given[Row]], rows: Iterable[Row]) -> tuple[tuple[Cell, ...], ...]:
    columns = tuple(given)
    return tuple(tuple(cell(row) for *_, cell in columns) for row in rows)


def _section(
    name: str,
    given: tuple[Given[Row], ...],
    rows: tuple[Row, ...],
    shown: int = MONTHS_SHOWN,
    folds: tuple[Fold, ...] = (),
    lights: tuple[str, ...] = (),
) -> Section:
    def said(part: str) -> Text:
        return text(f"control.{name}.{part}")

    return Section(
        name=name,
        sheet=said("sheet"),
        heading=said("heading"),
        lead=said("lead"),
        empty=said("empty"),
        columns=_columns(given),
        rows=_cells(given, rows),
        shown=shown,
        folds=folds,
        lights=lights,
    )


def _added(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """A sum; None where no amount is known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _month(value: date | None) -> Cell:
    return text("control.undated") if value is None else value


def _sources(page: Controlling) -> Section:
    return _section(
        "sources",
        (
            ("control.column.source", "name", 24, lambda row: words.label("source", row.source_name)),
            ("control.column.light", "light", 14, lambda row: words.label("light", row.light)),
            ("control.column.why", "words", 44, lambda row: words.labels("light_reason", row.reasons)),
            ("control.column.delivered", "moment", 18, lambda row: row.delivered_at),
            ("control.column.data_to", "day", 13, lambda row: row.data_to),
            ("control.column.rows_used", "whole", 13, lambda row: row.rows_used),
            ("control.column.rows_set_aside", "whole", 13, lambda row: row.rows_set_aside),
            ("control.column.rows_lost", "whole", 13, lambda row: row.rows_lost),
            ("control.column.rows_filtered", "whole", 13, lambda row: row.rows_filtered),
            ("control.column.left_empty", "whole", 13, lambda row: row.values_left_empty),
            ("control.column.amount_set_aside", "money", 16, lambda row: row.delivered_amount_set_aside),
            ("control.column.currency", "words", 9, lambda row: row.currency_code),
            ("control.column.age", "whole", 10, lambda row: row.age_days),
            ("control.column.agreed_age", "whole", 12, lambda row: row.agreed_age_days),
            ("control.column.note", "words", 24, lambda row: row.note or None),
        ),
        page.sources,
        shown=len(page.sources),
        lights=tuple(row.light for row in page.sources),
    )


_SET_ASIDE: Final[tuple[Given[Reason], ...]] = (
    ("control.column.source", "name", 22, lambda row: words.label("source", row.source_name)),
    ("control.column.month", "month", 12, lambda row: _month(row.month_start)),
    (
        "control.column.what_became",
        "words",
        20,
        lambda row: words.label("set_aside", "empty" if row.is_row_kept else "row"),
    ),
    ("control.column.reason", "words", 48, lambda row: words.fault(row.reason)),
    ("control.column.field", "words", 26, lambda row: row.column_name),
    ("control.column.rows", "whole", 10, lambda row: row.affected_rows),
    ("control.column.delivered_amount", "money", 16, lambda row: row.delivered_amount),
    ("control.column.currency", "words", 9, lambda row: row.currency_code),
    ("control.column.place", "words", 44, words.place),
)


def _of_source(column: Given[Reason]) -> bool:
    return column[0] != "control.column.source"


def _of_month(column: Given[Reason]) -> bool:
    return column[0] not in ("control.column.month", "control.column.what_became")


def _months(page: Controlling) -> Section:
    currency = page.facts.reporting_currency
    months = {row.month_start for row in page.months[:MONTHS_SHOWN]} & {row.month_start for row in page.reasons}
    by_month = {
        month: tuple(row for row in page.reasons if row.month_start == month and not row.is_row_kept)
        for month in sorted((month for month in months if month is not None), reverse=True)
    }
    amounts = {row.month_start: row.set_aside for row in page.months}
    columns = tuple(column for column in _SET_ASIDE if _of_month(column))
    folds = tuple(
        Fold(
            words.month(month),
            text(
                "control.months.fold",
                rows=words.number(sum(row.affected_rows for row in rows)),
                amount=words.money(amounts.get(month), currency, 2),
            ),
            _columns(columns),
            _cells(columns, rows),
        )
        for month, rows in by_month.items()
    )
    return _section(
        "months",
        (
            ("control.column.month", "month", 12, lambda row: _month(row.month_start)),
            ("control.column.delivered_revenue", "money", 18, lambda row: row.delivered),
            ("control.column.in_marts", "money", 18, lambda row: row.in_marts),
            ("control.column.of_nobody", "money", 18, lambda row: row.of_nobody),
            ("control.column.set_aside", "money", 18, lambda row: row.set_aside),
            ("control.column.left_over", "money", 14, lambda row: row.difference),
            ("control.column.rows_set_aside", "whole", 14, lambda row: row.rows_set_aside),
        ),
        page.months,
        folds=folds,
    )


def _reasons(page: Controlling) -> Section:
    columns = tuple(column for column in _SET_ASIDE if _of_source(column))
    ordered = sorted(
        page.reasons, key=lambda row: [source.source_name for source in page.sources].index(row.source_name)
    )
    folds = []
    for name, group in groupby(ordered, key=lambda row: row.source_name):
        rows = tuple(group)
        folds.append(
            Fold(
                words.label("source", name),
                text(
                    "control.reasons.fold",
                    rows=words.number(sum(row.affected_rows for row in rows if not row.is_row_kept)),
                    values=words.number(sum(row.affected_rows for row in rows if row.is_row_kept)),
                ),
                _columns(columns),
                _cells(columns, rows),
            )
        )
    return _section("reasons", _SET_ASIDE, page.reasons, shown=0, folds=tuple(folds))


def _company(row: Booking) -> Cell:
    """The legal entity; nothing where all are compared as one."""
    if row.company_id == "unknown":
        return text("control.unknown")
    return None if row.company_id == "*" else row.company_id


def _period(row: Booking) -> Cell:
    if row.period_kind == "undated":
        return text("control.undated")
    return date.fromisoformat(f"{row.period}-01") if row.period_kind == "month" else row.period


_BOOKED: Final[tuple[Given[Booking], ...]] = (
    ("control.column.account_group", "name", 22, lambda row: words.label("account_group", row.account_group)),
    ("control.column.company", "words", 10, _company),
    ("control.column.period", "month", 12, _period),
    ("control.column.customers", "money", 17, lambda row: row.customers),
    ("control.column.leads", "money", 14, lambda row: row.leads),
    ("control.column.intercompany", "money", 16, lambda row: row.intercompany),
    ("control.column.unknown_customer", "money", 16, lambda row: row.unassigned_unknown_customer),
    ("control.column.no_customer", "money", 16, lambda row: row.unassigned_missing_cost_centre),
    ("control.column.quarantined", "money", 14, lambda row: row.quarantined),
    ("control.column.unused", "money", 16, lambda row: row.unused_capacity),
    ("control.column.total", "money", 17, lambda row: row.total),
    ("control.column.ledger", "money", 17, lambda row: row.ledger),
    ("control.column.difference", "money", 13, lambda row: row.difference),
    ("control.column.status", "words", 18, lambda row: words.label("reconciliation_status", row.status)),
)


def _ledger(page: Controlling) -> Section:
    currency = page.facts.reporting_currency
    columns = _BOOKED[1:]
    folds = []
    for group, found in groupby(page.bookings, key=lambda row: row.account_group):
        rows = tuple(found)
        compared = [row for row in rows if row.difference is not None]
        key = "control.ledger.fold" if compared else "control.ledger.fold_open"
        folds.append(
            Fold(
                words.label("account_group", group),
                text(
                    key,
                    total=words.money(_added(row.total for row in rows if row.period_kind != "year"), currency, 2),
                    difference=words.money(_added(abs(row.difference or Decimal(0)) for row in compared), currency, 2),
                    periods=words.number(len(compared)),
                    set_aside=words.money(
                        _added(row.quarantined for row in rows if row.period_kind != "year"), currency, 2
                    ),
                ),
                _columns(columns),
                _cells(columns, rows),
            )
        )
    return _section("ledger", _BOOKED, page.bookings, shown=0, folds=tuple(folds))


_DOUBTED: Final[tuple[Given[Doubt], ...]] = (
    ("control.column.check", "name", 48, words.checked),
    ("control.column.area", "words", 20, lambda row: area(row.area)),
    ("control.column.severity", "words", 11, lambda row: words.label("input_severity", row.severity)),
    ("control.column.rows", "whole", 10, lambda row: row.affected_rows),
    ("control.column.checked_rows", "whole", 12, lambda row: row.checked_rows),
    ("control.column.customers_count", "whole", 11, lambda row: row.customers),
    ("control.column.zones", "whole", 13, lambda row: row.confirmed_zones),
    ("control.column.amount", "money", 16, lambda row: row.affected_amount),
    (
        "control.column.amount_kind",
        "words",
        24,
        lambda row: words.label("input_money", row.table_name) if row.affected_amount is not None else None,
    ),
    ("control.column.first_seen", "month", 12, lambda row: row.first_seen),
    ("control.column.trend", "words", 18, lambda row: words.label("trend", row.trend)),
    ("control.column.to_do", "words", 60, lambda row: words.label("input_remedy", row.check_id)),
    ("control.column.due", "day", 13, lambda row: row.due_on),
)


def _doubts(page: Controlling) -> Section:
    """The checks in the order of their weightiest area."""
    of_check = {"control.column.check", "control.column.severity", "control.column.to_do", "control.column.due"}
    columns = tuple(column for column in _DOUBTED if column[0] not in of_check)
    folds = []
    for check_id in dict.fromkeys(row.check_id for row in page.doubts):
        rows = tuple(row for row in page.doubts if row.check_id == check_id)
        amount = _added(row.affected_amount for row in rows)
        folds.append(
            Fold(
                words.checked(rows[0]),
                text(
                    "control.doubts.fold" if amount is None else "control.doubts.fold_money",
                    severity=words.label("input_severity", rows[0].severity),
                    rows=words.number(sum(row.affected_rows for row in rows)),
                    customers=words.number(rows[0].check_customers),
                    zones=words.number(rows[0].check_confirmed_zones),
                    amount=words.money(amount, page.facts.reporting_currency),
                    kind=words.label("input_money", rows[0].table_name),
                    due=words.day(rows[0].due_on),
                ),
                _columns(columns),
                _cells(columns, rows),
                text("control.doubts.to_do", step=words.label("input_remedy", check_id)),
            )
        )
    return _section("doubts", _DOUBTED, page.doubts, shown=0, folds=tuple(folds))


def _warned(page: Controlling) -> Section:
    return _section(
        "warned",
        (
            ("control.column.source", "name", 22, lambda row: words.label("source", row.subject)),
            ("control.column.check_area", "words", 24, lambda row: words.label("check_area", row.area)),
            ("control.column.finding", "words", 50, words.doubt),
            ("control.column.observed", "words", 18, lambda row: bound(row.observed_value)),
            ("control.column.bound", "words", 26, lambda row: bound(row.limit_value)),
            ("control.column.rows", "whole", 10, lambda row: row.affected_rows),
            ("control.column.amount", "money", 16, lambda row: row.affected_amount),
            ("control.column.to_do", "words", 50, words.step),
            ("control.column.wording", "words", 60, lambda row: row.finding),
        ),
        page.warned,
    )


def _ratings(page: Controlling) -> Section:
    return _section(
        "ratings",
        (
            ("control.column.customer", "name", 34, lambda row: row.customer_name),
            ("control.column.customer_id", "words", 12, lambda row: row.ultimate_parent_id),
            ("control.column.area", "words", 20, lambda row: area(row.owner_area)),
            ("control.column.zone", "words", 18, lambda row: words.label("zone", row.zone)),
            ("control.column.happened", "words", 30, lambda row: words.label("happened", row.happened)),
            ("control.column.money_in_the_dark", "money", 18, lambda row: row.money),
            ("control.column.due", "day", 13, lambda row: row.due_on),
        ),
        page.ratings,
        shown=RATINGS_SHOWN,
    )


def _cause(is_method_changed: bool) -> Text:
    return words.label("restated_by", "method" if is_method_changed else "late_data")


def _version(number: int) -> Text:
    return same(f"v{number:06d}")


def _restated(page: Controlling) -> Section:
    return _section(
        "restated",
        (
            ("control.column.month", "month", 12, lambda row: row.month_start),
            ("control.column.restated_version", "words", 14, lambda row: _version(row.restated_version)),
            ("control.column.customers_count", "whole", 11, lambda row: row.customers),
            ("control.column.old_revenue", "money", 18, lambda row: row.old_net_revenue),
            ("control.column.new_revenue", "money", 18, lambda row: row.new_net_revenue),
            ("control.column.delta_revenue", "money", 18, lambda row: row.delta_net_revenue),
            ("control.column.delta_contribution", "money", 20, lambda row: row.delta_contribution_4),
            ("control.column.cause", "words", 24, lambda row: _cause(row.is_method_changed)),
        ),
        page.restated,
    )


def _restated_customers(page: Controlling) -> Section:
    return _section(
        "restated_customers",
        (
            ("control.column.customer", "name", 34, lambda row: row.customer_name),
            ("control.column.customer_id", "words", 12, lambda row: row.ultimate_parent_id),
            ("control.column.month", "month", 12, lambda row: row.month_start),
            ("control.column.restated_version", "words", 14, lambda row: _version(row.restated_version)),
            ("control.column.old_revenue", "money", 18, lambda row: row.old_net_revenue),
            ("control.column.new_revenue", "money", 18, lambda row: row.new_net_revenue),
            ("control.column.delta_revenue", "money", 18, lambda row: row.delta_net_revenue),
            ("control.column.old_contribution", "money", 20, lambda row: row.old_contribution_4),
            ("control.column.new_contribution", "money", 20, lambda row: row.new_contribution_4),
            ("control.column.delta_contribution", "money", 20, lambda row: row.delta_contribution_4),
            ("control.column.cause", "words", 24, lambda row: _cause(row.is_method_changed)),
        ),
        page.restated_customers,
    )


def _waivers(page: Controlling) -> Section:
    return _section(
        "waivers",
        (
            ("control.column.fault", "name", 50, lambda row: words.fault(row.code)),
            ("control.column.source", "words", 22, lambda row: words.label("source", row.subject)),
            ("control.column.state", "words", 20, lambda row: words.label("responsibility", row.state)),
            ("control.column.rows", "whole", 10, lambda row: row.affected_rows),
            ("control.column.amount", "money", 16, lambda row: row.affected_amount),
            ("control.column.who", "words", 22, lambda row: row.waived_by),
            ("control.column.why", "words", 44, lambda row: row.waived_why),
            ("control.column.until", "day", 13, lambda row: row.waived_until),
        ),
        page.waivers,
    )


def _overrides(page: Controlling) -> Section:
    def rejected(code: str | None) -> Text | None:
        return None if code is None else words.fault(code)

    return _section(
        "overrides",
        (
            ("control.column.state", "words", 20, lambda row: words.label("responsibility", row.state)),
            ("control.column.customer", "name", 34, lambda row: row.customer_name),
            ("control.column.customer_id", "words", 12, lambda row: row.ultimate_parent_id),
            ("control.column.zone_of_system", "words", 18, lambda row: words.label("zone", row.zone)),
            ("control.column.zone_by_hand", "words", 18, lambda row: words.label("zone", row.override_zone)),
            ("control.column.why", "words", 44, lambda row: row.override_reason or rejected(row.quarantine_reason)),
            ("control.column.until", "day", 13, lambda row: row.expires_on),
            (
                "control.column.place",
                "words",
                30,
                lambda row: (
                    None
                    if row.file_name is None
                    else text("control.place.line", file=row.file_name, line=str(row.line_number or ""))
                ),
            ),
        ),
        page.overrides,
    )


def _settings(page: Controlling) -> Section:
    return _section(
        "settings",
        (
            ("control.column.setting", "name", 48, lambda row: row.setting),
            ("control.column.value_before", "words", 34, lambda row: row.value_before),
            ("control.column.value_now", "words", 34, lambda row: row.value_now),
            ("control.column.unit", "words", 14, lambda row: row.unit),
        ),
        page.settings,
        shown=40,
    )
