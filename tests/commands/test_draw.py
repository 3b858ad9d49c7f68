"""`draw`: what dresses a picture comes from flags over the recipe, and one computation makes all the pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import cartography
from dashboard.cli import main

PINK = "#ff2fd0"


@pytest.fixture
def places(tmp_path) -> Path:
    """Two groups far apart on a given map: west around (0, 0), east around (20, 0)."""
    rng = np.random.default_rng(0)
    east = np.arange(120) % 2
    table = pd.DataFrame(
        {"x": 20.0 * east + rng.normal(size=120), "y": rng.normal(size=120), "side": np.where(east, "east", "west")}
    )
    table["v0"], table["v1"], table["v2"], table["v3"] = rng.normal(size=(4, 120)) + 9 * east
    path = tmp_path / "places.csv"
    table.to_csv(path, index=False)
    return path


def draw(path: Path, *flags: str, out: str = "map.svg") -> Path:
    made = path.with_name(out)
    given = ["--method", "given", "--color-by", "side", "--size", "300x200", "--quiet"]
    assert main(["draw", str(path), "-o", str(made), *given, *flags]) == 0
    return made


def pinkness(path: Path) -> float:
    """How far the picture leans to pink: red and blue above green."""
    pixels = np.asarray(Image.open(path).convert("RGB")).astype(int)
    return float((np.minimum(pixels[..., 0], pixels[..., 2]) - pixels[..., 1]).clip(0).mean())


def test_several_files_and_themes_come_from_one_computation(places, tmp_path, monkeypatch, capsys):
    built, build = [], cartography.build_map
    monkeypatch.setattr(cartography, "build_map", lambda *args: built.append(1) or build(*args))
    draw(places, "-o", str(tmp_path / "b.png"), "--theme", "plain,night", out="a.svg")
    assert len(built) == 1
    names = ["a-plain.svg", "b-plain.png", "a-night.svg", "b-night.png"]
    assert capsys.readouterr().out.split() == [str(tmp_path / name) for name in names]
    bright, dark = (np.asarray(Image.open(tmp_path / f"b-{theme}.png")).mean() for theme in ("plain", "night"))
    assert bright > dark + 80
    assert not (tmp_path / "a.svg").exists()


def test_one_theme_leaves_the_name_alone(places, tmp_path):
    assert draw(places, "--theme", "night").name == "map.svg"


def test_a_group_has_the_colour_it_is_given_on_points_legend_and_land(places):
    usual, coloured, bare = (
        draw(places, *flags, out=f"{i}.png")
        for i, flags in enumerate(
            ([], ["--color", f"east={PINK}"], ["--color", f"east={PINK}", "--hide", "tints,items"])
        )
    )
    assert PINK in draw(places, "--color", f"east={PINK}").read_text()
    assert PINK not in draw(places).read_text()
    assert pinkness(coloured) > 2 * pinkness(bare)
    assert pinkness(coloured) > 2 * pinkness(usual)


def test_a_frame_shows_a_part_of_the_map(places):
    whole = draw(places).read_text()
    part = draw(places, "--frame=-4,-4,4,4").read_text()
    assert part.count("<circle") < whole.count("<circle")


def test_dots_per_inch_multiply_the_size(places):
    assert Image.open(draw(places, "--dpi", "192", out="fine.png")).size == (600, 400)


def test_a_recipe_dresses_the_picture_and_flags_go_over_it(places, tmp_path):
    recipe = {"title": "Two sides", "theme": "night", "hide": ["tints"], "colors": {"east": PINK, "gone": "#000001"}}
    file = tmp_path / "recipe.json"
    file.write_text(json.dumps(recipe), encoding="utf-8")
    dressed = draw(places, "--recipe", str(file)).read_text()
    assert "Two sides" in dressed
    assert PINK in dressed
    over = draw(places, "--recipe", str(file), "--color", "east=#00ffee", "--title", "Other").read_text()
    assert "Other" in over
    assert "Two sides" not in over
    assert "#00ffee" in over
    assert PINK not in over
    flat = draw(places, "--recipe", str(file), out="flat.png")
    tinted = draw(places, "--recipe", str(file), "--hide", "none", out="tinted.png")
    assert pinkness(tinted) > pinkness(flat)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--hide", "legnd"], "legend"),
        (["--theme", "plain,nigt"], "night"),
        (["--color", "easst=#112233"], "east"),
        (["--color", "east=pink"], "#1f77b4"),
        (["--color", "east"], "#1f77b4"),
        (["--frame", "1,2,3"], "four numbers"),
        (["--frame=3,0,1,2"], "four numbers"),
        (["--frame=-inf,0,inf,2"], "four numbers"),
        (["-o", "map.gif"], ".png"),
        (["-o", "large.png", "--size", "20000x20000"], "too large"),
    ],
)
def test_what_is_wrong_is_said_once_with_what_would_be_right(places, flags, said, capsys, monkeypatch):
    monkeypatch.chdir(places.parent)
    given = ["--method", "given", "--color-by", "side", "--quiet"]
    assert main(["draw", str(places), "-o", "map.png", *given, *flags]) == 2
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.count("error: ") == 1
    assert not list(places.parent.glob("*.png"))


def test_numbers_have_no_groups_to_colour(places, capsys, tmp_path):
    flags = ["--method", "given", "--color-by", "x", "--color", "east=#112233", "--quiet"]
    assert main(["draw", str(places), "-o", str(tmp_path / "map.svg"), *flags]) == 2
    assert "--color-by" in capsys.readouterr().err
