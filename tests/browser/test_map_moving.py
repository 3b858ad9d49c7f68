"""The map in a real browser: moving it, by mouse, keys and fingers; its legend; what happens when things go wrong."""

from __future__ import annotations

import pytest

from tests.browser.map_driver import APP, SMALL, MapDriver

SQUARE = [(0.35, 0.3), (0.65, 0.3), (0.65, 0.7), (0.35, 0.7)]


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
    all_groups = map_.agreed()
    map_.page.locator(".group").nth(0).click()
    map_.told("hidden [0]")
    assert map_.agreed() < all_groups


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


def test_motion_is_spared_who_asks_for_it(map_address, open_page):
    map_ = MapDriver.on(open_page(reduced_motion="reduce"), map_address)
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
