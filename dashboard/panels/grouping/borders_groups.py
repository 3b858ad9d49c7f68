"""What divides the items into groups: one of their columns, or the clusters of the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.desk import Desk
from dashboard.notebook import names_of

__all__ = ["Groups", "choose_groups", "groups_by"]

_CLUSTERS = "Clusters of the map"
_TOWNS = "\0towns"


@dataclass(frozen=True, eq=False)
class Groups:
    """Codes (n,) int32, -1 for none, and a name per code; `column` is None for the map's clusters."""

    column: str | None
    codes: NDArray[np.int32]
    names: tuple[str, ...]


def groups_by(desk: Desk, column: str | None) -> Groups:
    """Return the groups that a column makes, or the clusters of the map's main level."""
    if column is not None:
        known = desk.columns[column]
        return Groups(column, known.codes, known.names)
    level = desk.built.clustering.levels[desk.built.clustering.main]
    return Groups(None, level.labels, names_of(desk, level))


def choose_groups(desk: Desk) -> Groups | None:
    """Draw the choice of what divides the items; by default what colours the map. None where nothing does."""
    offered = [one.name for one in desk.columns.of_kind("categories") if len(one.names) > 1]
    clustering = desk.built.clustering
    if clustering.levels[clustering.main].count > 1:
        offered.append(_TOWNS)  # not None, which Streamlit takes for a box without a choice
    if not offered:
        return None
    colouring = desk.built.scene.colouring
    usual = colouring.column if colouring.kind == "categories" else None
    column = st.selectbox(
        "Groups by",
        offered,
        index=offered.index(usual) if usual in offered else 0,
        format_func=lambda name: _CLUSTERS if name == _TOWNS else name,
        key=desk.key("borders-groups"),
    )
    return groups_by(desk, None if column == _TOWNS else column)
