"""How fast the interactive map is, in a headless Chromium that draws without a GPU.

    python benchmarks/map_view.py                  5,000, 100,000 and 1,000,000 items
    python benchmarks/map_view.py --items 10000000

Every map is published before the browser comes, its tiles are not painted yet. Frames are timed from one
animation frame to the next with the frame rate unlocked, while the map moves by a few pixels each.

Maps have 3,000 towns, borders, roads, fog and dragons, as the largest real ones.

Up to 100,000 items Altair's scatter plot of the same items stands beside: both are dragged by the mouse, step by
step, each step timed until its frame is there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from playwright.sync_api import Browser, Locator, Page, sync_playwright  # noqa: E402

from tests.browser.map_driver import MapDriver  # noqa: E402
from tests.browser.servers import Servers, find_chromium  # noqa: E402

APP = "tests/browser/apps/map_app.py"
CHART = "benchmarks/apps/plain_chart.py"
CHART_ITEMS = 100_000  # beyond that the chart takes minutes to come
UNLOCKED = ("--no-sandbox", "--disable-frame-rate-limit", "--disable-gpu-vsync")
ZOOMS = (1, 4, 16, 64)
TURNED = (1, 8)  # zooms of the view in three dimensions
FRAMES = 120
STEPS = 40  # of a drag by hand

WATCH = """
new MutationObserver(() => {}).observe(document, { childList: true, subtree: true });
window.seen = {};
(function look() {
    const host = document.querySelector('[data-testid="stBidiComponentIsolated"]');
    const ready = host?.shadowRoot?.querySelector(".map")?.dataset.ready ?? "";
    if (ready.includes("points")) window.seen.points ??= performance.now();
    if (ready === "points,tiles") window.seen.tiles ??= performance.now();
    if (!window.seen.tiles) setTimeout(look, 5);
})();
"""

MOVE = """async (view, [frames, zooming]) => {
    const gaps = [];
    const { width, height } = view.camera;
    const next = () => new Promise(requestAnimationFrame);
    let last = await next();
    for (let i = 0; i < frames; i++) {
        const there = i < frames / 2 ? 1 : -1;
        if (zooming) view.hand.zoomAt(1.015 ** there, width / 2, height / 2);
        else view.hand.pan(4 * there, 2 * there);
        const now = await next();
        gaps.push(now - last);
        last = now;
    }
    return gaps.slice(2);
}"""

TURN = """async (view, frames) => {
    const gaps = [];
    const next = () => new Promise(requestAnimationFrame);
    let last = await next();
    for (let i = 0; i < frames; i++) {
        view.hand.drag(4, i < frames / 2 ? 1 : -1, false);
        const now = await next();
        gaps.push(now - last);
        last = now;
    }
    return gaps.slice(2);
}"""

PICK = """(view) => {
    const { width, height } = view.camera;
    const began = performance.now();
    for (let i = 0; i < 2000; i++) view.seen.under(view.camera, (i * 37) % width, (i * 59) % height, 8);
    return (performance.now() - began) / 2000;
}"""

CLICK = """async (view) => {
    const { camera, points, choices, hand, marks } = view;
    const item = 11;
    const began = performance.now();
    hand.tap(camera.screenX(points.xy[2 * item]), camera.screenY(points.xy[2 * item + 1]), false);
    while (!marks.neighbours.length) await new Promise((resolve) => setTimeout(resolve, 1));
    const took = performance.now() - began;
    choices.clear();
    return took;
}"""

LASSO = """(view) => {
    const { camera, choices, points } = view;
    const [rx, ry] = [camera.width / 4 / camera.scale, camera.height / 4 / camera.scale];
    const loop = Array.from({ length: 200 }, (_, i) => [
        camera.x + rx * Math.cos(i * 0.0314), camera.y + ry * Math.sin(i * 0.0314)]);
    const began = performance.now();
    choices.lasso("set", loop);
    return [performance.now() - began, points.heldCount];
}"""

DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"

SIZES = """() => {
    const sizes = {};
    for (const { name, decodedBodySize } of performance.getEntriesByType("resource")) {
        const path = name.split("/_map/")[1];
        if (!path) continue;
        const kind = path.startsWith("view-") ? "code" : path.split("/")[1];
        sizes[kind] = (sizes[kind] ?? 0) + decodedBodySize;
        if (kind === "tiles") sizes.count = (sizes.count ?? 0) + 1;
    }
    return sizes;
}"""


def share(values: list[float], part: float) -> float:
    """The value below which a share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def look_at(map_: MapDriver, zoom: float) -> None:
    """Go to an item in the thick of it, and wait until the land there is sharp."""
    map_.ask(
        """(view, zoom) => {
            const [x, y] = zoom === 1 ? [view.camera.home().x, view.camera.home().y] : view.points.xy.subarray(22);
            view.camera.look({ x, y, zoom });
            view.moved();
        }""",
        zoom,
    )
    map_.until("(view) => view.camera.zoom && view.frame === 0")
    map_.wait_ready()


def dragged(page: Page, where: Locator) -> list[float]:
    """Drag by hand from the middle, and time every step until its frame is drawn, in milliseconds."""
    box = where.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    took = []
    for i in range(1, STEPS + 1):
        began = page.evaluate("performance.now()")
        page.mouse.move(x + 6 * i, y + 3 * i)
        took.append(page.evaluate(DRAWN) - began)
    page.mouse.up()
    return took[2:]


def measure_chart(browser: Browser, address: str) -> dict[str, Any]:
    """The same of Altair's scatter plot."""
    page: Page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(300_000)
    page.goto(address)
    plot = page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first
    plot.wait_for()
    seen = page.evaluate(DRAWN)
    result = {"chart": seen, "chart drag": dragged(page, plot)}
    page.close()
    return result


