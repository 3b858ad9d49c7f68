"""Compiles all kernels once on this machine, in a process of its own: nothing here stands still meanwhile."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from pkgutil import iter_modules

from cartography.progress import Progress, report
from cartography.records.arrays import digest

__all__ = ["ensure_compiled", "is_compiled", "kernel_modules", "mark_compiled"]

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_NO_KERNELS = {"compiling", "crew", "__main__"}
_PATIENCE = 0.1
_STAGE = "Preparing the engine"
_LOCK = threading.Lock()
_TRIED = threading.Event()


def kernel_modules() -> list[str]:
    """Return the modules that compile something when they are imported."""
    names = (found.name for found in iter_modules([str(_HERE)]))
    return [f"cartography.kernels.{name}" for name in names if name not in _NO_KERNELS]


def is_compiled() -> bool:
    """Whether this machine's cache holds the kernels as they are now."""
    return any(place.exists() for place in _stamps())


def mark_compiled() -> None:
    """Note that the cache is complete, where there is a folder that can be written."""
    for place in _stamps():
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        except OSError:
            continue
        return


def ensure_compiled(progress: Progress | None = None) -> None:
    """Return once the kernels are compiled; takes some seconds the first time on a machine, and can be cancelled.

    Where the other process cannot run, they compile when they are imported, without progress.
    """
    if _TRIED.is_set() or is_compiled():
        return
    with _LOCK:
        if _TRIED.is_set() or is_compiled():
            return
        process = subprocess.Popen(
            [sys.executable, "-m", "cartography.kernels"],
            cwd=_ROOT,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            waited = 0.0
            while True:
                report(progress, _STAGE, min(0.95, waited / 20), "compiling, once on this machine")
                try:
                    process.wait(_PATIENCE)
                except subprocess.TimeoutExpired:
                    waited += _PATIENCE
                    continue
                _TRIED.set()  # whatever came of it: a second try would end no better
                return
        finally:
            process.kill()
            process.wait()


@cache
def _stamps() -> tuple[Path, ...]:
    """Where the note may lie that says that everything is compiled; named by all that the machine code depends on."""
    sources = [path.read_bytes() for path in sorted(_HERE.glob("*.py"))]
    key = digest(repr(sources), version("numba"), platform.python_version(), platform.machine(), _processor())
    cached = Path(os.environ.get("NUMBA_CACHE_DIR") or _HERE / "__pycache__")
    return cached / f"compiled-{key}", Path.home() / ".cache" / "embedding-cartographer" / f"compiled-{key}"


def _processor() -> str:
    """The processor's name: the cache is only good for the same kind."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith("model name")), "")
