"""How long a person waits for an answer on a large map, in a headless Chromium that draws without a GPU.

    python benchmarks/inspection.py                 100,000 and 1,000,000 items
    python benchmarks/inspection.py --items 100000 --rounds 5

The dashboard itself is served on a made file: 64 dimensions in 40 clusters, two columns of groups, three of numbers,
one of dates, one of short sentences. The map is given with the file, so no neighbours are known beforehand: every
click searches all vectors. What is timed, each time with another item, loop, word or span:

- click: from the mouse's click on an item to its name and its ten neighbours in the panel
- lasso: from the loop, about a tenth of the items, to the sentences that explain it
- search: from a key to the map on which what was found is lit
- filter: from the end of a drag over a histogram to the map on which what is left is lit
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from dashboard.settings import Settings  # noqa: E402
from tests.browser.map_driver import MapDriver  # noqa: E402
from tests.browser.servers import FLAGS, Servers, find_chromium  # noqa: E402

APP = "dashboard/app.py"
DIMENSIONS, CLUSTERS = 64, 40
LIMITS = {"click": 0.4, "lasso": 1.5, "search": 0.5, "filter": 0.5}  # seconds
CHART = ".st-key-side [data-testid=stVegaLiteChart]"
WORDS = ("river", "mountain", "harbour", "valley", "forest", "island", "castle", "market", "bridge", "tower")

CLICK = """async (view, item) => {
    const { camera, points, hand } = view;
    const title = () => document.querySelector("[data-testid=item-title]")?.textContent ?? "";
    const hosts = () => [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")];
    const list = () => hosts().map((host) => host.shadowRoot.querySelector("ol[aria-label='Nearest items']"));
    const near = () => list().find(Boolean)?.textContent ?? "";
    const [before, others] = [title(), near()];
    const began = performance.now();
    hand.tap(camera.screenX(points.xy[2 * item]), camera.screenY(points.xy[2 * item + 1]), false);
    while (title() === before || near() === others) {
        if (performance.now() - began > 20000) throw new Error("no panel");
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return performance.now() - began;
}"""

LASSO = """async (view, [x, y, width, height]) => {
    const explained = () => document.querySelector("[data-testid=explanation]")?.dataset.items;
    const began = performance.now();
    const [right, top] = [x + width, y + height];
    view.choices.lasso("set", [[x, y], [right, y], [right, top], [x, top]]);
    while (explained() !== String(view.points.heldCount)) {
        if (performance.now() - began > 60000) throw new Error("no explanation");
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return [performance.now() - began, view.points.heldCount];
}"""

LIT = """async (view, before) => {
    const began = performance.now();
    while (view.root.dataset.lit === before || view.frame) {
        if (performance.now() - began > 20000) throw new Error("never lit");
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return performance.now();
}"""

FOUND = """async (view, text) => {
    const began = performance.now();
    const seen = ({ choices: { found }, points }) => found?.text === text && points.heldCount === found.count;
    while (!seen(view) || view.frame) {
        if (performance.now() - began > 20000) throw new Error("never found");
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return performance.now();
}"""

KEY = """(view, text) => {
    const input = view.finder.input;
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    return performance.now();
}"""


def make_file(items: int, folder: Path) -> Path:
    """A Parquet file of so many items, with their places on the map."""
    rng = np.random.default_rng(7)
    cluster = rng.integers(0, CLUSTERS, items)
    angle = 2.4 * np.arange(CLUSTERS)
    middles = np.column_stack([np.sqrt(angle) * np.cos(angle), np.sqrt(angle) * np.sin(angle)])
    places = middles[cluster] + rng.normal(0, 0.45, (items, 2))
    centres = rng.normal(0, 1, (CLUSTERS, DIMENSIONS)).astype(np.float32)
    vectors = centres[cluster] + rng.normal(0, 0.6, (items, DIMENSIONS)).astype(np.float32)
    first, second = rng.integers(0, len(WORDS), (2, items))
    texts = np.array(WORDS)[(first + cluster) % len(WORDS)] + " " + np.array(WORDS)[second]
    table = pd.DataFrame(
        {
            "vector": list(vectors),
            "x": places[:, 0],
            "y": places[:, 1],
            "realm": np.array([f"realm {i % 12}" for i in range(CLUSTERS)])[cluster],
            "kind": np.array(["plain", "rare", "common"])[rng.integers(0, 3, items)],
            "height": rng.gamma(2.0, 100.0 + cluster, items),
            "weight": rng.normal(50, 10, items),
            "count": rng.poisson(40, items),
            "seen": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 2000, items), unit="D"),
            "text": "the " + pd.Series(texts) + " of number " + pd.Series(np.arange(items).astype(str)),
        }
    )
    path = folder / f"made_{items}.parquet"
    table.to_parquet(path)
    return path


def open_map(page: Page, address: str) -> MapDriver:
    """The map, once it and its panel are there."""
    page.set_default_timeout(600_000)
    map_ = MapDriver.on(page, address)
    map_.until("(view) => view.points.grid && view.names")
    return map_


def show(page: Page, panel: str) -> None:
    """Open a panel."""
    page.get_by_role("radio", name=panel, exact=True).click()


def click(map_: MapDriver, number: int) -> float:
    """Seconds from a click on an item, on a page at rest, to its name and its ten neighbours in the panel."""
    map_.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    return map_.ask(CLICK, map_.top_item(11 + 40 * number)) / 1000


def lasso(map_: MapDriver, number: int) -> float:
    """Seconds from a loop around about a tenth of the items to what sets them apart."""
    west, south, east, north = map_.ask("(view) => view.data.frame")
    x = west + (east - west) * (0.2 + 0.012 * number)
    y = south + (north - south) * (0.25 + 0.008 * number)
    took, count = map_.ask(LASSO, [x, y, (east - west) * 0.31, (north - south) * 0.31])
    map_.lassoed = count
    return took / 1000


def search(map_: MapDriver, number: int) -> float:
    """Seconds from a key to the map that shows what was found."""
    word = WORDS[number % len(WORDS)]
    text = f"{word} {WORDS[(3 * number + 1) % len(WORDS)][:3]}"
    began = map_.ask(KEY, text)
    return (map_.ask(FOUND, text) - began) / 1000


def filter_by_hand(map_: MapDriver, number: int) -> float:
    """Seconds from the end of a drag over a histogram to the map that shows what is left."""
    page = map_.page
    chart = page.locator(CHART).first  # of a column of numbers
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] * 0.4
    start = box["x"] + 40 + 13 * (number % 8)
    end = start + 70 + 13 * (number % 3)
    before = map_.fact("lit")
    page.mouse.move(start, y)
    page.mouse.down()
    page.mouse.move(end, y, steps=3)
    page.mouse.up()
    began = page.evaluate("performance.now()")
    return (map_.ask(LIT, before) - began) / 1000


def measure(page: Page, address: str, rounds: int) -> dict[str, list[float]]:
    """Every wait, so many times."""
    map_ = open_map(page, address)

    def times(what: Callable[[MapDriver, int], float]) -> list[float]:
        what(map_, rounds)  # columns are read once for all
        return [what(map_, number) for number in range(rounds)]

    result: dict[str, Any] = {"click": times(click)}
    show(page, "Selection")
    result["lasso"] = times(lasso)
    result["items"] = map_.lassoed
    map_.ask("(view) => view.choices.clear()")
    show(page, "About")
    result["search"] = times(search)
    map_.ask("(view) => view.choices.find(null)")
    show(page, "Filter")
    page.locator(f"{CHART} :is(canvas, svg)").first.wait_for()
    result["filter"] = times(filter_by_hand)
    return result


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    rows: dict[int, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for items in chosen.items:
            servers = Servers(Path(folder))
            settings = Settings(files=(str(make_file(items, Path(folder))),))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            try:
                began = time.monotonic()
                rows[items] = measure(page, servers.launch(APP, env=settings.to_environment()), chosen.rounds)
                print(f"{items:,} items: {time.monotonic() - began:.0f} s altogether", file=sys.stderr)
            finally:
                page.close()
                servers.stop()
        browser.close()
    print(f"{os.cpu_count()} cores, no GPU, 1440 x 900, medians over {chosen.rounds}; in brackets the slowest\n")
    print("| | at most | " + " | ".join(f"{items:,} items" for items in rows) + " |")
    print("|---|---:|" + "---:|" * len(rows))
    for name, limit in LIMITS.items():
        cells = [f"{median(row[name]):.2f} s ({max(row[name]):.2f})" for row in rows.values()]
        print(f"| {name} | {limit} s | " + " | ".join(cells) + " |")
    print("| items in the loop | | " + " | ".join(f"{row['items']:,}" for row in rows.values()) + " |")


if __name__ == "__main__":
    main()
