"""The demo's files: names, encodings, and how a view becomes bytes. Belongs here: no content."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import durable
from pipelines.demo.plan import WrittenFile
from pipelines.quoting import identifier, literal

_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One file: the view it is written from, and the system that writes it (directory, encoding, line end)."""

    view: str
    system: str

    @property
    def path(self) -> str:
        """Relative to the demo's directory."""
        return f"{self.system}/{self.view}.csv"

    @property
    def codec(self) -> str:
        """The ERP writes windows-1252, the CRM UTF-8."""
        return "cp1252" if self.system == "erp" else "utf-8"

    @property
    def line_end(self) -> str:
        """The ERP's files have Windows line ends."""
        return "\r\n" if self.system == "erp" else "\n"


DEMO_FILES = (
    *(
        DemoFile(view, "erp")
        for view in (
            "Artikelstamm",
            "Auftraege",
            "Einzelkosten",
            "Eroeffnung_Portfolio",
            "Hauptbuch",
            "Konzernstruktur",
            "Kundenstamm",
            "Kundenumschluesselung",
            "Offene_Posten",
            "Rechnungspositionen_1000",
            "Rechnungspositionen_2000",
            "Umsatzhistorie",
            "Wechselkurse",
        )
    ),
    *(
        DemoFile(view, "crm")
        for view in (
            "Aktivitaeten",
            "Ansprechpartner",
            "Bedarfsschaetzungen",
            "Bewertungen",
            "Chancen",
            "Kampagnen",
            "Kampagnenteilnehmer",
            "Konten",
            "Leistungsbewertungen",
            "Mitarbeiter",
            "Zonenvorgaben",
        )
    ),
)


def write_file(connection: duckdb.DuckDBPyConnection, file: DemoFile, out: Path, scratch: Path) -> WrittenFile:
    """Write the view as a CSV with `;`: first the records as UTF-8 by DuckDB, then in the system's own encoding."""
    columns = [str(name) for name, *_ in connection.execute(f"describe {identifier(file.view)}").fetchall()]
    fields = [name for name in columns if not name.startswith("_")]
    record = " || ';' || ".join(_field(name) for name in fields)
    plain = scratch / "records.csv"
    # No quoting by COPY: the record is complete, and a broken one must stay broken.
    query = f"""
        select {record} || coalesce(cast(_tail as varchar), '') as record
        from {identifier(file.view)}
        order by _sort, record
    """
    rows = connection.execute(
        f"copy ({query}) to {literal(plain)} (format csv, header false, quote '', escape '', delimiter '\x1f')"
    ).fetchone()
    header = ";".join(fields)
    with durable.aside(out / file.path, beside=scratch) as aside:
        size = _transcode(plain, aside, header, file)
    plain.unlink()
    return WrittenFile(file.path, int(rows[0]) if rows else 0, size)


def _field(name: str) -> str:
    """SQL for one field: quoted where it holds a delimiter or a quote, empty for NULL."""
    text = f"""coalesce(cast({identifier(name)} as varchar), '')"""
    quoted = f"""'"' || replace({text}, '"', '""') || '"'"""
    return f"""case when contains({text}, ';') or contains({text}, '"') then {quoted} else {text} end"""


def _transcode(plain: Path, target: Path, header: str, file: DemoFile) -> int:
    """UTF-8 with LF -> the system's encoding and line ends, in chunks. Returns the bytes written."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = 0
    with plain.open("rb") as source, target.open("wb") as written:
        size += written.write((header + file.line_end).encode(file.codec))
        while chunk := source.read(_CHUNK):
            size += written.write(decoder.decode(chunk).replace("\n", file.line_end).encode(file.codec))
        size += written.write(decoder.decode(b"", final=True).encode(file.codec))
    return size
