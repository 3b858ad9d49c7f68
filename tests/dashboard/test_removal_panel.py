"""The panel that takes axes out: it asks for another map, says what is shown, and tells what became of the items."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cartography import build_map
from cartography.records import AxisSpec, Pole, Recipe
from dashboard.panels.axes.removal import comparison_of, probes_table, recipe_with, shown_words, verdicts
from dashboard.settings import Settings
from dashboard.sources import Source
from dashboard.state import Session
from tests.data import blobs

HOSTILE = "<b>0 to *3*"
AXIS = AxisSpec(HOSTILE, "poles", Pole("0", column="group", values=("0",)), Pole("3", column="group", values=("3",)))
SHOWN: list = []


@pytest.fixture(scope="module")
def whole():
    return build_map(blobs(), Recipe(method="pca", axes=(AXIS.to_mapping(),)))


@pytest.fixture(scope="module")
def without(whole):
    return build_map(blobs(), Recipe(method="pca", axes=(AXIS.to_mapping(),), without=(HOSTILE,)))


def desk_of(built, recipe):
    colours = ["#123456"] * 10_000
    return SimpleNamespace(
        visit=Session(Settings(), Source(("x",)), recipe),
        built=built,
        world=SimpleNamespace(colours=colours),
        key=lambda name: f"{name}-0",
        select=lambda row, turn=True: None,
    )


def page():
    """Run by AppTest as a script of its own."""
    from dashboard.panels.axes.removal import show_removal
    from tests.dashboard.test_removal_panel import SHOWN

    show_removal(SHOWN[-1])


def said(app) -> str:
    return " ".join(str(one.proto.body) for one in app.get("html"))


def test_an_axis_is_chosen_and_taken_out_or_kept(whole):
    desk = desk_of(whole, Recipe(method="pca", axes=whole.recipe.axes))
    SHOWN.append(desk)
    app = AppTest.from_function(page, default_timeout=60).run()
    assert app.button(key="removal-take-0").disabled
    app.multiselect[0].set_value([HOSTILE]).run()
    app.button(key="removal-take-0").click().run()
    assert not app.exception
    assert desk.visit.recipe.without == (HOSTILE,)
    assert desk.visit.redraws == 1
    app.button(key="removal-keep-0").click().run()
    assert (desk.visit.recipe.without, desk.visit.recipe.only) == ((), (HOSTILE,))


def test_what_is_shown_is_said_compared_and_put_back(without):
    desk = desk_of(without, Recipe(method="pca", axes=without.recipe.axes, without=(HOSTILE,)))
    SHOWN.append(desk)
    app = AppTest.from_function(page, default_timeout=60).run()
    for _ in range(40):
        if "BEFORE AND AFTER" in said(app):
            break
        app.run()
    assert not app.exception
    assert "The map shows the vectors without" in said(app)
    assert "<b>" not in said(app)
    assert "BEFORE AND AFTER" in said(app)
    assert len(app.dataframe[0].value) == 2
    app.button(key="removal-back-0").click().run()
    assert desk.visit.recipe.without == ()


def test_the_axis_that_was_taken_out_comes_first_with_what_became_of_it(without):
    found = comparison_of(without).find_out(lambda event: None)
    table = probes_table(found, (HOSTILE,))
    assert list(table["of"]) == [HOSTILE, "group"]
    assert table["straight probe"][0].startswith("1.00 → ")
    assert verdicts(found, (HOSTILE,))[0].startswith(f"{HOSTILE}: ")
    assert not any(
        isinstance(value, np.ndarray) and value.ndim > 1 for value in vars(found).values()
    )  # no vectors kept


def test_a_map_of_columns_is_drawn_anew_by_umap():
    axes = ({**AXIS.to_mapping(), "name": "a"},)
    shown = Recipe(method="axes", method_params={"x": "a", "y": "a"}, axes=axes)
    changed = recipe_with(shown, "axes", ("a",), ())
    assert (changed.method, dict(changed.method_params), changed.without) == ("umap", {}, ("a",))
    assert recipe_with(Recipe(axes=axes), "pca", (), ("a",)).method is None
    assert "nothing but “a”" in shown_words(Recipe(axes=axes, only=("a",)))
