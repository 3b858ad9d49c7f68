"""A finished map with everything that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from numpy.typing import ArrayLike

from cartography.concepts.axes.axis import Axis
from cartography.inspection.placing.newcomers import Known, Newcomers, place
from cartography.preparation import Transform
from cartography.progress import Progress
from cartography.records import Clustering, EmbeddingSet, Fidelity, MapScene, NeighbourGraph, Projection, Recipe

__all__ = ["BuiltMap"]


@dataclass(frozen=True, eq=False)
class BuiltMap:
    """A map with everything it was made from.

    `prepared` holds the vectors that neighbours, projection, clusters and all that looks into the original space go
    by: `embeddings` itself unless the recipe prepares them, which `transformation` does to new ones. `neighbours` is
    None for large data whose method needed none, and then `fidelity` is None as well; `recipe` is the one asked for,
    with method and metric filled in - where only a few axes are kept, with the metric of nearness among what is left,
    while the axes themselves go by that of the whole vectors: to make the map again, give the recipe asked for.
    `axes` are the concept axes of the recipe that have a direction, by name; the places of the items on them are
    columns of `embeddings`. Where the recipe takes axes out or keeps only some, `prepared` holds what is left then
    and `before_removal` what there was, by which the axes and their columns go.
    """

    embeddings: EmbeddingSet
    recipe: Recipe
    neighbours: NeighbourGraph | None
    projection: Projection
    clustering: Clustering
    scene: MapScene
    prepared: EmbeddingSet
    fidelity: Fidelity | None = None
    transformation: Transform | None = None
    axes: Mapping[str, Axis] = field(default_factory=dict)
    before_removal: EmbeddingSet | None = None

    @property
    def axes_space(self) -> EmbeddingSet:
        """The vectors that the axes were found on: prepared, with nothing taken out."""
        return self.prepared if self.before_removal is None else self.before_removal

    @property
    def axes_metric(self) -> str:
        """How nearness is measured where the axes were found, whatever it is among what is left of the vectors."""
        return "cosine" if any(axis.unit for axis in self.axes.values()) else str(self.recipe.metric)

    @property
    def known(self) -> Known:
        """What newcomers are held against."""
        return Known(
            self.embeddings,
            self.prepared,
            self.projection,
            self.scene,
            self.clustering,
            str(self.recipe.metric),
            self.neighbours,
            self.transformation,
        )

    def place(self, vectors: ArrayLike, progress: Progress | None = None) -> Newcomers:
        """Place new vectors (m, d) on this map without moving it: see `inspection.placing.newcomers.place`."""
        return place(vectors, self.known, seed=self.recipe.seed, progress=progress)

    @property
    def notes(self) -> tuple[str, ...]:
        """Everything that was guessed, repaired, sampled or approximated on the way, each said once."""
        graph = self.neighbours
        recall: tuple[str, ...] = ()
        if graph is not None and not graph.exact:
            recall = (f"Neighbours are approximate: {graph.recall:.1%} of the true ones were found.",)
        stages = (self.prepared.notes, recall, self.projection.notes, self.clustering.notes, self.scene.notes)
        return tuple(dict.fromkeys(note for notes in stages for note in notes))
