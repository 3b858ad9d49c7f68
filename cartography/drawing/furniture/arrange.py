"""Where the map lies on its page, and where cartouche, legend and the rest find room beside the land."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.names.taken import Box
from cartography.drawing.svg import Piece
from cartography.records import Terrain
from cartography.surface import Window, elevation_on

__all__ = ["Placed", "arrange", "fitted_window"]

Placed = tuple[Piece, float, float]
"""A piece with its left and top edge."""

_GRID = 6.0  # pixels per cell of the mask of land that is looked at
_LAND_ALLOWED = 0.015  # of a piece's area that may cover land before the map is drawn smaller


def fitted_window(
    frame: tuple[float, float, float, float], width: int, height: int, margin: float, smaller: float = 1.0
) -> Window:
    """Return the window that shows `frame` inside the margins of a page, both axes at one scale."""
    x0, y0, x1, y1 = frame
    room_x, room_y = max(width - 2 * margin, 1.0), max(height - 2 * margin, 1.0)
    pixel = smaller * max((x1 - x0) / room_x, (y1 - y0) / room_y)
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    half_x, half_y = width * pixel / 2, height * pixel / 2
    return Window(middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y, width, height)


def arrange(
    terrain: Terrain, windows: Sequence[Window], pieces: Sequence[Piece], margin: float, gap: float
) -> tuple[Window, list[Placed]]:
    """Return the first window that leaves room for the pieces beside the land, and where they go.

    Pieces come in order of importance; each takes the place at the page's edge that covers least land. When no
    window leaves room the one with the least land covered is taken.
    """
    best: tuple[float, Window, list[Placed]] | None = None
    for window in windows:
        covered, placed = _placed(terrain, window, pieces, margin, gap)
        if best is None or covered < best[0]:
            best = covered, window, placed
        if covered <= _LAND_ALLOWED:
            break
    assert best is not None, "there is at least one window"  # noqa: S101
    return best[1], best[2]


def _placed(
    terrain: Terrain, window: Window, pieces: Sequence[Piece], margin: float, gap: float
) -> tuple[float, list[Placed]]:
    land = _land(terrain, window)
    placed: list[Placed] = []
    worst = 0.0
    for number, piece in enumerate(pieces):
        spots = _spots(piece, window, margin + gap, number)
        spots = [spot for spot in spots if _clear(piece, spot, placed, gap)]
        if not spots:
            continue
        shares = [_share(land, piece, spot, gap) for spot in spots]
        least = int(np.argmin(np.array(shares) + 0.002 * np.arange(len(shares))))
        placed.append((piece, *spots[least]))
        worst = max(worst, shares[least])
    return worst, placed


def _land(terrain: Terrain, window: Window) -> NDArray[np.float64]:
    """Running sums over both axes of a coarse mask of land, so that any box is summed in four reads."""
    columns, rows = max(8, int(window.width / _GRID)), max(8, int(window.height / _GRID))
    coarse = Window(window.x0, window.y0, window.x1, window.y1, columns, rows)
    mask = elevation_on(terrain, coarse).height > -0.05
    return np.pad(mask.astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def _share(land: NDArray[np.float64], piece: Piece, spot: tuple[float, float], gap: float) -> float:
    rows, columns = land.shape
    left, right = (int(np.clip(x / _GRID, 0, columns - 1)) for x in (spot[0] - gap, spot[0] + piece.width + gap))
    top, bottom = (int(np.clip(y / _GRID, 0, rows - 1)) for y in (spot[1] - gap, spot[1] + piece.height + gap))
    total = land[bottom, right] - land[top, right] - land[bottom, left] + land[top, left]
    return float(total / max(1, (bottom - top) * (right - left)))


def _spots(piece: Piece, window: Window, inset: float, first: int) -> list[tuple[float, float]]:
    """The corners from the `first` on, counter-clockwise from the north-west; then the middles of the sides."""
    right, bottom = window.width - inset - piece.width, window.height - inset - piece.height
    middle_x, middle_y = (window.width - piece.width) / 2, (window.height - piece.height) / 2
    corners = [(inset, inset), (inset, bottom), (right, bottom), (right, inset)]
    sides = [(inset, middle_y), (right, middle_y), (middle_x, inset), (middle_x, bottom)]
    corners = corners[first % 4 :] + corners[: first % 4]
    return [spot for spot in corners + sides if spot[0] >= 0 and spot[1] >= 0]


def _clear(piece: Piece, spot: tuple[float, float], placed: Sequence[Placed], gap: float) -> bool:
    left, top, right, bottom = spot[0], spot[1], spot[0] + piece.width, spot[1] + piece.height
    return all(
        right + gap <= x or left >= x + other.width + gap or bottom + gap <= y or top >= y + other.height + gap
        for other, x, y in placed
    )


def box_of(placed: Placed) -> Box:
    """Return what a placed piece covers."""
    piece, x, y = placed
    return (x, y, x + piece.width, y + piece.height)
