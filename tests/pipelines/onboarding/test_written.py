"""How a text file is written is seen, whatever a spreadsheet did to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.onboarding.written import kind_of, written

HEADER = "Nr;Name;Betrag"
ROWS = "1;Müller;12,50\n2;Öhler;1.000,00\n3;Kern;7,00\n"


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (f"{HEADER}\n{ROWS}", "utf-8", ("utf-8", ";", 1, None)),
        (f"{HEADER}\n{ROWS}", "utf-8-sig", ("utf-8", ";", 1, None)),
        (f"{HEADER}\n{ROWS}", "cp1252", ("windows-1252", ";", 1, None)),
        (f"{HEADER}\n{ROWS}", "utf-16", ("utf-16", ";", 1, None)),
        (f"{HEADER}\n{ROWS}".replace(";", "\t"), "utf-8", ("utf-8", "\t", 1, None)),
        (f"{HEADER}\n{ROWS}".replace(",", ".").replace(";", ","), "utf-8", ("utf-8", ",", 1, None)),
        (f"Umsatzliste\nStand 31.12.2025\n\n{HEADER}\n{ROWS}", "utf-8", ("utf-8", ";", 4, None)),
        (f"sep=;\n{HEADER}\n{ROWS}", "utf-8", ("utf-8", ";", 2, None)),
        (f"{HEADER}\n{ROWS}Summe;;1.019,50\n", "utf-8", ("utf-8", ";", 1, "(?i)^summe")),
        (f'{HEADER}\n1;"Müller; Söhne";12,50\n2;"Öhl\ner";1,00\n', "utf-8", ("utf-8", ";", 1, None)),
    ],
)
def test_encoding_delimiter_header_and_footer(
    tmp_path: Path, text: str, encoding: str, expected: tuple[str, str, int, str | None]
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    seen = written(path)
    assert seen is not None
    assert (seen.encoding, seen.delimiter, seen.header_row, seen.footer) == expected
    assert seen.header == ("Nr", "Name", "Betrag")


def test_a_text_that_is_no_table_is_none(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Sehr geehrte Damen und Herren\nanbei die Liste\n", encoding="utf-8")
    assert written(tmp_path / "letter.txt") is None


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"", "a.csv", "empty"),
        (b"PAR1", "a.csv", "parquet"),
        (b"PK\x03\x04", "a.xlsx", "excel"),
        (b"PK\x03\x04", "a.zip", "zip"),
    ],
)
def test_the_first_bytes_tell_the_kind(tmp_path: Path, head: bytes, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(head)
    assert kind_of(tmp_path / name) == kind
