"""Axes and recipes that somebody may send or edit: refused in a sentence, with a way on, in bounded time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from cartography.concepts.axes.in_recipes import without_axes
from cartography.errors import ParameterError
from cartography.records import Recipe
from dashboard.jobs import JOBS
from dashboard.views import map_page

PAGE = Path(dashboard.__file__).parent / "page.py"
WAYS = ["Draw the usual map", "Forget the axes"]
LOW, HIGH = {"name": "a", "ids": ["1"]}, {"name": "b", "ids": ["nobody"]}
GONE = {"name": "gone", "low": LOW, "high": HIGH}
REST = {"name": "rest", "kind": "rest", "of": ["gone"]}


@pytest.mark.parametrize(
    "text",
    [
        '{"method_params":' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"method_params":' + '{"a":' * 900 + "1" + "}" * 901,
        '{"axes":' + '[{"low":' * 50_000,
        '{"title":"\\ud800"}',
        json.dumps({"axes": [{**GONE, "name": "half \ud800"}]}),
        json.dumps({"axes": [{**GONE, "low": {"name": "a", "ids": ["\udfff"]}}]}),
        json.dumps({"axes": [{**GONE, "column": 5}]}),
        json.dumps({"axes": [{**GONE, "name": f"axis {one}"} for one in range(20_000)]}),
    ],
    ids=["deep list", "deep choice", "unclosed", "title", "name", "id", "column", "many"],
)
def test_a_recipe_meant_badly_is_refused_in_a_sentence(text):
    with pytest.raises(ParameterError) as refusal:
        Recipe.from_json(text)
    assert len(refusal.value.sentence) < 400
    refusal.value.sentence.encode()


@pytest.mark.parametrize("axis", [{**GONE, "name": "\ud800"}, {**GONE, "low": {"name": "a", "ids": ["\ud800"]}}])
def test_half_characters_are_no_names_of_axes_wherever_they_come_from(axis):
    with pytest.raises(ParameterError) as refusal:
        Recipe(axes=(axis,))
    refusal.value.sentence.encode()


def test_a_recipe_loses_all_its_axes_at_once_and_a_map_on_them_its_method():
    used = Recipe(
        axes=(GONE, REST), method="axes", method_params={"x": "gone", "y": "Weight"}, color_by="rest", seed=7
    )
    assert without_axes(used) == Recipe(seed=7)
    other = used.replace(method="tsne", method_params={"perplexity": 9.0}, without=("gone",), color_by="Origin")
    assert without_axes(other) == other.replace(axes=(), without=())
    on_columns = Recipe(method="axes", method_params={"x": "left", "y": "long ago"})
    assert without_axes(on_columns) == Recipe()


def opened(**choices) -> AppTest:
    """The page of Car-Land whose map a recipe describes that was changed elsewhere."""
    app = drawn(AppTest.from_file(PAGE, default_timeout=60).run())
    visit = app.session_state["session"]
    visit.redraw(visit.recipe.replace(theme="night", **choices))
    return drawn(app)


def drawn(app: AppTest) -> AppTest:
    """Run the page once its map is there, or cannot be."""
    visit = app.session_state["session"]
    assert JOBS.get(visit.source, visit.recipe).wait(60)
    return app.run()


@pytest.mark.parametrize("words", WAYS)
def test_a_map_that_cannot_be_made_leaves_ways_on(words):
    app = opened(axes=(GONE,), seed=3)
    assert any("nobody" in html.proto.body for html in app.get("html"))
    (button,) = (one for one in app.button if one.label == words)
    button.click().run()
    drawn(app)
    assert not app.exception
    left = app.session_state["session"].recipe
    assert (left.axes, left.theme) == ((), "night")
    assert left.seed == (3 if words == "Forget the axes" else 0)
    assert not {one.label for one in app.button} & set(WAYS)


def test_only_ways_that_lead_elsewhere_are_offered():
    app = opened(color_by="no such column")
    assert [one.label for one in app.button if one.label in WAYS] == WAYS[:1]


def test_the_map_before_stays_while_another_of_the_same_items_is_made():
    app = drawn(AppTest.from_file(PAGE, default_timeout=60).run())
    visit = app.session_state["session"]
    first, usual = map_page._before(visit), visit.recipe
    assert first is JOBS.get(visit.source, usual).result
    visit.redraw(usual.replace(method="pca", method_params={"n_components": 3}, seed=99))
    assert map_page._before(visit) is first
    for other in ({"sample": 50}, {"axes": (GONE,)}, {"preparation": {"center": True}}):
        visit.redraw(usual.replace(**other))
        assert map_page._before(visit) is None
    visit.drawn = usual.replace(seed=123)
    visit.redraw(usual)
    assert map_page._before(visit) is None
    visit.open(visit.source)
    assert visit.drawn is None
