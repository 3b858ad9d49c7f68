"""The plain chart for notebooks obeys what is hidden and how groups are coloured."""

from __future__ import annotations

from typing import Any

import pytest

from cartography.drawing import draw_map
from cartography.drawing.showing import Showing
from tests.land.worlds import four_islands


def chart(**options: Any) -> dict[str, Any]:
    return draw_map(four_islands(), width=300, height=200, **options).to_altair().to_dict()


def points_of(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    return next((rows for rows in drawn["datasets"].values() if rows and "colour" in rows[0]), [])


def test_groups_have_the_colours_chosen_for_them_in_points_and_legend() -> None:
    drawn = chart(colors={"group 2": "#ff2fd0"})
    colour = drawn["layer"][1]["encoding"]["color"]
    named = dict(zip(colour["scale"]["domain"], colour["scale"]["range"], strict=True))
    assert named["group 2"] == "#ff2fd0"
    assert {row["colour"] for row in points_of(drawn) if row["value"] == "group 2"} == {"#ff2fd0"}
    assert list(named.values()).count("#ff2fd0") == 1


def test_a_hidden_legend_leaves_every_point_its_colour() -> None:
    colour = chart(showing=Showing.without(["legend"]))["layer"][1]["encoding"]["color"]
    assert colour["legend"] is None
    assert colour["field"] == "colour"


@pytest.mark.parametrize(("hidden", "count"), [("items", 0), ("towns", 800)])
def test_hidden_items_are_not_sent_at_all(hidden: str, count: int) -> None:
    assert len(points_of(chart(showing=Showing.without([hidden])))) == count


def test_a_hidden_title_is_not_written() -> None:
    assert chart(title="Here")["title"]["text"] == "Here"
    assert not chart(title="Here", showing=Showing.without(["title"]))["title"]["text"]
