"""What the browser writes on a map, as plain values: realms, towns, lines, axes, legend."""

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.browser.world import World
from cartography.drawing.furniture.ornaments import grown
from cartography.drawing.marks.glyphs import GLYPH_BOX, GLYPHS
from cartography.drawing.names.spelling import spelled, spelled_realms
from cartography.records import GRADES, Border, Colouring, Dragon, Fog, MapAxis, Realm, Road, Sizing, Town

__all__ = ["MOST_TOWNS", "names", "place_of", "short"]

MOST_TOWNS = 3000
MOST_REALMS = 400
MOST_GROUPS = 500
MOST_COLUMNS = 200
_NAME = 200


def names(world: World) -> dict[str, object]:
    """Return realms, towns and legend: what is small, but too large to travel with every rerun."""
    scene = world.scene
    realms, towns = scene.realms[:MOST_REALMS], scene.towns[:MOST_TOWNS]
    of_realms = spelled_realms([realm.name for realm in realms])
    of_towns = spelled([town.name for town in towns])
    return {
        "realms": [_realm(realm, name) for realm, name in zip(realms, of_realms, strict=True)],
        "towns": [
            *(_town(town, name, world) for town, name in zip(towns, of_towns, strict=True)),
            *(_town(one, one.name, world) for one in scene.landmarks),
        ],
        "borders": [_border(border) for border in scene.borders],
        "roads": [_road(road) for road in scene.roads if max(road.towns) < len(towns)],
        "dragons": [_dragon(dragon, world) for dragon in scene.dragons],
        "compass": [{"side": one.side, "column": one.column} for one in grown(scene)],
        "axes": [_axis(axis) for axis in scene.axes],
        "sizes": _sizes(scene.sizing),
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
        "x": short(realm.x),
        "y": short(realm.y),
        "angle": short(realm.angle),
        "length": short(realm.length),
        "population": realm.population,
    }


def _town(town: Town, spelling: str, world: World) -> dict[str, object]:
    return {
        "name": town.name,
        **({"spelled": spelling} if spelling != town.name else {}),
        "x": short(town.x),
        "y": short(town.y),
        "rank": town.rank,
        "population": town.population,
        "realm": town.realm,
        "item": place_of(town.item, world),
    }


def place_of(row: int, world: World) -> int:
    """Return the wire index of a row, -1 when there is no such row."""
    return int(world.places[row]) if 0 <= row < len(world.places) else -1


def _border(border: Border) -> dict[str, object]:
    return {
        "codes": list(border.codes),
        "line": _flat(border.line),
        "support": short(border.support),
        "chance": short(border.chance),
        "pairs": border.pairs,
        "firm": border.firm,
    }


def _road(road: Road) -> dict[str, object]:
    return {
        "towns": list(road.towns),
        "line": _flat(road.line),
        "strength": short(road.strength),
        "links": road.links,
        "rank": road.rank,
        "ferry": road.ferry,
    }


def _dragon(dragon: Dragon, world: World) -> dict[str, object]:
    return {
        "x": short(dragon.x),
        "y": short(dragon.y),
        "population": dragon.population,
        "item": place_of(dragon.item, world),
        "distance": short(dragon.distance),
    }


def _axis(axis: MapAxis) -> dict[str, object]:
    return {
        "side": axis.side,
        "zero": axis.zero,
        "name": axis.name[:_NAME],
        "low": axis.low[:_NAME],
        "high": axis.high[:_NAME],
    }


def _sizes(sizing: Sizing | None) -> dict[str, object] | None:
    """What the legend says of them."""
    if sizing is None:
        return None
    low, high = (f"{value:.4g}" for value in (sizing.low, sizing.high))
    return {"column": sizing.column[:_NAME], "low": low, "high": high, "grades": list(GRADES)}


def _fog(fog: Fog | None) -> dict[str, object] | None:
    """What the legend says of it; the picture has a route of its own."""
    if fog is None:
        return None
    numbers = {"share": fog.share, "threshold": fog.threshold, "baseline": fog.baseline}
    return {name: short(value) for name, value in numbers.items()}


def _flat(line: NDArray[np.float32]) -> list[float | None]:
    """x and y by turns."""
    return [short(float(value)) for value in line.reshape(-1)]


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


def short(value: float) -> float | None:
    """Return seven digits, which is what float32 holds; None for what is no number."""
    return float(f"{value:.7g}") if isfinite(value) else None
