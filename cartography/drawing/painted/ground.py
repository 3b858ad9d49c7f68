"""What is computed once per map so that any tile can be painted alone: distance to the coast, and the tint."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.color import as_rgb, from_oklab, to_oklab
from cartography.records import MapScene, Terrain
from cartography.surface import Window, cells_at, elevation_on

__all__ = ["coast_distance", "edge_distance", "tint_grid"]

_CELLS, _STEP = 512, 8


def coast_distance(terrain: Terrain) -> NDArray[np.float32]:
    """Return (512, 512) float32, the distance to the coast as a share of the square's edge, negative on land.

    Read it as spline coefficients: the spline rounds off the steps of the raster.
    """
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    west, south = terrain.origin
    whole = Window(west, south, west + terrain.side, south + terrain.side, _CELLS, _CELLS)
    land = elevation_on(terrain, whole).height[::-1] > 0
    outside = distance_transform_edt(~land) if land.any() else np.full(land.shape, float(_CELLS))
    inside = distance_transform_edt(land)
    signed = np.where(land, 0.5 - inside, outside - 0.5)
    return np.asarray(gaussian_filter(signed, 1.0) / _CELLS, dtype=np.float32)


def edge_distance(scene: MapScene) -> NDArray[np.float32]:
    """Return (512, 512) float32, how deep each place lies inside its realm, as a share of the square's edge.

    Coasts count as edges. Read it as spline coefficients, as `coast_distance`.
    """
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    grid = scene.realm_grid
    edge = np.zeros(grid.shape, dtype=bool)
    across, down = grid[:, 1:] != grid[:, :-1], grid[1:] != grid[:-1]
    edge[:, 1:] |= across
    edge[:, :-1] |= across
    edge[1:] |= down
    edge[:-1] |= down
    inside = distance_transform_edt(~edge) if edge.any() else np.full(grid.shape, float(_CELLS))
    return np.asarray(gaussian_filter(inside, 1.0) / len(grid), dtype=np.float32)


def tint_grid(scene: MapScene, colours: tuple[str, ...], calm: float = 0.0) -> NDArray[np.float32]:
    """Return (3, 512, 512) float32 sRGB: the mean colour of the items around each place.

    `calm` (0..1) first draws the colours together in lightness and saturation. Items are weighted by a kernel,
    so that where groups mix their colours mix; far from any item the mean of a wider surrounding takes over.
    The cost does not depend on the number of groups.
    """
    palette = _calmed(as_rgb(colours), calm)
    weights = np.ones(len(palette), dtype=np.float32)
    weights[-1] = 0.25
    cells, codes = _cells_of(scene), scene.colouring.codes
    kernel = 1.3 * max(1.0, (1e6 / len(scene)) ** (1 / 4.5)) + 0.8
    layers = []
    for values in (weights, *(palette * weights[:, None]).T):
        counts = np.bincount(cells, values[codes], minlength=_CELLS**2).reshape(_CELLS, _CELLS)
        layers.append(_spread(counts.astype(np.float32), kernel))
    total = np.maximum(layers[0], 1e-12)
    return np.stack([np.clip(layer / total, 0, 1) for layer in layers[1:]]).astype(np.float32)


def _spread(counts: NDArray[np.float32], kernel: float) -> NDArray[np.float32]:
    """Smoothed, and far beyond its own reach a trace of what is there, found on a coarser grid."""
    from scipy.ndimage import gaussian_filter, zoom

    near = gaussian_filter(counts, kernel, mode="constant", truncate=3)
    coarse = near.reshape(_CELLS // _STEP, _STEP, _CELLS // _STEP, _STEP).mean(axis=(1, 3))
    far = gaussian_filter(coarse, 6 * kernel / _STEP, mode="constant")
    return np.asarray(near + 1e-3 * zoom(far, _STEP, order=1, grid_mode=True, mode="nearest"), dtype=np.float32)


def _calmed(rgb: NDArray[np.float32], calm: float) -> NDArray[np.float32]:
    """Land in watercolour: the same hues, of more equal lightness and less saturation."""
    lab = to_oklab(rgb)
    lab[:, 0] += calm * (0.70 - lab[:, 0])
    lab[:, 1:] *= 1 - 0.6 * calm
    return np.clip(from_oklab(lab), 0, 1).astype(np.float32)


def _cells_of(scene: MapScene) -> NDArray[np.int64]:
    column, row = cells_at(scene.terrain, scene.coordinates, _CELLS).T
    return np.asarray(row * np.int64(_CELLS) + column)
