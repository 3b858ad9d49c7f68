"""A planted direction is found by every kind of axis, and what has no direction is refused in a sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cartography.concepts.axes.columns import axes_of_specs, unexplained, with_axes
from cartography.concepts.axes.finding import find_axis
from cartography.errors import ParameterError
from cartography.records import AxisSpec, EmbeddingSet, Pole
from tests.data import embedding_set

LOW, HIGH = Pole("less", column="side", values=("low",)), Pole("more", column="side", values=("high",))
PAIRS = tuple(Pole(end, ids=tuple(f"item {i}" for i in range(first, 600, 2))) for first, end in enumerate(("a", "b")))


@pytest.fixture(scope="module")
def planted() -> tuple[EmbeddingSet, np.ndarray]:
    """600 items in 30 dimensions; item 2i + 1 is item 2i moved along a direction, which every column follows."""
    rng = np.random.default_rng(1)
    direction = rng.normal(size=30)
    direction /= np.linalg.norm(direction)
    vectors = np.repeat(rng.normal(size=(300, 30)), 2, axis=0) + rng.normal(0, 0.2, size=(600, 30))
    vectors += np.tile([-2.0, 2.0], 300)[:, None] * direction
    size = vectors @ direction + rng.normal(0, 0.3, size=600)
    holes = np.where(rng.random(600) < 0.2, np.nan, size)
    day = pd.Timestamp("2020-02-02") + pd.to_timedelta(np.round(size * 40), unit="D")
    found = embedding_set(vectors, side=np.tile(["low", "high"], 300), size=holes, day=day, word="x")
    return found, direction


SPECS = {
    "poles": AxisSpec("a", "poles", LOW, HIGH),
    "pairs": AxisSpec("a", "pairs", *PAIRS),
    "component": AxisSpec("a", "pairs", *PAIRS, component=True),
    "separator": AxisSpec("a", "separator", LOW, HIGH),
    "column": AxisSpec("a", "column", column="size"),
    "dates": AxisSpec("a", "column", column="day"),
}


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("kind", SPECS)
def test_every_kind_finds_the_planted_direction_and_points_upwards(planted, kind, metric):
    embeddings, direction = planted
    axis = find_axis(embeddings, SPECS[kind], metric)
    assert axis.direction @ direction > 0.9
    assert np.linalg.norm(axis.direction) == pytest.approx(1)
    above = axis.places(embeddings.vectors) > 0
    assert (above == (embeddings.items["side"] == "high")).mean() > 0.95


def test_a_plane_from_two_items_alone_lies_between_them():
    rng = np.random.default_rng(0)
    embeddings = embedding_set(rng.normal(size=(50, 8)))
    spec = AxisSpec("a", "separator", Pole("l", ids=("item 3",)), Pole("h", ids=("item 4",)))
    places = find_axis(embeddings, spec, "euclidean").places(embeddings.vectors)
    assert places[3] < 0 < places[4]
    assert places[3] + places[4] == pytest.approx(0, abs=1e-3)


def test_a_space_that_is_turned_or_padded_has_the_same_directions():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(80, 20)) * np.r_[3, np.ones(19)]
    turn = np.linalg.qr(rng.normal(size=(200, 200)))[0][:20]
    size, side = vectors[:, 0] + 5, np.where(vectors[:, 0] > 0, "high", "low")
    poles = Pole("l", column="side", values=("low",)), Pole("h", column="side", values=("high",))
    for spec in (AxisSpec("a", "column", column="size"), AxisSpec("a", "separator", *poles)):
        narrow = find_axis(embedding_set(vectors, size=size, side=side), spec, "euclidean")
        wide = find_axis(embedding_set(vectors @ turn, size=size, side=side), spec, "euclidean")
        assert narrow.direction[0] > 0.9
        assert wide.direction @ turn.T @ narrow.direction > 0.98


def test_numbers_that_vectors_do_not_tell_are_said_to_be_so():
    rng = np.random.default_rng(0)
    embeddings = embedding_set(rng.normal(size=(200, 20)), size=rng.normal(size=200))
    notes = find_axis(embeddings, AxisSpec("a", "column", column="size"), "euclidean").notes
    assert "do not tell them" in notes[0] or "tells 0%" in notes[0] or "tells 1%" in notes[0]


def test_what_is_unexplained_is_the_share_outside_the_span(planted):
    embeddings, _ = planted
    axis = find_axis(embeddings, SPECS["poles"], "euclidean")
    left = unexplained(embeddings, [axis])
    centred = embeddings.vectors - embeddings.vectors.mean(axis=0)
    expected = 1 - (centred @ axis.direction) ** 2 / (centred**2).sum(axis=1)
    assert np.allclose(left, expected, atol=1e-4)
    assert np.allclose(unexplained(embeddings, [axis, axis]), left, atol=1e-5)  # said twice, it explains no more
    specs = (SPECS["poles"], AxisSpec("left", "rest", of=("a",)))
    drawn = with_axes(embeddings, embeddings, specs, axes_of_specs(embeddings, specs, "euclidean"))
    assert np.array_equal(drawn.items["left"], left)
    with pytest.raises(ParameterError, match="axis with a direction"):
        with_axes(embeddings, embeddings, (AxisSpec("left", "rest", of=("gone",)),), {})


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (AxisSpec("a", "poles", LOW, LOW), "same items"),
        (AxisSpec("a", "separator", HIGH, HIGH), "same items"),
        (AxisSpec("a", "pairs", PAIRS[0], PAIRS[0], component=True), "same items"),
        (AxisSpec("a", "column", column="word"), "no numbers"),
        (AxisSpec("a", "column", column="sise"), "no column"),
        (AxisSpec("a", "rest", of=("b",)), "no direction"),
    ],
)
def test_what_has_no_direction_is_refused_in_a_sentence(planted, spec, words):
    with pytest.raises(ParameterError, match=words) as caught:
        find_axis(planted[0], spec)
    assert caught.value.hint


def test_equal_vectors_have_no_direction_between_them():
    embeddings = embedding_set(np.ones((10, 4)), size=np.arange(10.0) ** 1.5)
    poles = Pole("l", ids=("item 0",)), Pole("h", ids=("item 1",))
    for spec in (
        AxisSpec("a", "poles", *poles),
        AxisSpec("a", "separator", *poles),
        AxisSpec("a", "column", column="size"),
    ):
        with pytest.raises(ParameterError, match="no direction"):
            find_axis(embeddings, spec)
