"""Axes in one call, the map on them, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from cartography import build_map
from cartography.concepts import axis, judge_axis, place_on_axes
from cartography.errors import CartographyError, ParameterError, ShapeError
from cartography.records import AxisSpec, EmbeddingSet, Pole, Recipe
from loaders import load
from tests.data import embedding_set, shared

PAIRS = [
    ("man", "woman"),
    ("boy", "girl"),
    ("father", "mother"),
    ("son", "daughter"),
    ("brother", "sister"),
    ("husband", "wife"),
]
COMMON, ROYAL = ["man", "woman", "people"], ["king", "queen", "prince"]


@pytest.fixture(scope="module")
def words() -> EmbeddingSet:
    return load(shared("words_dev") / "words_dev.txt")


def crowd(n: int = 200) -> EmbeddingSet:
    """Two groups, 3 apart along the first of six directions; the second one grows with `size`."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(0, 0.3, size=(n, 6))
    vectors[:, 0] += np.arange(n) % 2 * 3
    return embedding_set(vectors, side=np.where(np.arange(n) % 2, "b", "a"), size=vectors[:, 1] * 10)


def test_gender_and_royalty_put_king_queen_man_and_woman_into_four_corners(words):
    gender, royalty = axis(words, pairs=PAIRS, name="gender"), axis(words, COMMON, ROYAL, name="royalty")
    placed = place_on_axes(words, gender, royalty)
    corner = {word: tuple(np.sign(placed.coordinates[words.ids.get_loc(word)])) for word in (*COMMON[:2], *ROYAL[:2])}
    assert corner == {"man": (-1, -1), "woman": (1, -1), "king": (-1, 1), "queen": (1, 1)}
    assert "is not on this map" in placed.notes[1]
    assert 0.95 < placed.evidence["unexplained"] < 1
    assert 60 < placed.evidence["angle"] < 120
    rows = [words.ids.get_loc(word) for word in corner]
    assert np.allclose(placed.transform(words.vectors[rows]), placed.coordinates[rows], atol=1e-6)
    component = axis(words, pairs=PAIRS, component=True)
    assert component.direction @ gender.direction > 0.8
    assert "pairs differ by" in component.notes[0]


def test_an_end_is_named_by_words_rows_flags_values_or_a_pole():
    items = crowd()
    low, high = np.arange(0, 200, 2), np.arange(1, 200, 2)
    flags = np.arange(200) % 2 == 0
    ways = [
        ([f"item {i}" for i in low], [f"item {i}" for i in high]),
        (low, high.tolist()),
        (flags, ~flags),
        ({"column": "side", "values": ["a"]}, {"column": "side", "values": ["b"]}),
        (Pole("a", column="side", values=("a",)), high),
    ]
    found = [axis(items, *way, metric="euclidean") for way in ways]
    assert all(np.allclose(one.direction, found[0].direction) for one in found)
    assert found[0].direction[0] > 0.99
    assert found[3].name == "a – b"
    assert len(axis(items, "item 0", ["item 1", "item 1"]).high_rows) == 1


def test_a_large_pole_is_drawn_and_says_so():
    flags = np.arange(6000) % 2 == 0
    found = axis(crowd(6000), flags, ~flags, metric="euclidean")
    assert len(found.low_rows) == 2000
    assert "2,000 were drawn at random" in found.notes[0]


def test_the_share_that_axes_leave_out_is_that_outside_their_span():
    items = crowd()
    x = axis(items, {"column": "side", "values": ["a"]}, {"column": "side", "values": ["b"]}, metric="euclidean")
    y = axis(items, column="size", metric="euclidean")
    placed = place_on_axes(items, x, y, metric="euclidean")
    centred = items.vectors - items.vectors.mean(axis=0)
    shares = [float(((centred @ one.direction) ** 2).sum() / (centred**2).sum()) for one in (x, y)]
    assert np.allclose(placed.evidence["variance_explained"], shares, atol=1e-4)
    assert placed.evidence["unexplained"] == pytest.approx(1 - sum(shares), abs=0.01)  # nearly at right angles
    by_name = place_on_axes(items, x, "size", z=AxisSpec("up", "column", column="size"), metric="euclidean")
    assert np.array_equal(by_name.coordinates[:, 1], items.items["size"].to_numpy(np.float32))
    assert by_name.coordinates.shape == (200, 3)
    assert by_name.placer is None


