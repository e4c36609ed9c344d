"""Writing back into a CRM: only what changed, by account, in the CRM's own column names; kept in memory only once the files are there."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml
from python_calamine import CalamineWorkbook

from pipelines import durable
from pipelines.errors import ExitCode
from pipelines.home import Home
from pipelines.showing.crm_writeback.read import NOTHING, TABLES
from pipelines.showing.crm_writeback.systems import System, systems
from pipelines.showing.version import columns_of
from tests.conftest import REPOSITORY
from tests.orchestration.commands.command_line import kundenwert
from tests.pipelines.showing.small_manifest import write_manifest

BEFORE, AS_OF = date(2024, 1, 31), date(2024, 2, 29)
IDS = {letter: f"0015g00000000{letter}1AAA" for letter in "ABCDE"}


def customer(accounts: str | None, **facts: str | None) -> Mapping[str, str | None]:
    return {
        "account_ids": accounts and ", ".join(IDS[letter] for letter in accounts),
        "zone": "maintain",
        "service_zone": "maintain",
        "zone_status": "confirmed",
        "customer_status": "active",
        "recommended_action_en": "Efficient standard care",
        "recommended_action_de": "Effiziente Standardbetreuung",
        "next_best_product_group": "Dichtungen",
        **facts,
    }


FIRST = (customer("AB"), customer("C", next_best_product_group="=HYPERLINK(1)"), customer("D"), customer(None))
THEN = (customer("AB", zone="protection"), customer("C", next_best_product_group=None), customer("E"), customer(None))


def publish(home: Home, number: int, customers: tuple[Mapping[str, str | None], ...]) -> None:
    """A version of two dates; at the earlier one all were unrated."""
    version = home.published / f"v{number:06d}"
    (version / "bi").mkdir(parents=True)
    columns = {column.name: column.sql_type for model in TABLES["crm_writeback"].models for column in columns_of(model)}
    with duckdb.connect() as connection:
        connection.execute(f"create table marts ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        for day in (BEFORE, AS_OF):
            for row in customers:
                values = {**row, "as_of_date": day, **({"zone": "unrated"} if day == BEFORE else {})}
                places = ", ".join("?" for _ in columns)
                connection.execute(f"insert into marts values ({places})", [values[name] for name in columns])
        connection.execute(f"copy marts to '{version}/bi/crm_writeback.parquet' (format parquet)")
    write_manifest(version, BEFORE, AS_OF, number=number)
    durable.write_symlink(home.current, version.name)


def write_back(home: Home, *options: str, system: str = "salesforce") -> dict[str, object]:
    done = kundenwert(home.root, "crm-writeback", "--system", system, "--json", *options)
    assert done.exit_code == 0, done.output
    told: dict[str, object] = json.loads(done.stdout)
    return told


def rows(path: Path) -> dict[str, dict[str, str]]:
    """The rows of a CSV file by the id in its first column."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames is not None
        return {row[reader.fieldnames[0]]: row for row in reader}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home").prepare()
    publish(home, 1, FIRST)
    return home


def test_only_what_changed_with_what_it_was_and_who_is_gone(home: Home) -> None:
    crm = home.reports / "crm"
    assert write_back(home)["accounts"] == 4
    first = rows(crm / "salesforce_0001.csv")
    assert set(first) == {IDS[letter] for letter in "ABCD"}
    assert {row["Kundenwert_Changed__c"] for row in first.values()} == {"written for the first time"}
    assert (first[IDS["B"]]["Kundenwert_Zone__c"], first[IDS["B"]]["Kundenwert_As_Of__c"]) == (
        "Maintain",
        str(AS_OF),
    )
    assert write_back(home)["files"] == {"rows": 0, "csv": None, "xlsx": None, "gone": None}

    publish(home, 2, THEN)
    assert write_back(home)["gone"] == [IDS["D"]]
    then = rows(crm / "salesforce_0002.csv")
    assert {key: row["Kundenwert_Changed__c"] for key, row in then.items()} == {
        **{IDS[letter]: "Zone: was Maintain, now Protection" for letter in "AB"},
        IDS["C"]: f"Next product group: was =HYPERLINK(1), now {NOTHING}",
        IDS["E"]: "written for the first time",
    }
    # An empty cell would leave the old group in the CRM.
    assert then[IDS["C"]]["Kundenwert_Next_Group__c"] == NOTHING
    assert rows(crm / "salesforce_0002_gone.csv")[IDS["D"]]["Kundenwert_Zone__c"] == "Maintain"
    assert write_back(home)["gone"] == [], "said once"
    everything = write_back(home, "--all")
    assert len(rows(crm / "salesforce_0003.csv")) == everything["accounts"] == 4
    # Another CRM has a memory of its own, another language other words in every account.
    assert write_back(home, system="HubSpot")["files"]["rows"] == 4  # type: ignore[index]
    german = rows(Path(write_back(home, "--language", "de")["files"]["csv"]))  # type: ignore[index]
    assert "Nächste Maßnahme: bisher Efficient standard care, jetzt " in german[IDS["A"]]["Kundenwert_Changed__c"]


