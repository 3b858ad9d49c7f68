"""Clusters by any method, coarse to fine, one line each; whether they come back, and what they agree with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from cartography.clusters import methods
from cartography.inspection.grouping.agreement import Agreement, Grouped, cell_rows
from cartography.inspection.grouping.cluster_table import clusters_sentence
from cartography.inspection.grouping.stability import Stability
from dashboard.desk import Desk
from dashboard.groupings import (
    Choice,
    Described,
    Found,
    compared,
    described,
    drawn_again,
    found,
)
from dashboard.inquiries import inquire
from dashboard.notebook import names_of
from dashboard.panels.dressing.controls import choose_parameters
from dashboard.panels.grouping.chosen_cluster import name_now, show_chosen_cluster
from dashboard.panels.grouping.cluster_charts import (
    CELL,
    HELP,
    dyed,
    meeting_chart,
    meeting_table,
    shown_table,
)
from dashboard.panels.grouping.own_pick import OwnPick
from dashboard.panels.markup import bullets, safe
from dashboard.panels.waiting import awaited
from dashboard.state import component_state

__all__ = ["show_clusters"]

_SPACES = {"original": "the original space", "map": "the map"}
_KINDS = ("categories", "numbers", "dates")
_HEIGHT = 300


def show_clusters(desk: Desk) -> None:
    """Draw the choice of clusters, their table, the chosen one, stability, and the comparison with a column."""
    choice = _choice(desk)
    grouping = awaited(inquire(found(desk.built, choice), desk.visit), desk.key("finding"))
    if grouping is None:
        return
    level = described(desk.built, grouping, _count(desk, grouping))
    shown = awaited(inquire(level, desk.visit), desk.key("describing"))
    if shown is None:
        return
    sentence = clusters_sentence(shown.level, methods()[choice.method].title, choice.space)
    st.html(f"<p class='ec-sub' data-testid='clusters-sentence'>{safe(sentence)}</p>")
    again = _stability(desk, choice, shown)
    names = names_of(desk, shown.level)
    _table(desk, shown, names, again)
    cluster = _kept(desk)["cluster"].get(shown.key)
    if cluster is not None:
        show_chosen_cluster(desk, shown, cluster, names)
    _offer_stability(desk, shown, again)
    _comparison(desk, shown, names)
    notes = [*grouping.clustering.notes, *shown.table.notes, *_parts_note(grouping, shown)]
    if notes:
        st.html("<p class='ec-head'>WORTH KNOWING</p>" + bullets(dict.fromkeys(notes)))


def _kept(desk: Desk) -> dict[str, Any]:
    """Return what this panel remembers of a visit."""
    kept: dict[str, Any] = desk.visit.kept.setdefault("clusters", {"cluster": {}, "again": []})
    return kept


def _choice(desk: Desk) -> Choice:
    """Draw method, space and parameters, and the button that puts them on the map."""
    kept, known, own = _kept(desk), methods(), Choice.of(desk.built)
    before: Choice = kept.get("choice") or own
    names = list(known)
    left, right = st.columns(2)
    method = left.selectbox(
        "Method",
        names,
        names.index(before.method),
        format_func=lambda name: known[name].title,
        key=desk.key("clusters-method"),
    )
    spaces = [one for one in _SPACES if one in known[method].spaces]
    space = right.selectbox(
        "Computed in",
        spaces,
        spaces.index(before.space) if before.space in spaces else 0,
        format_func=_SPACES.__getitem__,
        key=desk.key(f"clusters-space-{method}"),
    )
    with st.expander("Parameters", icon=":material/tune:"):
        st.caption(known[method].summary)
        values = dict(before.params) if method == before.method else {}
        params = choose_parameters(desk.key(f"clusters-{method}"), known[method].parameters, values)
    choice = Choice(method, space, tuple(sorted(params.items())))
    kept["choice"] = choice
    if choice != own:
        st.caption("These clusters are tried out here; the map keeps its own until you say so.")
        st.button(
            "Use on the map",
            key=desk.key("clusters-use"),
            icon=":material/map:",
            width="stretch",
            on_click=_use,
            args=(desk, choice),
        )
    return choice


def _use(desk: Desk, choice: Choice) -> None:
    recipe = desk.visit.recipe.replace(
        cluster_method=choice.method, cluster_space=choice.space, cluster_params=dict(choice.params)
    )
    desk.visit.redraw(recipe)


def _count(desk: Desk, grouping: Found) -> int:
    """Draw the slider from coarse to fine and return how many clusters are wanted."""
    steps = grouping.resolution.steps
    main = grouping.clustering.levels[grouping.clustering.main].count
    usual = min(steps, key=lambda step: abs(step - main))
    if len(steps) < 2:
        return usual
    kept = _kept(desk).setdefault("count", {})
    name = repr(grouping.choice)
    before = kept.get(name, usual)
    count = st.select_slider(
        "Coarse to fine",
        steps,
        before if before in steps else usual,
        format_func=lambda step: f"{step:,}" + (" · the method's own" if step == main else ""),
        help="Neighbouring clusters join or part; the method does not run again.",
        key=desk.key(f"clusters-count-{name}"),
    )
    kept[name] = count
    return int(count)


def _table(desk: Desk, shown: Described, names: Sequence[str], again: Stability | None) -> None:
    """Draw the table; choosing a line lights the items of its cluster."""
    table = shown_table(shown.table, names, again)
    key = desk.key(f"clusters-table-{shown.key}")
    number = st.column_config.NumberColumn
    config: dict[str, Any] = {
        "name": st.column_config.TextColumn("cluster", width="medium"),
        "size": number("items", format="localized"),
        "share": number(format="percent"),
        "mostly": st.column_config.TextColumn("mostly", help=HELP["mostly"], width="large"),
        **{one: number(one, format="%.2f", help=HELP[one]) for one in HELP if one != "mostly"},
    }
    st.dataframe(
        dyed(table, shown.table),
        height=min(_HEIGHT, 38 + 35 * len(table)),
        hide_index=True,
        column_config=config,
        key=key,
        on_select=lambda: _turn(desk, shown, key),
        selection_mode="single-row",
    )
    st.caption("Choose a line to light its items on the map; more measures are to the right.")


def _turn(desk: Desk, shown: Described, key: str) -> None:
    """Turn to the cluster of the line that was chosen, or to none."""
    lines = (component_state(key) or {}).get("selection", {}).get("rows", [])
    if not lines:
        _kept(desk)["cluster"].pop(shown.key, None)
        desk.choose(replace(desk.chosen, picked=None))
        return
    cluster = int(shown.table.rows["cluster"].iloc[lines[0]])
    _kept(desk)["cluster"][shown.key] = cluster
    desk.pick(shown.level.labels == cluster, name_now(desk, shown, cluster))


def _stability(desk: Desk, choice: Choice, shown: Described) -> Stability | None:
    """Return how well these clusters come back, where that was asked for and is known."""
    if shown.key not in _kept(desk)["again"]:
        return None
    return awaited(inquire(drawn_again(desk.built, choice, shown), desk.visit), desk.key("drawing-again"))


def _offer_stability(desk: Desk, shown: Described, again: Stability | None) -> None:
    if again is not None:
        st.html(f"<p class='ec-sub' data-testid='stability'>{safe(again.words)}</p>")
    elif shown.key not in _kept(desk)["again"]:
        st.button(
            "Are they stable?",
            key=desk.key(f"clusters-again-{shown.key}"),
            help="Draws half of the items (2,000 at most) 20 times, groups them anew, and does the same on a cloud "
            "without clusters.",
            icon=":material/casino:",
            width="stretch",
            on_click=lambda: _kept(desk)["again"].append(shown.key),
        )


def _comparison(desk: Desk, shown: Described, names: Sequence[str]) -> None:
    """Draw the choice of a column and how it meets the clusters."""
    columns = [str(one.name) for one in desk.columns.of_kind(*_KINDS)]
    if not columns:
        return
    label = desk.built.embeddings.roles.get("label")
    column = st.selectbox(
        "Compare with",
        columns,
        columns.index(label) if label in columns else None,
        placeholder="a column",
        key=desk.key("clusters-compare"),
    )
    if column is None:
        return
    answer = awaited(inquire(compared(desk.built, shown, column), desk.visit), desk.key("comparing"))
    if answer is None:
        return
    grouped, agreed = answer
    own = OwnPick(desk, "clusters-cells")
    key = desk.key(f"clusters-cells-{shown.key}-{columns.index(column)}-{own.epoch}")

    def picked() -> None:
        if own.current:
            _pick_cell(desk, shown, grouped, agreed, key=key)
            own.remember()

    st.altair_chart(
        meeting_chart(meeting_table(agreed.table, names), column),
        width="stretch",
        key=key,
        on_select=picked,
        selection_mode=CELL,
    )
    st.html(f"<p class='ec-sub' data-testid='agreement'>{safe(agreed.words)}</p>")


def _pick_cell(desk: Desk, shown: Described, grouped: Grouped, agreed: Agreement, *, key: str) -> None:
    """Light the items of the cell that was clicked."""
    points = (component_state(key) or {}).get("selection", {}).get(CELL) or []
    if not points:
        desk.choose(replace(desk.chosen, picked=None))
        return
    cell = int(points[0][CELL])
    row = agreed.table.iloc[cell]
    inside = cell_rows(agreed.table, cell, shown.level.labels, grouped.codes)
    cluster = int(row["cluster"])
    called = name_now(desk, shown, cluster) if cluster >= 0 else str(row["cluster_name"])
    desk.pick(inside, f"{called} × {grouped.name}: {row['value_name']}")


def _parts_note(grouping: Found, shown: Described) -> list[str]:
    """Say where the clusters shown are parts of the map rather than the method's."""
    levels = grouping.clustering.levels
    if len(levels) < 2 or shown.level.count <= levels[-2].count:
        return []
    return [f"Beyond {levels[-2].count:,} clusters these are divided into compact parts of the map."]
