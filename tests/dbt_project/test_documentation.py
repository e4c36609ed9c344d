"""Every model says what a row is, every mart column what it means: in English and German, with unit and traps.

Belongs here: rules on descriptions, read from the YAML and the doc blocks without dbt. Not here: whether a column
exists or has its type (dbt's contracts), whether a key holds (dbt's unique_key tests).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import cast

import pytest
import yaml

from tools import mart_dictionary
from tools.mart_dictionary import DocBlock, DocumentationError, Mart, MartColumn, dictionary, parse_doc_blocks

MODELS = mart_dictionary.REPOSITORY / "dbt_project" / "models"
MARTS = mart_dictionary.read_marts()
BLOCKS = mart_dictionary.read_doc_blocks()

MINIMUM_LENGTH = 30  # "Kalendermonat von date_day, 1 bis 12." is a full description; a stub or the bare name is not
MONEY = "decimal(18,2)"
NO_KEY = "No key test: "

_SPELT_OUT = re.compile(r"\b(fuer|ueber|koenn|moeg|groess|erloes|schluessel|waehr|zaehl|gueltig|faell)", re.IGNORECASE)

Complaints = Iterator[str]


# --- the rules -------------------------------------------------------------------------------------------------------


def text_complaints(block: DocBlock) -> Complaints:
    """What every block has to fulfil, whatever its column."""
    for language, text in (("English", block.english), ("German", block.german)):
        if len(text) < MINIMUM_LENGTH:
            yield f"the {language} text says too little"
        if re.search(r"\b(todo|tbd|fixme)\b", text, re.IGNORECASE):
            yield f"the {language} text is a stub"
        if not text.endswith((".", "?")):
            yield f"the {language} text does not end as a sentence"
        if "<" in text or "{{" in text:
            yield f"the {language} text holds characters that Markdown or Jinja swallow"
    if ("NULL" in block.english) != ("NULL" in block.german):
        yield "only one language says when it is NULL"
    if _sections(block.english) != _sections(block.german):
        yield "the languages name different METHOD sections"
    if _SPELT_OUT.search(block.german):
        yield "the German text spells an umlaut with two letters"


def _sections(text: str) -> list[str]:
    return [section.strip(" ,.") for section in re.findall(r"METHOD ([\d., ]+)", text)]


UNITS: tuple[tuple[Callable[[MartColumn], bool], str, str, str], ...] = (
    (lambda column: column.data_type == MONEY, r"reporting currency", r"Berichtswährung", "the reporting currency"),
    (
        lambda column: column.name.endswith("_ratio"),
        r"0\.\.1|from 0|above 1|below 0|at most|of 1 or more",
        r"0\.\.1|ab 0|ab 1|über 1|unter 0|höchstens",
        "its range (0..1, or how far beyond)",
    ),
    (lambda column: re.search(r"_score(_low|_high)?$", column.name) is not None, r"0\.\.100", r"0\.\.100", "0..100"),
    (lambda column: column.name.endswith("level"), r"1\.\.5|1 \(.*5 \(", r"1\.\.5|1 \(.*5 \(", "1..5"),
    (lambda column: "_points" in column.name, r"[Pp]oints", r"[Pp]unkt", "points"),
    (lambda column: column.name.endswith("_days"), r"[Dd]ays", r"Tage|weighted_days_beyond_terms", "days"),
    (lambda column: column.name.endswith("_hours"), r"[Hh]ours", r"Stunden", "hours"),
    (lambda column: column.data_type == "boolean", r"\b[Tt]rue\b|Danger", r"\b[Ww]ahr\b|Gefahr", "when it is true"),
)


def unit_complaints(column: MartColumn, block: DocBlock) -> Complaints:
    """Whether the texts name the unit or range that the column's name or type promises."""
    for applies, english, german, what in UNITS:
        if applies(column):
            if not re.search(english, block.english):
                yield f"the English text does not say {what}"
            if not re.search(german, block.german):
                yield f"the German text does not say {what}"


def mart_complaints(mart: Mart) -> Complaints:
    """What a mart says about itself."""
    meta = mart.config.meta
    if not mart.description.startswith("One row per "):
        yield "its description does not begin with the grain ('One row per ...')"
    if meta.description_de is None or not meta.description_de.startswith("Eine Zeile je "):
        yield "config.meta.description_de does not begin with the grain ('Eine Zeile je ...')"
    if meta.question is not None and not meta.question.endswith("?"):
        yield "config.meta.question is no question"
    names = [column.name for column in mart.columns]
    if missing := [name for name in meta.unique_key if name not in names]:
        yield f"its unique_key names columns it does not have: {missing}"
    if len(names) != len(set(names)):
        yield "it lists a column twice"


