"""Fog lies where the map was made to lie and nowhere else; dragons are the outliers that were planted."""

from __future__ import annotations

import time

import numpy as np
import pytest

from cartography import measure_fidelity
from cartography.land import build_terrain
from cartography.land.fog import CELLS, build_dragons, build_fog
from cartography.neighbours import find_neighbours
from cartography.records import Fidelity, Fog, NeighbourGraph, Projection
from tests.data import embedding_set

N = 3000


def flat(n: int = N, seed: int = 0) -> np.ndarray:
    """Three round groups in the plane, (n, 2)."""
    rng = np.random.default_rng(seed)
    centres = np.array([[0, 0], [7, 1], [3, 7]])
    return (centres[np.arange(n) % 3] + rng.normal(size=(n, 2))).astype(np.float32)


def fog_of(true: np.ndarray, shown: np.ndarray) -> Fog:
    """The fog on a map that shows at `shown` what lies at `true`."""
    found = embedding_set(true)
    graph = find_neighbours(found, min(15, len(true) - 1), "euclidean")
    fog = build_fog(build_terrain(shown), shown, measure_fidelity(found, Projection(shown, "given"), graph))
    assert fog is not None
    return fog


def thickness_at(fog: Fog, shown: np.ndarray, points: np.ndarray) -> np.ndarray:
    terrain = build_terrain(shown)
    at = ((points - terrain.origin) / terrain.side * CELLS).astype(int)
    return fog.thickness[at[:, 1], at[:, 0]]


def dragons_of(vectors: np.ndarray, metric: str = "euclidean"):
    """The dragons among these vectors, on a map of their first two dimensions."""
    graph = find_neighbours(embedding_set(vectors), min(15, len(vectors) - 1), metric)
    shown = np.ascontiguousarray(vectors[:, :2], dtype=np.float32)
    return build_dragons(build_terrain(shown), shown, graph)


def blob(n: int = 1500, dimensions: int = 20, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, dimensions)).astype(np.float32)


def test_a_faithful_map_is_clear():
    fog = fog_of(flat(), flat())
    assert fog.share == 0
    assert fog.thickness.max() < 0.05


def test_a_random_map_is_all_fog_but_not_the_sea():
    shown = flat(seed=1)[np.random.default_rng(2).permutation(N)]
    fog = fog_of(flat(), shown)
    assert fog.share > 0.99
    assert fog.thickness[0].max() == fog.thickness[:, 0].max() == 0
    assert 0.05 < (fog.thickness > 0.5).mean() < 0.5


def test_fog_lies_over_the_scrambled_place_and_there_only():
    shown = flat()
    torn = np.hypot(*(shown - [7, 1]).T) < 1.3
    rows = np.flatnonzero(torn)
    scrambled = shown.copy()
    scrambled[rows] = shown[np.random.default_rng(3).permutation(rows)]
    fog = fog_of(flat(), scrambled)
    away = np.hypot(*(shown - [7, 1]).T)
    assert np.median(thickness_at(fog, scrambled, scrambled[away < 0.8])) > 0.8
    assert thickness_at(fog, scrambled, scrambled[away > 2.3]).max() < 0.05
    assert fog.share == pytest.approx(torn.mean(), rel=0.25)


def test_a_group_torn_to_pieces_is_in_fog_wherever_the_pieces_fell():
    shown = flat()
    rows = np.flatnonzero(np.arange(N) % 3 == 2)
    shown[rows] = shown[np.random.default_rng(4).permutation(N)[: len(rows)]] + [0.01, 0]
    torn = fog_of(flat(), shown)
    assert thickness_at(torn, shown, shown[rows]).mean() > thickness_at(torn, shown, flat()[::3]).min()
    assert torn.share < 0.9


def test_one_bad_item_makes_no_fog():
    shown = flat()
    near = np.ones(N, np.float32)
    near[5] = 0
    lone = np.concatenate([shown, [[20, 20]]]).astype(np.float32)  # on an islet of its own
    for where, shares in ((shown, near), (lone, np.append(np.ones(N), 0))):
        fog = build_fog(build_terrain(where), where, Fidelity(shares, 15, 0.005, shares, 30, 0.01))
        assert fog.thickness.max() < 0.05


def test_fog_has_soft_edges():
    shown = flat()
    shares = (shown[:, 0] > 3).astype(np.float32)
    fog = build_fog(build_terrain(shown), shown, Fidelity(shares, 15, 0.005, shares, 30, 0.01))
    steps = np.abs(np.diff(fog.thickness, axis=1))
    assert fog.thickness.max() > 0.95
    assert steps.max() < 0.35


