"""The table in a real browser: the rows in sight and no others are fetched, drawn, sorted and chosen."""

from __future__ import annotations

import re

import pytest

from tests.browser.apps.table_items import HOSTILE, N

APP = "tests/browser/apps/table_app.py"
SIZES = 7919  # row i has the size (i * SIZES) % N


@pytest.fixture
def asked(page) -> list[tuple[str, int]]:
    """What the table has fetched: paths and bytes."""
    fetched: list[tuple[str, int]] = []

    def answered(response) -> None:
        if "/_table/" in response.url:
            fetched.append((response.url.split("/_table/")[1].split("/", 1)[1], len(response.body())))

    page.on("response", answered)
    return fetched


@pytest.fixture
def table(launch, page, asked):
    page.goto(launch(APP))
    page.wait_for_selector(".row:has-text('name 000000')")
    return page


def row_at(page, place: int):
    """The row at a place of the order, once its cells are there."""
    return page.locator(f".row[aria-rowindex='{place + 2}']:not(.waiting)")


def cells(page, place: int) -> list[str]:
    found = row_at(page, place)
    found.wait_for()
    return found.locator("[role=gridcell]").all_text_contents()


def scroll_to(page, share: float) -> None:
    page.locator(".grid").evaluate(
        "(grid, share) => { grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight); }", share
    )


def test_rows_in_the_middle_are_the_right_ones_and_only_pages_were_fetched(table, asked):
    scroll_to(table, 0.5)
    first = table.locator(".row:not(.waiting)").filter(has_text=re.compile("name (199|200)")).first
    first.wait_for()
    place = int(first.get_attribute("aria-rowindex")) - 2
    assert abs(place - N / 2) < 20
    assert cells(table, place) == [f"name {place:06d}", str(place), str(place * SIZES % N), "a few words"]
    assert table.locator(".row").count() < 30
    rows = [size for path, size in asked if path.startswith("rows/")]
    assert len(rows) <= 3
    assert sum(rows) < 30_000


def test_the_scrollbar_reaches_the_last_row_and_the_keys_every_one(table):
    scroll_to(table, 1.0)
    assert cells(table, N - 1)[0] == f"name {N - 1:06d}"
    table.locator(".grid").focus()
    table.keyboard.press("Home")
    table.keyboard.press("ArrowDown")
    assert cells(table, 1)[0] == "name 000001"
    table.keyboard.press("Enter")
    table.wait_for_selector("text=chosen 1")
    table.keyboard.press("End")
    assert cells(table, N - 1)[0] == f"name {N - 1:06d}"


def test_a_wheel_moves_by_rows_wherever_the_scrollbar_stands(table):
    scroll_to(table, 0.25)
    first = table.locator(".row:not(.waiting)").filter(has_text=re.compile("name (099|100)")).first
    first.wait_for()
    before = int(first.get_attribute("aria-rowindex"))
    table.locator(".grid").hover()
    table.mouse.wheel(0, 10 * 28)
    table.wait_for_selector(f".row[aria-rowindex='{before + 10 + 8}']:not(.waiting)")
    assert int(table.locator(".row").first.get_attribute("aria-rowindex")) == before + 10


def test_a_click_on_a_heading_sorts_up_then_down_then_not(table):
    heading = table.get_by_role("columnheader", name="size")
    row_of_size = pow(SIZES, -1, N)
    for way, place_0 in (("ascending", 0), ("descending", N - 1)):
        heading.get_by_role("button").click()
        table.wait_for_selector(f"[role=columnheader][aria-sort={way}]")
        table.wait_for_selector(f".row:has-text('name {place_0 * row_of_size % N:06d}')")
        assert cells(table, 0)[2] == str(place_0)
    heading.get_by_role("button").click()
    table.wait_for_selector(".row:has-text('name 000000')")
    assert table.locator("[aria-sort=ascending], [aria-sort=descending]").count() == 0


def test_a_click_tells_python_and_python_turns_the_table(table):
    row_at(table, 5).click()
    table.wait_for_selector("text=chosen 5")
    assert table.locator(".row[aria-selected=true]").get_attribute("aria-rowindex") == "7"
    table.get_by_role("button", name="Choose 77000").click()
    table.wait_for_selector(".row.chosen:has-text('name 077000')")
    table.get_by_text("Few", exact=True).click()
    table.wait_for_selector(".row.chosen[aria-rowindex='79']:has-text('name 077000')")
    assert table.locator(".grid").get_attribute("aria-rowcount") == str(N // 1000 + 1)


def test_text_that_looks_like_markup_stays_text(table):
    assert cells(table, 2)[0] == HOSTILE
    assert table.locator(".grid img").count() == 0
    assert table.title() == "table"


def test_a_phone_shows_it_in_its_width(launch, open_page):
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(launch(APP))
    page.wait_for_selector(".row:has-text('name 000000')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    row_at(page, 3).tap()
    page.wait_for_selector("text=chosen 3")