def grain_complaints(sql: str, entry: Mapping[str, object]) -> Complaints:
    """Whether YAML and SQL of a model tell the same grain, and its key is tested."""
    description = " ".join(str(entry.get("description", "")).split())
    header = sql_header(sql)
    if not header.startswith("One row per "):
        yield "the SQL file does not open with a comment 'One row per ...'"
    elif not description.startswith(header):
        yield "its description does not repeat the comment that opens its SQL file"
    key, tested = _declared_key(entry), _tested_keys(entry)
    if key is None and NO_KEY not in description:
        yield f"it has no config.meta.unique_key and does not say why ('{NO_KEY}...')"
    if key is not None and key not in tested:
        yield "its config.meta.unique_key is not what a unique_key test tests"


def sql_header(sql: str) -> str:
    """The comment lines a SQL file opens with, as one line."""
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def _declared_key(entry: Mapping[str, object]) -> list[str] | None:
    config = cast("Mapping[str, Mapping[str, list[str]]]", entry.get("config", {}))
    return config.get("meta", {}).get("unique_key")


def _tested_keys(entry: Mapping[str, object]) -> list[list[str]]:
    tests = cast("list[Mapping[str, Mapping[str, Mapping[str, list[str]]]] | str]", entry.get("data_tests", []))
    keyed = (test["unique_key"] for test in tests if isinstance(test, dict) and "unique_key" in test)
    return [test["arguments"]["columns"] for test in keyed]


def entries(folder: Path) -> list[Mapping[str, object]]:
    """The models that the YAML file of a folder describes."""
    path = folder / f"_{folder.name}__models.yml"
    assert path.is_file(), f"{path.relative_to(MODELS)} is missing: one entry per model of the folder"
    return cast("list[Mapping[str, object]]", yaml.safe_load(path.read_text(encoding="utf-8"))["models"])


SQL_FILES = tuple(sorted(MODELS.glob("*/*/*.sql")))
FOLDERS = tuple(sorted({path.parent for path in SQL_FILES}))


# --- the project fulfils them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(MODELS)))
def test_every_model_of_a_folder_is_described_once(folder: Path) -> None:
    described = sorted(str(entry["name"]) for entry in entries(folder))
    assert described == sorted(path.stem for path in folder.glob("*.sql"))


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.stem)
def test_a_model_states_its_grain_and_tests_its_key(path: Path) -> None:
    entry = next((entry for entry in entries(path.parent) if entry["name"] == path.stem), {})
    assert list(grain_complaints(path.read_text(encoding="utf-8"), entry)) == []


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.name)
def test_a_mart_says_what_it_holds_in_both_languages(mart: Mart) -> None:
    assert list(mart_complaints(mart)) == []


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.name)
def test_every_column_of_a_mart_is_explained(mart: Mart) -> None:
    undocumented = [column.name for column in mart.columns if column.block != column.name or column.name not in BLOCKS]
    assert undocumented == [], "write description: '{{ doc(\"<column>\") }}' and the block in marts/_columns.md"
    complaints = {column.name: list(unit_complaints(column, BLOCKS[column.name])) for column in mart.columns}
    assert {name: found for name, found in complaints.items() if found} == {}


def test_every_doc_block_says_something_in_both_languages() -> None:
    complaints = {name: list(text_complaints(block)) for name, block in BLOCKS.items()}
    assert {name: found for name, found in complaints.items() if found} == {}


def test_every_doc_block_is_used() -> None:
    used = {column.block for mart in MARTS for column in mart.columns}
    assert sorted(set(BLOCKS) - used) == [], "remove the block from marts/_columns.md"


def test_a_column_has_one_type_in_all_marts() -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for column in chain.from_iterable(mart.columns for mart in MARTS):
        types[column.name].add(column.data_type)
    assert {name: sorted(kinds) for name, kinds in types.items() if len(kinds) > 1} == {}


def test_the_dictionary_is_what_the_marts_say() -> None:
    path = mart_dictionary.REPOSITORY / mart_dictionary.DICTIONARY
    assert path.read_text(encoding="utf-8") == dictionary(MARTS, BLOCKS), "run `python -m tools.mart_dictionary`"


# --- and each rule can fail ------------------------------------------------------------------------------------------

GOOD = DocBlock(
    "Revenue of the year in the reporting currency. NULL for leads (METHOD 1.3).",
    "Umsatz des Jahres in Berichtswährung. NULL bei Interessenten (METHOD 1.3).",
)


def test_a_good_text_is_accepted() -> None:
    assert list(text_complaints(GOOD)) == []


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        (GOOD._replace(english="todo"), "the English text is a stub"),
        (GOOD._replace(german="Umsatz."), "the German text says too little"),
        (GOOD._replace(english=GOOD.english.rstrip(".")), "the English text does not end as a sentence"),
        (GOOD._replace(german=GOOD.german.replace("NULL", "Leer")), "only one language says when it is NULL"),
        (GOOD._replace(german=GOOD.german.replace("1.3", "1.4")), "the languages name different METHOD sections"),
        (GOOD._replace(german=GOOD.german.replace("bei", "fuer")), "the German text spells an umlaut with two letters"),
        (
            GOOD._replace(english=GOOD.english.replace("leads", "<type>")),
            "the English text holds characters that Markdown or Jinja swallow",
        ),
    ],
)
def test_a_poor_text_is_named(block: DocBlock, complaint: str) -> None:
    assert complaint in list(text_complaints(block))


