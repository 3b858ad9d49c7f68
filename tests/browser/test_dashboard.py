"""The main job in a real browser: open, upload, look, click, ask, lasso, keep a picture."""

from __future__ import annotations

import contextlib
import io
import itertools
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import TimeoutError as NotSeen

from cartography.neighbours import find_neighbours
from tests.browser.map_driver import MapDriver
from tests.data import embedding_set, shared

APP = "dashboard/app.py"
A_WHILE = 90_000  # umap-learn compiles before it lays out ten thousand items
LOOP = [(0.4, 0.25), (0.85, 0.25), (0.85, 0.8), (0.4, 0.8)]


@pytest.fixture(scope="module")
def address(launch):
    return launch(APP)


@pytest.fixture(scope="module")
def digits_10k() -> np.ndarray:
    with np.load(shared("digits_10k/mnist_10k.npz")) as archive:
        return archive["images"].reshape(10_000, -1)


@pytest.fixture(scope="module")
def digit_files(digits_10k, tmp_path_factory):
    """The ten thousand digits as people have them: an array, and a table with a vector column."""
    folder = tmp_path_factory.mktemp("digits")
    np.save(folder / "digits.npy", digits_10k)
    labels = np.loadtxt(shared("digits_10k/labels.tsv"), dtype=str)
    pd.DataFrame({"digit": labels, "pixels": list(digits_10k.astype(np.float32))}).to_parquet(
        folder / "digits.parquet"
    )
    return folder


def open_file(page, address, *paths):
    """Go to the page for opening files and upload these."""
    page.goto(address)
    page.get_by_role("button", name="Open files").click()
    page.set_input_files("input[type=file]", [str(path) for path in paths])


def draw_file(page, address, *paths):
    """Upload files and draw what they are taken for."""
    open_file(page, address, *paths)
    page.get_by_test_id("reading").wait_for()
    page.get_by_role("button", name="Draw the map").click()


def hover(page, spot):
    """Move the mouse over an item until its card is there: a map that has just arrived hides an earlier card."""
    for step in itertools.count():
        page.mouse.move(spot[0] + step % 2, spot[1])
        with contextlib.suppress(NotSeen):
            page.locator(".card").first.wait_for(state="visible", timeout=2000)
            return
        assert step < 20, "no card is shown"


def choose_method(page, name: str):
    page.get_by_role("combobox", name=re.compile("Method")).click()
    page.get_by_role("option", name=name, exact=True).click()
    page.get_by_role("button", name="Draw the map").click()


def test_it_opens_on_car_land_with_realms_towns_and_points(page, address):
    map_ = MapDriver.on(page, address)
    assert map_.fact("shown") == "406"
    names = map_.ask("(view) => view.names.realms.map((realm) => realm.name)")
    assert sorted(names) == ["Europe", "Japan", "USA"]
    towns = map_.ask("(view) => view.names.towns.map((town) => town.name)")
    assert {"Chevrolet", "Ford", "Toyota", "Datsun"} <= set(towns)
    assert page.get_by_role("heading", name="Car-Land").is_visible()


def test_a_click_shows_the_item_and_its_ten_neighbours_and_they_lead_on(page, address):
    map_ = MapDriver.on(page, address)
    item = map_.top_item(0)
    page.mouse.click(*map_.spot(item))
    map_.wait(selected=item)
    page.get_by_test_id("item-title").wait_for()
    neighbours = page.get_by_role("list", name="Nearest items").get_by_role("button")
    neighbours.nth(9).wait_for()
    assert neighbours.count() == 10
    distances = [float(text) for text in neighbours.locator(".value").all_inner_texts()]
    assert distances == sorted(distances)
    name = neighbours.nth(3).locator(".name").inner_text()
    neighbours.nth(3).click()
    map_.wait_other(selected=item)
    page.wait_for_function(
        "name => document.querySelector('[data-testid=item-title]')?.textContent === name", arg=name
    )


def test_a_lasso_is_counted_alike_by_map_and_table_and_downloads(page, address):
    map_ = MapDriver.on(page, address)
    map_.loop(LOOP)
    page.get_by_test_id("selection-count").wait_for()
    count = int(map_.fact("count"))
    assert 0 < count < 406
    assert page.get_by_test_id("selection-count").inner_text().startswith(f"{count} of 406 items")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    table = pd.read_csv(download.value.path(), index_col="id")
    assert len(table) == count
    assert "Origin" in table.columns


