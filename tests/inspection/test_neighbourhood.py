"""Neighbours, both ways, lost and falsely near: against brute force, on real data and on maps torn on purpose."""

from __future__ import annotations

import json

import numpy as np
import pytest

import loaders
from cartography.errors import ParameterError, ShapeError
from cartography.inspection.nearness import mutual as mutual_module
from cartography.inspection.nearness.mutual import NO, UNKNOWN, YES
from cartography.inspection.nearness.neighbourhood import neighbourhood
from cartography.inspection.nearness.query import Query
from cartography.neighbours import METRICS, find_neighbours
from tests.data import blobs, digits, embedding_set, shared


def order_from(vectors: np.ndarray, query: np.ndarray, metric: str) -> np.ndarray:
    """All rows, nearest first, in double precision."""
    points, query = vectors.astype(np.float64), query.astype(np.float64)
    if metric == "dot":
        return np.argsort(-(points @ query), kind="stable")
    if metric == "cosine":
        points = points / np.linalg.norm(points, axis=1, keepdims=True)
        query = query / np.linalg.norm(query)
    return np.argsort(((points - query) ** 2).sum(axis=1), kind="stable")


def without(order: np.ndarray, *rows: int) -> np.ndarray:
    return order[~np.isin(order, rows)]


def rough(n: int = 400) -> np.ndarray:
    """Vectors without ties, of many lengths."""
    rng = np.random.default_rng(4)
    return (rng.normal(size=(n, 16)) * rng.uniform(0.5, 2, (n, 1)) + 0.4).astype(np.float32)


def test_real_cars_have_the_neighbours_that_an_independent_look_found():
    folder = shared("cars")
    expected = json.loads(shared("EXPECTED.json").read_text())["cars"]["neighbours"]
    embeddings = loaders.load(str(next(folder.glob("*.parquet"))), key="embedding")
    names = embeddings.items["Name"].tolist()
    for name, by_column in expected.items():
        found = neighbourhood(embeddings, names.index(name), 10)
        assert [names[row] for row in found.near.rows[:5]] == by_column["embedding"]
        assert (np.diff(found.near.distances) >= 0).all()
        assert found.near.percentiles[0] < 1


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("held", [0, 5, 30])
def test_whether_nearness_is_mutual_is_what_brute_force_says(metric, held):
    embeddings = embedding_set(rough())
    graph = find_neighbours(embeddings, held, metric) if held else None
    for item in (0, 17, 301):
        found = neighbourhood(embeddings, item, 12, metric, graph=graph)
        assert np.array_equal(found.near.rows, without(order_from(rough(), rough()[item], metric), item)[:12])
        for row, flag in zip(found.near.rows, found.mutual, strict=True):
            theirs = without(order_from(rough(), rough()[row], metric), row)[:12]
            assert flag == (YES if item in theirs else NO)


@pytest.mark.parametrize("held", [0, 12])
def test_a_vector_from_elsewhere_is_mutual_where_it_would_be_among_theirs(held):
    embeddings = embedding_set(rough())
    vector = (rough()[3] + 0.1).astype(np.float32)
    graph = find_neighbours(embeddings, held, "euclidean") if held else None
    found = neighbourhood(embeddings, vector, 12, "euclidean", graph=graph)
    joined = np.vstack([rough(), vector])
    for row, flag in zip(found.near.rows, found.mutual, strict=True):
        assert flag == (YES if 400 in without(order_from(joined, joined[row], "euclidean"), row)[:12] else NO)


def test_mutual_among_copies_goes_by_row_as_the_graph_does():
    embeddings = embedding_set(np.repeat(rough(30), 6, axis=0))
    graph = find_neighbours(embeddings, 4, "cosine")
    told = neighbourhood(embeddings, 20, 4, "cosine", graph=graph)
    computed = neighbourhood(embeddings, 20, 4, "cosine")
    assert np.array_equal(told.near.rows, computed.near.rows)
    assert np.array_equal(told.mutual[:3], computed.mutual[:3])


def test_what_would_take_too_long_is_not_known_and_said_so(monkeypatch):
    monkeypatch.setattr(mutual_module, "_WORK", 5 * 400 * 16)
    found = neighbourhood(embedding_set(rough()), 3, 12)
    assert (found.mutual[:5] != UNKNOWN).all()
    assert (found.mutual[5:] == UNKNOWN).all()
    assert any("7 of the 12" in note for note in found.notes)


