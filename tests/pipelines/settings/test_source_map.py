"""The source mapping: what is refused with which code and line, and what its fingerprint depends on."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import ConfigError, Problem
from pipelines.settings.date_format import DateFormatError, parse_date_format
from pipelines.settings.sources import ColumnWords, CsvFormat, SourceMap, read_sources
from pipelines.settings.sql_text import (
    SqlTextError,
    casts_to_number,
    condition,
    expression_text,
    null_safe,
    statement,
    tables_read,
)

TEXT = """\
version: 1
company: Test company
root: ${DELIVERIES:-../in}
time_zone: Europe/Berlin
formats:
  german:
    kind: csv
    delimiter: ";"
    encoding: windows-1252
    decimal: ","
    thousands: "."
    date: dd.mm.yyyy
    timestamp: dd.mm.yyyy hh:mm:ss
    null: ["", "-"]
    true: [J]
    false: [N]
  parquet: {kind: parquet}
files:
  lines: {path: erp/Zeilen*.csv, format: german, delivered_at: 2026-01-02T06:00:00}
  heads: {path: "{date}/Koepfe.csv", format: german}
  crm: {path: crm.parquet, format: parquet}
tables:
  customers:
    from: crm
    columns: {customer_id: KdNr, owner_rep_id: Vertreter}
    constants: {currency_code: EUR, relationship_type: customer}
  invoice_lines:
    sql: |
      with l as (select * from lines)
      select l.*, h.Datum from l join heads h using (Beleg)
    columns: {invoice_id: Beleg}
    constants: {company_id: 1000}
    values:
      doc_type: {RE: invoice, GU: credit_note}
      is_promotion: {X: true}
    where: "Status <> 'Storno'"
