"""Delimited text keeps its records, its fields and its physical line numbers, or is refused with the place."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import SourceError
from pipelines.settings.sources import CsvFormat
from pipelines.sources import LINE, PreparedFile, Skipped, csv_file, ragged_sql, relation_sql
from pipelines.sources.csv_file import prepare_csv


def declared(**changes: object) -> CsvFormat:
    plain = {
        "kind": "csv",
        "delimiter": ";",
        "encoding": "utf-8",
        "decimal": ",",
        "date": "dd.mm.yyyy",
        "timestamp": "dd.mm.yyyy hh:mm:ss",
    }
    return CsvFormat.model_validate(plain | changes)


def prepared(directory: Path, content: bytes, form: CsvFormat | None = None) -> PreparedFile:
    (directory / "delivered.csv").write_bytes(content)
    return prepare_csv(directory / "delivered.csv", "delivered.csv", form or declared(), directory / "copy.csv")


def records(file: PreparedFile) -> list[tuple[object, ...]]:
    """(line number, fields...) of every record, "" where DuckDB reads nothing."""
    columns = ", ".join(f"coalesce(\"{name}\", '')" for name in file.columns)
    return duckdb.sql(f"select {LINE}, {columns} from ({relation_sql([file])}) order by {LINE}").fetchall()


def ragged(file: PreparedFile) -> list[tuple[object, ...]]:
    sql = ragged_sql([file])
    return [] if sql is None else duckdb.sql(f"select {LINE}, raw_text from ({sql}) order by 1").fetchall()


def quoted(text: str, always: bool) -> str:
    needs = always or any(sign in text for sign in ';"\n\r')
    return '"' + text.replace('"', '""') + '"' if needs else text


FIELD = st.tuples(st.text(alphabet='ab;"\n\r ü', max_size=6), st.booleans())


@settings(max_examples=150)
@given(
    rows=st.lists(st.one_of(st.none(), st.lists(FIELD, min_size=2, max_size=4)), max_size=12),
    ends=st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=14, max_size=14),
    block=st.integers(1, 40),
    final_end=st.booleans(),
)
def test_every_record_keeps_its_fields_and_its_line(
    rows: list[list[tuple[str, bool]] | None],
    ends: list[str],
    block: int,
    final_end: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Against a writer that knows what it wrote: quoted line ends, blank lines, wrong field counts, mixed line ends,
    and blocks so small that every construct is cut somewhere. None is a blank line, three fields are right."""
    text, line = io.StringIO(), 2
    text.write("a;b;c\n")
    good: list[tuple[object, ...]] = []
    bad: list[tuple[object, ...]] = []
    for position, row in enumerate(rows):
        end = ends[position]
        raw = "" if row is None else ";".join(quoted(field, always) for field, always in row)
        is_last = position == len(rows) - 1
        text.write(raw + ("" if is_last and not final_end else end))
        if row is not None and len(row) == 3:
            good.append((line, *(field for field, _ in row)))
        elif raw:
            bad.append((line, raw))
        written = raw + end
        line += written.replace("\r\n", "\n").replace("\r", "\n").count("\n")
        if end == "\r" and not is_last and rows[position + 1] is None and ends[position + 1] == "\n":
            line -= 1  # that CR and the blank line's LF are one line end to any reader
    directory = tmp_path_factory.mktemp("csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file, "BLOCK", block)
        file = prepared(directory, text.getvalue().encode())
    assert records(file) == good
    assert ragged(file) == bad
    assert (file.records, file.ragged) == (len(good) + len(bad), len(bad))


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("windows-1252", "a;b\nMüller;5 €\n".encode("cp1252")),
        ("utf-8", "\ufeffa;b\nMüller;5 €\n".encode()),
        ("utf-16", "a;b\nMüller;5 €\n".encode("utf-16")),
        ("iso-8859-15", "a;b\nMüller;5 €\n".encode("iso-8859-15")),
        ("UTF8", "\ufeffa;b\nMüller;5 €\n".encode()),
        ("utf-16-le", "a;b\nMüller;5 €\n".encode("utf-16-le")),
        ("utf-32", "a;b\nMüller;5 €\n".encode("utf-32")),
        ("cp1140", "a;b\nMüller;5 €\n".encode("cp1140")),
        ("cp858", "a;b\nMüller;5 €\n".encode("cp858")),
        ("mac-roman", "a;b\nMüller;5 €\n".encode("mac-roman")),
        ("utf-7", "a;b\nMüller;5 €\n".encode("utf-7")),
    ],
)
def test_a_declared_encoding_is_read(encoding: str, content: bytes, tmp_path: Path) -> None:
    file = prepared(tmp_path, content, declared(encoding=encoding))
    assert file.columns == ("a", "b")
    assert records(file) == [(2, "Müller", "5 €")]


