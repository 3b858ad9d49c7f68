"""More items like some."""

from __future__ import annotations

import numpy as np
import pytest

from cartography.errors import ParameterError
from cartography.inspection.nearness.likeness import more_like
from tests.data import blobs


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_items_of_the_same_group_are_found_and_none_of_those_given(metric):
    embeddings = blobs()
    group = embeddings.items["group"].to_numpy()
    given = np.flatnonzero(group == "2")[:40]
    rows, distances = more_like(embeddings, given, 60, metric)
    assert len(rows) == 60
    assert not set(rows) & set(given)
    assert set(group[rows]) == {"2"}
    assert (np.diff(distances) >= 0).all()


def test_under_cosine_long_vectors_count_no_more_than_short_ones():
    from tests.data import embedding_set

    vectors = np.array([[1000, 0], [0, 1], [0, 1], [0, 1], [1, 9], [9, 1]], dtype=np.float32)
    rows, _ = more_like(embedding_set(vectors), [0, 1, 2, 3], 1)
    assert rows.tolist() == [4]


def test_bounds():
    embeddings = blobs()
    assert len(more_like(embeddings, np.arange(len(embeddings)), 50)[0]) == 0
    assert len(more_like(embeddings, np.arange(len(embeddings) - 3), 50)[0]) == 3
    for rows in ([], [-1], [len(embeddings)]):
        with pytest.raises(ParameterError):
            more_like(embeddings, rows, 5)