unmapped: {payments: names no invoice}
"""


def source_map(text: str, directory: Path, environment: dict[str, str] | None = None) -> SourceMap:
    path = directory / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return read_sources(path, environment=environment or {})


def changed(old: str, new: str, text: str = TEXT) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def problems(text: str, directory: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        source_map(text, directory)
    return caught.value.problems


def test_a_mapping_is_read(tmp_path: Path) -> None:
    sources = source_map(TEXT, tmp_path)
    german = sources.format("german")
    assert isinstance(german, CsvFormat)
    assert (german.codec, german.null, german.true, german.false) == ("cp1252", ("", "-"), ("J",), ("N",))
    assert sources.format_of("crm") == sources.format("parquet")
    assert sources.files["lines"].delivered_at == datetime(2026, 1, 2, 6)  # noqa: DTZ001 - as written
    assert sources.files["heads"].is_dated
    assert not sources.files["lines"].is_dated
    lines = sources.tables["invoice_lines"]
    assert lines.from_file is None
    assert lines.constants == {"company_id": "1000"}
    assert lines.values["is_promotion"] == {"X": "true"}
    assert (lines.load, lines.may_be_empty) == ("full", False)
    assert sources.tables["customers"].from_file == "crm"
    assert sources.files_of("invoice_lines") == ("heads", "lines")
    assert sources.files_of("customers") == ("crm",)


def test_the_root_is_relative_to_the_file_and_may_come_from_the_environment(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    assert source_map(TEXT, config).root == tmp_path / "in"
    assert source_map(TEXT, config, {"DELIVERIES": "/data/x"}).root == Path("/data/x")
    assert source_map(TEXT, config, {"DELIVERIES": ""}).root == tmp_path / "in"


def test_a_missing_variable_is_named_never_a_value(tmp_path: Path) -> None:
    text = changed("${DELIVERIES:-../in}", "${DELIVERIES}")
    (problem,) = problems(text, tmp_path)
    assert problem.code == "CONFIG_ENVIRONMENT"
    assert problem.where.endswith(":3")
    assert "DELIVERIES" in problem.what


def test_moments_without_offset_are_meant_in_the_declared_zone(tmp_path: Path) -> None:
    sources = source_map(TEXT, tmp_path)
    assert sources.utc(datetime(2026, 7, 1, 0, 30)) == datetime(2026, 6, 30, 22, 30)  # noqa: DTZ001 - as written
    assert sources.utc(datetime(2026, 7, 1, 0, 30, tzinfo=UTC)) == datetime(2026, 7, 1, 0, 30)  # noqa: DTZ001 - as written


MUTATIONS = [
    ('delimiter: ";"', 'delimiter: ";;"', "FORMAT_SIGN", 8, "one sign"),
    ('delimiter: ";"', 'delimiter: ""', "FORMAT_SIGN", 8, "one sign"),
    ('delimiter: ";"', "delimiter: x", "FORMAT_SIGN", 8, "one sign"),
    ('delimiter: ";"', "delimiter: '\"'", "FORMAT_SIGN", 6, "same sign"),
    ("encoding: windows-1252", "encoding: windows-1299", "CONFIG_UNKNOWN_VALUE", 9, "windows-1299"),
    ('    decimal: ","\n', "", "CONFIG_MISSING_KEY", 6, "'decimal'"),
    ('thousands: "."', 'thousands: ","', "FORMAT_SIGN", 11, "both ','"),
    ("    date: dd.mm.yyyy\n", "    date: dd.mm.jjjj\n", "FORMAT_DATE", 12, "'jjjj'"),
    ("    date: dd.mm.yyyy\n", "    date: mm.yyyy\n", "FORMAT_DATE", 12, "the day is missing"),
    ("dd.mm.yyyy hh:mm:ss", "dd.mm.yyyy", "FORMAT_DATE", 13, "the hour"),
    ("true: [J]", 'true: ["-"]', "FORMAT_TOKEN", 15, "null and true"),
    ("null: [", "nulls: [", "CONFIG_UNKNOWN_KEY", 14, "'nulls'"),
    ("{kind: parquet}", "{kind: parket}", "CONFIG_UNKNOWN_VALUE", 17, "parket"),
    ("time_zone: Europe/Berlin", "time_zone: Europe/Belrin", "CONFIG_UNKNOWN_VALUE", 4, "Belrin"),
    ('"{date}/Koepfe.csv", ', '"{date}/Koepfe.csv", time_zone: Europe/Belrin, ', "CONFIG_UNKNOWN_VALUE", 20, "Belrin"),
    ('"{date}/Koepfe.csv", ', '"{date}/Koepfe.csv", time_zone: UTC, ', "MAPPING_CONFLICT", 28, "Europe/Berlin, UTC"),
    ("path: erp/Zeilen*.csv", "path: ../Zeilen*.csv", "FILE_PATH", 19, "below the root"),
    ("path: erp/Zeilen*.csv", "path: /etc/passwd", "FILE_PATH", 19, "below the root"),
    ("path: erp/Zeilen*.csv", "path: C:/Zeilen.csv", "FILE_PATH", 19, "below the root"),
    ("path: erp/Zeilen*.csv", "path: erp\\Zeilen.csv", "FILE_PATH", 19, "backslash"),
    ('"{date}/Koepfe.csv"', '"{datum}/Koepfe.csv"', "FILE_PATH", 20, "braces"),
    ('"{date}/Koepfe.csv"', '"{date}/{Koepfe,}.csv"', "FILE_PATH", 20, "braces"),
    ('"{date}/Koepfe.csv"', '"{date/Koepfe,Kopf}.csv"', "FILE_PATH", 20, "braces"),
    ("Koepfe.csv\", format: german", "Koepfe.csv\", format: germn", "MAPPING_UNKNOWN_FORMAT", 20, "germn"),
    ("delivered_at: 2026-01-02T06:00:00", "delivered_at: gestern", "CONFIG_TYPE", 19, "a time"),
    ("  crm: {path", "  Crm: {path", "CONFIG_NAME", 21, "'Crm'"),
    ("  invoice_lines:\n", "  invoice_line:\n", "MAPPING_UNKNOWN_TABLE", 27, "invoice_line"),
    ("from: crm", "from: cmr", "MAPPING_UNKNOWN_FILE", 24, "cmr"),
    ("join heads h", "join heds h", "MAPPING_UNKNOWN_FILE", 28, "heds"),
    ("owner_rep_id: Vertreter", "owner_rep: Vertreter", "MAPPING_UNKNOWN_COLUMN", 25, "owner_rep"),
    ("{currency_code: EUR,", "{curency_code: EUR,", "MAPPING_UNKNOWN_COLUMN", 26, "curency_code"),
    ("      doc_type: {", "      doctype: {", "MAPPING_UNKNOWN_COLUMN", 34, "doctype"),
    ("{customer_id: KdNr,", "{currency_code: Waehrung, customer_id: KdNr,", "MAPPING_CONFLICT", 26, "columns"),
    ("relationship_type: customer}", "relationship_type: custmer}", "MAPPING_VALUE", 26, "custmer"),
    ("relationship_type: customer}", "relationship_type: null}", "MAPPING_VALUE", 26, "required"),
    ("currency_code: EUR", "currency_code: Euro", "MAPPING_VALUE", 26, "ISO 4217"),
    ("GU: credit_note", "GU: creditnote", "MAPPING_VALUE", 34, "creditnote"),
    ("{X: true}", "{X: ja}", "MAPPING_VALUE", 35, "'ja'"),
    ("    from: crm\n", "", "MAPPING_SOURCE", 23, "exactly one"),
    ("    from: crm\n", "    from: crm\n    sql: select * from crm\n", "MAPPING_SOURCE", 23, "exactly one"),
    ("using (Beleg)", "using (Beleg", "MAPPING_SQL", 28, "syntax error"),
    ("using (Beleg)", "using (Beleg); drop table x", "MAPPING_SQL", 28, "one query"),
    ("from l join heads", "from read_csv('/etc/passwd') l join heads", "MAPPING_SQL", 28, "read_csv"),
    ("from l join heads", "from '/etc/passwd' l join heads", "MAPPING_UNKNOWN_FILE", 28, "/etc/passwd"),
    ("\"Status <> 'Storno'\"", '"Status <>"', "MAPPING_SQL", 36, "not a condition"),
    ("\"Status <> 'Storno'\"", '"1=1) union select * from crm where (1=1"', "MAPPING_SQL", 36, "other tables"),
    ("    where:", "    load: increment\n    where:", "CONFIG_UNKNOWN_VALUE", 36, "increment"),
    ("unmapped: {payments", "unmapped: {customers", "MAPPING_CONFLICT", 37, "both mapped"),
    ("company: Test company", "company: 12", "CONFIG_TYPE", 2, "text is needed"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "line", "said"), MUTATIONS, ids=lambda value: str(value)[:40].strip())
def test_a_mistake_is_found_at_its_line(old: str, new: str, code: str, line: int, said: str, tmp_path: Path) -> None:
    matching = [problem for problem in problems(changed(old, new), tmp_path) if problem.code == code]
    assert [problem.where.rpartition("/")[2] for problem in matching] == [f"sources.yml:{line}"]
    assert said in matching[0].what
    assert matching[0].remedy


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("  invoice_lines:\n", "  invoice_line:\n", "invoice_lines"),
        ("from: crm", "from: cmr", "crm"),
        ("owner_rep_id: Vertreter", "owner_rep: Vertreter", "owner_rep_id"),
        ("GU: credit_note", "GU: creditnote", "credit_note"),
        ("    where:", "    were:", "where"),
        ("null: [", "nul: [", "null"),
        ("{kind: parquet}", "{kind: parket}", "parquet"),
        ("Europe/Berlin", "europe/berlin", "Europe/Berlin"),
        ("    from: crm", "    form: crm", "from"),
    ],
)
def test_a_typo_is_answered_by_what_was_meant(old: str, new: str, meant: str, tmp_path: Path) -> None:
    found = problems(changed(old, new), tmp_path)
    assert f"did you mean '{meant}'?" in [problem.remedy for problem in found]


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = changed("owner_rep_id: Vertreter", "owner_rep: Vertreter")
    text = changed("    where:", "    were:", text)
    text = changed('delimiter: ";"', 'delimiter: ";;"', text)
    text = changed("join heads h", "join heds h", text)
    text = changed("company: Test company", "company: 12", text)
    assert [problem.code for problem in problems(text, tmp_path)] == [
        "CONFIG_TYPE",
        "FORMAT_SIGN",
        "MAPPING_UNKNOWN_COLUMN",
        "MAPPING_UNKNOWN_FILE",
        "CONFIG_UNKNOWN_KEY",
    ]


WORDS = """    from: lines
    columns:
      invoice_id: {join: [Serie, Nr], with: "-"}
      line_no: {number_within: [invoice_id]}
      gross_list_amount: {expr: Menge * Preis / 1.19, round: 2}
      product_group: {lookup: {file: heads, key: WG, in: Nr, value: Gruppe}}
      cogs: Einstand
    helpers: {status: {lookup: {file: crm, key: Beleg, in: Beleg, value: Status}}}
    unpivot: {columns: [Jan, Feb], name: Monat, value: Betrag}
