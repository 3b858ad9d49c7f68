"""An axis between two lassos, judged, and the map laid on it and on a column: on the real dashboard."""

from __future__ import annotations

from examples.walks import at_rest, press
from tests.browser.map_driver import MapDriver

APP = "dashboard/app.py"
LEFT = [(0.2, 0.9), (0.2, 0.24), (0.42, 0.24), (0.42, 0.9)]  # clear of the legend and the scale
RIGHT = [(0.5, 0.24), (0.92, 0.24), (0.98, 0.6), (0.5, 0.6)]
MEMBERS = """(view) => Array.from(view.points.marks ?? []).flatMap((mark, item) => (mark === 1 ? [item] : []))"""
EAST = "(view, items) => items.reduce((sum, item) => sum + view.points.xy[2 * item], 0) / items.length"


def test_two_lassos_make_an_axis_that_the_map_is_laid_on(launch, page):
    map_ = MapDriver.on(page, launch(APP))
    at_rest(page)
    page.get_by_role("radio", name="Axes", exact=True).click()
    page.get_by_role("radio", name="Selected", exact=True).click()

    groups = []
    for loop, side in ((LEFT, "Low"), (RIGHT, "High")):
        map_.loop(loop)
        button = page.get_by_role("button", name=f"{side} pole = the").filter(has_text="selected now")
        button.wait_for()
        at_rest(page)
        groups.append(map_.ask(MEMBERS))
        button.click()
        page.get_by_label(f"{side} pole: {len(groups[-1])} items").wait_for()
    for side, name in (("Low", "west"), ("High", "east & <b>far</b>")):
        field = page.get_by_label(f"{side} pole: ").first
        field.fill(name)
        field.press("Enter")
        at_rest(page)
    verdict = page.get_by_test_id("axes-verdict")
    verdict.get_by_text("Held-out members").or_(verdict.get_by_text("AUC")).first.wait_for()
    press(page, "Save the axis", page.get_by_role("button", name="Colour by it"))
    at_rest(page)

    page.get_by_role("radio", name="Draw", exact=True).click()
    at_rest(page)
    press(page, "Draw this map", page.get_by_role("button", name="Back to the map by neighbours"))
    map_.until("(view) => view.names?.axes?.length === 2 && view.points.grid")
    axis = map_.ask("(view) => view.names.axes[0]")
    assert (axis["low"], axis["high"]) == ("west", "east & <b>far</b>")
    west, east = (map_.ask(EAST, items) for items in groups)
    assert west < east, "the groups lie along the axis between them"

    page.get_by_role("button", name="Back to the map by neighbours").click()
    map_.until("(view) => view.names?.axes?.length === 0")
