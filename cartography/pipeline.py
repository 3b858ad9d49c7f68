"""From embeddings to a finished map: the only place that knows the order of the stages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from cartography.built_map import BuiltMap
from cartography.clusters import find_clusters, wants_graph
from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.columns import axes_of_specs, with_axes
from cartography.concepts.axes.placing import placed_along
from cartography.concepts.removal.reducing import metric_of_what_is_left, reduction_of
from cartography.errors import Cancelled
from cartography.fidelity import measure_fidelity
from cartography.land import build_scene
from cartography.neighbours import find_neighbours
from cartography.parameters import resolve
from cartography.preparation import Preparation, Prepared, prepare_vectors
from cartography.progress import Progress, part_of, report
from cartography.projectors import BY_COLUMNS, Standing, project, projector
from cartography.projectors.given import has_coordinates
from cartography.records import Clustering, EmbeddingSet, Fidelity, NeighbourGraph, Projection, Recipe
from cartography.records.arrays import digest
from cartography.store import MemoryStore

__all__ = ["BuiltMap", "build_map"]

_ALWAYS_A_GRAPH = 5_000  # up to this many items the neighbour graph costs less than a second


def build_map(
    embeddings: EmbeddingSet,
    recipe: Recipe | None = None,
    progress: Progress | None = None,
    store: MemoryStore | None = None,
) -> BuiltMap:
    """Return the map of `embeddings` that `recipe` describes; the same recipe gives the same map.

    `store` keeps what each stage made, so that a second call redoes only what its recipe changes; with a disk behind
    it, that holds for a second process too.
    Raises `ParameterError` for a choice that does not fit, `Cancelled` when `progress` does.
    """
    recipe = recipe or Recipe()
    store = store or MemoryStore()
    embeddings = _sampled(embeddings, recipe)
    ready = _prepared(embeddings, recipe, part_of(progress, 0.0, 0.05), store)
    whole, metric_is_open = ready, recipe.metric is None
    recipe = _filled_in(embeddings, whole.embeddings, recipe)
    axes, embeddings = _axes(embeddings, whole.embeddings, recipe, store)
    if metric_is_open:
        recipe = recipe.replace(metric=metric_of_what_is_left(recipe) or recipe.metric)
    ready = _reduced(whole, axes, recipe, part_of(progress, 0.05, 0.08), store)
    prepared = ready.embeddings
    begin = 0.0 if ready.transformation is None else 0.08
    neighbours = _neighbours(prepared, recipe, part_of(progress, begin, 0.25), store)
    placed = embeddings if recipe.method in BY_COLUMNS else prepared
    projection = _projection(placed, recipe, neighbours, part_of(progress, 0.25, 0.9), store)
    along = placed_along(projection, axes, whole.embeddings)
    projection = whole.taking_raw(along) if along is not projection else ready.taking_raw(projection)
    clustering = _clustering(prepared, recipe, projection, part_of(progress, 0.9, 0.94), store, graph=neighbours)
    fidelity = _fidelity(prepared, projection, neighbours, part_of(progress, 0.94, 0.96), store)
    report(progress, "Drawing the land", 0.96)
    key = ("scene", _seen_as(embeddings), recipe.undressed.fingerprint)
    later = part_of(progress, 0.96, 1.0)
    scene = store.get_or_make(
        key,
        lambda: build_scene(
            embeddings, projection, clustering, recipe.undressed, neighbours, later, fidelity=fidelity
        ),
    )
    scene = scene.titled(recipe.title)
    report(progress, "Done", 1.0)
    return BuiltMap(
        embeddings,
        recipe,
        neighbours,
        projection,
        clustering,
        scene,
        prepared,
        fidelity,
        ready.transformation,
        axes,
        None if ready is whole else whole.embeddings,
    )


def _filled_in(embeddings: EmbeddingSet, prepared: EmbeddingSet, recipe: Recipe) -> Recipe:
    """Choose from the data what the recipe leaves open."""
    flat = prepared.dimensions <= 3
    return recipe.replace(
        method=recipe.method or ("given" if has_coordinates(embeddings) else "umap"),
        metric=recipe.metric or ("euclidean" if flat else "cosine"),
    )


def _sampled(embeddings: EmbeddingSet, recipe: Recipe) -> EmbeddingSet:
    n = len(embeddings)
    if recipe.sample is None or recipe.sample >= n:
        return embeddings
    rows = np.sort(np.random.default_rng(recipe.seed).choice(n, recipe.sample, replace=False))
    note = f"The map shows {recipe.sample:,} items drawn at random (seed {recipe.seed}) of {n:,}."
    return embeddings.take(rows, note)


def _prepared(embeddings: EmbeddingSet, recipe: Recipe, progress: Progress | None, store: MemoryStore) -> Prepared:
    steps = Preparation.of(recipe.preparation)
    if not steps:
        return Prepared(embeddings)
    key = ("prepared", _seen_as(embeddings), _plain(steps.to_mapping()))
    return store.get_or_make(key, lambda: prepare_vectors(embeddings, steps, progress))


def _axes(
    embeddings: EmbeddingSet, whole: EmbeddingSet, recipe: Recipe, store: MemoryStore
) -> tuple[dict[str, Axis], EmbeddingSet]:
    """The axes of a recipe, and the items with their places on them."""
    if not recipe.axes:
        return {}, embeddings
    specs, metric = recipe.specs, str(recipe.metric)
    key = ("axes", _seen_as(embeddings), whole.vectors_fingerprint, json.dumps(recipe.axes, sort_keys=True), metric)

    def find() -> tuple[dict[str, Axis], EmbeddingSet]:
        axes = axes_of_specs(whole, specs, metric)
        return axes, with_axes(embeddings, whole, specs, axes)

    return store.get_or_make(key, find)


def _reduced(
    ready: Prepared, axes: dict[str, Axis], recipe: Recipe, progress: Progress | None, store: MemoryStore
) -> Prepared:
    """The vectors without some axes, or with some only."""
    if not (recipe.without or recipe.only):
        return ready
    whole = ready.embeddings
    key = ("reduced", _seen_as(whole), json.dumps(recipe.axes, sort_keys=True), recipe.without, recipe.only)

    def reduce() -> Prepared:
        made = reduction_of(whole, axes, recipe, progress)
        return ready.then(made.embeddings, made.removal)

    return store.get_or_make((*key, recipe.metric), reduce)


def _neighbours(
    embeddings: EmbeddingSet, recipe: Recipe, progress: Progress | None, store: MemoryStore
) -> NeighbourGraph | None:
    chosen = projector(str(recipe.method))
    settings = resolve(chosen.parameters, recipe.method_params, chosen.name)
    wanted = chosen.neighbours_needed(settings, len(embeddings))
    grouped = recipe.cluster_method is not None and wants_graph(recipe.cluster_method, recipe.cluster_space)
    if wanted == 0 and not grouped and len(embeddings) > _ALWAYS_A_GRAPH:
        return None
    k = max(wanted, recipe.n_neighbors)
    metric = str(recipe.metric)
    key = ("neighbours", embeddings.vectors_fingerprint, metric, k)
    return store.get_or_make(key, lambda: find_neighbours(embeddings, k, metric, progress), {})


def _projection(
    embeddings: EmbeddingSet,
    recipe: Recipe,
    neighbours: NeighbourGraph | None,
    progress: Progress | None,
    store: MemoryStore,
) -> Projection:
    method, metric = str(recipe.method), str(recipe.metric)
    by_columns = method in BY_COLUMNS or recipe.method_params.get("target") is not None
    content = _seen_as(embeddings) if by_columns else embeddings.vectors_fingerprint
    k = neighbours.n_neighbors if neighbours is not None else 0
    key = ("projection", content, method, _plain(recipe.method_params), metric, k, recipe.seed)
    params = dict(recipe.method_params)

    def make() -> Projection:
        """Go on where an earlier call was stopped, if one was."""
        standing = store.take_up(key) or Standing()
        try:
            return project(
                embeddings, method, neighbours, recipe.seed, progress, metric=metric, standing=standing, **params
            )
        except Cancelled:
            if standing.parts:
                store.leave(key, standing)
            raise

    return store.get_or_make(key, make, {"embeddings": embeddings})


def _clustering(
    embeddings: EmbeddingSet,
    recipe: Recipe,
    projection: Projection,
    progress: Progress | None,
    store: MemoryStore,
    *,
    graph: NeighbourGraph | None,
) -> Clustering:
    method = recipe.cluster_method or ("peaks" if recipe.cluster_space == "map" else "kmeans")
    key = (
        "clustering",
        _seen_as(embeddings),
        projection.fingerprint,
        projection.method,
        method,
        recipe.cluster_space,
        _plain(recipe.cluster_params),
        recipe.label_by,
        recipe.seed,
        graph and recipe.cluster_space == "original" and (graph.metric, graph.n_neighbors),
    )
    return store.get_or_make(
        key,
        lambda: find_clusters(
            embeddings,
            projection,
            graph,
            method=method,
            space=recipe.cluster_space,
            label_by=recipe.label_by,
            seed=recipe.seed,
            progress=progress,
            **recipe.cluster_params,
        ),
        {},
    )


def _fidelity(
    embeddings: EmbeddingSet,
    projection: Projection,
    neighbours: NeighbourGraph | None,
    progress: Progress | None,
    store: MemoryStore,
) -> Fidelity | None:
    """What became of the neighbours that are known already; no others are looked for."""
    if neighbours is None:
        return None
    key = ("fidelity", neighbours.source, neighbours.metric, neighbours.n_neighbors, projection.fingerprint)
    return store.get_or_make(
        key, lambda: measure_fidelity(embeddings, projection, neighbours, progress, metric=neighbours.metric)
    )


def _seen_as(embeddings: EmbeddingSet) -> str:
    """Name all that a result may depend on beside the content: the name, the columns' roles, the notes."""
    total = embeddings.provenance.get("total", len(embeddings))
    roles = sorted(embeddings.roles.items())
    return digest(embeddings.fingerprint, embeddings.name, roles, embeddings.notes, total)


def _plain(params: Mapping[str, Any]) -> str:
    return json.dumps(dict(params), sort_keys=True)
