"""A whole map as one HTML file: it pans, zooms and shows cards from the file system, with the network off."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape

import numpy as np

from cartography.drawing.browser.bundle import offline_code, style_sheet
from cartography.drawing.browser.embedded import looks
from cartography.drawing.browser.looks import looks_of
from cartography.drawing.browser.naming import names
from cartography.drawing.browser.wire import codes_blob, facts, grades_blob, points_pieces
from cartography.drawing.browser.world import Card, World, card_of
from cartography.drawing.compose import Page
from cartography.drawing.names.lettering import cleaned, shortened

__all__ = ["MOST_CARDS", "to_html"]

MOST_CARDS = 20_000
"""Items beyond which cards and neighbours stay out, so that the page stays light enough to be sent around."""
_DEEPEST = 4
_PAINTERS = 2
_NEAREST = 10
_NOTHING_CHOSEN: dict[str, object] = {"version": 0, "selected": None, "lasso": [], "hidden": [], "view": None}
_LONGEST_TITLE = 200
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


def to_html(page: Page, _scale: float = 1.0) -> bytes:
    """Return a page that holds the map, its land down to zoom 4, and cards of at most `MOST_CARDS` items.

    Pictures are taken along for at most `MOST_PICTURES` items and the towns.
    It starts with the part of the map that `page` shows, and asks nobody for anything.
    """
    world = _world(page)
    heading = shortened(cleaned(page.title or page.scene.provenance.title), _LONGEST_TITLE)
    start: dict[str, object] = {
        "base": "",
        "title": heading,
        "deepest": _DEEPEST,
        "height": "100%",
        "given": _NOTHING_CHOSEN,
        "showing": page.showing.as_json(),
    }
    if page.frame is not None:
        start["frame"] = list(page.frame)
    content = {
        "facts": facts(world, searched=True) | start,
        "points": _written(b"".join(points_pieces(world))),
        "codes": _written(codes_blob(world)),
        "grades": _written(grades_blob(world)),
        "names": names(world),
        "tiles": dict(_tiles(world)),
        "looks": looks(world, MOST_CARDS),
        "fog": _written(world.fog()),
        **_cards(page, world),
    }
    return _PAGE.format(
        policy=_POLICY,
        title=escape(heading),
        sea=world.look.paper,
        style=style_sheet(),
        data=_as_script(content),
        code=offline_code(),
    ).encode(errors="replace")


def _world(page: Page) -> World:
    """The map as a browser shows it; cards and neighbours are written down by `_cards`."""
    embeddings = page.contents.embeddings
    pictures, snippets = (None, None) if embeddings is None else looks_of(embeddings, page.theme)
    snippets = snippets if len(page.scene) <= MOST_CARDS else None
    return World(
        page.scene,
        page.theme,
        page.relief,
        page.colours,
        card=lambda _row: Card(""),
        pictures=pictures,
        snippets=snippets,
        tinted=page.showing.shows("tints"),
    )


def _tiles(world: World) -> Iterator[tuple[str, str]]:
    places = [(z, x, y) for z in range(_DEEPEST + 1) for x in range(1 << z) for y in range(1 << z)]
    with ThreadPoolExecutor(_PAINTERS) as pool:
        for (z, x, y), tile in zip(places, pool.map(lambda place: world.relief.tile(*place), places), strict=True):
            yield f"{z}/{x}/{y}", _written(tile)


def _cards(page: Page, world: World) -> dict[str, object]:
    """Cards as rows of texts in wire order, under common field names; neighbours as one block of wire indices."""
    embeddings, graph = page.contents.embeddings, page.contents.neighbours
    if len(world.scene) > MOST_CARDS or embeddings is None:
        return {"fields": [], "cards": [], "nearest": "", "reach": 0}
    column = world.scene.colouring.column
    cards = [card_of(embeddings, int(row), column, pictured=False) for row in world.scene.order]
    fields = [name for name, _ in cards[0].fields] if cards else []
    reach, near = 0, np.empty(0, dtype="<i4")
    if graph is not None:
        reach = min(_NEAREST, graph.n_neighbors)
        near = world.places[graph.indices[world.scene.order, :reach]].astype("<i4")
    return {
        "fields": fields,
        "cards": [[card.title, *(text for _, text in card.fields)] for card in cards],
        "nearest": _written(near.tobytes()),
        "reach": reach,
    }


def _written(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _as_script(content: object) -> str:
    """JSON that no name in it can end: an angle bracket or an ampersand is written as its number."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
html, body {{ height: 100%; margin: 0; background: {sea}; overflow: hidden; }}
{style}
</style>
</head>
<body>
<noscript>This map needs JavaScript, which is switched off here.</noscript>
<script type="application/json" id="map">{data}</script>
<script type="module">
{code}
</script>
</body>
</html>
"""
