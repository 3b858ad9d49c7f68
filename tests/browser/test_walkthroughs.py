"""The walks of the docs, taken in a browser: they lead where the docs say, and the docs show every step."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from dashboard.settings import CAR_LAND
from examples.walks import CAR, MISSPELT, misspelt_cars
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

    text = (DOCS / "misspelt_cars.md").read_text("utf-8")
    for step in steps:
        assert f"misspelt-cars-{step}.webp" in text
        assert (DOCS / f"misspelt-cars-{step}.webp").exists()


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.stem)
def test_every_picture_that_is_shown_is_there(path):
    shown = [part.split(")")[0] for part in path.read_text("utf-8").split("](")[1:]]
    assert [name for name in shown if name.endswith(".webp") and not (DOCS / name).exists()] == []
