"""Projection and clustering -> MapScene: the land, its realms and its towns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.land.axes import build_axes, build_landmarks, framing, toward_poles
from cartography.land.borders import build_borders
from cartography.land.colouring import choose_column, clusters_as_colouring, colouring_of
from cartography.land.compass import build_compass
from cartography.land.fog import build_dragons, build_fog
from cartography.land.realms import build_realms, groups_of
from cartography.land.roads import build_roads
from cartography.land.sizing import sizing_of
from cartography.land.terrain import build_terrain
from cartography.land.towns import Realms, build_towns
from cartography.orient import oriented
from cartography.progress import Progress, report
from cartography.records import (
    Clustering,
    EmbeddingSet,
    Fidelity,
    MapScene,
    NeighbourGraph,
    Projection,
    Provenance,
    Recipe,
)
from cartography.records.arrays import require

__all__ = ["build_scene", "build_terrain", "choose_column", "colouring_of"]

_STAGE = "Drawing the land"
_TYPICAL_NEIGHBOUR = 15
_SEEN = 20_000


def build_scene(  # noqa: PLR0917  (the stages in their order)
    embeddings: EmbeddingSet,
    projection: Projection,
    clustering: Clustering,
    recipe: Recipe,
    neighbours: NeighbourGraph | None = None,
    progress: Progress | None = None,
    *,
    fidelity: Fidelity | None = None,
) -> MapScene:
    """Return everything that is drawn for these items: land, realms, towns, roads, fog, colours and their provenance.

    Borders have support, and there are roads and dragons, where `neighbours` are known; there is fog where `fidelity`
    is. A projection in three dimensions is seen from above; the third says how far items rise. Raises `ShapeError`
    when the parts differ in length and `ParameterError` when `recipe.color_by` is not a column.
    """
    n = len(embeddings)
    require(len(projection) == n == len(clustering), "Items, projection and clustering differ in length.")
    report(progress, _STAGE, 0.0)
    coordinates, turn = oriented(projection.coordinates, projection.method)
    axes = build_axes(projection, recipe)
    landmarks = build_landmarks(embeddings, coordinates, axes, recipe)
    terrain = framing(build_terrain(coordinates), axes, landmarks)
    report(progress, _STAGE, 0.5)
    column = recipe.color_by or choose_column(embeddings, coordinates)
    colouring = colouring_of(embeddings.items, column) if column else clusters_as_colouring(clustering)
    groups = groups_of(colouring, clustering)
    realm_grid, realms = build_realms(terrain, coordinates, groups)
    report(progress, _STAGE, 0.7)
    towns = build_towns(terrain, coordinates, clustering, groups, Realms(realm_grid, realms))
    borders = build_borders(terrain, coordinates, realm_grid, groups, neighbours)
    report(progress, _STAGE, 0.8)
    return MapScene(
        coordinates=coordinates,
        order=_order(n, recipe.seed),
        terrain=terrain,
        colouring=colouring,
        realm_grid=realm_grid,
        realms=realms,
        towns=towns,
        provenance=_provenance(embeddings, projection, recipe, fidelity),
        turn=turn,
        scale=_scale(coordinates, neighbours),
        notes=_notes(recipe, column),
        borders=borders,
        roads=build_roads(terrain, towns, clustering, neighbours),
        fog=build_fog(terrain, coordinates, fidelity),
        dragons=build_dragons(terrain, coordinates, neighbours),
        compass=() if axes else toward_poles(build_compass(embeddings, coordinates), recipe),
        axes=axes,
        landmarks=landmarks,
        sizing=sizing_of(embeddings, recipe.size_by),
        depths=_depths(projection),
    )


def _order(n: int, seed: int) -> NDArray[np.int32]:
    """A shuffle of the rows: any prefix of it is a fair sample."""
    return np.random.default_rng(seed).permutation(n).astype(np.int32)


def _depths(projection: Projection) -> NDArray[np.float32] | None:
    """The third coordinate, the median item at 0; None where there are two."""
    if projection.coordinates.shape[1] < 3:
        return None
    heights = projection.coordinates[:, 2].astype(np.float64)
    return (heights - np.median(heights)).astype(np.float32)


def _scale(coordinates: NDArray[np.float32], neighbours: NeighbourGraph | None) -> float:
    """The median map distance from an item to its 15th neighbour in the original space; 0 when not known."""
    if neighbours is None or neighbours.n_neighbors == 0:
        return 0.0
    rows = np.arange(0, len(coordinates), max(1, len(coordinates) // _SEEN))
    away = neighbours.indices[rows, min(_TYPICAL_NEIGHBOUR, neighbours.n_neighbors) - 1]
    step = coordinates[rows] - coordinates[away]
    return float(np.median(np.hypot(step[:, 0], step[:, 1])))


def _provenance(
    embeddings: EmbeddingSet, projection: Projection, recipe: Recipe, fidelity: Fidelity | None
) -> Provenance:
    n = len(embeddings)
    return Provenance(
        title=recipe.title or embeddings.name,
        shown=n,
        total=max(n, int(embeddings.provenance.get("total", n))),
        method=projection.method,
        params=projection.params,
        seed=projection.seed,
        fingerprint=embeddings.fingerprint,
        fidelity=fidelity.overall if fidelity else None,
        baseline=fidelity.baseline if fidelity else 0.0,
    )


def _notes(recipe: Recipe, column: str | None) -> tuple[str, ...]:
    if recipe.color_by is not None:
        return ()
    if column is None:
        return (
            "No column forms groups that hang together on this map; realms and colours are its coarsest clusters.",
        )
    return (f"Realms and colours show the column {column!r}; choose another to see the map by it.",)
