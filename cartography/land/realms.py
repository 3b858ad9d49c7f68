"""Which group each piece of land belongs to, and where the group's name is written."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cartography.records import Clustering, Colouring, Realm, Terrain
from cartography.records.map_scene import NO_REALM, SEA
from cartography.surface import Window, cells_at, elevation_on

__all__ = ["Groups", "build_realms", "groups_of"]

CELLS = 512
LARGEST = 60
"""So many groups may rule land; all smaller ones together count as one group that bears no name."""
_STEEPEST = 50  # degrees a name may lean
_SMALLEST = 12  # cells of land that are worth a name


@dataclass(frozen=True, eq=False)
class Groups:
    """A partition of the items: `codes` (n,) int32 with -1 for none, and a name per code."""

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Items per code."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))


def groups_of(colouring: Colouring, clustering: Clustering) -> Groups:
    """Return the groups that rule the land: the colouring's categories, else the coarsest clusters."""
    if colouring.kind == "categories":
        codes = colouring.codes.astype(np.int32)
        codes[codes == colouring.missing] = -1
        return Groups(codes, colouring.names)
    level = clustering.levels[0]
    return Groups(level.labels, level.names or tuple(f"Region {i + 1}" for i in range(level.count)))


def build_realms(
    terrain: Terrain, coordinates: NDArray[np.float32], groups: Groups
) -> tuple[NDArray[np.int16], tuple[Realm, ...]]:
    """Return (512, 512) int16 codes of the ruling group, and the realms, largest first.

    A group rules where its items lie densest. The grid holds -1 at sea and -2 on land that none of the
    60 largest groups rules. One group is looked at after the other, so memory does not grow with them.
    """
    grid = np.where(_land(terrain), _rulers(terrain, coordinates, groups), SEA).astype(np.int16)
    sizes = groups.sizes
    ruling = [code for code in np.argsort(-sizes, kind="stable") if (grid == code).sum() >= _SMALLEST]
    return grid, tuple(_realm(terrain, grid, int(code), groups.names[code], int(sizes[code])) for code in ruling)


def _land(terrain: Terrain) -> NDArray[np.bool_]:
    west, south = terrain.origin
    window = Window(west, south, west + terrain.side, south + terrain.side, CELLS, CELLS)
    return np.asarray(elevation_on(terrain, window).height[::-1] > 0)


def _rulers(terrain: Terrain, coordinates: NDArray[np.float32], groups: Groups) -> NDArray[np.int16]:
    at = cells_at(terrain, coordinates, CELLS)
    kernel = 1.4 * max(1.0, (1e6 / len(coordinates)) ** (1 / 4.5)) + 0.6
    best = np.zeros((CELLS, CELLS), dtype=np.float32)
    ruler = np.full((CELLS, CELLS), NO_REALM, dtype=np.int16)
    for code, rows in _by_size(groups):
        corner, density = _density(at[rows], kernel)
        part = (slice(corner[0], corner[0] + density.shape[0]), slice(corner[1], corner[1] + density.shape[1]))
        ahead = density > best[part]
        best[part][ahead] = density[ahead]
        ruler[part][ahead] = code
    return ruler


def _by_size(groups: Groups) -> list[tuple[int, NDArray[np.int64]]]:
    """(code, rows) of the largest groups, and of all others together under the code for no realm."""
    order = np.argsort(groups.codes, kind="stable")
    starts = np.searchsorted(groups.codes[order], np.arange(len(groups.names) + 1))
    rows = [order[a:b] for a, b in pairwise(starts)]
    by_size = sorted((code for code in range(len(rows)) if len(rows[code])), key=lambda code: -len(rows[code]))
    parts = [(code, rows[code]) for code in by_size[:LARGEST]]
    if len(by_size) > LARGEST:
        parts.append((NO_REALM, np.concatenate([rows[code] for code in by_size[LARGEST:]])))
    return parts


def _density(at: NDArray[np.int32], kernel: float) -> tuple[tuple[int, int], NDArray[np.float32]]:
    """The group's density on the smallest block of cells that holds it, and that block's south-west cell."""
    from scipy.ndimage import gaussian_filter

    margin = int(5 * kernel) + 1
    low = np.maximum(at.min(axis=0) - margin, 0)
    wide, high = np.minimum(at.max(axis=0) + margin + 1, CELLS) - low
    cells = (at[:, 1] - low[1]) * wide + (at[:, 0] - low[0])
    counts = np.bincount(cells, minlength=wide * high).reshape(high, wide).astype(np.float32)
    near = gaussian_filter(counts, kernel, mode="constant", truncate=3)
    far = gaussian_filter(near, 3 * kernel, mode="constant", truncate=2)
    return (int(low[1]), int(low[0])), near + np.float32(1e-3) * far


def _realm(terrain: Terrain, grid: NDArray[np.int16], code: int, name: str, population: int) -> Realm:
    middle, angle, length = _name_line(grid == code)
    cell = terrain.side / CELLS
    x, y = (terrain.origin[i] + (middle[i] + 0.5) * cell for i in (0, 1))
    return Realm(name, code, float(x), float(y), population, float(angle), float(length * cell))


def _name_line(mask: NDArray[np.bool_]) -> tuple[tuple[float, float], float, float]:
    """Middle (column, row), angle and length, in cells, of the longest line through the broad part of a mask."""
    from scipy.ndimage import distance_transform_edt, find_objects, label

    islands, _ = label(mask)
    largest = int(np.bincount(islands.ravel())[1:].argmax()) + 1
    rows, columns = find_objects(islands)[largest - 1]
    depth = distance_transform_edt(np.pad(islands[rows, columns] == largest, 1))[1:-1, 1:-1]
    broad = depth >= min(0.5 * depth.max(), 9.0)
    angles = np.deg2rad(np.arange(-_STEEPEST, _STEEPEST + 1, 10))
    lines = [_longest_run(broad, float(angle)) for angle in angles]
    best = max(lines, key=lambda line: line[2] * (0.25 + 0.75 * np.cos(line[1]) ** 2))
    (column, row), angle, length = best
    return (column + columns.start, row + rows.start), angle, length + 2 * min(0.5 * float(depth.max()), 9.0)


def _longest_run(mask: NDArray[np.bool_], angle: float) -> tuple[tuple[float, float], float, float]:
    """The longest stretch of a mask on any line that leans by `angle`; ties go to the most central line."""
    height, width = mask.shape
    reach = int(np.hypot(height, width) / 2) + 1
    along, across = np.arange(-reach, reach + 1), np.arange(-reach, reach + 1)[:, None]
    column = np.round((width - 1) / 2 + along * np.cos(angle) - across * np.sin(angle)).astype(int)
    row = np.round((height - 1) / 2 + along * np.sin(angle) + across * np.cos(angle)).astype(int)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    inside[inside] = mask[row[inside], column[inside]]
    runs = _run_lengths(inside)
    score = runs - 0.15 * np.abs(across)
    line, end = np.unravel_index(int(score.argmax()), score.shape)
    length = int(runs[line, end])
    middle = int(end) - length // 2
    return (float(column[line, middle]), float(row[line, middle])), angle, float(length)


def _run_lengths(inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each cell how many set cells end there, along the rows."""
    steps = np.arange(inside.shape[1])
    last_gap = np.maximum.accumulate(np.where(inside, -1, steps), axis=1)
    return np.asarray(np.where(inside, steps - last_gap, 0))
