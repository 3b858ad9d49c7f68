"""What goes to the browser, as bytes: coordinates and codes in wire order, names as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.browser.naming import names, place_of, short
from cartography.drawing.browser.world import Card, Findings, World
from cartography.drawing.painted.fog_picture import fog_colour
from cartography.drawing.svg import image_url
from cartography.drawing.themes import Theme

__all__ = [
    "card_json",
    "codes_blob",
    "facts",
    "found_json",
    "grades_blob",
    "frame_blob",
    "names",
    "names_json",
    "neighbours_json",
    "points_pieces",
    "set_blob",
    "snippets_json",
]

_TEXT = 2000
_SNIPPET = 80
_NAME = 200
_FIRST_PIECE = 1 << 15
_PIECE = 1 << 18
_FINEST = 65535  # steps of a uint16


def points_pieces(world: World) -> Iterator[bytes]:
    """Yield (n, 2) float32 little-endian coordinates, most worth drawing first: any prefix is a fair sample.

    The first piece is small, so that a browser can draw while the rest is still being put in order.
    """
    order, start, length = world.scene.order, 0, _FIRST_PIECE
    while start < len(order):
        rows = order[start : start + length]
        yield world.scene.coordinates[rows].astype("<f4", copy=False).tobytes()
        start, length = start + length, _PIECE


def codes_blob(world: World) -> bytes:
    """Return (n,) colour codes in the same order, one byte each up to code 255, else two."""
    colouring = world.scene.colouring
    narrow = "u1" if colouring.missing < 256 else "<u2"
    return colouring.codes[world.scene.order].astype(narrow, copy=False).tobytes()


def grades_blob(world: World) -> bytes:
    """Return (n,) grades of size in the same order, one byte each; nothing where all items are alike."""
    sizing = world.scene.sizing
    return sizing.grades[world.scene.order].tobytes() if sizing is not None else b""


def frame_blob(number: int, xy: NDArray[np.float32], said: str) -> bytes:
    """Return a picture of a layout under way: its number, where `xy` (n, 2) stand, and what is said of it.

    Little-endian: uint32 number and n, float32 west, south, east and north of these items, for each a uint16 x and y
    that runs from 0 to 65535 between those bounds, and the text as UTF-8.
    """
    bounds = np.concatenate([xy.min(axis=0), xy.max(axis=0)]).astype("<f4")
    span = np.maximum(bounds[2:].astype(np.float64) - bounds[:2], 1e-30)
    steps = np.rint((xy - bounds[:2]) * (_FINEST / span)).astype("<u2")
    head = np.array([number, len(xy)], "<u4").tobytes() + bounds.tobytes()
    return head + steps.tobytes() + said[:_TEXT].encode(errors="replace")


def names_json(world: World) -> bytes:
    """Return what `names` gives, as JSON."""
    return _packed(names(world))


def card_json(card: Card) -> bytes:
    """Return a hover card; texts are cut where nobody reads on."""
    fields = [[name[:_TEXT], text[:_TEXT]] for name, text in card.fields]
    return _packed({"title": card.title[:_TEXT], "fields": fields, "image": image_url(card.image)})


def neighbours_json(world: World, row: int) -> bytes:
    """Return the nearest items of a row, as wire indices, and their distances."""
    found = [pair for pair in zip(*world.neighbours(row), strict=True) if 0 <= pair[0] < len(world.places)]
    items = [int(world.places[near]) for near, _ in found]
    return _packed({"items": items, "distances": [short(float(distance)) for _, distance in found]})


def set_blob(world: World, mask: NDArray[np.bool_]) -> bytes:
    """Return a set of items (n,) in wire order, one bit an item, the highest bit first."""
    return np.packbits(mask[world.scene.order]).tobytes()


def found_json(world: World, found: Findings, key: str) -> bytes:
    """Return what a search found: how many items, the key of their set, the first ones to be listed."""
    count = int(found.mask.sum()) if found.mask is not None else 0
    first = [
        {"item": place_of(row, world), "name": name[:_NAME], "said": said[:_NAME]} for row, name, said in found.first
    ]
    return _packed(
        {"key": key, "count": count, "first": first, "problem": found.problem[:_TEXT], "note": found.note[:_TEXT]}
    )


def snippets_json(world: World, rows: Sequence[int]) -> bytes:
    """Return what the texts of these rows begin with, "" for those without one."""
    texts = world.snippets(rows) if world.snippets is not None else ["" for _ in rows]
    return _packed({"texts": [text[:_SNIPPET] for text in texts]})


def facts(world: World, searched: bool | None = None) -> dict[str, object]:
    """Return what the view has to know before anything else: keys, sizes and looks; well under four kilobytes.

    `searched` says whether items can be searched where the world does not do it.
    """
    scene = world.scene
    return {
        "keys": {
            "points": world.points_key,
            "codes": world.codes_key,
            "grades": world.grades_key,
            "style": world.style_key,
            "fog": world.fog_key,
        },
        "count": len(scene),
        "wide": scene.colouring.missing > 255,
        "title": scene.provenance.title,
        "origin": list(scene.terrain.origin),
        "side": scene.terrain.side,
        "frame": list(scene.terrain.frame),
        "reach": scene.scale,
        "theme": _theme_roles(world.look),
        "has": {
            "pictures": world.pictures is not None,
            "snippets": world.snippets is not None,
            "search": world.seek is not None if searched is None else searched,
        },
    }


def _theme_roles(theme: Theme) -> dict[str, object]:
    """Return the colours and fonts that the browser draws names, marks and panels with."""
    return {
        "name": theme.name,
        "sea": theme.paper,
        "ink": theme.ink,
        "road": theme.road,
        "halo": theme.halo,
        "accent": theme.accent,
        "panel": theme.panel,
        "fog": fog_colour(theme),
        "font": theme.font,
        "titleFont": theme.title_font,
        "dark": theme.dark,
        "fantasy": theme.fantasy,
    }


def _packed(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(errors="replace")
