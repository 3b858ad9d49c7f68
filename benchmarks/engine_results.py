"""What was measured, one JSON object a line, so that a run can go on, and tables be made again without measuring."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("umap-learn", "openTSNE", "pynndescent", "pacmap")
_ENGINE = ("cartography/kernels", "cartography/neighbours", "cartography/projectors")
_BESIDE = (
    "cartography/principal_axes.py",
    "cartography/blocks.py",
    "cartography/curve.py",
    "benchmarks/engine_cells.py",
)

Line = dict[str, Any]


class Results:
    """Lines of a file, or of this run alone. Each has a `kind`: about, cell, machine or scaling."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.lines: list[Line] = list(_read(path)) if path is not None and path.exists() else []

    def begin(self) -> None:
        """Note the machine and the versions; refuse to mix the rounds of two states of the engine."""
        now = about()
        before = self.about
        if before and before["engine"] != now["engine"]:
            raise SystemExit(
                f"{self._path} holds rounds of another state of the engine. Give --keep another file, "
                "or make its tables with --from."
            )
        self.add(now)

    def add(self, line: Line) -> None:
        """Keep a line, on disk at once."""
        self.lines.append(line)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")

    def of(self, kind: str, **wanted: Any) -> list[Line]:
        """Return the lines of a kind that hold these values; failures only when `failed` is asked for."""
        failed = wanted.pop("failed", False)
        return [
            line
            for line in self.lines
            if line["kind"] == kind
            and ("failed" in line) == failed
            and all(line.get(key) == value for key, value in wanted.items())
        ]

    @property
    def about(self) -> Line:
        """The machine and the versions, as of the last run."""
        return next((line for line in reversed(self.lines) if line["kind"] == "about"), {})


def about() -> Line:
    """Say what these numbers hold for."""
    return {
        "kind": "about",
        "date": time.strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "processor": _processor(),
        "versions": {name: found for name in (*PEERS, "numba", "numpy") if (found := _version(name))},
        "engine": _engine(),
    }


def _engine() -> str:
    """Name the state of all code that decides what is measured."""
    files = sorted(path for folder in _ENGINE for path in (ROOT / folder).rglob("*.py"))
    sources = [path.read_bytes() for path in (*files, *(ROOT / name for name in _BESIDE))]
    return hashlib.sha256(b"".join(sources)).hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    """The processor's name, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _read(path: Path) -> Iterator[Line]:
    """Yield every whole line; one that was cut off when a run was stopped counts for nothing."""
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(text)
        except json.JSONDecodeError:
            continue
