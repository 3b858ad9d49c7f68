"""The map: controls to the left, the land in the middle, what one asks about to the right."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from cartography.drawing.browser import World
from cartography.drawing.showing import Showing
from cartography.pipeline import BuiltMap
from cartography.projectors import projector
from cartography.records import Recipe
from dashboard.jobs import JOBS, Job
from dashboard.map_view import MapState, read_state
from dashboard.map_view.view import show_map
from dashboard.navigation import go_to
from dashboard.panels.about import show_about
from dashboard.panels.address import show_address
from dashboard.panels.controls import choose_recipe
from dashboard.panels.frame import brand
from dashboard.panels.item import show_item
from dashboard.panels.markup import safe
from dashboard.panels.picture import offer_picture
from dashboard.panels.progress import show_progress, show_stopped
from dashboard.panels.refusal import show_refusal
from dashboard.panels.selection import show_selection
from dashboard.permalink import Link, written_link
from dashboard.sources import usual_recipe
from dashboard.state import MAP_KEY, Session, component_state, session
from dashboard.worlds import dressed, published

__all__ = ["render"]

_MOMENT = 0.3  # seconds that a page may wait for a quick map before it shows progress
_HEIGHT = "clamp(340px, min(100vh - 8.5rem, 120vw), 1400px)"  # on a phone the panel peeks out below
_PANELS = ["Item", "Selection", "About"]


@dataclass(frozen=True, eq=False)
class _Shown:
    """What is on screen: the map as the work made it, the same in its dress, and the world that the browser sees."""

    made: BuiltMap
    built: BuiltMap
    world: World
    token: str

    @classmethod
    def of(cls, made: BuiltMap, recipe: Recipe) -> _Shown:
        """Dress a map as a recipe says."""
        built = dressed(made, recipe)
        return cls(made, built, *published(built))


def render() -> None:
    """Draw the page."""
    visit = session()
    try:
        job = JOBS.get(visit.source, visit.recipe)
    except OSError:
        _gone(visit)
        return
    job.wait(_MOMENT)
    running = job.running  # asked before the map is looked for: what ends in between is followed once more
    shown = _sidebar(visit, job.best)
    _heading(visit, job, shown, running)
    if job.error is not None:
        _forget_link(visit)
        show_refusal(job.error)
    if shown is not None:
        _map_and_panel(visit, job, shown)
    elif job.running:
        st.html("<div class='ec-waiting'>Drawing the map …</div>")


def _gone(visit: Session) -> None:
    st.error("The opened file is no longer there. Open it again, or another.", icon=":material/error:")
    _open_button(visit)


def _forget_link(visit: Session) -> None:
    """Draw the usual map where the one that an address asked for cannot be made."""
    usual = usual_recipe(visit.source)
    if visit.link is not None and visit.recipe.undressed != usual.undressed:
        visit.link, visit.recipe = None, usual
        visit.visit += 1  # so that the controls show it too
        st.rerun()


def _sidebar(visit: Session, made: BuiltMap | None) -> _Shown | None:
    """Draw the controls, and return the map in the dress that they say."""
    with st.sidebar:
        brand(visit.source.name)
        _open_button(visit)
        if made is None:
            return None
        shown = _Shown.of(made, visit.recipe)
        colouring, colours = shown.built.scene.colouring, shown.world.colours
        wanted = choose_recipe(made.embeddings, visit.recipe, visit.visit, colouring, colours)
        if wanted != visit.recipe:
            visit.recipe = wanted
            st.rerun()
        return shown


def _open_button(visit: Session) -> None:
    if not visit.settings.read_only and st.button("Open files", icon=":material/folder_open:", width="stretch"):
        go_to("open")


def _heading(visit: Session, job: Job, shown: _Shown | None, running: bool) -> None:
    """Draw the title, and beside it how far the work is, so that the map below never moves."""
    words, work, picture = st.columns([3, 3, 1], vertical_alignment="center")
    title = shown.built.scene.provenance.title if shown else visit.source.name
    summary = _summary(shown.built if shown else None)
    words.html(f"<h1 class='ec-title'>{safe(title, 120)}</h1><p class='ec-sub'>{summary}</p>")
    with work:
        if running:
            show_progress(job, shown and shown.made)
        elif job.stopped:
            reached = f"It had come to {job.event.message}." if job.event.message.startswith("step") else ""
            first = "This is a first sketch by PCA." if job.preview else "There is no map yet."
            show_stopped(f"{reached} {first}", lambda: JOBS.again(job))
    if shown is not None:
        with picture:
            offer_picture(shown.built, lambda: visit.view_of(shown.world.points_key))


def _summary(built: BuiltMap | None) -> str:
    """Return what the map shows, in one line of HTML."""
    if built is None:
        return "&nbsp;"
    column = built.scene.colouring.column
    facts = [
        f"{len(built.scene):,} items in {built.embeddings.dimensions:,} dimensions",
        projector(built.projection.method).title,
        *([f"coloured by {safe(column, 60)}"] if column else []),
    ]
    return " · ".join(facts)


def _map_and_panel(visit: Session, job: Job, shown: _Shown) -> None:
    built, world = shown.built, shown.world
    if not job.running:
        _arrive(visit, built, world)
    land, side = st.columns([2.6, 1], gap="medium")

    def state() -> MapState:
        return read_state(world, component_state(MAP_KEY))

    def selected() -> None:
        visit.select(state().selected_row)
        st.rerun(["panel", "address"])

    def looked() -> None:
        visit.look(world.points_key, state().view)
        st.rerun("address")

    def lassoed() -> None:
        visit.panel = "Selection" if state().lasso else visit.panel
        st.rerun("panel")

    now = state()
    with land:
        show_map(
            world,
            shown.token,
            key=MAP_KEY,
            height=_HEIGHT,
            selected=visit.selected,
            lasso=now.lasso,
            view=None if now.view else visit.view_of(world.points_key),  # a map that has moved knows better
            hidden=now.hidden,
            version=visit.orders,
            layout=job.frames.token,
            forming=job.running and shown.made is job.preview,
            showing=Showing.without(visit.recipe.hide, visit.recipe.fantasy_names),
            title=built.scene.provenance.title,
            on_select=selected,
            on_lasso=lassoed,
            on_view=looked,
            on_hidden=lambda: st.rerun("panel"),
        )
        _address(visit, built, world)
    with side:
        _panel(visit, built, world)


def _arrive(visit: Session, built: BuiltMap, world: World) -> None:
    """Turn to the place and the item that the page's address asked for, now that the map is there."""
    link, visit.link = visit.link, None
    if link is None:
        return
    visit.look(world.points_key, link.view)
    if link.item is not None and link.item in built.embeddings.ids:
        visit.select(int(built.embeddings.ids.get_loc(link.item)))


