"""The one folder on the server whose files people may open: what is in it, and nothing outside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cartography.errors import LoadError

__all__ = ["Listing", "list_folder", "path_within"]

MOST = 5000


@dataclass(frozen=True)
class Listing:
    """A folder's own folders and files (name, bytes), by name; hidden ones stay hidden. `more` were not listed."""

    folders: tuple[str, ...]
    files: tuple[tuple[str, int], ...]
    more: int = 0


def path_within(root: str, *parts: str) -> Path:
    """Return a path below `root`. Raises `LoadError` when it would lead outside, by links too, or is not there."""
    home = Path(root).resolve()
    try:
        place = home.joinpath(*parts).resolve()
        inside = place.is_relative_to(home) and place.exists()
    except (OSError, RuntimeError, ValueError):  # links may go round in circles
        inside = False
    if not inside:
        raise LoadError("There is nothing of that name in the server's data folder.", "Choose from the list.")
    return place


def list_folder(root: str, *parts: str) -> Listing:
    """Return what is in a folder below `root`. Raises `LoadError` for anything that is not such a folder."""
    place = path_within(root, *parts)
    folders, files = [], []
    try:
        entries = sorted(place.iterdir(), key=lambda entry: entry.name.lower())
    except OSError as error:
        raise LoadError(f"{place.name} cannot be read as a folder.", "Choose another.") from error
    home = Path(root).resolve()
    for entry in entries[:MOST]:
        try:
            if entry.name.startswith(".") or not entry.resolve().is_relative_to(home):
                continue
            entry.name.encode()
            if entry.is_dir():
                folders.append(entry.name)
            elif entry.is_file():
                files.append((entry.name, entry.stat().st_size))
        except (OSError, RuntimeError, UnicodeEncodeError):  # gone, a link in circles, a name that no page can show
            continue
    return Listing(tuple(folders), tuple(files), max(0, len(entries) - MOST))
