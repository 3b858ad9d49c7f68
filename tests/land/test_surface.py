from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.ndimage import spline_filter

from cartography.errors import ParameterError
from cartography.land import build_terrain
from cartography.surface import Lens, Window, fractal_noise, sample_points, tile_window
from cartography.surface.noise import noise_at
from tests.land.worlds import points


def grid(cells: int = 32) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(cells, cells)).astype(np.float32)


def test_a_spline_goes_through_its_values() -> None:
    values = grid()
    centres = (np.arange(32) + 0.5) / 32
    read = Lens(centres, centres).field_of(spline_filter(values, order=3, output=np.float32))
    assert np.abs(read.value - values)[1:-1, 1:-1].max() < 1e-4  # the edge is held level, not mirrored


def test_a_window_reads_what_single_points_read() -> None:
    rng = np.random.default_rng(1)
    columns, rows = np.sort(rng.uniform(-0.1, 1.1, 40)), np.sort(rng.uniform(-0.1, 1.1, 30))
    lens = Lens(columns, rows)
    x, y = np.meshgrid(columns, rows)
    single = sample_points(grid(), x.ravel(), y.ravel()).reshape(30, 40)
    assert np.abs(lens.value_of(grid()) - single).max() < 1e-4
    assert np.abs(lens.field_of(grid()).value - single).max() < 1e-4


def test_slopes_are_those_of_the_values() -> None:
    columns = np.linspace(0.3, 0.5, 2_001)
    field = Lens(columns, columns).field_of(grid())
    step = columns[1] - columns[0]
    assert np.abs(np.gradient(field.value, step, axis=1) - field.dx)[:, 2:-2].max() < 0.5
    assert np.abs(np.gradient(field.value, step, axis=0) - field.dy)[2:-2].max() < 0.5
    assert np.abs(field.dx).max() > 20


def test_noise_belongs_to_the_place_and_not_to_the_window() -> None:
    columns = np.linspace(0.2, 0.6, 50)
    whole = fractal_noise(8, 256, 0.5, Lens(columns, columns))
    part = fractal_noise(8, 256, 0.5, Lens(columns[10:20], columns[30:]))
    assert np.array_equal(whole.value[30:, 10:20], part.value)
    x, y = np.meshgrid(columns, columns)
    single = noise_at(8, 256, 0.5, np.stack([x.ravel(), y.ravel()], axis=1))
    assert np.abs(single.reshape(50, 50) - whole.value).max() < 1e-3


def test_noise_has_unit_deviation_and_grows_smoothly_with_its_finest_octave() -> None:
    columns = np.linspace(0, 1, 300)
    lens = Lens(columns, columns)
    assert fractal_noise(64, 64, 0.5, lens).value.std() == pytest.approx(1, abs=0.15)
    before, after = (fractal_noise(16, finest, 0.5, lens).value for finest in (64.0, 64.5))
    assert 0 < np.abs(after - before).max() < 0.05
    assert not fractal_noise(16, 4, 0.5, lens).value.any()


def test_strips_are_the_window_cut_into_rows() -> None:
    window = Window(0, 0, 10, 7, 100, 70)
    strips = list(window.strips(1_250))
    assert sum(strip.height for strip in strips) == 70
    assert strips[0].y1 == 7
    assert strips[-1].y0 == pytest.approx(0)
    assert all(upper.y0 == pytest.approx(lower.y1) for upper, lower in pairwise(strips))
    assert all(strip.pixel == pytest.approx(window.pixel) for strip in strips)


def test_pixels_and_places() -> None:
    window = Window(2, 1, 6, 3, 400, 200)
    assert window.place(2, 3).tolist() == [0, 0]
    assert window.place([6, 4], [1, 2]).tolist() == [[400, 200], [200, 100]]


def test_four_tiles_lie_in_the_tile_above_them() -> None:
    terrain = build_terrain(points()[0])
    outer = tile_window(terrain, 5, 7, 9)
    corners = [tile_window(terrain, 6, x, y) for x in (14, 15) for y in (18, 19)]
    assert min(w.x0 for w in corners) == pytest.approx(outer.x0)
    assert max(w.y1 for w in corners) == pytest.approx(outer.y1)
    with pytest.raises(ParameterError):
        tile_window(terrain, 25, 0, 0)
