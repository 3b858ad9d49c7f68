"""Roads follow ties in the original space: planted ones are found, on land and across the sea, and no others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from cartography.land.network import FERRIES, PER_TOWN
from cartography.land.roads import build_roads
from cartography.land.terrain import build_terrain
from cartography.land.ties import find_ties
from cartography.records import Clustering, Level, NeighbourGraph, Road, Terrain, Town
from cartography.surface import elevation_at

K = 10
ROW = [(0, 0), (4, 0), (8, 0), (12, 0)]
"""Four towns side by side on one land."""


def world(places: Sequence[tuple[float, float]], each: int = 150) -> tuple[Terrain, list[Town], Clustering]:
    """Return a map on which a round cluster of so many items lies at each place, with a town in its middle."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(len(places)), each).astype(np.int32)
    coordinates = (np.array(places)[labels] + rng.normal(size=(len(labels), 2))).astype(np.float32)
    towns = [Town(f"Town {i}", x, y, each, 2, i * each, i, 0) for i, (x, y) in enumerate(places)]
    level = Level(labels, tuple(town.name for town in towns))
    clustering = Clustering((level,), 0, np.ones(len(labels), np.float32), "map", "made up")
    return build_terrain(coordinates), towns, clustering


def graph(labels: np.ndarray, ties: dict[tuple[int, int], float], seed: int = 1) -> NeighbourGraph:
    """Return neighbours in the same cluster, but for the share that `ties` gives of those of a in b and back."""
    rng = np.random.default_rng(seed)
    n, count = len(labels), int(labels.max()) + 1
    share = np.zeros((count, count))
    for (a, b), part in ties.items():
        share[a, b] = share[b, a] = part
    share[np.diag_indices(count)] = 1 - share.sum(axis=1)
    chosen = (rng.random((n, K, 1)) > np.cumsum(share, axis=1)[labels][:, None, :]).sum(axis=2)
    starts, sizes = np.searchsorted(labels, np.arange(count)), np.bincount(labels)
    indices = starts[chosen] + (rng.random((n, K)) * sizes[chosen]).astype(int)
    return NeighbourGraph(indices.astype(np.int32), np.ones((n, K), np.float32), "euclidean")


def roads_of(
    places: Sequence[tuple[float, float]], ties: dict[tuple[int, int], float], each: int = 150
) -> tuple[tuple[Road, ...], Terrain, list[Town]]:
    terrain, towns, clustering = world(places, each)
    return build_roads(terrain, towns, clustering, graph(clustering.labels, ties)), terrain, towns


def joined(roads: Sequence[Road]) -> set[tuple[int, int]]:
    return {(min(road.towns), max(road.towns)) for road in roads}


def length(line: np.ndarray) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def test_a_chain_in_the_original_space_is_joined_along_the_chain_whatever_lies_side_by_side() -> None:
    roads, *_ = roads_of(ROW, {(0, 1): 0.1, (1, 2): 0.1, (2, 3): 0.1})
    assert joined(roads) == {(0, 1), (1, 2), (2, 3)}
    assert not any(road.ferry for road in roads)
    roads, *_ = roads_of([(0, 0), (4, 0), (2, 3), (6, 3)], {(0, 2): 0.1, (2, 1): 0.1, (1, 3): 0.1})
    assert joined(roads) == {(0, 2), (1, 2), (1, 3)}


def test_neighbours_on_the_map_that_are_not_tied_have_no_road() -> None:
    roads, *_ = roads_of(ROW, {(0, 1): 0.1, (2, 3): 0.1})
    assert joined(roads) == {(0, 1), (2, 3)}
    assert roads_of(ROW, {})[0] == ()


def test_what_the_map_tore_apart_is_joined_by_a_ferry_and_unrelated_lands_are_not() -> None:
    places = [(0, 0), (4, 0), (30, 0), (34, 0), (15, 28), (19, 28)]
    ties = {(0, 1): 0.1, (2, 3): 0.1, (4, 5): 0.1, (1, 2): 0.2, (3, 4): 0.001}
    roads, terrain, towns = roads_of(places, ties)
    ferries = [road for road in roads if road.ferry]
    assert joined(ferries) == {(1, 2)}
    assert joined(roads) == {(0, 1), (2, 3), (4, 5), (1, 2)}
    assert (elevation_at(terrain, ferries[0].line) < 0).mean() > 0.4
    straight = np.hypot(towns[1].x - towns[2].x, towns[1].y - towns[2].y)
    assert straight < length(ferries[0].line) < 1.3 * straight


