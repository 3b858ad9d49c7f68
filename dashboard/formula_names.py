"""What may be named in the formulas of a visit: items, towns and realms, bookmarks, and what is selected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.columns import columns_of
from cartography.concepts.formulas.names import Names
from cartography.concepts.formulas.writing import quoted
from cartography.errors import CartographyError
from cartography.inspection.searching.filters import mask_of, usable
from cartography.inspection.wording import counted
from cartography.land.realms import groups_of
from cartography.medoids import by_label
from cartography.pipeline import BuiltMap
from cartography.records import Bookmark
from cartography.remembering import remembered
from dashboard.desk import Desk
from dashboard.item_sets import SETS, ItemSet
from dashboard.notebook import notebook_of, rows_of

__all__ = ["SELECTION", "Suggestion", "names_for", "own_groups", "own_suggestions", "places_of"]

SELECTION = "@selection"
"""What was selected when the formula was asked."""

Rows = NDArray[np.integer]


@dataclass(frozen=True)
class Suggestion:
    """Something that may be named: what is written for it, what is shown, and a word on what it is."""

    insert: str
    shown: str
    detail: str = ""


def names_for(desk: Desk, selection: ItemSet | None = None) -> Names:
    """Return the names of a visit: those of its map, of its bookmarks, and `@selection`.

    `selection` is a set that was kept when the formula was asked; None for what is selected now.
    """
    return Names(desk.built.embeddings, {**places_of(desk.built), **own_groups(desk, selection)})


@remembered
def places_of(built: BuiltMap) -> Mapping[str, Rows]:
    """Return the rows of the items of each town, `#town`, and of each realm, `#realm`.

    A town's are those of the cluster on the finest level that it stands for. Where a town and a realm are called
    alike, the name is the town's, and the realm's gets " (realm)".
    """
    found, realms = _towns(built), _realms(built)
    return found | {(f"{name} (realm)" if name in found else name): rows for name, rows in realms.items()}


def own_groups(desk: Desk, selection: ItemSet | None = None) -> dict[str, Rows]:
    """Return the rows of the items of each bookmark, `@bookmark`, and of `@selection`; those that are empty left out.

    A bookmark's are the items that were selected by hand, or else those that fulfil its conditions.
    """
    found = {f"@{one.name}": _kept(desk, one) for one in _bookmarks(desk)}
    mask = SETS.mask(selection.key, len(desk.built.embeddings)) if selection is not None else desk.lit
    if mask is not None:
        found[SELECTION] = np.flatnonzero(mask)
    return {name: rows for name, rows in found.items() if len(rows)}


def own_suggestions(desk: Desk) -> list[Suggestion]:
    """Return what only this visit may name: `@selection` and its bookmarks of items, the newest first."""
    found = []
    if desk.lit is not None and len(desk.rows):
        found.append(Suggestion(SELECTION, SELECTION, f"{counted(len(desk.rows), 'item')} selected now"))
    for one in reversed(_bookmarks(desk)):
        if one.picked or (one.picked is None and one.filters):
            detail = counted(len(one.picked), "item") if one.picked else one.says
            found.append(Suggestion(quoted(one.name, "@"), f"@{one.name}", detail or "bookmark"))
    return found


def _towns(built: BuiltMap) -> dict[str, Rows]:
    finest = built.clustering.levels[-1]
    members = by_label(finest.labels, finest.sizes)
    return {f"#{town.name}": members[town.cluster] for town in built.scene.towns if len(members[town.cluster])}


def _realms(built: BuiltMap) -> dict[str, Rows]:
    groups = groups_of(built.scene.colouring, built.clustering)
    members = by_label(groups.codes, groups.sizes)
    return {f"#{realm.name}": members[realm.code] for realm in built.scene.realms if len(members[realm.code])}


def _bookmarks(desk: Desk) -> list[Bookmark]:
    """The bookmarks of the visit; none while they cannot be read, which the panel Notes says."""
    notebook = notebook_of(desk)
    try:
        return list(notebook.annotations.bookmarks.values()) if notebook is not None else []
    except CartographyError:
        return []


def _kept(desk: Desk, bookmark: Bookmark) -> Rows:
    embeddings = desk.built.embeddings
    if bookmark.picked is not None:
        return rows_of(bookmark.picked, embeddings)
    columns = columns_of(embeddings)
    filters = usable(bookmark.filters, columns)
    return np.flatnonzero(mask_of(filters, columns)) if filters else np.empty(0, np.intp)
