"""Where names and marks go: realm names along their land, towns by rank, and no two names on each other.

Pure geometry in pixels of the picture, y downwards. Greedy in order of importance, after Christensen, Marks and
Shieber, "An empirical study of algorithms for point-feature label placement", ACM Trans. Graphics 14(3), 1995.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.marks.towns import MARK_RADII
from cartography.drawing.names.lettering import runs_one_way, shortened, width_in_caps, width_of
from cartography.drawing.names.taken import Box, Taken
from cartography.records import MapScene, Realm, Town
from cartography.surface import Window

__all__ = ["Layout", "RealmLabel", "Spelling", "TownLabel", "place_labels"]

_TOWN_SIZES = (17.0, 14.5, 13.0, 12.0, 11.2)
_IN_CAPS = (0, 1)  # ranks whose names stand in small capitals on an ornate map
_TOWN_GAPS = (1.0, 1.0, 2.0, 2.5, 3.0)  # around names by rank
_ROUNDS, _LEFT_OUT = 3, 0.08  # times that names are placed, until few enough towns are left out
_SHRUNK = 0.86  # of a name that finds no room else
_APART = (20.0, 30.0, 36.0, 40.0, 42.0)
"""Units to the nearest greater town from which a town is due, by rank: the closer one looks, the more there are."""
_TYPICAL = 60  # towns whose names say how long names are here
_USUAL, _WIDEST = 46.0, 1.9  # units of a name that needs no more room, and how much more room there is at most
_REALM_SIZES, _PLAIN_SIZES = (14.0, 36.0), (13.0, 20.0)
_BEND = 0.42  # radians that a realm's name turns over its length
_SHIFTS = (0.0, 0.7, -0.7, 1.4, -1.4, 2.2, -2.2, 3.2, -3.2)  # of a realm's name from its line, by its size
_AROUND = tuple(
    (float(r * np.cos(turn)), float(r * np.sin(turn))) for r in (2, 4, 6, 8, 11) for turn in np.arange(8) * np.pi / 4
)
"""Where a name that found no room along its land may stand instead, by its size."""
_GAP = 2.0
_RISE, _FALL = 0.74, 0.22  # of letters above and below their baseline, by their size
_LONGEST_REALM, _LONGEST_TOWN = 26, 24


@dataclass(frozen=True)
class RealmLabel:
    """A realm's name: its middle, `angle` and `bend` in radians, `width` with `spacing` between letters."""

    text: str
    code: int
    x: float
    y: float
    angle: float
    bend: float
    size: float
    spacing: float
    width: float

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Boxes along the name's line, each about as wide as a letter."""
        along = (np.arange(len(self.text)) + 0.5) / len(self.text) - 0.5
        turn = self.angle + along * self.bend
        middle = self.on_arc(along)
        half_width, half_height = 0.5 * self.width / len(self.text), 0.42 * self.size
        cos, sin = np.abs(np.cos(turn)), np.abs(np.sin(turn))
        reach = np.stack([half_width * cos + half_height * sin, half_width * sin + half_height * cos], axis=1)
        edges = np.concatenate([middle - reach, middle + reach], axis=1)
        return tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in edges)

    def on_arc(self, along: NDArray[np.float64], below: float = 0.0) -> NDArray[np.float64]:
        """Points (m, 2) of the name's line at shares -0.5..0.5 of its width, or on a line so far below it."""
        if abs(self.bend) < 1e-6:
            right, down = along * self.width, np.full_like(along, below)
        else:
            radius = self.width / self.bend
            right = (radius - below) * np.sin(along * self.bend)
            down = radius - (radius - below) * np.cos(along * self.bend)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.stack([self.x + right * cos - down * sin, self.y + right * sin + down * cos], axis=1)


