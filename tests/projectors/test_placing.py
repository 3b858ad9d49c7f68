"""New vectors find their places on a map that was made without them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from cartography.neighbours.between import between, closeness
from cartography.projectors import project
from cartography.records import Projection
from tests.data import digits

HELD_OUT = 400


@cache
def halves() -> tuple[np.ndarray, np.ndarray]:
    """Rows of the map, and rows that it has not seen."""
    rows = np.random.default_rng(0).permutation(1797)
    return rows[HELD_OUT:], rows[:HELD_OUT]


@cache
def made(method: str) -> Projection:
    return project(digits().take(halves()[0]), method, metric="euclidean")


def accuracy(known: np.ndarray, new: np.ndarray) -> float:
    """How often the 15 nearest on the map, or in space, say the right digit of a held-out one."""
    labels = digits().items["label"].to_numpy(object)
    seen, held_out = halves()
    guess = KNeighborsClassifier(15).fit(known, labels[seen]).predict(new)
    return float((guess == labels[held_out]).mean())


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_held_out_digits_are_told_apart_on_the_map_nearly_as_well_as_in_space(method):
    seen, held_out = halves()
    vectors = digits().vectors
    in_space = accuracy(vectors[seen], vectors[held_out])
    before = made(method).coordinates.tobytes()
    on_the_map = accuracy(made(method).coordinates, made(method).transform(vectors[held_out]))
    assert on_the_map >= 0.95 * in_space
    assert made(method).coordinates.tobytes() == before


def test_held_out_digits_are_told_apart_on_two_components_as_well_as_those_two_allow():
    """PCA is a shadow: what falls together in it cannot be told apart, whoever is placed there."""
    seen, held_out = halves()
    vectors, labels = digits().vectors, digits().items["label"].to_numpy(object)
    coordinates = made("pca").coordinates
    half = len(seen) // 2
    guess = KNeighborsClassifier(15).fit(coordinates[:half], labels[seen][:half]).predict(coordinates[half:])
    its_own = (guess == labels[seen][half:]).mean()
    assert accuracy(coordinates, made("pca").transform(vectors[held_out])) >= 0.9 * its_own


@pytest.mark.parametrize("method", ["umap", "tsne", "pca"])
def test_an_items_own_vector_lands_on_it_however_many_go_together(method):
    seen, _ = halves()
    own = digits().vectors[seen[:50]]
    together = made(method).transform(own)
    one = made(method).transform(own[7])
    tolerance = 1e-4 * float(made(method).coordinates.std())
    assert np.allclose(together, made(method).coordinates[:50], atol=tolerance)
    assert np.allclose(one[0], made(method).coordinates[7], atol=tolerance)


def test_neighbours_torn_apart_draw_nobody_into_the_sea_between_them():
    coordinates = np.array([[0, 0], [0.1, 0], [0, 0.1], [50, 0], [50, 0.1]], np.float32)
    rows = np.array([[0, 3, 1, 4, 2], [3, 4, 0, 1, 2]])
    distances = np.array([[1.0, 1.01, 1.02, 1.03, 1.04], [0.2, 0.25, 1.0, 1.0, 1.0]], np.float32)
    first, second = between(coordinates, rows, distances)
    assert np.hypot(*first) < 0.2
    assert np.hypot(*(second - [50, 0.05])) < 0.2


def test_the_nearer_a_copy_comes_the_nearer_it_lands():
    coordinates = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0.5, 0.5]], np.float32)
    rows = np.arange(5)[None]
    off = []
    for nearest in (0.5, 0.1, 1e-3, 0.0):
        distances = np.array([[nearest, 0.6, 0.7, 0.7, 0.8]], np.float32)
        off.append(float(np.hypot(*between(coordinates, rows, distances)[0])))
    assert off == sorted(off, reverse=True)
    assert off[-1] == 0


def test_what_neighbours_have_to_say_sums_to_one():
    weights = closeness(np.array([[0, 0, 0.5], [0.2, 0.3, 0.9], [1, 1, 1], [-3, -1, 2]], np.float32))
    assert np.allclose(weights.sum(axis=1), 1)
    assert np.allclose(weights[0], [0.5, 0.5, 0])
    assert (np.diff(weights, axis=1) <= 1e-12).all()
