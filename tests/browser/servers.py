"""Streamlit servers for tests and measurements: started on a free port, stopped by who started them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.data import ROOT

START = 90.0
FLAGS = ["--no-sandbox", "--disable-gpu"]  # no card is here: to imitate one costs more than to paint without
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--server.headless=true",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
    "--server.address=127.0.0.1",
)


def find_chromium() -> str | None:
    """Return the path of a Chromium: $CHROMIUM, or the first on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


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
        raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-4000:]}")

    def stop(self) -> None:
        for _, process in self._running.values():
            process.terminate()
        for _, process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
