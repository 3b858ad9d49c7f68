"""Which items everything chosen together leaves: conditions, a picked set, lasso, search, groups switched off."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from cartography.columns import columns_of
from cartography.inspection.searching.filters import mask_of, usable, words
from cartography.inspection.searching.search import Query, search
from cartography.records import EmbeddingSet, MapScene
from dashboard.chosen import Chosen
from dashboard.item_sets import SETS, ItemSet
from dashboard.map_view import MapState

__all__ = ["Lighting", "chips_of", "dropped", "lighting", "lit_by"]

Mask = NDArray[np.bool_]

_REMEMBERED = 6  # answers for one map
_KNOWN: WeakKeyDictionary[MapScene, OrderedDict[tuple[Any, ...], Lighting]] = WeakKeyDictionary()
_LOCK = threading.Lock()


@dataclass(frozen=True, eq=False)
class Lighting:
    """The items that are lit, (n,) bool, or None where all are; and why, in a few words."""

    mask: Mask | None
    says: str = ""


def lit_by(embeddings: EmbeddingSet, chosen: Chosen) -> ItemSet | None:
    """Return the set that conditions and the picked set light; None where there are none."""
    masks = list(_chosen_masks(embeddings, chosen))
    return SETS.keep(np.logical_and.reduce(masks), "chosen") if masks else None


def lighting(embeddings: EmbeddingSet, scene: MapScene, chosen: Chosen, state: MapState) -> Lighting:
    """Return what everything chosen together leaves; items that are not drawn are never lit.

    The latest answers for a map are remembered: panel and table ask for the same one, run after run.
    """
    asked = (chosen, state.lasso, state.found, state.hidden)
    with _LOCK:
        known = _KNOWN.setdefault(scene, OrderedDict())
        if asked in known:
            known.move_to_end(asked)
            return known[asked]
    found = _worked_out(embeddings, scene, chosen, state)
    with _LOCK:
        known[asked] = found
        while len(known) > _REMEMBERED:
            known.popitem(last=False)
    return found


def _worked_out(embeddings: EmbeddingSet, scene: MapScene, chosen: Chosen, state: MapState) -> Lighting:
    masks, said = list(_chosen_masks(embeddings, chosen)), [text for _, text in _chips(embeddings, chosen)]
    if state.lasso:
        masks.append(state.lassoed(scene))
        said.append("in the lasso")
    found = _found(embeddings, state)
    if found is not None and state.found is not None:
        masks.append(found)
        said.append(f"found by “{state.found.text}”")
    kept = _of(embeddings, chosen.kept)
    if kept is not None:
        masks.append(kept)
    if state.hidden and masks:
        masks.append(~np.isin(scene.colouring.codes, np.asarray(state.hidden, dtype=np.uint16)))
    return Lighting(np.logical_and.reduce(masks), ", ".join(said)) if masks else Lighting(None)


def chips_of(embeddings: EmbeddingSet, chosen: Chosen) -> list[dict[str, str]]:
    """Return what the map says of the choice, each with the id by which it is taken away."""
    return [{"id": chip, "text": text} for chip, text in _chips(embeddings, chosen)]


def dropped(chosen: Chosen, chip: str) -> Chosen:
    """Return the choice without what a chip stands for."""
    if chip == "picked":
        return replace(chosen, picked=None)
    if chip == "kept":
        return replace(chosen, kept=None)
    return chosen.filtered(chip.removeprefix("where "), None) if chip.startswith("where ") else chosen


def _chips(embeddings: EmbeddingSet, chosen: Chosen) -> Iterator[tuple[str, str]]:
    columns = columns_of(embeddings)
    if chosen.kept:
        yield "kept", f"only {chosen.kept.says}"
    for one in usable(chosen.filters, columns):
        yield f"where {one.column}", words(one, columns)
    if chosen.picked:
        yield "picked", chosen.picked.says + ("" if _of(embeddings, chosen.picked) is not None else " (put away)")


def _chosen_masks(embeddings: EmbeddingSet, chosen: Chosen) -> Iterator[Mask]:
    columns = columns_of(embeddings)
    filters = usable(chosen.filters, columns)
    if filters:
        yield mask_of(filters, columns)
    picked = _of(embeddings, chosen.picked)
    if picked is not None:
        yield picked


def _of(embeddings: EmbeddingSet, one: ItemSet | None) -> Mask | None:
    return SETS.mask(one.key, len(embeddings)) if one is not None else None


def _found(embeddings: EmbeddingSet, state: MapState) -> Mask | None:
    if state.found is None:
        return None
    found = search(embeddings, Query(state.found.text, state.found.columns, state.found.regex))
    return None if found.problem else found.mask
