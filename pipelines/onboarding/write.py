"""The proposal as files: sources.yml and portfolio.yml with their reasons as comments, and a list of what is to be done.

Belongs here: that text. Not here: what is proposed (propose, pipelines.settings.presets).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from pipelines.contracts import Contract
from pipelines.onboarding import names
from pipelines.onboarding.look import Doubt, Source
from pipelines.onboarding.propose import Proposal, Said, TableProposal, tables_to_write
from pipelines.settings.presets import preset

TODO_FILE: Final = "TODO.md"
_ZONES: Final = {"de": "Europe/Berlin", "en": "UTC"}
_FORMAT_ORDER: Final = (
    "kind",
    "delimiter",
    "encoding",
    "header_row",
    "decimal",
    "thousands",
    "trailing_minus",
    "strip",
    "date",
    "timestamp",
    "skip_footer_matching",
)
_WIDTH: Final = 60
"""Where the comments begin."""


def sources_yml(
    proposal: Proposal, config_dir: Path, company: str, contracts: Mapping[str, Contract], zone: str | None
) -> str:
    """The text of sources.yml for a configuration in `config_dir`."""
    return "\n".join(_sources(proposal, config_dir, company, contracts, zone)) + "\n"


def _sources(
    proposal: Proposal, config_dir: Path, company: str, contracts: Mapping[str, Contract], zone: str | None
) -> Iterator[str]:
    yield "# Proposed by `kundenwert init` from names and contents; read it, then `kundenwert check` says what comes of it."
    yield "# Every word: docs/sources_words.md. Every table and column: docs/data_dictionary.md."
    yield from (f"# {line}" for line in _shipped(proposal))
    for doubt in proposal.doubts:
        yield f"# OPEN {doubt.key}: {doubt.question}"
    yield "version: 1"
    yield f"company: {_flow(company)}"
    yield f"root: {_flow(os.path.relpath(proposal.look.root, config_dir))}"
    guessed = (
        "" if zone else f"of times without an offset; taken from the language of the headers ({proposal.language})"
    )
    yield _line(f"time_zone: {zone or _ZONES[proposal.language]}", guessed)
    yield ""
    formats = _formats(proposal)
    if formats:
        yield "formats:"
    for form in formats:
        yield from (f"  # {note}" for note in form.notes)
        yield f"  {form.name}:"
        for key in (*_FORMAT_ORDER, *(key for key in form.declared if key not in _FORMAT_ORDER)):
            if key not in form.declared:
                continue
            if form.declared[key] is None:
                yield f"    # {key}:    # OPEN, see above"
            else:
                yield f"    {key}: {_flow(form.declared[key])}"
    if formats:
        yield ""
    yield "files:"
    names = {id(source): form.name for form in formats for source in form.sources}
    used = _used(proposal)
    for source in proposal.look.sources:
        if source.database is None or source.name in used:
            yield from _file(source, names.get(id(source)), proposal)
    if proposal.look.unread:
        yield from (
            f"  # not read: {path.name}: {problem.what}; {problem.remedy}" for path, problem in proposal.look.unread
        )
    yield ""
    yield "tables:"
    for table, is_whole in tables_to_write(proposal):
        lines = list(_table(table, contracts[table.table]))
        yield from lines if is_whole else (f"  # {line.removeprefix('  ')}" for line in lines)
    unmapped = [
        name for name in contracts if name not in {table.table for table, whole in tables_to_write(proposal) if whole}
    ]
    yield "# Not mapped, and unknown in the portfolio: " + ", ".join(unmapped[:8]) + ","
    yield "# " + ", ".join(unmapped[8:]) + "."
    further = [source.path for source in proposal.unused if source.database is not None and source.name not in used]
    if further:
        yield f"# Tables that were looked at and not taken: {', '.join(further[:20])}{', ...' if further[20:] else ''}"
    for source in proposal.unused:
        if source.database is not None:
            continue
        yield f"# {source.path} is no table that is known: {', '.join(column.name for column in source.columns[:8])}"


def _shipped(proposal: Proposal) -> Iterator[str]:
    """That a mapping of the system is there: it knows what names do not tell."""
    if proposal.system is not None and (place := names.example(proposal.system)) is not None:
        yield f"The names are those of {names.system_name(proposal.system)}: {place} of this project is a mapping for it, with its signs,"
        yield "states and amounts with tax. What is proposed here comes from names alone: start from that one, or compare."


def _used(proposal: Proposal) -> set[str]:
    """The sources that a table is filled from, or looks into."""
    used = set()
    for table in proposal.tables:
        made = (*table.columns.values(), *table.helpers.values())
        words = (said.value["lookup"] for said in made if isinstance(said.value, dict) and "lookup" in said.value)
        used |= {table.source.name, *(word["file"] for word in words)}
    return used


@dataclass(slots=True)
class _Form:
    """A format of sources.yml and the sources that are written so."""

    name: str
    declared: dict[str, Any]
    notes: list[str]
    sources: list[Source]


def _formats(proposal: Proposal) -> list[_Form]:
    """Files that may be written alike share a format: one says more of the other's numbers and days than it says itself."""
    found: list[_Form] = []
    of_files = [source for source in proposal.look.sources if source.database is None]
    for source in sorted(of_files, key=lambda each: (each.is_ascii, -len(each.format))):
        notes = [f"{source.path}: {note}" for note in source.notes]
        same = next((form for form in found if _is_alike(source, form)), None)
        if same is not None:
            same.notes += notes
            _join(source, same)
            continue
        kind = source.format["kind"]
        base = kind if kind != "csv" else {"de": "german_csv", "en": "english_csv"}[source.language]
        taken = {form.name for form in found}
        name = next(
            each for number in range(1, 1000) if (each := base if number == 1 else f"{base}_{number}") not in taken
        )
        found.append(_Form(name, dict(source.format), notes, [source]))
    return found


