"""From here to there: how far it is, the road between, and what lies half way."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from cartography.errors import CartographyError
from cartography.inspection.nearness.paths import Between, HalfWay, Way
from cartography.items import title
from cartography.records import MapScene
from dashboard.desk import Desk
from dashboard.map_view.overlay import Overlay
from dashboard.nearby import between_of
from dashboard.panels.item.entries import entry_of, percent, percentile_words
from dashboard.panels.item_list import Entry, show_items
from dashboard.panels.markup import safe
from dashboard.panels.refusal import show_refusal
from dashboard.state import component_state

__all__ = ["half_way_words", "measured", "measuring", "road_entries", "road_words", "show_between", "towns_to_choose"]

_KEPT = "measure_from"
_TOWNS = 300
_STOPS = 500  # items of a road that are listed
_HERE, _NEXT = "The chosen item", "The next item you click"


@dataclass(frozen=True)
class _Ends:
    first: int
    second: int | None


def measuring(desk: Desk) -> bool:
    """Whether a person has said from where to measure."""
    return _KEPT in desk.visit.kept or any(_town(desk, name) is not None for name in ("from", "to"))


def show_between(desk: Desk) -> None:
    """Draw the choice of two places and what is between them; the road is drawn over the map."""
    ends = _choose(desk)
    if ends is None or ends.second is None or ends.first == ends.second:
        if measuring(desk):
            st.caption("Click another item on the map, or choose a town.")
        return
    try:
        with st.spinner("Looking for the road …"):
            found = between_of(desk.built, (ends.first, ends.second))
    except CartographyError as error:
        show_refusal(error)
        return
    _show(desk, found)


def _choose(desk: Desk) -> _Ends | None:
    if desk.selected is None:
        return None
    scene = desk.built.scene
    towns: list[int | None] = [None, *towns_to_choose(scene)]
    for name, first in (("from", _HERE), ("to", _NEXT)):

        def called(town: int | None, first: str = first) -> str:
            return first if town is None else scene.towns[town].name

        st.selectbox(name.title(), towns, format_func=called, key=desk.key(f"between-{name}"))
    st.toggle(
        "Measure to the next item clicked",
        key=desk.key("between-on"),
        value=_KEPT in desk.visit.kept,
        on_change=_turn,
        args=(desk,),
        disabled=_town(desk, "to") is not None,
    )
    return measured(desk)


def measured(desk: Desk) -> _Ends | None:
    """Return the rows of the two ends as they are chosen now; the second is None while it is waited for."""
    here, start = desk.selected, desk.visit.kept.get(_KEPT)
    town_from, town_to = _town(desk, "from"), _town(desk, "to")
    fixed = town_from if town_from is not None else start
    first = fixed if fixed is not None else here
    if first is None or first >= len(desk.built.embeddings):
        return None
    clicked = here if fixed is not None and here != fixed else None
    return _Ends(first, town_to if town_to is not None else clicked)


def _turn(desk: Desk) -> None:
    """Begin at the chosen item, or stop."""
    if component_state(desk.key("between-on")) and desk.selected is not None:
        desk.visit.kept[_KEPT] = desk.selected
    else:
        desk.visit.kept.pop(_KEPT, None)


def _town(desk: Desk, name: str) -> int | None:
    """Return the row of the item that a chosen town stands at."""
    town, towns = component_state(desk.key(f"between-{name}")), desk.built.scene.towns
    return towns[town].item if isinstance(town, int) and town < len(towns) else None


def towns_to_choose(scene: MapScene) -> list[int]:
    """Return the largest towns of a map, by name."""
    largest = sorted(range(len(scene.towns)), key=lambda town: -scene.towns[town].population)[:_TOWNS]
    return sorted(largest, key=lambda town: scene.towns[town].name.casefold())


def _show(desk: Desk, found: Between) -> None:
    names = [safe(title(desk.built.embeddings, row), 80) for row in found.ends]
    st.html(
        f"<p class='ec-sub'>{names[0]} → {names[1]}</p>"
        f"<p class='ec-item' data-testid='between-distance'>{found.distance:.3g} {found.metric} distance</p>"
        f"<p class='ec-sub'>{percentile_words(found.percentile, found.pairs)}</p>"
    )
    for note in found.notes:
        st.caption(note)
    if found.way is not None:
        st.html(f"<p class='ec-head'>THE ROAD</p><p class='ec-sub'>{road_words(found.way, found.metric)}</p>")
        show_items(road_entries(desk, found.way), "Items on the road", "road", desk.select)
    if found.half_way is not None and len(found.half_way.rows):
        st.html(f"<p class='ec-head'>HALF WAY</p><p class='ec-sub'>{half_way_words(found.half_way)}</p>")
        show_items(_half_way_entries(desk, found.half_way), "Items half way", "half-way", desk.select)
    route = tuple(found.way.rows.tolist()) if found.way is not None else ()
    desk.draw(Overlay(route=route, ringed=found.ends))


def road_words(way: Way, metric: str) -> str:
    """Return how long the road is, against the straight line."""
    if len(way.legs) == 1:
        return "They are neighbours: it takes one step."
    along = f"From neighbour to neighbour it takes {len(way.legs):,} steps"
    if way.detour is None or metric == "dot":  # differences of inner products are no lengths
        return f"{along}."
    how = ", in angles" if metric == "cosine" else ""
    listed = f" The first {_STOPS} are listed." if len(way.rows) > _STOPS else ""
    return f"{along}, {way.detour:.2f} times as far as the straight line{how}.{listed}"


def road_entries(desk: Desk, way: Way) -> list[Entry]:
    """Return the items on the road as lines, with how much of the way is behind one."""
    behind = [0.0, *way.legs.cumsum().tolist()]
    whole = behind[-1] or 1.0
    return [
        entry_of(
            desk, row, "" if not place else f"+{way.legs[place - 1]:.3g}", done / whole, aside=f"{done / whole:.0%}"
        )
        for place, (row, done) in enumerate(zip(way.rows.tolist()[:_STOPS], behind, strict=False))
    ]


def half_way_words(found: HalfWay) -> str:
    """Return whether anything lives half way."""
    if found.lonelier is None:
        return "These are nearest to the middle of the two."
    if found.empty:
        return (
            f"Empty land: {percent(found.lonelier)} of the items have a nearest one that is nearer than what is "
            "nearest to the middle here."
        )
    return "Settled land: these are nearest to the middle of the two, as near as items usually are to each other."


def _half_way_entries(desk: Desk, found: HalfWay) -> list[Entry]:
    furthest = float(found.distances.max(initial=0)) or 1.0
    lines = zip(found.rows.tolist(), found.distances.tolist(), strict=True)
    return [entry_of(desk, row, f"{distance:.3g}", distance / furthest) for row, distance in lines]
