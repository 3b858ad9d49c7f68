"""Our own UMAP and t-SNE: faithful, and the same to the bit on any number of threads and in every process."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.neighbors import NearestNeighbors

from cartography.errors import Cancelled, ParameterError
from cartography.neighbours import find_neighbours
from cartography.projectors import Standing, project
from cartography.projectors import umap as umap_module
from cartography.projectors.affinities import affinities
from cartography.projectors.memberships import curve, memberships
from cartography.projectors.start import spread_from
from cartography.projectors.tsne_layout import Schedule, lay_out_tsne
from cartography.projectors.umap_layout import Course, lay_out_umap
from tests.data import ROOT, blobs, embedding_set, shared

N = 3_000


@pytest.fixture(scope="module")
def groups():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(10, 24)) * 3
    labels = np.arange(N) % 10
    return embedding_set((centres[labels] + rng.normal(size=(N, 24))).astype(np.float32)), labels


@pytest.fixture(scope="module")
def graph(groups):
    return find_neighbours(groups[0], 30, "euclidean")


@pytest.fixture(scope="module")
def start(groups):
    vectors = groups[0].vectors
    return np.ascontiguousarray(vectors[:, :2] - vectors[:, :2].mean(axis=0))


def voted(coordinates, labels) -> float:
    """The share of items whose neighbours on the map mostly share their label."""
    rows = NearestNeighbors(n_neighbors=11).fit(coordinates).kneighbors(coordinates, return_distance=False)[:, 1:]
    return float(np.mean([np.bincount(labels[near]).argmax() == own for near, own in zip(rows, labels, strict=True)]))


def kept(coordinates, graph, k=15) -> float:
    """The share of the k true neighbours that are among the k nearest on the map."""
    rows = NearestNeighbors(n_neighbors=k + 1).fit(coordinates).kneighbors(coordinates, return_distance=False)[:, 1:]
    return float(np.mean([len(np.intersect1d(a, b)) for a, b in zip(rows, graph.indices[:, :k], strict=True)])) / k


def test_umap_by_kernels_is_the_same_on_one_thread_and_two(graph, start):
    ties = memberships(graph.take(15))
    a, b = curve(0.1, 1.0)
    course = Course(a, b, epochs=40, seed=3)
    one, two = (lay_out_umap(ties, start, course, threads=count) for count in (1, 2))
    assert np.array_equal(one, two)
    other = lay_out_umap(ties, start, replace(course, seed=4), threads=2)
    assert not np.array_equal(one, other)


def test_tsne_by_kernels_is_the_same_on_one_thread_and_two(graph, start):
    ties = affinities(graph, 10)
    schedule = Schedule(rounds=60, early_rounds=20)
    (one, loss), (two, same) = (lay_out_tsne(ties, start * 1e-4, schedule, threads=count) for count in (1, 2))
    assert np.array_equal(one, two)
    assert loss == same


def test_another_process_makes_the_same_maps():
    code = f"from {__name__} import signature; print(signature('umap'), signature('tsne'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [signature("umap"), signature("tsne")]


def signature(method: str) -> str:
    """What a map is made of, to the last bit."""
    made = project(blobs(2_500), method, seed=5)
    assert made.evidence["implementation"] == "own"
    return hashlib.sha256(made.coordinates.tobytes()).hexdigest()


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_groups_that_are_apart_stay_apart(groups, graph, method):
    embeddings, labels = groups
    made = (
        project(embeddings, method, graph, perplexity=10) if method == "tsne" else project(embeddings, method, graph)
    )
    assert made.evidence["implementation"] == "own"
    assert voted(made.coordinates, labels) > 0.97


def test_a_longer_layout_has_a_smaller_divergence(graph, start):
    ties = affinities(graph, 10)
    losses = [
        lay_out_tsne(ties, start * 1e-4, Schedule(rounds=rounds, early_rounds=50))[1] for rounds in (60, 150, 400)
    ]
    assert losses[0] > losses[1] > losses[2] > 0


def test_affinities_have_the_perplexity_asked_for(graph):
    ties = affinities(graph, 8)
    assert ties.sum() == pytest.approx(1, rel=1e-4)
    assert abs(ties - ties.T).max() < 1e-9
    squared = graph.distances.astype(np.float64) ** 2
    from cartography.projectors.affinities import _chances

    chances = _chances(graph.distances, np.log(8))
    entropies = -(chances * np.log(np.maximum(chances, 1e-300))).sum(axis=1)
    assert np.abs(np.exp(entropies) - 8).max() < 0.01
    assert (np.diff(chances, axis=1) <= 1e-12).all(), squared[:1]


def test_real_digits_keep_as_much_as_the_libraries_do():
    """10,000 digits: about the neighbours and labels that umap-learn (.274, .941) and openTSNE (.404, .941) keep."""
    with np.load(shared("digits_10k/mnist_10k.npz")) as archive:
        digits, labels = archive["images"].reshape(10_000, -1), archive["labels"].astype(int)
    embeddings = embedding_set(digits.astype(np.float32))
    graph = find_neighbours(embeddings, 91, "euclidean")
    flat = project(embeddings, "umap", graph).coordinates
    assert kept(flat, graph) > 0.27
    assert voted(flat, labels) > 0.93
    faithful = project(embeddings, "tsne", graph).coordinates
    assert kept(faithful, graph) > 0.39
    assert voted(faithful, labels) > 0.93


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_a_layout_is_followed_by_pictures_and_stops_when_asked(groups, graph, method):
    seen = []

    def listen(event):
        if event.coordinates is not None:
            seen.append(event.coordinates)
        if len(seen) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        project(groups[0], method, graph, progress=listen, **({"perplexity": 10} if method == "tsne" else {}))
    assert all(frame.shape == (N, 2) for frame in seen)
    assert not np.array_equal(seen[0], seen[-1])


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_a_stopped_layout_of_many_items_goes_on_to_the_same_map(groups, graph, method):
    params = {"perplexity": 10, "iterations": 300} if method == "tsne" else {"start": "landmarks", "n_epochs": 60}
    standing, seen = Standing(), []

    def listen(event):
        seen.append(event.coordinates is not None)
        if sum(seen) == 9:
            raise Cancelled

    with pytest.raises(Cancelled):
        project(groups[0], method, graph, progress=listen, standing=standing, **params)
    assert standing.step > 0
    went_on = project(groups[0], method, graph, standing=standing, **params)
    assert np.array_equal(went_on.coordinates, project(groups[0], method, graph, **params).coordinates)


def test_a_map_from_landmarks_is_as_faithful_and_keeps_groups_apart(groups, graph):
    embeddings, labels = groups
    plain = project(embeddings, "umap", graph).coordinates
    from_landmarks = project(embeddings, "umap", graph, start="landmarks").coordinates
    assert voted(from_landmarks, labels) > 0.97
    assert kept(from_landmarks, graph) > kept(plain, graph) - 0.03


def test_what_no_landmark_reaches_stays_where_it_was():
    ties = csr_array(([1.0, 1, 1, 1], ([0, 1, 1, 2], [1, 0, 2, 1])), shape=(4, 4), dtype=np.float32)
    otherwise = np.full((4, 2), 7, np.float32)
    placed = spread_from(ties, np.array([0]), np.array([[1.0, 2]], np.float32), otherwise)
    assert np.allclose(placed[:3], [1, 2])
    assert np.array_equal(placed[3], [7, 7])


@pytest.mark.parametrize("implementation", ["in numpy", "by kernels"])
@pytest.mark.parametrize("kind", ["names", "numbers"])
def test_a_column_pulls_its_groups_apart_and_says_so(monkeypatch, implementation, kind):
    """Vectors that hold nothing of the column: what the map shows of it comes from the column alone."""
    monkeypatch.setattr(umap_module, "SMALL", 2_000 if implementation == "in numpy" else 0)
    rng = np.random.default_rng(0)
    group = np.arange(600) % 3
    values = np.array(["red", "green", "blue"])[group] if kind == "names" else group * 10.0 + rng.normal(0, 0.1, 600)
    embeddings = embedding_set(rng.normal(size=(600, 12)).astype(np.float32), colour=values)
    free = project(embeddings, "umap", metric="euclidean")
    helped = project(embeddings, "umap", metric="euclidean", target="colour")
    strongly = project(embeddings, "umap", metric="euclidean", target="colour", target_weight=0.9)
    assert voted(free.coordinates, group) < 0.6
    assert voted(helped.coordinates, group) > 0.9
    assert voted(strongly.coordinates, group) > 0.95
    assert "supervised" in helped.notes[0]
    ignored = project(embeddings, "umap", metric="euclidean", target="colour", target_weight=0.0)
    assert voted(ignored.coordinates, group) < 0.6


@pytest.mark.parametrize("n", [100, 2_100])
def test_the_whole_weight_may_cut_every_tie(n):
    """A column whose values all differ, or in which one stands alone: still a map."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(n, 6)).astype(np.float32)
    different = embedding_set(vectors, own=[f"v{row}" for row in range(n)], alone=["a"] * (n - 1) + ["b"])
    for column in ("own", "alone"):
        made = project(different, "umap", target=column, target_weight=1.0, n_epochs=20)
        assert np.isfinite(made.coordinates).all()


