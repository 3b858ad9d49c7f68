"""Maps of the pipeline as worlds of the map view: dressed as the recipe says, with their cards and neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from cartography.columns import columns_of
from cartography.concepts.formulas.names import Names
from cartography.drawing.browser import Card, Completer, Completions, Findings, Neighbours, World, card_of, looks_of
from cartography.drawing.painted.relief import Relief
from cartography.drawing.palettes import colours_of
from cartography.drawing.themes import theme_named
from cartography.inspection.searching.search import Found, Query, order, search
from cartography.inspection.searching.texts import texts_of
from cartography.items import title
from cartography.pipeline import BuiltMap
from cartography.records import Recipe
from cartography.records.arrays import digest
from dashboard.formula_names import places_of
from dashboard.map_view import WORLDS
from dashboard.panels.item.item import neighbours_of
from dashboard.warming import warm

__all__ = ["dressed", "published"]

_LISTED = 60  # items of a search
_SUGGESTED = 8  # names for a formula


def dressed(built: BuiltMap, recipe: Recipe) -> BuiltMap:
    """Return a map in the theme and the colours, under the title and with the parts that `recipe` chooses."""
    return replace(built, recipe=built.recipe.dressed_as(recipe), scene=built.scene.titled(recipe.title))


def published(built: BuiltMap) -> tuple[World, str]:
    """Return the world that shows this map in its theme and colours, and the token its routes answer to.

    Title, hidden parts and spelling are no part of a world: to change them costs no tile and no point.
    """
    recipe, names = built.recipe, set(built.scene.colouring.names)
    chosen = sorted((group, colour) for group, colour in recipe.colors.items() if group in names)
    tinted = "tints" not in recipe.hide
    looks = (sorted(built.embeddings.roles.items()), built.embeddings.provenance.get("picture_shape"))
    land = digest(built.embeddings.fingerprint, looks, recipe.undressed.fingerprint)
    key = digest(land, recipe.theme, chosen, tinted)
    token, world = WORLDS.serve(key, lambda: _world(built, land))
    return world, token


_KIN: WeakValueDictionary[str, World] = WeakValueDictionary()
"""A world of each map being served: what another dress of it need not find out again."""


def _world(built: BuiltMap, land: str) -> World:
    """The map in its dress; coasts, keys and the order of items are taken from another dress of it, if any."""
    scene, recipe = built.scene, built.recipe
    theme = theme_named(recipe.theme)
    colours = colours_of(scene.colouring, theme, scene.coordinates, recipe.colors)
    tinted = "tints" not in recipe.hide
    kin = _KIN.get(land)
    known = kin.relief if kin is not None and isinstance(kin.relief, Relief) else None
    relief = Relief(scene, theme, colours, tinted=tinted, kin=known)
    pictures, snippets = looks_of(built.embeddings, theme)
    if kin is not None:
        return kin.dressed(
            theme=recipe.theme, relief=relief, colours=colours, pictures=pictures, snippets=snippets, tinted=tinted
        )
    world = World(
        scene,
        recipe.theme,
        relief,
        colours,
        *_asked(built),
        pictures,
        snippets,
        tinted,
        seek=_seeker(built),
        columns=tuple(column.name for column in columns_of(built.embeddings).values() if not column.pictured),
        complete=_completer(built),
    )
    _KIN[land] = world
    warm(built.embeddings)
    return world


def _asked(built: BuiltMap) -> tuple[Callable[[int], Card], Callable[[int], Neighbours]]:
    """What a person may ask about an item: its card and its neighbours, by its row."""

    def card(row: int) -> Card:
        return card_of(built.embeddings, row, built.scene.colouring.column)

    def neighbours(row: int) -> Neighbours:
        rows, distances = neighbours_of(built, row)
        return rows.tolist(), distances.tolist()

    return card, neighbours


def _seeker(built: BuiltMap) -> Callable[[str, Sequence[str], bool], Findings]:
    """What searches the items of a map."""
    embeddings, telling = built.embeddings, built.scene.order

    def seek(text: str, columns: Sequence[str], regex: bool) -> Findings:
        if not text.strip():
            texts_of(embeddings)  # read now, so that the first search need not wait
            return Findings(None)
        found = search(embeddings, Query(text, tuple(columns), regex))
        if found.problem:
            return Findings(None, problem=found.problem)
        rows = [int(row) for row in order(found, telling, _LISTED)]
        names = [title(embeddings, row) for row in rows]
        first = tuple((row, name, _where(found, row, name)) for row, name in zip(rows, names, strict=True))
        return Findings(found.mask, first, note=found.note)

    return seek


def _completer(built: BuiltMap) -> Completer:
    """What completes names in formulas: those of the items and the places of a map."""

    def complete(text: str, cursor: int) -> Completions:
        found = Names(built.embeddings, places_of(built)).complete(text, cursor, _SUGGESTED)
        return Completions(
            found.start, found.end, tuple((one.insert, one.shown, one.detail) for one in found.suggestions)
        )

    return complete


def _where(found: Found, row: int, name: str) -> str:
    """The words around the hit, where they are not the item's name, and the column they stand in."""
    at = found.snippet(row)
    if at is None:
        return ""
    said = f"{at.before}{at.hit}{at.after}".strip()
    return "" if said == name else f"{at.column}: {said}"
