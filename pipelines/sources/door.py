"""The one door of the readers: a delivered file, whatever its kind, made readable. Belongs here: which reader reads which kind."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.settings.sources import CsvFormat, ExcelFormat, Format, JsonlFormat, RatingSheetFormat
from pipelines.sources.csv_file import prepare_csv
from pipelines.sources.excel_file import prepare_excel
from pipelines.sources.jsonl_file import prepare_jsonl
from pipelines.sources.parquet_file import prepare_parquet
from pipelines.sources.prepared import PreparedFile
from pipelines.sources.rating_sheet import prepare_rating_sheet


def prepare(
    source: Path, name: str, declared: Format, target: Path, connection: duckdb.DuckDBPyConnection
) -> PreparedFile:
    """Check the delivered file `source` (called `name`) and describe it; a working copy, where one is needed, is `target`.

    Raises SourceError with a code that says what is not as declared; the message names file and line.
    """
    match declared:
        case CsvFormat():
            return prepare_csv(source, name, declared, target)
        case ExcelFormat():
            return prepare_excel(source, name, declared, target)
        case JsonlFormat():
            return prepare_jsonl(source, name, declared, target, connection)
        case RatingSheetFormat():
            return prepare_rating_sheet(source, name, declared, target)
        case _:
            return prepare_parquet(source, name, connection)
