"""What people do on the map all day, on the real dashboard: ask, filter, pick, compare, tag, come back."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from dashboard.settings import CAR_LAND
from examples.walks import at_rest
from tests.browser.map_driver import MapDriver

APP = "dashboard/app.py"
CHARTS = ".st-key-side [data-testid=stVegaLiteChart]"


@pytest.fixture(scope="module")
def cars() -> pd.DataFrame:
    return pd.read_parquet(CAR_LAND)


@pytest.fixture
def map_(launch, page):
    return MapDriver.on(page, launch(APP))


def show(page, panel):
    page.get_by_role("radio", name=panel, exact=True).click()


def chart_with(page, mark):
    """The mark of a chart that is labelled so: a bar, a cell."""
    return page.locator(f"{CHARTS} [aria-label*='{mark}']").first


def table_says(page, words):
    page.get_by_test_id("table-count").get_by_text(words).wait_for()


def search_for(page, text):
    box = page.get_by_role("searchbox", name="Search the map")
    box.fill(text)
    return box


def test_filters_map_and_table_keep_step(map_, cars):
    japanese = int((cars["Origin"] == "Japan").sum())
    map_.page.goto(f"{map_.page.url.split('?')[0]}?where=Origin:Japan")
    map_.wait_ready()
    map_.wait(lit=japanese)
    table_says(map_.page, f"{japanese} of 406 items")
    show(map_.page, "Filter")
    both = int(((cars["Origin"] == "Japan") & (cars["Cylinders"] == 4)).sum())
    chart_with(map_.page, "value: 4;").click()
    map_.wait(lit=both)
    table_says(map_.page, f"{both} of 406 items")
    map_.page.locator(".map .chip", has_text="Origin").click()
    map_.wait(lit=int((cars["Cylinders"] == 4).sum()))
    map_.focus()
    map_.page.keyboard.press("Control+z")
    map_.wait(lit=both)
    table_says(map_.page, f"{both} of 406 items")
    map_.page.wait_for_function("location.search.includes('where=Cylinders')")


def test_only_what_is_chosen_is_drawn_until_all_is_shown(map_):
    search_for(map_.page, "toyota").press("Enter")
    map_.wait_other(lit="", selected="")
    map_.focus()
    count = int(map_.fact("lit"))
    map_.page.locator(".map").get_by_role("button", name="Draw only these items").click()
    map_.wait(shown=count)
    map_.page.locator(".map").get_by_role("button", name="Draw all items again").click()
    map_.wait(shown=406)


def test_a_lasso_is_explained(map_, cars):
    show(map_.page, "Selection")
    search_for(map_.page, "Origin = Japan")
    map_.wait(lit=int((cars["Origin"] == "Japan").sum()))
    explanation = map_.page.locator(".st-key-side")
    explanation.get_by_text(re.compile(r"Origin is Japan for 100%|brand is toyota for")).first.wait_for()


def test_another_metric_gives_other_distances_at_once(map_):
    map_.page.mouse.click(*map_.spot(map_.top_item(0)))
    values = map_.page.get_by_role("list", name="Nearest items").locator(".value")
    values.nth(9).wait_for()
    cosine = [float(text) for text in values.all_inner_texts()]
    show(map_.page, "euclidean")
    map_.page.get_by_text("euclidean distance").wait_for()
    map_.page.wait_for_function(
        """first => {
            const hosts = document.querySelectorAll("[data-testid=stBidiComponentIsolated]");
            const lists = [...hosts].map((host) => host.shadowRoot.querySelector("ol[aria-label='Nearest items']"));
            return lists.some((list) => list && Number(list.querySelector(".value").textContent) !== first);
        }""",
        arg=cosine[0],
    )
    euclidean = [float(text) for text in values.all_inner_texts()]
    assert euclidean == sorted(euclidean)
    assert euclidean[0] == pytest.approx((2 * cosine[0]) ** 0.5, rel=0.02)  # these vectors have unit length


def test_a_cluster_and_a_cell_of_the_confusion_light_their_items(map_, cars):
    show(map_.page, "Borders")
    map_.page.get_by_test_id("borders-verdict").wait_for()  # the charts are drawn anew with it
    at_rest(map_.page)
    strangers = chart_with(map_.page, "most neighbours are: USA; labelled: Europe")
    strangers.wait_for()
    count = re.search(r"items: (\d+)", strangers.get_attribute("aria-label")).group(1)
    strangers.click()
    map_.wait(lit=count)
    assert 0 < int(count) < int((cars["Origin"] == "Europe").sum())
    map_.page.locator(".map .chip", has_text="labelled Europe, near USA").wait_for()


def test_a_row_of_the_table_turns_map_and_panel(map_):
    row = map_.page.locator("[role=grid] [role=row]").nth(5)
    row.scroll_into_view_if_needed()
    row.click()
    map_.wait_other(selected="")
    name = map_.ask("async (view) => (await view.source.card(view.choices.selected)).title")
    map_.page.get_by_test_id("item-title").get_by_text(name, exact=True).wait_for()


def test_a_vector_of_the_map_lands_on_its_item(map_, cars):
    show(map_.page, "New")
    show(map_.page, "One vector")
    vector = cars["embedding"].iloc[100]
    field = map_.page.get_by_role("textbox", name="The vector")
    field.fill(", ".join(f"{value:.9g}" for value in vector))
    field.press("Control+Enter")
    map_.until("(view) => view.marks.overlay.pins.length === 1")
    x, y = map_.ask("(view) => [view.marks.overlay.pins[0].x, view.marks.overlay.pins[0].y]")
    row = map_.ask(
        """async (view) => {
            const { xy, count } = view.points;
            const { x, y } = view.marks.overlay.pins[0];
            const near = [];
            for (let i = 0; i < count; i++) if (Math.hypot(xy[2 * i] - x, xy[2 * i + 1] - y) < 1e-4) near.push(i);
            return Promise.all(near.map(async (i) => (await view.source.card(i)).title));
        }"""
    )
    assert cars["Name"].iloc[100] in row, (x, y)


def test_a_tag_survives_a_restart(open_page, launch, tmp_path):
    notes = {"EMBEDDING_CARTOGRAPHER_NOTES": str(tmp_path)}
    for visit in ("first", "second"):
        page = open_page()
        map_ = MapDriver.on(page, launch(APP, env=notes | {"VISIT": visit}))  # a server of its own
        if visit == "first":
            search_for(page, "chevroelt")
            map_.wait(lit=1)
            show(page, "Notes")
            tag = page.get_by_role("combobox", name="Tag").or_(page.get_by_role("textbox", name="Tag")).first
            tag.fill("misspelt")
            tag.press("Enter")
            page.get_by_role("button", name="Tag 1 item").click()
        else:
            show(page, "Notes")
        page.get_by_text("misspelt · 1").first.wait_for()
