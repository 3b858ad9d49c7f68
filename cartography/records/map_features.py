"""What lies on the land: realms, borders, towns, roads, fog and dragons, in map units."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from cartography.records.arrays import all_finite, digest, frozen, require

__all__ = ["RANKS", "Bearing", "Border", "Dragon", "Fog", "MapAxis", "Realm", "Road", "Town"]

RANKS = ("capital", "city", "town", "village", "hamlet")
"""What a town's `rank` means, largest first."""

_FIRM = 0.5  # of what is possible above chance: from here on a border is drawn solid


@dataclass(frozen=True)
class Realm:
    """The land where one group is in the majority.

    `code` is the group's code in the scene's `Colouring` (or its region's label), (`x`, `y`) the middle of
    its largest land, `angle` (radians, -pi/2..pi/2) and `length` (map units) the line along which its name runs.
    """

    name: str
    code: int
    x: float
    y: float
    population: int
    angle: float = 0.0
    length: float = 0.0


@dataclass(frozen=True)
class Town:
    """A cluster, standing at its medoid.

    `population` is the size of the coarsest cluster that the town stands for, so the people of a city's villages are
    counted among its own. `item` is the row of the item it stands at, `cluster` the label on the finest level, the
    part of the map in which it stands: no two towns share one, but that a realm which is the majority of no cluster
    has its capital in another town's. `realm` is the code of the group most frequent in the cluster; a capital's is
    the realm that it rules, on whose land it stands. `rank` is an index into `RANKS`.
    """

    name: str
    x: float
    y: float
    population: int
    rank: int
    item: int
    cluster: int
    realm: int

    def __post_init__(self) -> None:
        require(0 <= self.rank < len(RANKS), f"rank is {self.rank}; expected 0 to {len(RANKS) - 1}.")


@dataclass(frozen=True, eq=False)
class Border:
    """A stretch of the line where one realm gives way to another.

    Attributes
    ----------
    codes : the codes of the two realms, the smaller first
    line : (m, 2) float32, map units
    support : share of the neighbour pairs (original space) of items near the line that stay within their own group;
        NaN when it was not measured
    chance : what `support` would be if neighbours were drawn from these items at random
    pairs : how many pairs were counted
    """

    codes: tuple[int, int]
    line: NDArray[np.float32]
    support: float = float("nan")
    chance: float = 0.5
    pairs: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "line", _line(self.line))

    @property
    def firm(self) -> bool | None:
        """Whether the original space supports the split here, well above chance; None when that is not known."""
        if isnan(self.support):
            return None
        return (self.support - self.chance) / max(1 - self.chance, 1e-9) >= _FIRM


@dataclass(frozen=True, eq=False)
class Road:
    """A connection between two towns that is stronger in the original space than chance would have it.

    Attributes
    ----------
    towns : indices into the scene's `towns`
    line : (m, 2) float32, map units, from the first town to the second
    strength : neighbour links between the two, as a multiple of what the configuration model expects when the links
        that leave towns go to all others alike (Newman, 2006 and 2016)
    links : how many neighbour links there are, either way; an estimate when there are millions of items
    rank : 0 for the main roads, 1, and 2 for paths
    ferry : whether it crosses the sea: the map tore apart what belongs together
    """

    towns: tuple[int, int]
    line: NDArray[np.float32]
    strength: float
    links: int
    rank: int = 1
    ferry: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "line", _line(self.line))
        require(0 <= self.rank <= 2, f"rank is {self.rank}; expected 0 to 2.")


@dataclass(frozen=True, eq=False)
class Fog:
    """Where the map is not faithful.

    Attributes
    ----------
    thickness : (g, g) float32 in 0..1 over the terrain's square, row 0 in the south: 0 clear, 1 not to be trusted
    share : share of the items that stand in fog
    threshold : the fidelity below which there is fog, and `baseline`, what chance alone gives
    """

    thickness: NDArray[np.float32]
    share: float
    threshold: float
    baseline: float

    def __post_init__(self) -> None:
        thickness = frozen(self.thickness, np.float32, "thickness", (None, None))
        require(all_finite(thickness), "thickness holds NaN or infinity.")
        object.__setattr__(self, "thickness", thickness)

    @property
    def fingerprint(self) -> str:
        """Names the content."""
        return digest(self.thickness)


@dataclass(frozen=True)
class Dragon:
    """A place where items live that are near nothing: how many, the row of the loneliest, and how far off it is.

    `distance` is that item's median distance to its nearest ones (its first 5 neighbours) as a multiple of what it is
    for the typical item.
    """

    x: float
    y: float
    population: int
    item: int
    distance: float


@dataclass(frozen=True)
class Bearing:
    """A numeric column that grows along one direction of the map.

    `side` is where it grows to ("east", "west", "north" or "south"), `strength` its rank correlation with that way.
    """

    column: str
    side: str
    strength: float

    def __post_init__(self) -> None:
        require(self.side in ("east", "west", "north", "south"), f"side is {self.side!r}.")


@dataclass(frozen=True)
class MapAxis:
    """A side of the map that means something: "x" to the east, "y" to the north, "z" towards whoever looks.

    `low` and `high` are written at its ends. `zero` is the coordinate half-way between them, None where the scale has
    no such place.
    """

    side: str
    name: str
    low: str
    high: str
    zero: float | None = None

    def __post_init__(self) -> None:
        require(self.side in ("x", "y", "z"), f"side is {self.side!r}.")


def _line(points: object) -> NDArray[np.generic]:
    line = frozen(points, np.float32, "line", (None, 2))
    require(len(line) >= 2 and all_finite(line), "A line has at least two points, all of them finite.")
    return line