def test_another_colour_recolours_the_same_map(page, address):
    map_ = MapDriver.on(page, address)
    before = map_.ask("(view) => Array.from(view.points.xy.slice(0, 20))")
    page.get_by_role("combobox", name=re.compile("Colour by")).click()
    page.get_by_role("option", name="Cylinders", exact=True).click()
    page.get_by_text("coloured by Cylinders").wait_for()
    map_.until("(view) => view.names?.legend.column === 'Cylinders'")
    map_.wait_ready()
    assert map_.ask("(view) => Array.from(view.points.xy.slice(0, 20))") == before


def test_the_picture_has_the_size_asked_for_with_land_and_sea(page, address):
    MapDriver.on(page, address)
    page.get_by_role("button", name="Picture").click()
    with page.expect_download(timeout=A_WHILE) as download:
        page.get_by_role("button", name="Download PNG").click()
    picture = Image.open(io.BytesIO(download.value.path().read_bytes())).convert("RGB")
    assert picture.size == (1600, 1067)
    assert land_and_sea(picture)


def land_and_sea(picture: Image.Image) -> bool:
    """Whether paper-coloured sea and realm-coloured land both cover a good part of the picture."""
    pixels = np.asarray(picture).astype(int)
    spread = pixels.max(axis=2) - pixels.min(axis=2)
    warm = (pixels[..., 0] > pixels[..., 2] + 15) & (pixels.mean(axis=2) > 150)
    cool = (pixels[..., 2] > pixels[..., 0] + 5) & (spread > 12)
    return bool(warm.mean() > 0.3 and cool.mean() > 0.01)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits.npy", "digits.parquet"])
def test_ten_thousand_digits_from_file_to_finding(page, address, digit_files, digits_10k, name):
    """Upload, a sketch at once, the map, hover, click, ten true neighbours, a lasso, a picture."""
    page.set_default_timeout(A_WHILE)
    draw_file(page, address, digit_files / name)
    if name == "digits.npy":  # the same vectors in another file have their layout already
        page.get_by_text("10,000 items in 784 dimensions · PCA").wait_for()
    page.get_by_text("10,000 items in 784 dimensions · UMAP").wait_for()
    page.get_by_role("button", name="Stop").wait_for(state="detached")
    map_ = MapDriver(page)
    map_.wait_ready()

    item = map_.top_item(3)
    spot = map_.spot(item)
    hover(page, spot)
    page.mouse.click(*spot)
    map_.wait(selected=item)
    neighbours = page.get_by_role("list", name="Nearest items").get_by_role("button")
    neighbours.nth(9).wait_for()
    shown = [int(row) for row in neighbours.evaluate_all("all => all.map((one) => one.dataset.row)")]
    facts = page.locator(".st-key-side .ec-card").first.inner_text()
    row = int(re.search(r"id\s+(\d+)", facts).group(1))
    truth = find_neighbours(embedding_set(digits_10k), 10, "cosine").indices[row]
    assert shown == truth.tolist()

    map_.loop(LOOP)
    page.get_by_test_id("selection-count").wait_for()
    assert page.get_by_test_id("selection-count").inner_text().startswith(f"{int(map_.fact('count')):,} of 10,000")

    page.get_by_role("button", name="Picture").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    assert Image.open(download.value.path()).size == (1600, 1067)


@pytest.mark.slow
def test_a_long_layout_shows_progress_and_stops_when_asked(page, address, digit_files):
    page.set_default_timeout(A_WHILE)
    draw_file(page, address, digit_files / "digits.parquet")
    page.get_by_text("10,000 items in 784 dimensions · ").wait_for(timeout=A_WHILE)
    page.get_by_role("button", name="Stop").wait_for(state="detached", timeout=A_WHILE)
    choose_method(page, "t-SNE")
    page.get_by_role("progressbar").wait_for(timeout=A_WHILE)
    page.get_by_text("10,000 items in 784 dimensions · PCA").wait_for(timeout=A_WHILE)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped, as you asked.").wait_for()
    MapDriver(page).wait_ready()
    assert page.get_by_role("button", name="Go on").is_visible()
