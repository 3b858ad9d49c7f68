"""Scenes made in a moment: archipelagos of random walks, with realms, towns and colours."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cartography.drawing.browser import Card, Findings, World
from cartography.drawing.palettes import colours_of
from cartography.land.terrain import build_terrain
from cartography.records import Border, Colouring, Dragon, Fog, MapScene, Provenance, Realm, Road, Terrain, Town

SYLLABLES = (
    "ar",
    "bel",
    "cor",
    "dun",
    "el",
    "fen",
    "gar",
    "hol",
    "il",
    "kar",
    "lor",
    "mar",
    "nor",
    "os",
    "pel",
    "quel",
)


def name_of(number: int) -> str:
    """A name that can be pronounced, the same for the same number."""
    first, second = SYLLABLES[number % 16], SYLLABLES[(number // 16 + 7 * number) % 16]
    return f"{first}{second}{('burg', 'mere', 'ford', 'wick')[number % 4]}".capitalize()


def random_walks(n: int, walks: int = 12, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return (n, 2) float32 coordinates and (n,) the number of the walk each belongs to."""
    rng = np.random.default_rng(seed)
    label = (np.arange(n) % walks).astype(np.uint16)
    ways = np.cumsum(rng.normal(size=(walks, 400, 2)), axis=1) * 0.25 + rng.uniform(-14, 14, size=(walks, 1, 2))
    step = rng.integers(0, 400, size=n)
    points = ways[label, step] + rng.normal(size=(n, 2)) * rng.gamma(2.0, 0.3, size=(n, 1))
    return points.astype(np.float32), label


def scene_of(
    coordinates: np.ndarray,
    label: np.ndarray,
    names: tuple[str, ...] | None = None,
    terrain: Terrain | None = None,
    towns: int = 120,
) -> MapScene:
    """Return a map of these points; realms are the groups, towns stand on random items of theirs."""
    n, groups = len(coordinates), int(label.max()) + 1
    names = names or tuple(name_of(i) for i in range(groups))
    colouring = Colouring("group", "categories", label, names)
    order = np.random.default_rng(1).permutation(n).astype(np.int32)
    return MapScene(
        coordinates=coordinates,
        order=order,
        terrain=terrain or build_terrain(coordinates),
        colouring=colouring,
        realm_grid=np.zeros((4, 4), dtype=np.int16),
        realms=_realms(coordinates, label, names),
        towns=_towns(coordinates, label, order[: min(towns, n)]),
        provenance=Provenance("Random walks", n, n, "made", {}, 0, "0"),
    )


def recoloured(scene: MapScene, colouring: Colouring) -> MapScene:
    """The same map in other colours."""
    return replace(scene, colouring=colouring)


def dressed(scene: MapScene) -> MapScene:
    """The same map with made-up borders, roads and ferries, fog in its east and a dragon in its south-west.

    Borders run as a net of nine stretches across the frame: by turns firm, mixed and unknown. Roads tie each of the
    first towns to the next, of all ranks; every third is a ferry.
    """
    west, south, east, north = scene.terrain.frame
    across, up = east - west, north - south
    borders = []
    for i in range(9):
        t = np.linspace(0, 1, 40)
        x = west + across * (0.1 + 0.8 * t)
        y = south + up * (0.1 * (i + 1) + 0.03 * np.sin(9 * t + i))
        support = (0.86, 0.6, float("nan"))[i % 3]
        borders.append(Border((i, i + 1), np.stack([x, y], axis=1), support, 0.5, 1240 + i))
    towns = scene.towns
    roads = []
    for i in range(min(24, len(towns) - 1)):
        ends = np.array([[towns[j].x, towns[j].y] for j in (i, i + 1)])
        roads.append(Road((i, i + 1), ends, 3.4 + i, 212 + i, rank=i % 3, ferry=i % 3 == 0))
    g = 64
    column = np.broadcast_to((np.arange(g) + 0.5) / g, (g, g))
    fog = Fog(np.clip(6 * (column - 0.55), 0, 1).astype(np.float32), 0.2, 0.1, 0.05)
    dragon = Dragon(west + 0.15 * across, south + 0.2 * up, 3, int(scene.order[5]), 4.2)
    return replace(scene, borders=tuple(borders), roads=tuple(roads), fog=fog, dragons=(dragon,), scale=across / 40)