def test_header_row_and_footer_are_skipped_only_as_declared(tmp_path: Path) -> None:
    content = b'Umsatz "2025\nStand;;\n\na;b\n1;2\nSumme;2\n3;4\nSumme;6\n\nEnde\n'
    form = declared(header_row=4, skip_footer_matching="^(Summe|Ende)$")
    file = prepared(tmp_path, content, form)
    assert records(file) == [(5, "1", "2"), (6, "Summe", "2"), (7, "3", "4")]
    assert (file.records, file.ragged) == (3, 0)
    assert file.skipped == (
        Skipped("above the header", 3, (1, 2, 3)),
        Skipped("skip_footer_matching", 2, (8, 10)),
    )
    assert file.footer == (("Summe", "6"), ("Ende",))


@pytest.mark.parametrize("block", [3, 7, 4 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_what_is_no_data_is_passed_over_and_counted(
    block: int, end: str, last: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A printed list: Excel's first line, the header on every page, subtotals with too few fields, a total at the end."""
    monkeypatch.setattr(csv_file, "BLOCK", block)
    lines = ["sep=;", "Beleg;Text;Brutto", "R1;ä;1", ";;1", "Beleg;Text;Brutto", "", "R2;Beleg;2", "Zwischensumme;2"]
    content = end.join([*lines, "R3;;3", "Summe;;6"]) + last
    form = declared(skip_rows_matching="^(;;|Zwischensumme)", skip_footer_matching="^Summe$")
    file = prepared(tmp_path, content.encode(), form)
    assert records(file) == [(3, "R1", "ä", "1"), (7, "R2", "Beleg", "2"), (9, "R3", "", "3")]
    assert (file.records, file.ragged, file.rows_skipped) == (3, 0, 5)
    assert {each.reason: (each.rows, each.lines) for each in file.skipped} == {
        "above the header": (1, (1,)),
        "repeated header": (1, (5,)),
        "skip_rows_matching": (2, (4, 8)),
        "skip_footer_matching": (1, (10,)),
    }


def test_a_repeated_header_needs_no_declaration(tmp_path: Path) -> None:
    file = prepared(tmp_path, b"a;b\n1;2\na;b\n3;4\na;b\n")
    assert records(file) == [(2, "1", "2"), (4, "3", "4")]
    assert file.skipped == (Skipped("repeated header", 2, (3, 5)),)


def test_nothing_is_quoted_where_the_format_says_so(tmp_path: Path) -> None:
    content = b'a;b\n1;Rohr 3/4" verzinkt\n2;"zwei\n3;drei"\n'
    file = prepared(tmp_path, content, declared(quote="none"))
    assert records(file) == [(2, "1", 'Rohr 3/4" verzinkt'), (3, "2", '"zwei'), (4, "3", 'drei"')]
    assert file.lines_above == 1


def test_a_quote_sign_inside_a_field_is_text_where_the_format_says_so(tmp_path: Path) -> None:
    """Of the kind of duckdb/duckdb#10273: a quoted text of two lines and an inch sign in one file."""
    content = b'a;b\n1;"zwei\nZeilen; mit ""Semikolon"""\n2;Rohr 3/4" verzinkt\n3;6"\n"";"6"""\n'
    file = prepared(tmp_path, content, declared(stray_quotes=True))
    assert records(file) == [
        (2, "1", 'zwei\nZeilen; mit "Semikolon"'),
        (4, "2", 'Rohr 3/4" verzinkt'),
        (5, "3", '6"'),
        (6, "", '6"'),
    ]
    with pytest.raises(SourceError, match=r"delivered\.csv:4") as caught:
        prepared(tmp_path, b'a;b\n1;6"\n2;"offen\n3;"zwei"\n', declared(stray_quotes=True))
    assert "stray_quotes: true" in caught.value.problems[0].remedy


def inch(text: str, always: bool) -> str:
    """`text` as a sloppy exporter writes it: quoted only if it must be."""
    needs = always or text.lstrip(" ").startswith('"') or any(sign in text for sign in ";\n\r")
    return '"' + text.replace('"', '""') + '"' if needs else text


@settings(max_examples=150)
@given(rows=st.lists(st.lists(FIELD, min_size=3, max_size=3), max_size=8), block=st.integers(1, 40))
def test_stray_quote_signs_move_no_field(
    rows: list[list[tuple[str, bool]]], block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "".join(";".join(inch(*field) for field in row) + "\n" for row in [[("x", False)] * 3, *rows])
    directory = tmp_path_factory.mktemp("csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file, "BLOCK", block)
        file = prepared(directory, text.encode(), declared(stray_quotes=True))
    found = [tuple(str(field) for field in row[1:]) for row in named(file)]
    assert found == [tuple(field for field, _ in row) for row in rows if row != [("x", False)] * 3]


def named(file: PreparedFile) -> list[tuple[object, ...]]:
    """As `records`, of columns told apart by their place."""
    assert file.columns == ("x (column 1)", "x (column 2)", "x (column 3)")
    return records(file)


def test_names_of_columns_are_cleaned_and_told_apart(tmp_path: Path) -> None:
    """Of the kind of beancount/fava#983: a header written on a Mac."""
    file = prepared(tmp_path, "Erlo\u0308s ;Text; TEXT\t;\n1;2;3;\n".encode())
    assert file.columns == ("Erlös", "Text (column 2)", "TEXT (column 3)", "")


@pytest.mark.parametrize(
    ("text", "is_suspect"),
    [
        ("Müller & Söhne, 5 € für NÃO, ÂNGELO", False),
        ("MÃ¼ller", True),
        ("SchÃ¶n", True),
        ("5 â‚¬ â€“", True),
        ("Âµ", True),
        ("M�ller", True),
        ("M\u0081ller", True),
        ("M├╝ller", True),
        ("M√ºller", True),
    ],
)
def test_what_a_wrong_encoding_leaves_is_seen(text: str, is_suspect: bool, tmp_path: Path) -> None:
    assert prepared(tmp_path, f"a;b\n1;{text}\n".encode()).facts.has_suspect_signs == is_suspect


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        (b"", "FILE_EMPTY", "delivered.csv"),
        (b"PK\x03\x04rest", "FILE_FORMAT", "delivered.csv"),
        (b"PAR1rest", "FILE_FORMAT", "delivered.csv"),
        ("a;b\n".encode("utf-16"), "ENCODING", "delivered.csv"),
        (b"\n\n", "HEADER_MISMATCH", "delivered.csv:1"),
        (b"sep=,\na;b\n1;2\n", "HEADER_MISMATCH", "delivered.csv:1"),
        (b'a;b\n1;2\n3;"4\n5;6\n', "QUOTE_UNBALANCED", "delivered.csv:3"),
        (b'a;b\n1;2\n3;"4\n5;6\n7;"8"\n', "QUOTE_UNBALANCED", "delivered.csv:3"),
        (b'a;b\n1;Rohr 5"\n3;4\n5;Rohr 6"\n', "QUOTE_UNBALANCED", "delivered.csv:2"),
        (b'a;b\n1;2\n3;"4"x\n', "QUOTE_UNBALANCED", "delivered.csv:3"),
        (b"a;b\n1;2\n" + b"x" * 2_000_001 + b";3\n", "SIZE_LIMIT", "delivered.csv:3"),
    ],
)
def test_what_is_not_as_declared_is_refused_with_its_place(
    content: bytes, code: str, where: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError) as caught:
        prepared(tmp_path, content)
    assert [(problem.code, problem.where) for problem in caught.value.problems] == [(code, where)]


@pytest.mark.parametrize("block", [1, 5, 4 << 20])
def test_a_wrong_encoding_names_the_byte(block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "BLOCK", block)
    with pytest.raises(SourceError, match="byte 0xfc at offset 9 is no utf-8 text"):
        prepared(tmp_path, "ä;b\n1;2;ü".encode()[:9] + b"\xfcller\n")


LINE_FIELD = st.tuples(st.text(alphabet='ab;" \tü\u00a0\x01', max_size=5), st.booleans())


@settings(max_examples=150)
@given(
    rows=st.lists(st.lists(LINE_FIELD, min_size=3, max_size=3), max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "windows-1252", "utf-16"]),
    block=st.integers(2, 40),
    final_end=st.booleans(),
)
def test_a_file_of_one_record_per_line_is_read_as_it_is(
    rows: list[list[tuple[str, bool]]],
    end: str,
    encoding: str,
    block: int,
    final_end: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Without a working copy where it is UTF-8, and what is said of all its fields is true of each."""
    written = [";".join(quoted(field, always) for field, always in row) for row in rows]
    text = end.join(["a;b;c", *written]) + (end if final_end else "")
    form = declared(encoding=encoding)
    directory = tmp_path_factory.mktemp("csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file, "BLOCK", block)
        file = prepared(directory, text.encode(form.codec), form)
    fields = [[field for field, _ in row] for row in rows]
    assert records(file) == [(number, *row) for number, row in enumerate(fields, 2)]
    assert (file.lines_above, file.records, file.ragged) == (1, len(rows), 0)
    assert file.path.name == ("copy.csv" if encoding != "utf-8" and (encoding == "utf-16" or not text.isascii()) else
                              "delivered.csv")  # fmt: skip
    values = [field for row in fields for field in row]
    assert file.facts.has_control_signs == any("\x01" in value for value in values)
    assert file.facts.has_blank_edges or all(value == value.strip(" \t\u00a0") for value in values)


@pytest.mark.parametrize(
    "content",
    [
        b"a;b\n1;2\n\n3;4\n",
        b"a;b\n1;2;\n3;4\n",
        b"a;b\n1\n2;3;4\n",
        b'a;b\n1;"2\n3"\n',
        b"a;b\r\n1;2\n3;4\r\n",
        b"a;b\n1;2\r3;4\n",
        b'a\n""\n\n1\n',
    ],
)
def test_what_is_not_one_record_per_line_is_numbered_record_by_record(content: bytes, tmp_path: Path) -> None:
    assert prepared(tmp_path, content).lines_above is None


@pytest.mark.parametrize("content", [b"a;b\0;c\n1;2;3\n", b"a;b\r;c\n1;2;3\n", b'a;"b\x01";c\n1;2;3\n'])
def test_a_header_of_control_characters_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="HEADER_MISMATCH"):
        prepared(tmp_path, content)


def test_utf_16_without_its_mark_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="byte 0x61 at offset 0 is no utf-16 text"):
        prepared(tmp_path, "a;b\n1;2\n".encode("utf-16-le"), declared(encoding="utf-16"))