@st.fragment(key="address")
def _address(visit: Session, built: BuiltMap, world: World) -> None:
    """Write what the map shows into the page's address; runs alone when the map only tells where it is."""
    if visit.link is not None:
        return
    row = visit.selected
    item = str(built.embeddings.ids[row]) if row is not None and row < len(built.embeddings) else None
    link = Link(visit.source, visit.recipe, visit.view_of(world.points_key), item)
    show_address(written_link(link, visit.settings))


@st.fragment(key="panel")
def _panel(visit: Session, built: BuiltMap, world: World) -> None:
    """Draw the side panel; runs alone when a person clicks on the map."""
    if visit.unheard:
        visit.unheard = False
        st.rerun()
    shown = _shown_panel(visit)
    if shown == "Item":
        _item(visit, built, world)
    elif shown == "Selection":
        show_selection(built, read_state(world, component_state(MAP_KEY)).lassoed(world.scene))
    else:
        show_about(built, sketch=visit.recipe.method != built.projection.method)


def _shown_panel(visit: Session) -> str:
    """Draw the switch between panels; clicks on the map turn it too."""
    key = f"panel-{visit.panel}-{visit.visit}"  # a new key shows the new default
    chosen = st.segmented_control("Panel", _PANELS, default=visit.panel, key=key, label_visibility="collapsed")
    return chosen or visit.panel


def _item(visit: Session, built: BuiltMap, world: World) -> None:
    row = visit.selected
    if row is None or row >= len(built.embeddings):
        st.caption("No item is chosen. Click one on the map.")
        return

    show_item(built, row, world.colours, visit.order)
