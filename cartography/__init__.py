"""Embeddings into maps and findings: pure computation, without Streamlit and without files.

>>> from cartography import build_map, draw_map
>>> draw_map(build_map(embeddings)).save("map.png")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartography.doors import door

if TYPE_CHECKING:
    from cartography.clusters import find_clusters as find_clusters
    from cartography.drawing import draw_map as draw_map
    from cartography.fidelity import measure_fidelity as measure_fidelity
    from cartography.neighbours import find_neighbours as find_neighbours
    from cartography.pipeline import BuiltMap as BuiltMap
    from cartography.pipeline import build_map as build_map
    from cartography.projectors import project as project
    from cartography.records import EmbeddingSet as EmbeddingSet
    from cartography.records import EmbeddingStack as EmbeddingStack
    from cartography.records import Recipe as Recipe

_HOME = {
    "BuiltMap": "pipeline",
    "EmbeddingSet": "records",
    "EmbeddingStack": "records",
    "Recipe": "records",
    "build_map": "pipeline",
    "draw_map": "drawing",
    "find_clusters": "clusters",
    "find_neighbours": "neighbours",
    "measure_fidelity": "fidelity",
    "project": "projectors",
}

__all__ = sorted(_HOME)
__getattr__, __dir__ = door(__name__, _HOME)
