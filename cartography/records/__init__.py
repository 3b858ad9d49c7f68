"""What the program passes from stage to stage: frozen, shape-checked, with read-only arrays. Read this first.

file -> EmbeddingSet -> NeighbourGraph -> Projection -> Clustering -> MapScene -> picture
                                (a Recipe says how; a Finding says what was noticed)
"""

from cartography.records.annotation_change import Change, difference
from cartography.records.annotation_kinds import Bookmark, Correction, Note
from cartography.records.annotations import Annotations
from cartography.records.axis_spec import AXIS_KINDS, AxisSpec, Pole
from cartography.records.clustering import Clustering, Level
from cartography.records.embedding_set import EmbeddingSet
from cartography.records.embedding_stack import EmbeddingStack
from cartography.records.fidelity import Fidelity
from cartography.records.filter import Filter
from cartography.records.finding import Finding, Place
from cartography.records.map_features import Bearing, Border, Dragon, Fog, MapAxis, Realm, Road, Town
from cartography.records.map_scene import Colouring, MapScene, Provenance, Terrain
from cartography.records.neighbour_graph import NeighbourGraph
from cartography.records.projection import Projection
from cartography.records.recipe import Recipe
from cartography.records.sizing import GRADES, Sizing

__all__ = [
    "AXIS_KINDS",
    "Annotations",
    "AxisSpec",
    "Bearing",
    "Bookmark",
    "Border",
    "Change",
    "Clustering",
    "Colouring",
    "Correction",
    "Dragon",
    "EmbeddingSet",
    "EmbeddingStack",
    "Fidelity",
    "Filter",
    "Finding",
    "Fog",
    "GRADES",
    "Level",
    "MapAxis",
    "MapScene",
    "NeighbourGraph",
    "Note",
    "Place",
    "Pole",
    "Projection",
    "Provenance",
    "Realm",
    "Recipe",
    "Road",
    "Sizing",
    "Terrain",
    "Town",
    "difference",
]
