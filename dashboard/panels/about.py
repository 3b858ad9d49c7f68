"""What this map is: what was read, assumed and computed, and how to use it."""

from __future__ import annotations

import streamlit as st

from cartography.pipeline import BuiltMap
from cartography.projectors import projector
from dashboard.panels.markup import bullets, definitions
from dashboard.panels.scree import scree_chart, scree_table, scree_words

__all__ = ["show_about"]

_HOW_TO = (
    "Click an item to see what is near it in the original space.",
    "Hold Shift and draw a loop to select items; Ctrl adds, Alt takes away, Esc clears.",
    "Scroll or pinch to zoom, drag to move.",
    "Land is where items crowd; the tint is the colour of the groups that live there.",
)


def show_about(built: BuiltMap, sketch: bool = False) -> None:
    """Draw what was assumed, the facts of the map, and a short help; of a sketch not every detail."""
    st.html(bullets(_HOW_TO))
    if built.notes:
        st.html("<p class='ec-head'>WHAT WAS ASSUMED</p>" + bullets(built.notes))
    projection, clustering = built.projection, built.clustering
    method = projector(projection.method)
    facts = [
        ("items", f"{len(built.embeddings):,}"),
        ("dimensions", _dimensions(built)),
        ("method", f"{method.title} in {projection.seconds:.1f} s"),
        *((name, value) for name, value in projection.params.items() if value is not None),
        ("nearness", built.recipe.metric),
        ("seed", projection.seed),
        *(_variance(built) if sketch else []),
        ("groups", f"{clustering.levels[clustering.main].count} by {clustering.method}, on the {clustering.space}"),
        ("fingerprint", built.embeddings.fingerprint),
    ]
    st.html("<p class='ec-head'>FACTS</p>" + definitions(facts))
    if not sketch:
        _scree(built)


def _scree(built: BuiltMap) -> None:
    """Draw what the principal components hold, where the map shows some."""
    shares = built.projection.evidence.get("variance_explained")
    if not shares:
        return
    table = scree_table(shares, [built.projection.params[name] for name in ("component_x", "component_y")])
    st.html("<p class='ec-head'>VARIANCE EXPLAINED</p>")
    st.altair_chart(scree_chart(table), width="stretch")
    st.caption(scree_words(table))


def _dimensions(built: BuiltMap) -> str:
    before, after = built.embeddings.dimensions, built.prepared.dimensions
    return f"{before:,}" if after == before else f"{before:,}, of which {after:,} are used"


def _variance(built: BuiltMap) -> list[tuple[str, str]]:
    shares = built.projection.evidence.get("variance_explained")
    if not shares:
        return []
    listed = ", ".join(f"{share:.1%}" for share in shares[:5])
    return [("variance explained", f"{listed} by the first components")]