def test_the_workbook_says_the_same_and_no_text_is_computed(home: Home) -> None:
    write_back(home)
    path = home.reports / "crm" / "salesforce_0001.csv"
    assert rows(path)[IDS["C"]]["Kundenwert_Next_Group__c"] == "'=HYPERLINK(1)"
    book = CalamineWorkbook.from_path(str(path.with_suffix(".xlsx")))
    # HubSpot imports a workbook of one sheet.
    (sheet,) = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    with path.open(encoding="utf-8", newline="") as file:
        as_csv = [[cell.removeprefix("'") for cell in row] for row in csv.reader(file)]
    assert [[str(cell) for cell in row] for row in sheet] == as_csv
    assert isinstance(sheet[1][sheet[0].index("Kundenwert_As_Of__c")], date)
    assert {each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == {0o600}


def test_the_same_input_gives_the_same_bytes(home: Home, tmp_path: Path) -> None:
    other = Home.at(tmp_path / "other").prepare()
    publish(other, 1, FIRST)
    written = []
    for each in (home, other):
        write_back(each)
        written.append([path.read_bytes() for path in sorted((each.reports / "crm").iterdir())])
        written[-1].append((each.written_back / "salesforce.parquet").read_bytes())
    assert written[0] == written[1]


def test_nothing_is_remembered_before_the_files_are_there(home: Home, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    (blocked / "salesforce_0001.xlsx").mkdir(parents=True)
    assert kundenwert(home.root, "crm-writeback", "--system", "salesforce", "--out", str(blocked)).exit_code != 0
    assert not home.written_back.exists()
    assert write_back(home)["files"]["rows"] == 4  # type: ignore[index]


def test_what_is_refused(home: Home) -> None:
    unknown = kundenwert(home.root, "crm-writeback", "--system", "sap")
    assert (unknown.exit_code, "salesforce, hubspot, dynamics" in unknown.stderr) == (ExitCode.USAGE, True)
    (home.written_back).mkdir()
    (home.written_back / "dynamics.parquet").write_bytes(b"no table")
    damaged = kundenwert(home.root, "crm-writeback", "--system", "dynamics")
    assert "CRM_LAST_UNREADABLE" in damaged.stderr
    assert "ids do not look like ids of HubSpot" in kundenwert(home.root, "crm-writeback", "--system", "hubspot").stdout
    publish(home, 2, (customer(None),))
    assert "CRM_NO_ACCOUNTS" in kundenwert(home.root, "crm-writeback", "--system", "salesforce").stderr


def test_every_column_of_the_mart_is_written_or_left_out_for_a_reason() -> None:
    folder = REPOSITORY / "dbt_project" / "models" / "marts" / "effort"
    models = yaml.safe_load((folder / "_effort__models.yml").read_text(encoding="utf-8"))["models"]
    (mart,) = (model for model in models if model["name"] == "crm_writeback")
    published = [column["name"] for column in mart["columns"]]
    known = systems()
    named = [
        *(column for value in known.values.values() for column in value.columns),
        *known.found_by,
        *known.left_out,
    ]
    assert sorted(named) == sorted(published)
    read = {column.name for model in TABLES["crm_writeback"].models for column in columns_of(model)}
    assert read == set(named) - set(known.left_out)


@pytest.mark.parametrize("name", systems().systems)
def test_the_document_names_every_field(name: str) -> None:
    """The tables of docs/crm_writeback.md are those of systems.yml."""
    system: System = systems().systems[name]
    document = (REPOSITORY / "docs" / "crm_writeback.md").read_text(encoding="utf-8")
    part = document.split(f"\n## {system.title}\n")[1].split("\n## ")[0]
    fields = re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)
    assert fields == [system.account, *system.columns.values()]
