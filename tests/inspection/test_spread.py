"""Percentiles are what counting all pairs says, and a sample of them says nearly the same."""

from __future__ import annotations

import numpy as np
import pytest

from cartography.errors import ParameterError
from cartography.inspection.nearness.spread import spread_of
from cartography.neighbours import METRICS
from tests.data import digits, embedding_set


def all_distances(vectors: np.ndarray, metric: str) -> np.ndarray:
    points = vectors.astype(np.float64)
    if metric == "dot":
        products = points @ points.T
        return (np.diag(products).max() - products)[np.triu_indices(len(points), 1)]
    if metric == "cosine":
        points = points / np.linalg.norm(points, axis=1, keepdims=True)
        return (1 - points @ points.T)[np.triu_indices(len(points), 1)]
    return np.linalg.norm(points[:, None] - points[None], axis=2)[np.triu_indices(len(points), 1)]


@pytest.mark.parametrize("metric", METRICS)
def test_percentiles_of_few_items_are_those_of_all_pairs(metric):
    embeddings = digits(300)
    spread, true = spread_of(embeddings, metric), all_distances(embeddings.vectors, metric)
    assert spread.exact
    assert spread.pairs == len(true) == 300 * 299 // 2
    for distance in np.quantile(true, [0, 0.01, 0.3, 0.9, 1]) * (1 + 1e-4):
        assert spread.percentile(distance) == pytest.approx(100 * (true < distance).mean(), abs=0.1)


@pytest.mark.parametrize("metric", METRICS)
def test_of_many_items_a_sample_of_pairs_says_nearly_the_same(metric):
    embeddings = digits(1200)
    spread, true = spread_of(embeddings, metric), all_distances(embeddings.vectors, metric)
    assert not spread.exact
    assert "drawn at random" in spread.words
    asked = np.quantile(true, [0.001, 0.1, 0.5, 0.95])
    assert np.abs(spread.percentile(asked) - [0.1, 10, 50, 95]).max() < 0.5


def test_what_was_measured_is_remembered_and_the_same_for_the_same_vectors():
    embeddings = digits(800)
    assert spread_of(embeddings, "cosine") is spread_of(embeddings, "cosine")
    again = embedding_set(embeddings.vectors.copy())
    assert np.array_equal(spread_of(again, "cosine").distances, spread_of(embeddings, "cosine").distances)


def test_nothing_is_nearer_than_duplicates_and_a_single_item_has_no_pairs():
    points = np.random.default_rng(0).normal(size=(40, 12))
    points[7] = points[3]
    assert spread_of(embedding_set(points)).percentile([0.0])[0] == 0
    assert np.isnan(spread_of(embedding_set(points[:1])).percentile([0.5]))[0]
    with pytest.raises(ParameterError, match="no metric"):
        spread_of(embedding_set(points), "cosin")
