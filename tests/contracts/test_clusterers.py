"""Every clustering method keeps the same promises, in every space it works in; a new one is found by itself."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from cartography.clusters import find_clusters, methods
from cartography.errors import Cancelled
from cartography.records import Projection
from tests.data import embedding_set

CASES = [(name, space) for name, one in methods().items() for space in one.spaces]
PATIENCE = 0.5


def planted(n: int, groups: int = 8):
    """Groups far apart in ten dimensions, and a map of them."""
    rng = np.random.default_rng(3)
    group = rng.integers(0, groups, n)
    vectors = rng.normal(size=(groups, 10))[group] * 12 + rng.normal(size=(n, 10))
    angle = group * 2 * np.pi / groups
    on_map = 12 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + rng.normal(size=(n, 2))
    return embedding_set(vectors), Projection(on_map.astype(np.float32), "given"), group


def settings(method: str) -> dict[str, int]:
    return {"n_clusters": 8} if method in ("agglomerative", "kmeans") else {}


@pytest.mark.parametrize(("method", "space"), CASES)
def test_planted_groups_come_back(method, space):
    embeddings, projection, group = planted(4_000)
    clustering = find_clusters(embeddings, projection, method=method, space=space, **settings(method))
    assert adjusted_rand_score(group, clustering.labels) > 0.9


@pytest.mark.parametrize(("method", "space"), CASES)
def test_levels_nest_and_labels_have_no_gaps(method, space):
    embeddings, projection, _ = planted(4_000)
    clustering = find_clusters(embeddings, projection, method=method, space=space)
    for coarse, fine in itertools.pairwise(clustering.levels):
        assert coarse.count <= fine.count
        for label in range(fine.count):
            assert len(np.unique(coarse.labels[fine.labels == label])) == 1
    for level in clustering.levels:
        assert level.labels.min() >= -1
        assert (level.sizes > 0).all()
    main = clustering.levels[clustering.main]
    assert main.persistence is None or (main.persistence > 0).all()


@pytest.mark.parametrize(("method", "space"), CASES)
def test_the_same_seed_gives_the_same_clusters(method, space):
    embeddings, projection, _ = planted(3_000)
    one, two = (find_clusters(embeddings, projection, method=method, space=space, seed=5) for _ in range(2))
    for a, b in zip(one.levels, two.levels, strict=True):
        assert np.array_equal(a.labels, b.labels)
    assert np.array_equal(one.strengths, two.strengths)


@pytest.mark.parametrize(("method", "space"), CASES)
@pytest.mark.parametrize("points", [np.zeros((1, 2)), np.eye(2), np.ones((300, 2)), np.ones((2_500, 4)) * 0])
def test_one_two_or_equal_items_are_no_error(method, space, points):
    embeddings, projection = embedding_set(points), Projection(points[:, :2], "given")
    clustering = find_clusters(embeddings, projection, method=method, space=space)
    assert len(clustering) == len(points)
    assert np.isfinite(clustering.strengths).all()


@pytest.mark.parametrize(("method", "space"), CASES)
def test_progress_rises_and_stop_passes_from_wherever_it_is_called(method, space):
    embeddings, projection, _ = planted(3_000)
    heard = []
    find_clusters(embeddings, projection, method=method, space=space, progress=heard.append)
    fractions = [event.fraction for event in heard]
    assert fractions == sorted(fractions)
    for at in {0, len(heard) // 2, len(heard) - 1}:
        left = itertools.count()

        def stop(_, at=at, left=left):
            if next(left) == at:
                raise Cancelled

        with pytest.raises(Cancelled):
            find_clusters(embeddings, projection, method=method, space=space, progress=stop)


@pytest.mark.parametrize(("method", "space"), CASES)
def test_reports_come_often_enough_to_stop(method, space):
    """Measured in this process's own time, so that a busy machine does not count."""
    embeddings, projection, _ = planted(60_000)
    find_clusters(*planted(500)[:2], method=method, space=space)  # libraries are imported by now
    spans, last = [], [time.process_time()]

    def listen(_):
        spans.append(time.process_time() - last[0])
        last[0] = time.process_time()

    find_clusters(embeddings, projection, method=method, space=space, progress=listen)
    assert max(spans) < 2 * PATIENCE  # two processors' time
