"""What a map in a browser is made of: the scene, its looks, and what is known of its items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.browser.completions import Completer
from cartography.drawing.browser.looks import Pictures, Snippets
from cartography.drawing.painted.fog_picture import fog_tile
from cartography.drawing.themes import Theme, theme_named
from cartography.items import fields, title
from cartography.pictures import picture
from cartography.records import EmbeddingSet, MapScene
from cartography.records.arrays import digest

__all__ = ["Card", "Findings", "Neighbours", "Seeker", "TilePainter", "World", "card_of"]

_ON_A_CARD = 5
_PICTURE_ON_A_CARD = 112  # pixels a side

Neighbours = tuple[Sequence[int], Sequence[float]]
"""Rows of the nearest items and their distances, nearest first."""


@dataclass(frozen=True, eq=False)
class Findings:
    """What a search found: (n,) bool, the first items to list as (row, name, where), or why it could not be done.

    `note` says what was not looked at.
    """

    mask: NDArray[np.bool_] | None
    first: tuple[tuple[int, str, str], ...] = ()
    problem: str = ""
    note: str = ""


Seeker = Callable[[str, Sequence[str], bool], Findings]
"""Searches for a text in columns (none: in all), as a regular expression or not."""


class TilePainter(Protocol):
    """What paints terrain: `cartography.drawing.painted.relief.Relief`, or a stand-in in tests."""

    def tile(self, z: int, x: int, y: int, size: int = 256) -> bytes:
        """Return one slippy tile, `y` counted from the north, as WEBP."""
        ...


@dataclass(frozen=True)
class Card:
    """What is shown beside an item under the pointer: a title, (name, text) pairs, a small PNG, JPEG or WEBP."""

    title: str
    fields: tuple[tuple[str, str], ...] = ()
    image: bytes = b""


def card_of(embeddings: EmbeddingSet, row: int, first: str | None = None, pictured: bool = True) -> Card:
    """Return the card of an item: its name, a few of its columns, `first` on top, and its picture if it has one."""
    shown = fields(embeddings, row, first, _ON_A_CARD)
    image = picture(embeddings, row, _PICTURE_ON_A_CARD) if pictured else b""
    return Card(title(embeddings, row), tuple((name, value[:200]) for name, value in shown), image)


def _no_neighbours(_row: int) -> Neighbours:
    return (), ()


@dataclass(frozen=True, eq=False)
class World:
    """One map as a browser shows it, which counts items in their `scene.order`: wire index i is row `order[i]`.

    Attributes
    ----------
    scene : what is drawn
    theme : name of the theme, or a theme
    relief : paints the terrain tiles in that theme
    colours : one "#rrggbb" per code of the scene's colouring, the last for items without a value
    card : row -> what its hover card says
    neighbours : row -> its nearest items in the original space
    pictures : rows -> one WEBP sheet of their pictures, in tiles of `looks.TILE` pixels; None when items have none
    snippets : rows -> what their texts begin with; None when items have none
    tinted : whether the relief is tinted by these colours
    seek : searches the items; None when they cannot be searched
    columns : names of the columns that can be searched
    complete : completes names in formulas; None where there are none
    """

    scene: MapScene
    theme: str | Theme
    relief: TilePainter
    colours: tuple[str, ...]
    card: Callable[[int], Card]
    neighbours: Callable[[int], Neighbours] = field(default=_no_neighbours)
    pictures: Pictures | None = None
    snippets: Snippets | None = None
    tinted: bool = True
    seek: Seeker | None = None
    columns: tuple[str, ...] = ()
    complete: Completer | None = None

    def dressed(self, **looks: Any) -> World:
        """Return the same map with other looks (fields of this record); what is known of its items is taken along."""
        other = replace(self, **looks)
        known = {name: getattr(self, name) for name in ("places", "points_key", "codes_key")}
        vars(other).update(known)
        return other

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
    def grades_key(self) -> str:
        """Names the sizes of the items in wire order; empty where all are alike."""
        sizing = self.scene.sizing
        return digest(self.points_key, sizing.fingerprint) if sizing is not None else ""

    @cached_property
    def style_key(self) -> str:
        """Names the look of the terrain tiles."""
        scene = self.scene
        tint = (scene.realm_grid, scene.colouring.fingerprint, self.colours) if self.tinted else ()
        return f"{self.look.name}-{digest(repr(self.look), scene.terrain.fingerprint, *tint)}"

    @cached_property
    def fog_key(self) -> str:
        """Names the picture of the fog; empty where there is none."""
        fog = self.scene.fog
        return f"{self.look.name}-{digest(repr(self.look), fog.fingerprint)}" if fog is not None else ""

    def fog(self) -> bytes:
        """The fog over the terrain's square as WEBP with opacity; nothing where there is none."""
        scene = self.scene
        return fog_tile(scene.fog, scene.terrain, self.look) if scene.fog is not None else b""

    @property
    def nbytes(self) -> int:
        """Memory held by the scene's arrays, about."""
        scene = self.scene
        fog = () if scene.fog is None else (scene.fog.thickness,)
        arrays = (scene.coordinates, scene.order, scene.colouring.codes, scene.realm_grid, *fog)
        grids = (scene.terrain.shape, scene.terrain.detail)
        return sum(array.nbytes for array in (*arrays, *grids)) + 4 * len(scene)