def test_the_line_lies_between_chance_and_all():
    fog = fog_of(flat(), flat())
    assert fog.baseline == pytest.approx(30 / (N - 1))
    assert fog.threshold == pytest.approx(fog.baseline + 0.25 * (1 - fog.baseline))


@pytest.mark.parametrize("n", [1, 2, 3, 8, 16, 17, 30])
def test_few_items_have_clear_maps_and_no_dragons(n):
    vectors = flat(n)
    fog = fog_of(vectors, vectors)
    assert fog.share == 0
    assert fog.thickness.max() == 0
    assert dragons_of(blob(n)) == ()


def test_thirty_items_thrown_at_random_are_in_fog():
    assert fog_of(flat(30), flat(30, seed=1)[np.random.default_rng(0).permutation(30)]).share > 0.5


def test_what_was_not_measured_has_no_fog():
    assert build_fog(build_terrain(flat(30)), flat(30), None) is None
    assert build_dragons(build_terrain(flat(30)), flat(30), None) == ()


@pytest.mark.parametrize("dimensions", [2, 5, 20, 100])
def test_there_are_no_dragons_in_gaussian_blobs(dimensions):
    vectors = blob(dimensions=dimensions)
    vectors[::3, 0] += 8
    assert dragons_of(vectors) == ()


def test_planted_outliers_are_the_dragons():
    vectors = blob()
    rows = [10, 500, 900]
    vectors[rows] = 0
    vectors[rows, [0, 1, 0]] = [40, 40, -70]
    dragons = dragons_of(vectors)
    assert {dragon.item for dragon in dragons} == set(rows)
    by_item = {dragon.item: dragon for dragon in dragons}
    assert (by_item[500].x, by_item[500].y) == pytest.approx((0, 40))
    assert by_item[900].distance > by_item[500].distance > 5


def test_dragons_on_one_spot_of_the_map_share_a_place():
    vectors = blob()
    rows = np.arange(0, 60, 10)
    vectors[rows] = 0
    vectors[rows, 2 + np.arange(6)] = 50 + 10 * np.arange(6)  # apart in the original space, together on the map
    (dragon,) = dragons_of(vectors)
    assert dragon.population == 6
    assert dragon.item == 50


def test_two_copies_far_out_are_lonely_still():
    vectors = blob()
    vectors[[7, 8]] = 30
    assert sum(dragon.population for dragon in dragons_of(vectors)) == 2


def test_cosine_sees_the_direction_that_nobody_else_has():
    rng = np.random.default_rng(0)
    vectors = (np.eye(30)[np.arange(1500) % 5] + 0.05 * rng.normal(size=(1500, 30))).astype(np.float32)
    vectors[77] = np.eye(30)[20]
    (dragon,) = dragons_of(vectors, "cosine")
    assert dragon.item == 77


@pytest.mark.parametrize("tails", ["cauchy", "lognormal", "copies"])
def test_heavy_tails_and_copies_do_not_fill_the_map_with_dragons(tails):
    rng = np.random.default_rng(0)
    made = {
        "cauchy": lambda: rng.standard_cauchy(size=(2000, 5)),
        "lognormal": lambda: np.exp(2 * rng.normal(size=(2000, 5))),
        "copies": lambda: np.repeat(rng.normal(size=(40, 5)), 50, axis=0),
    }
    dragons = dragons_of(made[tails]().astype(np.float32))
    assert len(dragons) <= 6
    assert sum(dragon.population for dragon in dragons) <= 20


def test_the_inner_product_knows_no_dragons():
    vectors = blob()
    vectors[3] = 1e-3
    assert dragons_of(vectors, "dot") == ()


def test_a_hundred_thousand_items_take_a_moment():
    n, rng = 100_000, np.random.default_rng(0)
    shown = flat(n)
    graph = NeighbourGraph(
        (np.arange(n)[:, None] + 1 + rng.integers(0, n - 1, (n, 15))) % n,
        np.sort(rng.uniform(1, 2, (n, 15)), axis=1),
        "euclidean",
    )
    terrain, shares = build_terrain(shown), rng.uniform(size=n)
    fidelity = Fidelity(shares, 15, 15 / n, shares, 1000, 0.01)
    began = time.process_time()
    first = build_fog(terrain, shown, fidelity), build_dragons(terrain, shown, graph)
    assert time.process_time() - began < 1
    again = build_fog(terrain, shown, fidelity), build_dragons(terrain, shown, graph)
    assert first[0].fingerprint == again[0].fingerprint
    assert first[1] == again[1] == ()