def measure(browser: Browser, address: str) -> dict[str, Any]:
    """Every number of one map."""
    page: Page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(300_000)
    page.add_init_script(WATCH)
    map_ = MapDriver.on(page, address)
    page.wait_for_function("window.seen.tiles")
    result: dict[str, Any] = dict(page.evaluate("window.seen"))
    map_.until("(view) => view.points.grid && view.names")
    result |= {"all": page.evaluate("performance.now()"), "sizes": page.evaluate(SIZES)}
    result["pick"] = map_.ask(PICK)
    result["spokes"] = map_.ask(CLICK)
    result["lasso"], count = map_.ask(LASSO)
    began = page.evaluate("performance.now()")
    map_.told(f"lassoed {count}")
    result["told"] = page.evaluate("performance.now()") - began
    map_.ask("(view) => view.choices.clear()")
    result["drag"] = dragged(page, map_.element)
    map_.ask("(view) => view.hand.home()")
    for zoom in ZOOMS:
        look_at(map_, zoom)
        result[f"pan {zoom}"] = map_.ask(MOVE, [FRAMES, False])
        result[f"zoom {zoom}"] = map_.ask(MOVE, [FRAMES, True])
        result[f"shown {zoom}"] = int(map_.number("shown"))
    map_.ask("(view) => view.hand.home()")
    map_.wait_ready()
    map_.ask("(view) => view.orbit.toggle()")
    map_.wait(depth="open")
    for zoom in TURNED:
        map_.ask("(view, zoom) => { view.camera.look({ ...view.camera.place, zoom }); view.draw(); }", zoom)
        result[f"turn {zoom}"] = map_.ask(TURN, FRAMES)
        map_.until("(view) => view.frame === 0 && !view.orbit.thinned")
        result[f"turned {zoom}"] = int(map_.number("shown"))
    result["pick deep"] = map_.ask(PICK)
    page.close()
    return result


def rows_of(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The lines of the table."""
    sizes = result["sizes"]
    rows = [
        ("first points after navigation", f"{result['points'] / 1000:.2f} s"),
        ("all points there and indexed, at the latest", f"{max(result['all'], result['points']) / 1000:.2f} s"),
        ("all tiles sharp", f"{result['tiles'] / 1000:.2f} s"),
        ("hover: find the item", f"{result['pick'] * 1000:.0f} µs"),
        ("click to spokes", f"{result['spokes']:.0f} ms"),
        ("lasso to count, in the browser", f"{result['lasso']:.0f} ms"),
        ("lasso to count, told by Python", f"{result['told']:.0f} ms"),
    ]
    for zoom in ZOOMS:
        pan, turn = result[f"pan {zoom}"], result[f"zoom {zoom}"]
        rows += [
            (f"items drawn from, zoom {zoom}", f"{result[f'shown {zoom}']:,}"),
            (f"pan frame, zoom {zoom}: median / p95", f"{share(pan, 0.5):.1f} / {share(pan, 0.95):.1f} ms"),
            (f"zoom frame, zoom {zoom}: median / p95", f"{share(turn, 0.5):.1f} / {share(turn, 0.95):.1f} ms"),
        ]
    for zoom in TURNED:
        turn, shown = result[f"turn {zoom}"], result[f"turned {zoom}"]
        name = f"3-D, turn frame, zoom {zoom}, {shown:,} items at rest: median / p95"
        rows.append((name, f"{share(turn, 0.5):.1f} / {share(turn, 0.95):.1f} ms"))
    rows.append(("3-D, hover: find the item", f"{result['pick deep'] * 1000:.0f} µs"))
    by_hand = [
        ("drag by hand, step to frame: median", result["drag"]),
        ("the same, Altair", result.get("chart drag")),
    ]
    rows += [(name, f"{share(took, 0.5):.0f} ms" if took else "not tried") for name, took in by_hand]
    chart = result.get("chart")
    return [
        *rows,
        ("first points after navigation, Altair", f"{chart / 1000:.2f} s" if chart else "not tried"),
        ("points, codes", f"{sizes['points'] / 1e6:.2f}, {sizes['codes'] / 1e6:.2f} MB"),
        ("names, code", f"{sizes['names'] / 1e3:.0f}, {sizes['code'] / 1e3:.0f} kB"),
        ("tiles", f"{sizes['count']} of {sizes['tiles'] / sizes['count'] / 1e3:.0f} kB"),
    ]


def table(results: dict[int, dict[str, Any]]) -> str:
    """Everything as a Markdown table, one column per map."""
    columns = [dict(rows_of(result)) for result in results.values()]
    head = "| | " + " | ".join(f"{items:,} items" for items in results) + " |"
    rule = "|---|" + "---:|" * len(results)
    lines = [f"| {name} | " + " | ".join(column[name] for column in columns) + " |" for name in columns[0]]
    return "\n".join([head, rule, *lines])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[5_000, 100_000, 1_000_000])
    chosen = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(UNLOCKED))
        for items in chosen.items:
            servers = Servers(Path(folder))
            try:
                of_size = {"MAP_ITEMS": str(items), "MAP_TOWNS": "3000", "MAP_DRESSED": "1", "MAP_DEEP": "1"}
                results[items] = measure(browser, servers.launch(APP, env=of_size))
                if items <= CHART_ITEMS:
                    results[items] |= measure_chart(browser, servers.launch(CHART, env=of_size))
            finally:
                servers.stop()
        browser.close()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, no GPU, 1440 x 900; load of the machine at the end {load}\n")
    print(table(results))


if __name__ == "__main__":
    main()
