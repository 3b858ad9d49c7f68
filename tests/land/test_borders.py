from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from cartography.land.border_lines import find_lines
from cartography.land.borders import build_borders
from cartography.land.realms import Groups, build_realms
from cartography.land.terrain import build_terrain
from cartography.records import Border, NeighbourGraph, Terrain
from cartography.records.map_scene import SEA
from cartography.surface import elevation_at
from tests.land.worlds import four_islands, points, scene_of

CodeOf = Callable[[np.ndarray], np.ndarray]


@dataclass
class Land:
    """A round land of radius 10, and which group each of its items is in."""

    coordinates: np.ndarray
    terrain: Terrain
    groups: Groups
    grid: np.ndarray

    @property
    def cell(self) -> float:
        return self.terrain.side / len(self.grid)

    def borders(self, neighbours: NeighbourGraph | None = None) -> tuple[Border, ...]:
        return build_borders(self.terrain, self.coordinates, self.grid, self.groups, neighbours)


def land(code_of: CodeOf, n: int = 6_000, seed: int = 0) -> Land:
    rng = np.random.default_rng(seed)
    angle, radius = rng.uniform(0, 2 * np.pi, n), 10 * np.sqrt(rng.random(n))
    coordinates = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).astype(np.float32)
    codes = code_of(coordinates).astype(np.int32)
    groups = Groups(codes, tuple(f"group {i}" for i in range(codes.max() + 1)))
    terrain = build_terrain(coordinates)
    return Land(coordinates, terrain, groups, build_realms(terrain, coordinates, groups)[0])


def halves(at: np.ndarray) -> np.ndarray:
    return at[:, 0] > 0


def thirds(at: np.ndarray) -> np.ndarray:
    return np.floor((np.arctan2(at[:, 1], at[:, 0]) + np.pi) / (2 * np.pi) * 3).clip(0, 2)


def hamlet(at: np.ndarray) -> np.ndarray:
    """One item in fifty, in the middle of all others."""
    return np.hypot(at[:, 0] - 3, at[:, 1]) < 10 * np.sqrt(1 / 51)


def graph(indices: np.ndarray) -> NeighbourGraph:
    return NeighbourGraph(indices.astype(np.int32), np.zeros(indices.shape, np.float32), "euclidean")


def anybody(here: Land, k: int = 15) -> NeighbourGraph:
    """Neighbours that know nothing of the groups."""
    n = len(here.coordinates)
    return graph(np.random.default_rng(1).integers(0, n, (n, k)))


def own_group(here: Land, where: np.ndarray | None = None, k: int = 15) -> NeighbourGraph:
    """Neighbours of one's own group; `where` that is not so, anybody."""
    rng = np.random.default_rng(2)
    indices = anybody(here, k).indices.copy()
    for code in range(len(here.groups.names)):
        rows = np.flatnonzero(here.groups.codes == code)
        loyal = rows if where is None else rows[where[rows]]
        indices[loyal] = rng.choice(rows, (len(loyal), k))
    return graph(indices)


def length(line: np.ndarray) -> float:
    return float(np.hypot(*np.diff(line.astype(np.float64), axis=0).T).sum())


def ends(border: Border) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in border.line[[0, -1]]]


def test_groups_apart_in_the_original_space_have_a_firm_border() -> None:
    here = land(halves)
    borders = here.borders(own_group(here))
    assert borders
    for border in borders:
        assert border.support > 0.99
        assert border.chance == pytest.approx(0.5, abs=0.1)
        assert border.firm is True
        assert border.pairs > 300


def test_groups_mixed_in_the_original_space_have_an_open_border() -> None:
    here = land(halves)
    for border in here.borders(anybody(here)):
        assert border.support == pytest.approx(border.chance, abs=0.1)
        assert border.firm is False


def test_the_size_of_a_group_makes_nothing_firm() -> None:
    here = land(hamlet)
    sizes = here.groups.sizes
    assert 40 < sizes[0] / sizes[1] < 60
    mixed, apart = here.borders(anybody(here)), here.borders(own_group(here))
    assert mixed
    assert all(border.firm is False and border.support - border.chance < 0.1 for border in mixed)
    assert all(border.firm is True for border in apart)


