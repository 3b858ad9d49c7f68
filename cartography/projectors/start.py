"""Where a layout begins: the two main principal components, small and centred, the same for every seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.principal_axes import principal_axes
from cartography.projectors.base import Task

__all__ = ["first_coordinates"]


def first_coordinates(task: Task, spread: float) -> NDArray[np.float32]:
    """Return (n, 2) float32 whose larger standard deviation is `spread`; `task.start` wins when it is given.

    A trace of noise drawn from the seed parts items that would lie on one spot. Starting from principal
    components keeps the large-scale order of the space (Kobak and Linderman 2021).
    """
    if task.start is not None:
        begin = task.start - task.start.mean(axis=0)
    else:
        mean, axes, _ = principal_axes(task.embeddings.vectors, 2, task.seed)
        begin = (task.embeddings.vectors - mean) @ axes.T
        if begin.shape[1] == 1:
            begin = np.column_stack([begin, np.zeros(len(begin))])
    widest = float(begin.std(axis=0).max()) or 1.0
    noise = np.random.default_rng(task.seed).normal(0, spread * 1e-3, size=begin.shape)
    return np.asarray(begin * (spread / widest) + noise, dtype=np.float32)
