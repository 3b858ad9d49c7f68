"""Published maps: what the routes may serve, under names that nobody can guess."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.themes import Theme, theme_named
from cartography.records import MapScene
from cartography.records.arrays import digest

__all__ = ["Card", "Neighbours", "TilePainter", "World", "Worlds", "WORLDS"]

Neighbours = tuple[Sequence[int], Sequence[float]]
"""Rows of the nearest items and their distances, nearest first."""


class TilePainter(Protocol):
    """What paints terrain: `cartography.drawing.relief.Relief`, or a stand-in in tests."""

    def tile(self, z: int, x: int, y: int, size: int = 256) -> bytes:
        """Return one slippy tile, `y` counted from the north, as WEBP."""
        ...


@dataclass(frozen=True)
class Card:
    """What is shown beside an item under the pointer: a title, (name, text) pairs, a small PNG, JPEG or WEBP."""

    title: str
    fields: tuple[tuple[str, str], ...] = ()
    image: bytes = b""


def _no_neighbours(_row: int) -> Neighbours:
    return (), ()


@dataclass(frozen=True, eq=False)
class World:
    """One published map. The browser counts items in the order of `scene.order`: wire index i is row `order[i]`.

    Attributes
    ----------
    scene : what is drawn
    theme : name of the theme, or a theme
    relief : paints the terrain tiles in that theme
    colours : one "#rrggbb" per code of the scene's colouring, the last for items without a value
    card : row -> what its hover card says
    neighbours : row -> its nearest items in the original space
    """

    scene: MapScene
    theme: str | Theme
    relief: TilePainter
    colours: tuple[str, ...]
    card: Callable[[int], Card]
    neighbours: Callable[[int], Neighbours] = field(default=_no_neighbours)

    @cached_property
    def look(self) -> Theme:
        """The theme itself."""
        return theme_named(self.theme)

    @cached_property
    def places(self) -> NDArray[np.int32]:
        """(n,) wire index of each row: the inverse of `scene.order`."""
        places = np.empty(len(self.scene), dtype=np.int32)
        places[self.scene.order] = np.arange(len(self.scene), dtype=np.int32)
        return places

    @cached_property
    def points_key(self) -> str:
        """Names the coordinates and their order: while it stays, a browser keeps what it has."""
        return digest(self.scene.coordinates, self.scene.order)

    @cached_property
    def codes_key(self) -> str:
        """Names the colour codes in wire order."""
        return digest(self.points_key, self.scene.colouring.fingerprint)

    @cached_property
    def style_key(self) -> str:
        """Names the look of the terrain tiles."""
        scene = self.scene
        tint = (scene.realm_grid, scene.colouring.fingerprint, self.colours)
        return f"{self.look.name}-{digest(repr(self.look), scene.terrain.fingerprint, *tint)}"

    @property
    def nbytes(self) -> int:
        """Memory held by the scene's arrays, about."""
        scene = self.scene
        arrays = (scene.coordinates, scene.order, scene.colouring.codes, scene.realm_grid)
        grids = (scene.terrain.shape, scene.terrain.detail)
        return sum(array.nbytes for array in (*arrays, *grids)) + 4 * len(scene)


class Worlds:
    """The maps being served. Bounded: the ones not looked at for longest are put away first.

    Safe to use from many threads. Tokens are random, because routes are not tied to a login: whoever has
    a token may see its map, and nobody can find one by trying.
    """

    def __init__(self, most: int = 32, most_bytes: int = 1 << 31) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._worlds: OrderedDict[str, World] = OrderedDict()
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def publish(self, key: str, make: Callable[[], World]) -> str:
        """Return the token of the map called `key`, calling `make` only when it is not being served yet.

        `key` must name everything the world depends on: the scene, the theme, the fields on its cards.
        """
        token = self._known(key)
        if token is not None:
            return token
        world = make()
        with self._lock:
            token = self._tokens.setdefault(key, secrets.token_urlsafe(24))
            self._worlds.setdefault(token, world)
            self._worlds.move_to_end(token)
            self._put_away()
        return token

    def get(self, token: str) -> World | None:
        """Return the world behind a token, or None when it was put away or never was."""
        with self._lock:
            world = self._worlds.get(token)
            if world is not None:
                self._worlds.move_to_end(token)
            return world

    def put_away(self, token: str) -> None:
        """Stop serving a world; an unknown token is no error."""
        with self._lock:
            self._drop(token)

    def __len__(self) -> int:
        return len(self._worlds)

    def _known(self, key: str) -> str | None:
        with self._lock:
            token = self._tokens.get(key)
            if token is not None:
                self._worlds.move_to_end(token)
            return token

    def _put_away(self) -> None:
        """Drop the oldest until the rest fits; the newest always stays."""
        total = sum(world.nbytes for world in self._worlds.values())
        while len(self._worlds) > 1 and (len(self._worlds) > self._most or total > self._most_bytes):
            oldest = next(iter(self._worlds))
            total -= self._worlds[oldest].nbytes
            self._drop(oldest)

    def _drop(self, token: str) -> None:
        self._worlds.pop(token, None)
        for key in [key for key, known in self._tokens.items() if known == token]:
            del self._tokens[key]


WORLDS = Worlds()
"""The registry that the pages publish to and the routes serve from."""
