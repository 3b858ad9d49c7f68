"""What a recipe takes out of the vectors, and how nearness is measured in what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cartography.concepts.axes.axis import Axis
from cartography.concepts.removal.removing import Removal, removal_of, removed
from cartography.errors import unknown_name
from cartography.progress import Progress
from cartography.records import EmbeddingSet, Recipe

__all__ = ["Reduction", "metric_of_what_is_left", "reduction_of"]

_FLAT = 3  # dimensions up to which lengths say more than angles


@dataclass(frozen=True, eq=False)
class Reduction:
    """The items with what is left of their vectors, and what was done to them."""

    embeddings: EmbeddingSet
    removal: Removal


def reduction_of(
    embeddings: EmbeddingSet, axes: Mapping[str, Axis], recipe: Recipe, progress: Progress | None = None
) -> Reduction:
    """Return the items as `recipe.without` or `recipe.only` leaves them, whose names are those of `axes`.

    Raises `ParameterError` for an axis without a direction, and where nothing would be left.
    """
    names = recipe.without or recipe.only
    for name in names:
        if name not in axes:
            raise unknown_name("axis with a direction", name, axes)
    removal = removal_of([axes[name] for name in names], embeddings.dimensions, keep=bool(recipe.only))
    left = removed(embeddings, removal, list(names), progress)
    return Reduction(replace(left, notes=(*left.notes, *_said(len(removal.basis), recipe))), removal)


def metric_of_what_is_left(recipe: Recipe) -> str | None:
    """Return "euclidean" where so few axes are kept that angles say little: all vectors on one axis are parallel."""
    return "euclidean" if recipe.only and len(recipe.only) <= _FLAT else None


def _said(kept: int, recipe: Recipe) -> tuple[str, ...]:
    if not recipe.only or kept > _FLAT:
        return ()
    if recipe.metric == "euclidean":
        return ("Nearness is measured by euclidean distance: in so few directions angles say little.",)
    if recipe.metric == "cosine" and kept == 1:
        return ("By cosine all items on one side of a single direction are equal: choose euclidean distance.",)
    return ()
