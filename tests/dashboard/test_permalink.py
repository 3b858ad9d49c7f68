"""Addresses say what a map shows, and nobody can make them say anything else."""

from __future__ import annotations

from urllib.parse import parse_qs

import numpy as np
import pytest

from cartography.records import Filter, Recipe
from dashboard.map_view import Viewport
from dashboard.permalink import LONGEST, LONGEST_WITH_AXES, Link, axes_too_long, read_link, written_link
from dashboard.settings import Settings
from dashboard.sources import Source, example_source, first_source, usual_recipe

HERE = Settings()
CARS = usual_recipe(example_source())
GROWTH = {"name": "growth", "kind": "column", "column": "Year"}
MAKE = {
    "name": "make & model",
    "low": {"name": 'one, "two"', "ids": ["3", "ä"]},
    "high": {"name": "USA", "column": "Origin", "values": ["USA"]},
}


def there_and_back(link: Link, settings: Settings = HERE) -> Link:
    return read_link(parse_qs(written_link(link, settings), keep_blank_values=True), settings)


def said(query: str, settings: Settings = HERE) -> Link:
    return read_link(parse_qs(query, keep_blank_values=True), settings)


def test_the_usual_map_has_a_bare_address_and_a_bare_address_is_the_usual_map():
    usual = Link(*first_source(HERE))
    assert written_link(usual, HERE) == ""
    assert said("") == usual


@pytest.mark.parametrize(
    "choices",
    [
        {"theme": "night"},
        {"hide": ("tints", "fog", "legend")},
        {"fantasy_names": True},
        {"title": "Cars & <b>vans</b>, 100% + more: émigré 車"},
        {"title": None},
        {"colors": {"USA": "#112233", "a:b & =c": "#ff00ff"}},
        {"color_by": "Cylinders", "label_by": None},
        {"method": "tsne", "method_params": {"perplexity": 12.0}, "metric": "euclidean", "seed": 7},
        {"method": None, "sample": 100, "n_neighbors": 20},
        {"preparation": {"center": True, "pca": 20}},
        {"cluster_method": "kmeans", "cluster_space": "original"},
        {"axes": (GROWTH, MAKE), "method": "axes", "method_params": {"x": "growth", "y": "make & model"}},
        {"axes": (GROWTH, MAKE), "without": ("growth",), "size_by": "growth", "color_by": "make & model"},
    ],
)
def test_every_choice_comes_back_as_it_was(choices):
    link = Link(example_source(), CARS.replace(**choices), Viewport(1.25, -3.5, 7.25), "car 7/ä&=")
    assert there_and_back(link) == link


@pytest.mark.parametrize(
    "query",
    [
        "theme=neon&hide=everything&names=elvish&title=%00%1b",
        "view=1,2&view=3,4,5",
        "view=nan,0,1",
        "view=0,inf,1",
        "view=0,0,-4",
        "view=1e300,0,1",
        "view=<script>",
        "color=USA&color=USA:red&color=:&color=%F0%9F%98%80",
        "method=magic&metric=far&cluster_method=cut&cluster_space=mars",
        "n_neighbors=1e9&sample=1&seed=-1",
        'axis=[]&axis={"name":1}&without=growth&only=%00',
        'axis={"name":"a","low":{"name":"b","ids":[1]}}&without=a',
        'axis={"name":"a","kind":"column","column":["x"]}',
        "n_neighbors=999999&sample=0&seed=99999999999999999999",
        "method_params=[1]&preparation=3&cluster_params={",
        'method_params={"n_neighbors":NaN}&preparation={"pca":"x"}',
        'method_params={"__class__":1}&preparation={"explode":true}',
        "method_params=" + "[" * 390,
        "title=" + "x" * 100_000,
        "file=/etc/passwd",
        "file=../../etc/passwd&key=x",
        "open=/etc/passwd",
        "schema=9&self=1&recipe={}&__init__=x",
        "&".join(f"color=g{i}:zzz" for i in range(5000)),
    ],
)
def test_whatever_is_wrong_is_as_if_it_had_not_been_said(query):
    link = said(query)
    assert (link.source, link.view) == (example_source(), None)
    assert link.recipe == CARS or link.recipe == CARS.replace(title=None)