def test_a_border_may_be_firm_at_one_end_and_open_at_the_other() -> None:
    here = land(halves)
    y = here.coordinates[:, 1]
    borders = here.borders(own_group(here, y > 0))
    north = [border for border in borders if border.line[:, 1].min() > 1]
    south = [border for border in borders if border.line[:, 1].max() < -1]
    assert north
    assert south
    assert all(border.firm is True for border in north)
    assert all(border.firm is False for border in south)


def test_the_line_lies_where_the_groups_meet_from_coast_to_coast() -> None:
    here = land(halves)
    line = np.concatenate([border.line for border in here.borders()])
    assert np.abs(line[:, 0]).max() < 4 * here.cell
    assert np.abs(line[:, 0]).mean() < 2 * here.cell
    assert line[:, 1].min() < -9.5
    assert line[:, 1].max() > 9.5


def test_lines_end_on_the_drawn_coast() -> None:
    here = land(halves)
    borders = here.borders()
    places = [place for border in borders for place in ends(border)]
    shores = np.array([place for place in places if places.count(place) == 1])
    assert len(shores) == 2
    around = np.array([[dx, dy] for dx in (-1, 0, 1) for dy in (-1, 0, 1)]) * 0.5 * here.cell
    for shore in shores:
        height = elevation_at(here.terrain, shore + around)
        assert height.min() < 0 < height.max()


def test_a_slanting_border_is_no_staircase() -> None:
    here = land(lambda at: at[:, 1] > 0.6 * at[:, 0])
    borders = here.borders()
    places = [place for border in borders for place in ends(border)]
    shores = np.array([place for place in places if places.count(place) == 1])
    straight = np.hypot(*(shores[0] - shores[1]))
    assert sum(length(border.line) for border in borders) < 1.05 * straight
    for border in borders:
        step = np.diff(border.line.astype(np.float64), axis=0)
        turn = np.diff(np.unwrap(np.arctan2(step[:, 1], step[:, 0])))
        assert np.abs(turn).max() < np.deg2rad(25)


def test_stretches_of_one_line_join_to_the_bit_and_are_of_moderate_length() -> None:
    here = land(halves)
    borders = here.borders()
    assert len(borders) > 2
    for first, second in pairwise(borders):
        assert ends(first)[1] == ends(second)[0]
    lengths = [length(border.line) / here.cell for border in borders]
    assert max(lengths) < 1.1 * min(lengths) < 110


def test_a_border_around_a_realm_is_closed_and_does_not_shrink() -> None:
    here = land(lambda at: np.hypot(*at.T) < 4)
    borders = here.borders()
    places = [place for border in borders for place in ends(border)]
    assert all(places.count(place) == 2 for place in places)
    line = np.concatenate([border.line for border in borders])
    assert np.hypot(*line.T).mean() == pytest.approx(4, abs=2 * here.cell)
    assert sum(length(border.line) for border in borders) == pytest.approx(2 * np.pi * 4, rel=0.06)


def test_three_borders_meet_in_one_point() -> None:
    here = land(thirds)
    borders = here.borders()
    assert {border.codes for border in borders} == {(0, 1), (0, 2), (1, 2)}
    places = [(place, border.codes) for border in borders for place in ends(border)]
    met = {place: {codes for other, codes in places if other == place} for place, _ in places}
    junctions = [place for place, codes in met.items() if len(codes) == 3]
    assert len(junctions) == 1
    assert np.hypot(*junctions[0]) < 6 * here.cell


def test_there_are_no_borders_at_sea() -> None:
    assert four_islands().borders == ()
    here = land(thirds)
    for border in here.borders():
        assert (elevation_at(here.terrain, border.line[1:-1]) > 0).all()


