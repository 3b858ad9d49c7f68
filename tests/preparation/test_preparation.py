"""Prepared vectors are what they are said to be, and new ones go the same way."""

from __future__ import annotations

import numpy as np
import pytest

from cartography import build_map, measure_fidelity
from cartography.errors import Cancelled, ParameterError, ShapeError
from cartography.neighbours import find_neighbours, nearest_to
from cartography.preparation import PARAMETERS, Preparation, prepare_vectors
from cartography.principal_axes import principal_axes
from cartography.records import Recipe
from dashboard.panels.item.item import neighbours_of
from tests.data import blobs, embedding_set

RNG = np.random.default_rng(0)
SKEWED = embedding_set(RNG.normal(size=(400, 12)) @ RNG.normal(size=(12, 12)) + 30, kind=["a", "b"] * 200)
FAINT = embedding_set(RNG.normal(size=(300, 6)) * [9, 5, 3, 1, 1e-9, 0])


def prepared(data=SKEWED, **steps):
    return prepare_vectors(data, steps).embeddings.vectors


def same_neighbours(embeddings, metric="cosine") -> float:
    """The share of neighbours that are of an item's own group."""
    group = embeddings.items["group"].to_numpy(object)
    return float((group[find_neighbours(embeddings, 10, metric).indices] == group[:, None]).mean())


def test_nothing_is_done_unless_it_is_asked_for():
    for steps in (None, {}, {"center": False, "pca": 0}, Preparation()):
        ready = prepare_vectors(SKEWED, steps)
        assert ready.embeddings is SKEWED
        assert ready.transformation is None


def test_centred_vectors_have_their_middle_at_zero_and_unit_vectors_length_one():
    assert np.allclose(prepared(center=True).mean(axis=0), 0, atol=1e-4)
    assert np.allclose(np.linalg.norm(prepared(unit=True), axis=1), 1, atol=1e-6)
    assert np.array_equal(prepared(spherize=True), prepared(center=True, unit=True))
    assert not prepared(embedding_set(np.zeros((3, 4))), unit=True).any(), "a zero vector has no direction"


def test_principal_components_are_scikit_learns_up_to_sign():
    from sklearn.decomposition import PCA

    expected = PCA(5, svd_solver="full").fit_transform(SKEWED.vectors)
    assert np.allclose(np.abs(prepared(pca=5)), np.abs(expected), atol=2e-2)
    ready = prepare_vectors(SKEWED, {"pca": 5}).embeddings
    assert ready.dimensions == 5
    assert any("reduced to 5 principal components" in note and "of the variance" in note for note in ready.notes)


def test_whitened_vectors_spread_alike_in_all_directions():
    assert np.allclose(np.cov(prepared(whiten=True).T), np.eye(12), atol=0.02)
    assert np.allclose(np.cov(prepared(pca=4, whiten=True).T), np.eye(4), atol=0.02)


def test_whitening_does_not_blow_up_directions_that_hold_nothing():
    spread = prepared(FAINT, whiten=True).std(axis=0)
    assert np.allclose(spread[:4], 1, atol=0.02)
    assert spread[4:].max() < 0.01


def test_all_but_the_top_takes_the_main_directions_and_leaves_the_rest():
    _, axes, _ = principal_axes(SKEWED.vectors, 12)
    left = prepared(remove_top=2)
    centred = SKEWED.vectors - SKEWED.vectors.mean(axis=0)
    assert left.shape == centred.shape
    assert np.abs(left @ axes[:2].T).max() < 1e-2
    assert np.allclose(left @ axes[2:].T, centred @ axes[2:].T, atol=1e-2)
    both = prepared(remove_top=2, pca=3)
    assert np.allclose(np.abs(both), np.abs(centred @ axes[2:5].T), atol=1e-2)


def test_groups_hidden_behind_a_common_direction_come_back():
    """What steps are for: a planted nuisance is taken away and the groups are neighbours again."""
    data = blobs(400)
    rng = np.random.default_rng(1)
    nuisance = rng.normal(0, 200, size=(400, 4)) @ rng.normal(size=(4, 20))
    hidden = embedding_set(data.vectors + nuisance, group=data.items["group"].to_numpy())
    assert same_neighbours(hidden) < 0.6
    assert same_neighbours(prepare_vectors(hidden, {"remove_top": 4}).embeddings) > 0.95
    assert same_neighbours(prepare_vectors(hidden, {"whiten": True}).embeddings) > 0.95


def test_new_vectors_go_the_same_way_to_the_bit_however_many_go_together(monkeypatch):
    for steps in ({"spherize": True}, {"remove_top": 1}, {"pca": 7, "whiten": True, "unit": True}):
        ready = prepare_vectors(SKEWED, steps)
        assert np.array_equal(ready.transformation(SKEWED.vectors[17:18]), ready.embeddings.vectors[17:18])
        monkeypatch.setattr("cartography.blocks._NUMBERS", 60)
        assert np.array_equal(prepare_vectors(SKEWED, steps).embeddings.vectors, ready.embeddings.vectors)
        monkeypatch.undo()
        with pytest.raises(ShapeError, match="3 dimensions; the map was made from 12"):
            ready.transformation(np.zeros((1, 3), np.float32))


