"""What is searched for, chosen beside the map or drawn over it: seen on the map, taken back and done again."""

from __future__ import annotations

import pytest

from examples.walks import at_rest
from tests.browser.map_driver import APP, SMALL, MapDriver

SQUARE = [(0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7)]
THIRDS = 667
FOUND = sum("199" in str(row) for row in range(2000))

PLACE = """(view, i) => [
    view.camera.screenX(view.points.xy[2 * i]), view.camera.screenY(view.points.xy[2 * i + 1])
]"""


def press(map_: MapDriver, name: str) -> None:
    at_rest(map_.page)
    map_.page.get_by_role("button", name=name, exact=True).click()


def search(map_: MapDriver, text: str) -> None:
    map_.page.locator(".search input[type=search]").fill(text)


def test_a_search_lights_items_and_tells_python(map_):
    search(map_, "199")
    map_.wait(lit=FOUND)
    map_.told("found 199")
    assert map_.page.locator(".search li button").first.inner_text().startswith("item ")
    map_.focus()  # the chips give way to the list of what was found
    map_.page.locator(".chip", has_text="“199”").wait_for()


def test_enter_steps_through_what_was_found(map_):
    search(map_, "199")
    map_.wait(lit=FOUND)
    box = map_.page.locator(".search input[type=search]")
    seen = []
    for _ in range(3):
        box.press("Enter")
        map_.wait_other(selected=seen[-1] if seen else "")
        seen.append(map_.fact("selected"))
    assert len(set(seen)) == 3
    box.press("Shift+Enter")
    map_.wait(selected=seen[1])
    map_.until_selected_shows()


def test_only_the_chosen_columns_are_searched(map_):
    name, count = map_.ask("(view) => [view.names.legend.groups[0].name, view.names.legend.groups[0].count]")
    search(map_, name)
    map_.wait_other(lit="")
    assert int(map_.fact("lit")) >= count
    press(map_, "Which columns to search in")
    map_.page.locator(".search .columns label", has_text="row").click()
    map_.wait(lit=0)


def test_what_cannot_be_searched_is_said(map_):
    press(map_, "Regular expression")
    search(map_, "(a+")
    map_.page.locator(".search p", has_text="No patterns here.").wait_for()
    map_.wait(lit="")


def test_search_and_lasso_hold_together(map_):
    map_.loop(SQUARE)
    map_.wait_other(lit="")
    inside = int(map_.fact("lit"))
    search(map_, "1")
    map_.wait_other(lit=inside)
    assert 0 < int(map_.fact("lit")) < inside


def test_what_python_lights_is_seen_and_can_be_taken_back_and_done_again(map_):
    press(map_, "Light thirds")
    map_.wait(lit=THIRDS, chips=1)
    key = map_.fact("chosen")
    map_.focus()
    map_.page.keyboard.press("Control+z")
    map_.wait(lit="", chips=0)
    map_.told("chosen ")
    map_.page.keyboard.press("Control+Shift+z")
    map_.wait(lit=THIRDS, chips=1)
    map_.told(f"chosen {key}")


def test_what_was_chosen_beside_the_map_is_taken_back_without_turning_to_it(map_):
    press(map_, "Light thirds")
    map_.wait(lit=THIRDS, chips=1)
    map_.page.keyboard.press("Control+z")
    map_.wait(lit="", chips=0)
    map_.page.keyboard.press("Control+Shift+z")
    map_.wait(lit=THIRDS, chips=1)


def test_enter_while_it_is_still_searched_goes_to_what_was_typed_last(map_):
    search(map_, "199")
    map_.wait(lit=FOUND)
    box = map_.page.get_by_role("searchbox")
    box.fill("1998")
    box.press("Enter")
    map_.page.locator(".search [role=status]", has_text="1 of 1").wait_for()
    map_.wait_other(selected="")


def test_every_kind_of_choice_is_taken_back_in_turn(map_):
    item = map_.top_item(11)
    map_.page.mouse.click(*map_.spot(item))
    map_.wait(selected=item)
    search(map_, "199")
    map_.wait(lit=FOUND)
    press(map_, "Light thirds")
    map_.wait_other(lit=FOUND)
    map_.page.locator(".group").first.click()
    map_.page.locator(".chip", has_text="1 group off").wait_for()
    map_.focus()
    for left in ("group", "thirds", "search", "item"):
        map_.page.keyboard.press("Control+z")
        if left == "group":
            map_.page.locator(".chip", has_text="1 group off").wait_for(state="detached")
        if left == "thirds":
            map_.wait(lit=FOUND)
        if left == "search":
            map_.wait(lit="", selected=item)
    map_.wait(selected="")
    for _ in range(4):
        map_.page.keyboard.press("Control+y")
    map_.page.locator(".chip", has_text="1 group off").wait_for()
    map_.wait(selected=item, chips=1)


def test_a_chip_asks_python_and_its_text_is_text(map_):
    press(map_, "Light thirds")
    map_.wait(chips=1)
    chip = map_.page.locator(".chip").first
    assert "<b>thirds</b>" in chip.inner_text()
    chip.click()
    map_.told("asked drop picked")


def test_only_what_is_lit_can_be_asked_for(map_):
    map_.loop(SQUARE)
    map_.wait_other(lit="")
    press(map_, "Draw only these items")
    map_.told("asked only")


def test_what_is_left_out_is_neither_drawn_nor_met(map_):
    press(map_, "Only thirds")
    map_.wait(shown=THIRDS)
    map_.wait(lit="")
    place = map_.ask("(view) => view.points.marks.indexOf(2)")
    assert map_.ask("(view, [x, y]) => view.points.under(view.camera, x, y, 0.01)", map_.ask(PLACE, place)) != place
    map_.loop(SQUARE)
    map_.wait_other(lit="")
    assert int(map_.fact("lit")) < THIRDS


def test_lit_items_are_drawn_though_there_is_no_room_for_all(launch, page):
    map_ = MapDriver.on(page, launch(APP, env=SMALL | {"MAP_ITEMS": "120000"}))
    assert map_.number("shown") < 110_000, "the last ones are not among those drawn"
    press(map_, "Light last")
    map_.wait(lit=50)
    assert map_.ask("(view) => view.points.beyond(view.camera).count") == 50
    item = map_.ask("(view) => view.points.first[0]")
    met = "(view, [x, y]) => view.points.marks[view.points.under(view.camera, x, y, 5)]"
    assert map_.ask(met, map_.ask(PLACE, item)) == 1


def test_a_panel_draws_over_the_map(map_):
    accent = map_.ask("(view) => view.data.theme.accent")
    before = map_.painted(accent)
    press(map_, "Draw over")
    map_.until("(view) => view.marks.overlay.spokes.length === 4")
    map_.until("(view) => view.frame === 0")
    assert map_.painted(accent) > before + 200
    assert map_.ask("(view) => view.marks.overlay.pins.map(({ label }) => label)") == ["<i>here</i>", "note"]


@pytest.mark.parametrize("keys", ["/", "Control+f"])
def test_a_key_leads_to_the_search_box(map_, keys):
    map_.focus()
    map_.page.keyboard.press(keys)
    map_.page.locator(".search input[type=search]:focus").wait_for()
