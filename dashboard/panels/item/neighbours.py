"""What is near in the original space, under any metric, and what the map lost or put there falsely."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cartography.errors import CartographyError
from cartography.inspection.nearness.mutual import UNKNOWN, YES
from cartography.inspection.nearness.neighbourhood import MOST, Near, Neighbourhood
from cartography.inspection.nearness.query import Query
from cartography.neighbours import METRICS
from dashboard.desk import Desk
from dashboard.map_view.overlay import Overlay
from dashboard.nearby import neighbourhood_of
from dashboard.panels.item.entries import entry_of, percent, percentile_words
from dashboard.panels.item_list import Entry, Mark, show_items
from dashboard.panels.refusal import show_refusal

__all__ = ["false_words", "lost_words", "near_entries", "overlay_of", "show_neighbours"]

_FEWEST = 10


def show_neighbours(desk: Desk, query: Query, name: str = "neighbours") -> None:
    """Draw the controls and the lists of what is near a query, and spokes over the map; `name` tells lists apart."""
    metric, k = _controls(desk, name)
    try:
        with st.spinner("Looking around …"):
            found = neighbourhood_of(desk.built, query, metric, k)
    except CartographyError as error:
        show_refusal(error)
        return
    st.html(
        f"<p class='ec-head'>{len(found.near):,} NEAREST IN THE ORIGINAL SPACE · {metric} distance · "
        "share of all pairs that are nearer</p>"
    )
    show_items(near_entries(desk, found), "Nearest items", name, desk.select)
    for note in (*found.notes, *(() if found.pairs.startswith("all") else (f"Shares go by {found.pairs}.",))):
        st.caption(note)
    _strangers(desk, query, found, name)
    desk.draw(overlay_of(desk, query, found))


def _controls(desk: Desk, name: str) -> tuple[str, int]:
    usual = str(desk.built.recipe.metric)
    nearness, count = st.columns([2.6, 1], vertical_alignment="center", gap="small")
    metric = nearness.segmented_control(
        "Nearness",
        METRICS,
        default=usual,
        required=True,
        key=desk.key(f"{name}-metric"),
        label_visibility="collapsed",
    )
    most = max(_FEWEST, min(MOST, len(desk.built.embeddings) - 1))
    k = count.number_input(
        "How many", _FEWEST, most, step=10, key=desk.key(f"{name}-count"), label_visibility="collapsed"
    )
    return metric or usual, int(k or _FEWEST)


def near_entries(desk: Desk, found: Neighbourhood) -> list[Entry]:
    """Return the nearest items as lines: distance, percentile, and whether each is mutual or lost."""
    near, furthest = found.near, _furthest(found.near)
    return [
        entry_of(
            desk,
            int(row),
            f"{distance:.3g}",
            distance / furthest,
            aside=percent(share),
            tip=percentile_words(share, found.pairs),
            marks=_marks(found, place),
        )
        for place, (row, distance, share) in enumerate(_lines(near))
    ]


def _marks(found: Neighbourhood, place: int) -> tuple[Mark, ...]:
    flag, k = found.mutual[place], len(found.near)
    marks = []
    if flag == YES:
        marks.append(Mark("⇄", f"Mutual: what you ask about is among its {k} nearest, too", "good"))
    if flag == UNKNOWN:
        marks.append(Mark("?", "Whether this is mutual was not looked up: it would take too long"))
    if found.lost[place]:
        marks.append(Mark("lost", f"Far on the map: no. {found.near.on_map[place]:,} there", "bad"))
    return tuple(marks)


def _strangers(desk: Desk, query: Query, found: Neighbourhood, name: str) -> None:
    """Draw what the map tore away, and what it put near that is far."""
    lost = found.near.take(found.lost)
    if len(lost):
        st.html(f"<p class='ec-head'>LOST NEIGHBOURS</p><p class='ec-sub'>{lost_words(found)}</p>")
        show_items(_told(desk, lost, "no. {:,} on the map", lost.on_map), "Lost", f"{name}-lost", desk.select)
    if len(found.false):
        st.html(f"<p class='ec-head'>FALSE NEIGHBOURS</p><p class='ec-sub'>{false_words(found)}</p>")
        told = _told(desk, found.false, "no. {:,} in truth", found.false.places)
        show_items(told, "False", f"{name}-false", desk.select)
    if not len(lost) and not len(found.false) and query.item is not None and len(found.near):
        st.caption("The map is true here: no neighbour is lost, and none is false.")


def lost_words(found: Neighbourhood) -> str:
    """Return in one sentence how many were torn away, and what that means."""
    count, of = int(found.lost.sum()), len(found.near)
    return (
        f"{count:,} of the {of:,} {'is' if count == 1 else 'are'} near in the original space and far on the map: not "
        f"among the {found.reach:,} nearest there."
    )


def false_words(found: Neighbourhood) -> str:
    """Return in one sentence how many only look near, and what that means."""
    count, of = len(found.false), len(found.near)
    return (
        f"{count:,} of the {of:,} nearest on the map {'only looks' if count == 1 else 'only look'} near: in the "
        f"original space not among the {found.reach:,} nearest."
    )


def _told(desk: Desk, near: Near, words: str, numbers: np.ndarray) -> list[Entry]:
    furthest = _furthest(near)
    return [
        entry_of(
            desk, int(row), f"{distance:.3g}", distance / furthest, aside=words.format(number), tip=percent(share)
        )
        for (row, distance, share), number in zip(_lines(near), numbers, strict=True)
    ]


def _lines(near: Near) -> list[tuple[int, float, float]]:
    return list(zip(near.rows.tolist(), near.distances.tolist(), near.percentiles.tolist(), strict=True))


def _furthest(near: Near) -> float:
    return max(float(near.distances.max(initial=0)), 1e-30)


def overlay_of(desk: Desk, query: Query, found: Neighbourhood) -> Overlay:
    """Return spokes from where the query stands: an item, the middle of several, a vector's place, or nowhere."""
    several = len(query.rows) > 1
    middle = desk.built.scene.coordinates[list(query.rows)].mean(axis=0).tolist() if several else None
    return Overlay(
        centre=query.item,
        origin=query.place if query.place is not None else (middle[0], middle[1]) if middle else None,
        spokes=tuple(found.near.rows[~found.lost].tolist()),
        lost=tuple(found.near.rows[found.lost].tolist()),
        false=tuple(found.false.rows.tolist()),
        ringed=query.rows if several else (),
    )