@pytest.mark.parametrize(
    ("name", "data_type"),
    [
        ("amount", MONEY),
        ("share_ratio", "decimal(18,6)"),
        ("fit_score_low", "decimal(9,4)"),
        ("loyalty_level", "integer"),
        ("lost_points", "decimal(9,4)"),
        ("late_days", "integer"),
        ("field_hours", "decimal(18,4)"),
        ("is_small", "boolean"),
    ],
)
def test_a_text_without_the_promised_unit_is_named_in_both_languages(name: str, data_type: str) -> None:
    silent = DocBlock("Something about the customer.", "Etwas über den Kunden.")
    column = MartColumn(name=name, data_type=data_type, description="")
    assert [complaint.split()[1] for complaint in unit_complaints(column, silent)] == ["English", "German"]


def mart(**changes: object) -> Mart:
    fields: dict[str, object] = {
        "name": "mart_example",
        "description": "One row per day.",
        "config": {"meta": {"unique_key": ["day"], "description_de": "Eine Zeile je Tag.", "question": "Which day?"}},
        "columns": [{"name": "day", "data_type": "date", "description": "{{ doc('day') }}"}],
    }
    return Mart.model_validate(fields | changes)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({}, None),
        ({"description": "All days."}, "its description does not begin with the grain ('One row per ...')"),
        (
            {"config": {"meta": {"unique_key": ["day"]}}},
            "config.meta.description_de does not begin with the grain ('Eine Zeile je ...')",
        ),
        (
            {"config": {"meta": {"unique_key": ["week"], "description_de": "Eine Zeile je Woche."}}},
            "its unique_key names columns it does not have: ['week']",
        ),
        (
            {"config": {"meta": {"unique_key": ["day"], "description_de": "Eine Zeile je Tag.", "question": "A day"}}},
            "config.meta.question is no question",
        ),
        ({"columns": [{"name": "day", "data_type": "date", "description": ""}] * 2}, "it lists a column twice"),
    ],
)
def test_a_mart_that_says_too_little_is_named(changes: Mapping[str, object], complaint: str | None) -> None:
    assert list(mart_complaints(mart(**changes))) == ([] if complaint is None else [complaint])


SQL = "-- One row per day\n-- and customer.\nselect 1\n"
KEYED: Mapping[str, object] = {
    "description": "One row per day and customer.\n",
    "config": {"meta": {"unique_key": ["day", "customer_id"]}},
    "data_tests": [{"unique_key": {"arguments": {"columns": ["day", "customer_id"]}}}],
}


@pytest.mark.parametrize(
    ("sql", "changes", "complaint"),
    [
        (SQL, {}, None),
        (SQL, {"description": f"One row per day and customer. {NO_KEY}why.", "config": {}}, None),
        ("select 1", {}, "the SQL file does not open with a comment 'One row per ...'"),
        (SQL.replace("day", "week"), {}, "its description does not repeat the comment that opens its SQL file"),
        (SQL, {"config": {}}, f"it has no config.meta.unique_key and does not say why ('{NO_KEY}...')"),
        (SQL, {"data_tests": []}, "its config.meta.unique_key is not what a unique_key test tests"),
    ],
)
def test_a_model_without_grain_or_key_is_named(sql: str, changes: Mapping[str, object], complaint: str | None) -> None:
    assert list(grain_complaints(sql, {**KEYED, **changes})) == ([] if complaint is None else [complaint])


@pytest.mark.parametrize(
    "text",
    [
        "{% docs day %}\nOnly English.\n{% enddocs %}",
        "{% docs day %}\nEnglish.\n\nDeutsch ohne Kennung.\n{% enddocs %}",
        "{% docs day %}\nEnglish.\n\nDE: Deutsch.\n\nMore.\n{% enddocs %}",
        "{% docs day %}\nEnglish.\n\nDE: Deutsch.\n{% enddocs %}\n" * 2,
    ],
)
def test_an_odd_doc_block_is_refused(text: str) -> None:
    with pytest.raises(DocumentationError, match="day"):
        parse_doc_blocks(text)


def test_a_column_without_a_doc_block_has_no_place_in_the_dictionary() -> None:
    with pytest.raises(DocumentationError, match=r"mart_example\.day"):
        dictionary([mart()], {})


def test_the_dictionary_shows_grain_key_question_and_every_column() -> None:
    text = dictionary([mart()], {"day": DocBlock("A | B.", "Ein Tag.")})
    expected = chain(
        ("## mart_example", "", "One row per day.", "", "Eine Zeile je Tag.", ""),
        ("- Key · Schlüssel: `day`", "- Question · Frage: Which day?", ""),
        ("| column | type | English | Deutsch |", "|---|---|---|---|", "| `day` | date | A \\| B. | Ein Tag. |"),
    )
    assert text.startswith("<!-- generated by ")
    assert text.endswith("\n".join(expected) + "\n")
