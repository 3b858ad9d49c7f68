"""What the map shows, as geometry in map units and roles instead of colours. Drawing needs nothing else.

Map units are the projection's own, turned so that the map lies well on a page (`MapScene.turn`).
x grows to the east, y to the north; grids hold row 0 in the south and column 0 in the west.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.records.arrays import all_finite, digest, frozen, require
from cartography.records.map_features import Bearing, Border, Dragon, Fog, MapAxis, Realm, Road, Town
from cartography.records.sizing import Sizing

__all__ = ["NO_REALM", "SEA", "Colouring", "MapScene", "Provenance", "Terrain"]

SEA, NO_REALM = -1, -2
"""What a realm grid holds where there is no land, and on land that no single group rules."""

NUMBER_STEPS = 255
"""A numeric colouring has codes 0..254, in equal steps from `low` to `high`."""


@dataclass(frozen=True, eq=False)
class Terrain:
    """A square world and its height: 0 is the coast, 1 a summit, below 0 is sea.

    Attributes
    ----------
    origin : (x, y) of the south-west corner, in map units
    side : length of the square's edge, in map units
    shape : (G, G) float32, coarse height, as cubic B-spline coefficients: it decides coast and mountains
    detail : (D, D) float32, finer height to add, as cubic B-spline coefficients
    frame : (x0, y0, x1, y1), the part of the world worth showing when the map is opened
    """

    origin: tuple[float, float]
    side: float
    shape: NDArray[np.float32]
    detail: NDArray[np.float32]
    frame: tuple[float, float, float, float]

    def __post_init__(self) -> None:
        require(self.side > 0, f"side is {self.side}; a world has a positive size.")
        for name in ("shape", "detail"):
            grid = frozen(getattr(self, name), np.float32, name, (None, None))
            require(grid.shape[0] == grid.shape[1], f"{name} has shape {grid.shape}; expected a square grid.")
            object.__setattr__(self, name, grid)

    @property
    def fingerprint(self) -> str:
        """Names the content, for tiles kept by a browser."""
        return digest(self.origin, self.side, self.shape, self.detail)


@dataclass(frozen=True, eq=False)
class Colouring:
    """A group or a step of a scale for every item; themes turn codes into colours.

    Attributes
    ----------
    column : the items' column shown; None when the groups are clusters, or there is nothing to show
    kind : "categories", "numbers", "dates" or "none"
    codes : (n,) uint16. Categories: 0..len(names)-1, most frequent first. Numbers and dates: 0..254.
        `missing` marks items without a value
    names : the categories in the order of their codes
    low, high : the values at both ends of a scale (dates as nanoseconds since 1970)
    """

    column: str | None
    kind: str
    codes: NDArray[np.uint16]
    names: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        require(self.kind in ("categories", "numbers", "dates", "none"), f"kind is {self.kind!r}.")
        codes = frozen(self.codes, np.uint16, "codes", (None,))
        require(codes.size == 0 or int(codes.max()) <= self.missing, "codes holds values beyond the groups.")
        object.__setattr__(self, "codes", codes)
        object.__setattr__(self, "names", tuple(self.names))

    @property
    def missing(self) -> int:
        """The code of items that have no value; one past the last group or step."""
        return len(self.names) if self.kind in ("categories", "none") else NUMBER_STEPS

    @property
    def title(self) -> str:
        """What the groups or the scale are called: the column, or what was found instead of one."""
        return self.column if self.column is not None else "Clusters"

    @property
    def counts(self) -> NDArray[np.int64]:
        """(missing + 1,) items per code, the last entry being those without a value."""
        return np.bincount(self.codes, minlength=self.missing + 1)

    @property
    def fingerprint(self) -> str:
        """Names the content."""
        return digest(self.column, self.kind, self.codes, self.names, self.low, self.high)


@dataclass(frozen=True)
class Provenance:
    """What the cartouche says, so that a picture can be traced back to its making.

    `fidelity` is the share of true neighbours that the map keeps (None: not measured), `baseline` what chance keeps.
    """

    title: str
    shown: int
    total: int
    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    fingerprint: str = ""
    fidelity: float | None = None
    baseline: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))


@dataclass(frozen=True, eq=False)
class MapScene:
    """Everything that is drawn.

    Attributes
    ----------
    coordinates : (n, 2) float32 in map units
    order : (n,) int32, rows from most to least worth drawing: any prefix is a fair sample of the whole
    turn : radians by which the projection was turned counter-clockwise to make this map
    terrain, colouring, provenance : see those records
    realm_grid : (g, g) int16 over the terrain's square, the code of the realm each cell belongs to, or
        `SEA` or `NO_REALM`
    realms : largest first
    towns : most important first: by rank, then by population. Ranks below the capitals never contradict populations
    borders : where one realm gives way to the next; roads : what ties towns together, strongest first
    fog : where the map is not faithful; None when that was not measured
    dragons : where items live that have no near neighbours at all
    compass : numeric columns that grow along the map, at most one for each axis
    axes : what the sides of the map mean, where they are axes that a person chose
    sizing : how large items are drawn; None for all alike
    landmarks : single items worth naming like towns, though they are none: members of the axes' poles
    scale : map distance of a typical item to its 15th neighbour in the original space; 0 when not known
    notes : sentences to be shown beside the map
    """

    coordinates: NDArray[np.float32]
    order: NDArray[np.int32]
    terrain: Terrain
    colouring: Colouring
    realm_grid: NDArray[np.int16]
    realms: tuple[Realm, ...]
    towns: tuple[Town, ...]
    provenance: Provenance
    turn: float = 0.0
    scale: float = 0.0
    notes: tuple[str, ...] = ()
    borders: tuple[Border, ...] = ()
    roads: tuple[Road, ...] = ()
    fog: Fog | None = None
    dragons: tuple[Dragon, ...] = ()
    compass: tuple[Bearing, ...] = ()
    axes: tuple[MapAxis, ...] = ()
    landmarks: tuple[Town, ...] = ()
    sizing: Sizing | None = None

    def __post_init__(self) -> None:
        coordinates = frozen(self.coordinates, np.float32, "coordinates", (None, 2))
        n = len(coordinates)
        require(all_finite(coordinates), "coordinates holds NaN or infinity.")
        require(
            len(self.colouring.codes) == n,
            f"There are {n} items but {len(self.colouring.codes)} colour codes.",
        )
        require(self.sizing is None or len(self.sizing.grades) == n, "There are other sizes than items.")
        object.__setattr__(self, "coordinates", coordinates)
        object.__setattr__(self, "order", frozen(self.order, np.int32, "order", (n,)))
        object.__setattr__(self, "realm_grid", frozen(self.realm_grid, np.int16, "realm_grid", (None, None)))
        for name in ("realms", "towns", "notes", "borders", "roads", "dragons", "compass", "axes", "landmarks"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.coordinates)

    def titled(self, title: str | None) -> MapScene:
        """Return the same map under another title; under its own where that says nothing."""
        return replace(self, provenance=replace(self.provenance, title=title)) if title else self
