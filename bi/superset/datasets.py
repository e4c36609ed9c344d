"""assets/datasets: what Superset knows of the marts, from their contracts, datasets.yml and the metrics.

A dataset is a mart at its latest as-of date, with the names of its customers and codes beside it: nothing is summed over as-of dates.
Its metrics are those of dbt_project/models/marts/_semantics.yml, and sums of columns that add up. Belongs here: from a mart to its dataset.
Not here: which charts there are, what is wrong with them (rules.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import sqlglot
import yaml
from pydantic import BaseModel, ConfigDict

from pipelines.vocabulary import Voice
from pipelines.vocabulary.columns import label_of
from tools import semantics
from tools.mart_dictionary import DocBlock, Mart, MartColumn, read_audience, read_doc_blocks, read_marts

HERE: Final = Path(__file__).parent
ASSETS: Final = HERE / "assets"
DATABASES: Final = {"bi": "Kundenwert BI", "controlling": "Kundenwert controlling"}
"""Audience of a published version -> what Superset calls its database."""
NAMESPACE: Final = UUID("8e1d4f8b-6f0e-5c43-9a57-6b1d0b6d2c11")
CUSTOMERS: Final = "dim_customer_current"
_OF_CUSTOMERS: Final = ("customer_name", "region", "country_code", "industry_code", "owner_area")
_KEY: Final = "ultimate_parent_id"
_LANGUAGES: Final = {"label": "label_en", "label_de": "label_de"}
_ENGLISH: Final = Voice("en")
_GERMAN: Final = Voice("de")
"""Superset shows one label; the German one stands before the German description."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Single(_Strict):
    """Columns that never add up, and by what the mart has one row of them."""

    by: list[str]
    columns: list[str]


class Wanted(_Strict):
    """A dataset as datasets.yml asks for it."""

    mart: str
    customer: bool = False
    labels: dict[str, str] = {}
    single: Single | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """A column of a published table."""

    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a dataset, what Superset writes over it, and the published columns it shows."""

    name: str
    label: str
    kind: str
    told: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a dataset; `cut_by` are columns without which its figure means nothing."""

    name: str
    label: str
    told: str
    expression: str
    columns: tuple[str, ...]
    shown_as: str
    cut_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """What Superset knows of a mart."""

    name: str
    audience: str
    told: str
    sql: str
    columns: Mapping[str, Column]
    metrics: Mapping[str, Metric]
    joined_by: tuple[Origin, ...]
    """Columns without which no chart of it works."""

    @property
    def uuid(self) -> str:
        """The same on every machine."""
        return fixed_uuid("dataset", self.name)

    @property
    def path(self) -> Path:
        """Where Superset's format has it, below the assets."""
        return Path("datasets") / file_of_database(self.audience) / f"{self.name}.yaml"


def fixed_uuid(kind: str, name: str) -> str:
    """The uuid of a dataset or database."""
    return str(uuid5(NAMESPACE, f"{kind}/{name}"))


def file_of_database(audience: str) -> str:
    """What Superset's format calls the files of an audience's database."""
    return DATABASES[audience].replace(" ", "_")


