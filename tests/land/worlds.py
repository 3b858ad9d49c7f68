"""Small maps made in a moment, for the tests of land and drawing."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from cartography.land import build_scene
from cartography.records import Clustering, EmbeddingSet, Level, MapScene, NeighbourGraph, Projection, Recipe

CENTRES = np.array([[0, 0], [16, 1], [5, 12], [18, 13]], dtype=np.float32)


def points(n: int = 800, groups: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return (n, 2) float32 coordinates in round groups far apart, and the group of each."""
    rng = np.random.default_rng(seed)
    group = np.arange(n) % groups
    return (CENTRES[group] + rng.normal(size=(n, 2))).astype(np.float32), group


def items(**columns: object) -> pd.DataFrame:
    """Return a table with string ids."""
    table = pd.DataFrame(columns)
    table.index = pd.Index([f"item {i}" for i in range(len(table))])
    return table


def embeddings_of(coordinates: np.ndarray, **columns: object) -> EmbeddingSet:
    """Return embeddings whose vectors are the coordinates themselves."""
    columns = columns or {"number": np.arange(len(coordinates))}
    return EmbeddingSet(coordinates, items(**columns), name="made up")


def clustering_of(coordinates: np.ndarray, group: np.ndarray, towns: int = 3) -> Clustering:
    """Return groups as the coarse level and slices of each group, from south to north, as the fine one."""
    count = int(group.max()) + 1
    fine = np.zeros(len(group), dtype=np.int32)
    for g in range(count):
        rows = np.flatnonzero(group == g)
        place = np.argsort(np.argsort(coordinates[rows, 1])) / max(1, len(rows))
        fine[rows] = g * towns + (place**0.8 * towns).astype(int)
    fine_names = tuple(f"Town {i}" for i in range(int(fine.max()) + 1))
    levels = (
        Level(group.astype(np.int32), tuple(f"Realm {i}" for i in range(count))),
        Level(fine, fine_names),
    )
    return Clustering(levels, 0, np.ones(len(group), np.float32), "map", "made up")


def scene_of(
    coordinates: np.ndarray,
    group: np.ndarray,
    recipe: Recipe | None = None,
    neighbours: NeighbourGraph | None = None,
    **columns: object,
) -> MapScene:
    """Return the map of these points."""
    columns = columns or {"group": [f"group {g}" for g in group]}
    embeddings = embeddings_of(coordinates, **columns)
    projection = Projection(coordinates, "given", {"columns": "x, y"})
    return build_scene(embeddings, projection, clustering_of(coordinates, group), recipe or Recipe(), neighbours)


@cache
def four_islands(n: int = 800) -> MapScene:
    """Four groups on four islands."""
    return scene_of(*points(n))
