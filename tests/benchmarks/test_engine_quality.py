"""The measures of quality say what they are meant to: all for a perfect map, next to nothing for a random one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.manifold import trustworthiness

from benchmarks import engine_quality as quality
from benchmarks.engine_data import K, prepare, true_neighbours

N = 600


@pytest.fixture(scope="module")
def plane():
    """Items that lie in a plane to begin with, in six groups, so that the identity is a perfect map."""
    rng = np.random.default_rng(0)
    labels = np.arange(N) % 6
    centres = 8 * np.stack([np.cos(np.arange(6)), np.sin(np.arange(6))], axis=1)
    return (centres[labels] + rng.normal(size=(N, 2))).astype(np.float32), labels


def measured(points, vectors, labels):
    rows = np.arange(len(vectors))
    on_map = quality.neighbours_on_map(points, rows)
    return {
        "knn15": quality.kept(on_map, true_neighbours(vectors, rows)),
        "trust15": quality.trust(vectors, rows, on_map),
        "accuracy": quality.voted(labels, rows, on_map),
        "triplet": quality.triplets(vectors, points),
    }


def test_a_perfect_map_has_everything(plane):
    vectors, labels = plane
    found = measured(vectors, vectors, labels)
    assert found["knn15"] > 0.999  # distances that are equal to the last bit may change places
    assert found["trust15"] > 0.9999
    assert found["triplet"] == 1
    assert found["accuracy"] > 0.95


def test_a_random_map_has_what_chance_gives(plane):
    vectors, labels = plane
    found = measured(np.random.default_rng(5).normal(size=(N, 2)).astype(np.float32), vectors, labels)
    assert found["knn15"] == pytest.approx(K / (N - 1), abs=0.01)
    assert found["trust15"] == pytest.approx(0.5, abs=0.02)
    assert found["triplet"] == pytest.approx(0.5, abs=0.02)
    assert found["accuracy"] == pytest.approx(1 / 6, abs=0.06)


def test_trustworthiness_is_that_of_scikit_learn(plane):
    vectors, _ = plane
    rows = np.arange(N)
    points = vectors + np.random.default_rng(1).normal(0, 1.5, vectors.shape).astype(np.float32)
    ours = quality.trust(vectors, rows, quality.neighbours_on_map(points, rows))
    assert ours == pytest.approx(trustworthiness(vectors, points, n_neighbors=K), abs=1e-4)


def test_an_item_is_never_its_own_neighbour_even_among_copies():
    points = np.zeros((40, 2), np.float32)
    near = quality.neighbours_on_map(points, np.arange(40))
    assert near.shape == (40, K)
    assert not (near == np.arange(40)[:, None]).any()


def affinities_from(points, rng):
    """Affinities that a map of these very points would have, but for a little noise."""
    squared = ((points[:, None] - points[None]).astype(np.float64) ** 2).sum(axis=-1)
    p = np.exp(-squared) * rng.uniform(0.5, 1, squared.shape)
    np.fill_diagonal(p, 0)
    p = p + p.T
    return p / p.sum()


def test_the_divergence_is_the_sum_over_all_pairs(plane):
    points, _ = plane
    p = affinities_from(points, np.random.default_rng(2))
    closeness = 1 / (1 + ((points[:, None] - points[None]).astype(np.float64) ** 2).sum(axis=-1))
    np.fill_diagonal(closeness, 0)
    q = closeness / closeness.sum()
    some = p > 0
    wanted = (p[some] * np.log(p[some] / q[some])).sum()
    assert quality.divergence(csr_array(p), points) == pytest.approx(wanted, rel=1e-4)


def test_the_normaliser_of_a_sample_is_near_that_of_all(plane):
    points = plane[0]
    assert quality.normaliser(points, 300) == pytest.approx(quality.normaliser(points), rel=0.03)


def test_a_prepared_folder_judges_maps_and_neighbours(tmp_path):
    prepare("tiny", tmp_path)
    with np.load(tmp_path / "graph.npz") as graph:
        assert quality.of_neighbours(graph["indices"][:, :K], tmp_path)["recall"] > 0.999
    rng = np.random.default_rng(0)
    found = quality.of_map(rng.normal(size=(3_000, 2)), tmp_path, with_divergence=True)
    assert set(found) == {"knn15", "trust15", "accuracy", "triplet", "kl"}
    assert found["knn15"] < 0.02
    assert found["kl"] > 3  # nats: a random map tells nearly nothing of 3,000 items with 30 neighbours each
    with pytest.raises(ValueError, match="not finite"):
        quality.of_map(np.full((3_000, 2), np.nan), tmp_path, with_divergence=False)