def read_wanted(path: Path = HERE / "datasets.yml") -> dict[str, Wanted]:
    """Name -> what datasets.yml asks for."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Wanted.model_validate(each) for name, each in read.items()}


def datasets(
    marts: Sequence[Mart], blocks: Mapping[str, DocBlock], wanted: Mapping[str, Wanted], default_audience: str
) -> dict[str, Dataset]:
    """Every dataset whose mart is published, by name, with the columns and metrics there are; rules.py says what is missing."""
    published = {mart.name: mart for mart in marts}
    told = semantics.read()
    return {
        name: _dataset(name, each, published, blocks, told, default_audience)
        for name, each in wanted.items()
        if each.mart in published
    }


@cache
def marts() -> tuple[Mart, ...]:
    """The marts as they are."""
    return read_marts()


@cache
def known_datasets() -> dict[str, Dataset]:
    """Their datasets."""
    return datasets(marts(), read_doc_blocks(), read_wanted(), read_audience())


def by_uuid(known: Mapping[str, Dataset]) -> dict[str, Dataset]:
    """The datasets by what charts call them."""
    return {dataset.uuid: dataset for dataset in known.values()}


def _dataset(
    name: str,
    wanted: Wanted,
    published: Mapping[str, Mart],
    blocks: Mapping[str, DocBlock],
    metrics: dict[str, Any],
    default_audience: str,
) -> Dataset:
    mart = published[wanted.mart]
    columns = {column.name: column for column in _columns(wanted, published, blocks)}
    meta = mart.config.meta
    told = (f"{meta.question or ''} ({mart.name})", f"{meta.label_de or ''}: {meta.question_de or ''}")
    return Dataset(
        name=name,
        audience=meta.audience or default_audience,
        told="\n\n".join(told),
        sql=_sql(wanted, mart, columns),
        columns=columns,
        metrics={metric.name: metric for metric in _metrics(mart, wanted, columns, metrics)},
        joined_by=tuple(_joined_by(wanted)),
    )


# --- columns ---------------------------------------------------------------------------------------------------------


def _columns(wanted: Wanted, published: Mapping[str, Mart], blocks: Mapping[str, DocBlock]) -> Iterator[Column]:
    own = _of(wanted.mart, published)
    for column in own.values():
        own_label = _label(wanted.mart, column.name)
        label = f"{own_label} (code)" if column.name in wanted.labels else own_label
        yield _column(column.name, label, wanted.mart, column, blocks)
    if wanted.customer:
        theirs = _of(CUSTOMERS, published)
        origins = (Origin(CUSTOMERS, "customer_name"), Origin(wanted.mart, _KEY))
        yield Column(
            "customer", "Customer", "string", "Name and id of the customer.\n\nName und Nummer des Kunden.", origins
        )
        for name in _OF_CUSTOMERS:
            if name in theirs and name not in own:
                yield _column(name, _label(CUSTOMERS, name), CUSTOMERS, theirs[name], blocks)
    for code, dimension in wanted.labels.items():
        labels = _of(dimension, published)
        for suffix, label in _LANGUAGES.items():
            if label in labels:
                called = _label(wanted.mart, code) + (" (de)" if suffix == "label_de" else "")
                yield _column(f"{code}_{suffix}", called, dimension, labels[label], blocks)


def _of(table: str, published: Mapping[str, Mart]) -> dict[str, MartColumn]:
    return {column.name: column for column in published[table].columns} if table in published else {}


def _label(table: str, column: str) -> str:
    return label_of(table, column, _ENGLISH) or column


def _column(name: str, label: str, table: str, column: MartColumn, blocks: Mapping[str, DocBlock]) -> Column:
    block = blocks.get(column.block or "")
    german = label_of(table, column.name, _GERMAN) or column.name
    told = "" if block is None else f"{block.english}\n\n{german}: {block.german}"
    return Column(name, label, column.data_type, told, (Origin(table, column.name),))


# --- metrics ---------------------------------------------------------------------------------------------------------


def _metrics(mart: Mart, wanted: Wanted, columns: Mapping[str, Column], told: dict[str, Any]) -> Iterator[Metric]:
    named = list(_named(mart, columns, told))
    yield from named
    known = {metric.expression for metric in named}
    never_over = tuple(column for column in mart.never_sum_over if column != "as_of_date")
    for column in mart.config.meta.additive or ():
        if column in columns and f"SUM({column})" not in known:
            yield _of_column(f"sum_{column}", f"SUM({column})", columns[column], never_over)
    if wanted.single is not None:
        for column in wanted.single.columns:
            if column in columns:
                yield _of_column(column, f"MAX({column})", columns[column], tuple(wanted.single.by))


def _of_column(name: str, expression: str, column: Column, cut_by: tuple[str, ...]) -> Metric:
    shown = _shown_as(column.name)
    return Metric(name, column.label, column.told, expression, (column.name,), shown, cut_by)


def _named(mart: Mart, columns: Mapping[str, Column], told: dict[str, Any]) -> Iterator[Metric]:
    """The metrics of _semantics.yml whose measures and columns the mart has."""
    measures = {
        measure["name"]: measure
        for model in told["semantic_models"]
        if semantics.table_of(model) == mart.name
        for measure in model.get("measures", ())
    }
    asked = {metric["name"]: metric for metric in told["metrics"]}
    for metric in asked.values():
        needed = _needed(metric, asked)
        used = tuple(dict.fromkeys(each for name in needed if name in measures for each in _used(measures[name])))
        if set(needed) <= measures.keys() and set(used) <= columns.keys():
            yield _asked(metric, [_aggregated(measures[each]) for each in needed], used)


def _asked(metric: dict[str, Any], sums: Sequence[str], used: tuple[str, ...]) -> Metric:
    ratio = metric["type"] == "ratio"
    expression = f"CAST({sums[0]} / NULLIF({sums[1]}, 0) AS DECIMAL(18, 6))" if ratio else sums[0]
    shown = ".1%" if ratio else _shown_as(used[0])
    return Metric(metric["name"], metric["label"], metric["description"], expression, used, shown)


def _needed(metric: dict[str, Any], asked: Mapping[str, dict[str, Any]]) -> list[str]:
    """The measures behind a metric."""
    told = metric["type_params"]
    if metric["type"] == "ratio":
        return [*_needed(asked[told["numerator"]], asked), *_needed(asked[told["denominator"]], asked)]
    return [told["measure"]]


_SQL_OF: Final = {"sum": "SUM({})", "count": "COUNT({})", "average": "AVG({})"}


def _aggregated(measure: dict[str, Any]) -> str:
    return _SQL_OF[measure["agg"]].format(measure.get("expr", measure["name"]))


def _used(measure: dict[str, Any]) -> list[str]:
    """The columns a measure reads."""
    written = sqlglot.parse_one(measure.get("expr", measure["name"]), dialect="duckdb")
    return [column.name for column in written.find_all(sqlglot.exp.Column)]


def _shown_as(column: str) -> str:
    if column.endswith("_ratio"):
        return ".1%"
    return ",.1f" if column.endswith("_score") else ",.0f"


# --- SQL -------------------------------------------------------------------------------------------------------------


def _sql(wanted: Wanted, mart: Mart, columns: Mapping[str, Column]) -> str:
    """The mart at its latest date, with what its customers and codes are called."""
    table = f"current_{mart.name}" if "is_latest" in columns else mart.name
    picked, joins = ["mart.*"], [f"from {table} as mart"]
    if wanted.customer:
        picked.append(f"concat_ws(' · ', customers.customer_name, mart.{_KEY}) as customer")
        of_customers = (name for name in _OF_CUSTOMERS if name in columns)
        picked += [f"customers.{name}" for name in of_customers if columns[name].origins[0].table == CUSTOMERS]
        joins.append(f"left join {CUSTOMERS} as customers on mart.{_KEY} = customers.{_KEY}")
    for code, dimension in wanted.labels.items():
        names = f"{code}_names"
        picked += [f"{names}.{label} as {code}_{suffix}" for suffix, label in _LANGUAGES.items()]
        joins.append(f"left join {dimension} as {names} on mart.{code} = {names}.{dimension.removeprefix('dim_')}")
    return "\n".join(["select", "    " + ",\n    ".join(picked), *joins])


def _joined_by(wanted: Wanted) -> Iterator[Origin]:
    if wanted.customer:
        yield from (Origin(wanted.mart, _KEY), Origin(CUSTOMERS, _KEY))
    for code, dimension in wanted.labels.items():
        yield from (Origin(wanted.mart, code), Origin(dimension, dimension.removeprefix("dim_")))


# --- Superset's format -----------------------------------------------------------------------------------------------


def texts(known: Mapping[str, Dataset]) -> dict[Path, str]:
    """Path below the assets -> text of every dataset."""
    return {each.path: f"{NOTICE}{_yaml(_in_superset(each))}" for each in known.values()}


NOTICE: Final = "# generated by `python -m bi.superset datasets` from the marts' contracts; do not edit\n"


def _in_superset(dataset: Dataset) -> dict[str, Any]:
    return {
        "table_name": dataset.name,
        "description": dataset.told,
        "schema": "main",
        "sql": dataset.sql,
        "main_dttm_col": None,
        "filter_select_enabled": True,
        "normalize_columns": False,
        "always_filter_main_dttm": False,
        "uuid": dataset.uuid,
        "metrics": [
            {
                "metric_name": each.name,
                "verbose_name": each.label,
                "expression": each.expression,
                "description": each.told,
                "d3format": each.shown_as,
            }
            for each in dataset.metrics.values()
        ],
        "columns": [
            {
                "column_name": each.name,
                "verbose_name": each.label,
                "is_dttm": each.kind in ("date", "timestamp"),
                "is_active": True,
                "type": {"string": "VARCHAR"}.get(each.kind, each.kind.upper()),
                "groupby": True,
                "filterable": True,
                "description": each.told,
            }
            for each in dataset.columns.values()
        ],
        "version": "1.0.0",
        "database_uuid": fixed_uuid("database", dataset.audience),
    }


class _Blocks(yaml.SafeDumper):
    """SQL and paragraphs as the lines they are."""


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Blocks.add_representer(str, _string)


def _yaml(read: dict[str, Any]) -> str:
    return yaml.dump(read, Dumper=_Blocks, sort_keys=False, allow_unicode=True, width=140)
