"""The view in three dimensions: items rise out of the map, are turned, pointed at, and lie down where they were."""

from __future__ import annotations

import pytest

from tests.browser.map_driver import APP, MapDriver

SEEN = """(view, i) => {
    const box = view.panel.canvas.getBoundingClientRect(), [u, v] = view.orbit.cloud.at(i);
    return [box.x + view.camera.screenX(u), box.y + view.camera.screenY(v)];
}"""
"""The pixel of the page where an item is seen in three dimensions."""

OPEN = """(view) => {
    const { camera, orbit, panel, points } = view;
    const box = panel.canvas.getBoundingClientRect(), root = panel.canvas.getRootNode();
    for (let item = 0; item < points.count; item++) {
        const [u, v] = orbit.cloud.at(item), [x, y] = [camera.screenX(u), camera.screenY(v)];
        const open = root.elementFromPoint(box.x + x, box.y + y) === panel.canvas;
        const alone = Array.from({ length: points.count }, (_, i) => orbit.cloud.at(i)).every(([a, b], i) =>
            i === item || Math.hypot(camera.screenX(a) - x, camera.screenY(b) - y) > 12);
        if (open && alone) return item;
    }
}"""
"""An item with no other near it on the screen, wherever that says it is."""

TURNED = "(view) => [view.orbit.yaw, view.orbit.tilt, view.camera.place.x]"


@pytest.fixture
def digits(launch, page) -> MapDriver:
    """Handwritten digits on three principal components."""
    return MapDriver.on(page, launch(APP, env={"MAP_LOOKS": "digits"}))


def test_items_rise_are_turned_and_pointed_at_and_lie_down_again(digits):
    page, map_ = digits.page, digits
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    item = map_.top_item(0)
    before = map_.ask("(view) => view.camera.place")
    button = page.get_by_role("button", name="3-D view")
    assert button.get_attribute("aria-pressed") == "false"

    button.click()
    map_.wait(depth="open")
    map_.wait_ready()
    assert button.get_attribute("aria-pressed") == "true"
    assert map_.ask("(view) => view.orbit.hidesLand")
    assert map_.number("shown") == 1797
    start = map_.ask(TURNED)
    page.mouse.move(*map_.at(0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*map_.at(0.62, 0.45), steps=5)
    page.mouse.up()
    yaw, tilt, x = map_.ask(TURNED)
    assert yaw > start[0] + 0.3
    assert tilt > start[1]
    assert x == start[2]

    seen = map_.ask(OPEN)
    page.mouse.move(*map_.ask(SEEN, seen))
    map_.wait(hovered=seen)
    page.mouse.click(*map_.ask(SEEN, seen))
    map_.wait(selected=seen)
    map_.until("(view) => view.marks.neighbours.length > 0")

    map_.focus()
    page.keyboard.press("ArrowLeft")
    assert map_.ask(TURNED)[0] > yaw
    map_.loop([(0.4, 0.4), (0.6, 0.4), (0.6, 0.6)])
    assert map_.fact("lit") == ""
    assert map_.ask(TURNED)[2] != x
    page.get_by_role("button", name="Run again").click()
    map_.focus()
    page.keyboard.press("Home")
    map_.until("(view) => !view.orbit.moving && !view.motion.moving")
    assert map_.ask(TURNED) == pytest.approx(start)
    assert map_.fact("depth") == "open"

    button.click()
    map_.wait(depth="")
    map_.wait_ready()
    assert map_.ask("(view) => view.camera.place") == pytest.approx(before)
    page.mouse.move(*map_.spot(item))
    map_.wait(hovered=item)
    assert map_.number("selected") == seen
    button.click()
    map_.wait(depth="open")
    assert len([url for url in asked if url.endswith("/depths")]) == 1
