"""Which engine makes the results: named by its own sources and its libraries, so that no old result outlives it."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cartography.records.arrays import digest

__all__ = ["engine_version"]

_ROOT = Path(__file__).resolve().parents[1]
_PARTS = ("clusters", "kernels", "neighbours", "preparation", "projectors", "records", "store")
_LIBRARIES = ("numba", "numpy", "scikit-learn", "scipy", "umap-learn")


@cache
def engine_version() -> str | None:
    """Return 16 digits that change with every change of what computes, or None where the sources cannot be read."""
    folders = (_ROOT, *(_ROOT / part for part in _PARTS))
    try:
        sources = {str(path.relative_to(_ROOT)): path.read_bytes() for one in folders for path in one.glob("*.py")}
    except OSError:
        return None
    if not sources:
        return None
    return digest(sorted(sources.items()), [_version(name) for name in _LIBRARIES], platform.machine())


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
