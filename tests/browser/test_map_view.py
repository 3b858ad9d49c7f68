"""The map in a real browser: what a person sees and chooses on it, and what Python hears of it."""

from __future__ import annotations

import math

import pytest

from tests.browser.map_driver import APP, SMALL, MapDriver

SQUARE = [(0.35, 0.3), (0.65, 0.3), (0.65, 0.7), (0.35, 0.7)]
LEFT = [(0.2, 0.2), (0.5, 0.2), (0.5, 0.8), (0.2, 0.8)]


# ------------------------------------------------------------------------ seeing
def test_points_names_and_status_appear(map_):
    assert map_.fact("shown") == "2000"
    assert map_.page.locator(".status").inner_text() == "All 2,000 items shown"
    colour = map_.ask("(view) => view.names.colours[0]")
    assert map_.painted(colour) > 100
    assert map_.ask("(view) => view.land.labels.placed.length") > 5


def test_labels_never_cover_each_other(map_):
    for zoom in (1, 3, 9):
        overlaps = map_.ask(
            """(view, zoom) => {
                view.camera.look({ ...view.camera.home(), zoom });
                view.moved();
                view.land.labels.draw(view.context, view.camera, 1);
                const { scale } = view.camera;
                const upright = view.land.labels.placed.filter((label) => !label.slanted);
                const boxes = upright.map(({ x, y, dx, dy, width, style }) => {
                    const [mx, my] = [x * scale + dx, -y * scale + dy];
                    return [mx - width / 2, my - style.size / 2, mx + width / 2, my + style.size / 2];
                });
                return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
                    a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1])).length;
            }""",
            zoom,
        )
        assert overlaps == 0


def test_the_number_shown_is_honest_and_grows_with_zoom(launch, page):
    map_ = MapDriver.on(page, launch(APP, env=SMALL | {"MAP_ITEMS": "120000"}))
    shown = map_.number("shown")
    assert shown < 120_000
    assert page.locator(".status").inner_text() == f"{int(shown):,} of 120,000 items shown"
    map_.focus()
    for _ in range(7):
        page.keyboard.press("+")
    map_.wait(shown="120000")


def test_the_look_of_every_theme_reaches_the_canvas(launch, page):
    for theme, sea in (("plain", "#ffffff"), ("night", "#0e1620")):
        map_ = MapDriver.on(page, launch(APP, env={"MAP_ITEMS": "500", "MAP_THEME": theme}))
        assert map_.ask("(view) => view.data.theme.sea") == sea
        assert map_.painted(sea) > 50_000


def test_hover_shows_the_card_beside_the_pointer(map_):
    item = map_.top_item(1003)
    map_.page.mouse.move(*map_.spot(item))
    map_.wait(hovered=item)
    card = map_.page.locator(".card")
    card.wait_for()
    row = map_.ask("(view, i) => view.card.known.get(i).fields[1][1]", item)
    assert card.locator(".title").inner_text() == f"item {row}"
    map_.page.mouse.move(*map_.sea())
    map_.wait(hovered=-1)
    assert card.is_hidden()


def test_markup_in_labels_stays_text(launch, page):
    map_ = MapDriver.on(page, launch(APP, env=SMALL | {"MAP_NAMES": "hostile"}))
    map_.page.mouse.move(*map_.spot(map_.top_item(1003)))
    page.locator(".card dd").first.wait_for()
    assert "<img src=x" in page.locator(".card dd").first.inner_text()
    assert "<img src=x" in page.locator(".group").first.inner_text()
    assert page.evaluate("window.hurt") is None
    assert page.locator(".map img").count() == 0


# --------------------------------------------------------------------- selecting
def test_a_click_draws_spokes_and_tells_python(map_):
    item = map_.top_item(11)
    map_.page.mouse.click(*map_.spot(item))
    map_.wait(selected=item, neighbours=8)
    row = map_.ask("async (view, i) => (await view.source.card(i)).fields[1][1]", item)
    map_.told(f"selected {row}")


def test_a_town_is_its_item_even_where_that_is_not_drawn(launch, page):
    map_ = MapDriver.on(page, launch(APP, env=SMALL | {"MAP_ITEMS": "120000"}))
    shown = map_.number("shown")
    town = map_.ask(
        """(view, shown) => {
            const box = view.panel.canvas.getBoundingClientRect();
            const { x, y, item } = view.land.labels.placed.findLast((label) => label.rank !== undefined);
            return [box.x + view.camera.screenX(x), box.y + view.camera.screenY(y), item];
        }""",
        shown,
    )
    map_.page.mouse.click(*town[:2])
    map_.wait(selected=town[2], neighbours=8)


