"""A Parquet file whose pages are damaged is refused by its name, although that is seen only in the middle of landing."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.landing.land import land_table
from tests.pipelines.landing.company import LINES, company


def test_damage_inside_a_parquet_file_is_told_with_its_name(tmp_path: Path) -> None:
    mapping = LINES.replace("lines*.csv", "lines.parquet").replace("format: german", "format: parquet")
    workspace = company(tmp_path, mapping)
    amounts = "n::decimal(18, 2) as Brutto, 0::decimal(18, 2) as Abzug, 0::decimal(18, 2) as Einsatz"
    text = "'R' || n as Beleg, 1 as Pos, 'RE' as Art, date '2025-12-31' as Datum, '7' as Kunde, 'a' || n as WG"
    file = tmp_path / "delivered" / "lines.parquet"
    duckdb.sql(f"copy (select {text}, {amounts} from range(3000) as t (n)) to '{file}' (format parquet)")
    content = bytearray(file.read_bytes())
    content[200:260] = bytes(60)
    file.write_bytes(bytes(content))
    outcome = land_table(workspace, "invoice_lines")
    assert outcome.status == "file_quarantined"
    assert [(f.problem.code, f.problem.where) for f in outcome.problems] == [("PARQUET_CORRUPT", "lines.parquet")]
