"""`python -m tests.superset.pictures URL FOLDER`: each dashboard as a browser shows it, and what its charts were answered.

A process of its own, because there is one browser per process. Reads the password from standard input. Writes a picture per dashboard and
seen.json: per dashboard the rows by chart, what went wrong, and every host a page asked for.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, Response, ViewportSize, sync_playwright

from bi.superset import assets
from tests.patience import PATIENCE_SECONDS
from tests.superset.server import USER

WIDTH: Final = 1440
_CHARTS: Final = ".dashboard-component-chart-holder"
_LOADING: Final = f"{_CHARTS} .loading, [data-test=loading-indicator], .ant-spin-spinning"
_DONE: Final = f"document.querySelectorAll('{_LOADING}').length === 0"
_BOTTOM: Final = f"Math.max(...[...document.querySelectorAll('{_CHARTS}')].map(e => e.getBoundingClientRect().bottom + window.scrollY))"


def main(url: str, folder: Path, password: str) -> None:
    """Open every dashboard and write down what was seen."""
    size: ViewportSize = {"width": WIDTH, "height": 1000}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(viewport=size, locale="en-GB").new_page()
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        page.goto(f"{url}/login/")
        page.fill("input[name=username], #username", USER)
        page.fill("input[name=password], #password", password)
        page.press("input[name=password], #password", "Enter")
        page.wait_for_url("**/superset/welcome/**")
        page.wait_for_load_state("networkidle")
        seen = {each.dashboard_title: _look(page, url, each, folder) for each in assets.read().dashboards.values()}
        browser.close()
    (folder / "seen.json").write_text(json.dumps(seen), encoding="utf-8")


def _look(page: Page, url: str, dashboard: assets.Dashboard, folder: Path) -> dict[str, Any]:
    """Open a dashboard, take its picture; the rows its charts got by their numbers, failed answers, hosts."""
    answered: list[Response] = []
    hosts: list[str | None] = []

    def heard(response: Response) -> None:
        answered.append(response)

    def reached(request: Request) -> None:
        # What the policy of the page forbids is not sent.
        if request.failure != "csp":
            hosts.append(urlsplit(request.url).hostname)

    page.on("response", heard)
    page.on("requestfinished", reached)
    page.on("requestfailed", reached)
    page.goto(f"{url}/superset/dashboard/{dashboard.slug}/")
    _until(page, lambda: len(_rows(answered)) == len(dashboard.charts))
    page.wait_for_load_state("networkidle")
    page.wait_for_function(_DONE)
    page.set_viewport_size({"width": WIDTH, "height": int(page.evaluate(_BOTTOM)) + 40})
    page.wait_for_timeout(1500)  # what is drawn anew after a change of size moves for a second
    page.wait_for_load_state("networkidle")
    page.wait_for_function(_DONE)
    page.screenshot(path=folder / f"{dashboard.slug}.png")
    page.set_viewport_size({"width": WIDTH, "height": 1000})
    page.remove_listener("response", heard)
    page.remove_listener("requestfinished", reached)
    page.remove_listener("requestfailed", reached)
    failed = [f"{each.status} {each.url}" for each in answered if not each.ok and each.status >= 400]
    alerts = page.locator(f"{_CHARTS} [role=alert]").all_inner_texts()
    return {"rows": _rows(answered), "failed": [*failed, *alerts], "hosts": sorted({host for host in hosts if host})}


def _rows(answered: list[Response]) -> dict[str, Any]:
    """Number of a chart -> the rows it got last."""
    rows = {}
    for each in answered:
        if "/api/v1/chart/data" in each.url and each.ok:
            question = json.loads(each.request.post_data or "{}")
            chart = question["form_data"].get("slice_id")
            if chart is not None:  # a filter asks for its values the same way
                rows[str(chart)] = each.json()["result"][0]["data"]
    return rows


def _until(page: Page, done: Callable[[], bool]) -> None:
    """Wait for what the page does meanwhile; after a while what is missing shows in what was seen."""
    until = time.monotonic() + 90
    while not done() and time.monotonic() < until:
        page.wait_for_timeout(200)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.stdin.readline().strip())
