"""A formula typed with completion, its answer, an item clicked into it: on the real dashboard, with real words."""

from __future__ import annotations

import re

from tests.browser.map_driver import MapDriver
from tests.browser.test_dashboard import A_WHILE, draw_file
from tests.data import shared

APP = "dashboard/app.py"


def test_a_formula_is_typed_answered_and_clicked_together(launch, page):
    draw_file(page, launch(APP), shared("words_dev/words_dev.txt"))
    map_ = MapDriver(page)
    page.wait_for_selector('.map[data-ready="points,tiles"]', timeout=A_WHILE)
    page.get_by_role("radio", name="Formula", exact=True).click()
    bar = page.get_by_role("combobox", name="Formula", exact=True)
    bar.click()
    assert bar.get_attribute("placeholder") == "king - man + woman"

    page.keyboard.type("king - man + woma")
    page.get_by_role("option", name=re.compile("^woman")).wait_for()
    page.keyboard.press("Tab")
    page.get_by_role("listbox", name="Names that fit").wait_for(state="hidden")
    assert bar.input_value() == "king - man + woman"
    page.keyboard.press("Enter")
    page.get_by_test_id("formula-answer").get_by_text("queen", exact=True).wait_for()
    left_out = page.get_by_test_id("formula-left-out").inner_text()
    assert re.match(r"Left out: king \(would be 1st\), woman \(\w+\), man", left_out)
    map_.until("(view) => view.marks.overlay.pins.length === 1 && view.marks.overlay.ringed.length === 10")
    assert map_.ask("(view) => view.marks.overlay.legs.map((leg) => leg.label)") == ["− man", "+ woman"]
    accent = map_.ask("(view) => view.data.theme.accent")
    assert map_.painted(accent) > 100, "two arrows are drawn"

    bar.fill("king - mann")
    bar.press("Enter")
    page.get_by_role("alert").get_by_text("No item is called “mann”.").wait_for()
    assert bar.get_attribute("aria-invalid") == "true"
    assert bar.evaluate("(input) => input.getRootNode().querySelector('.mirror u').textContent") == "mann"

    bar.fill("queen - ")
    item = map_.top_item(0)
    clicked = map_.ask("async (view, item) => (await view.source.card(item)).title", item)
    page.mouse.click(*map_.spot(item))
    page.get_by_test_id("formula-understood").get_by_text(f"queen - {clicked}", exact=True).wait_for()
    assert bar.input_value() == f"queen - {clicked}"
    assert page.get_by_role("radio", name="Formula", exact=True).get_attribute("aria-checked") == "true"
