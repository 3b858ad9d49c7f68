"""A start for many items: a few thousand are laid out first, and the others find their places among them.

The large-scale order is then decided where it is cheap and where every item sees a fair share of the others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cartography.neighbours import find_neighbours
from cartography.progress import ProgressEvent, part_of, report
from cartography.projectors.base import Task
from cartography.projectors.memberships import memberships
from cartography.projectors.start import scaled, spread_from
from cartography.projectors.umap_layout import Course, lay_out_umap

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["landmark_start"]

_MOST = 4_000
_SHARE = 0.2  # of the items, at most
_EPOCHS = 300
_NEIGHBOURS = 15


def landmark_start(
    task: Task, strengths: csr_array, begin: NDArray[np.float32], course: Course
) -> NDArray[np.float32]:
    """Return first coordinates (n, c) float32 for all items; `begin` (n, c) is where the landmarks start."""
    n = len(begin)
    rng = np.random.default_rng(task.seed)
    chosen = np.sort(rng.choice(n, min(_MOST, max(50, int(_SHARE * n))), replace=False))
    landmarks = task.embeddings.take(chosen)
    graph = find_neighbours(landmarks, _NEIGHBOURS, task.graph.metric)
    ours = part_of(task.progress, 0.2, 0.3)

    def told(event: ProgressEvent) -> None:
        """Pass on how far it is, but no picture: it would show too few items."""
        report(ours, event.stage, event.fraction, f"landmarks first, {event.message}")

    placed = lay_out_umap(memberships(graph), begin[chosen], replace(course, epochs=_EPOCHS), progress=told)
    spread = float(placed.std(axis=0).max())
    otherwise = begin * (spread / float(begin.std(axis=0).max()))
    return scaled(spread_from(strengths, chosen, placed, otherwise), spread, rng)
