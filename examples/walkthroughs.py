"""Takes the walks of the docs in a real browser and keeps pictures: python -m examples.walkthroughs docs/walkthroughs

Wants Playwright and a Chromium, as the browser tests do.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from examples.walks import misspelt_cars, station_wagons
from tests.browser.servers import FLAGS, Servers, find_chromium

APP = "dashboard/app.py"
READY = '.map[data-ready="points,tiles"]'
WIDTH, HEIGHT = 1440, 900
WALKS = {"misspelt-cars": misspelt_cars, "station-wagons": station_wagons}


def main(folder: Path) -> None:
    """Take every walk, each on a server of its own, and write its pictures to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for name, walk in WALKS.items():
            servers = Servers(Path(temporary))
            notes = {"EMBEDDING_CARTOGRAPHER_NOTES": str(Path(temporary) / name)}
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            try:
                page.goto(servers.launch(APP, env=notes))
                page.wait_for_selector(READY)
                walk(page, partial(shoot, page, folder / name))
            finally:
                page.close()
                servers.stop()
        browser.close()


def shoot(page: Page, stem: Path, step: str) -> None:
    """Keep a picture of the page, once all of it is there, as WEBP."""
    page.wait_for_selector(READY)
    page.wait_for_function("!document.querySelector('[data-stale=true]')")
    path = stem.with_name(f"{stem.name}-{step}.webp")
    Image.open(BytesIO(page.screenshot())).convert("RGB").save(path, quality=80, method=6)
    print(f"{path} {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/walkthroughs"))
