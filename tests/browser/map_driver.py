"""Drives the map as a person does, and waits for the facts it writes on its element."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

APP = "tests/browser/apps/map_app.py"
"""A page with one map; what Python knows of it stands below in words."""
SMALL = {"MAP_ITEMS": "2000", "MAP_TILES": "plain"}
"""The environment of a map that is there in a moment."""


_OPEN = """(view, first) => {
    const { camera, panel, points } = view;
    const box = panel.canvas.getBoundingClientRect();
    const root = panel.canvas.getRootNode();
    for (let item = first; item < points.count; item++) {
        const [x, y] = [camera.screenX(points.xy[2 * item]), camera.screenY(points.xy[2 * item + 1])];
        const open = root.elementFromPoint(box.x + x, box.y + y) === panel.canvas;
        if (!open || view.hand.under(x, y, 7) !== item) continue;
        view.hand.hover(x, y);
        const meant = view.marks.hovered === item && !view.marks.pointed;
        view.hand.leave();
        if (meant) return item;
    }
    return -1;
}"""


class MapDriver:
    """The first map on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    def on(cls, page: Page, address: str) -> MapDriver:
        """Open a page and wait until its map is drawn."""
        page.goto(address)
        driver = cls(page)
        driver.wait_ready()
        return driver

    @property
    def element(self) -> Locator:
        return self.page.locator(".map").first

    def wait_ready(self) -> None:
        self.page.wait_for_selector('.map[data-ready="points,tiles"]')

    def wait(self, **facts: object) -> None:
        """Wait until the element says so: `wait(selected=5, count=0)`."""
        self.page.wait_for_selector(".map" + "".join(f'[data-{name}="{value}"]' for name, value in facts.items()))

    def wait_other(self, **facts: object) -> None:
        """Wait until the element says anything else."""
        self.page.wait_for_selector(
            ".map" + "".join(f':not([data-{name}="{value}"])' for name, value in facts.items())
        )

    def fact(self, name: str) -> str:
        return self.element.get_attribute(f"data-{name}") or ""

    def number(self, name: str) -> float:
        return float(self.fact(name))

    def told(self, text: str) -> None:
        """Wait until Python has written this on the page."""
        self.page.get_by_text(text, exact=True).wait_for()

    def ask(self, script: str, argument: Any = None) -> Any:
        """Evaluate `(view, argument) => ...` with the view behind the element."""
        return self.element.evaluate(f"(element, argument) => ({script})(element.view, argument)", argument)

    def until(self, script: str) -> None:
        """Wait, frame by frame, until `(view) => ...` is true."""
        self.element.evaluate(
            """(element, source) => new Promise((resolve, reject) => {
                const holds = eval(source), end = performance.now() + 20000;
                const look = () => {
                    if (holds(element.view)) resolve();
                    else if (performance.now() > end) reject(new Error(`never: ${source}`));
                    else requestAnimationFrame(look);
                };
                look();
            })""",
            script,
        )

    def until_selected_shows(self) -> None:
        """Wait until the selected item is in sight."""
        self.until(
            """(view) => {
                const [x, y] = view.points.xy.subarray(2 * view.choices.selected);
                return view.camera.shows(x, y);
            }"""
        )

    def box(self) -> dict[str, float]:
        box = self.element.bounding_box()
        assert box is not None
        return dict(box)

    def spot(self, item: int) -> tuple[float, float]:
        """The pixel of the page where an item lies."""
        x, y = self.ask(
            """(view, i) => {
                const box = view.panel.canvas.getBoundingClientRect(), xy = view.points.xy;
                return [box.x + view.camera.screenX(xy[2 * i]), box.y + view.camera.screenY(xy[2 * i + 1])];
            }""",
            item,
        )
        return x, y

    def top_item(self, item: int) -> int:
        """An item, this one or a later one, that lies open: a pointer at its place means nothing else."""
        return int(self.ask(_OPEN, item))

    def sea(self) -> tuple[float, float]:
        """A pixel without items: a corner of the map, away from its panels."""
        box = self.box()
        return box["x"] + box["width"] - 60, box["y"] + box["height"] - 30

    def at(self, right: float, down: float) -> tuple[float, float]:
        """A pixel by shares of the map's box."""
        box = self.box()
        return box["x"] + right * box["width"], box["y"] + down * box["height"]

    def loop(self, shares: list[tuple[float, float]], keys: tuple[str, ...] = ("Shift",), steps: int = 5) -> None:
        """Draw a lasso through these places."""
        mouse, keyboard = self.page.mouse, self.page.keyboard
        for key in keys:
            keyboard.down(key)
        mouse.move(*self.at(*shares[0]))
        mouse.down()
        for place in shares[1:]:
            mouse.move(*self.at(*place), steps=steps)
        mouse.up()
        for key in keys:
            keyboard.up(key)

    def focus(self) -> None:
        self.page.locator(".map canvas").first.focus()

    def painted(self, colour: str) -> int:
        """How many pixels of the canvas have about this colour."""
        return int(
            self.ask(
                """(view, hex) => {
                    const want = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
                    const { width, height } = view.panel.canvas;
                    const { data } = view.context.getImageData(0, 0, width, height);
                    let count = 0;
                    for (let i = 0; i < data.length; i += 4) {
                        if (want.every((value, j) => Math.abs(data[i + j] - value) < 24)) count++;
                    }
                    return count;
                }""",
                colour,
            )
        )

    def agreed(self) -> int:
        """The number of lassoed items, once Python and the browser say the same."""
        count = self.fact("count")
        self.told(f"lassoed {count}")
        return int(count)