def _silent(source: Source) -> set[str]:
    """Words of a format that a source's values say nothing about: any will do for it."""
    kinds = {column.kind for column in source.columns}
    has_places = any(column.kind == "number" and not column.is_whole for column in source.columns)
    seen = {
        ("decimal", "thousands", "strip", "trailing_minus"): has_places,
        ("date",): bool(kinds & {"date", "timestamp"}),
        ("timestamp",): "timestamp" in kinds,
        ("encoding",): not source.is_ascii,
    }
    return {key for keys, is_seen in seen.items() if not is_seen for key in keys}


def _is_alike(source: Source, form: _Form) -> bool:
    """Whether one format reads both: where both say something of a word, it is the same."""
    silent_form = set.intersection(*(_silent(each) for each in form.sources))
    keys = (set(source.format) | set(form.declared)) - _silent(source) - silent_form
    added = {"thousands", "strip", "trailing_minus"}
    return all(
        source.format.get(key) == form.declared.get(key)
        or (key in added and not (source.format.get(key) and form.declared.get(key)))
        for key in keys
    )


def _join(source: Source, form: _Form) -> None:
    """What the new source says and the format's others do not is the format's."""
    silent_form = set.intersection(*(_silent(each) for each in form.sources))
    for key, value in source.format.items():
        if key not in _silent(source) and (key in silent_form or key not in form.declared):
            form.declared[key] = value
    form.sources.append(source)


def _file(source: Source, form: str | None, proposal: Proposal) -> Iterator[str]:
    if source.database is not None:
        said: dict[str, Any] = {"database": {"url": f"${{{source.database}}}", "table": source.path}}
    else:
        said = {"path": source.path, "format": form}
    if typed := proposal.typed.get(source.name):
        said["typed"] = typed
    text = _flow(said)
    if proposal.delivered_at and source.database is None:
        # A time, not a text.
        text = f"{text[:-1]}, delivered_at: {proposal.delivered_at}}}"
    many = f"{len(source.files)} files" if len(source.files) > 1 else ""
    rows = f"{source.rows:,} rows" if source.is_all else f"more than {source.rows:,} rows"
    yield _line(f"  {source.name}: {text}", ", ".join(filter(None, (many, rows))))


def _table(table: TableProposal, contract: Contract) -> Iterator[str]:
    yield f"  {table.table}:"
    yield from (f"    # {note}" for note in table.notes)
    yield f"    from: {table.source.name}"
    if table.distinct:
        yield "    distinct: true"
    if table.where is not None:
        yield _line(f"    where: {_flow(table.where.value)}", table.where.why)
    if table.limits is not None:
        yield _line(f"    limits: {_flow(table.limits.value)}", table.limits.why)
    if table.helpers:
        yield "    helpers:"
        for name, said in table.helpers.items():
            yield _line(f"      {name}: {_flow(said.value)}", said.why)
    order = [column.name for column in contract.columns]
    yield "    columns:"
    for name in sorted(table.columns, key=order.index):
        said = table.columns[name]
        yield _line(f"      {name}: {_flow(said.value)}", said.why)
    for name, missing in table.left.items():
        yield f"      # {name}:    # OPEN: {missing}"
    if table.constants:
        yield "    constants:"
        for name in sorted(table.constants, key=order.index):
            said = table.constants[name]
            yield _line(f"      {name}: {_flow(said.value)}", said.why)
    values = {name: pairs for name, pairs in table.values.items() if pairs and name in table.columns}
    if values:
        yield "    values:"
        for name, pairs in values.items():
            yield f"      {name}: {_flow(pairs)}"


def portfolio_yml(proposal: Proposal) -> str:
    """The text of portfolio.yml: the preset that fits, with levels of revenue from the company's own customers."""
    return "\n".join(_portfolio(proposal)) + "\n"


