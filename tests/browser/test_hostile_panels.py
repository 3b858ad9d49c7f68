"""Markup, formulas and controls in every name a file can give: shown as they are on every panel, and never run."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import TimeoutError as NotSeen
from playwright.sync_api import expect

from tests.browser.map_driver import MapDriver

IMAGE = '<img src=x onerror="window.hurt=1">'
SCRIPT = "</script><script>window.hurt=1</script>"
MARKED = ":red[r] **b** ![p](http://evil.invalid/p.png) [l](javascript:window.hurt=1) $x^2$"
FORMULA = '=HYPERLINK("http://evil.invalid","x")'
BIDI = "\u202eevil\u202c \U0001f469\u200d\U0001f680 \x07"
TAG = ":red[r] **b** ![p](http://evil.invalid/p.png) $x^2$"
VEGA = "datum['x'].y\\\"];window.hurt=1//"
DOTTED = "a.b[0]'c\"d\\e"
NAMES = (IMAGE, SCRIPT, MARKED, FORMULA, BIDI, VEGA)
PANELS = ("Item", "Selection", "Filter", "Clusters", "Borders", "Formula", "New", "Notes", "About")
MARKS = "[data-testid=stMarkdownContainer] :is(a, strong, img, .katex, .stMarkdownColoredText)"
RENDERED = f"{MARKS}, script[src*=evil], img[src=x], a[href^='javascript' i]"


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory) -> Path:
    """A table in which everything that a file can name is meant badly; six groups, well apart."""
    n, rng = 300, np.random.default_rng(0)
    group = np.arange(n) % len(NAMES)
    vectors = rng.normal(size=(n, 8)) + 9 * np.eye(8)[group]
    table = pd.DataFrame(
        {
            "id": [f"{NAMES[(row + 1) % len(NAMES)]} {row}" for row in range(n)],
            MARKED: [NAMES[one] for one in group],
            DOTTED: rng.normal(size=n),
            IMAGE: [f"{NAMES[row % 5]} words {row} {SCRIPT * 3}" for row in range(n)],
            VEGA: pd.date_range("2020-01-01", periods=n),
            BIDI: [f"javascript:window.hurt={row}" for row in range(n)],
            SCRIPT: [NAMES[row % 4] for row in range(n)],
            "vector": list(vectors.astype(np.float32)),
        }
    )
    path = tmp_path_factory.mktemp("hostile") / ":red[r] <img src=x onerror=window.hurt=1> ![p](x) $y$.parquet"
    table.to_parquet(path)
    return path


@pytest.fixture
def map_(launch, page, hostile_file) -> MapDriver:
    env = {
        "EMBEDDING_CARTOGRAPHER_FILES": json.dumps([str(hostile_file)]),
        "EMBEDDING_CARTOGRAPHER_NOTES": str(hostile_file.parent / "notes"),
    }
    return MapDriver.on(page, launch("dashboard/app.py", env=env))


def turn_to(page, panel: str) -> None:
    settled(page)
    button = page.locator(".st-key-panels").get_by_role("radio", name=panel, exact=True)
    for _ in range(3):  # on a crowded machine a page that runs meanwhile may take the button away under the pointer
        button.click()
        settled(page)
        if button.is_checked():
            break
    expect(button).to_be_checked()


def settled(page) -> None:
    """Wait until the page is at rest; nothing of the file may have been rendered or run by then."""
    page.wait_for_function("!document.querySelector('[data-testid=stApp][data-test-script-state=running]')")
    page.wait_for_function("!document.querySelector('[data-stale=true]')")
    assert page.get_by_test_id("stException").count() == 0, page.get_by_test_id("stException").first.inner_text()
    assert page.evaluate("window.hurt === undefined")
    assert page.locator(RENDERED).count() == 0, page.locator(RENDERED).first.evaluate("one => one.outerHTML")


def choose(page, combobox: str, option: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(combobox))
    offered = page.get_by_role("option").filter(has_text=option).first
    box.scroll_into_view_if_needed()
    for _ in range(5):  # a page that runs meanwhile closes the list
        box.click()
        with contextlib.suppress(NotSeen):
            offered.click(timeout=3_000)
            break
    settled(page)


def test_every_panel_shows_what_is_meant_badly_as_it_is(map_, page):
    settled(page)
    page.mouse.click(*map_.spot(map_.top_item(0)))
    page.get_by_test_id("item-title").wait_for()
    settled(page)
    for panel in PANELS:
        turn_to(page, panel)


def test_search_filters_and_what_sets_items_apart(map_, page):
    page.locator(".search input[type=search]").fill("<img")
    page.locator(".search li button").first.wait_for()
    settled(page)
    page.locator(".search li button").first.click()
    settled(page)
    turn_to(page, "Selection")
    page.get_by_test_id("explanation").wait_for()
    page.get_by_role("button", name="Only these", exact=True).click()
    settled(page)
    assert "<img" in page.locator(".chip").first.inner_text()
    turn_to(page, "Filter")
    for button in range(2):
        page.get_by_role("button", name="By hand").nth(button).click()
        settled(page)
        page.keyboard.press("Escape")
    page.goto(f"{page.url.split('?')[0]}?where=%3A..5&where=a%5C.b:1..&where={DOTTED}:0..")
    map_.wait_ready()
    settled(page)


def test_names_in_formulas_are_text_wherever_they_go(map_, page):
    turn_to(page, "Formula")
    bar = page.get_by_role("combobox", name="Formula", exact=True)
    bar.fill('"<img')
    page.get_by_role("option").filter(has_text="<img").first.wait_for()
    settled(page)
    bar.fill("")
    item = map_.top_item(0)
    for one in (item, map_.top_item(item + 1)):
        page.mouse.click(*map_.spot(one))
        expect(page.get_by_test_id("formula-understood")).to_be_visible()
        settled(page)
    expect(bar).to_have_value(re.compile(r" \+ "))
    page.get_by_role("button", name="Light these").click()
    settled(page)
    expect(page.locator(".st-key-formula-history button")).to_have_count(1)
    bar.fill("<b>bold</b> - $x$")
    bar.press("Enter")
    expect(bar).to_have_attribute("aria-invalid", "true")
    settled(page)


def test_clusters_borders_and_newcomers(map_, page):
    turn_to(page, "Clusters")
    page.get_by_test_id("clusters-sentence").wait_for()
    choose(page, "Compare with", MARKED[:20])
    page.get_by_test_id("agreement").wait_for()
    page.locator("canvas[data-testid=data-grid-canvas]").first.click(position={"x": 12, "y": 54}, force=True)
    page.get_by_test_id("cluster-title").wait_for()
    page.get_by_test_id("explanation").wait_for()
    settled(page)
    turn_to(page, "Borders")
    page.get_by_test_id("borders-verdict").wait_for()
    settled(page)
    turn_to(page, "New")
    page.get_by_role("radio", name="One vector").click()
    box = page.get_by_role("textbox", name="The vector")
    box.fill("9" + " 0" * 7)
    box.press("Control+Enter")
    page.get_by_test_id("newcomers").wait_for()
    settled(page)


def test_notes_of_the_same_kind(map_, page):
    page.mouse.click(*map_.spot(map_.top_item(0)))
    page.get_by_test_id("item-title").wait_for()
    turn_to(page, "Notes")
    tag = page.get_by_role("combobox", name="Tag")
    tag.fill(TAG)
    tag.press("Enter")
    settled(page)
    page.get_by_role("button", name="Tag 1 item").click()
    page.locator(".st-key-side button").filter(has_text="red[r] **b**").click()
    settled(page)
    page.get_by_role("radio", name="Correct", exact=True).click()
    settled(page)
    page.get_by_role("radio", name="Places", exact=True).click()
    page.get_by_role("textbox", name="Note").fill(f"{IMAGE} {MARKED}")
    page.get_by_role("button", name="Pin the note").click()
    page.get_by_text(IMAGE, exact=False).first.wait_for()
    page.locator(".st-key-side").get_by_role("textbox", name="Name").fill(SCRIPT)
    page.get_by_role("button", name="Keep this view").click()
    page.get_by_text(SCRIPT, exact=False).first.wait_for()
    settled(page)
    page.get_by_role("radio", name="Files", exact=True).click()
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=True).first.click()
    content = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert TAG in content
    assert not re.search(r'(^|,)"?=', content, re.MULTILINE)
