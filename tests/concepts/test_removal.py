"""Directions taken out are gone, what has nothing to do with them stays, and newcomers go the same way."""

from __future__ import annotations

import numpy as np
import pytest

from cartography import build_map
from cartography.concepts import axis, before_and_after, remove_direction
from cartography.concepts.removal.removing import removal_of
from cartography.errors import ParameterError, ShapeError
from cartography.records import AxisSpec, EmbeddingSet, Pole, Recipe
from tests.data import embedding_set

SIDE = AxisSpec("side", "poles", Pole("a", column="side", values=("a",)), Pole("b", column="side", values=("b",)))


def planted(n: int = 400, bent: bool = False) -> EmbeddingSet:
    """Items of 16 dimensions: `side` along one direction, `kind` along another, at right angles.

    Where it is `bent`, side can be told from two other directions as well: a is at their middle, b around it.
    """
    rng = np.random.default_rng(3)
    side, kind = np.arange(n) % 2, np.arange(n) // 2 % 2
    vectors = rng.normal(0, 1, size=(n, 16))
    vectors[:, 0] += side * 6
    vectors[:, 1] += kind * 6
    if bent:
        turn = rng.uniform(0, 2 * np.pi, n)
        vectors[:, 2] += side * 9 * np.cos(turn)
        vectors[:, 3] += side * 9 * np.sin(turn)
    turned = vectors @ np.linalg.qr(rng.normal(size=(16, 16)))[0]
    return embedding_set(turned, side=np.where(side, "b", "a"), kind=np.where(kind, "d", "c"))


def probes(before: EmbeddingSet, after: EmbeddingSet) -> dict:
    found = before_and_after(before, after, metric="euclidean")
    return {probe.name: probe for probe in found.probes}


def test_what_was_taken_out_falls_to_chance_and_what_is_unrelated_stays():
    before = planted()
    gone = axis(before, SIDE.low, SIDE.high, metric="euclidean")
    after = remove_direction(before, gone)
    assert np.abs(after.vectors @ gone.direction).max() < 1e-5
    found = probes(before, after)
    side, kind = found["side"], found["kind"]
    for way in (side.linear, side.neighbours):
        assert way.before > 0.95
        assert way.after < way.top + 0.05
        assert way.chance == pytest.approx(0.5, abs=0.05)
    assert side.says == "gone for both probes"
    assert min(kind.linear.after, kind.neighbours.after) > 0.95
    assert kind.says == "can still be told"


def test_neighbours_may_still_tell_what_no_plane_does():
    before = planted(bent=True)
    after = remove_direction(before, axis(before, SIDE.low, SIDE.high, metric="euclidean"))
    side = probes(before, after)["side"]
    assert not side.linear.is_found
    assert side.neighbours.after > 0.9
    assert side.says == "gone for a straight probe, but neighbours still tell it"


def test_keeping_and_removing_are_the_two_parts_of_a_vector():
    before = planted()
    axes = [axis(before, SIDE.low, SIDE.high), axis(before, [0, 5], [9, 3])]
    unit = before.vectors / np.linalg.norm(before.vectors, axis=1, keepdims=True)
    out, kept = remove_direction(before, axes), remove_direction(before, axes, keep=True)
    assert np.allclose(out.vectors + kept.vectors, unit, atol=1e-6)
    assert np.linalg.matrix_rank(kept.vectors, tol=1e-4) == 2
    assert np.allclose(
        remove_direction(out, axes).vectors * np.linalg.norm(out.vectors, axis=1, keepdims=True),
        out.vectors,
        atol=1e-5,
    )
    assert "at length 1" in out.notes[-1].replace("brought to length 1", "at length 1")
    raw = remove_direction(before, np.stack([one.direction for one in axes]))
    assert np.allclose(raw.vectors, out.vectors * np.linalg.norm(before.vectors, axis=1, keepdims=True), atol=1e-4)


def test_a_direction_that_is_named_twice_counts_once():
    before = planted()
    one = axis(before, SIDE.low, SIDE.high)
    back = axis(before, SIDE.high, SIDE.low)
    assert np.allclose(
        remove_direction(before, [one, back]).vectors, remove_direction(before, one).vectors, atol=1e-6
    )
    assert any("1 say it all" in note for note in remove_direction(before, [one, back]).notes)


def test_what_is_wholly_along_the_direction_becomes_zero_and_is_counted():
    before = embedding_set(np.vstack([np.eye(3)[:1] * 7, np.random.default_rng(0).normal(size=(20, 3))]))
    after = remove_direction(before, np.array([2.0, 0, 0]))
    assert not after.vectors[0].any()
    assert "almost wholly along it" in after.notes[-1]


