"""Which folder of the user's holds what: named by the environment, or where the platform keeps such things."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["folder_from"]

_OURS = "embedding-cartographer"
_PLACES = {  # by platform: the variable that names the folder, and where it is otherwise, below the user's own
    "cache": {
        "win32": ("LOCALAPPDATA", "AppData/Local"),
        "darwin": ("", "Library/Caches"),
        "other": ("XDG_CACHE_HOME", ".cache"),
    },
    "data": {
        "win32": ("APPDATA", "AppData/Roaming"),
        "darwin": ("", "Library/Application Support"),
        "other": ("XDG_DATA_HOME", ".local/share"),
    },
}


def folder_from(environment: Mapping[str, str], variable: str, kind: str, name: str) -> Path | None:
    """Return the folder that `variable` names; else `name` among this user's "cache" or "data"; None for "off".

    None as well where the user has no folder.
    """
    wanted = environment.get(variable, "").strip()
    if wanted.lower() == "off":
        return None
    try:
        return Path(wanted).expanduser().absolute() if wanted else _usual(environment, kind) / _OURS / name
    except (OSError, RuntimeError):  # nobody's home
        return None


def _usual(environment: Mapping[str, str], kind: str) -> Path:
    places = _PLACES[kind]
    variable, below = places.get(sys.platform, places["other"])
    return Path(environment.get(variable) or Path.home() / below)
