"""What an offline page takes along of its items' looks: sheets of pictures within a budget, or all snippets."""

from __future__ import annotations

from base64 import b64encode
from itertools import islice

from cartography.drawing.browser.world import World

__all__ = ["MOST_PICTURES", "looks"]

MOST_PICTURES = 2_000
"""Items whose pictures are taken along; the towns' medoids come on top."""
_MOST_BYTES = 3 << 20
_PER_SHEET = 64
_MOST_TOWNS = 200


def looks(world: World, most: int) -> dict[str, object]:
    """Return sheets and the wire indices of what is on them in turn, snippets, and a sentence on what stayed out.

    Snippets are taken along for maps of at most `most` items.
    """
    sheets, pictured = _sheets(world)
    n = len(world.scene)
    snippets = world.snippets([int(row) for row in world.scene.order]) if world.snippets and n <= most else []
    note = ""
    if 0 < len(pictured) < n:
        note = f"Pictures of {len(pictured):,} of {n:,} items are part of this file."
    return {"sheets": sheets, "pictured": pictured, "snippets": list(snippets), "note": note}


def _sheets(world: World) -> tuple[list[str], list[int]]:
    if world.pictures is None:
        return [], []
    capitals = sorted(world.scene.towns, key=lambda town: town.rank)[:_MOST_TOWNS]
    towns = [int(world.places[town.item]) for town in capitals if 0 <= town.item < len(world.places)]
    wanted = iter(dict.fromkeys([*towns, *range(min(MOST_PICTURES, len(world.scene)))]))
    sheets: list[str] = []
    pictured: list[int] = []
    size = 0
    while size < _MOST_BYTES and (items := list(islice(wanted, _PER_SHEET))):
        sheet = world.pictures([int(world.scene.order[item]) for item in items])
        size += len(sheet)
        sheets.append(b64encode(sheet).decode("ascii"))
        pictured += items
    return sheets, pictured
