"""What dresses the map's picture: title, theme, what is shown, spelling, and colours of single groups.

All of it acts at once, since nothing of it has a part in the map's making.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from cartography.drawing.names.lettering import shortened
from cartography.drawing.showing import FURNITURE, LAYERS
from cartography.drawing.themes import THEMES
from cartography.records import Colouring, Recipe
from cartography.records.arrays import digest
from dashboard.panels.markup import safe

__all__ = ["LONGEST_TITLE", "choose_colours", "choose_dress"]

LONGEST_TITLE = 160
_GROUPS = 2_000
_CHANGED = 8
_NO_GROUPS = "Choose a column of groups under *Colour by*: then every group may have a colour of your own."


def choose_dress(recipe: Recipe, name: str, visit: str) -> Recipe:
    """Draw the controls for title, theme and what is shown; return the recipe as the person wants it.

    `name` is what the map is called while it has no title.
    """
    title = st.text_input(
        "Title",
        recipe.title or "",
        max_chars=LONGEST_TITLE,
        placeholder=shortened(name, 60),
        help="What the heading and the cartouche say; left empty, the file's name.",
        key=f"title-{visit}",
    )
    themes = list(THEMES)
    theme = st.selectbox(
        "Theme", themes, index=themes.index(recipe.theme), format_func=str.capitalize, key=f"theme-{visit}"
    )
    with st.expander("Layers and furniture", icon=":material/layers:"):
        hide, fantasy_names = _shown(recipe, visit)
    return recipe.replace(title=title.strip() or None, theme=theme, hide=hide, fantasy_names=fantasy_names)


def _shown(recipe: Recipe, visit: str) -> tuple[tuple[str, ...], bool]:
    """What is hidden, in the order of the lists, and whether names are spelled as on a fantasy map."""
    layers = _pills("On the land", LAYERS, recipe.hide, f"layers-{visit}")
    furniture = _pills("Around it", FURNITURE, recipe.hide, f"furniture-{visit}")
    fantasy_names = st.toggle(
        "Fantasy spelling",
        recipe.fantasy_names,
        help="Towns and realms get names of a fantasy map; cards keep the real ones.",
        key=f"spelling-{visit}",
    )
    return (*layers, *furniture), fantasy_names


def _pills(label: str, parts: Mapping[str, str], hidden: tuple[str, ...], key: str) -> list[str]:
    """Draw one pill for each part, lit while it is shown; return those that are not."""
    shown = [part for part in parts if part not in hidden]
    lit = st.pills(label, list(parts), selection_mode="multi", default=shown, format_func=lambda p: parts[p], key=key)
    return [part for part in parts if part not in lit]


def choose_colours(recipe: Recipe, colouring: Colouring, colours: tuple[str, ...], visit: str) -> Recipe:
    """Draw the choice of a group and its colour, and those that were changed; `colours` are shown now, by code."""
    with st.expander("Colours of groups", icon=":material/palette:"):
        if colouring.kind != "categories":
            st.caption(_NO_GROUPS)
            return recipe
        chosen = _coloured(recipe.colors, colouring, colours, visit)
        return recipe.replace(colors=_taken_back(chosen, colouring, visit))


def _coloured(
    chosen: Mapping[str, str], colouring: Colouring, colours: tuple[str, ...], visit: str
) -> Mapping[str, str]:
    names, counts = colouring.names, colouring.counts
    place = f"{visit}-{digest(colouring.title, names[:_GROUPS])}"
    left, right = st.columns([2.6, 1], gap="small")
    group = left.selectbox(
        "Group",
        range(min(len(names), _GROUPS)),
        format_func=lambda code: f"{shortened(names[code], 160)} ({counts[code]:,})",
        key=f"group-{place}",
    )
    now = colours[group].lower()
    # a key of its own for every colour: what was reset, or has another colour in another theme, begins anew
    picked = right.color_picker("Colour", now, key=f"colour-{place}-{group}-{now}").lower()
    if len(names) > _GROUPS:
        st.caption(f"The {_GROUPS:,} largest of {len(names):,} groups are listed.")
    return chosen if picked == now else {**chosen, names[group]: picked}


def _taken_back(chosen: Mapping[str, str], colouring: Colouring, visit: str) -> Mapping[str, str]:
    """Draw the groups whose colour was changed; return the colours without those that are taken back."""
    names = set(colouring.names)
    changed = [group for group in chosen if group in names]
    left = dict(chosen)
    for group in changed[-_CHANGED:]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            swatch = f"<i style='background:{chosen[group]}'></i>"
            st.html(f"<p class='ec-swatch'>{swatch}{safe(shortened(group, 48))}</p>", width="stretch")
            if st.button("Reset", key=f"reset-{visit}-{digest(group)}", type="tertiary"):
                del left[group]
    if len(changed) > _CHANGED:
        st.caption(f"These are the last {_CHANGED} of {len(changed):,} that were changed.")
    if len(changed) > 1 and st.button("Reset all colours", key=f"reset-all-{visit}", width="stretch"):
        return {}
    return left
