"""What lies under places on the map: land or sea, whose land, and which town is theirs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.records import Clustering, MapScene
from cartography.records.map_scene import NO_REALM, SEA
from cartography.surface import cells_at, elevation_at

__all__ = ["realm_names", "realms_under", "town_names", "towns_of"]

_AT_SEA, _NOBODYS = "(at sea)", "(no realm)"
_ROWS = 16_384


def realms_under(scene: MapScene, points: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return the code (m,) of the realm under each of the points (m, 2), or `SEA` or `NO_REALM`.

    The coast is the terrain's own, which is finer than the grid of realms: land in a cell of sea belongs to the
    nearest realm.
    """
    grid = scene.realm_grid
    x, y = cells_at(scene.terrain, points, len(grid)).T
    dry = elevation_at(scene.terrain, points) > 0
    codes = np.where(dry, grid[y, x], SEA).astype(np.int16)
    shore = dry & (codes == SEA)
    if shore.any() and (grid != SEA).any():
        codes[shore] = _nearest_land(grid, x[shore], y[shore])
    return codes


def _nearest_land(grid: NDArray[np.int16], x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.int16]:
    from scipy.ndimage import distance_transform_edt

    rows, columns = distance_transform_edt(grid == SEA, return_distances=False, return_indices=True)
    return np.asarray(grid[rows[y, x], columns[y, x]])


def realm_names(scene: MapScene, codes: NDArray[np.integer]) -> list[str]:
    """Return what the realms with these codes (m,) are called; "(at sea)" and "(no realm)" where there is none."""
    known = {realm.code: realm.name for realm in scene.realms} | {SEA: _AT_SEA, NO_REALM: _NOBODYS}
    return [known.get(code, _NOBODYS) for code in codes.tolist()]


def towns_of(
    scene: MapScene, clustering: Clustering, points: NDArray[np.float32], nearest: NDArray[np.integer]
) -> NDArray[np.int32]:
    """Return which of the scene's towns (m,) each point belongs to; -1 where there are no towns at all.

    It is the town of the finest cluster of its nearest item, whose row is in `nearest` (m,); where no town stands for
    that, the one nearest on the map.
    """
    if not scene.towns:
        return np.full(len(points), -1, np.int32)
    finest = clustering.levels[-1]
    of_cluster = np.full(finest.count + 1, -1, np.int32)  # the last entry is for noise
    for place, town in sorted(enumerate(scene.towns), key=lambda one: one[1].population):
        of_cluster[town.cluster] = place
    found = of_cluster[finest.labels[nearest]]
    lost = found < 0
    found[lost] = _nearest_town(scene, points[lost])
    return found


def town_names(scene: MapScene, places: NDArray[np.integer]) -> list[str]:
    """Return what these towns (m,) are called; nothing for -1."""
    return [scene.towns[place].name if place >= 0 else "" for place in places.tolist()]


def _nearest_town(scene: MapScene, points: NDArray[np.float32]) -> NDArray[np.int32]:
    sites = np.array([(town.x, town.y) for town in scene.towns], np.float32)
    found = np.empty(len(points), np.int32)
    for first in range(0, len(points), _ROWS):
        part = points[first : first + _ROWS]
        away = (part[:, :1] - sites[:, 0]) ** 2 + (part[:, 1:] - sites[:, 1]) ** 2
        found[first : first + _ROWS] = away.argmin(axis=1)
    return found
