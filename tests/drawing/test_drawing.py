from __future__ import annotations

import base64
import re
import sys
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from cartography.drawing import draw_map
from cartography.errors import MissingDependencyError, ParameterError
from cartography.records import Dragon, MapScene, Recipe
from tests.land.worlds import CENTRES, embeddings_of, four_islands, points, scene_of

SVG = "{http://www.w3.org/2000/svg}"
NASTY = ("<script>alert(1)</script>", "quo\"te' & amp;", "مملكة الجمال", "line\nbreak \x07 \u202e bell")


@cache
def nasty_map() -> MapScene:
    coordinates, group = points()
    return scene_of(
        coordinates,
        group,
        Recipe(title="<b>T</b> & 'x' " + "huge " * 200_000, color_by="]]><k>"),
        **{"]]><k>": [NASTY[g] for g in group]},
    )


def parsed(scene: MapScene, **options: object) -> ElementTree.Element:
    return ElementTree.fromstring(draw_map(scene, width=390, height=260, **options).page.svg())


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def test_markup_in_names_stays_text() -> None:
    for theme in ("fantasy", "plain", "night"):
        root = parsed(nasty_map(), theme=theme)
        assert not list(root.iter(f"{SVG}script"))
        assert not list(root.iter(f"{SVG}b"))
        written = texts(root)
        assert any("<script>" in text.lower() for text in written)
        assert any('quo"te' in text.lower() for text in written)
        assert any("line break bell" in text.lower() for text in written)
        assert all(len(text) < 200 for text in written)


def test_an_svg_holds_nothing_active_and_asks_for_nothing() -> None:
    markup = draw_map(nasty_map(), width=600, height=400).page.svg()
    without_data = re.sub(r'href="data:image/[a-z]+;base64,[^"]+"', "", markup)
    links = re.findall(r'href="([^"]+)"', without_data)
    assert all(link.startswith("#realm-") for link in links)
    assert not re.search(r"\son[a-z]+=|javascript:|<foreignObject|<style|url\(", without_data, re.IGNORECASE)


def test_names_legend_and_provenance_are_real_text() -> None:
    root = parsed(four_islands())
    written = " | ".join([*texts(root), *("".join(title.itertext()) for title in root.iter(f"{SVG}title"))])
    for expected in ("GROUP 0", "TOWN 10", "Town 10 · ", "made up", "800 items", "seed 0", "group 3", "Land rises"):
        assert expected in written


@pytest.mark.parametrize(("theme", "title"), [("fantasy", "Here be dragons"), ("plain", "Remote items")])
@pytest.mark.parametrize(("population", "who"), [(1, "1 item that is near nothing; it"), (3, "the loneliest")])
def test_a_dragon_says_what_was_measured(theme: str, title: str, population: int, who: str) -> None:
    scene = four_islands()
    x, y = scene.coordinates.mean(axis=0)
    lonely = replace(scene, dragons=(Dragon(float(x), float(y), population, 0, 4.2),))
    root = parsed(lonely, theme=theme)
    said = next(text for node in root.iter(f"{SVG}title") if (text := "".join(node.itertext())).startswith(title))
    assert f"{who} is 4.2 times as far from its nearest ones as usual" in said
    assert ("near nothing" in texts(root)) == (theme == "plain")


def test_an_svg_of_many_items_has_no_element_per_item() -> None:
    few, many = parsed(four_islands()), parsed(scene_of(*points(8_000)))
    assert len(list(few.iter(f"{SVG}circle"))) > 700
    assert len(list(many.iter(f"{SVG}circle"))) < 200


def land_of(root: ElementTree.Element) -> np.ndarray:
    image = next(root.iter(f"{SVG}image")).get("href", "")
    return np.asarray(Image.open(BytesIO(base64.b64decode(image.split(",", 1)[1]))).convert("RGB")).astype(int)


def test_flecks_are_painted_where_the_items_are() -> None:
    scene = scene_of(*points(8_000))
    page = draw_map(scene, "plain", 600, 400).page
    changed = np.abs(page.painted().astype(int) - page.land().astype(int)).sum(axis=-1) > 20
    at = page.window.place(scene.coordinates[:, 0], scene.coordinates[:, 1]).astype(int)
    assert changed[at[:, 1], at[:, 0]].mean() > 0.8
    assert changed.mean() < 0.5


def test_a_png_has_the_asked_size_and_shows_land_and_sea(tmp_path: Path) -> None:
    drawing = draw_map(four_islands(), width=640, height=427)
    with Image.open(drawing.save(tmp_path / "map.png")) as image:
        assert image.size == (640, 427)
        pixels = np.asarray(image.convert("RGB")).astype(int)
    at = drawing.page.window.place(CENTRES[:, 0], CENTRES[:, 1]).astype(int)
    between = drawing.page.window.place([8.0], [6.5]).astype(int)[0]
    sea = pixels[between[1] - 3 : between[1] + 3, between[0] - 3 : between[0] + 3].mean(axis=(0, 1))
    for x, y in at:
        assert np.abs(pixels[y - 8 : y + 8, x - 8 : x + 8].mean(axis=(0, 1)) - sea).max() > 15


def test_a_png_looks_like_the_svg_it_was_made_from() -> None:
    import vl_convert

    from cartography.drawing.export import to_png

    page = draw_map(four_islands(), width=600, height=400).page
    drawn = Image.open(BytesIO(vl_convert.svg_to_png(page.svg(), scale=1.0, ppi=72))).convert("RGB")
    composed = Image.open(BytesIO(to_png(page)))
    differ = np.abs(np.asarray(drawn).astype(int) - np.asarray(composed).astype(int))
    assert differ.mean() < 3
    assert np.percentile(differ, 99.5) < 25