def test_what_is_right_beside_something_wrong_is_kept():
    link = said("theme=night&method=magic&color=USA:nope&color=Japan:0a0b0c&hide=fog,nothing&view=1,2,3")
    assert link.recipe == CARS.replace(theme="night", hide=("fog",), colors={"Japan": "#0a0b0c"})
    assert link.view == Viewport(1, 2, 3)


def test_a_zoom_beyond_the_map_is_brought_within_it():
    assert said("view=0,0,1e9").view == Viewport(0, 0, 4000)


def test_an_address_never_grows_too_long_and_loses_colours_first():
    many = {f"group number {i}": "#112233" for i in range(500)}
    link = Link(example_source(), CARS.replace(theme="night", colors=many), Viewport(1, 2, 3), "item")
    query = written_link(link, HERE)
    assert len(query) <= LONGEST
    back = there_and_back(link)
    assert (back.view, back.item, back.recipe.theme) == (link.view, link.item, "night")
    assert 10 < len(back.recipe.colors) < 500


@pytest.mark.parametrize(
    "by",
    [
        Filter("Origin", ("Japan", "Europe")),
        Filter("Weight", low=2000, high=3000),
        Filter("Weight", low=2000.25),
        Filter("a:b|c~d\\\\..e & =", ("x|y", "~", "1..2", ":", "\\\\", "émigré 車", "100% + more"), missing=True),
        Filter("Horsepower", high=float(np.nextafter(100, 0)), missing=True),
        Filter("When", low=157766400000000000.0, high=float(np.nextafter(189302400000000000.0, 0))),
        Filter("tiny", low=-1.5e-300, high=2.5e300),
        Filter("Cylinders", (), missing=True),
        Filter("Cylinders", ()),
        Filter("Weight"),
    ],
)
def test_conditions_come_back_as_they_were(by):
    link = Link(example_source(), CARS, filters=(by, Filter("other", ("z",))))
    assert there_and_back(link) == link


def test_conditions_read_as_people_write_them():
    assert written_link(Link(example_source(), CARS, filters=(Filter("Origin", ("Japan", "Europe")),)), HERE) == (
        "where=Origin:Japan%7CEurope"
    )
    assert said("where=Origin:Japan|Europe&where=Weight:2000..").filters == (
        Filter("Origin", ("Japan", "Europe")),
        Filter("Weight", low=2000),
    )


@pytest.mark.parametrize(
    "where",
    [
        "",
        ":",
        ":1..2",
        "nothing",
        "Weight:3000..2000",
        "Weight:nan..1",
        "Weight:..inf",
        "Weight:1e999..",
        "Weight:1_0..2",
        "Weight:1..2..3",
        "Weight:1..2|3..4",
        "Weight:__import__..",
        "Origin:%00",
        "Origin:" + "x" * 500,
    ],
)
def test_conditions_that_are_none_are_passed_over_and_the_right_ones_kept(where):
    assert said(f"where={where}&where=Origin:Japan").filters == (Filter("Origin", ("Japan",)),)


def test_conditions_are_few_and_one_a_column():
    assert said("where=a:1&where=a:2").filters == (Filter("a", ("1",)),)
    assert len(said("&".join(f"where=c{i}:1" for i in range(60))).filters) == 16


def test_conditions_too_long_for_an_address_are_left_out_alone():
    many = Filter("Name", tuple(f"car number {i}" for i in range(500)))
    link = Link(example_source(), CARS.replace(theme="night"), filters=(many, Filter("Origin", ("Japan",))))
    back = there_and_back(link)
    assert (back.filters, back.recipe.theme) == ((Filter("Origin", ("Japan",)),), "night")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data" / "deep er").mkdir(parents=True)
    np.save(tmp_path / "data" / "deep er" / "a & b.npy", np.eye(3))
    np.save(tmp_path / "outside.npy", np.eye(3))
    (tmp_path / "data" / "out.npy").symlink_to(tmp_path / "outside.npy")
    return tmp_path / "data"


