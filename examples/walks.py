"""Walks through the dashboard, step by step as a person takes them: a test takes them, and the docs show pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["CAR", "MISSPELT", "misspelt_cars"]

CAR, MISSPELT = "chevrolet chevelle malibu", "chevroelt chevelle malibu"

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


def choose(page: Any, name: str) -> None:
    """Press one of several buttons that belong together, once the page is at rest."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.get_by_role("radio", name=name, exact=True).click()
