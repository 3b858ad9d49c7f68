"""What this map is: what was read, assumed and computed, and how to use it."""

from __future__ import annotations

import streamlit as st

from cartography.inspection.wording import share_words
from cartography.items import title
from cartography.pipeline import BuiltMap
from cartography.projectors import projector
from dashboard.panels.dressing.scree import scree_chart, scree_table, scree_words
from dashboard.panels.markup import bullets, definitions

__all__ = ["faith_words", "show_about"]

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
    st.html("<p class='ec-head'>HOW FAR TO TRUST IT</p>" + bullets(faith_words(built)))
    st.html("<p class='ec-head'>FACTS</p>" + definitions(facts))
    if not sketch:
        _scree(built)


def faith_words(built: BuiltMap) -> list[str]:
    """Return what became of the items' neighbours on the map, how much of it lies in fog, and the dragons."""
    found, graph = built.fidelity, built.neighbours
    if found is None or graph is None:
        return ["How faithful the map is was not measured: this method needs no neighbours, so none were looked for."]
    k = found.n_neighbors
    if k == 0:
        return ["A single item has no neighbours; there is nothing to be unfaithful to."]
    words = [
        f"Of their {k} true neighbours, items keep {share_words(found.overall)} among their {k} nearest on the map; "
        f"chance would keep {share_words(found.baseline)}."
    ]
    if found.reach > k:
        words.append(
            f"{share_words(found.overall_near)} are at least in the same part of the map, among the {found.reach:,} "
            f"nearest; chance would put {share_words(found.near_baseline)} there."
        )
    return [*words, *_fog_words(built), *([] if graph.metric == "dot" else [_dragon_words(built)])]


def _fog_words(built: BuiltMap) -> list[str]:
    fog = built.scene.fog
    if fog is None:
        return []
    if fog.share == 0:
        return ["No part of the map lies in fog."]
    return [
        f"{share_words(fog.share)} of the items stand in fog: there less than {share_words(fog.threshold)} of the "
        "true neighbours are in the same part of the map."
    ]


def _dragon_words(built: BuiltMap) -> str:
    dragons = built.scene.dragons
    if not dragons:
        return "No dragons: no item is unusually far from its nearest ones in the original space."
    count, places = sum(dragon.population for dragon in dragons), len(dragons)
    loneliest = max(dragons, key=lambda dragon: dragon.distance)
    who = "1 item is near nothing" if count == 1 else f"{count:,} items are near nothing"
    where = "" if count == 1 else f", in {places} place{'s' if places > 1 else ''}"
    called, known_as = title(built.embeddings, loneliest.item), str(built.embeddings.ids[loneliest.item])
    name = called if called == known_as else f"{called} ({known_as})"
    return (
        f"Here be dragons: {who} in the original space{where}; the loneliest, {name}, is {loneliest.distance:.1f} "
        "times as far from its nearest ones as the typical item."
    )


def _scree(built: BuiltMap) -> None:
    """Draw what the principal components hold, where the map shows some."""
    shares = built.projection.evidence.get("variance_explained")
    if not shares or built.projection.method != "pca":
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
    whose = "first components" if built.projection.method == "pca" else "axes"
    return [("variance explained", f"{listed} by the {whose}")]