@pytest.mark.parametrize("way", ["sea", "Escape", "double"])
def test_a_selection_is_cleared(map_, way):
    map_.page.mouse.click(*map_.spot(map_.top_item(11)))
    map_.wait_other(selected="")
    if way == "sea":
        map_.page.mouse.click(*map_.sea())
    elif way == "double":
        map_.page.mouse.dblclick(*map_.sea())
    else:
        map_.page.keyboard.press("Escape")
    map_.wait(selected="", neighbours=0)
    map_.told("selected None")


def test_python_selects_and_an_old_echo_undoes_nothing(map_):
    map_.page.get_by_role("button", name="Select row 7").click()
    map_.wait_other(selected="")
    ordered = map_.fact("selected")
    other = map_.top_item(40)
    map_.page.mouse.click(*map_.spot(other))
    map_.wait(selected=other)
    map_.page.get_by_role("button", name="Run again").click()
    map_.wait(selected=other)
    map_.page.get_by_role("button", name="Select row 7").click()
    map_.wait(selected=ordered)
    map_.page.get_by_role("button", name="Select nothing").click()
    map_.wait(selected="")


def test_what_python_selects_comes_into_view(map_):
    map_.focus()
    map_.page.keyboard.press("+")
    map_.ask(
        "(view) => { view.camera.look({ x: view.camera.frame[0], y: view.camera.frame[1], zoom: 20 }); view.moved() }"
    )
    map_.page.get_by_role("button", name="Select row 7").click()
    map_.wait_other(selected="")
    map_.until_selected_shows()


def test_control_z_takes_back(map_):
    first = map_.top_item(11)
    map_.page.mouse.click(*map_.spot(first))
    map_.wait(selected=first)
    map_.loop(SQUARE)
    map_.wait_other(count=0)
    map_.page.keyboard.press("Escape")
    map_.wait(selected="", count=0)
    map_.page.keyboard.press("Control+z")
    map_.wait(selected=first)
    assert map_.agreed() > 0
    map_.page.keyboard.press("Control+z")
    map_.wait(selected=first, count=0)
    map_.told("lassoed 0")


# ------------------------------------------------------------------------- lasso
def test_lassoes_set_add_and_subtract_as_numpy_does(map_):
    map_.loop(SQUARE)
    map_.wait_other(count=0)
    one = map_.agreed()
    map_.loop(LEFT, ("Shift", "Control"))
    map_.told("steps set add")
    two = map_.agreed()
    map_.loop([(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)], ("Shift", "Alt"))
    map_.told("steps set add subtract")
    three = map_.agreed()
    assert two > one > 0
    assert three < two
    map_.loop(SQUARE)
    map_.told("steps set")
    assert map_.agreed() == one


def test_items_outside_the_lasso_are_dimmed_but_there(map_):
    inked = """(view) => {
        const alphas = [...view.splat.pixels].map((pixel) => pixel >>> 24);
        return [alphas.filter((alpha) => alpha > 200).length, alphas.filter((alpha) => alpha > 0).length];
    }"""
    _, everything = map_.ask(inked)
    map_.loop([(0.02, 0.84), (0.06, 0.84), (0.06, 0.88), (0.02, 0.88)])
    map_.told("steps set")
    map_.wait(count=0)
    strong, there = map_.ask(inked)
    assert strong == 0
    assert there > 0.8 * everything
    assert map_.fact("shown") == "2000"


def test_the_lasso_button_draws_without_a_key(map_):
    map_.page.get_by_role("button", name="Lasso (Shift+drag)").click()
    map_.loop(SQUARE, ())
    map_.wait_other(count=0)
    map_.page.locator(".bar").get_by_text("Add").click()
    map_.loop(LEFT, ())
    map_.told("steps set add")
    assert map_.agreed() > 0
    map_.page.get_by_role("button", name="Remove: lasso").click()
    map_.wait(count=0)
    map_.told("lassoed 0")


def test_a_long_scribble_is_sent_with_few_corners(map_):
    rounds = [(0.5 + 0.2 * r * math.cos(t), 0.5 + 0.3 * r * math.sin(t)) for t, r in wobble(300)]
    map_.loop(rounds, steps=1)
    map_.wait_other(count=0)
    map_.agreed()
    assert map_.ask("(view) => view.choices.steps[0].polygon.length") <= 200


def wobble(n: int) -> list[tuple[float, float]]:
    return [(6.28 * i / n, 1 + 0.15 * (-1) ** i) for i in range(n)]
