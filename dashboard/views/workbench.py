"""The map, the panel beside it, the table below: parts of a page that run alone and tell each other of changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from cartography.columns import columns_of
from cartography.concepts.formulas.names import Names
from cartography.drawing.browser import World
from cartography.drawing.showing import Showing
from cartography.inspection.searching.filters import usable
from cartography.pipeline import BuiltMap
from cartography.records import Recipe
from dashboard.chosen import ALL
from dashboard.desk import Desk
from dashboard.jobs import Job
from dashboard.lighting import chips_of, dropped, lighting, lit_by
from dashboard.map_view import Asked, MapState, Viewport, read_asked, read_state
from dashboard.map_view.overlay import NOTHING
from dashboard.map_view.view import show_map
from dashboard.panels.address import show_address
from dashboard.panels.axes.axes import show_axes
from dashboard.panels.dressing.about import show_about
from dashboard.panels.formula.asked import put_in
from dashboard.panels.formula.formula import show_formula
from dashboard.panels.grouping.borders import show_borders
from dashboard.panels.grouping.clusters import show_clusters
from dashboard.panels.item.item import show_item
from dashboard.panels.newcomers import show_newcomers
from dashboard.panels.notes.annotate import show_annotate
from dashboard.panels.selecting.filters import show_filters
from dashboard.panels.selecting.selection import show_selection
from dashboard.panels.table import show_table
from dashboard.permalink import written_link
from dashboard.state import MAP_KEY, Session, component_state
from dashboard.worlds import dressed, published

__all__ = ["Shown", "workbench"]

_FORMULA = "Formula"
_HEIGHT = "clamp(340px, min(100vh - 11rem, 120vw), 1400px)"  # the table peeks out below, on a phone the panel


_TAKES_A_LASSO = ("Formula", "Axes")  # panels that have a use for what is selected while they are open


@dataclass(frozen=True, eq=False)
class Shown:
    """What is on screen: the map as the work made it, the same in its dress by `recipe`, what the browser sees."""

    made: BuiltMap
    built: BuiltMap
    world: World
    token: str
    recipe: Recipe

    @classmethod
    def of(cls, made: BuiltMap, recipe: Recipe) -> Shown:
        """Dress a map as a recipe says."""
        built = dressed(made, recipe)
        return cls(made, built, *published(built), recipe)


@st.fragment
def workbench(visit: Session, job: Job, shown: Shown) -> None:
    """Draw the three parts; runs alone when a person does something on any of them.

    The panel is first: what it wants drawn over the map is known when the map is drawn.
    """
    if visit.recipe != shown.recipe:  # a panel asked for another map
        st.rerun()
    if not job.running:
        _arrive(visit, shown.built, shown.world)
    land, side = st.columns([2.6, 1], gap="medium")
    with side, st.container(key="side"):
        opened = _panel(visit, shown)
    with land:
        _land(visit, job, shown)
        _address(visit, shown)
    show_table(_desk(visit, shown))
    if visit.panel != opened:
        st.rerun()


def _state(visit: Session, shown: Shown) -> MapState:
    """What the map tells; without lasso and search where something else took their place."""
    state = read_state(shown.world, component_state(MAP_KEY))
    return replace(state, lasso=(), found=None) if visit.released else state


def _desk(visit: Session, shown: Shown) -> Desk:
    found = lighting(shown.built.embeddings, shown.built.scene, visit.chosen, _state(visit, shown))
    return Desk(visit, shown.built, shown.world, found.mask, found.says, shown.token)


def _land(visit: Session, job: Job, shown: Shown) -> None:
    """Draw the map."""
    built, world, now = shown.built, shown.world, _state(visit, shown)
    show_map(
        world,
        shown.token,
        key=MAP_KEY,
        height=_HEIGHT,
        selected=visit.selected,
        lasso=now.lasso,
        view=_view(visit, world, now),
        hidden=now.hidden,
        chosen=_chosen(visit, built),
        found=now.found,
        overlay=visit.overlay,
        version=visit.orders,
        layout=job.frames.token,
        forming=job.running and shown.made is job.preview,
        showing=Showing.without(visit.recipe.hide, visit.recipe.fantasy_names),
        title=built.scene.provenance.title,
        **_heard(visit, shown),
    )


def _view(visit: Session, world: World, now: MapState) -> Viewport | None:
    """Where the map is to look: where a panel wants it to; at the start, where it was looked at last."""
    wanted, visit.flight = visit.flight, None
    return wanted or (None if now.view else visit.view_of(world.points_key))  # a map that has moved knows better


def _chosen(visit: Session, built: BuiltMap) -> dict[str, object]:
    """What was chosen beside the map, as the map shows it."""
    chosen = visit.chosen
    lit = lit_by(built.embeddings, chosen)
    return {
        "key": chosen.key,
        "lit": lit.key if lit else "",
        "kept": chosen.kept.key if chosen.kept else "",
        "chips": chips_of(built.embeddings, chosen),
    }


def _heard(visit: Session, shown: Shown) -> dict[str, Callable[[], None]]:
    """What happens when a person does something on the map, before the page runs again.

    None of this asks for a rerun of its own: where two things reach the server together, Streamlit would do only one.
    """

    def told() -> MapState:
        state = read_state(shown.world, component_state(MAP_KEY))
        visit.released = visit.released and not state.lasso and state.found is None
        return state

    def select() -> None:
        row, before = told().selected_row, visit.selected
        visit.select(row, turn=visit.panel != _FORMULA)
        if visit.panel == _FORMULA and row is not None and row != before:  # what a panel ordered comes back as told
            put_in(visit, Names(shown.built.embeddings).name_of(row))

    def lasso() -> None:
        if told().lasso and visit.panel not in _TAKES_A_LASSO:
            visit.turn_to("Selection")

    def find() -> None:
        if told().found and visit.panel == "About":
            visit.turn_to("Selection")

    def look() -> None:
        visit.look(shown.world.points_key, _state(visit, shown).view)

    return {
        "on_select": select,
        "on_lasso": lasso,
        "on_view": look,
        "on_hidden": lambda: None,
        "on_chosen": lambda: visit.choose_again(told().chosen_key),
        "on_found": find,
        "on_ask": lambda: _do(visit, shown, read_asked(shown.world, component_state(MAP_KEY))),
    }


def _do(visit: Session, shown: Shown, asked: Asked | None) -> None:
    """Do what the map asks for."""
    chosen = visit.chosen
    if asked is None:
        return
    if asked.what == "drop":
        visit.choose(dropped(chosen, asked.id))
    elif asked.what == "all":
        visit.choose(replace(chosen, kept=None))
    elif asked.what == "clear":
        visit.choose(ALL)
    elif asked.what == "only":
        desk = _desk(visit, shown)
        if desk.lit is not None:
            desk.isolate(desk.lit, desk.says)


def _arrive(visit: Session, built: BuiltMap, world: World) -> None:
    """Turn to the place and the item that the page's address asked for, now that the map is there."""
    link, visit.link = visit.link, None
    if link is None:
        return
    visit.look(world.points_key, link.view)
    filters = usable(link.filters, columns_of(built.embeddings))
    if filters:
        visit.choose(replace(visit.chosen, filters=filters))
    if link.item is not None and link.item in built.embeddings.ids:
        visit.select(int(built.embeddings.ids.get_loc(link.item)))


