"""The map in a real browser: what a person does on it, and what Python hears of it."""

from __future__ import annotations

import math

import pytest

from tests.browser.map_driver import MapDriver

APP = "tests/browser/apps/map_app.py"
SMALL = {"MAP_ITEMS": "2000", "MAP_TILES": "plain"}
SQUARE = [(0.35, 0.3), (0.65, 0.3), (0.65, 0.7), (0.35, 0.7)]
LEFT = [(0.2, 0.2), (0.5, 0.2), (0.5, 0.8), (0.2, 0.8)]


@pytest.fixture(scope="module")
def address(launch):
    return launch(APP, env=SMALL)


@pytest.fixture
def map_(address, page):
    return MapDriver.on(page, address)


def painted(map_: MapDriver, colour: str) -> int:
    """How many pixels of the canvas have about this colour."""
    return map_.ask(
        """(view, hex) => {
            const want = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
            const { canvas } = view.panel, { data } = view.context.getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
                if (want.every((value, j) => Math.abs(data[i + j] - value) < 24)) count++;
            }
            return count;
        }""",
        colour,
    )


def agreed(map_: MapDriver) -> int:
    """The number of lassoed items, once Python and the browser say the same."""
    count = map_.fact("count")
    map_.told(f"lassoed {count}")
    return int(count)


# ------------------------------------------------------------------------ seeing
def test_points_names_and_status_appear(map_):
    assert map_.fact("shown") == "2000"
    assert map_.page.locator(".status").inner_text() == "All 2,000 items shown"
    colour = map_.ask("(view) => view.names.colours[0]")
    assert painted(map_, colour) > 100
    assert map_.ask("(view) => view.labels.placed.length") > 5


