"""Optional libraries: whether one is there, and the one line that installs it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from cartography.errors import MissingDependencyError

__all__ = ["installed", "needed"]


def installed(module: str) -> bool:
    """Return whether a library is there, without importing it."""
    return find_spec(module) is not None


def needed(module: str, package: str, what: str) -> Any:
    """Return the library; raise `MissingDependencyError` with the line that installs it when it is not there."""
    if not installed(module):
        raise MissingDependencyError(
            f"{what} needs the library {package}, which is not installed.", f"pip install {package}"
        )
    return import_module(module)