def test_more_dots_per_inch_are_more_pixels_of_the_same_page(tmp_path: Path) -> None:
    path = draw_map(four_islands(), width=320, height=200, dpi=192).save(tmp_path / "fine.png")
    with Image.open(path) as image:
        assert image.size == (640, 400)


def test_svg_and_pdf_are_what_they_say(tmp_path: Path) -> None:
    drawing = draw_map(four_islands(), width=320, height=240)
    ElementTree.parse(drawing.save(tmp_path / "map.svg"))
    pdf = drawing.save(str(tmp_path / "map.PDF")).read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"/Font" in pdf


def test_two_drawings_of_one_map_are_the_same_bytes(tmp_path: Path) -> None:
    files = [draw_map(scene_of(*points()), width=400, height=300).save(tmp_path / f"{i}.png") for i in (1, 2)]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_other_suffixes_and_sizes_are_refused(tmp_path: Path) -> None:
    drawing = draw_map(four_islands(), width=100, height=100)
    with pytest.raises(ParameterError, match=r"\.docx") as error:
        drawing.save(tmp_path / "map.docx")
    assert ".png" in error.value.hint
    for options in ({"width": 0}, {"height": 10**6}, {"width": 1.5}, {"dpi": 0}, {"theme": "gold"}, {"dpi": 1e9}):
        with pytest.raises(ParameterError):
            draw_map(four_islands(), **options)
    with pytest.raises(ParameterError, match="too large"):
        draw_map(four_islands(), width=8_000, height=8_000, dpi=2400).save(tmp_path / "huge.png")
    with pytest.raises(ParameterError, match="empty"):
        draw_map(four_islands(), frame=(1, 1, 0, 0)).page.svg()


def test_without_vl_convert_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    drawing = draw_map(four_islands(), width=100, height=100)
    with pytest.raises(MissingDependencyError) as error:
        drawing.save(tmp_path / "map.png")
    assert "pip install vl-convert-python" in error.value.hint
    assert drawing.save(tmp_path / "map.svg").exists()


def test_a_frame_shows_its_part_of_the_map() -> None:
    page = draw_map(four_islands(), width=600, height=400, frame=(-3, -3, 3, 3)).page
    window = page.window
    assert (window.x1 - window.x0) / (window.y1 - window.y0) == pytest.approx(1.5)
    assert window.y0 == pytest.approx(-3)
    assert window.y1 == pytest.approx(3)
    assert len(page.layout.realms) <= 1


def test_furniture_keeps_off_the_land_and_names_off_the_furniture() -> None:
    page = draw_map(four_islands()).page
    _, placed = page._arranged
    assert len(placed) == 3
    names = [box for label in (*page.layout.realms, *page.layout.towns) for box in label.boxes]
    for piece, x, y in placed:
        assert 0 <= x <= page.width - piece.width
        assert 0 <= y <= page.height - piece.height
        for box in names:
            assert box[0] >= x + piece.width or box[2] <= x or box[1] >= y + piece.height or box[3] <= y


@pytest.mark.parametrize(("width", "height"), [(64, 64), (2_000, 100), (90, 1_500), (333, 777)])
def test_pages_of_odd_shapes_can_be_drawn(width: int, height: int) -> None:
    ElementTree.fromstring(draw_map(four_islands(), width=width, height=height).page.svg())


def test_maps_by_numbers_dates_and_nothing_have_legends() -> None:
    coordinates, group = points()
    days = np.datetime64("2020-01-01", "ns") + np.arange(len(group)).astype("timedelta64[D]")
    written = texts(parsed(scene_of(coordinates, group, Recipe(color_by="day"), day=days)))
    assert "2020-01-01" in written
    assert "2022-03-10" in written
    written = texts(parsed(scene_of(coordinates, group, Recipe(color_by="v"), v=np.linspace(0.0, 10.0, len(group)))))
    assert {"0", "5", "10"} <= set(written)
    noise = np.random.default_rng(0).integers(0, 300, len(group)).astype(str)
    assert any("Land rises" in text for text in texts(parsed(scene_of(coordinates, group, noise=noise))))


def test_a_plain_map_speaks_no_fantasy() -> None:
    written = " ".join(texts(parsed(four_islands(), theme="plain"))).lower()
    assert not any(word in written for word in ("land", "sea", "realm ", "capital", "hamlet", "slopes"))


def test_a_sample_is_said_to_be_one() -> None:
    from dataclasses import replace

    scene = four_islands()
    sampled = replace(scene, provenance=replace(scene.provenance, total=5_000))
    assert "800 of 5,000 items" in texts(parsed(sampled))


def test_a_built_map_can_be_drawn_as_it_is() -> None:
    scene = four_islands()
    built = SimpleNamespace(scene=scene, embeddings=embeddings_of(scene.coordinates))
    chart = draw_map(built, width=300, height=200).to_altair().to_dict()
    data = next(rows for rows in chart["datasets"].values() if len(rows) > 1)
    assert data[0]["id"].startswith("item ")


def test_the_altair_chart_is_one_scale_linked_and_sampled() -> None:
    drawing = draw_map(scene_of(*points(9_000)), width=300, height=200)
    chart = drawing.to_altair().to_dict()
    assert "9,000" in chart["title"]["subtitle"]
    params = [param for param in chart["params"] if param["name"] == "picked"]
    assert params[0]["select"]["fields"] == ["id"]
    assert max(len(rows) for rows in chart["datasets"].values()) <= 5_000
    encoding = chart["layer"][1]["encoding"]
    x, y = (encoding[axis]["scale"]["domain"] for axis in "xy")
    assert (x[1] - x[0]) / chart["width"] == pytest.approx((y[1] - y[0]) / chart["height"], rel=1e-6)
