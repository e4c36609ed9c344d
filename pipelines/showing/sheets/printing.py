"""A page printed to PDF by the browser of this machine. Belongs here: finding it and asking it. Not here: any page.

The browser is told to stay off the network, works in a folder of its own that is deleted, and is given a page that reaches for nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pipelines import durable
from pipelines.errors import KundenwertError, Problem

BROWSERS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
"""Programs that print a page without a window, in the order they are looked for."""

SECONDS: Final = 120
"""How long one page may take to print."""

_QUIET: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
)


def print_pdf(page: Path, target: Path) -> Path:
    """Print the HTML file `page` to `target` (0600, atomically) and return `target`.

    Raises KundenwertError BROWSER_MISSING where no browser that can print is installed, PRINT_FAILED where it did not.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        what = f"no browser that prints is installed; looked for: {', '.join(BROWSERS)}"
        raise KundenwertError(
            Problem("BROWSER_MISSING", what, "--pdf", f"install one, or open {page} and print it from there")
        )
    # As root, in a container mostly, the browser's own sandbox does not start; the page is ours and has no script.
    unboxed = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with TemporaryDirectory(prefix="kundenwert-") as scratch:
        printed = Path(scratch) / "printed.pdf"
        command = [browser, *_QUIET, *unboxed, f"--user-data-dir={scratch}/profile", f"--print-to-pdf={printed}"]
        try:
            done = subprocess.run(  # noqa: S603 - a program found by its name, a file we wrote
                [*command, page.resolve().as_uri()], capture_output=True, text=True, timeout=SECONDS, check=False
            )
            said = done.stderr.strip().splitlines()[-1:] if not printed.is_file() else []
        except subprocess.TimeoutExpired:
            said = [f"nothing was printed within {SECONDS} seconds"]
        if not printed.is_file():
            what = f"{browser} did not print: {said[0] if said else 'it gave no reason'}"
            raise KundenwertError(Problem("PRINT_FAILED", what, str(page), f"open {page} and print it from there"))
        durable.make_directory(target.parent)
        with durable.aside(target) as beside:
            shutil.copyfile(printed, beside)
    return target
