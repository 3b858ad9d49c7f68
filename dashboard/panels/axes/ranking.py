"""The items along an axis: who stands at its ends, where the chosen item is, how groups lie on it."""

from __future__ import annotations

from math import isnan

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.ranks import ends_of, percentile_of
from cartography.drawing.palettes import listed_colours
from cartography.inspection.wording import cut, number_words
from cartography.items import title
from cartography.records import AxisSpec
from dashboard.desk import Desk
from dashboard.map_view.overlay import Overlay
from dashboard.panels.axes.draft import choice
from dashboard.panels.axes.strip import MOST_GROUPS, groups_along, strip_chart, strip_table
from dashboard.panels.grouping.borders_groups import Groups, groups_by
from dashboard.panels.item.entries import entry_of
from dashboard.panels.item_list import Entry, Mark, show_items
from dashboard.panels.markup import safe

__all__ = ["place_words", "show_by_group", "show_ranking"]

_LISTED = 10
_CLUSTERS, _ALL = "Clusters of the map", "All items together"


def show_ranking(desk: Desk, spec: AxisSpec, axis: Axis | None) -> None:
    """Draw the chosen item's place and the items at both ends, which are ringed on the map."""
    places = _places(desk, spec.name)
    if desk.selected is not None:
        words = place_words(title(desk.built.embeddings, desk.selected), places, desk.selected, spec)
        st.html(f"<p class='ec-told' data-testid='axes-place'>{safe(words)}</p>")
    found = ends_of(places, _LISTED)
    desk.draw(Overlay(ringed=tuple(int(row) for row in (*found.low, *found.high))))
    named = set(np.concatenate([axis.low_rows, axis.high_rows]).tolist()) if axis is not None else set()
    for end, rows in ((spec.ends[1], found.high), (spec.ends[0], found.low)):
        st.html(f"<p class='ec-head'>AT THE END OF {safe(cut(end, 40))}</p>")
        entries = _entries(desk, rows, places, named)
        show_items(
            entries, f"Items at the end of {end}", desk.key(f"axes-{end}"), lambda row: desk.select(row, turn=False)
        )
    marked = " ◆ marks items that the poles name." if named else ""
    st.caption(f"The {_LISTED} outermost at each end of {len(places):,}, ringed on the map.{marked}")


def _places(desk: Desk, name: str) -> NDArray[np.float32]:
    return desk.built.embeddings.items[name].to_numpy(np.float32)


def _entries(desk: Desk, rows: NDArray[np.int64], places: NDArray[np.float32], named: set[int]) -> list[Entry]:
    middle = float(np.median(places))
    widest = float(np.abs(places - middle).max()) or 1.0
    mark = (Mark("◆", "named by a pole"),)
    return [
        entry_of(
            desk,
            int(row),
            f"{places[row]:+.3f}",
            abs(float(places[row]) - middle) / widest,
            marks=mark if int(row) in named else (),
        )
        for row in rows
    ]


def place_words(name: str, places: NDArray[np.float32], row: int, spec: AxisSpec) -> str:
    """Return where an item is along an axis, in one sentence."""
    percentile = percentile_of(places, row)
    if isnan(percentile):
        return f"{cut(name)} has no place on this axis."
    low, high = (cut(end, 40) for end in spec.ends)
    toward, share = (high, percentile) if percentile >= 50 else (low, 100 - percentile)
    here = number_words(float(places[row]))
    return f"{cut(name)} is at {here}, further toward {toward} than {share:.0f}% of the others."


def show_by_group(desk: Desk, spec: AxisSpec) -> None:
    """Draw the choice of groups, and a strip of items for each."""
    groups = _choose(desk)
    places = _places(desk, spec.name)
    shown = groups_along(places, groups.codes, groups.names)
    table = strip_table(desk.built.embeddings, places, groups.codes, shown, desk.built.recipe.seed)
    st.altair_chart(strip_chart(table, shown, _colours(desk, groups, shown), spec.ends), width="stretch")
    words = [f"A dot is an item, a bar the median of {'its group' if len(groups.names) > 1 else 'all'}."]
    total = int(shown["items"].sum())
    if len(table) < total:
        words.append(f"Drawn are {len(table):,} of {total:,}, at random; medians are of all.")
    if len(shown) < len(np.unique(groups.codes[groups.codes >= 0])):
        words.append(f"Shown are the {MOST_GROUPS} largest groups.")
    st.caption(" ".join(words))


def _choose(desk: Desk) -> Groups:
    columns = [one.name for one in desk.columns.of_kind("categories") if len(one.names) > 1]
    clusters = [_CLUSTERS] if desk.built.clustering.levels[desk.built.clustering.main].count > 1 else []
    colouring = desk.built.scene.colouring
    usual = colouring.column if colouring.kind == "categories" else None
    offered = [*columns, *clusters, _ALL]
    chosen = choice(desk, "strip-groups", "Groups by", offered, usual if usual in columns else offered[0])
    if chosen == _ALL:
        return Groups(None, np.zeros(len(desk.built.embeddings), np.int32), ("all items",))
    return groups_by(desk, None if chosen == _CLUSTERS else str(chosen))


def _colours(desk: Desk, groups: Groups, shown: pd.DataFrame) -> list[str]:
    """The colours of the map's own legend where it shows these groups, else of the same list."""
    colouring = desk.built.scene.colouring
    own = dict(zip(colouring.names, desk.world.colours, strict=False))
    same = groups.column is not None and colouring.kind == "categories" and colouring.column == groups.column
    if same or (groups.column is None and colouring.column is None and set(groups.names) <= set(own)):
        return [own.get(groups.names[code], desk.world.colours[-1]) for code in shown["code"]]
    if len(shown) == 1:
        return ["#8d2b1d"]
    listed = listed_colours(MOST_GROUPS)
    return [listed[place % len(listed)] for place in shown["code"].rank(method="first").astype(int) - 1]
