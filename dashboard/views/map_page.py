"""The map: controls to the left, the land in the middle, what one asks about to the right."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import streamlit as st

from cartography.concepts.axes.in_recipes import without_axes
from cartography.pipeline import BuiltMap
from cartography.projectors import projector
from dashboard.jobs import JOBS, Job
from dashboard.map_view import Viewport
from dashboard.navigation import go_to
from dashboard.panels.dressing.controls import choose_recipe
from dashboard.panels.dressing.picture import offer_picture
from dashboard.panels.frame import brand
from dashboard.panels.markup import safe
from dashboard.panels.progress import show_progress, show_stopped
from dashboard.panels.refusal import show_refusal
from dashboard.sources import usual_recipe
from dashboard.state import Session, session
from dashboard.views.workbench import Shown, workbench

__all__ = ["render"]

_OTHER_ITEMS = ("sample", "preparation", "axes", "without", "only")  # what makes other items, or other columns
_MOMENT = 0.3  # seconds that a page may wait for a quick map before it shows progress
_LITTLE = 2.0  # the same where the map is almost there: so long the former one stays on screen


def render() -> None:
    """Draw the page."""
    visit = session()
    try:
        job = JOBS.get(visit.source, visit.recipe)
    except OSError:
        _gone(visit)
        return
    job.wait(_LITTLE if job.is_quick else _MOMENT)
    running = job.running  # asked before the map is looked for: what ends in between is followed once more
    best = job.best
    shown = _sidebar(visit, best or (_before(visit) if running else None))
    _heading(visit, job, shown, running, best)
    if job.result is not None:
        visit.drawn = job.recipe
    if job.error is not None:
        _forget_link(visit)
        show_refusal(job.error)
    if job.error is not None or (shown is None and job.stopped):
        _offer_ways_on(visit)
    if shown is not None:
        workbench(visit, job, shown)
    elif job.running:
        st.html("<div class='ec-waiting'>Drawing the map …</div>")


def _before(visit: Session) -> BuiltMap | None:
    """Return the map that was shown last, to stay until another of the same items and columns takes its place."""
    before, now = visit.drawn, visit.recipe
    if before is None or (now.sample is not None and before.seed != now.seed):
        return None
    if any(getattr(before, name) != getattr(now, name) for name in _OTHER_ITEMS):
        return None
    return JOBS.made(visit.source, before)


def _gone(visit: Session) -> None:
    st.error("The opened file is no longer there. Open it again, or another.", icon=":material/error:")
    _open_button(visit)


def _forget_link(visit: Session) -> None:
    """Draw the usual map where the one that an address asked for cannot be made."""
    usual = usual_recipe(visit.source)
    if visit.link is not None and visit.recipe.undressed != usual.undressed:
        visit.link = None
        visit.redraw(usual)
        st.rerun()


def _offer_ways_on(visit: Session) -> None:
    """Draw the buttons that lead on from a map that cannot be made: to the usual one, or to one without axes."""
    now = visit.recipe
    usual, bare = usual_recipe(visit.source).dressed_as(now), without_axes(now)
    ways = {
        "Draw the usual map": (usual, ":material/map:"),
        "Forget the axes": (bare, ":material/conversion_path_off:"),
    }
    ways = {words: way for words, way in ways.items() if way[0].undressed != now.undressed}
    with st.container(horizontal=True, key="ways-on"):
        for words, (recipe, icon) in ways.items():
            st.button(words, icon=icon, on_click=visit.redraw, args=(recipe,))


def _sidebar(visit: Session, made: BuiltMap | None) -> Shown | None:
    """Draw the controls, and return the map in the dress that they say."""
    with st.sidebar:
        brand(visit.source.name)
        _open_button(visit)
        if made is None:
            return None
        shown = Shown.of(made, visit.recipe)
        colouring, colours = shown.built.scene.colouring, shown.world.colours
        wanted = choose_recipe(made.embeddings, visit.recipe, f"{visit.visit}-{visit.redraws}", colouring, colours)
        if wanted != visit.recipe:
            visit.recipe = wanted
            st.rerun()
        return shown


def _open_button(visit: Session) -> None:
    if not visit.settings.read_only and st.button("Open files", icon=":material/folder_open:", width="stretch"):
        go_to("open")


def _heading(visit: Session, job: Job, shown: Shown | None, running: bool, best: BuiltMap | None) -> None:
    """Draw the title, and beside it how far the work is, whose map so far is `best`; the map below never moves."""
    words, work, picture = st.columns([3, 3, 1], vertical_alignment="center")
    title = shown.built.scene.provenance.title if shown else visit.source.name
    summary = _summary(shown.built if shown else None)
    words.html(f"<h1 class='ec-title'>{safe(title, 120)}</h1><p class='ec-sub'>{summary}</p>")
    with work:
        if running:
            show_progress(job, best)
        elif job.stopped:
            reached = f"It had come to {job.event.message}." if job.event.message.startswith("step") else ""
            first = "This is a first sketch by PCA." if job.preview else "There is no map yet."
            show_stopped(f"{reached} {first}", lambda: JOBS.again(job))
    if shown is not None:
        with picture:
            offer_picture(shown.built, _view_of(visit, shown))


def _view_of(visit: Session, shown: Shown) -> Callable[[], Viewport | None]:
    """Return what tells where the map is looked at; an offered picture must not keep a visit that is over."""
    held, points = weakref.ref(visit), shown.world.points_key

    def view() -> Viewport | None:
        now = held()
        return now.view_of(points) if now is not None else None

    return view


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
