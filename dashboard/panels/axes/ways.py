"""The ways to say an axis, as a person sees them: words, what is selected, towns, a column, pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cartography.concepts.axes.poles import pole_of
from cartography.errors import ParameterError
from cartography.inspection.wording import counted, cut
from cartography.records import AxisSpec, Pole
from cartography.records.axis_spec import LONGEST_NAME
from dashboard.desk import Desk
from dashboard.notebook import names_of
from dashboard.panels.axes.draft import choice, field, kept, said
from dashboard.panels.axes.naming import resolver
from dashboard.panels.axes.specs import between, spec_of_pairs, words_pole

__all__ = ["WAYS", "Way"]

_SIDES = {"low": "Low pole", "high": "High pole"}
_GROUPS = {"low": "first group", "high": "second group"}
_NAMING = (
    'Ids or titles of items. "Quotes" around a name that has a comma; #town, @bookmark and @selection mean groups.'
)
_PLANE = "Take the direction that tells them apart best"
_PLANE_HELP = (
    "Found by a logistic regression, in place of the line from mean to mean; it needs several items on each side."
)


@dataclass(frozen=True)
class Way:
    """How an axis is said.

    `draw` draws the fields, `ready` tells whether they are filled in, and `spec` returns what they say now, in
    callbacks too; it raises `ParameterError` for what makes no axis.
    """

    draw: Callable[[Desk], None]
    ready: Callable[[Desk], bool]
    spec: Callable[[Desk], AxisSpec]


def _draw_words(desk: Desk) -> None:
    for side, words in _SIDES.items():
        field(desk, f"words-{side}", st.text_input, words, placeholder="names, with commas between", help=_NAMING)
    with st.expander("Names of the poles, and more"):
        _draw_ends(desk)
        _draw_plane(desk)


def _draw_ends(desk: Desk) -> None:
    for side, words in _SIDES.items():
        field(
            desk, f"end-{side}", st.text_input, f"{words} is called", max_chars=LONGEST_NAME, placeholder="its names"
        )


def _words_ready(desk: Desk) -> bool:
    return all(str(said(desk, f"words-{side}", "")).strip() for side in _SIDES)


def _words_spec(desk: Desk) -> AxisSpec:
    embeddings, resolve = desk.built.embeddings, resolver(desk)
    low, high = (
        words_pole(embeddings, said(desk, f"words-{side}", ""), _end(desk, side), resolve) for side in _SIDES
    )
    return between(low, high, separator=_plane(desk))


def _draw_selection(desk: Desk) -> None:
    """Draw the two buttons that take what is selected, and what each has taken."""
    poles, count = kept(desk)["poles"], len(desk.rows)
    if not count and len(poles) < 2:
        st.caption("Hold Shift and draw a loop on the map; what it holds can be a pole then.")
    for side, words in _SIDES.items():
        st.button(
            f"{words} = the {counted(count, 'item')} selected now" if count else f"{words} = what is selected",
            key=desk.key(f"axes-take-{side}"),
            icon=":material/lasso_select:",
            width="stretch",
            disabled=not count,
            on_click=_take,
            args=(desk, side),
        )
        if side in poles:
            field(
                desk,
                f"end-{side}",
                st.text_input,
                f"{words}: {_taken(poles[side])}. It is called",
                placeholder=_GROUPS[side],
            )
    _draw_plane(desk)


def _taken(pole: dict[str, object]) -> str:
    total, ids = pole["total"], pole["ids"]
    assert isinstance(total, int) and isinstance(ids, list), "as `_take` keeps them"  # noqa: S101
    return counted(total, "item") + (f", {len(ids):,} of them drawn at random" if len(ids) < total else "")


def _take(desk: Desk, side: str) -> None:
    """Remember what is selected as a pole."""
    rows = desk.rows
    if len(rows):
        ids = list(pole_of(desk.built.embeddings, rows, side, desk.built.recipe.seed).ids)
        kept(desk)["poles"][side] = {"ids": ids, "total": len(rows)}


def _selection_ready(desk: Desk) -> bool:
    return set(kept(desk)["poles"]) == set(_SIDES)


def _selection_spec(desk: Desk) -> AxisSpec:
    poles = kept(desk)["poles"]
    low, high = (Pole(_end(desk, side) or _GROUPS[side], ids=tuple(poles[side]["ids"])) for side in _SIDES)
    return between(low, high, separator=_plane(desk))


def _draw_clusters(desk: Desk) -> None:
    level = desk.built.clustering.levels[desk.built.clustering.main]
    if level.count < 2:
        st.caption("The map has no two towns; take another way.")
        return
    names, sizes = names_of(desk, level), level.sizes
    codes = [int(code) for code in np.argsort(-sizes, kind="stable")]
    for side, usual in (("low", codes[0]), ("high", codes[1])):
        choice(
            desk,
            f"cluster-{side}",
            _SIDES[side],
            codes,
            usual,
            format_func=lambda code: f"{names[code]} ({sizes[code]:,})",
        )
    _draw_plane(desk)


def _clusters_ready(desk: Desk) -> bool:
    return said(desk, "cluster-low") is not None and said(desk, "cluster-high") is not None


def _clusters_spec(desk: Desk) -> AxisSpec:
    level = desk.built.clustering.levels[desk.built.clustering.main]
    codes, names = [said(desk, f"cluster-{side}") for side in _SIDES], names_of(desk, level)
    if not all(isinstance(code, int) and code < level.count for code in codes):
        raise ParameterError("The map has other towns by now.", "Choose two of them.")
    seed = desk.built.recipe.seed
    low, high = (
        pole_of(desk.built.embeddings, np.flatnonzero(level.labels == code), cut(names[code], LONGEST_NAME), seed)
        for code in codes
    )
    return between(low, high, separator=_plane(desk))


def _draw_column(desk: Desk) -> None:
    """Draw the choice of a column, and for groups of two of its values."""
    offered = [one.name for one in desk.columns.of_kind("categories", "numbers") if _tells(desk, one.name)]
    column = choice(desk, "column", "Column", offered, placeholder="a column")
    if column is None:
        st.caption("These items have no column of numbers or groups.")
        return
    known = desk.columns[column]
    if known.kind == "categories" and known.numbers is not None:
        field(desk, "grows", st.toggle, "Along which the number grows", usual=False)
    if _grows(desk, column):
        st.caption("The direction in which this number grows fastest, by a regression.")
        return
    values = [known.names[code] for code in np.argsort(-known.counts, kind="stable")]
    for side, usual in (("low", values[0]), ("high", values[1])):
        choice(desk, f"value-{side}", _SIDES[side], values, usual)
    _draw_plane(desk)


def _tells(desk: Desk, column: str) -> bool:
    """Whether a column is the items' own and has two values."""
    axes = {spec.name for spec in desk.visit.recipe.specs} | set(desk.built.axes)
    return column not in axes and (desk.columns[column].kind == "numbers" or len(desk.columns[column].names) > 1)