def test_axes_of_many_items_come_from_a_sample_and_that_is_said(monkeypatch):
    monkeypatch.setattr("cartography.principal_axes.SAMPLE", 200)
    monkeypatch.setattr("cartography.preparation.fitting.SAMPLE", 200)
    ready = prepare_vectors(SKEWED, {"pca": 3}).embeddings
    assert any("200 items drawn at random, of 400" in note for note in ready.notes)
    assert np.allclose(ready.vectors.mean(axis=0), 0, atol=1e-3), "the middle is that of all items"


@pytest.mark.parametrize("shape", [(1, 5), (2, 3), (4, 1), (3, 40)])
@pytest.mark.parametrize("steps", [{"center": True}, {"unit": True}, {"pca": 2}, {"whiten": True, "unit": True}])
def test_few_and_equal_items_are_no_error(shape, steps):
    for points in (RNG.normal(size=shape), np.ones(shape)):
        vectors = prepared(embedding_set(points), **steps)
        assert len(vectors) == shape[0]
        assert np.isfinite(vectors).all()


def test_it_stops_when_asked_and_tells_how_far_it_is():
    heard = []
    prepare_vectors(SKEWED, {"whiten": True}, heard.append)
    fractions = [event.fraction for event in heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1

    def stop(event):
        raise Cancelled

    with pytest.raises(Cancelled):
        prepare_vectors(SKEWED, {"center": True}, stop)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ({"centre": True}, "no parameter of the preparation called 'centre'"),
        ({"pca": -1}, "pca is -1, outside"),
        ({"pca": 2.5}, "whole number"),
        ({"whiten": 1}, "true or false"),
        ({"remove_top": 12}, "have 12 main directions at most"),
    ],
)
def test_steps_that_do_not_fit_are_refused(steps, sentence):
    with pytest.raises(ParameterError, match=sentence):
        prepare_vectors(SKEWED, steps)


def test_steps_are_written_as_words():
    assert Preparation.parse(" center , pca=50,unit") == Preparation(center=True, pca=50, unit=True)
    assert Preparation.parse("spherize,remove_top=2,whiten") == Preparation(True, 2, 0, True, True)
    assert not Preparation.parse("none")
    assert Preparation.of(Preparation.parse("pca=9,whiten").to_mapping()) == Preparation(pca=9, whiten=True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("centre", "no preparation step called 'centre'"),
        ("pca", "pca needs a whole number"),
        ("pca=many", "not 'many'"),
        ("pca=-3", "not '-3'"),
        ("pca=1001", "outside its limits"),
        ("whiten=2", "takes no value"),
        ("unit,unit", "named twice"),
        ("center,", "no preparation step called ''"),
    ],
)
def test_words_that_mean_nothing_are_refused_with_a_hint(text, sentence):
    with pytest.raises(ParameterError, match=sentence) as refused:
        Preparation.parse(text)
    assert refused.value.hint


def test_every_step_says_what_it_is():
    assert all(parameter.help.endswith(".") for parameter in PARAMETERS)


STEPS = {"remove_top": 1, "pca": 6}
RECIPE = Recipe(method="umap", method_params={"n_epochs": 60}, preparation=STEPS)


def test_a_recipe_keeps_its_preparation_in_json_and_names_stay_what_they_were_without_one():
    assert Recipe.from_json(RECIPE.to_json()) == RECIPE
    assert RECIPE.fingerprint != RECIPE.replace(preparation=None).fingerprint
    assert Recipe().fingerprint == "77b27e15e6e4e041"
    with pytest.raises(ParameterError, match="preparation is 'center'"):
        Recipe(preparation="center")


def test_a_map_goes_by_its_prepared_vectors_everywhere():
    data = blobs(300)
    built = build_map(data, RECIPE)
    assert built.embeddings is data
    assert built.prepared.dimensions == 6
    assert built.neighbours.source == built.prepared.vectors_fingerprint
    rows, _ = neighbours_of(built, 7)
    fresh, _ = nearest_to(built.prepared, built.prepared.vectors[7], 10, built.recipe.metric, exclude=[7])
    assert list(rows) == list(fresh[0])
    assert measure_fidelity(built.prepared, built.projection, built.neighbours).overall > 0.3
    assert any("freed of their main direction" in note for note in built.notes)
    plain = build_map(data, RECIPE.replace(preparation=None))
    assert plain.prepared is plain.embeddings is data
    assert not np.array_equal(plain.projection.coordinates, built.projection.coordinates)


@pytest.mark.parametrize("method", ["umap", "pca"])
def test_a_map_of_prepared_vectors_places_raw_ones(method):
    data = blobs(300)
    built = build_map(data, RECIPE.replace(method=method, method_params={}, preparation={"pca": 6, "unit": True}))
    placed = built.projection.transform(data.vectors[:5])
    assert np.allclose(placed, built.projection.coordinates[:5], atol=1e-3)
    with pytest.raises(ShapeError, match="made from 20"):
        built.projection.transform(np.zeros((1, 6)))


def test_coordinates_that_are_there_are_shown_as_they_are_whatever_is_prepared():
    points = RNG.normal(5, 1, size=(40, 2)).astype(np.float32)
    built = build_map(embedding_set(points), Recipe(preparation={"center": True}))
    assert np.array_equal(built.projection.coordinates, points)
    assert np.allclose(built.prepared.vectors.mean(axis=0), 0, atol=1e-5)
