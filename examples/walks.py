"""Walks through the dashboard, step by step as a person takes them: a test takes them, and the docs show pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["CAR", "MISSPELT", "WAGON", "misspelt_cars", "station_wagons"]

CAR, MISSPELT = "chevrolet chevelle malibu", "chevroelt chevelle malibu"

FORMULA, WAGON = '"ford gran torino (sw)" - "ford gran torino" + "toyota corolla"', "toyota corolla 1600 (sw)"
PAIRS = """ford torino, ford torino (sw)
plymouth satellite, plymouth satellite (sw)
amc rebel sst, amc rebel sst (sw)
plymouth satellite custom, plymouth satellite custom (sw)
datsun 510, datsun 510 (sw)
dodge coronet custom, dodge coronet custom (sw)"""

HEARD = 8_000  # ms in which a press shows, on a busy machine too

Shoot = Callable[[str], None]


def misspelt_cars(page: Any, shoot: Shoot) -> Any:
    """From Car-Land to a patch that mends a misspelt name; returns the download.

    `page` is a Playwright page on which the dashboard has drawn Car-Land, `shoot` keeps a picture of what is seen.
    """
    search = page.get_by_role("searchbox", name="Search the map")
    search.fill(CAR)
    page.get_by_role("list", name="What was found").get_by_role("button", name=CAR).first.wait_for()
    page.wait_for_selector('.map:not([data-lit=""])')
    shoot("1-search")

    search.press("Enter")
    twin = page.get_by_role("list", name="Nearest items").get_by_role("button", name=MISSPELT)
    twin.wait_for()
    shoot("2-neighbours")

    twin.click()
    page.get_by_test_id("item-title").get_by_text(MISSPELT, exact=True).wait_for()
    choose(page, "Notes")
    choose(page, "Correct")
    choose(page, "The item")
    page.get_by_test_id("notes-target").get_by_text(MISSPELT, exact=True).wait_for()
    value = page.get_by_role("textbox", name="New value")
    value.fill(CAR)
    value.press("Enter")
    page.get_by_test_id("correction-preview").get_by_text("Change Name of 1 item").wait_for()
    shoot("3-correct")

    page.get_by_role("button", name="Correct", exact=True).click()
    page.get_by_text("1 CORRECTION", exact=True).wait_for()
    choose(page, "Files")
    link = page.get_by_role("link", name="CSV").or_(page.get_by_role("button", name="CSV")).first
    link.wait_for()
    shoot("4-patch")
    with page.expect_download() as download:
        link.click()
    return download.value


def station_wagons(page: Any, shoot: Shoot) -> None:
    """From one sum to an axis that finds station wagons, and a map laid on it and on the cars' weight."""
    choose(page, "Formula")
    bar = page.get_by_role("combobox", name="Formula", exact=True)
    bar.fill(FORMULA)
    bar.press("Enter")
    page.get_by_test_id("formula-answer").get_by_text(WAGON, exact=True).wait_for()
    at_rest(page)
    shoot("1-formula")

    choose(page, "Axes")
    choose(page, "Pairs")
    pairs = page.get_by_label("Pairs, one a line")
    pairs.fill(PAIRS)
    pairs.press("Control+Enter")
    page.get_by_test_id("axes-verdict").get_by_text("Held-out members").wait_for()
    page.get_by_text("Names of the poles, and more").click()
    for pole, called in (("Low pole", "car"), ("High pole", "station wagon")):
        at_rest(page)
        field = page.get_by_label(f"{pole} is called")
        field.fill(called)
        field.press("Enter")
    page.get_by_test_id("axes-ends").get_by_text("station wagon", exact=True).wait_for()
    page.get_by_test_id("axes-verdict").get_by_text("Held-out members").wait_for()
    at_rest(page)
    shoot("2-pairs")

    press(page, "Save the axis", page.get_by_role("button", name="Colour by it"))
    page.get_by_role("list", name="Items at the end of station wagon").wait_for()
    at_rest(page)
    shoot("3-ranking")

    choose(page, "Draw")
    page.get_by_label("South to north (Y)").click()
    page.get_by_role("option", name="Weight_in_lbs").click()
    at_rest(page)
    press(page, "Draw this map", page.get_by_role("button", name="Back to the map by neighbours"))
    at_rest(page)
    shoot("4-map")


def at_rest(page: Any) -> None:
    """Wait until the page has run."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def press(page: Any, name: str, sign: Any) -> None:
    """Press a button until there is a sign of it: a page that is just running may not hear the first time."""
    button = page.get_by_role("button", name=name)
    for _ in range(3):
        at_rest(page)
        if button.is_visible() and button.is_enabled():
            button.click()
        try:
            sign.wait_for(timeout=HEARD)
        except Exception:  # noqa: BLE001, S112  (Playwright's own error, which is not imported here)
            continue
        return
    sign.wait_for()


def choose(page: Any, name: str) -> None:
    """Press one of several buttons that belong together, once the page is at rest."""
    at_rest(page)
    page.get_by_role("radio", name=name, exact=True).click()
