"""What is written comes back to the bit: every projection, clustering and graph, and plain values."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cartography.clusters import find_clusters, methods
from cartography.neighbours import find_neighbours
from cartography.projectors import project, projectors
from cartography.store import DiskStore
from cartography.store.plain import Arrays, NotPlainError, restored, told
from tests.data import blobs, embedding_set
from tests.store.sameness import assert_same

QUICK = {"umap": {"n_epochs": 30}, "tsne": {"iterations": 250}, "axes": {"x": "x", "y": "y"}}


@pytest.mark.parametrize("method", list(projectors()))
def test_every_projection_comes_back_to_the_bit_and_still_places_new_items(folder, method):
    data = embedding_set(blobs(200).vectors[:, :2], **dict(zip("xy", blobs(200).vectors.T, strict=False)))
    data = data if method in ("given", "axes") else blobs(200)
    store = DiskStore(folder, slow=0)
    made = store.get_or_make(
        ("projection", method), lambda: project(data, method, seed=3, **QUICK.get(method, {})), {"embeddings": data}
    )
    back = store.get_or_make(("projection", method), lambda: pytest.fail("made again"), {"embeddings": data})
    assert back is not made
    assert_same(back, made)
    if made.placer is not None:
        new = data.vectors[:9] + np.float32(0.1)
        assert back.transform(new).tobytes() == made.transform(new).tobytes()


@pytest.mark.parametrize("method", list(methods()))
def test_every_clustering_and_graph_comes_back_to_the_bit(folder, method):
    data = blobs(200)
    store = DiskStore(folder, slow=0)
    projection = project(data, "pca")
    space = methods()[method].spaces[0]
    results = {
        "clustering": lambda: find_clusters(data, projection, method=method, space=space, label_by="group"),
        "graph": lambda: find_neighbours(data, 15, "euclidean"),
    }
    for name, make in results.items():
        made = store.get_or_make((name,), make, {})
        assert_same(store.get_or_make((name,), lambda: pytest.fail("made again"), {}), made)


def test_plain_values_keep_their_kind():
    value = {"a": (1, 2.5, None, True), "b": [np.float32(0.1), "ü\ud800"], "c": {"tuple": float("inf")}}
    arrays: Arrays = {}
    plain = json.loads(json.dumps(told(value, arrays, {})))
    back = restored(plain, arrays.__getitem__, {})
    assert back == {"a": (1, 2.5, None, True), "b": [float(np.float32(0.1)), "ü\ud800"], "c": {"tuple": float("inf")}}
    for odd in (object(), {1: 2}, np.array([object()]), lambda: None):
        with pytest.raises(NotPlainError):
            told(odd, {}, {})