def _portfolio(proposal: Proposal) -> Iterator[str]:
    chosen = preset(proposal.preset, proposal.delivered)
    yield f"# Proposed by `kundenwert init`: the preset {proposal.preset}."
    yield "# It holds no cost, no pool and no service level, for these are yours."
    yield "# What is not written here has a default; every measure a criterion may stand on: docs/measures.md."
    for name, needed in chosen.left_out.items():
        yield f"# {name} is left out: it needs {', '.join(needed)}, which is not mapped. Its weight went to the others."
    yield "version: 1"
    yield ""
    yield "currency:"
    if proposal.currency is None:
        yield "  # reporting:    # OPEN: the currency of the portfolio; without it EUR"
        yield "  max_rate_age_days: 5"
    else:
        yield f"  reporting: {proposal.currency}"
    yield ""
    yield "criteria:"
    for name, criterion in chosen.criteria.items():
        said = dict(criterion)
        own = criterion.get("measure") == "net_revenue" and bool(proposal.revenue_fifths)
        if own:
            said["levels"] = {"1": None} | {
                str(level + 2): limit for level, limit in enumerate(proposal.revenue_fifths)
            }
        yield f"  {name}:"
        for key, value in said.items():
            note = "fifths of your customers by revenue of the last year" if own and key == "levels" else ""
            yield _line(f"    {key}: {_levels(value) if key == 'levels' else _flow(value)}", note)
    yield ""
    yield "scorecards:"
    for card, axes in chosen.scorecards.items():
        yield f"  {card}:"
        for axis, weights in axes.items():
            yield f"    {axis}: {_flow(dict(weights))}"


def todo_md(proposal: Proposal, company: str) -> str:
    """The list of what is to be done, the open questions first."""
    return "\n".join(_todo(proposal, company)) + "\n"


def _todo(proposal: Proposal, company: str) -> Iterator[str]:
    yield f"# {company}: what is to be done"
    yield ""
    opened = [(f"`{doubt.key}`: {doubt.question}", doubt) for doubt in proposal.doubts]
    if opened:
        yield "Answer with `kundenwert init --force --answer KEY=VALUE ...`, or in the files at the lines marked OPEN:"
        yield ""
        yield from (f"- [ ] {text}{_hint(doubt)}" for text, doubt in opened)
        yield ""
    yield "Then:"
    yield ""
    for variable in sorted({source.database for source in proposal.look.sources if source.database}):
        yield f"- [ ] set {variable} to the connection string wherever `check` and `run` are started: it stands in no file"
    yield "- [ ] read sources.yml: is every column what the comment behind it says?"
    for table, is_whole in tables_to_write(proposal):
        yield from (f"- [ ] {table.table}: {note}" for note in table.notes)
        if not is_whole:
            yield f"- [ ] {table.table} is written as a comment: {'; '.join(f'{n}: {m}' for n, m in table.left.items())}"
    yield from (
        f"- [ ] {path.name} could not be read: {problem.what}; {problem.remedy}"
        for path, problem in proposal.look.unread
    )
    yield "- [ ] `kundenwert check`: are sums, dates and customers those you know?"
    yield "- [ ] `kundenwert run`"
    yield from (
        f"- [ ] later: ratings and estimates are of accounts, and without a CRM the list of customers is one: write `{accounts}` under "
        "`tables`, then `kundenwert potential-check` says whom to ask first and writes the sheets for it"
        for accounts in _accounts_of_customers(proposal)
    )
    yield "- [ ] later: what sales costs (`resource_pools`, `activity_types`), how much care a zone gets (`service_levels`)"


def _accounts_of_customers(proposal: Proposal) -> Iterator[str]:
    """The mapping of accounts onto the list of customers, where there is one and no CRM."""
    written = {table.table: table for table, is_whole in tables_to_write(proposal) if is_whole}
    customers = written.get("customers")
    if customers is None or "accounts" in written or not customers.columns.keys() >= {"customer_id", "customer_name"}:
        return
    number, name = customers.columns["customer_id"], customers.columns["customer_name"]
    columns = {"account_id": number, "customer_id": number, "account_name": name}
    yield f"accounts: {_flow({'from': customers.source.name, 'columns': {ours: said.value for ours, said in columns.items()}})}"


def _hint(doubt: Doubt) -> str:
    answers = f" Answers: {', '.join(doubt.answers)}." if doubt.answers else ""
    return f"{answers} Likely: {doubt.likely}." if doubt.likely else answers


def _line(text: str, why: str) -> str:
    return f"{text.ljust(_WIDTH)}  # {why}" if why else text


def _levels(levels: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{level}: {'null' if limit is None else limit}" for level, limit in levels.items()) + "}"


def _flow(value: Any) -> str:
    """A value in one line, as strict YAML reads it."""
    if isinstance(value, Said):
        return _flow(value.value)
    text = yaml.safe_dump(
        _plain(value), default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False
    ).strip()
    return re.sub(r"\n\.\.\.$", "", text)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value
