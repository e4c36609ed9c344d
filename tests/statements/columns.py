"""The conditions of the catalogue (pipelines/vocabulary/statements.yml), asked of published rows.

Belongs here: from `inputs` and `when` to SQL. Not here: conditions over numbers computed apart (conditions.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pipelines.quoting import literal
from pipelines.showing.version import Version
from pipelines.vocabulary import Saying
from pipelines.vocabulary.statements import Statement, plain_key, statements

KEY: Final = ("as_of_date", "ultimate_parent_id")
MANIFEST: Final = "manifest"


@dataclass
class Asked:
    """The answers about one version; each condition is asked once for everybody."""

    version: Version
    _answers: dict[tuple[str, str | None], frozenset[tuple[date | None, str | None]]] = field(default_factory=dict)

    def untrue(self, heard: Iterable[Saying]) -> Iterator[str]:
        """A line for every saying whose condition does not hold."""
        for saying in heard:
            entry = statements().entry(saying.key)
            if entry is not None and not self.may_be_said(saying, entry):
                yield f"{saying.key} of {saying.ultimate_parent_id} as of {saying.as_of_date}: {dict(saying.facts)}"

    def may_be_said(self, saying: Saying, entry: Statement) -> bool:
        """True if the condition holds; a sentence about customers that speaks of the portfolio needs one for whom it does."""
        plain = plain_key(saying.key)
        code = None if plain in statements().statements else plain.partition(".")[2]
        name = plain if code is None else plain.partition(".")[0]
        if (name, code) not in self._answers:
            self._answers[name, code] = frozenset(self._asked(entry, code))
        answers = self._answers[name, code]
        if entry.about == "version":
            return bool(answers)
        if code is not None and saying.ultimate_parent_id is None and not saying.key.endswith((".meaning", ".limit")):
            return True  # the name of a group that is counted, or of a sign
        if entry.about == "portfolio" or saying.ultimate_parent_id is None:
            return any(day == saying.as_of_date for day, _ in answers)
        return (saying.as_of_date, saying.ultimate_parent_id) in answers

    def _asked(self, entry: Statement, code: str | None) -> Iterator[tuple[date | None, str | None]]:
        connection = self.version.connection
        given = {"code": code} if "$code" in entry.when else {}
        if entry.about == "version":
            row = connection.execute(f"with {self._manifest()} select {entry.when} from manifest", given).fetchone()
            if row and row[0]:
                yield None, None
            return
        tables = [table for table in entry.tables if table != MANIFEST]
        if not tables:
            return
        if entry.about == "portfolio":
            (table,) = tables
            sql = f"""
                select dates.as_of_date, cast(null as varchar)
                from (select distinct as_of_date from mart_portfolio) as dates
                left join {table} using (as_of_date)
                group by dates.as_of_date
                having {entry.when.replace("count(*)", f"count({table}.as_of_date)")}
            """
        else:
            joined = " ".join(self._joined(entry, table) for table in tables if table != "mart_portfolio")
            own = ", ".join(f"{column} as {column}" for column in entry.columns("mart_portfolio") if column not in KEY)
            aggregated = any(f"{name}(" in entry.when for name in ("bool_or", "bool_and", "count"))
            sql = f"""
                select portfolio.as_of_date, portfolio.ultimate_parent_id
                from (select as_of_date, ultimate_parent_id{"," if own else ""} {own} from mart_portfolio) as portfolio
                {joined}
                group by portfolio.as_of_date, portfolio.ultimate_parent_id
                having {entry.when if aggregated else f"bool_or({entry.when})"}
            """
        yield from connection.execute(sql, given).fetchall()

    def _joined(self, entry: Statement, table: str) -> str:
        has_date = any(
            name == "as_of_date" for name, *_ in self.version.connection.execute(f"describe {table}").fetchall()
        )
        by = KEY if has_date and table != "fct_customer_contribution" else KEY[1:]
        columns = ", ".join(dict.fromkeys((*by, *(each for each in entry.columns(table) if each not in KEY))))
        return f"left join (select {columns} from {table}) as {table} using ({', '.join(by)})"

    def _list(self, name: str) -> str:
        """A list of the manifest as SQL; empty where the release does not write it."""
        values = ", ".join(literal(str(each)) for each in getattr(self.version.manifest, name, ()))
        return f"cast([{values}] as varchar[])"

    def _manifest(self) -> str:
        sources = [source for source in self.version.manifest.sources if source.is_delivered]
        missing = len(self.version.manifest.sources) - len(sources)
        accepted, quarantined = (
            sum(getattr(source, name) for source in sources) for name in ("rows_accepted", "rows_quarantined")
        )
        warnings = (
            "(select count(*) from check_results where not is_passed and severity = 'warning')"
            if self.version.has("check_results")
            else "cast(null as bigint)"
        )
        return (
            f"manifest as (select {accepted} as rows_accepted, {quarantined} as rows_quarantined, "
            f"{missing} as sources_missing, {warnings} as warnings, "
            f"{len(self.version.manifest.waivers)} as waivers, "
            f"{self._list('open_months')} as open_months, {self._list('why')} as why, "
            "(select coalesce(bool_or(cogs_known = 0), false) from (select count(cogs) as cogs_known from mart_portfolio "
            "where relationship_type = 'customer' group by as_of_date) as by_date) as is_cogs_missing)"
        )