def test_axes_that_say_the_same_are_warned_of():
    items = crowd()
    x = axis(items, np.array([0, 2, 4]), np.array([1, 3, 5]), name="one", metric="euclidean")
    y = axis(items, np.array([7, 9, 11]), np.array([6, 8, 10]), name="two", metric="euclidean")
    assert "repeats itself: items rise on one against the other" in place_on_axes(items, x, y).notes[-1]
    assert place_on_axes(items, x, x).evidence["angle"] == pytest.approx(0, abs=0.01)


def test_the_pipeline_says_the_same_of_a_map_on_axes():
    items = crowd()
    x = AxisSpec("x", "poles", Pole("a", column="side", values=("a",)), Pole("b", column="side", values=("b",)))
    y = AxisSpec("y", "column", column="size")
    recipe = Recipe(
        method="axes", method_params={"x": "x", "y": "y"}, axes=(x.to_mapping(), y.to_mapping()), metric="euclidean"
    )
    built = build_map(items, recipe)
    placed = place_on_axes(items, x, y, metric="euclidean")
    assert np.allclose(built.projection.coordinates, placed.coordinates)
    assert dict(built.projection.evidence) == dict(placed.evidence)
    assert built.projection.notes == placed.notes
    assert placed.notes[1] in built.notes
    assert np.allclose(built.projection.transform(items.vectors[:9]), placed.coordinates[:9], atol=1e-5)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "nothing was given"),
        ({"low": "item 0", "high": "item 1", "column": "size"}, "several ways"),
        ({"low": "item 0"}, "two ends"),
        ({"low": "item 0", "high": "nobody"}, "called"),
        ({"low": "item 0", "high": []}, "nothing at the high end"),
        ({"low": "item 0", "high": np.zeros(3, bool)}, "one per item"),
        ({"low": "item 0", "high": [999]}, "beyond"),
        ({"low": "item 0", "high": [0.5]}, "array of float64"),
        ({"low": "item 0", "high": {"column": "side"}}, "high end is"),
        ({"low": "item 0", "high": {"column": "side", "values": ["c"]}}, "value of side"),
        ({"low": "item 0", "high": "item 0"}, "same items"),
        ({"low": "item 0", "high": "item 1", "component": True}, "pairs only"),
        ({"column": "size", "separator": True}, "two poles"),
        ({"pairs": ["ab", "cd"]}, "not pairs"),
        ({"pairs": []}, "not pairs"),
    ],
)
def test_what_makes_no_axis_is_refused_in_a_sentence(given, words):
    with pytest.raises(CartographyError, match=words) as caught:
        axis(crowd(), **given)
    assert "\n" not in caught.value.message


def test_axes_of_another_space_are_refused():
    other = axis(embedding_set(np.eye(4)), "item 0", "item 1")
    with pytest.raises(ShapeError, match="4 dimensions"):
        place_on_axes(crowd(), other, other)
    with pytest.raises(ParameterError, match="no numbers"):
        place_on_axes(crowd(), "size", "side")


def test_axes_that_count_lengths_differently_share_no_map_and_are_judged_as_they_were_found():
    embeddings = embedding_set(crowd().vectors * np.linspace(1, 9, 200)[:, None])
    as_long, unit = (axis(embeddings, [0, 2, 4], [1, 3, 5], metric=metric) for metric in ("euclidean", "cosine"))
    with pytest.raises(ParameterError, match="share no scale"):
        place_on_axes(embeddings, as_long, unit)
    with pytest.raises(ParameterError, match="as long as they are"):
        judge_axis(embeddings, as_long, metric="cosine")
    by_itself, said = judge_axis(embeddings, as_long), judge_axis(embeddings, as_long, metric="euclidean")
    assert by_itself.variance == said.variance != judge_axis(embeddings, unit).variance
    for wrong in (
        lambda: axis(embeddings, [0], [1], metric="foo"),
        lambda: judge_axis(embeddings, unit, metric="foo"),
    ):
        with pytest.raises(ParameterError, match="metric called 'foo'"):
            wrong()


def test_numbers_that_differ_by_rounding_alone_are_all_the_same():
    embeddings = embedding_set(crowd().vectors, tenth=np.where(np.arange(200) % 2, 0.1 + 0.2, 0.3))
    with pytest.raises(ParameterError, match="all the same"):
        axis(embeddings, column="tenth")
