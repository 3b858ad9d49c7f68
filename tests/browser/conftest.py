"""A real Streamlit server and a real Chromium, for every test in this folder.

    def test_it(launch, page):
        page.goto(launch("dashboard/app.py"))

A test fails when the page logs an error, throws, or asks any other host for anything; a test that provokes
errors empties `trouble` afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.servers import FLAGS, NAMES, Servers, find_chromium

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from tests.browser.map_driver import APP, SMALL, MapDriver  # noqa: E402

PATIENCE = 30_000
DESKTOP = {"width": 1440, "height": 900}

Launch = Callable[..., str]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser, and comes last: what is quick should fail first.

    Among several workers it comes first: what takes longest must not be left to one of them at the end.
    """
    for item in items:
        if Path(str(item.path)).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))  # a page that is just running may miss a click
    first = hasattr(config, "workerinput")
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None) == first)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Tell what the pages showed when a test failed."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("chromium")
    if report.when == "call" and report.failed and browser is not None:
        for page in (page for context in browser.contexts for page in context.pages):
            try:
                told = page.locator("body").inner_text(timeout=1_000)[:4_000]
            except playwright_api.Error as error:
                told = f"it could not be read: {error}"
            report.sections.append((f"what {page.url[:200]} showed", told))
    return report


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """launch(path, *, env=None, base_path="") -> the address of a running app; stopped when all tests are done."""
    servers = Servers(tmp_path_factory.mktemp("servers"))
    yield servers.launch
    servers.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A headless Chromium, or a skip that says what is missing."""
    found = find_chromium()
    if found is None:
        pytest.skip(f"no Chromium found: looked for {', '.join(NAMES)} and $CHROMIUM")
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def trouble() -> list[str]:
    """What the pages of this test complained about."""
    return []


@pytest.fixture(scope="session")
def desktop(chromium) -> Iterator[object]:
    """The context of the usual page: what it once fetched and compiled is there for the next test."""
    context = chromium.new_context(viewport=DESKTOP)
    yield context
    context.close()


@pytest.fixture
def open_page(chromium, desktop, trouble) -> Iterator[Callable[..., object]]:
    """open_page(**options) -> a page of its own, watched; options are Playwright's for a new context."""
    closed_later = []

    def opened(**options):
        context = chromium.new_context(**({"viewport": DESKTOP} | options)) if options else desktop
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        closed_later.append(context if options else page)
        watch(page, trouble)
        return page

    yield opened
    for one in closed_later:
        one.close()
    assert not trouble, "\n".join(trouble)


@pytest.fixture
def page(open_page):
    """A watched page of 1440 x 900."""
    return open_page()


@pytest.fixture(scope="session")
def map_address(launch) -> str:
    """Where a small map is served by itself."""
    return launch(APP, env=SMALL)


@pytest.fixture
def map_(map_address, page) -> MapDriver:
    """That map, drawn, on a page of 1440 x 900."""
    return MapDriver.on(page, map_address)


@pytest.fixture
def phone(map_address, open_page) -> MapDriver:
    """That map on a phone."""
    options = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
    return MapDriver.on(open_page(**options, is_mobile=True), map_address)


def watch(page, trouble: list[str]) -> None:
    """Note errors in the console, exceptions, and requests to any host but this machine."""

    def requested(request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "file") and parts.hostname not in ("127.0.0.1", "localhost"):
            trouble.append(f"request to {request.url}")

    page.on("request", requested)
    page.on("pageerror", lambda error: trouble.append(f"exception: {error}"))
    page.on("console", lambda message: message.type == "error" and trouble.append(f"console: {message.text}"))