def test_who_moved_most_is_who_lay_along_the_direction():
    before = planted()
    after = remove_direction(before, axis(before, SIDE.low, SIDE.high, metric="euclidean"))
    found = before_and_after(before, after, [axis(before, SIDE.low, SIDE.high)], metric="euclidean")
    assert np.array_equal(found.rows, np.arange(400))
    assert 0 < found.share_kept < 0.9
    assert found.moved["kept"].is_monotonic_increasing
    assert list(found.moved.index) == list(before.ids[found.moved["row"]])
    same = before_and_after(before, before, metric="cosine")
    assert same.share_kept == 1
    assert {"side", "kind"} == set(same.table["name"])


def test_poles_of_a_few_items_are_too_few_to_tell():
    before = planted()
    small = axis(before, [0, 2, 4], [1, 3, 5], name="small")
    alone = axis(before, [0], [1], name="alone")
    found = before_and_after(before, remove_direction(before, small), [small, alone], columns=[])
    assert [probe.name for probe in found.probes] == ["small"]
    assert found.probes[0].says == "too few items to tell"
    assert "alone is not asked for" in found.notes[0]


@pytest.mark.parametrize("method", ["umap", "pca", "axes"])
def test_newcomers_after_a_removal_land_on_their_items(method):
    before = planted(150)
    kind = AxisSpec(
        "kind ", "poles", Pole("c", column="kind", values=("c",)), Pole("d", column="kind", values=("d",))
    )
    params = {"x": "side ", "y": "kind "} if method == "axes" else {}
    side = AxisSpec("side ", SIDE.kind, SIDE.low, SIDE.high)
    recipe = Recipe(
        method=method,
        method_params=params,
        axes=(side.to_mapping(), kind.to_mapping()),
        without=("side ",),
        preparation={"center": True},
    )
    built = build_map(before, recipe)
    raw = before.vectors[10:20]
    assert np.allclose(built.projection.transform(raw), built.projection.coordinates[10:20], atol=1e-3)
    placed = built.place(raw)
    assert np.array_equal(placed.rows[:, 0], np.arange(10, 20))
    assert np.array_equal(built.transformation(raw), built.prepared.vectors[10:20])


def test_the_map_goes_by_what_is_left_and_its_columns_by_what_there_was():
    before = planted()
    recipe = Recipe(method="pca", metric="euclidean", axes=({**SIDE.to_mapping(), "name": "which side"},))
    with_it, without = build_map(before, recipe), build_map(before, recipe.replace(without=("which side",)))
    assert with_it.before_removal is None
    assert with_it.axes_space is with_it.prepared is before
    assert np.array_equal(without.embeddings.items["which side"], with_it.embeddings.items["which side"])
    assert without.axes_space is before
    apart = [
        np.abs(np.corrcoef(b.projection.coordinates.T, b.embeddings.items["which side"])[2, :2]).max()
        for b in (with_it, without)
    ]
    assert apart[0] > 0.9
    assert apart[1] < 0.1
    assert without.neighbours.source == without.prepared.vectors_fingerprint
    assert any("Taken out" in note for note in without.notes)


def test_a_single_axis_that_is_kept_is_measured_by_distance_unless_asked_otherwise():
    axes = ({**SIDE.to_mapping(), "name": "which side"},)
    kept = build_map(planted(120), Recipe(method="pca", axes=axes, only=("which side",)))
    assert kept.recipe.metric == "euclidean"
    assert kept.axes["which side"].unit
    assert any("angles say little" in note for note in kept.notes)
    asked = build_map(planted(120), Recipe(method="pca", axes=axes, only=("which side",), metric="cosine"))
    assert asked.recipe.metric == "cosine"
    assert any("choose euclidean" in note for note in asked.notes)


def test_what_cannot_be_taken_out_is_refused_in_a_sentence():
    before = planted(50)
    with pytest.raises(ShapeError, match="shape"):
        remove_direction(before, np.ones(3))
    with pytest.raises(ShapeError, match="NaN"):
        remove_direction(before, np.full(16, np.nan))
    with pytest.raises(ParameterError, match="no length"):
        remove_direction(before, np.zeros(16))
    with pytest.raises(ParameterError, match="No axis"):
        remove_direction(before, [])
    with pytest.raises(ParameterError, match="nothing would be left"):
        remove_direction(before, np.eye(16))
    both = [axis(before, [0], [1]), axis(before, [0], [1], metric="euclidean")]
    with pytest.raises(ParameterError, match="of length 1 and some"):
        removal_of(both, 16)
    rest = AxisSpec("rest", "rest", of=("one",)).to_mapping()
    with pytest.raises(ParameterError, match="axis with a direction"):
        build_map(before, Recipe(axes=({**SIDE.to_mapping(), "name": "one"}, rest), without=("rest",)))