def test_labels_never_cover_each_other(map_):
    for zoom in (1, 3, 9):
        overlaps = map_.ask(
            """(view, zoom) => {
                view.camera.look({ ...view.camera.home(), zoom });
                view.moved();
                view.labels.draw(view.context, view.camera, 1);
                const { scale } = view.camera;
                const upright = view.labels.placed.filter((label) => !label.slanted);
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
        assert painted(map_, sea) > 50_000


def test_hover_shows_the_card_beside_the_pointer(map_):
    item = map_.top_item(3)
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
    map_.page.mouse.move(*map_.spot(map_.top_item(3)))
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
            const { x, y, item } = view.labels.placed.findLast((label) => label.rank !== undefined);
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
    map_.until(
        """(view) => {
            const [x, y] = view.points.xy.subarray(2 * view.choices.selected);
            return view.camera.shows(x, y);
        }"""
    )


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
    assert agreed(map_) > 0
    map_.page.keyboard.press("Control+z")
    map_.wait(selected=first, count=0)
    map_.told("lassoed 0")


# ------------------------------------------------------------------------- lasso
def test_lassoes_set_add_and_subtract_as_numpy_does(map_):
    map_.loop(SQUARE)
    map_.wait_other(count=0)
    one = agreed(map_)
    map_.loop(LEFT, ("Shift", "Control"))
    map_.told("steps set add")
    two = agreed(map_)
    map_.loop([(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)], ("Shift", "Alt"))
    map_.told("steps set add subtract")
    three = agreed(map_)
    assert two > one > 0
    assert three < two
    map_.loop(SQUARE)
    map_.told("steps set")
    assert agreed(map_) == one


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
    assert agreed(map_) > 0
    map_.page.get_by_role("button", name="Clear the lasso (Esc)").click()
    map_.wait(count=0)
    map_.told("lassoed 0")


def test_a_long_scribble_is_sent_with_few_corners(map_):
    rounds = [(0.5 + 0.2 * r * math.cos(t), 0.5 + 0.3 * r * math.sin(t)) for t, r in wobble(300)]
    map_.loop(rounds, steps=1)
    map_.wait_other(count=0)
    agreed(map_)
    assert map_.ask("(view) => view.choices.steps[0].polygon.length") <= 200


def wobble(n: int) -> list[tuple[float, float]]:
    return [(6.28 * i / n, 1 + 0.15 * (-1) ** i) for i in range(n)]


# ------------------------------------------------------------------------ moving
def test_the_wheel_zooms_at_the_pointer(map_):
    item = map_.top_item(11)
    before = map_.spot(item)
    map_.page.mouse.move(*before)
    map_.page.mouse.wheel(0, -240)
    map_.wait_other(zoom="1.000")
    map_.wait_ready()
    assert map_.number("zoom") > 1.2
    assert map_.spot(item) == pytest.approx(before, abs=2.5)


def test_a_drag_pans_and_the_view_is_reported(map_):
    before = map_.spot(0)
    x, y = map_.at(0.5, 0.5)
    map_.page.mouse.move(x, y)
    map_.page.mouse.down()
    map_.page.mouse.move(x - 120, y - 40, steps=6)
    map_.page.mouse.up()
    assert map_.spot(0) == pytest.approx((before[0] - 120, before[1] - 40), abs=3)
    assert map_.fact("selected") == ""
    map_.told("zoom 1.0")


def test_keys_pan_zoom_select_and_go_home(map_):
    map_.focus()
    before = map_.spot(0)
    map_.page.keyboard.press("ArrowRight")
    assert map_.spot(0)[0] < before[0] - 20
    map_.page.keyboard.press("+")
    map_.wait_other(zoom="1.000")
    map_.page.keyboard.press("Home")
    map_.wait(zoom="1.000")
    assert map_.spot(0) == pytest.approx(before, abs=2)
    map_.page.keyboard.press("Enter")
    map_.wait_other(selected="")


def test_buttons_zoom_and_go_home(map_):
    map_.page.get_by_role("button", name="Zoom in (+)").click()
    map_.wait_other(zoom="1.000")
    map_.page.get_by_role("button", name="Show the whole map (Home)").click()
    map_.wait(zoom="1.000")


def test_the_map_follows_its_box(map_):
    map_.page.set_viewport_size({"width": 900, "height": 700})
    map_.until("(view) => view.root.clientWidth < 900 && view.camera.width === view.root.clientWidth")
    map_.wait_ready()
    assert map_.ask("(view) => view.panel.canvas.width === view.root.clientWidth")
    assert map_.number("zoom") == 1


# ------------------------------------------------------------------------ legend
def test_the_legend_toggles_and_solos(map_):
    rows = map_.page.locator(".group")
    rows.nth(0).click()
    map_.told("hidden [0]")
    assert map_.number("shown") < 2000
    rows.nth(0).click()
    map_.told("hidden []")
    rows.nth(2).dblclick()
    map_.told("hidden [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11]")
    assert rows.nth(2).get_attribute("aria-pressed") == "true"
    assert map_.number("shown") < 200
    rows.nth(2).dblclick()
    map_.told("hidden []")
    map_.wait(shown=2000)


def test_groups_switched_off_are_not_lassoed(map_):
    map_.loop(SQUARE)
    map_.wait_other(count=0)
    all_groups = agreed(map_)
    map_.page.locator(".group").nth(0).click()
    map_.told("hidden [0]")
    assert agreed(map_) < all_groups


def test_many_groups_unfold_on_demand(launch, page):
    map_ = MapDriver.on(page, launch(APP, env=SMALL | {"MAP_COLOURS": "many"}))
    assert page.locator(".group:visible").count() == 12
    page.locator(".more").click()
    assert page.locator(".group:visible").count() == 400
    assert map_.fact("shown") == "2000"


def test_another_colour_keeps_the_points(map_):
    fetched = []
    map_.page.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[-1]))
    map_.page.get_by_text("Numbers", exact=True).click()
    map_.page.locator(".ramp").wait_for()
    map_.wait_ready()
    assert map_.page.locator(".ends").inner_text().split() == ["0", "21.25"]
    assert "codes" in fetched
    assert "points" not in fetched


def test_groups_switched_off_come_back_with_another_colour(map_):
    map_.page.locator(".group").nth(0).click()
    map_.told("hidden [0]")
    map_.page.get_by_text("Numbers", exact=True).click()
    map_.wait(shown=2000)
    map_.told("hidden []")


# ------------------------------------------------------------------------- touch
@pytest.fixture
def phone(address, open_page):
    return MapDriver.on(
        open_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True),
        address,
    )


def test_a_tap_shows_the_card_and_selects(phone):
    item = phone.ask("(view) => view.points.under(view.camera, view.camera.width / 2, view.camera.height / 2, 200)")
    phone.page.touchscreen.tap(*phone.spot(item))
    phone.wait_other(selected="")
    phone.page.locator(".card").wait_for()


def test_two_fingers_zoom(phone):
    session = phone.page.context.new_cdp_session(phone.page)
    (x, y) = phone.at(0.5, 0.5)

    def touch(kind: str, *spans: float) -> None:
        points = [{"x": x + side, "y": y, "id": i} for i, side in enumerate(spans)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -40, 40)
    for span in (50, 60, 80, 100, 120):
        touch("touchMove", -span, span)
    touch("touchEnd")
    phone.wait_other(zoom="1.000")
    assert phone.number("zoom") == pytest.approx(3, rel=0.15)
    assert phone.fact("selected") == ""


def test_on_a_phone_the_legend_is_folded_and_buttons_are_large(phone):
    assert phone.page.locator(".group:visible").count() == 0
    phone.page.locator(".legend .head").tap()
    assert phone.page.locator(".group:visible").count() == 12
    sizes = [box.bounding_box() for box in phone.page.locator(".map button:visible").all()]
    assert all(size["height"] >= 40 for size in sizes)
    assert phone.ask("(view) => view.panel.canvas.width === 2 * view.root.clientWidth")


def test_a_machine_that_falters_draws_coarse_while_moving_only(phone):
    width = phone.ask("(view) => view.root.clientWidth")
    phone.ask("(view) => { view.pace.falters = true; view.hand.pan(5, 0); }")
    phone.until(f"(view) => view.panel.canvas.width === {width}")
    phone.until(f"(view) => view.panel.canvas.width === {2 * width}")
    phone.wait_ready()


# ----------------------------------------------------------------- for everybody
def test_the_map_names_itself_and_its_towns(map_):
    canvas = map_.page.locator(".map canvas").first
    assert canvas.get_attribute("aria-label") == "Map of Random walks: 2,000 items."
    assert canvas.get_attribute("tabindex") == "0"
    assert map_.page.locator(".map table tr").count() == 121
    assert all(button.get_attribute("aria-label") for button in map_.page.locator(".controls button").all())


def test_motion_is_spared_who_asks_for_it(address, open_page):
    map_ = MapDriver.on(open_page(reduced_motion="reduce"), address)
    map_.page.get_by_role("button", name="Zoom in (+)").click()
    map_.wait(zoom="1.600")
    assert not map_.ask("(view) => view.motion.moving")


def test_a_map_put_away_says_so_and_comes_back(map_, trouble):
    map_.page.get_by_role("button", name="Put away").click()
    map_.page.mouse.move(*map_.spot(map_.top_item(3)))
    notice = map_.page.locator(".notice")
    map_.wait(notice="lost")
    assert notice.locator("p").inner_text() == "This map was put away. Reload to open it again."
    map_.told("lost True")
    map_.page.get_by_role("button", name="Bring back").click()
    map_.wait(notice="")
    map_.wait_ready()
    map_.page.mouse.click(*map_.spot(map_.top_item(11)))
    map_.wait(neighbours=8)
    trouble.clear()


def test_it_works_below_a_base_path(launch, page):
    map_ = MapDriver.on(page, launch(APP, env=SMALL, base_path="some/where"))
    map_.page.mouse.click(*map_.spot(map_.top_item(11)))
    map_.wait(neighbours=8)


def test_running_the_script_again_keeps_the_view_and_fetches_nothing(map_):
    map_.focus()
    map_.page.keyboard.press("+")
    map_.wait_other(zoom="1.000")
    map_.told("zoom 1.6")
    map_.ask("(view) => { view.mine = true }")
    fetched = []
    map_.page.on("request", lambda request: fetched.append(request.url))
    map_.page.get_by_role("button", name="Run again").click()
    map_.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    assert map_.ask("(view) => view.mine")
    assert map_.number("zoom") == pytest.approx(1.6, abs=0.01)
    assert not [url for url in fetched if "_map/" in url]
