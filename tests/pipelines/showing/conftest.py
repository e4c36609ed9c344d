"""A real browser for everything that is looked at, once per process; it notes what a page reaches for and complains about.

A fixture that two folders import would be two browsers, and the second one would not start: fixtures they share stand here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, ViewportSize, sync_playwright

from tests.patience import PATIENCE_SECONDS


@dataclass
class Opened:
    """A page in the browser, with every complaint of its console and every address it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


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
    """Open a file: `opened(path, width=390, locale="de-DE", runs=False)`. Nothing but the file itself gets through.

    It was scrolled through (unless `scrolled=False`): a chart is drawn for who comes near it.
    """
    contexts: list[BrowserContext] = []

    def open_file(
        path: Path, width: int = 1440, locale: str = "en-US", runs: bool = True, scrolled: bool = True
    ) -> Opened:
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
        if runs and scrolled:
            scroll_through(made.page)
        return made

    yield open_file
    for context in contexts:
        context.close()


_UNTIL = """(milliseconds) => new Promise((done, failed) => {
    const end = Date.now() + milliseconds;
    const look = () => (%s) ? done() : Date.now() > end ? failed(new Error("waited in vain")) : setTimeout(look, 50);
    look();
})"""


def wait_until(page: Page, condition: str) -> None:
    """Wait until a JavaScript expression is true. Playwright's own way evaluates a text in the page, which our pages forbid."""
    page.evaluate(_UNTIL % condition, PATIENCE_SECONDS * 1000)


def scroll_through(page: Page) -> None:
    """Wait until all is laid out, come near each chart, which is drawn then, and go back to the top."""
    if page.locator("#payload").count():
        page.locator("main > section:not(.laid-out)").first.wait_for(state="detached")
    for chart in page.locator("#matrix, #whale").all():
        chart.evaluate("(host) => host.scrollIntoView()")
        chart.locator("> *").first.wait_for(state="attached")
    page.evaluate("scrollTo(0, 0)")
