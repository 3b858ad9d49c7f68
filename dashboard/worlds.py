"""Maps of the pipeline as worlds of the map view: with their colours, cards and neighbours."""

from __future__ import annotations

from cartography.drawing.browser import Card, Neighbours, World, card_of, looks_of
from cartography.drawing.palettes import colours_of
from cartography.drawing.relief import Relief
from cartography.drawing.themes import theme_named
from cartography.pipeline import BuiltMap
from cartography.records.arrays import digest
from dashboard.map_view import WORLDS
from dashboard.panels.item import neighbours_of

__all__ = ["published"]


def published(built: BuiltMap, theme: str) -> tuple[World, str]:
    """Return the world that shows this map in a theme, and the token its routes answer to."""
    looks = (sorted(built.embeddings.roles.items()), built.embeddings.provenance.get("picture_shape"))
    key = digest(built.embeddings.fingerprint, looks, built.recipe.replace(theme=theme).fingerprint)
    token = WORLDS.publish(key, lambda: _world(built, theme))
    world = WORLDS.get(token)
    assert world is not None, "the newest world is never put away"  # noqa: S101
    return world, token


def _world(built: BuiltMap, theme: str) -> World:
    scene, embeddings = built.scene, built.embeddings

    def card(row: int) -> Card:
        return card_of(embeddings, row, scene.colouring.column)

    def neighbours(row: int) -> Neighbours:
        rows, distances = neighbours_of(built, row)
        return rows.tolist(), distances.tolist()

    pictures, snippets = looks_of(embeddings, theme)
    return World(
        scene,
        theme,
        Relief(scene, theme_named(theme)),
        colours_of(scene.colouring, theme_named(theme), scene.coordinates),
        card,
        neighbours,
        pictures,
        snippets,
    )
