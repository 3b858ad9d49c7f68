"""What the routes serve, and what they refuse."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import numpy as np
import pytest
from starlette.applications import Starlette

from cartography.drawing.browser import Card, World
from cartography.drawing.browser.bundle import CODE_NAME
from cartography.drawing.browser.completions import Completions
from cartography.drawing.browser.naming import MOST_TOWNS
from cartography.drawing.browser.wire import names_json, points_pieces
from cartography.errors import ParameterError
from cartography.records import Colouring
from dashboard.map_view import Worlds, map_routes
from dashboard.map_view.routes import AWAY, PREFIX
from dashboard.map_view.view import _data
from tests.asgi import ask, finished, get
from tests.map_view.scenes import PlainTiles, dressed, flat_terrain, random_walks, scene_of, world_of

N = 300


@pytest.fixture
def world() -> World:
    coordinates, label = random_walks(N, walks=3)
    return world_of(scene_of(coordinates, label, terrain=flat_terrain(coordinates)))


@pytest.fixture
def served(world):
    worlds = Worlds()
    token = worlds.publish("key", lambda: world)
    return Starlette(routes=map_routes(worlds)), f"/{PREFIX}/{token}"


def app_of(world: World) -> tuple[Starlette, str]:
    worlds = Worlds()
    return Starlette(routes=map_routes(worlds)), f"/{PREFIX}/{worlds.publish('key', lambda: world)}"


def test_points_come_in_wire_order_and_uncompressed(served, world):
    answer = get(served[0], f"{served[1]}/points", {"Accept-Encoding": "gzip"})
    xy = np.frombuffer(answer.body, dtype="<f4").reshape(-1, 2)
    assert answer.status == 200
    assert np.array_equal(xy, world.scene.coordinates[world.scene.order])
    assert answer.headers["content-encoding"] == "identity"
    assert "immutable" in answer.headers["cache-control"]


def test_many_points_come_in_pieces_the_first_a_small_one():
    coordinates, label = random_walks(400_000, walks=3)
    world = world_of(scene_of(coordinates, label, terrain=flat_terrain(coordinates), towns=5))
    pieces = list(points_pieces(world))
    assert len(pieces) > 2
    assert len(pieces[0]) < 300_000
    assert b"".join(pieces) == coordinates[world.scene.order].tobytes()
    app, base = app_of(world)
    answer = get(app, f"{base}/points")
    assert answer.headers["content-length"] == str(len(answer.body)) == str(8 * 400_000)


def test_codes_take_one_byte_each(served, world):
    body = get(served[0], f"{served[1]}/codes").body
    assert np.array_equal(np.frombuffer(body, dtype="u1"), world.scene.colouring.codes[world.scene.order])


def test_codes_of_many_groups_take_two_bytes(world):
    codes = np.arange(N, dtype=np.uint16)
    colouring = Colouring("many", "categories", codes, tuple(f"group {i}" for i in range(N)))
    scene = replace(world.scene, colouring=colouring)
    app, base = app_of(world_of(scene))
    assert np.array_equal(np.frombuffer(get(app, f"{base}/codes").body, dtype="<u2"), codes[scene.order])


def test_who_has_it_already_gets_304(served):
    first = get(served[0], f"{served[1]}/points")
    again = get(served[0], f"{served[1]}/points", {"If-None-Match": first.headers["etag"]})
    assert again.status == 304
    assert again.body == b""


def test_names_hold_realms_towns_and_legend(served, world):
    names = json.loads(get(served[0], f"{served[1]}/names").body)
    assert [realm["name"] for realm in names["realms"]] == [realm.name for realm in world.scene.realms]
    town = names["towns"][3]
    assert world.scene.order[town["item"]] == world.scene.towns[3].item
    assert [group["count"] for group in names["legend"]["groups"]] == [100, 100, 100]
    assert len(names["colours"]) == world.scene.colouring.missing + 1


def test_names_stay_small_however_many_towns_there_are(world):
    town = world.scene.towns[0]
    towns = [
        replace(town, name=f"a town with a rather long name, even for a town: number {i}") for i in range(20_000)
    ]
    many = names_json(replace(world, scene=replace(world.scene, towns=towns)))
    assert len(json.loads(many)["towns"]) == MOST_TOWNS
    assert len(many) < 600_000


def test_what_travels_with_every_rerun_is_less_than_four_kilobytes(world):
    assert len(json.dumps(_data(world, "t" * 32, 600))) < 4096


def test_a_scale_of_numbers_tells_its_ends(world):
    codes = np.linspace(0, 254, N).astype(np.uint16)
    scene = replace(world.scene, colouring=Colouring("price", "numbers", codes, low=-1.5, high=12345.678))
    legend = json.loads(names_json(world_of(scene)))["legend"]
    assert (legend["low"], legend["high"], legend["kind"]) == ("-1.5", "1.235e+04", "numbers")


def test_labels_that_are_no_text_still_travel(world):
    towns = (replace(world.scene.towns[0], name="lone \ud800 surrogate </script>\u2028"),)
    assert json.loads(names_json(replace(world, scene=replace(world.scene, towns=towns))))["towns"]


def test_tiles_are_painted_once(world):
    painter = PlainTiles()
    world = replace(world, relief=painter)
    app, base = app_of(world)
    path = f"{base}/tiles/{world.style_key}/3/7/2"
    first, second = get(app, path), get(app, path)
    assert first.status == second.status == 200
    assert first.headers["content-type"] == "image/webp"
    assert first.body[:4] == b"RIFF"
    assert painter.painted == 1


def test_a_tile_nobody_waits_for_is_not_painted(world):
    painter = PlainTiles()
    world = replace(world, relief=painter)
    app, base = app_of(world)
    assert get(app, f"{base}/tiles/{world.style_key}/3/7/2", gone=True).status == 204
    assert painter.painted == 0


def test_many_tiles_at_once_are_all_answered(world):
    app, base = app_of(world)

    async def all_of_them():
        paths = [f"{base}/tiles/{world.style_key}/3/{x}/{y}" for x in range(8) for y in range(8)]
        return await asyncio.gather(*(ask(app, path) for path in paths))

    assert {answer.status for answer in finished(all_of_them())} == {200}


@pytest.mark.parametrize(
    "path",
    ["2/4/0", "2/0/4", "99/0/0", "-1/0/0", "2/x/0", "2/1.0/0", "2/0/" + "9" * 5000, "²/0/0", "2/0"],
)
def test_there_is_no_such_tile(served, world, path):
    assert get(served[0], f"{served[1]}/tiles/{world.style_key}/{path}").status == 404


def test_a_tile_in_another_look_is_refused(served):
    assert get(served[0], f"{served[1]}/tiles/night-0000/0/0/0").status == 404


def test_fog_is_served_where_there_is_some(world):
    dressed_world = world_of(dressed(world.scene))
    app, base = app_of(dressed_world)
    answer = get(app, f"{base}/fog/{dressed_world.fog_key}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.body == dressed_world.fog()
    assert get(app, f"{base}/fog/of-another-look").status == 404
    clear, clear_base = app_of(world)
    assert world.fog_key == ""
    assert get(clear, f"{clear_base}/fog/").status == 404


def test_names_hold_what_lies_on_the_land(world):
    scene = dressed(world.scene)
    names = json.loads(names_json(world_of(scene)))
    assert [border["firm"] for border in names["borders"][:3]] == [True, False, None]
    assert names["borders"][2]["support"] is None
    assert names["fog"]["share"] == pytest.approx(0.2)
    assert {"dragon", "boat", "box"} == set(names["glyphs"])
    assert [road["ferry"] for road in names["roads"][:4]] == [True, False, False, True]


def test_an_item_has_a_card(served, world):
    card = json.loads(get(served[0], f"{served[1]}/item/12").body)
    assert card["title"] == f"item {world.scene.order[12]}"
    assert card["fields"][0][0] == "group"


def test_cards_are_cut_and_pictures_are_pictures(world):
    card = Card("t" * 9000, (("name", "x" * 9000),), image=b"<svg onload=alert(1)>")
    app, base = app_of(replace(world, card=lambda row: card))
    told = json.loads(get(app, f"{base}/item/0").body)
    assert len(told["title"]) == len(told["fields"][0][1]) == 2000
    assert told["image"] == ""
    app, base = app_of(replace(world, card=lambda row: Card("t", image=b"\x89PNG...")))
    assert json.loads(get(app, f"{base}/item/0").body)["image"].startswith("data:image/png;base64,")


def test_neighbours_come_as_wire_indices(served, world):
    told = json.loads(get(served[0], f"{served[1]}/neighbours/4").body)
    rows, distances = world.neighbours(int(world.scene.order[4]))
    assert world.scene.order[told["items"]].tolist() == rows
    assert told["distances"] == pytest.approx(distances, rel=1e-6)


def test_what_is_found_comes_with_the_key_of_its_set(served, world):
    app, base = served
    found = json.loads(get(app, f"{base}/search?text=12&column=row").body)
    rows = np.flatnonzero(["12" in str(row) for row in range(len(world.scene))])
    assert found["count"] == len(rows)
    assert {int(world.scene.order[one["item"]]) for one in found["first"]} <= set(rows.tolist())
    bits = np.frombuffer(get(app, f"{base}/sets/{found['key']}").body, np.uint8)
    held = np.unpackbits(bits, count=len(world.scene)).astype(bool)
    assert sorted(world.scene.order[held].tolist()) == rows.tolist()


def test_a_search_that_cannot_be_done_says_why_and_has_no_set(served):
    found = json.loads(get(served[0], f"{served[1]}/search?text=(a&regex=1").body)
    assert (found["key"], found["count"], found["problem"]) == ("", 0, "No patterns here.")


def test_names_in_a_formula_are_completed_at_the_cursor(world):
    asked = []

    def complete(text, cursor):
        asked.append((text, cursor))
        return Completions(7, 9, (('"<b> \u2665"', "<b> \u2665", "item"),))

    app, base = app_of(replace(world, complete=complete))
    answer = get(app, f"{base}/complete?text=king%20-%20%F0%9F%98%80m&cursor=9")
    assert json.loads(answer.body) == {
        "start": 7,
        "end": 9,
        "suggestions": [{"insert": '"<b> \u2665"', "shown": "<b> \u2665", "detail": "item"}],
    }
    assert answer.headers["cache-control"] == "no-store"
    get(app, f"{base}/complete?text=king&cursor=99")
    get(app, f"{base}/complete?text={'a' * 5000}")
    assert asked == [("king - \U0001f600m", 9), ("king", 4), ("a" * 2000, 0)]


@pytest.mark.parametrize("query", ["text=a&cursor=-1", "text=a&cursor=x", "cursor=1e9"])
def test_a_cursor_is_a_whole_number(world, query):
    app, base = app_of(replace(world, complete=lambda text, cursor: Completions(0, 0)))
    assert get(app, f"{base}/complete?{query}").status == 404


def test_a_map_without_names_completes_none(served):
    assert get(served[0], f"{served[1]}/complete?text=a&cursor=1").status == 404


def test_a_set_that_is_not_there_is_refused_in_one_sentence(served):
    refused = get(served[0], f"{served[1]}/sets/0123456789abcdef")
    assert refused.status == 422
    assert "put away" in refused.text


def test_places_without_a_neighbour_are_left_out(world):
    app, base = app_of(replace(world, neighbours=lambda row: ([3, -1, 5], [0.5, float("inf"), float("nan")])))
    told = json.loads(get(app, f"{base}/neighbours/0").body)
    assert told == {"items": world.places[[3, 5]].tolist(), "distances": [0.5, None]}


@pytest.mark.parametrize("index", ["-1", str(N), "x", "1e2", "0x1", "", "9" * 5000, "../0"])
@pytest.mark.parametrize("kind", ["item", "neighbours"])
def test_there_is_no_such_item(served, kind, index):
    assert get(served[0], f"{served[1]}/{kind}/{index}").status == 404


@pytest.mark.parametrize("path", ["points", "codes", "names", "item/0", "neighbours/0", "tiles/x/0/0/0"])
def test_an_unknown_token_gets_one_sentence(served, path):
    answer = get(served[0], f"/{PREFIX}/{'A' * 32}/{path}")
    assert answer.status == 404
    assert answer.text == AWAY
    assert "store" in answer.headers["cache-control"]


def test_a_refusal_says_why(world):
    def refuse(row: int):
        raise ParameterError("This map has no neighbours.", "Compute them first.")

    app, base = app_of(replace(world, neighbours=refuse))
    answer = get(app, f"{base}/neighbours/0")
    assert answer.status == 422
    assert answer.text == "This map has no neighbours. Compute them first."


def test_the_code_is_served_under_a_name_that_changes_with_it(served):
    answer = get(served[0], f"/{PREFIX}/{CODE_NAME}")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "export default function mount" in answer.text


@pytest.mark.parametrize("base_path", ["maps", "/maps/", "maps/of/mine"])
def test_all_works_below_a_base_path(world, base_path):
    worlds = Worlds()
    token = worlds.publish("key", lambda: world)
    app = Starlette(routes=map_routes(worlds, base_path))
    assert get(app, f"/{base_path.strip('/')}/{PREFIX}/{token}/codes").status == 200


def test_streamlit_accepts_the_routes(tmp_path):
    import streamlit as st

    page = tmp_path / "page.py"
    page.write_text("")
    st.App(page, routes=map_routes(Worlds()))
