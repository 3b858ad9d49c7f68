"""The cluster that was chosen: what is known of it, the name it is given by hand, and what sets it apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from cartography.inspection.grouping.cluster_table import NOISE_NAME
from cartography.inspection.grouping.given_names import renamed_cluster
from cartography.records.annotation_kinds import LONGEST_NAME
from cartography.records.arrays import digest
from dashboard.desk import Desk
from dashboard.groupings import Described
from dashboard.notebook import names_of, notebook_of
from dashboard.panels.markup import definitions, safe
from dashboard.panels.notes.annotate_parts import show_steps, typed
from dashboard.panels.refusal import show_refusal
from dashboard.panels.selecting.explanation import show_explanation

__all__ = ["name_now", "show_chosen_cluster"]

_RENAME = (
    "Kept with the notes on these items, and used in this panel, under Borders and in files. Towns on the map keep "
    "their names. Leave it empty for the found name."
)


def name_now(desk: Desk, shown: Described, cluster: int) -> str:
    """Return what a cluster is called by now; callbacks have other names than the run that drew their widgets."""
    return names_of(desk, shown.level)[cluster] if cluster >= 0 else NOISE_NAME


def show_chosen_cluster(desk: Desk, shown: Described, cluster: int, names: Sequence[str]) -> None:
    """Draw what is known of a cluster, or of noise (-1); `names` are those of all clusters of its level."""
    name = names[cluster] if cluster >= 0 else NOISE_NAME
    line = int(np.flatnonzero(shown.table.rows["cluster"] == cluster)[0])
    st.html(f"<p class='ec-item' data-testid='cluster-title'>{safe(name, 120)}</p>")
    values = sorted(shown.table.dominant[line], reverse=True)
    if values:
        st.html(
            definitions(
                (one.column, f"{one.value} – {one.inside:.0%} here, {one.outside:.0%} elsewhere") for one in values
            )
        )
    if cluster >= 0:
        _rename(desk, shown, cluster, name)
    show_explanation(desk, shown.level.labels == cluster, name)


def _rename(desk: Desk, shown: Described, cluster: int, name: str) -> None:
    """Draw the field for a name given by hand, which is kept with the notes, and the way back."""
    notebook = notebook_of(desk)
    if notebook is None:
        st.caption("Clusters can be renamed when the whole file has been read again. One moment …")
        return
    key = desk.key(f"clusters-name-{digest(shown.key, cluster, name)}")

    def rename() -> None:
        given, ids = typed(key), desk.built.embeddings.ids
        notebook.change(
            f"call a cluster {given}" if given else f"no longer call a cluster {name}",
            lambda now: renamed_cluster(now, shown.level, cluster, ids, given),
        )
        desk.pick(shown.level.labels == cluster, name_now(desk, shown, cluster))

    st.text_input("Rename", name, max_chars=LONGEST_NAME, key=key, on_change=rename, help=_RENAME)
    refusal = notebook.refusal()
    if refusal is not None:
        show_refusal(refusal)
    if notebook.done or notebook.undone:
        show_steps(desk, notebook)
