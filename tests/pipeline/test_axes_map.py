"""Maps on axes: every item where its columns say, the poles written at the ends, new vectors beside the old."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import loaders
from cartography import build_map, draw_map, pipeline
from cartography.concepts.axes.in_recipes import renamed_axis
from cartography.errors import ParameterError
from cartography.inspection.placing.prepared import place_prepared
from cartography.pipeline import BuiltMap
from cartography.records import GRADES, AxisSpec, Pole, Recipe
from cartography.store import MemoryStore
from tests.data import blobs, digits, embedding_set, shared

GENDER = AxisSpec(
    "gender",
    low=Pole("man", ("man", "boy", "father", "uncle")),
    high=Pole("woman", ("woman", "girl", "mother", "aunt")),
)
ROYALTY = AxisSpec(
    "royalty <b>&</b>",
    low=Pole("commoner", ("man", "woman", "boy", "girl")),
    high=Pole("<i>royal</i>", ("king", "queen", "prince", "princess")),
)
ON_BOTH = Recipe(
    method="axes",
    method_params={"x": GENDER.name, "y": ROYALTY.name},
    axes=(GENDER.to_mapping(), ROYALTY.to_mapping()),
    color_by=GENDER.name,
    size_by=ROYALTY.name,
)


@cache
def words() -> BuiltMap:
    return build_map(loaders.load(shared("words_dev/words_dev.txt")), ON_BOTH)


def place(built: BuiltMap, word: str) -> np.ndarray:
    return built.projection.coordinates[built.embeddings.ids.get_loc(word)]


@pytest.mark.parametrize(
    ("word", "east", "north"), [("man", -1, -1), ("woman", 1, -1), ("king", -1, 1), ("queen", 1, 1)]
)
def test_king_queen_man_and_woman_stand_in_the_four_corners(word, east, north):
    assert np.sign(place(words(), word)).tolist() == [east, north]


def test_an_axis_is_a_column_of_the_items_to_colour_filter_and_size_by():
    built = words()
    places = built.embeddings.items[ROYALTY.name].to_numpy()
    assert np.allclose(places, built.projection.coordinates[:, 1])
    assert built.scene.colouring.column == GENDER.name
    sizing = built.scene.sizing
    assert sizing.column == ROYALTY.name
    assert sizing.grades[places.argmax()] == len(GRADES) - 1
    assert sizing.grades[places.argmin()] == 0


def test_new_vectors_stand_where_equal_items_stand():
    built = words()
    found = built.projection.transform(built.embeddings.vectors[:50])
    assert np.allclose(found, built.projection.coordinates[:50], atol=1e-5)


def test_the_scene_knows_its_axes_and_shows_the_members_of_their_poles():
    scene = words().scene
    assert [(axis.side, axis.low, axis.high, axis.zero) for axis in scene.axes] == [
        ("x", "man", "woman", 0.0),
        ("y", "commoner", "<i>royal</i>", 0.0),
    ]
    assert {"king", "queen", "man", "woman"} <= {one.name for one in scene.landmarks}
    west, south, east, north = scene.terrain.frame
    assert all(west < one.x < east and south < one.y < north for one in scene.landmarks)
    assert scene.compass == ()
    assert scene.turn == 0.0


def test_a_picture_bears_the_poles_and_says_them_as_text(tmp_path: Path):
    draw_map(words()).save(tmp_path / "map.svg")
    drawn = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert "&lt;i&gt;royal&lt;/i&gt;" in drawn
    assert "<i>" not in drawn
    assert ">commoner<" in drawn
    assert "Size: royalty" in drawn


def test_a_recipe_with_axes_comes_back_from_json_as_it_was():
    read = Recipe.from_json(ON_BOTH.to_json())
    assert read == ON_BOTH
    assert read.fingerprint == ON_BOTH.fingerprint != Recipe().fingerprint


def test_plain_columns_are_axes_too_each_on_a_scale_of_its_own():
    rng = np.random.default_rng(0)
    items = embedding_set(
        rng.normal(size=(300, 5)), year=rng.uniform(1970, 1982, 300), weight=rng.uniform(1e3, 5e3, 300)
    )
    params = {"x": "year", "y": "weight", "scale": "each"}
    built = build_map(items, Recipe(method="axes", method_params=params))
    spread = np.ptp(built.projection.coordinates, axis=0)
    assert spread.max() < 1.2 * spread.min()
    assert [(axis.low, axis.high, axis.zero) for axis in built.scene.axes] == [
        ("less year", "more year", None),
        ("less weight", "more weight", None),
    ]
    with pytest.raises(ParameterError, match="cannot place new vectors"):
        built.projection.transform(items.vectors[:2])


def test_items_without_a_value_stand_in_the_middle_and_that_is_said():
    rng = np.random.default_rng(0)
    size = rng.normal(size=100)
    size[7] = np.nan
    built = build_map(
        embedding_set(rng.normal(size=(100, 4)), size=size, age=rng.normal(size=100)),
        Recipe(method="axes", method_params={"x": "size", "y": "age"}),
    )
    assert built.projection.coordinates[7, 0] == pytest.approx(np.nanmedian(size))
    assert any("1 item has no value" in note for note in built.notes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"method_params": {}}, "needs two columns"),
        ({"method_params": {"x": "label", "y": "label"}}, "holds no numbers"),
        ({"method_params": {"x": "lable", "y": "label"}}, "no column called 'lable'"),
        ({"size_by": "label"}, "holds no numbers"),
        ({"axes": ({"name": "label", "kind": "column", "column": "label"},)}, "have a column called 'label' already"),
        (
            {"axes": ({"name": "a", "low": {"name": "l", "ids": ["no"]}, "high": {"name": "h", "ids": ["item 1"]}},)},
            "names the item 'no'",
        ),
    ],
)
def test_what_cannot_be_an_axis_is_refused_in_a_sentence(changes, message):
    choices = {"method": "axes", "method_params": {"x": "label", "y": "label"}} if "size_by" not in changes else {}
    with pytest.raises(ParameterError, match=message):
        build_map(digits(200), Recipe(**{**choices, **changes}))


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"name": "a"},
        {"name": "", "kind": "column", "column": "x"},
        {"name": "a", "kind": "magic"},
        {"name": "a", "kind": "rest"},
        {"name": "a", "low": {"name": "l", "ids": ["1"]}},
        {"name": "a", "low": {"name": "l", "ids": "1"}, "high": {"name": "h", "ids": ["1"]}},
        {
            "name": "a",
            "low": {"name": "l", "ids": ["1"], "column": "c", "values": ["v"]},
            "high": {"name": "h", "ids": ["1"]},
        },
        {"name": "a", "kind": "pairs", "low": {"name": "l", "ids": ["1", "2"]}, "high": {"name": "h", "ids": ["1"]}},
        {"name": "a", "low": {"name": "l", "ids": ["x"] * 6_000}, "high": {"name": "h", "ids": ["1"]}},
    ],
)
def test_axes_that_anybody_may_have_written_are_checked(given):
    with pytest.raises(ParameterError):
        Recipe(axes=(given,))


@pytest.mark.parametrize(
    "changes", [{"without": (GENDER.name,)}, {"only": (GENDER.name,)}, {"preparation": {"pca": 50}}]
)
def test_a_prepared_vector_equal_to_an_item_stands_on_it_whatever_was_taken_out(changes):
    built = build_map(loaders.load(shared("words_dev/words_dev.txt")), ON_BOTH.replace(**changes))
    rows = [built.embeddings.ids.get_loc(word) for word in ("king", "queen", "man", "woman")]
    found, said = place_prepared(built.prepared.vectors[rows], built.known)
    assert np.allclose(found, built.projection.coordinates[rows], atol=1e-5)
    assert ("taken out" in said) == ("preparation" not in changes)


def test_a_renamed_axis_makes_no_neighbours_again_and_a_changed_one_another_map(monkeypatch):
    items, made, store = blobs(200), [], MemoryStore()
    for stage in ("find_neighbours", "project"):
        monkeypatch.setattr(pipeline, stage, _counted(getattr(pipeline, stage), made))
    spec = AxisSpec("one", "poles", Pole("low", tuple(items.ids[:5])), Pole("high", tuple(items.ids[5:9])))
    recipe = Recipe(method="pca", axes=(spec.to_mapping(),), without=("one",))
    first = build_map(items, recipe, store=store)
    made.clear()
    again = build_map(items, renamed_axis(recipe, "one", "other"), store=store)
    assert made == []
    assert again.projection.fingerprint == first.projection.fingerprint
    assert "other" in again.embeddings.items and "one" not in again.embeddings.items
    changed = replace(spec, high=Pole("high", tuple(items.ids[20:24])))
    another = build_map(items, recipe.replace(axes=(changed.to_mapping(),)), store=store)
    assert made == ["find_neighbours", "project"]
    assert another.projection.fingerprint != first.projection.fingerprint


def _counted(stage, made):
    def called(*args, **options):
        made.append(stage.__name__)
        return stage(*args, **options)

    return called
