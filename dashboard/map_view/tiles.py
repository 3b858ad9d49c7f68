"""Painting terrain tiles beside everything else the server does: few at a time, kept for a while."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable

import anyio

from cartography.drawing.browser import World

__all__ = ["DEEPEST", "TileStore", "in_range"]

DEEPEST = 13
"""The last zoom with tiles of its own; closer up, the browser enlarges."""
_PAINTERS = max(1, (os.cpu_count() or 2) - 1)

Key = tuple[str, int, int, int]


def in_range(z: int, x: int, y: int) -> bool:
    """Whether such a tile exists."""
    return 0 <= z <= DEEPEST and 0 <= x < 1 << z and 0 <= y < 1 << z


class TileStore:
    """Paints tiles in threads, at most `painters` at once, and keeps the last `most_bytes` of them.

    Tiles are kept by the look of the map, not by its token: the same land in the same colours is painted once.
    """

    def __init__(self, painters: int = _PAINTERS, most_bytes: int = 64 << 20) -> None:
        self._slots = anyio.CapacityLimiter(painters)
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    async def tile(self, world: World, z: int, x: int, y: int, wanted: Callable[[], Awaitable[bool]]) -> bytes | None:
        """Return a tile, or None when nobody waits for it any more by the time a painter is free."""
        key = (world.style_key, z, x, y)
        tile = self._known(key)
        if tile is not None:
            return tile
        async with self._slots:
            tile = self._known(key)
            if tile is None and await wanted():
                tile = await anyio.to_thread.run_sync(world.relief.tile, z, x, y)
                self._keep(key, tile)
        return tile

    def _known(self, key: Key) -> bytes | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: Key, tile: bytes) -> None:
        with self._lock:
            self._bytes += len(tile) - len(self._kept.pop(key, b""))
            self._kept[key] = tile
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)
