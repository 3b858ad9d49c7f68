"""The walks of the docs, taken in a browser: they lead where the docs say, and the docs show every step."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from dashboard.settings import CAR_LAND
from examples.walks import CAR, MISSPELT, misspelt_cars, station_wagons
from tests.browser.map_driver import MapDriver
from tests.data import ROOT

DOCS = ROOT / "docs" / "walkthroughs"


def test_from_car_land_to_a_patch_for_the_misspelt_car(launch, page):
    page.goto(launch("dashboard/app.py"))
    page.wait_for_selector('.map[data-ready="points,tiles"]')
    steps: list[str] = []
    download = misspelt_cars(page, steps.append)
    lines = list(csv.DictReader(Path(download.path()).read_text("utf-8-sig").splitlines()))
    names = pd.read_parquet(CAR_LAND, columns=["Name"])["Name"].tolist()
    assert lines == [{"id": str(names.index(MISSPELT)), "column": "Name", "old": MISSPELT, "new": CAR}]

    told("misspelt", "cars", steps)


def test_from_a_sum_to_an_axis_that_finds_station_wagons(launch, page):
    page.goto(launch("dashboard/app.py"))
    page.wait_for_selector('.map[data-ready="points,tiles"]')
    steps: list[str] = []
    ranking: list[str] = []

    def shoot(step: str) -> None:
        steps.append(step)
        if step == "3-ranking":
            shown = page.get_by_role("list", name="Items at the end of station wagon")
            shown.locator("li").nth(9).wait_for()
            ranking.extend(shown.locator("li").all_inner_texts())

    station_wagons(page, shoot)
    assert len(ranking) == 10
    assert all("(sw)" in car for car in ranking)
    sides = "String(view.names.axes.map((axis) => axis.name)) === 'car → station wagon,Weight_in_lbs'"
    MapDriver(page).until(f"(view) => {sides}")
    told("station", "wagons", steps)


def told(first: str, second: str, steps: list[str]) -> None:
    """The docs show every step of a walk."""
    text = (DOCS / f"{first}_{second}.md").read_text("utf-8")
    for step in steps:
        assert f"{first}-{second}-{step}.webp" in text
        assert (DOCS / f"{first}-{second}-{step}.webp").exists()


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.stem)
def test_every_picture_that_is_shown_is_there(path):
    shown = [part.split(")")[0] for part in path.read_text("utf-8").split("](")[1:]]
    assert [name for name in shown if name.endswith(".webp") and not (DOCS / name).exists()] == []