def _grows(desk: Desk, column: str) -> bool:
    """Whether the axis is to follow the numbers of a column instead of joining two of its values."""
    known = desk.columns[column]
    return known.kind == "numbers" or (known.numbers is not None and bool(said(desk, "grows", False)))


def _column_ready(desk: Desk) -> bool:
    return said(desk, "column") is not None


def _column_spec(desk: Desk) -> AxisSpec:
    column = desk.columns.named(str(said(desk, "column")))
    if _grows(desk, column.name):
        return AxisSpec(cut(f"{column.name} grows", LONGEST_NAME), "column", column=column.name)
    low, high = (str(said(desk, f"value-{side}")) for side in _SIDES)
    if low == high:
        raise ParameterError(f"Both poles are {low!r}.", "Choose two values.")
    first, second = (Pole(cut(value, LONGEST_NAME), column=column.name, values=(value,)) for value in (low, high))
    return between(first, second, separator=_plane(desk))


def _draw_pairs(desk: Desk) -> None:
    field(desk, "pairs", st.text_area, "Pairs, one a line", placeholder="man, woman\nking, queen", height=120)
    with st.expander("Names of the poles, and more"):
        _draw_ends(desk)
        field(
            desk,
            "component",
            st.toggle,
            "First component of the differences",
            usual=False,
            help="What most of the differences have in common, instead of their mean.",
        )


def _pairs_ready(desk: Desk) -> bool:
    return bool(str(said(desk, "pairs", "")).strip())


def _pairs_spec(desk: Desk) -> AxisSpec:
    text, component = str(said(desk, "pairs", "")), bool(said(desk, "component", False))
    ends = _end(desk, "low"), _end(desk, "high")
    return spec_of_pairs(desk.built.embeddings, text, resolver(desk), ends=ends, component=component)


def _draw_plane(desk: Desk) -> None:
    field(desk, "plane", st.toggle, _PLANE, usual=False, help=_PLANE_HELP)


def _plane(desk: Desk) -> bool:
    return bool(said(desk, "plane", False))


def _end(desk: Desk, side: str) -> str:
    return str(said(desk, f"end-{side}", "")).strip()[:LONGEST_NAME]


WAYS = {
    "Words": Way(_draw_words, _words_ready, _words_spec),
    "Selected": Way(_draw_selection, _selection_ready, _selection_spec),
    "Towns": Way(_draw_clusters, _clusters_ready, _clusters_spec),
    "Column": Way(_draw_column, _column_ready, _column_spec),
    "Pairs": Way(_draw_pairs, _pairs_ready, _pairs_spec),
}
"""The ways, by what their buttons say."""
