"""The item's panel: what it lists, marks and draws over the map, and how two places are chosen."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cartography.inspection.nearness.mutual import YES
from cartography.inspection.nearness.query import Query
from cartography.pipeline import build_map
from cartography.records import Recipe
from dashboard.desk import Desk
from dashboard.nearby import between_of, neighbourhood_of
from dashboard.panels.item.between import measured, road_entries, road_words, towns_to_choose
from dashboard.panels.item.entries import percent, percentile_words
from dashboard.panels.item.neighbours import false_words, lost_words, near_entries, overlay_of
from dashboard.panels.item.query_list import add_to_query, query_at
from dashboard.settings import Settings
from dashboard.sources import Source
from dashboard.state import Session
from dashboard.worlds import published
from tests.data import blobs, embedding_set


def page() -> None:
    """A page with nothing but the panel; runs apart, without the names of this module."""
    import streamlit as st

    from cartography.pipeline import build_map
    from cartography.records import Recipe
    from dashboard.desk import Desk
    from dashboard.panels.item.item import show_item
    from dashboard.state import session
    from dashboard.worlds import published
    from tests.data import blobs

    built = build_map(blobs(300), Recipe(method="pca", metric="euclidean"))
    visit = session()
    visit.selected = st.number_input("row", 0, 299, 5, key="row")
    show_item(Desk(visit, built, published(built)[0]))
    drawn = visit.overlay
    st.text(f"drawn {drawn.centre} {len(drawn.spokes)} {len(drawn.lost)} {len(drawn.route)} {drawn.ringed}")


@pytest.fixture(scope="module")
def desk() -> Desk:
    """Real groups on a map by two components, which loses neighbours."""
    rng = np.random.default_rng(0)
    spread = blobs(500, dimensions=30).vectors * rng.uniform(0.6, 1.4, (500, 1))
    built = build_map(embedding_set(spread, name=[f"*{i}* <b>" for i in range(500)]), Recipe(method="pca"))
    visit = Session(Settings(), Source(("x",)), Recipe())
    return Desk(visit, built, published(built)[0])


@pytest.fixture(autouse=True)
def fresh(desk):
    desk.visit.kept.clear()
    desk.visit.selected = 7


def test_lines_say_distance_percentile_and_what_is_mutual_or_lost(desk):
    found = neighbourhood_of(desk.built, Query((7,)), "cosine", 20)
    entries = near_entries(desk, found)
    assert [entry.row for entry in entries] == found.near.rows.tolist()
    assert [any(mark.sign == "⇄" for mark in entry.marks) for entry in entries] == (found.mutual == YES).tolist()
    assert [any(mark.sign == "lost" for mark in entry.marks) for entry in entries] == found.lost.tolist()
    assert found.lost.any()
    assert lost_words(found).startswith(f"{found.lost.sum()} of the 20 ")
    assert false_words(found).startswith(f"{len(found.false)} of the 20 nearest on the map")
    assert all(entry.tip.startswith("nearer than") for entry in entries)


def test_spokes_go_to_what_stayed_near_and_lost_ones_apart(desk):
    found = neighbourhood_of(desk.built, Query((7,)), "cosine", 20)
    drawn = overlay_of(desk, Query((7,)), found)
    assert drawn.centre == 7
    assert set(drawn.spokes) | set(drawn.lost) == set(found.near.rows.tolist())
    assert not set(drawn.spokes) & set(drawn.lost)
    assert set(drawn.false) == set(found.false.rows.tolist())
    vector = overlay_of(desk, Query(vector=desk.built.prepared.vectors[7]), found)
    assert (vector.centre, vector.origin) == (None, None)


def test_several_items_ask_together_until_they_are_taken_away(desk):
    assert query_at(desk, 7).rows == (7,)
    add_to_query(desk, 3)
    add_to_query(desk, 3, 9)
    assert query_at(desk, 7).rows == (3, 9)
    found = neighbourhood_of(desk.built, query_at(desk, 7), "euclidean", 10)
    drawn = overlay_of(desk, query_at(desk, 7), found)
    assert drawn.ringed == (3, 9)
    assert drawn.origin == pytest.approx(desk.built.scene.coordinates[[3, 9]].mean(axis=0))


def test_the_same_question_is_answered_once(desk):
    assert neighbourhood_of(desk.built, Query((7,)), "dot", 10) is neighbourhood_of(
        desk.built, Query((7,)), "dot", 10
    )


def test_one_measures_from_the_item_where_it_was_turned_on_to_the_next_clicked(desk):
    assert measured(desk).second is None
    desk.visit.kept["measure_from"] = 7
    assert measured(desk).second is None
    desk.visit.selected = 11
    ends = measured(desk)
    assert (ends.first, ends.second) == (7, 11)
    found = between_of(desk.built, (7, 11))
    assert [entry.row for entry in road_entries(desk, found.way)] == found.way.rows.tolist()
    assert f"{len(found.way.legs)} steps, " in road_words(found.way, "cosine")


def test_towns_are_offered_by_name(desk):
    towns = towns_to_choose(desk.built.scene)
    names = [desk.built.scene.towns[town].name for town in towns]
    assert names == sorted(names, key=str.casefold)
    assert len(towns) == len(desk.built.scene.towns)


def test_shares_are_never_said_to_be_nothing_or_all():
    assert [percent(share) for share in (0.0, 0.5, 42.4, 99.999)] == ["<0.01%", "0.50%", "42%", ">99.99%"]
    assert percentile_words(3.0, "all 100 pairs") == "nearer than 97% of all pairs"
    assert percentile_words(80.0, "200,000 pairs drawn at random").endswith("going by 200,000 pairs drawn at random")


def test_the_panel_follows_metric_count_and_measuring():
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert app.text[0].value.startswith("drawn 5 ")
    spokes = lambda: sum(map(int, app.text[0].value.split()[2:4]))  # noqa: E731
    assert spokes() == 10
    next(one for one in app.number_input if one.key != "row").set_value(40).run()
    assert spokes() == 40
    app.button_group[0].set_value(["cosine"]).run()
    assert not app.exception
    app.toggle[0].set_value(True).run()
    app.number_input(key="row").set_value(9).run()
    assert not app.exception
    assert app.text[0].value.endswith("(5, 9)")
    app.toggle[0].set_value(False).run()
    assert app.text[0].value.startswith("drawn 9 ")
    app.button[0].click().run()
    app.number_input(key="row").set_value(30).run()
    assert app.text[0].value.startswith("drawn 9 ")