@dataclass(frozen=True)
class TownLabel:
    """A town's mark at (`x`, `y`), and its name, if there was room, from `left` on the baseline `base`.

    `caps` sets it in small capitals.
    """

    town: Town
    x: float
    y: float
    radius: float
    size: float
    text: str = ""
    left: float = 0.0
    base: float = 0.0
    width: float = 0.0
    caps: bool = False

    @property
    def mark_box(self) -> Box:
        """What the mark covers."""
        return (self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What the name covers; nothing when there is none."""
        top, bottom = self.base - _RISE * self.size, self.base + _FALL * self.size
        return ((self.left, top, self.left + self.width, bottom),) if self.text else ()


@dataclass(frozen=True)
class Layout:
    """What is written on a picture; `wanted` towns are worth showing at its scale, most of them found room."""

    realms: tuple[RealmLabel, ...]
    towns: tuple[TownLabel, ...]
    wanted: int = 0


@dataclass(frozen=True)
class Spelling:
    """Other names to write for realms and for towns, by their real ones."""

    realms: Mapping[str, str] = field(default_factory=dict)
    towns: Mapping[str, str] = field(default_factory=dict)


def place_labels(
    scene: MapScene,
    window: Window,
    unit: float = 1.0,
    reserved: Iterable[Box] = (),
    ornate: bool = True,
    *,
    spelling: Spelling | None = None,
) -> Layout:
    """Return the names and marks that fit on a picture of `window`, the most important first.

    `unit` is the size in pixels of what is one pixel on a picture of 1600 x 1067, `reserved` are boxes to keep
    clear. `ornate` sets realm names in spaced capitals along their land, else they stand plain and level.
    `spelling` has other names to write. Realms come first; when too many towns find no room
    beside them, those towns do.
    """
    reserved = list(reserved)
    page = (0.0, 0.0, float(window.width), float(window.height))
    words = spelling or Spelling()
    known = [replace(realm, name=words.realms.get(realm.name, realm.name)) for realm in scene.realms]
    marks = _in_sight(scene, window, unit, Taken(page, reserved), ornate=ornate)
    towns = list(_due((replace(one, text=words.towns.get(one.town.name, one.town.name)) for one in marks), unit))
    first: list[TownLabel] = []
    layout = Layout((), ())
    for _ in range(_ROUNDS):
        taken = Taken(page, reserved, _GAP * unit)
        taken.take(town.mark_box for town in towns if town.town.rank == 0)
        early = [label for town in first if (label := _town_label(town, unit, taken))]
        spared = Taken(page, [town.mark_box for town in towns if town.town.rank > 0])
        realms = [_realm_label(_realm_tries(realm, window, unit, ornate), taken, spared) for realm in known]
        late = [_town_label(town, unit, taken) for town in towns if town not in first]
        placed = [*early, *(label for label in late if label is not None)]
        layout = Layout(tuple(label for label in realms if label is not None), tuple(placed), len(towns))
        named = {label.town.item for label in placed if label.text}
        left = [town for town in towns if town.town.item not in named]
        if len(left) <= _LEFT_OUT * len(towns):
            break
        first += [town for town in left if town not in first]
    return layout


# ---------------------------------------------------------------------- realms


def _realm_label(tries: Iterable[list[RealmLabel]], taken: Taken, spared: Taken) -> RealmLabel | None:
    """The name large, on its line and on no mark of a city, as far as that can be had together."""
    best: tuple[float, RealmLabel] | None = None
    for smaller, labels in enumerate(tries):
        for aside, label in enumerate(labels):
            cost = 2.5 * smaller + aside
            if (best is None or cost < best[0]) and taken.free(label.boxes, taken.gap):
                cost += 3 * spared.hits(label.boxes)
                best = min(best or (np.inf, label), (cost, label), key=lambda one: one[0])
    if best is None:
        return None
    taken.take(best[1].boxes)
    return best[1]


def _realm_tries(realm: Realm, window: Window, unit: float, ornate: bool) -> Iterator[list[RealmLabel]]:
    """The same name ever smaller, and for each size ever farther to the side of its line."""
    text = shortened(realm.name, _LONGEST_REALM)
    if not text:
        return
    text = text.upper() if ornate else text
    room = realm.length / window.pixel
    smallest, largest = (size * unit for size in (_REALM_SIZES if ornate else _PLAIN_SIZES))
    best = float(np.clip(0.80 * room / max(width_of(text, 1.0, 0.12, bold=True), 0.3), smallest, largest))
    fits = width_of(text, smallest, bold=True) <= 1.15 * room
    x, y = window.place(realm.x, realm.y)
    for shrink in (1.0, 0.85, 0.7, 0.55):
        size = max(best * shrink, smallest)
        label = _lettered(realm, text, size, room)
        if not (ornate and fits):
            label = replace(label, angle=0.0)
        if not ornate:
            label = _level(label)
        right, down = -np.sin(label.angle) * size, np.cos(label.angle) * size
        yield [replace(label, x=float(x + right * s), y=float(y + down * s)) for s in _SHIFTS]
        if size == smallest:
            break
    level = replace(_level(_lettered(realm, text, smallest, room)), angle=0.0)
    yield [replace(level, x=float(x + a * smallest), y=float(y + b * smallest)) for a, b in _AROUND]


def _lettered(realm: Realm, text: str, size: float, room: float) -> RealmLabel:
    """The name set in `size`, its letters spaced out over its land."""
    one_way = runs_one_way(text)
    narrow = width_of(text, size, bold=True)
    loose = (0.86 * room - narrow) / max(1, len(text) - 1)
    spacing = float(np.clip(loose, 0.08 * size, 0.5 * size)) if one_way else 0.0
    width = narrow + spacing * (len(text) - 1)
    bend = _BEND * min(1.0, width / (7 * size)) * (1 if realm.code % 2 else -1) if one_way else 0.0
    return RealmLabel(text, realm.code, 0.0, 0.0, -realm.angle, bend, size, spacing, width)


def _level(label: RealmLabel) -> RealmLabel:
    """The name without ornament: straight, its letters close."""
    return replace(label, bend=0.0, spacing=0.0, width=width_of(label.text, label.size, bold=True))


# ----------------------------------------------------------------------- towns


def _due(marks: Iterable[TownLabel], unit: float) -> Iterator[TownLabel]:
    """The towns that a scale calls for: those that stand clear of all greater ones, by the length of names."""
    marks = list(marks)
    places = np.array([(mark.x, mark.y) for mark in marks]).reshape(-1, 2)
    widths = [width_of(shortened(mark.text, _LONGEST_TOWN), mark.size) for mark in marks[:_TYPICAL]]
    stretch = float(np.clip(np.median(widths or [0.0]) / (_USUAL * unit), 1.0, _WIDEST))
    chosen = np.zeros(len(marks), dtype=bool)
    for i, mark in enumerate(marks):
        away = np.hypot(*(places[:i][chosen[:i]] - places[i]).T)
        chosen[i] = away.size == 0 or away.min() >= _APART[mark.town.rank] * unit * stretch
        if chosen[i]:
            yield mark


def _in_sight(scene: MapScene, window: Window, unit: float, taken: Taken, *, ornate: bool) -> Iterator[TownLabel]:
    """Marks without names: capitals first, then by rank and size, none on another and none off the page."""
    seen = Taken(taken.page, ())
    for town in sorted(scene.towns, key=lambda town: (town.rank, -town.population)):
        x, y = (float(value) for value in window.place(town.x, town.y))
        label = TownLabel(town, x, y, MARK_RADII[town.rank] * unit, _TOWN_SIZES[town.rank] * unit)
        label = replace(label, caps=ornate and town.rank in _IN_CAPS)
        box = [label.mark_box]
        if seen.free(box, unit) and taken.free(box, unit):
            seen.take(box)
            yield label


def _town_label(mark: TownLabel, unit: float, taken: Taken) -> TownLabel | None:
    """The mark with its name where there is room; without it for capitals and cities; else nothing."""
    is_capital = mark.town.rank == 0
    own = [] if is_capital else [mark.mark_box]
    if own and not taken.free(own, 0.0):
        return None
    smaller = replace(mark, size=_SHRUNK * mark.size)
    for label in chain(_town_tries(mark, unit), _town_tries(smaller, unit)):
        if taken.free(label.boxes, _TOWN_GAPS[mark.town.rank] * unit):
            taken.take([*label.boxes, *own])
            return label
    if mark.town.rank > 1:
        return None
    taken.take(own)
    return replace(mark, text="")


def _town_tries(mark: TownLabel, unit: float) -> Iterator[TownLabel]:
    """The name to the right, left, above and below of the mark, then at its corners."""
    text = shortened(mark.text, _LONGEST_TOWN)
    if not text:
        return
    measure = width_in_caps if mark.caps else width_of
    width = measure(text, mark.size, bold=mark.town.rank == 0)
    off, rise, fall = mark.radius + 3.0 * unit, _RISE * mark.size, _FALL * mark.size
    level = mark.y + 0.30 * mark.size
    above, below = mark.y - mark.radius - 2 * unit - fall, mark.y + mark.radius + 2 * unit + rise
    sides = {"right": mark.x + off, "left": mark.x - off - width, "middle": mark.x - width / 2}
    order = [("right", level), ("left", level), ("middle", above), ("middle", below)]
    order += [(side, base) for side in ("right", "left") for base in (above + rise / 2, below - rise / 2)]
    for side, base in order:
        left = sides[side]
        yield replace(mark, text=text, left=left, base=base, width=width)
