"""`kundenwert sheet customer`: one customer on two pages of A4. Belongs here: from the command's options to the files written.

Not here: what is on the sheet (pipelines.showing.sheets.customer), how it is printed (pipelines.showing.sheets.printing).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Places
from pipelines.home import Home

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert sheet customer 010001 --language de   ·   "
    "kundenwert sheet customer nordsee --out visit.html --pdf"
)
def customer(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="CUSTOMER", help="An id, also of a group's entity; or part of a name.")],
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the sheet.")] = "en",
    out: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads this at run time
        typer.Option("--out", metavar="FILE", help="Where the sheet goes; default: reports/sheets in the home."),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print it to a PDF beside, by the browser of this machine.")
    ] = False,
) -> None:
    """Write one customer's sheet: who it is, what it brings and costs, its score, what to do, how sure, what is missing.

    It is one HTML file that opens anywhere and prints on two pages of A4 at most.
    """
    places: Places = context.obj
    with screen.for_people(False):
        for path in write_customer_sheet(places.home, who, language, out, pdf):
            screen.console().print(f"written: {path}", markup=False)


def write_customer_sheet(home: Home, customer: str, language: str, out: Path | None, pdf: bool) -> tuple[Path, ...]:
    """Write the sheet of a customer of the current version, as of its latest date, and return the files: the page, the PDF if asked for.

    Raises LANGUAGE_UNKNOWN, VerifyError NOTHING_PUBLISHED, whatever read_sheet raises, KundenwertError BROWSER_MISSING,
    PRINT_FAILED.
    """
    from urllib.parse import quote

    from pipelines import publishing
    from pipelines.vocabulary import voice_of

    voice = voice_of(language)
    version = publishing.current_directory(home)

    from pipelines.showing.sheets.customer import read_sheet, write_sheet

    sheet = read_sheet(version, customer)
    # An id may hold any character; quoted it is a file name, and two ids are two files.
    name = f"customer_{quote(sheet.explanation.who.ultimate_parent_id, safe='')}_{voice.language}.html"
    target = (out or home.reports / "sheets" / name).expanduser().resolve()
    page = write_sheet(sheet, voice, target.with_suffix(".html") if target.suffix == ".pdf" else target)
    if not pdf:
        return (page,)

    from pipelines.showing.sheets.printing import print_pdf

    return page, print_pdf(page, target.with_suffix(".pdf"))