def _address(visit: Session, shown: Shown) -> None:
    """Write what the map shows into the page's address."""
    if visit.link is not None:
        return
    show_address(written_link(Desk(visit, shown.built, shown.world).link, visit.settings))


def _panel(visit: Session, shown: Shown) -> str:
    """Draw the panel that is open, and return its name."""
    opened = _shown_panel(visit)
    visit.overlay = NOTHING
    _PANELS[opened](_desk(visit, shown))
    return opened


def _shown_panel(visit: Session) -> str:
    """Draw the switch between panels; clicks on the map turn it too."""
    key = f"panel-{visit.turns}"

    def turn() -> None:
        if key == f"panel-{visit.turns}":  # buttons that were there before something else turned it say nothing
            visit.panel = component_state(key) or visit.panel

    if component_state(key) is None:
        visit.turned = visit.panel  # another default would make other buttons: a click on the former would be lost
    with st.container(key="panels"):
        st.segmented_control(
            "Panel",
            list(_PANELS),
            default=visit.turned,
            required=True,
            key=key,
            on_change=turn,
            label_visibility="collapsed",
        )
    return visit.panel


def _about(desk: Desk) -> None:
    show_about(desk.built, sketch=desk.visit.recipe.method != desk.built.projection.method)


_PANELS: dict[str, Callable[[Desk], None]] = {
    "Item": show_item,
    "Selection": show_selection,
    "Filter": show_filters,
    "Clusters": show_clusters,
    "Borders": show_borders,
    _FORMULA: show_formula,
    "Axes": show_axes,
    "New": show_newcomers,
    "Notes": show_annotate,
    "About": _about,
}
