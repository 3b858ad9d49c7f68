"""Vectors -> vectors, before neighbours are looked for: centred, reduced, whitened, scaled, in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cartography.preparation.fitting import fit, said
from cartography.preparation.steps import PARAMETERS, Preparation
from cartography.preparation.transformation import InTurn, PreparedFirst, Transform, Transformation
from cartography.progress import Progress, part_of
from cartography.records import EmbeddingSet, Projection

__all__ = ["PARAMETERS", "Preparation", "Prepared", "Transform", "Transformation", "prepare_vectors", "said"]


@dataclass(frozen=True, eq=False)
class Prepared:
    """The same items with prepared vectors, and what was done to them; None when nothing was."""

    embeddings: EmbeddingSet
    transformation: Transform | None = None

    def then(self, embeddings: EmbeddingSet, transformation: Transform) -> Prepared:
        """Return these after one step more, which made `embeddings` of them."""
        before = self.transformation
        return Prepared(embeddings, transformation if before is None else InTurn(before, transformation))

    def taking_raw(self, projection: Projection) -> Projection:
        """Return a projection of these vectors whose `transform` takes vectors as they were before."""
        if self.transformation is None or projection.placer is None:
            return projection
        return replace(projection, placer=PreparedFirst(self.transformation, projection.placer))


def prepare_vectors(
    embeddings: EmbeddingSet, steps: Preparation | Mapping[str, Any] | None, progress: Progress | None = None
) -> Prepared:
    """Return the items with prepared vectors (n, k) float32; the set itself when there is nothing to do.

    The order is always: centre, remove the top directions, principal components, whiten, unit length. All but the
    last need centred vectors and see to that. Axes come from at most 50,000 rows. Raises `ParameterError` for a step
    that is unknown or does not fit, `Cancelled` when `progress` does.
    """
    wanted = steps if isinstance(steps, Preparation) else Preparation.of(steps)
    if not wanted:
        return Prepared(embeddings)
    transformation, notes = fit(embeddings.vectors, wanted, part_of(progress, 0.0, 0.5))
    vectors = transformation(embeddings.vectors, part_of(progress, 0.5, 1.0))
    provenance = {**embeddings.provenance, "preparation": wanted.to_mapping()}
    return Prepared(
        replace(embeddings, vectors=vectors, provenance=provenance, notes=(*embeddings.notes, *notes)), transformation
    )