"""


def with_words(directory: Path, old: str = "", new: str = "") -> SourceMap:
    before, _, rest = TEXT.partition("    sql: |\n")
    after = rest.partition("    constants: {company_id: 1000}\n")[2]
    typed = before.replace(
        "format: german, delivered_at", 'format: german, typed: {Menge: number}, constants: {Jahr: "1"}, delivered_at'
    )
    return source_map(
        f"{typed}{WORDS}    constants: {{company_id: 1000}}\n{after}".replace(old or "\0", new), directory
    )


def test_the_words_of_a_mapping_are_read(tmp_path: Path) -> None:
    sources = with_words(tmp_path)
    mapping = sources.tables["invoice_lines"]
    assert mapping.columns["cogs"] == "Einstand"
    joined, number = mapping.columns["invoice_id"], mapping.columns["line_no"]
    assert isinstance(joined, ColumnWords) and (joined.join, joined.between) == (("Serie", "Nr"), "-")
    assert isinstance(number, ColumnWords) and number.number_within == ("invoice_id",)
    assert list(mapping.made) == ["status", "invoice_id", "line_no", "gross_list_amount", "product_group"]
    assert mapping.unpivot is not None and mapping.unpivot.columns == {"Jan": "Jan", "Feb": "Feb"}
    assert sources.files_of("invoice_lines") == ("lines", "crm", "heads"), "what is looked into is delivered, too"
    assert (sources.files["lines"].typed, sources.files["lines"].constants) == ({"Menge": "number"}, {"Jahr": "1"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Menge * Preis", "Menge * Preise"),
        ("round: 2", "round: 3"),
        ('with: "-"', 'with: "/"'),
        ("[invoice_id]", "[Nr]"),
        ("value: Gruppe", "value: WG"),
        ("value: Status", "value: State"),
        ("Jan, Feb", "Jan, Mar"),
        ("{Menge: number}", "{Menge: text}"),
        ('{Jahr: "1"}', '{Jahr: "2"}'),
        ("crm.parquet", "crm2.parquet"),
        ("    unpivot:", "    distinct: true\n    unpivot:"),
    ],
)
def test_every_word_changes_the_fingerprint(old: str, new: str, tmp_path: Path) -> None:
    before = with_words(tmp_path).fingerprint("invoice_lines")
    assert with_words(tmp_path, old, new).fingerprint("invoice_lines") != before


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("{expr:", "{exp:", "expr"),
        ("value: Gruppe", "valu: Gruppe", "value"),
        ("{Menge: number}", "{Menge: numbr}", "number"),
        ("file: heads", "file: head", "heads"),
        ("unpivot: {columns", "unpivot: {column", "columns"),
    ],
)
def test_a_typo_in_a_word_is_answered_by_what_was_meant(old: str, new: str, meant: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        with_words(tmp_path, old, new)
    assert f"did you mean '{meant}'?" in [problem.remedy for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Status <> 'x'", "((Status IS DISTINCT FROM 'x'))"),
        ("a = 'x'", "((a IS NOT DISTINCT FROM 'x'))"),
        ("a in ('x')", "(COALESCE((a IN ('x')), CAST('f' AS BOOLEAN)))"),
        ("a > 1 or b is null", "(((a > 1) OR (b IS NULL)))"),
    ],
)
def test_a_condition_knows_what_to_say_of_a_missing_value(text: str, said: str) -> None:
    assert expression_text(null_safe(condition(text))) == said


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("select try_cast(p.A as decimal(9,2)), cast(trim(B) as int), C::double from p", ["A", "B", "C"]),
        ("select coalesce(A, '0')::decimal(9,2), case when x then B else '0' end::int from p", ["A", "B"]),
        ("select replace(A, ',', '.')::decimal(9,2), B::date, substr(C, 1, 2)::int, length(D) from p", []),
        ("select A from (select cast(B as float) as A from p)", ["B"]),
    ],
)
def test_casts_of_a_text_as_it_is_delivered_are_seen(sql: str, names: list[str]) -> None:
    assert [parts[-1] for parts in casts_to_number(statement(sql))] == names


def test_two_mappings_of_one_table_are_refused(tmp_path: Path) -> None:
    text = TEXT.replace("unmapped:", "  customers: {from: crm}\nunmapped:")
    assert [problem.code for problem in problems(text, tmp_path)] == ["YAML_DUPLICATE_KEY"]


@pytest.mark.parametrize("name", ["a b", "x'; drop table y; --", 'a"b', "Ä", "1a", "_a", "a" * 64, "a-b", "a.b"])
def test_hostile_names_never_pass(name: str, tmp_path: Path) -> None:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    text = changed("  crm: {path", f'  "{escaped}": {{path', TEXT)
    assert "CONFIG_NAME" in [problem.code for problem in problems(text, tmp_path)]


# --- fingerprint ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("company: Test company", "company: Another company"),
        ("${DELIVERIES:-../in}", "../elsewhere"),
        ("version: 1\n", "# a comment\nversion: 1\n"),
        ("path: crm.parquet", "path: crm2.parquet"),
        ("path: crm.parquet,", "path: crm.parquet, time_zone: America/New_York,"),
        ("doc_type: {RE: invoice, GU: credit_note}", "doc_type: {GU: credit_note, RE: invoice}"),
        ("{customer_id: KdNr,", "{customer_id: Nummer,"),
        ("    where:", "    max_age_days: 35\n    where:"),
    ],
)
def test_what_a_load_does_not_see_leaves_its_fingerprint(old: str, new: str, tmp_path: Path) -> None:
    before = source_map(TEXT, tmp_path).fingerprint("invoice_lines")
    assert source_map(changed(old, new), tmp_path).fingerprint("invoice_lines") == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{invoice_id: Beleg}", "{invoice_id: BelegNr}"),
        ("company_id: 1000", "company_id: 1001"),
        ("RE: invoice", "RG: invoice"),
        ("'Storno'", "'X'"),
        ("select l.*, h.Datum", "select l.*"),
        ("    where:", "    load: incremental\n    where:"),
        ("    where:", "    may_be_empty: true\n    where:"),
        ("path: erp/Zeilen*.csv", "path: erp/Z*.csv"),
        ("delivered_at: 2026-01-02T06:00:00", "delivered_at: 2026-01-02T06:00:01"),
        ('thousands: "."', 'thousands: " "'),
        ("Europe/Berlin", "Europe/Vienna"),
    ],
)
def test_what_a_load_sees_changes_its_fingerprint(old: str, new: str, tmp_path: Path) -> None:
    before = source_map(TEXT, tmp_path).fingerprint("invoice_lines")
    after = source_map(changed(old, new), tmp_path).fingerprint("invoice_lines")
    assert before != after
    assert re.fullmatch(r"[0-9a-f]{64}", after)


# --- parts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "strptime", "good", "bad"),
    [
        ("dd.mm.yyyy", "%d.%m.%Y", "31.12.2025", "31.13.2025"),
        ("dd.mm.yyyy", "%d.%m.%Y", "01.02.2025", "1.2.2025"),
        ("dd.mm.yyyy", "%d.%m.%Y", "01.02.2025", "01x02.2025"),
        ("dd.mm.yyyy", "%d.%m.%Y", "01.02.2025", "01.02.2025 "),
        ("yyyymmdd", "%Y%m%d", "20251231", "2025-12-31"),
        ("dd.mm.yy", "%d.%m.%y", "31.12.25", "31.12.2025"),
        ("yyyy-mm-ddThh:mm:ss", "%Y-%m-%dT%H:%M:%S", "2025-12-31T23:59:59", "2025-12-31T23:60:59"),
        ("dd.mm.yyyy hh:mm", "%d.%m.%Y %H:%M", "31.12.2025 23:59", "31.12.2025 24:00"),
        ("hh:mm dd.mm.yyyy", "%H:%M %d.%m.%Y", "23:59 31.12.2025", "23:59 31.59.2025"),
    ],
)
def test_a_date_format_becomes_a_strict_pattern(pattern: str, strptime: str, good: str, bad: str) -> None:
    parsed = parse_date_format(pattern)
    assert parsed.strptimes == (strptime,)
    assert re.search(parsed.regex, good)
    assert datetime.strptime(good, parsed.strptimes[0]).year == 2025  # noqa: DTZ007 - a day only
    assert not re.search(parsed.regex, bad)


@pytest.mark.parametrize("pattern", ["", "dd.mm", "dd.dd.yyyy", "dd.mm.yyyy %H", "dd.mm.yyyy yy", "tt.mm.jjjj"])
def test_an_incomplete_date_format_is_refused(pattern: str) -> None:
    with pytest.raises(DateFormatError):
        parse_date_format(pattern)


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("select * from Lines l join heads using (i)", {"lines", "heads"}),
        ("with lines as (select * from lines) select * from lines", {"lines"}),
        ("with a as (select 1), b as (select * from a) select * from b, c", {"c"}),
        ("with recursive r as (select 1 n union all select n + 1 from r) select * from r, c", {"c"}),
        ("select (select max(x) from d) from c where exists (select 1 from e)", {"c", "d", "e"}),
        ("select * from main.secret", {"main.secret"}),
        ("select * from c, unnest([1, 2])", {"c"}),
        ("select 1", set()),
    ],
)
def test_the_tables_of_a_query_are_known_without_running_it(sql: str, tables: set[str]) -> None:
    assert tables_read(sql) == tables


@pytest.mark.parametrize(
    "sql", ["", "delete from x", "select 1; select 2", "select", "attach 'x'", "from glob('*')", "copy x to 'y'"]
)
def test_anything_but_one_query_is_refused(sql: str) -> None:
    with pytest.raises(SqlTextError):
        tables_read(sql)
