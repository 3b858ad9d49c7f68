"""Taking out what is done by axes, or keeping only that; and what became of the items."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from cartography.concepts.removal.before_after import BeforeAfter, before_and_after
from cartography.concepts.removal.probes import Found, Probe
from cartography.pipeline import BuiltMap
from cartography.progress import Progress
from cartography.projectors import BY_COLUMNS
from cartography.records import Recipe
from cartography.records.arrays import digest
from dashboard.desk import Desk
from dashboard.inquiries import Question, inquire
from dashboard.panels.axes.draft import kept
from dashboard.panels.item.entries import entry_of
from dashboard.panels.item_list import show_items
from dashboard.panels.markup import bullets, safe
from dashboard.panels.waiting import awaited
from dashboard.state import Session

__all__ = ["comparison_of", "probes_table", "recipe_with", "show_removal", "shown_words", "verdicts"]

_LISTED = 30
_WHAT = "Takes what an axis stands for out of all vectors, or leaves nothing else; then the map is drawn anew."


def show_removal(desk: Desk) -> None:
    """Draw the choice of axes to take out or to keep, what the map shows now, and what that did to the items."""
    names = list(desk.built.axes)
    if not names:
        st.caption("Make an axis first: then what it stands for can be taken out of the vectors.")
        return
    recipe = desk.built.recipe
    now = [*recipe.without, *recipe.only]
    if now:
        _show_state(desk)
    else:
        st.caption(_WHAT)
    key = f"{desk.key('removal-axes')}-{digest(names, now)}"
    chosen = st.multiselect("Axes", names, default=_usual(desk, names, now), key=key)
    take, keep = st.columns(2)
    built, visit = desk.built, desk.visit
    without, only = tuple(chosen), tuple(chosen)
    take.button(
        "Take out",
        key=desk.key("removal-take"),
        help="Draw the map by what is left of the vectors without their parts along these axes.",
        disabled=not chosen or without == recipe.without,
        width="stretch",
        on_click=_redraw,
        args=(visit, built, without, ()),
    )
    keep.button(
        "Keep only",
        key=desk.key("removal-keep"),
        help="Draw the map by nothing but the parts of the vectors along these axes.",
        disabled=not chosen or only == recipe.only,
        width="stretch",
        on_click=_redraw,
        args=(visit, built, (), only),
    )
    if recipe.method in BY_COLUMNS and not now:
        st.caption("This map shows columns, which stay as they are: the new one will be drawn by UMAP.")
    if built.before_removal is not None:
        _show_comparison(desk)


def _usual(desk: Desk, names: list[str], now: list[str]) -> list[str]:
    """The axes that are taken out or kept now, else the one looked at last."""
    chosen = kept(desk).get("chosen")
    return [name for name in now if name in names] if now else [chosen] if chosen in names else []


def recipe_with(recipe: Recipe, method: str | None, without: tuple[str, ...], only: tuple[str, ...]) -> Recipe:
    """Return the recipe of the map without some axes, or with some only; `method` is what the map is drawn by now.

    A map that shows columns would stay as it is, so UMAP draws the next one.
    """
    changed = recipe.replace(without=without, only=only)
    return changed.replace(method="umap", method_params={}) if method in BY_COLUMNS else changed


def _redraw(visit: Session, built: BuiltMap, without: tuple[str, ...], only: tuple[str, ...]) -> None:
    visit.redraw(recipe_with(visit.recipe, built.recipe.method, without, only))


def _put_back(visit: Session) -> None:
    visit.redraw(visit.recipe.replace(without=(), only=()))


def shown_words(recipe: Recipe) -> str:
    """Return what a map shows from which axes were taken out, or of which only some are kept."""
    names = " and ".join(f"“{name}”" for name in (recipe.without or recipe.only))
    if recipe.only:
        return f"The map shows nothing but {names}."
    return f"The map shows the vectors without {names}. The axis itself goes by the vectors as they were."


def _show_state(desk: Desk) -> None:
    st.html(f"<p data-testid='removal-state'>{safe(shown_words(desk.built.recipe))}</p>")
    st.button(
        "Put back",
        key=desk.key("removal-back"),
        icon=":material/undo:",
        width="stretch",
        on_click=_put_back,
        args=(desk.visit,),
    )


def comparison_of(built: BuiltMap) -> Question[BeforeAfter]:
    """Return the question what became of the items of a map from which something was taken out."""
    before, after, recipe = built.axes_space, built.prepared, built.recipe
    metric, metric_before = str(recipe.metric), built.axes_metric
    axes = [axis.spec.to_mapping() for axis in built.axes.values()]
    key = digest(before.fingerprint, after.vectors_fingerprint, metric, metric_before, axes)

    def compare(progress: Progress) -> BeforeAfter:
        return before_and_after(
            before, after, built.axes, metric=metric, metric_before=metric_before, progress=progress
        )

    return Question("before and after", key, compare)


def probes_table(found: BeforeAfter, removed: tuple[str, ...]) -> pd.DataFrame:
    """Return what the probes found as short texts, the axes that were taken out first."""
    rows = [
        {
            "of": probe.name,
            "straight probe": _figures(probe.linear),
            "neighbours": _figures(probe.neighbours),
            "chance": f"{probe.linear.chance:.2f}",
            "items": probe.items,
        }
        for probe in _ordered(found, removed)
    ]
    return pd.DataFrame(rows, columns=["of", "straight probe", "neighbours", "chance", "items"])


def verdicts(found: BeforeAfter, removed: tuple[str, ...]) -> list[str]:
    """Return one sentence for each axis that was taken out, and for each other that was lost with it."""
    probes = _ordered(found, removed)
    own = [probe for probe in probes if probe.kind == "axis" and probe.name in removed]
    lost = [
        probe
        for probe in probes
        if probe not in own and probe.linear.was_found and not (probe.linear.is_found or probe.neighbours.is_found)
    ]
    return [f"{probe.name}: {probe.says}." for probe in (*own, *lost)]


def _ordered(found: BeforeAfter, removed: tuple[str, ...]) -> list[Probe]:
    return sorted(found.probes, key=lambda probe: not (probe.kind == "axis" and probe.name in removed))


def _figures(found: Found) -> str:
    return f"{found.before:.2f} → {found.after:.2f}"


def _show_comparison(desk: Desk) -> None:
    built = desk.built
    found = awaited(inquire(comparison_of(built), desk.visit), desk.key("removal-compared"))
    if found is None:
        return
    removed = built.recipe.without or built.recipe.only
    st.html("<p class='ec-head'>BEFORE AND AFTER · original space</p>" + bullets(verdicts(found, removed)))
    if found.probes:
        st.dataframe(probes_table(found, removed), hide_index=True, width="stretch")
        st.caption(
            "Share of items put into the right group, before → after; shuffled labels give the chance. The straight "
            "probe is a ridge regression judged on items left out, the other a vote of the nearest items. Neighbours "
            "may still tell what no straight probe does (Gonen and Goldberg 2019); less than chance tells nothing."
        )
    chance = 15 / max(len(found.rows) - 1, 1)
    st.caption(
        f"Of its 15 nearest items an item keeps {found.share_kept:.0%}; chance would keep {min(chance, 1):.1%}. "
        "Those that kept fewest:"
    )
    entries = [
        entry_of(
            desk, int(row), f"{kept:.0%}", float(kept), tip=f"keeps {kept:.0%}; turned by {turned:.2f} (1 - cosine)"
        )
        for row, kept, turned in found.moved.head(_LISTED).itertuples(index=False)
    ]
    show_items(entries, "Items that kept fewest", desk.key("removal-moved"), partial(desk.select, turn=False))
    if found.notes:
        st.html(bullets(found.notes))
