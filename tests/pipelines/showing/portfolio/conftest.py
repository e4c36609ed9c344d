"""The pages under test, and a real browser that notes what they reach for and complain about."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, ViewportSize, sync_playwright

from pipelines.showing.portfolio import words
from pipelines.showing.portfolio.page import PageContext, write_page
from tests.patience import PATIENCE_SECONDS
from tests.pipelines.showing.portfolio.small_version import ERP_ONLY, build

CONTEXT = PageContext(
    company="Werkzeug <Nord> & Söhne",
    criteria={"access": words.title("access", en="Access to decision-makers", de="Zugang zu Entscheidern")},
)

FRENCH = {
    "page.title": "Portefeuille <i>clients</i>",
    "page.matrix.heading": "Matrice du portefeuille",
    "page.chart.attractiveness": "Attractivité (0 à 100)",
    "page.chart.own": "seul {amount}",
    "zone.protection": "Zone de protection",
}
"""What a third language has so far; a company may write anything into it."""


@dataclass
class Opened:
    """A page in the browser, with every complaint of its console and every address it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def report(version: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(version, tmp_path_factory.mktemp("reports") / "portfolio.html", CONTEXT)


@pytest.fixture(scope="session")
def erp_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    missing = ("ratings", "potential_estimates", "activities", "ledger_totals")
    made = build(tmp_path_factory.mktemp("erp"), extra=ERP_ONLY, missing=missing)
    return write_page(made, tmp_path_factory.mktemp("reports") / "portfolio.html", CONTEXT)


@pytest.fixture(scope="session")
def french(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the catalogue of a third language of which most is missing."""
    directory = tmp_path_factory.mktemp("catalogues")
    messages = "".join(f'\nmsgid "{key}"\nmsgstr "{said}"\n' for key, said in FRENCH.items())
    header = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    (directory / "fr.po").write_text(header + messages, encoding="utf-8")
    return directory


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=arguments, timeout=PATIENCE_SECONDS * 1000
        )
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Open a file: `opened(path, width=390, locale="de-DE", runs=False)`. Nothing but the file itself gets through."""
    contexts: list[BrowserContext] = []

    def open_file(path: Path, width: int = 1440, locale: str = "en-US", runs: bool = True) -> Opened:
        viewport: ViewportSize = {"width": width, "height": 900}
        context = browser.new_context(locale=locale, viewport=viewport, java_script_enabled=runs)
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        contexts.append(context)
        made = Opened(context.new_page())
        address = path.as_uri()

        def refused(dialog: Dialog) -> None:
            made.complaints.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        made.page.on("console", lambda message: made.complaints.append(f"{message.type}: {message.text}"))
        made.page.on("pageerror", lambda error: made.complaints.append(f"error: {error}"))
        made.page.on("dialog", refused)
        made.page.on("request", lambda request: None if request.url == address else made.requests.append(request.url))
        made.page.route("**/*", lambda route: route.continue_() if route.request.url == address else route.abort())
        made.page.goto(address)
        return made

    yield open_file
    for context in contexts:
        context.close()
