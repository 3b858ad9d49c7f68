"""What the names in a pole mean: items, towns and bookmarks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.formulas.tree import Name
from cartography.errors import unknown_name
from dashboard.desk import Desk
from dashboard.panels.axes.specs import Resolve

__all__ = ["resolver"]


def resolver(desk: Desk) -> Resolve:
    """Return what finds the rows of a name."""
    ids = desk.built.embeddings.ids

    def resolve(name: Name) -> NDArray[np.integer]:
        rows = ids.get_indexer([name.text])
        if rows[0] < 0:
            raise unknown_name("item", name.text, map(str, ids))
        return rows

    return resolve