def torn() -> tuple[object, np.ndarray]:
    """Four groups in four corners of a map, with ten items of group 0 carried off into group 1."""
    embeddings = blobs(600)
    rng = np.random.default_rng(1)
    corners = np.array([[0, 0], [10, 0], [0, 10], [10, 10]], np.float32)
    group = embeddings.items["group"].astype(int).to_numpy()
    coordinates = corners[group] + rng.normal(0, 0.5, (600, 2)).astype(np.float32)
    carried = np.flatnonzero(group == 0)[:10]
    coordinates[carried] = corners[1] + rng.normal(0, 0.1, (10, 2))
    return embeddings, coordinates.astype(np.float32), carried, group


def test_a_torn_map_loses_neighbours_and_puts_strangers_in_their_place():
    embeddings, coordinates, carried, group = torn()
    found = neighbourhood(embeddings, int(carried[0]), 20, "euclidean", coordinates=coordinates)
    at_home = ~np.isin(found.near.rows, carried)
    assert at_home.any()
    assert np.array_equal(found.lost, at_home)
    on_map = without(order_from(coordinates, coordinates[carried[0]], "euclidean"), carried[0])[:20]
    assert set(on_map[group[on_map] == 1]) <= set(found.false.rows) <= set(on_map)
    assert (found.false.places > found.reach).all()
    assert (found.false.percentiles > found.near.percentiles.max()).all()
    order = without(order_from(embeddings.vectors, embeddings.vectors[carried[0]], "euclidean"), carried[0])
    assert np.array_equal(order[found.false.places - 1], found.false.rows)


def test_where_the_map_is_true_nothing_is_lost_or_false():
    _, coordinates, _, group = torn()
    inner = int(np.flatnonzero(group == 2)[5])
    found = neighbourhood(embedding_set(coordinates), inner, 20, "euclidean", coordinates=coordinates)
    assert not found.lost.any()
    assert not len(found.false)
    assert np.array_equal(found.near.on_map, np.arange(1, 21))
    assert found.reach == 40


def test_several_items_ask_with_their_mean_and_are_left_out():
    embeddings = digits(900)
    rows = [3, 40, 77]
    found = neighbourhood(embeddings, rows, 15, "euclidean", coordinates=embeddings.vectors[:, :2])
    order = order_from(embeddings.vectors, embeddings.vectors[rows].mean(axis=0), "euclidean")
    assert np.array_equal(found.near.rows, without(order, *rows)[:15])
    assert found.asked == (3, 40, 77)
    assert any("3 items asks" in note for note in found.notes)
    assert not len(found.false)


def test_a_vector_with_a_place_has_lost_and_false_neighbours_and_one_without_has_none():
    embeddings, coordinates, carried, _ = torn()
    vector = embeddings.vectors[carried].mean(axis=0)
    there = Query(vector=vector, place=(10.0, 0.0))
    placed = neighbourhood(embeddings, there, 20, "euclidean", coordinates=coordinates)
    assert placed.lost.any()
    assert len(placed.false)
    nowhere = neighbourhood(embeddings, vector, 20, "euclidean", coordinates=coordinates)
    assert np.array_equal(nowhere.near.rows, placed.near.rows)
    assert not nowhere.lost.any()
    assert not len(nowhere.false)
    assert (nowhere.near.on_map == 0).all()


def test_few_items_and_awkward_vectors_are_no_trouble():
    assert len(neighbourhood(embedding_set(np.ones((1, 4))), 0).near) == 0
    points = rough(30)
    points[5] = 0
    for metric in METRICS:
        found = neighbourhood(embedding_set(points), 5, 50, metric, coordinates=points[:, :2])
        assert len(found.near) == 29
        assert (found.mutual == YES).all()
        assert not found.lost.any()


def test_what_cannot_be_asked_is_refused_in_one_sentence():
    embeddings = embedding_set(rough(20))
    for query, k, metric, kind in [
        (99, 5, "cosine", ParameterError),
        ([], 5, "cosine", ParameterError),
        (0, 501, "cosine", ParameterError),
        (0, 5, "cosin", ParameterError),
        (np.ones(3), 5, "cosine", ShapeError),
        (np.full(16, np.nan), 5, "cosine", ParameterError),
    ]:
        with pytest.raises(kind):
            neighbourhood(embeddings, query, k, metric)
    with pytest.raises(ShapeError, match="places 3"):
        neighbourhood(embeddings, 0, 5, coordinates=np.zeros((3, 2), np.float32))
