"""The offline page in a real browser with the network off: it draws, and shows cards and neighbours."""

from __future__ import annotations

from dataclasses import replace

from cartography import Recipe, build_map, draw_map
from loaders import load
from tests.data import ROOT
from tests.map_view.scenes import dressed

PLACE = """() => {
    const { camera, hand, marks, panel, points } = document.querySelector(".map").view;
    for (let i = 0; i < points.count; i++) {
        const [px, py] = [camera.screenX(points.xy[2 * i]), camera.screenY(points.xy[2 * i + 1])];
        hand.hover(px, py);
        const found = marks.hovered >= 0 && !marks.pointed && document.elementFromPoint(px, py) === panel.canvas;
        hand.leave();
        if (found) return [px, py];
    }
}"""
"""A place where an item lies open: under no panel and no town."""


def test_it_opens_from_the_file_system_with_the_network_off(open_page, tmp_path):
    built = build_map(load(ROOT / "examples" / "car_land.parquet"))
    path = draw_map(built).save(tmp_path / "cars.html")
    page = open_page(viewport={"width": 900, "height": 700}, offline=True, bypass_csp=True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_function("document.querySelector('.map')?.view?.tiles?.sharp")
    page.wait_for_function("document.querySelector('.map').view.points.ready")
    place = page.evaluate(PLACE)
    page.mouse.move(*place)
    page.get_by_text("Miles_per_Gallon").wait_for()
    page.mouse.click(*place)
    page.wait_for_function("document.querySelector('.map').view.marks.neighbours.length === 10")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_items_towns_and_realms_are_found_by_name(open_page, tmp_path):
    built = build_map(load(ROOT / "examples" / "car_land.parquet"), Recipe(color_by="Origin"))
    page = open_page(viewport={"width": 1100, "height": 800}, offline=True, bypass_csp=True)
    page.goto(draw_map(built).save(tmp_path / "cars.html").as_uri())
    page.wait_for_selector('.map[data-ready="points,tiles"]')
    search = page.get_by_role("searchbox", name="Search the map")
    found = page.get_by_role("list", name="What was found").get_by_role("button")
    search.fill("volkswagen rab")
    assert "volkswagen rabbit" in found.first.inner_text().lower()
    found.first.click()
    page.wait_for_selector(".map:not([data-selected=''])")
    item = int(page.locator(".map").get_attribute("data-selected"))
    assert "rabbit" in str(built.embeddings.items["Name"].iloc[built.scene.order[item]])
    search.fill("japan")
    found.filter(has_text="realm").first.wait_for()
    search.fill("no such car <b>")
    page.get_by_text("Nothing was found").wait_for()


LINE = """() => {
    const { view } = document.querySelector(".map");
    view.showing.hidden.add("items");
    for (const [x, y] of view.land.borders.lines[1].stroke.points) {
        const [px, py] = [view.camera.screenX(x), view.camera.screenY(y)];
        view.hand.hover(px, py);
        const free = document.elementFromPoint(px, py) === view.panel.canvas;
        if (view.marks.pointed !== "border 1" || !free) continue;
        view.hand.leave();
        return [px, py];
    }
}"""


def test_with_the_network_off_it_has_fog_and_tells_of_its_borders(open_page, tmp_path):
    built = build_map(load(ROOT / "examples" / "car_land.parquet"))
    path = draw_map(replace(built, scene=dressed(built.scene))).save(tmp_path / "cars.html")
    page = open_page(viewport={"width": 900, "height": 700}, offline=True, bypass_csp=True)
    page.goto(path.as_uri())
    page.wait_for_selector(
        '.map[data-ready="points,tiles"][data-layers="items,fog,borders,roads,realms,towns,dragons"]'
    )
    page.mouse.move(*page.evaluate(LINE))
    page.wait_for_selector('.map[data-pointed="border 1"]')
    said = "60 % of 1,241 neighbour pairs stay on their side (chance 50 %), so it is dashed."
    assert page.locator(".card .said").inner_text() == said
    assert page.evaluate("document.querySelector('.map').view.land.fog.picture.width") > 100
