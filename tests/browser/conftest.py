"""A real Streamlit server and a real Chromium, for every test in this folder.

    def test_it(launch, page):
        page.goto(launch("dashboard/app.py"))

A test fails when the page logs an error, throws, or asks any other host for anything; a test that provokes
errors empties `trouble` afterwards.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.data import ROOT

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

START = 60.0
PATIENCE = 30_000
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--server.headless=true",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
    "--server.address=127.0.0.1",
)

Launch = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(str(item.path)).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Servers:
    """Streamlit servers, each started once for the same file and environment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[tuple[str, ...], tuple[str, subprocess.Popen[bytes]]] = {}

    def launch(self, path: str | Path, *, env: dict[str, str] | None = None, base_path: str = "") -> str:
        """Serve a script, or a file that makes an `st.App`, and return its address."""
        file = (ROOT / path).resolve()
        key = (str(file), base_path, *(f"{name}={value}" for name, value in sorted((env or {}).items())))
        if key not in self._running:
            self._running[key] = self._start(file, env or {}, base_path)
        return self._running[key][0]

    def _start(self, file: Path, env: dict[str, str], base_path: str) -> tuple[str, subprocess.Popen[bytes]]:
        port = free_port()
        log = self._folder / f"server-{port}.log"
        command = [sys.executable, "-m", "streamlit", "run", str(file), *QUIET, f"--server.port={port}"]
        if base_path:
            command.append(f"--server.baseUrlPath={base_path}")
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        address = "/".join(part for part in (f"http://127.0.0.1:{port}", base_path) if part)
        self._wait(f"{address}/_stcore/health", process, log)
        return address, process

    @staticmethod
    def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
        end = time.monotonic() + START
        while time.monotonic() < end and process.poll() is None:
            try:
                urllib.request.urlopen(address, timeout=2).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        process.terminate()
        pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-4000:]}")

    def stop(self) -> None:
        for _, process in self._running.values():
            process.terminate()
        for _, process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """launch(path, *, env=None, base_path="") -> the address of a running app; stopped when all tests are done."""
    servers = Servers(tmp_path_factory.mktemp("servers"))
    yield servers.launch
    servers.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A headless Chromium, or a skip that says what is missing."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium found: looked for {', '.join(NAMES)} and $CHROMIUM")
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def trouble() -> list[str]:
    """What the pages of this test complained about."""
    return []


@pytest.fixture
def open_page(chromium, trouble) -> Iterator[Callable[..., object]]:
    """open_page(**options) -> a page of its own, watched; options are Playwright's for a new context."""
    contexts = []

    def opened(**options):
        context = chromium.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch(page, trouble)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not trouble, "\n".join(trouble)


@pytest.fixture
def page(open_page):
    """A watched page of 1440 x 900."""
    return open_page()


def watch(page, trouble: list[str]) -> None:
    """Note errors in the console, exceptions, and requests to any host but this machine."""

    def requested(request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in ("127.0.0.1", "localhost"):
            trouble.append(f"request to {request.url}")

    page.on("request", requested)
    page.on("pageerror", lambda error: trouble.append(f"exception: {error}"))
    page.on("console", lambda message: message.type == "error" and trouble.append(f"console: {message.text}"))