def many_realms(n: int) -> Land:
    centres = np.random.default_rng(5).uniform(-10, 10, (60, 2))
    return land(lambda at: ((at[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1), n)


def test_the_two_realms_of_every_border_touch_there() -> None:
    here = many_realms(6_000)
    borders = here.borders()
    assert len(borders) > 60
    for border in borders:
        assert 0 <= border.codes[0] < border.codes[1]
        for place in border.line:
            column, row = ((place - here.terrain.origin) / here.cell).astype(int)
            around = here.grid[row - 4 : row + 5, column - 4 : column + 5]
            assert set(border.codes) <= set(around.ravel().tolist())


def test_every_two_realms_that_touch_at_length_have_a_border() -> None:
    here = many_realms(6_000)
    found = {border.codes for border in here.borders()}
    a, b = here.grid[:, 1:].ravel(), here.grid[:, :-1].ravel()
    met = np.sort(np.stack([a, b], axis=1)[(a != b) & (a >= 0) & (b >= 0)], axis=1)
    pairs, counts = np.unique(met, axis=0, return_counts=True)
    assert {(int(a), int(b)) for (a, b), count in zip(pairs, counts, strict=True) if count >= 8} <= found


def test_sixty_realms_take_a_moment() -> None:
    here = many_realms(10_000)
    neighbours = own_group(here)
    begin = time.process_time()
    borders = here.borders(neighbours)
    assert time.process_time() - begin < 2
    assert np.mean([border.firm is True for border in borders]) > 0.9


def test_the_same_land_has_the_same_borders_to_the_bit() -> None:
    here = land(thirds, 40_000)
    neighbours = anybody(here)
    for one, other in zip(here.borders(neighbours), here.borders(neighbours), strict=True):
        assert one.codes == other.codes
        assert np.array_equal(one.line, other.line)
        assert (one.support, one.chance, one.pairs) == (other.support, other.chance, other.pairs)


def test_a_sample_of_many_items_gives_the_support_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    here = land(halves, 40_000)
    neighbours = own_group(here, np.random.default_rng(3).random(40_000) < 0.6)
    whole = here.borders(neighbours)
    monkeypatch.setattr("cartography.land.border_support._SAMPLE", 500)
    part = here.borders(neighbours)
    assert sum(border.pairs for border in part) < sum(border.pairs for border in whole) / 1.5
    for borders in (whole, part):
        assert np.mean([border.support for border in borders]) == pytest.approx(0.8, abs=0.03)


def test_support_is_unknown_without_neighbours_or_with_too_few() -> None:
    here = land(halves)
    lonely = graph(np.zeros((len(here.coordinates), 0)))
    strangers = graph(np.full((len(here.coordinates), 5), int(np.flatnonzero(here.groups.codes == 0)[0])))
    few = land(halves, 28, seed=1)
    for borders in (here.borders(None), here.borders(lonely), few.borders(own_group(few, k=1))):
        assert borders
        assert all(np.isnan(border.support) and border.firm is None for border in borders)
    assert all(border.firm is False for border in here.borders(strangers))


def test_items_of_no_group_are_not_asked() -> None:
    here = land(lambda at: np.where(np.arange(len(at)) % 3 == 0, -1, halves(at)))
    stray = here.groups.codes < 0
    indices = own_group(here).indices.copy()
    indices[stray] = np.flatnonzero(here.groups.codes == 0)[:15]
    assert all(border.support > 0.99 for border in here.borders(graph(indices)))


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_borders_of_very_few_items(n: int) -> None:
    coordinates, group = points(n, 3)
    neighbours = graph((np.arange(n)[:, None] + np.arange(1, min(n, 4))) % n)
    for border in scene_of(coordinates / 8, group, neighbours=neighbours).borders:
        assert border.codes[0] < border.codes[1]


def drawn(*patches: tuple[slice, slice, int]) -> list[tuple[int, int]]:
    """The codes of the lines on a square land of realm 0 with these patches on it."""
    grid = np.full((96, 96), SEA, dtype=np.int16)
    grid[8:88, 8:88] = 0
    for rows, columns, code in patches:
        grid[rows, columns] = code
    flat = np.zeros((8, 8), np.float32)
    return [line.codes for line in find_lines(Terrain((0, 0), 96, flat, flat, (0, 0, 96, 96)), grid, 1_000)]


def test_specks_have_no_border_but_a_realm_that_is_small_has_one() -> None:
    assert drawn((slice(40, 45), slice(40, 45), 1)) == [(0, 1)]
    assert drawn((slice(40, 43), slice(40, 43), 1)) == []
    large = (slice(60, 80), slice(60, 80), 1)
    assert drawn(large, (slice(40, 45), slice(40, 45), 1)) == [(0, 1)]
    assert drawn(large, (slice(40, 46), slice(40, 46), 1)) == [(0, 1), (0, 1)]


def test_a_speck_between_two_realms_is_shared_among_them() -> None:
    half = (slice(8, 88), slice(48, 88), 1)
    assert drawn(half) == [(0, 1)]
    assert drawn(half, (slice(40, 43), slice(46, 50), 2), (slice(20, 40), slice(10, 30), 2)) == [(0, 1), (0, 2)]


def test_land_that_belongs_to_no_realm_has_no_border() -> None:
    assert drawn((slice(30, 60), slice(30, 60), -2)) == []
