"""What dresses the map acts at once, ends up in the recipe, and can be taken back."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from cartography.records import Recipe


def page(text: str, column: str) -> None:
    """The controls over a map whose recipe is kept as the map page keeps it."""
    import numpy as np
    import pandas as pd
    import streamlit as st

    from cartography.drawing.palettes import colours_of
    from cartography.land.colouring import colouring_of
    from cartography.records import Recipe
    from dashboard.panels.dressing.dress import choose_colours, choose_dress

    memory = st.session_state
    recipe = memory.setdefault("recipe", Recipe.from_json(text))
    several = [*["Europe"] * 5, *["*Japan*"] * 4, *["USA"] * 3]
    columns = {"three": several, "number": np.linspace(0, 1, 12)}
    colouring = colouring_of(pd.DataFrame(columns), column)
    wanted = choose_dress(recipe, "cars.npy", 0)
    wanted = choose_colours(wanted, colouring, colours_of(colouring, wanted.theme, None, wanted.colors), 0)
    if wanted != recipe:
        memory.recipe = wanted
        st.rerun()
    st.code(recipe.to_json())


def drawn(recipe: Recipe = Recipe(), column: str = "three") -> AppTest:  # noqa: B008
    app = AppTest.from_function(page, args=(recipe.to_json(), column), default_timeout=60).run()
    assert not app.exception
    return app


def recipe_of(app: AppTest) -> Recipe:
    assert not app.exception
    return Recipe.from_json(app.code[0].value)


def picked(app: AppTest, group: str, colour: str) -> None:
    box = app.selectbox[1]
    box.select(next(option for option in box.options if option.startswith(group))).run()
    app.color_picker[0].pick(colour).run()


def test_untouched_controls_change_nothing():
    for recipe in (Recipe(), Recipe(title="A", theme="night", hide=("fog", "scale"), colors={"USA": "#010203"})):
        assert recipe_of(drawn(recipe)) == recipe


def test_parts_switched_off_are_hidden_and_come_back():
    app = drawn()
    layers, furniture = app.button_group
    layers.unselect("fog").run()
    furniture.unselect("legend").run()
    assert recipe_of(app).hide == ("fog", "legend")
    app.button_group[0].select("fog").run()
    assert recipe_of(app).hide == ("legend",)


def test_a_title_is_typed_and_an_empty_one_is_the_files_name():
    app = drawn(Recipe(title="Old"))
    assert app.text_input[0].value == "Old"
    assert app.text_input[0].placeholder == "cars.npy"
    app.text_input[0].input("  New & <i>fine</i> ").run()
    assert recipe_of(app).title == "New & <i>fine</i>"
    app.text_input[0].input("   ").run()
    assert recipe_of(app).title is None


def test_spelling_and_theme_are_switched():
    app = drawn()
    app.toggle[0].set_value(True).run()
    app.selectbox[0].select("night").run()
    assert (recipe_of(app).fantasy_names, recipe_of(app).theme) == (True, "night")


def test_a_group_gets_a_colour_which_is_reset_alone_or_with_all():
    app = drawn()
    picked(app, "USA", "#112233")
    picked(app, "*Japan*", "#445566")
    assert recipe_of(app).colors == {"USA": "#112233", "*Japan*": "#445566"}
    next(button for button in app.button if button.label == "Reset").click().run()
    assert recipe_of(app).colors == {"*Japan*": "#445566"}
    picked(app, "Europe", "#778899")
    next(button for button in app.button if button.label == "Reset all colours").click().run()
    assert recipe_of(app).colors == {}


def test_another_theme_leaves_groups_its_own_colours_and_keeps_the_chosen():
    app = drawn(Recipe(colors={"USA": "#112233"}))
    before = app.color_picker[0].value
    app.selectbox[0].select("night").run()
    assert recipe_of(app).colors == {"USA": "#112233"}
    assert app.color_picker[0].value != before


def test_a_reset_group_shows_the_colour_of_the_theme_again():
    app = drawn()
    usual = app.color_picker[0].value
    app.color_picker[0].pick("#112233").run()
    assert app.color_picker[0].value == "#112233"
    next(button for button in app.button if button.label == "Reset").click().run()
    assert app.color_picker[0].value == usual
    assert recipe_of(app) == Recipe()


def test_a_scale_has_no_groups_to_colour_and_says_so():
    app = drawn(Recipe(colors={"USA": "#112233"}), "number")
    assert not app.color_picker
    assert "Colour by" in app.caption[0].value
    assert recipe_of(app).colors == {"USA": "#112233"}


def test_names_of_groups_are_shown_as_text_never_as_markup():
    app = drawn(Recipe(colors={"<b>x</b>": "#112233", "*Japan*": "#010203"}))
    assert any("*Japan*" in html.proto.body for html in app.get("html"))
    assert not any("<b>" in html.proto.body for html in app.get("html"))