def test_a_handful_of_items_has_a_small_divergence_by_tsne():
    for n in (5, 12, 30):
        made = project(blobs(n, groups=3), "tsne", metric="euclidean")
        assert 0 < made.evidence["kl_divergence"] < 0.1
        assert np.ptp(made.coordinates, axis=0).max() < 100


def test_items_without_a_value_are_not_pulled(groups):
    rng = np.random.default_rng(0)
    values = np.where(np.arange(600) % 10 > 0, np.array(["red", "green", "blue"])[np.arange(600) % 3], None)
    embeddings = embedding_set(rng.normal(size=(600, 12)).astype(np.float32), colour=values)
    made = project(embeddings, "umap", metric="euclidean", target="colour")
    known = np.arange(600) % 10 > 0
    assert voted(made.coordinates[known], (np.arange(600) % 3)[known]) > 0.8
    with pytest.raises(ParameterError, match="no column called 'color'") as caught:
        project(embeddings, "umap", target="color")
    assert "colour" in caught.value.hint
    nothing = embedding_set(np.eye(30), empty=[None] * 30)
    with pytest.raises(ParameterError, match="holds no values"):
        project(nothing, "umap", target="empty")


def test_exact_and_randomised_components_agree():
    rng = np.random.default_rng(0)
    wide = (rng.normal(size=(200, 5)) * [9, 7, 5, 3, 2]) @ rng.normal(size=(5, 300))
    embeddings = embedding_set((wide + 0.01 * rng.normal(size=wide.shape)).astype(np.float32))
    exact, quick = (project(embeddings, "pca", solver=solver) for solver in ("exact", "randomised"))
    assert np.allclose(exact.coordinates, quick.coordinates, atol=0.05 * np.abs(exact.coordinates).max())
    assert np.allclose(exact.evidence["variance_explained"][:5], quick.evidence["variance_explained"][:5], atol=1e-3)


def test_three_dimensions_by_tsne_are_refused_where_they_would_take_hours(monkeypatch, groups, graph):
    monkeypatch.setattr("cartography.projectors.tsne._MANY_IN_3D", 1_000)
    with pytest.raises(ParameterError, match="three dimensions"):
        project(groups[0], "tsne", graph, n_components=3, perplexity=10)


def test_the_reference_is_there_for_comparison():
    """umap-learn is compared with in `test_meaning.py`."""
    made = project(blobs(300), "tsne", implementation="scikit-learn", iterations=250)
    assert made.evidence["implementation"] == "scikit-learn"
