"""The sidebar's choices end up in the recipe."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from cartography.records import Recipe


def page(text: str) -> None:
    import streamlit as st

    from cartography.records import Recipe
    from dashboard.panels.dressing.controls import choose_recipe
    from tests.data import blobs

    st.code(choose_recipe(blobs(60), Recipe.from_json(text), 0).to_json())


def drawn(recipe: Recipe) -> AppTest:
    return AppTest.from_function(page, args=(recipe.to_json(),), default_timeout=60).run()


def chosen(app: AppTest) -> Recipe:
    app.button(key="draw-0").click().run()
    assert not app.exception
    return Recipe.from_json(app.code[0].value)


def test_a_preparation_is_chosen_step_by_step_and_waits_for_the_button():
    app = drawn(Recipe())
    assert app.button(key="draw-0").disabled
    app.checkbox(key="parameter-preparation-0-center").check().run()
    app.number_input(key="parameter-preparation-0-pca").set_value(5).run()
    assert Recipe.from_json(app.code[0].value).preparation is None
    assert chosen(app).preparation == {"center": True, "pca": 5}


def test_what_the_recipe_prepares_is_shown_and_can_be_taken_back():
    app = drawn(Recipe(preparation={"whiten": True, "remove_top": 2}))
    assert app.checkbox(key="parameter-preparation-0-whiten").value
    assert app.number_input(key="parameter-preparation-0-remove_top").value == 2
    app.checkbox(key="parameter-preparation-0-whiten").uncheck().run()
    app.number_input(key="parameter-preparation-0-remove_top").set_value(0).run()
    assert chosen(app).preparation is None


def test_a_choice_left_open_stays_a_choice_when_the_page_runs_again():
    """A box whose value is None would be drawn empty, as "Choose an option", wherever it is mounted anew."""
    app = drawn(Recipe())
    app.run()
    for box in app.selectbox:
        assert box.proto.HasField("default"), box.label
    assert app.selectbox(key="Colour by-0").proto.options[0] == "Chosen for you"
