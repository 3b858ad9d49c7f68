"""What dresses the map, in a real browser: layers, colours, title; and the address that keeps it all."""

from __future__ import annotations

import re

import pytest

from tests.browser.map_driver import MapDriver

APP = "dashboard/app.py"
A_WHILE = 180_000


@pytest.fixture(scope="module")
def address(launch):
    return launch(APP)


def open_drawer(page, name: str):
    page.get_by_test_id("stExpander").get_by_text(name, exact=True).click()


def wait_in_address(page, part: str):
    page.wait_for_function("part => location.search.includes(part)", arg=part)


def type_title(page, title: str):
    box = page.get_by_role("textbox", name="Title")
    box.fill(title)
    box.press("Enter")


def choose_theme(page, name: str):
    page.get_by_role("combobox", name=re.compile("Theme")).click()
    page.get_by_role("option", name=name, exact=True).click()


def zoomed_in(map_: MapDriver) -> str:
    """Zoom in beside the middle, and wait until the address says so."""
    map_.page.mouse.move(*map_.at(0.4, 0.6))
    map_.page.mouse.wheel(0, -700)
    wait_in_address(map_.page, "view=")
    map_.until("(view) => !view.motion.moving")
    return map_.fact("zoom")


def test_a_layer_is_switched_off_and_on_while_points_and_tiles_stay(page, address):
    map_ = MapDriver.on(page, address)
    base, style = map_.ask("(view) => [view.data.base, view.tiles.source.style]")
    open_drawer(page, "Layers and furniture")
    page.get_by_role("button", name="Towns", exact=True).click()
    map_.until("(view) => view.data.showing.hidden.includes('towns')")
    wait_in_address(page, "hide=towns")
    page.get_by_text("Fantasy spelling").click()
    map_.until("(view) => view.data.showing.fantasyNames")
    page.get_by_role("button", name="Towns", exact=True).click()
    map_.until("(view) => !view.data.showing.hidden.length")
    assert map_.ask("(view) => [view.data.base, view.tiles.source.style]") == [base, style]
    map_.wait_ready()


def test_land_without_tints_is_painted_anew(page, address):
    map_ = MapDriver.on(page, address)
    style = map_.ask("(view) => view.data.keys.style")
    open_drawer(page, "Layers and furniture")
    page.get_by_role("button", name="Realm tints").click()
    map_.until(f"(view) => view.data.keys.style !== '{style}'")
    map_.wait_ready()


def test_a_colour_is_picked_for_a_group_and_seen_in_the_legend_and_on_the_map(page, address):
    map_ = MapDriver.on(page, address)
    assert map_.painted("#ff10d0") == 0
    open_drawer(page, "Colours of groups")
    page.wait_for_function("!document.querySelector('[data-testid=stApp][data-test-script-state=running]')")
    page.get_by_test_id("stColorPickerBlock").click()
    box = page.locator("input[id*=rc-editable-input], .chrome-picker input").first
    box.fill("#ff10d0")
    box.press("Enter")
    page.keyboard.press("Escape")
    map_.until("(view) => view.names?.legend.groups.some((group) => group.colour === '#ff10d0')")
    map_.wait_ready()
    swatches = map_.ask("(view) => [...view.legend.box.querySelectorAll('*')].map((e) => e.style.background)")
    assert "rgb(255, 16, 208)" in swatches
    assert map_.painted("#ff10d0") > 50
    wait_in_address(page, ":ff10d0")
    page.get_by_role("button", name="Reset", exact=True).click()
    map_.until("(view) => !view.names?.legend.groups.some((group) => group.colour === '#ff10d0')")


def test_a_title_stands_in_the_heading_and_in_the_picture(page, address):
    MapDriver.on(page, address)
    type_title(page, "Carria <b>& Sons</b>")
    page.get_by_role("heading", name="Carria <b>& Sons</b>").wait_for()
    page.get_by_test_id("stPopover").get_by_role("button").click()
    page.get_by_role("radio", name="SVG").click()
    with page.expect_download(timeout=A_WHILE) as download:
        page.get_by_role("button", name="Download SVG").click()
    assert "Carria &lt;b&gt;&amp; Sons&lt;/b&gt;" in download.value.path().read_text(encoding="utf-8")


def test_a_picture_shows_what_is_on_screen(page, address):
    map_ = MapDriver.on(page, address)
    zoomed_in(map_)
    page.get_by_test_id("stPopover").get_by_role("button").click()
    page.get_by_role("radio", name="SVG").click()
    page.get_by_text("Lines and letters stay sharp").wait_for()
    counts = {}
    for part in ("Whole map", "My view"):
        page.get_by_role("radio", name=part).click()
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        with page.expect_download(timeout=A_WHILE) as download:
            page.get_by_role("button", name="Download SVG").click()
        counts[part] = download.value.path().read_text(encoding="utf-8").count("<circle")
    assert counts["My view"] < counts["Whole map"]


def test_an_address_with_a_view_opens_on_that_view(page, address):
    map_ = MapDriver.on(page, f"{address}/?view=2.5,1.5,3.25")
    map_.wait(zoom="3.250")
    assert map_.ask("(view) => [view.camera.x, view.camera.y]") == [2.5, 1.5]


def test_the_map_one_looks_at_is_the_map_after_a_reload(page, address):
    map_ = MapDriver.on(page, address)
    item = map_.top_item(5)
    page.mouse.click(*map_.spot(item))
    map_.wait(selected=item)
    wait_in_address(page, "item=")
    choose_theme(page, "Night")
    wait_in_address(page, "theme=night")
    type_title(page, "Night drive")
    wait_in_address(page, "title=")
    zoom = zoomed_in(map_)
    steps = page.evaluate("history.length")
    place = map_.ask("(view) => [view.camera.x, view.camera.y, view.camera.scale]")
    page.reload()
    map_.wait_ready()
    map_.wait(zoom=zoom, selected=item)
    assert map_.ask("(view) => [view.camera.x, view.camera.y, view.camera.scale]") == pytest.approx(place, rel=1e-3)
    assert map_.ask("(view) => view.data.theme.name") == "night"
    page.get_by_role("heading", name="Night drive").wait_for()
    page.get_by_test_id("item-title").wait_for()
    assert page.evaluate("history.length") == steps


def test_a_hostile_address_opens_the_usual_map(page, address):
    wrong = "view=nan,1,1&theme=<script>alert(1)</script>&method=magic&color_by=nothing&item=%00&hide=a,b&file=/etc"
    map_ = MapDriver.on(page, f"{address}/?{wrong}")
    assert map_.fact("zoom") == "1.000"
    assert page.get_by_role("heading", name="Car-Land").is_visible()
    assert page.get_by_text("coloured by Origin").is_visible()


def test_the_view_is_kept_while_other_files_are_looked_for(page, address):
    map_ = MapDriver.on(page, address)
    zoom = zoomed_in(map_)
    page.get_by_role("button", name="Open files").click()
    page.get_by_role("button", name="Back to the map").click()
    map_.wait_ready()
    map_.wait(zoom=zoom)
