from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from cartography.drawing.color import as_hex, as_rgb, deuteranope, from_oklab, luminance, mixed, to_oklab
from cartography.drawing.palettes import EIGHT, LISTED, colours_of, listed_colours, scale_colours
from cartography.drawing.themes import THEMES, theme_named
from cartography.errors import ParameterError
from cartography.records import Colouring


def categories(count: int, n: int = 0) -> Colouring:
    codes = np.arange(max(n, count)) % count
    return Colouring("kind", "categories", codes, tuple(f"k{i}" for i in range(count)))


def closest(colours: np.ndarray) -> float:
    lab = to_oklab(colours)
    return min(float(np.linalg.norm(a - b)) for a, b in combinations(lab, 2))


@pytest.mark.parametrize("dark", [False, True])
def test_the_first_eight_can_be_told_apart_also_without_green_cones(dark: bool) -> None:
    colours = as_rgb(listed_colours(8, dark))
    assert closest(colours) > 0.09
    assert closest(deuteranope(colours)) > 0.045


@pytest.mark.parametrize("dark", [False, True])
def test_thirty_colours_all_differ(dark: bool) -> None:
    colours = listed_colours(LISTED, dark)
    assert len(set(colours)) == LISTED
    assert closest(as_rgb(colours)) > 0.05


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_stands_out_from_the_paper(theme: str) -> None:
    dressed = THEMES[theme]
    paper = to_oklab(as_rgb(dressed.paper))
    for colour in colours_of(categories(LISTED), theme):
        assert np.linalg.norm(to_oklab(as_rgb(colour)) - paper) > 0.12


@pytest.mark.parametrize("count", [1, 8, 9, 30, 31, 700, 4_096])
def test_one_colour_per_code_and_one_for_missing(count: int) -> None:
    colouring = categories(count)
    coordinates = np.random.default_rng(0).normal(size=(len(colouring.codes), 2)).astype(np.float32)
    for theme in THEMES:
        colours = colours_of(colouring, theme, coordinates)
        assert len(colours) == colouring.missing + 1
        assert colours[-1] == THEMES[theme].missing
        assert all(len(colour) == 7 and colour[0] == "#" and int(colour[1:], 16) >= 0 for colour in colours)


def test_a_colour_stays_when_smaller_groups_join() -> None:
    assert colours_of(categories(5), "fantasy")[:5] == colours_of(categories(20), "fantasy")[:5] == EIGHT[:5]


def test_of_many_groups_neighbours_get_similar_colours() -> None:
    rng = np.random.default_rng(0)
    middle = rng.uniform(-1, 1, size=(60, 2))
    codes = np.arange(6_000) % 60
    coordinates = (middle[codes] + rng.normal(0, 0.01, size=(6_000, 2))).astype(np.float32)
    colouring = Colouring("kind", "categories", codes, tuple(map(str, range(60))))
    lab = to_oklab(as_rgb(colours_of(colouring, "fantasy", coordinates)[:-1]))
    away = np.linalg.norm(middle[:, None] - middle, axis=-1)
    differ = np.linalg.norm(lab[:, None] - lab, axis=-1)
    pairs = np.triu_indices(60, 1)
    assert np.corrcoef(away[pairs], differ[pairs])[0, 1] > 0.5


def test_numbers_run_from_dark_to_light_without_turning_back() -> None:
    lightness = to_oklab(as_rgb(scale_colours(255)))[:, 0]
    assert (np.diff(lightness) > -0.004).all()
    assert lightness[-1] - lightness[0] > 0.5
    assert len(colours_of(Colouring("v", "numbers", np.array([0, 254, 255])), "plain")) == 256


def test_nothing_to_show_has_one_colour() -> None:
    assert colours_of(Colouring(None, "none", np.zeros(5)), "fantasy") == (THEMES["fantasy"].missing,)


def test_oklab_there_and_back() -> None:
    rgb = np.random.default_rng(0).uniform(size=(100, 3))
    assert np.allclose(from_oklab(to_oklab(rgb)), rgb, atol=1e-5)
    assert as_hex(as_rgb("#12ab9f")) == "#12ab9f"
    assert mixed("#000000", "#ffffff", 0.0) == "#000000"


@pytest.mark.parametrize("theme", THEMES.values(), ids=str)
def test_text_can_be_read_on_its_panel_and_halo(theme) -> None:
    for ground in (theme.panel, theme.halo, theme.paper):
        for text in (theme.ink, theme.accent):
            light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_an_unknown_theme_names_the_nearest_one() -> None:
    with pytest.raises(ParameterError, match="fantasie") as error:
        theme_named("fantasie")
    assert "fantasy" in error.value.hint
