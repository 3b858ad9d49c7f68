"""Records refuse what does not fit, cannot be changed, and are named by their content."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from cartography.errors import ParameterError, ShapeError
from cartography.records import (
    Clustering,
    EmbeddingSet,
    EmbeddingStack,
    Finding,
    Level,
    NeighbourGraph,
    Projection,
    Recipe,
)
from tests.data import embedding_set

POINTS = np.arange(12, dtype=np.float32).reshape(4, 3)


def test_arrays_are_read_only_and_the_callers_own_stays_writeable():
    mine = POINTS.copy()
    embeddings = embedding_set(mine)
    with pytest.raises(ValueError, match="read-only"):
        embeddings.vectors[0, 0] = 1
    mine[0, 0] = 99


def test_changing_the_items_handed_out_does_not_change_the_record():
    embeddings = embedding_set(POINTS, colour=list("abcd"))
    before = embeddings.fingerprint
    taken = embeddings.items
    taken = taken.assign(colour="z")
    assert list(embeddings.items["colour"]) == list("abcd")
    assert EmbeddingSet(embeddings.vectors, embeddings.items).fingerprint == before


@pytest.mark.parametrize(
    ("vectors", "index", "sentence"),
    [
        (POINTS[:, 0], list("abcd"), "vectors has shape"),
        (POINTS[:0], [], "at least one row"),
        (np.where(POINTS == 5, np.nan, POINTS), list("abcd"), "NaN or infinity"),
        (np.where(POINTS == 5, np.inf, POINTS), list("abcd"), "NaN or infinity"),
        (POINTS, list("abc"), "4 vectors but 3 items"),
        (POINTS, list("abca"), "not unique"),
        (POINTS, [1, 2, 3, 4], "not all strings"),
    ],
)
def test_an_embedding_set_refuses_parts_that_do_not_fit(vectors, index, sentence):
    with pytest.raises(ShapeError, match=sentence):
        EmbeddingSet(vectors, pd.DataFrame(index=index))


def test_huge_finite_values_are_not_mistaken_for_infinity():
    large = np.full((1000, 10), 3e38, dtype=np.float32)
    assert len(embedding_set(large)) == 1000


def test_a_fingerprint_changes_with_any_single_value():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(3000, 200)).astype(np.float32)
    names = [f"n{i}" for i in range(3000)]
    first = embedding_set(vectors, name=names, tags=[[i] for i in range(3000)])
    assert first.fingerprint == embedding_set(vectors.copy(), name=names, tags=[[i] for i in range(3000)]).fingerprint
    changed = vectors.copy()
    changed[1777, 123] = np.nextafter(changed[1777, 123], np.float32(9))
    assert embedding_set(changed, name=names, tags=[[i] for i in range(3000)]).fingerprint != first.fingerprint
    names[2999] = "other"
    renamed = embedding_set(vectors, name=names, tags=[[i] for i in range(3000)])
    assert renamed.fingerprint != first.fingerprint
    assert renamed.vectors_fingerprint == first.vectors_fingerprint


def test_a_stack_holds_the_same_items_throughout():
    one, other = embedding_set(POINTS), embedding_set(POINTS[:, :2])
    stack = EmbeddingStack((one, other), "layer", ("layer_0", "layer_1"))
    assert stack["layer_1"] is other
    with pytest.raises(ShapeError, match="same items"):
        EmbeddingStack((one, one.take([1, 0, 2, 3])), "layer", ("a", "b"))


def test_a_neighbour_graph_stays_inside_its_items_and_says_how_well_it_was_found():
    indices, distances = np.array([[1], [0]]), np.array([[0.5], [0.5]])
    assert NeighbourGraph(indices, distances, "cosine").n_neighbors == 1
    with pytest.raises(ShapeError, match="outside the 2 items"):
        NeighbourGraph(np.array([[2], [0]]), distances, "cosine")
    with pytest.raises(ShapeError, match="recall"):
        NeighbourGraph(indices, distances, "cosine", exact=False)


def test_a_projection_has_two_or_three_finite_columns():
    with pytest.raises(ShapeError, match="2 or 3 columns"):
        Projection(np.zeros((3, 4)), "pca")
    with pytest.raises(ShapeError, match="NaN"):
        Projection(np.full((3, 2), np.nan), "pca")
    with pytest.raises(ParameterError, match="cannot place new vectors"):
        Projection(np.zeros((3, 2)), "given").transform(np.zeros(5))


def test_levels_count_their_clusters_without_the_noise():
    level = Level(np.array([0, 1, 1, -1]), ("a", "b"))
    assert level.count == 2
    assert list(level.sizes) == [1, 2]
    with pytest.raises(ShapeError, match="2 clusters but 1 names"):
        Level(np.array([0, 1]), ("a",))
    with pytest.raises(ShapeError, match="space"):
        Clustering((level,), 0, np.ones(4), "moon", "peaks")


def test_a_recipe_survives_json_and_names_its_choices():
    recipe = Recipe(method="tsne", method_params={"perplexity": 12.5}, color_by="größe", seed=7)
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert json.loads(recipe.to_json())["schema"] == 1
    assert recipe.fingerprint != recipe.replace(seed=8).fingerprint
    assert recipe.fingerprint == Recipe.from_json(recipe.to_json()).fingerprint


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "not valid JSON"),
        ("[1]", "not a JSON object"),
        ('{"metod": "umap"}', "no choice in a recipe called 'metod'"),
        ('{"schema": 99}', "schema 99"),
        ('{"seed": "x"}', "seed is 'x'"),
        ('{"seed": -1}', "seed is -1"),
        ('{"n_neighbors": 1}', "n_neighbors is 1"),
        ('{"sample": 0}', "sample is 0"),
        ('{"method_params": 3}', "method_params is 3"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(ParameterError, match=sentence):
        Recipe.from_json(text)


def test_a_finding_becomes_plain_values():
    finding = Finding("duplicates", "warning", "Two items are the same.", {"count": 2}, ("a", "b"))
    assert json.loads(json.dumps(finding.to_dict()))["items"] == ["a", "b"]
    with pytest.raises(ShapeError, match="severity"):
        Finding("duplicates", "dire", "")