def flat_terrain(coordinates: np.ndarray) -> Terrain:
    """A square around the points without any height: for tests that do not look at the land."""
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    side = float((high - low).max()) * 1.6
    west, south = (float(v) for v in (low + high) / 2 - side / 2)
    grid = np.full((8, 8), 0.2, dtype=np.float32)
    frame = (*(float(v) for v in low), *(float(v) for v in high))
    return Terrain((west, south), side, grid, grid * 0, frame)


def _realms(coordinates: np.ndarray, label: np.ndarray, names: tuple[str, ...]) -> tuple[Realm, ...]:
    return tuple(_realm(coordinates[label == code], code, names[code]) for code in range(len(names)))


def _realm(points: np.ndarray, code: int, name: str) -> Realm:
    if not len(points):
        return Realm(name, code, 0.0, 0.0, 0)
    x, y = np.median(points, axis=0)
    values, vectors = np.linalg.eigh(np.cov(points.T)) if len(points) > 2 else (np.ones(2), np.eye(2))
    along = vectors[:, -1] * np.sign(vectors[0, -1] or 1)
    angle = float(np.arctan2(along[1], along[0]))
    return Realm(name, code, float(x), float(y), len(points), angle, float(3 * np.sqrt(values[-1])))


def _towns(coordinates: np.ndarray, label: np.ndarray, rows: np.ndarray) -> tuple[Town, ...]:
    return tuple(
        Town(
            name=f"{name_of(31 * i + 5)}",
            x=float(coordinates[row, 0]),
            y=float(coordinates[row, 1]),
            population=max(1, len(coordinates) // (i + 8)),
            rank=min(4, int(np.log2(i / 2 + 1))),
            item=int(row),
            cluster=i,
            realm=int(label[row]),
        )
        for i, row in enumerate(rows)
    )


class PlainTiles:
    """Paints one flat colour: for tests that do not look at the land."""

    def __init__(self) -> None:
        self.painted = 0

    def tile(self, z: int, x: int, y: int, size: int = 256) -> bytes:
        from PIL import Image

        self.painted += 1
        buffer = io.BytesIO()
        Image.new("RGB", (size, size), "#cfc79a").save(buffer, "WEBP")
        return buffer.getvalue()


def nearest_on_map(coordinates: np.ndarray, row: int, k: int = 8) -> tuple[list[int], list[float]]:
    """Neighbours for tests: the nearest on the map itself."""
    distance = np.linalg.norm(coordinates - coordinates[row], axis=1)
    near = np.argpartition(distance, min(k, len(distance) - 1))[: k + 1]
    rows = near[np.argsort(distance[near], kind="stable")][1:]
    return rows.tolist(), distance[rows].tolist()


def world_of(scene: MapScene, theme: str = "fantasy", relief: object | None = None) -> World:
    """Publishable: cards name the row, neighbours are the nearest on the map."""
    groups = scene.colouring.names

    def card(row: int) -> Card:
        code = scene.colouring.codes[row]
        group = groups[code] if code < len(groups) else "no value"
        return Card(f"item {row}", (("group", group), ("row", str(row))))

    return World(
        scene=scene,
        theme=theme,
        relief=relief or PlainTiles(),
        colours=colours_of(scene.colouring, theme, scene.coordinates),
        card=card,
        neighbours=lambda row: nearest_on_map(scene.coordinates, row),
        seek=lambda text, columns, regex: found_in(scene, text, columns, regex),
        columns=("group", "row"),
    )


def found_in(scene: MapScene, text: str, columns: Sequence[str], regex: bool) -> Findings:
    """Search in the name of the group and in the number of the row; no pattern is understood."""
    if regex:
        return Findings(None, problem="No patterns here.")
    groups = np.array([*scene.colouring.names, ""])[scene.colouring.codes]
    texts = {"group": groups, "row": np.arange(len(scene)).astype(str)}
    asked = [texts[name] for name in columns or texts]
    mask = np.logical_or.reduce([np.char.find(one, text) >= 0 for one in asked])
    rows = scene.order[mask[scene.order]][:60]
    return Findings(mask, tuple((int(row), f"item {row}", str(groups[row])) for row in rows))