def test_files_in_the_data_folder_are_named_from_there(folder):
    settings = Settings(data_dir=str(folder))
    file = str((folder / "deep er" / "a & b.npy").resolve())
    link = Link(Source((file,), key="layer 1", member="last"), Recipe(color_by="kind"), item="7")
    assert str(folder) not in written_link(link, settings)
    assert there_and_back(link, settings) == link


@pytest.mark.parametrize("path", ["../outside.npy", "out.npy", "/etc/passwd", "deep er/../../outside.npy", "gone"])
def test_files_outside_the_data_folder_are_not_opened(folder, path):
    assert said(f"file={path}", Settings(data_dir=str(folder))).source == example_source()


def test_a_server_that_only_shows_opens_nothing_else(folder):
    settings = Settings((str(folder / "out.npy"),), read_only=True, data_dir=str(folder))
    for query in ("open=car-land", "file=deep+er/a+%26+b.npy"):
        assert said(query, settings).source == Source(settings.files)


def test_of_an_upload_only_what_fits_any_map_is_told():
    upload = Source(("/tmp/cartographer-uploads-x/secret name.npy",))
    recipe = Recipe(theme="night", title="secret", hide=("fog",), colors={"a": "#112233"}, color_by="secret")
    query = written_link(Link(upload, recipe, Viewport(1, 2, 3), "secret"), HERE)
    assert parse_qs(query) == {"theme": ["night"], "hide": ["fog"]}


def test_car_land_is_named_on_a_server_that_began_with_something_else(folder):
    settings = Settings((str(folder / "deep er" / "a & b.npy"),))
    link = Link(example_source(), CARS)
    assert written_link(link, settings) == "open=car-land"
    assert there_and_back(link, settings) == link


def test_axes_too_long_for_an_address_are_left_out_with_what_is_done_by_them():
    ids = [f"a long id of an item {i}" for i in range(2_000)]
    axis = {"name": "crowd", "low": {"name": "these", "ids": ids}, "high": {"name": "those", "ids": ["1"]}}
    on_axes = {"method": "axes", "method_params": {"x": "crowd", "y": "crowd"}, "color_by": "crowd"}
    link = Link(example_source(), CARS.replace(axes=(axis,), without=("crowd",), theme="night", **on_axes))
    assert there_and_back(link) == Link(example_source(), CARS.replace(theme="night"))
    assert axes_too_long(link, HERE)
    assert not axes_too_long(Link(example_source(), CARS), HERE)
    assert not axes_too_long(Link(Source(("/elsewhere/upload.npy",)), link.recipe), HERE)  # no address names its map


@pytest.mark.parametrize("letter", ["w", "車", "ก", '"', "\u200c", "\u3000", "\U0001f680", "\u202e"])
def test_axes_come_back_whatever_they_are_called(letter):
    name = f"a{letter * 78}z"
    poles = {"low": {"name": name, "ids": ["1"]}, "high": {"name": name, "ids": ["2"]}}
    on_axes = {"method": "axes", "method_params": {"x": name, "y": name}, "color_by": name, "without": (name,)}
    link = Link(example_source(), CARS.replace(axes=({"name": name, **poles},), **on_axes))
    assert len(written_link(link, HERE)) <= LONGEST_WITH_AXES
    assert there_and_back(link) == link
    assert not axes_too_long(link, HERE)


@pytest.mark.parametrize("count", [1, 3, 10, 30])
def test_axes_are_in_an_address_with_all_that_is_done_by_them_or_not_at_all(count):
    names = [f"{'車' * 40} {one}" for one in range(count)]
    axes = tuple({"name": name, "kind": "column", "column": "Year"} for name in names)
    link = Link(
        example_source(), CARS.replace(axes=axes, method="axes", method_params={"x": names[0], "y": names[-1]})
    )
    back = there_and_back(link).recipe
    assert len(back.axes) in (0, count)
    assert (back.method == "axes") == bool(back.axes)
