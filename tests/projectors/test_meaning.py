"""Maps of real data mean something, and say where they come from."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from cartography.errors import CartographyError, ParameterError
from cartography.neighbours import find_neighbours
from cartography.projectors import project
from cartography.projectors import umap as umap_module
from cartography.projectors.outside import run_outside
from tests.data import digits, embedding_set


def accuracy(coordinates, labels) -> float:
    return cross_val_score(KNeighborsClassifier(15), coordinates, labels, cv=5).mean()


@pytest.mark.parametrize(("method", "least"), [("umap", 0.93), ("tsne", 0.93), ("pca", 0.5)])
def test_handwritten_digits_keep_their_classes_on_the_map(method, least):
    embeddings = digits(900)
    labels = embeddings.items["label"].to_numpy(object)
    coordinates = project(embeddings, method, metric="euclidean").coordinates
    shuffled = np.random.default_rng(0).permutation(labels)
    assert accuracy(coordinates, labels) > least
    assert accuracy(coordinates, shuffled) < 0.2


def test_our_umap_is_as_faithful_as_umap_learn(monkeypatch):
    """Both of ours: in plain numpy, and by kernels."""
    embeddings = digits(900)
    graph = find_neighbours(embeddings, 15, "euclidean")
    small = project(embeddings, "umap", graph)
    theirs = project(embeddings, "umap", graph, implementation="umap-learn")
    monkeypatch.setattr(umap_module, "SMALL", 0)
    fast = project(embeddings, "umap", graph)
    made = (small, fast, theirs)
    assert [one.evidence["implementation"] for one in made] == ["own, in numpy", "own", "umap-learn"]
    trust = [trustworthiness(embeddings.vectors, one.coordinates, n_neighbors=15) for one in made]
    assert min(trust[:2]) > trust[2] - 0.01


def test_pca_is_scikit_learns_up_to_sign_and_says_the_variance():
    embeddings = digits(500)
    projection = project(embeddings, "pca")
    reference = PCA(2, svd_solver="full").fit(embeddings.vectors)
    expected = reference.transform(embeddings.vectors)
    assert np.allclose(np.abs(projection.coordinates), np.abs(expected), atol=1e-2)
    assert np.allclose(projection.evidence["variance_explained"][:2], reference.explained_variance_ratio_, atol=1e-4)
    other = project(embeddings, "pca", component_x=2, component_y=1)
    assert np.array_equal(other.coordinates, projection.coordinates[:, ::-1])


def test_given_coordinates_are_shown_as_they_are():
    points = np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)
    assert np.array_equal(project(embedding_set(points), "given").coordinates, points)
    with pytest.raises(ParameterError, match="no coordinates of their own"):
        project(embedding_set(np.eye(5)), "given")


def test_a_graph_of_other_embeddings_is_not_used():
    here, there = digits(60), digits(61)
    graph = find_neighbours(there, 15)
    assert np.array_equal(project(here, "umap", graph).coordinates, project(here, "umap").coordinates)


def test_perplexity_is_lowered_for_few_items_and_said():
    projection = project(digits(20), "tsne", perplexity=30.0, iterations=250)
    assert projection.params["perplexity"] < 7
    assert "lowered" in projection.notes[0]


def test_a_failing_library_is_reported_in_words():
    with pytest.raises(CartographyError, match="tsne failed"):
        run_outside("tsne", {"indices": np.zeros((3, 1), np.int32)}, {}, None, "Laying out")
