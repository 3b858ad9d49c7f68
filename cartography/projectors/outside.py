"""Runs a library's method in a process of its own.

A process can be stopped within a tenth of a second whatever the library is doing, leaves the page's own process
free to answer, and gives back its memory. Arrays pass through files that numpy reads without unpickling.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import CartographyError
from cartography.progress import Progress, report

__all__ = ["run_outside"]

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 0.1  # seconds between two looks at the progress callback


def run_outside(
    method: str,
    arrays: Mapping[str, NDArray[Any]],
    settings: Mapping[str, Any],
    progress: Progress | None,
    stage: str,
) -> NDArray[np.float32]:
    """Run `method` of `cartography.projectors.worker` on `arrays` and return its coordinates (n, 2) float32.

    Raises `Cancelled` when `progress` does, `CartographyError` with the library's own words when it fails.
    """
    with tempfile.TemporaryDirectory(prefix="cartographer-") as folder:
        for name, array in arrays.items():
            np.save(Path(folder) / f"{name}.npy", array, allow_pickle=False)
        (Path(folder) / "settings.json").write_text(json.dumps(dict(settings)), encoding="utf-8")
        process = _start(method, folder)
        try:
            _follow(process, progress, stage)
        finally:
            process.kill()
            process.wait()
        return np.load(Path(folder) / "result.npy", allow_pickle=False)


def _start(method: str, folder: str) -> subprocess.Popen[str]:
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(  # noqa: S603  (our own interpreter, our own module)
        [sys.executable, "-m", "cartography.projectors.worker", method, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=environment,
        cwd=folder,
    )


def _follow(process: subprocess.Popen[str], progress: Progress | None, stage: str) -> None:
    """Pass on the worker's reports until it ends; ask `progress` often, so that it can cancel."""
    lines: queue.Queue[str | None] = queue.Queue()
    assert process.stdout is not None  # noqa: S101
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    fraction, message, failure = 0.0, "starting", f"{stage} ended without a result."
    while True:
        report(progress, stage, fraction, message)
        try:
            line = lines.get(timeout=_PATIENCE)
        except queue.Empty:
            continue
        if line is None:
            break
        said = json.loads(line)
        fraction, message = said.get("fraction", fraction), said.get("message", message)
        failure = said.get("failure", failure)
    if process.wait() != 0:
        raise CartographyError(failure, "Try another method or other parameters.")
    report(progress, stage, 1.0)


def _read(stream: IO[str], lines: queue.Queue[str | None]) -> None:
    for line in stream:
        if line.startswith("{"):
            lines.put(line)
    lines.put(None)
