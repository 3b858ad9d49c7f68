"""A layout watched while it runs: items move to their places, the land goes and comes back, stopping leads back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.browser.map_driver import MapDriver
from tests.browser.test_dashboard import choose_method, draw_file

APP = "dashboard/app.py"
N = 3000
A_WHILE = 180_000

SPREAD = """(view) => {
    const { camera, forming, points } = view, xy = forming.active ? forming.xy : points.xy;
    const across = Array.from({ length: 2000 }, (_, i) => camera.screenX(xy[2 * i])).sort((a, b) => a - b);
    const up = Array.from({ length: 2000 }, (_, i) => camera.screenY(xy[2 * i + 1])).sort((a, b) => a - b);
    return Math.hypot(across[1900] - across[100], up[1900] - up[100]);
}"""
"""How many pixels apart the items on screen lie, whichever way they are turned."""


@pytest.fixture(scope="module")
def address(launch):
    return launch(APP)


@pytest.fixture
def file(tmp_path, request):
    """Three thousand items in six planted groups; other ones for every test, so that nothing is known already."""
    rng = np.random.default_rng(len(request.node.name))
    group = np.arange(N) % 6
    vectors = rng.normal(0, 8, size=(6, 24))[group] + rng.normal(size=(N, 24))
    path = tmp_path / "planted.parquet"
    table = {"group": np.array(list("abcdef"))[group], "vector": list(vectors.astype(np.float32))}
    pd.DataFrame(table).to_parquet(path)
    return path


@pytest.fixture
def watched(open_page, address, file):
    """watched(**options) -> a page with its map, on which a layout has just begun to move."""

    def begin(**options) -> MapDriver:
        page = open_page(**options)
        page.set_default_timeout(A_WHILE)
        draw_file(page, address, file)
        page.get_by_text("3,000 items in 24 dimensions · UMAP").wait_for()
        MapDriver(page).wait_ready()
        choose_method(page, "t-SNE")
        map_ = MapDriver(page)
        map_.wait(forming="going")
        return map_

    return begin


@pytest.mark.slow
def test_items_move_to_their_places_and_the_finished_map_can_be_asked(watched):
    map_ = watched()
    page = map_.page
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_text("The layout is forming: step").wait_for()
    assert "points" not in map_.fact("ready")
    map_.wait_other(frames=map_.fact("frames"))
    map_.until("(view) => view.forming.veil === 1")
    shown = map_.ask("(view) => ({ codes: Array.from(view.forming.codes), count: view.forming.xy.length / 2 })")
    assert shown["count"] == N
    assert {shown["codes"].count(code) for code in range(6)} == {N // 6}
    page.mouse.click(*map_.at(0.5, 0.5))

    page.wait_for_selector(".map[data-forming=waiting], .map[data-forming=landing]")
    before = map_.ask(SPREAD)
    page.get_by_text("3,000 items in 24 dimensions · t-SNE").wait_for()
    map_.wait_ready()
    assert map_.ask(SPREAD) == pytest.approx(before, rel=0.4)  # the legend may need room on one map only
    assert map_.fact("forming") == ""
    assert map_.fact("selected") == ""
    assert map_.number("frames") >= 3
    assert len([url for url in asked if "/layouts/" in url]) >= 3

    item = map_.top_item(5)
    page.mouse.click(*map_.spot(item))
    map_.wait(selected=item)
    page.get_by_test_id("item-title").wait_for()


@pytest.mark.slow
def test_a_stopped_layout_leads_back_to_the_sketch(watched):
    map_ = watched()
    page = map_.page
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped, as you asked.").wait_for()
    map_.wait_ready()
    assert map_.ask("(view) => view.forming.feed") is None
    item = map_.top_item(5)
    page.mouse.click(*map_.spot(item))
    map_.wait(selected=item)
    page.get_by_role("button", name="Go on").click()
    map_.wait(forming="going")
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped, as you asked.").wait_for()


@pytest.mark.slow
def test_who_asks_for_no_motion_sees_still_frames(watched):
    map_ = watched(reduced_motion="reduce")
    still = """(view) => view.forming.phase !== 'going'
        || ["from", "to"].some((name) => view.forming.xy.every((at, i) => at === view.forming[name][i]))"""
    assert map_.ask(still)
    assert not map_.ask("(view) => view.forming.moving")
    map_.wait_ready()
    map_.page.get_by_text("3,000 items in 24 dimensions · t-SNE").wait_for()
