"""Very few items, equal vectors, columns without values: all is answered or refused in a sentence."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cartography import Recipe, build_map
from cartography.clusters import find_clusters
from cartography.clusters.again import grouped_again
from cartography.clusters.agglomeration import LINKAGES, agglomerate
from cartography.clusters.resolution import Resolution, level_at
from cartography.columns import columns_of
from cartography.errors import CartographyError, ParameterError, ShapeError
from cartography.inspection.borders.confusion import confusion, confusion_of_sample, neighbour_votes
from cartography.inspection.borders.separability import separability
from cartography.inspection.correcting.patch import apply_patch, corrected_table, patch
from cartography.inspection.explain import explain
from cartography.inspection.grouping.agreement import agreement, cell_rows, grouped_column
from cartography.inspection.grouping.cluster_table import Around, cluster_table
from cartography.inspection.grouping.given_names import given_names, renamed_cluster
from cartography.inspection.grouping.stability import stability
from cartography.inspection.nearness.likeness import more_like
from cartography.inspection.nearness.neighbourhood import Neighbourhood, neighbourhood
from cartography.inspection.nearness.paths import between
from cartography.inspection.nearness.spread import spread_of
from cartography.inspection.placing.newcomers import newcomers_table
from cartography.inspection.placing.outside import usual_distances
from cartography.inspection.placing.votes import vote
from cartography.inspection.searching.bins import binned
from cartography.inspection.searching.filters import crossed, mask_of, words
from cartography.inspection.searching.search import Query, order, search
from cartography.neighbours import METRICS, find_neighbours, nearest_to
from cartography.particulars import particular
from cartography.ranking import ranks_of
from cartography.records import Annotations, EmbeddingSet, Level, Projection
from tests.data import embedding_set

SIZES = (1, 2, 3, 5, 14)
KINDS = ("all differ", "all equal", "all zeros", "copies", "some zeros", "long", "short", "one dimension")
CASES = [(n, kind) for n in SIZES for kind in KINDS]


@pytest.fixture(autouse=True)
def nothing_is_muttered():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def vectors_of(n: int, kind: str) -> np.ndarray:
    rng = np.random.default_rng(n)
    found = rng.normal(size=(n, 5))
    if kind == "all equal":
        found[:] = rng.normal(size=5)
    elif kind == "all zeros":
        found[:] = 0
    elif kind == "copies":
        found = found[rng.integers(0, max(1, n // 3), n)]
    elif kind == "some zeros":
        found[::3] = 0
    elif kind == "one dimension":
        found = found[:, :1]
    return found * {"long": 1e17, "short": 1e-18}.get(kind, 1.0)


def odd_items(n: int, kind: str = "all differ") -> EmbeddingSet:
    """Items with columns that hold nothing, the same, or what is at the end of what numbers can be."""
    rng = np.random.default_rng(n)
    return embedding_set(
        vectors_of(n, kind),
        nothing=[None] * n,
        no_number=[np.nan] * n,
        no_date=pd.to_datetime([None] * n),
        same=["a"] * n,
        same_number=[0.5] * n,
        same_date=[datetime(2020, 5, 1, 10)] * n,
        number=rng.normal(size=n),
        huge=rng.uniform(-1, 1, n) * 1.7e308,
        tiny=5e-324 * np.arange(1, n + 1),
        tailed=10.0 ** rng.uniform(-300, 300, n),
        long_id=np.arange(n) + 10**17,
        endless=[np.inf] * n,
        group=[f"g{i % 3}" for i in range(n)],
        flag=[bool(i % 2) for i in range(n)],
        text=[f"Some words, number {i}" for i in range(n)],
        lists=[[1, i] for i in range(n)],
        gaps=[1.5 if i % 2 else np.nan for i in range(n)],
        date=pd.date_range("2020-01-01", periods=n),
    )


def answered(ask: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """What a function answers; None for a refusal, which must be in words."""
    try:
        return ask(*args, **options)
    except CartographyError as error:
        assert error.message.strip()
        assert "Traceback" not in str(error)
        return None


def halves(n: int) -> np.ndarray:
    return np.arange(n) % 2 == 0


@pytest.mark.parametrize(("n", "kind"), CASES)
@pytest.mark.parametrize("metric", METRICS)
def test_nearness_is_told_of_whatever_there_is(n, kind, metric):
    embeddings = odd_items(n, kind)
    graph = find_neighbours(embeddings, 15, metric)
    places = np.random.default_rng(1).normal(size=(n, 2)).astype(np.float32)
    places = places * (kind != "all equal")
    for known in (None, graph):
        for asked in (0, n - 1, list(range(n)), np.zeros(embeddings.dimensions, np.float32)):
            found = neighbourhood(embeddings, asked, 10, metric, graph=known, coordinates=places)
            assert_sound(found, n)
        found = answered(between, embeddings, (0, n - 1), metric, graph=known)
        assert (found is None) == (n == 1)
        assert found is None or 0 <= found.percentile <= 100
        usual = usual_distances(embeddings, metric, known)
        beyond = usual.beyond(np.zeros((3, 5), np.float32))
        assert np.isnan(beyond).all() or (beyond == 0).all()
    rows, distances = nearest_to(embeddings, np.repeat(embeddings.vectors[:1], 9, axis=0), 500, metric)
    assert rows.shape == distances.shape == (9, n)
    assert np.isfinite(distances).all()
    assert set(more_like(embeddings, [0], 10, metric)[0].tolist()) <= set(range(1, n))
    percentiles = spread_of(embeddings, metric).percentile([0.0, 1e37])
    assert np.isnan(percentiles).all() if n == 1 else percentiles.tolist() == [0.0, 100.0]


def assert_sound(found: Neighbourhood, n: int) -> None:
    assert len(found.near) == min(10, n - len(found.asked))
    assert not set(found.near.rows.tolist()) & set(found.asked)
    assert not set(found.false.rows.tolist()) & {*found.asked, *found.near.rows.tolist()}
    assert np.isfinite(found.near.distances).all()
    assert (np.diff(found.near.distances) >= 0).all()
    if n > 1:
        assert ((found.near.percentiles >= 0) & (found.near.percentiles <= 100)).all()


@pytest.mark.parametrize("metric", METRICS)
def test_a_graph_and_a_look_at_all_items_say_the_same(metric):
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(90, 6)) + 2
    vectors[::30] = 0
    vectors[1::15] = vectors[1]
    embeddings = embedding_set(vectors)
    graph = find_neighbours(embeddings, 20, metric)
    for item in range(0, 90, 7):
        one = neighbourhood(embeddings, item, 8, metric)
        other = neighbourhood(embeddings, item, 8, metric, graph=graph)
        assert np.allclose(one.near.distances, other.near.distances, rtol=1e-5, atol=1e-5)
        assert np.allclose(one.near.percentiles, other.near.percentiles)


@pytest.mark.parametrize("metric", METRICS)
def test_pairs_that_are_equally_far_have_one_percentile(metric):
    corners = np.eye(6)  # every two of them are equally far from each other, under any metric
    embeddings = embedding_set(np.repeat(corners, 4, axis=0) * 0.7)
    graph = find_neighbours(embeddings, 10, metric)
    for known in (None, graph):
        found = neighbourhood(embeddings, 0, 10, metric, graph=known)
        assert found.near.percentiles[:3].tolist() == [0.0] * 3
        assert np.allclose(found.near.percentiles[3:], 100 * (6 * 6) / (24 * 23 / 2))


def test_of_more_vectors_without_direction_than_are_asked_for_not_all_are_mutual():
    vectors = np.zeros((40, 5))
    vectors[30:] = np.random.default_rng(0).normal(size=(10, 5))
    found = neighbourhood(embedding_set(vectors), 29, 5, "cosine")
    assert found.near.rows.tolist() == [0, 1, 2, 3, 4]
    assert (found.mutual == 0).all()  # the first five of the others come before the thirtieth


def test_vectors_too_long_to_be_squared_are_refused():
    embeddings = embedding_set(np.random.default_rng(0).normal(size=(20, 50)) * 1e25)
    for metric in METRICS:
        with warnings.catch_warnings(), pytest.raises(ParameterError, match="squares"):
            warnings.simplefilter("ignore")
            neighbourhood(embeddings, 0, 5, metric)


@pytest.mark.parametrize(("n", "kind"), CASES)
def test_groups_are_compared_or_refused(n, kind):
    embeddings, metric = odd_items(n, kind), "cosine"
    graph = find_neighbours(embeddings, 15, metric)
    places = np.random.default_rng(1).normal(size=(n, 2)).astype(np.float32)
    level = Level((np.arange(n) % 2).astype(np.int32))
    columns = list(columns_of(embeddings).values())
    for column in columns:
        for found in (
            answered(confusion, column.codes, column.names, graph),
            answered(confusion_of_sample, embeddings, column.codes, column.names, metric),
        ):
            assert found is None or found.counts.sum() == found.judged
        grouped = answered(grouped_column, column)
        agreed = answered(agreement, level, grouped) if grouped is not None else None
        if agreed is not None:
            cells = [int(cell_rows(agreed.table, i, level.labels, grouped.codes).sum()) for i in agreed.table.index]
            assert cells == agreed.table["items"].tolist()
            assert 0 <= agreed.purity_by_chance <= agreed.purity + 1e-9 or agreed.purity <= 1
    for near in (graph, None):
        rows = cluster_table(level, embeddings.vectors, Around(near, places), columns, metric=metric).rows
        assert rows["size"].sum() == n
        assert ((rows["cohesion"] <= 1) | rows["cohesion"].isna()).all()
        if kind in ("all equal", "all zeros"):
            assert (rows["cohesion"].dropna() == 1).all()
    for labels in (level.labels, np.full(n, -1, np.int32)):
        answered(stability, places, labels, grouped_again("kmeans", "map", {}, n=n), runs=2)
    found = answered(separability, embeddings.vectors, halves(n), ~halves(n), metric)
    assert (found is None) == (n < 10)
    if found is not None and kind in ("all equal", "all zeros"):
        assert found.degree == "not at all"
    assert neighbour_votes(np.zeros(n, int), np.empty((n, 0), np.int32)).tolist() == [-1] * n


@pytest.mark.parametrize(("n", "kind"), CASES)
@pytest.mark.parametrize("method", ["hdbscan", "kmeans", "agglomerative"])
def test_any_number_of_clusters_may_be_asked_for(n, kind, method):
    embeddings = odd_items(n, kind)
    projection = Projection(embeddings.vectors[:, [0, -1]], "umap")
    clustering = find_clusters(embeddings, projection, method=method)
    resolution = Resolution.of(clustering, projection.coordinates)
    for count in (*resolution.steps, 0, 1, 10**6):
        level = level_at(resolution, count, clustering, embeddings, projection=projection)
        assert len(level.labels) == n
        if level.count:
            named = renamed_cluster(Annotations(), level, 0, embeddings.ids, "mine")
            assert given_names(named, level, embeddings.ids)[0] == "mine"


@pytest.mark.parametrize("linkage", LINKAGES)
@pytest.mark.parametrize("dimensions", [2, 50])
def test_copies_are_never_taken_apart(linkage, dimensions):
    rng = np.random.default_rng(0)
    own = rng.integers(0, 40, 600)
    points = rng.normal(size=(40, dimensions)).astype(np.float32)[own]
    tree = agglomerate(points, linkage)
    assert tree.distinct == len(np.unique(own))
    labels = tree.cut(500)
    assert len(np.unique(labels)) == len(np.unique(own)) == len(np.unique(np.stack([labels, own]), axis=1).T)
    assert agglomerate(np.full_like(points, 0.1), linkage).distinct == 1


@pytest.mark.parametrize("n", [*SIZES, 60])
def test_columns_are_counted_filtered_ordered_and_shown(n):
    embeddings = odd_items(n)
    columns = columns_of(embeddings)
    for name, column in columns.items():
        assert len(ranks_of(embeddings).by(embeddings, name)) == n
        assert particular(embeddings, 0, name).kind
        voted = answered(vote, column, np.tile(np.arange(min(n, 5)), (3, 1)), np.zeros((3, min(n, 5))))
        assert voted is None or len(voted.table()) == 3
        bins = binned(column)
        if bins is None:
            continue
        assert bins.counts.sum() == n
        assert crossed((), columns, [name]).histograms[name].left.sum() == n
        for place in range(len(bins)):
            by = bins.picking([place]) if bins.kind == "categories" else bins.between(place, place)
            if by is not None:
                assert mask_of([by], columns).sum() == bins.counts[place]
                assert words(by, columns)


@pytest.mark.parametrize("n", SIZES)
def test_whatever_is_typed_is_answered(n):
    embeddings = odd_items(n)
    hard = [
        "\udc80",
        "(",
        "[[",
        "a" * 3000,
        "\0",
        "#",
        '"',
        ",",
        "1..2..3",
        "..",
        "\\",
        "date > 9999-99-99",
        "huge > 1e999",
    ]
    for text in [*hard, *(f"{name} != 3" for name in columns_of(embeddings))]:
        for regex in (False, True):
            found = search(embeddings, Query(text, regex=regex))
            assert found.mask.shape == (n,)
            assert len(order(found, range(n))) == found.count
            for row in np.flatnonzero(found.mask)[:2]:
                found.snippet(int(row))


@pytest.mark.parametrize(("n", "kind"), CASES)
def test_any_selection_is_explained(n, kind):
    embeddings = odd_items(n, kind)
    for selected in (halves(n), ~halves(n), np.arange(n) == 0, np.zeros(n, bool), np.ones(n, bool)):
        found = explain(embeddings, selected)
        assert found.inside + found.outside == n
        assert all(one.p <= 0.05 and np.isfinite(one.effect) for one in found.differences)
    assert answered(explain, embeddings, np.zeros(n + 1, bool)) is None


@pytest.mark.parametrize("n", SIZES)
def test_everything_can_be_corrected_and_carried_over(n):
    embeddings = odd_items(n)
    notes = Annotations().tagged(embeddings.ids[:1], "odd").corrected(embeddings.ids[:1], "same", "b", {})
    again = apply_patch(patch(notes, embeddings), embeddings)
    assert again.annotations.tags == notes.tags
    assert corrected_table(again.annotations, embeddings)["same"].iloc[0] == "b"


def test_neighbours_that_have_no_value_leave_the_vote_to_the_others():
    column = columns_of(embedding_set(np.eye(4), kind=[None, "b", "b", "a"], size=[np.nan, 2.5, 3.5, 4.25]))
    rows, distances = np.array([[0, 1, 2, 3]]), np.array([[0.0, 1.0, 1.0, 1.0]])  # a copy of the first item
    found = vote(column["kind"], rows, distances)
    assert found.names[found.codes[0]] == "b"
    assert found.confidence[0] == pytest.approx(2 / 3)
    assert vote(column["size"], rows, distances).values[0] == pytest.approx(np.mean([2.5, 3.5, 4.25]))


def test_flags_that_are_none_are_refused():
    with pytest.raises(ShapeError):
        separability(np.eye(3, dtype=np.float32), True, False)


RECIPES = {
    "three dimensions": Recipe(method="umap", method_params={"n_components": 3}),
    "principal components": Recipe(method="pca", metric="dot"),
    "sampled": Recipe(method="umap", sample=50),
    "whitened": Recipe(method="umap", preparation={"pca": 4, "whiten": True}, metric="euclidean"),
}


@pytest.mark.parametrize("name", RECIPES)
def test_every_kind_of_map_takes_newcomers_and_questions(name):
    rng = np.random.default_rng(2)
    group = np.arange(120) % 3
    everything = embedding_set(rng.normal(size=(120, 9)) + 4 * np.eye(9)[group], group=group.astype(str))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what compiles and projects may say what it likes
        built = build_map(everything, RECIPES[name])
    items, metric = built.embeddings, str(built.recipe.metric)
    placed = built.place(items.vectors)
    assert np.allclose(placed.coordinates, built.scene.coordinates, atol=1e-2)
    assert not placed.outside.any()
    assert len(newcomers_table(placed, items.ids, built.known)) == len(items)
    found = neighbourhood(built.prepared, 0, 5, metric, graph=built.neighbours, coordinates=built.scene.coordinates)
    assert_sound(found, 6)
    assert between(built.prepared, (0, 1), metric, graph=built.neighbours).way is not None
    selected = items.items["group"].to_numpy() == "1"
    assert explain(items, selected, vectors=built.prepared.vectors).differences[0].value == "1"
    assert separability(built.prepared.vectors, selected, ~selected, metric).degree != "not at all"
