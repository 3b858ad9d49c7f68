"""The panel about axes: specs by each way, the data behind its charts, its words, and a walk through it."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cartography import build_map
from cartography.concepts.axes.in_recipes import with_axis
from cartography.concepts.evidence.judging import judge_axis
from cartography.concepts.formulas.names import Names
from cartography.concepts.formulas.tree import Name
from cartography.errors import ParameterError
from cartography.records import AxisSpec, Filter, Pole, Recipe
from dashboard.desk import Desk
from dashboard.panels.axes.evidence import evidence_words
from dashboard.panels.axes.evidence_charts import angles_table, chance_chart, chance_table, columns_table
from dashboard.panels.axes.on_map import REST, drawn_by
from dashboard.panels.axes.ranking import place_words
from dashboard.panels.axes.saved import forget, rename
from dashboard.panels.axes.specs import between, listed, pairs_listed, spec_of_pairs, words_pole
from dashboard.panels.axes.strip import MOST_DRAWN, MOST_GROUPS, groups_along, strip_chart, strip_table
from dashboard.settings import Settings
from dashboard.sources import Source, example_source
from dashboard.state import Session
from dashboard.worlds import published
from tests.data import blobs, embedding_set

WAIT = 60
DESKS: list[Desk] = []


def group_axis(name: str, low: str, high: str) -> AxisSpec:
    return AxisSpec(name, "poles", *(Pole(value, column="group", values=(value,)) for value in (low, high)))


@pytest.fixture(scope="module")
def built():
    """Four groups, and a column of numbers that grows from the first group to the second."""
    embeddings = blobs(240)
    group = embeddings.items["group"].to_numpy(str)
    toward = embeddings.vectors[group == "1"].mean(axis=0) - embeddings.vectors[group == "0"].mean(axis=0)
    items = embedding_set(embeddings.vectors, group=group, weight=embeddings.vectors @ toward)
    return build_map(items, Recipe(method="pca", axes=(group_axis("zero to one", "0", "1").to_mapping(),)))


@pytest.fixture
def desk(built):
    return Desk(Session(Settings(), Source(("x",)), built.recipe), built, published(built)[0])


def test_a_list_of_names_keeps_commas_in_quotes_and_signs():
    found = listed('king, "Paris, Texas" ,, #Old Town, @mine, #')
    assert found == [Name("king"), Name("Paris, Texas"), Name("Old Town", "#"), Name("mine", "@"), Name("#")]
    with pytest.raises(ParameterError, match="partner"):
        listed('"king')


def test_words_make_a_pole_of_their_items_each_once(built):
    names = Names(built.embeddings, {"#few": np.array([5, 2])})
    pole = words_pole(built.embeddings, "item 7, #few, item 2", "", names.rows)
    assert pole == Pole("item 7 …", ids=("item 7", "item 5", "item 2"))
    assert words_pole(built.embeddings, "item 1", "the first", names.rows).name == "the first"
    with pytest.raises(ParameterError, match="nobody"):
        words_pole(built.embeddings, "item 1, nobody", "", names.rows)
    with pytest.raises(ParameterError, match="at least one"):
        words_pole(built.embeddings, " , ", "", names.rows)


def test_pairs_belong_together_line_by_line(built):
    resolve = Names(built.embeddings, {"#few": np.array([5, 2])}).rows
    spec = spec_of_pairs(built.embeddings, "item 0, item 1\n\nitem 4,item 5\n", resolve, component=True)
    assert (spec.kind, spec.component, spec.name) == ("pairs", True, "item 0 … → item 1 …")
    assert (spec.low.ids, spec.high.ids) == (("item 0", "item 4"), ("item 1", "item 5"))
    for text, fault in (("item 0, item 1\nitem 2", "Line 2"), ("item 0, #few", "2 items"), ("", "no pair")):
        with pytest.raises(ParameterError, match=fault):
            spec_of_pairs(built.embeddings, text, resolve)
    assert pairs_listed(" \n") == []


def test_poles_are_joined_or_separated():
    low, high = Pole("man", ids=("a",)), Pole("woman", ids=("b",))
    assert between(low, high) == AxisSpec("man → woman", "poles", low, high)
    assert between(low, high, separator=True).kind == "separator"


def test_groups_are_ordered_along_the_axis_and_every_dot_is_an_item(built):
    places = built.embeddings.items["zero to one"].to_numpy(np.float32)
    codes, names = pd.factorize(built.embeddings.items["group"])
    codes = codes.astype(np.int32)
    groups = groups_along(places, codes, list(names))
    assert groups["group"].iloc[[0, -1]].tolist() == ["1", "0"]
    assert groups["items"].sum() == 240
    assert groups["median"].iloc[0] == np.median(places[codes == groups["code"].iloc[0]])
    table = strip_table(built.embeddings, places, codes, groups)
    assert len(table) == 240
    np.testing.assert_array_equal(table["place"], places)
    assert (table["group"] == built.embeddings.items["group"].to_numpy()).all()
    assert table["jitter"].between(0, 1).all()
    chart = strip_chart(table, groups, ["#000000"] * 4, ("zero", "one")).to_dict()
    assert "zero" in chart["layer"][0]["encoding"]["x"]["title"]


def test_many_items_and_groups_are_sampled_and_cut_to_the_largest():
    n = 4 * MOST_DRAWN
    rng = np.random.default_rng(0)
    embeddings = embedding_set(np.zeros((n, 2)))
    places, codes = rng.normal(size=n).astype(np.float32), (rng.integers(0, 40, n) ** 2 // 60).astype(np.int32)
    codes[:5], places[5:9] = -1, np.nan
    groups = groups_along(places, codes, [f"g{code}" for code in range(codes.max() + 1)])
    sizes = np.bincount(codes[9:])
    assert len(groups) == MOST_GROUPS
    assert groups["items"].min() >= np.sort(sizes)[-MOST_GROUPS]
    table = strip_table(embeddings, places, codes, groups, seed=1)
    assert len(table) == MOST_DRAWN
    assert set(table["group"]) <= set(groups["group"])
    pd.testing.assert_frame_equal(table, strip_table(embeddings, places, codes, groups, seed=1))


def test_the_chart_of_chance_holds_every_random_list_and_the_tables_what_was_found(built):
    other = build_map(blobs(240), Recipe(method="pca", axes=(group_axis("two to three", "2", "3").to_mapping(),)))
    axes = {**built.axes, **other.axes}
    found = judge_axis(built.axes_space, built.axes["zero to one"], axes)
    table = chance_table(found)
    assert table["lists"].sum() == len(found.separation.random_lists) > 0
    assert table["start"].min() <= min(found.separation.random_lists)
    assert chance_chart(table, found.separation.auc).to_dict()["layer"]
    assert angles_table(found)["axis"].tolist() == ["two to three"]
    assert columns_table(found)["strength"].is_monotonic_decreasing
    words = " ".join(evidence_words(found))
    assert f"{found.separation.auc:.0%} lie the right way round" in words
    assert f"{len(found.separation.random_lists)} axes between random lists" in words


def test_poles_of_single_items_claim_nothing(built):
    spec = AxisSpec("one pair", "poles", Pole("a", ids=("item 0",)), Pole("b", ids=("item 1",)))
    made = build_map(blobs(240), with_axis(Recipe(method="pca"), spec))
    found = judge_axis(made.axes_space, made.axes["one pair"])
    assert chance_table(found).empty
    assert "nothing is claimed" in " ".join(evidence_words(found))


def test_where_an_item_is_is_said_toward_the_nearer_end(built):
    spec, places = built.recipe.specs[0], np.array([0.0, 1, 2, 3, 4], np.float32)
    assert place_words("this", places, 3, spec) == "this is at 3, further toward 1 than 75% of the others."
    assert place_words("this", places, 0, spec) == "this is at 0, further toward 0 than 100% of the others."


def test_a_map_on_axes_may_show_what_they_leave_unexplained(built):
    recipe = drawn_by(built.recipe, {"x": "zero to one", "y": "weight", "z": None, "color_by": REST})
    assert recipe.method_params == {"x": "zero to one", "y": "weight", "scale": "each"}
    assert (recipe.specs[-1].kind, recipe.specs[-1].of) == ("rest", ("zero to one",))
    assert recipe.color_by == recipe.specs[-1].name
    assert recipe.size_by is None
    with pytest.raises(ParameterError, match="concept axis"):
        drawn_by(built.recipe, {"x": "weight", "y": REST})


def test_conditions_go_along_when_an_axis_is_renamed_or_forgotten(desk):
    desk.filter("zero to one", Filter("zero to one", low=0.0))
    desk.filter("weight", Filter("weight", low=0.0))
    rename(desk, "zero to one", "weight")
    assert desk.visit.recipe is desk.built.recipe  # a column is called so
    rename(desk, "zero to one", "my axis")
    assert {one.column for one in desk.chosen.filters} == {"weight", "my axis"}
    assert [spec.name for spec in desk.visit.recipe.specs] == ["my axis"]
    forget(desk, "my axis")
    assert [one.column for one in desk.chosen.filters] == ["weight"]
    assert not desk.visit.recipe.axes


def page():
    """Run by AppTest as a script of its own."""
    from dashboard.panels.axes.axes import show_axes
    from tests.dashboard.test_axes_panel import DESKS

    show_axes(DESKS[-1])


def test_an_axis_is_made_of_words_judged_and_saved(desk):
    DESKS.append(desk)
    app = AppTest.from_function(page, default_timeout=WAIT)
    desk.visit.kept["axes"] = {"step": "Make"}
    app.run()
    assert not app.exception
    app.text_input(key="axes-words-low-0-0").set_value("item 0, item 4, item 8")
    app.text_input(key="axes-words-high-0-0").set_value("item 1, item 5, item 9").run()
    for _ in range(40):
        if "axes-verdict" in said(app):
            break
        app.run()
    assert "axes-ends" in said(app)
    assert "axes-verdict" in said(app)
    app.button(key="axes-save-0").click().run()
    assert not app.exception
    spec = desk.visit.recipe.specs[-1]
    assert (spec.name, spec.low.ids) == ("item 0 … → item 1 …", ("item 0", "item 4", "item 8"))
    assert desk.visit.kept["axes"]["chosen"] == spec.name
    assert desk.visit.kept["axes"]["step"] == "Look"
    assert len(pickle.dumps(desk.visit.kept)) < 2000


def test_axes_too_long_for_the_address_are_said_to_be(built):
    crowd = AxisSpec(
        "crowd", "poles", Pole("low", ids=tuple(f"far item {i}" for i in range(900))), Pole("high", ids=("item 1",))
    )
    for axes, told in ((built.recipe, False), (with_axis(built.recipe, crowd), True)):
        DESKS.append(Desk(Session(Settings(), example_source(), axes), built, published(built)[0]))
        app = AppTest.from_function(page, default_timeout=WAIT).run()
        assert not app.exception
        assert any("address leaves these axes out" in one.value for one in app.caption) == told


def said(app: AppTest) -> str:
    return " ".join(str(one.proto.body) for one in app.get("html"))
