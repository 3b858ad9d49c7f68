"""What goes to the browser, as bytes: coordinates and codes in wire order, names as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.browser.depths import axis_names
from cartography.drawing.browser.world import Card, Findings, World
from cartography.drawing.furniture.ornaments import grown
from cartography.drawing.marks.glyphs import GLYPH_BOX, GLYPHS
from cartography.drawing.names.spelling import spelled, spelled_realms
from cartography.drawing.painted.fog_picture import fog_colour
from cartography.drawing.svg import image_url
from cartography.drawing.themes import Theme
from cartography.records import Border, Colouring, Dragon, Fog, Realm, Road, Town

__all__ = [
    "card_json",
    "codes_blob",
    "facts",
    "found_json",
    "frame_blob",
    "names",
    "names_json",
    "neighbours_json",
    "points_pieces",
    "set_blob",
    "snippets_json",
]

MOST_TOWNS = 3000
MOST_REALMS = 400
MOST_GROUPS = 500
MOST_COLUMNS = 200
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


def names(world: World) -> dict[str, object]:
    """Return realms, towns and legend: what is small, but too large to travel with every rerun."""
    scene = world.scene
    realms, towns = scene.realms[:MOST_REALMS], scene.towns[:MOST_TOWNS]
    of_realms = spelled_realms([realm.name for realm in realms])
    of_towns = spelled([town.name for town in towns])
    return {
        "realms": [_realm(realm, name) for realm, name in zip(realms, of_realms, strict=True)],
        "towns": [_town(town, name, world) for town, name in zip(towns, of_towns, strict=True)],
        "borders": [_border(border) for border in scene.borders],
        "roads": [_road(road) for road in scene.roads if max(road.towns) < len(towns)],
        "dragons": [_dragon(dragon, world) for dragon in scene.dragons],
        "compass": [{"side": one.side, "column": one.column} for one in grown(scene)],
        "axes": list(axis_names(scene.provenance)),
        "fog": _fog(scene.fog),
        "glyphs": {"box": list(GLYPH_BOX)} | GLYPHS,
        "legend": _legend(scene.colouring, world.colours),
        "colours": list(world.colours),
        "columns": list(world.columns[:MOST_COLUMNS]),
    }


def _realm(realm: Realm, spelling: str) -> dict[str, object]:
    return {
        "name": realm.name,
        **({"spelled": spelling} if spelling != realm.name else {}),
        "code": realm.code,
        "x": _short(realm.x),
        "y": _short(realm.y),
        "angle": _short(realm.angle),
        "length": _short(realm.length),
        "population": realm.population,
    }


def _town(town: Town, spelling: str, world: World) -> dict[str, object]:
    return {
        "name": town.name,
        **({"spelled": spelling} if spelling != town.name else {}),
        "x": _short(town.x),
        "y": _short(town.y),
        "rank": town.rank,
        "population": town.population,
        "realm": town.realm,
        "item": _place(town.item, world),
    }


def _place(row: int, world: World) -> int:
    """The wire index of a row, -1 when there is no such row."""
    return int(world.places[row]) if 0 <= row < len(world.places) else -1


def _border(border: Border) -> dict[str, object]:
    return {
        "codes": list(border.codes),
        "line": _flat(border.line),
        "support": _short(border.support),
        "chance": _short(border.chance),
        "pairs": border.pairs,
        "firm": border.firm,
    }


def _road(road: Road) -> dict[str, object]:
    return {
        "towns": list(road.towns),
        "line": _flat(road.line),
        "strength": _short(road.strength),
        "links": road.links,
        "rank": road.rank,
        "ferry": road.ferry,
    }


def _dragon(dragon: Dragon, world: World) -> dict[str, object]:
    return {
        "x": _short(dragon.x),
        "y": _short(dragon.y),
        "population": dragon.population,
        "item": _place(dragon.item, world),
        "distance": _short(dragon.distance),
    }


def _fog(fog: Fog | None) -> dict[str, object] | None:
    """What the legend says of it; the picture has a route of its own."""
    if fog is None:
        return None
    numbers = {"share": fog.share, "threshold": fog.threshold, "baseline": fog.baseline}
    return {name: _short(value) for name, value in numbers.items()}


def _flat(line: NDArray[np.float32]) -> list[float | None]:
    """x and y by turns."""
    return [_short(float(value)) for value in line.reshape(-1)]


def _legend(colouring: Colouring, colours: tuple[str, ...]) -> dict[str, object]:
    counts = colouring.counts
    legend: dict[str, object] = {
        "column": colouring.title,
        "kind": colouring.kind,
        "missing": {"code": colouring.missing, "count": int(counts[-1]), "colour": colours[-1]},
    }
    if colouring.kind in ("numbers", "dates"):
        return legend | {"low": _end(colouring, colouring.low), "high": _end(colouring, colouring.high)}
    groups = [
        {"code": code, "name": name, "count": int(counts[code]), "colour": colours[code]}
        for code, name in enumerate(colouring.names[:MOST_GROUPS])
    ]
    return legend | {"groups": groups, "unlisted": max(0, len(colouring.names) - MOST_GROUPS)}


def _end(colouring: Colouring, value: float) -> str:
    """An end of the scale, as people write it."""
    if not isfinite(value):
        return ""
    if colouring.kind == "dates":
        return str(np.datetime64(int(value), "ns").astype("datetime64[s]")).replace("T", " ")
    return f"{value:,.4g}" if abs(value) >= 10_000 else f"{value:.4g}"  # 1970 may be a year


def card_json(card: Card) -> bytes:
    """Return a hover card; texts are cut where nobody reads on."""
    fields = [[name[:_TEXT], text[:_TEXT]] for name, text in card.fields]
    return _packed({"title": card.title[:_TEXT], "fields": fields, "image": image_url(card.image)})


def neighbours_json(world: World, row: int) -> bytes:
    """Return the nearest items of a row, as wire indices, and their distances."""
    found = [pair for pair in zip(*world.neighbours(row), strict=True) if 0 <= pair[0] < len(world.places)]
    items = [int(world.places[near]) for near, _ in found]
    return _packed({"items": items, "distances": [_short(float(distance)) for _, distance in found]})


def set_blob(world: World, mask: NDArray[np.bool_]) -> bytes:
    """Return a set of items (n,) in wire order, one bit an item, the highest bit first."""
    return np.packbits(mask[world.scene.order]).tobytes()


def found_json(world: World, found: Findings, key: str) -> bytes:
    """Return what a search found: how many items, the key of their set, the first ones to be listed."""
    count = int(found.mask.sum()) if found.mask is not None else 0
    first = [
        {"item": _place(row, world), "name": name[:_NAME], "said": said[:_NAME]} for row, name, said in found.first
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
            "depths": world.depths_key,
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
            "depth": scene.depths is not None,
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


def _short(value: float) -> float | None:
    """Seven digits: what float32 holds, without the tail that JSON would write out; None for what is no number."""
    return float(f"{value:.7g}") if isfinite(value) else None


def _packed(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(errors="replace")