@pytest.mark.parametrize("seed", range(5))
def test_links_at_random_make_no_roads(seed: int) -> None:
    places = [(4 * (i % 6), 4 * (i // 6)) for i in range(30)]
    terrain, towns, clustering = world(places, 60)
    n = len(clustering)
    indices = np.random.default_rng(seed).integers(n, size=(n, K)).astype(np.int32)
    anyhow = NeighbourGraph(indices, np.ones((n, K), np.float32), "euclidean")
    assert build_roads(terrain, towns, clustering, anyhow) == ()


def test_strength_is_the_planted_ratio() -> None:
    """Every town sends an equal part of its links to every other, one pair five times as much."""
    labels = np.repeat(np.arange(10), 400).astype(np.int32)
    pairs = [(a, b) for a in range(10) for b in range(a + 1, 10)]
    ties = find_ties(labels, 10, graph(labels, dict.fromkeys(pairs, 0.01) | {(2, 7): 0.05}))
    assert ties.pairs.tolist() == [[2, 7]]
    mean = (44 * 0.01 + 0.05) / 45
    assert ties.strength[0] == pytest.approx(0.05 / mean, rel=0.12)
    assert ties.links[0] == pytest.approx(2 * 400 * K * 0.05, rel=0.12)


def test_one_misplaced_item_is_not_a_tie() -> None:
    """Ten links of one item of town 0 to town 3 are chance; ten links of ten items are not."""
    labels = np.repeat(np.arange(6), 15).astype(np.int32)
    known = graph(labels, {})
    for rows, expected in (([0] * K, []), (range(K), [[0, 3]])):
        indices = known.indices.copy()
        indices[list(rows), np.arange(K)] = 45 + np.arange(K)
        ties = find_ties(labels, 6, NeighbourGraph(indices, known.distances, "euclidean"))
        assert ties.pairs.tolist() == expected


@pytest.mark.parametrize(("share", "tied"), [(0.001, False), (0.01, True)])
def test_strays_between_towns_that_keep_to_themselves_are_no_tie(share: float, tied: bool) -> None:
    """Nothing else leaves these towns, so that any link is many times what chance would send there."""
    labels = np.repeat(np.arange(6), 2_000).astype(np.int32)
    ties = find_ties(labels, 6, graph(labels, {(1, 4): share}))
    assert ties.pairs.tolist() == ([[1, 4]] if tied else [])


def test_of_very_many_links_a_sample_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.repeat(np.arange(5), 4_000).astype(np.int32)
    known = graph(labels, {(0, 1): 0.1, (1, 2): 0.05, (3, 4): 0.1})
    whole = find_ties(labels, 5, known)
    monkeypatch.setattr("cartography.land.ties._PAIRS", 30_000)
    sample = find_ties(labels, 5, known)
    assert {*map(tuple, sample.pairs.tolist())} == {*map(tuple, whole.pairs.tolist())} == {(0, 1), (1, 2), (3, 4)}
    assert sorted(sample.links) == pytest.approx(sorted(whole.links), rel=0.15)


def horseshoe(gap: float = np.pi / 4) -> list[tuple[float, float]]:
    """Return places around a wide bay that is open to the east, by twice this angle."""
    angles = np.linspace(gap, 2 * np.pi - gap, 13)
    return [(9 * float(np.cos(angle)), 9 * float(np.sin(angle))) for angle in angles]


def test_roads_on_land_stay_on_land_where_there_is_a_way() -> None:
    roads, terrain, towns = roads_of(horseshoe(), {(0, 6): 0.15})
    (road,) = roads
    assert not road.ferry
    assert (elevation_at(terrain, road.line) > 0).mean() > 0.97
    a, b = (np.array([towns[i].x, towns[i].y]) for i in road.towns)
    straight = a + np.linspace(0, 1, 50)[:, None] * (b - a)
    assert (elevation_at(terrain, straight) > 0).mean() < 0.7


def lattice(side: int, seed: int = 0) -> tuple[list[tuple[float, float]], dict[tuple[int, int], float]]:
    """Towns on a bent lattice, each tied to all that lie near it, about as strongly."""
    rng = np.random.default_rng(seed)
    at = np.array([(3.0 * (i % side), 3.0 * (i // side)) for i in range(side * side)])
    at += rng.normal(scale=0.5, size=at.shape)
    far = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    near = [(a, b) for a in range(len(at)) for b in range(a + 1, len(at)) if far[a, b] < 6.5]
    return [(float(x), float(y)) for x, y in at], {pair: float(rng.uniform(0.02, 0.04)) for pair in near}


def test_few_roads_tell_the_whole_and_none_crosses_another() -> None:
    places, ties = lattice(6)
    roads, _, towns = roads_of(places, ties, 60)
    assert len(ties) > 4 * len(places)
    assert len(joined(roads)) == len(roads) <= PER_TOWN * len(towns)
    assert {town for road in roads for town in road.towns} == set(range(36))
    at = np.array(places)
    assert not any(crosses(at[list(one.towns)], at[list(two.towns)]) for one in roads for two in roads)
    of_roads, of_ties = (np.mean([np.hypot(*(at[a] - at[b])) for a, b in pairs]) for pairs in (joined(roads), ties))
    assert of_roads < 0.75 * of_ties


def crosses(one: np.ndarray, two: np.ndarray) -> bool:
    if {*map(tuple, one)} & {*map(tuple, two)}:
        return False
    m = np.stack([one[1] - one[0], two[0] - two[1]], axis=1)
    if abs(np.linalg.det(m)) < 1e-12:
        return False
    return bool(((np.linalg.solve(m, two[0] - one[0]) > 0) & (np.linalg.solve(m, two[0] - one[0]) < 1)).all())


def test_a_road_past_a_third_town_is_left_to_that_town() -> None:
    row = [*ROW, (0, 6), (6, 6), (12, 6)]
    roads, *_ = roads_of(row, {(0, 1): 0.12, (1, 2): 0.12, (0, 2): 0.19, (5, 6): 0.1})
    assert joined(roads) == {(0, 1), (1, 2), (5, 6)}
    roads, *_ = roads_of(row, {(0, 2): 0.15, (5, 6): 0.1})
    assert joined(roads) == {(0, 2), (5, 6)}


def test_ferries_are_few() -> None:
    """Eight islands of three towns, each town tied to one on every other island."""
    places = [
        (25 * (i % 4) + 2.2 * np.cos(2 * j), 25 * (i // 4) + 2.2 * np.sin(2 * j)) for i in range(8) for j in range(3)
    ]
    ties = {
        (3 * i + j, 3 * o + j): 0.03 for i in range(8) for o in range(i + 1, 8) if i % 3 == o % 3 for j in range(3)
    }
    roads, *_ = roads_of(places, ties, 80)
    ferries = [road for road in roads if road.ferry]
    straits = [tuple(sorted(town // 3 for town in road.towns)) for road in ferries]
    assert 0 < len(ferries) <= FERRIES
    assert max(straits.count(strait) for strait in straits) <= 2


def test_a_ferry_leaves_from_the_near_shore() -> None:
    """Of towns equally tied to the other land, two stand at the strait and the others far inland."""
    west, east = [(4.0 * i, 0.0) for i in range(5)], [(4.0 * i + 30, 0.0) for i in range(5)]
    ties = {(4 - i, 5 + i): 0.08 for i in range(5)}
    roads, *_ = roads_of([*west, *east], ties)
    assert joined(roads) == {(4, 5), (3, 6)}
    assert all(road.ferry for road in roads)


def test_no_road_leads_far_around_a_bay_that_a_ferry_crosses() -> None:
    roads, *_ = roads_of(horseshoe(gap=0.5), {(0, 12): 0.15})
    (road,) = roads
    assert road.ferry
    assert length(road.line) < 1.3 * np.hypot(*(road.line[-1] - road.line[0]))


def test_main_roads_run_between_capitals_and_paths_to_hamlets() -> None:
    terrain, towns, clustering = world([*ROW, (4, 4)])
    ranks = {0: 0, 3: 0, 4: 4}
    towns = [Town(t.name, t.x, t.y, 150, ranks.get(i, 3), t.item, i, 0) for i, t in enumerate(towns)]
    ties = {(0, 1): 0.1, (1, 2): 0.1, (2, 3): 0.1, (1, 4): 0.1}
    roads = build_roads(terrain, towns, clustering, graph(clustering.labels, ties))
    rank_of = {road.towns: road.rank for road in roads}
    assert rank_of == {(0, 1): 0, (1, 2): 0, (2, 3): 0, (1, 4): 2}


def test_roads_begin_and_end_at_their_towns_and_wind_gently() -> None:
    places, ties = lattice(5)
    roads, _, towns = roads_of(places, ties, 60)
    for road in roads:
        ends = np.array([(towns[i].x, towns[i].y) for i in road.towns], dtype=np.float32)
        assert np.array_equal(road.line[[0, -1]], ends)
        assert 1.0 <= length(road.line) / np.hypot(*(ends[1] - ends[0])) < 1.5
    assert np.median([length(r.line) / np.hypot(*(r.line[-1] - r.line[0])) for r in roads]) > 1.005


def test_the_same_map_has_the_same_roads() -> None:
    places, ties = lattice(4)
    first, again = (roads_of(places, ties)[0] for _ in range(2))
    assert [(r.towns, r.line.tobytes(), r.strength) for r in first] == [
        (r.towns, r.line.tobytes(), r.strength) for r in again
    ]
    assert [r.strength for r in first] == sorted((r.strength for r in first), reverse=True)


def test_there_are_no_roads_without_neighbours_or_without_towns() -> None:
    terrain, towns, clustering = world(ROW)
    neighbours = graph(clustering.labels, {(0, 1): 0.1})
    assert build_roads(terrain, towns, clustering, None) == ()
    assert build_roads(terrain, [], clustering, neighbours) == ()
    assert build_roads(terrain, towns[:1], clustering, neighbours) == ()


def test_clusters_without_a_town_and_noise_have_no_roads_but_count_as_land() -> None:
    terrain, towns, clustering = world(ROW)
    labels = clustering.labels.copy()
    labels[::7] = -1
    level = Level(labels, clustering.names)
    noisy = Clustering((level,), 0, clustering.strengths, "map", "made up")
    neighbours = graph(clustering.labels, {(0, 1): 0.1, (1, 2): 0.1, (2, 3): 0.1})
    roads = build_roads(terrain, [towns[0], towns[1], towns[3]], noisy, neighbours)
    assert joined(roads) == {(0, 1)}
