"""What the sides of a map mean: a line where each axis is zero, and the names of its poles at the ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cartography.drawing.names.lettering import shortened, width_of
from cartography.drawing.names.taken import Box, meets
from cartography.drawing.svg import element, group, number, path, text
from cartography.drawing.themes import Theme
from cartography.records import MapAxis
from cartography.surface import Window

__all__ = ["Signposts", "signposts"]

_LETTERS = 26
_SIZE, _TALL, _EDGE = 17, 28, 10  # pixels on a page of the usual size
_TRIES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)  # of a side's length: where a sign may stand when others are there


@dataclass(frozen=True)
class Signposts:
    """The signs as SVG, and the boxes that other names must keep clear of."""

    markup: str = ""
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class _Page:
    """What signs stand on: the window, how large a pixel of the usual page is, the inside of the frame."""

    window: Window
    unit: float
    inner: Box


def signposts(
    axes: Sequence[MapAxis], window: Window, theme: Theme, unit: float, taken: tuple[float, list[Box]]
) -> Signposts:
    """Return signs for the axes x and y; `taken` is the page's margin and the boxes of its furniture."""
    flat = {axis.side: axis for axis in axes if axis.side != "z"}
    if not flat:
        return Signposts()
    margin, furniture = taken
    page = _Page(window, unit, (margin, margin, window.width - margin, window.height - margin))
    boxes: list[Box] = []
    signs = lines = ""
    for side, axis in flat.items():
        crossed = next((one.zero for other, one in flat.items() if other != side), None)
        level = _level(side, crossed, page)
        lines += _line(side, level, page) if crossed is not None else ""
        for high, name in enumerate((axis.low, axis.high)):
            words = shortened(name, _LETTERS)
            ends = _ends(side, bool(high), words, page)
            free = (box for box in ends(level) if not meets(box, [*furniture, *boxes]))
            boxes.append(next(free, next(ends(level))))
            signs += _sign(boxes[-1], words, theme, unit)
    dashes = f"{number(7 * unit)} {number(5 * unit)}"
    ruled = group(
        lines,
        fill="none",
        stroke=theme.ink,
        stroke_dasharray=dashes,
        stroke_width=1.2 * unit,
        stroke_opacity=0.65,
    )
    return Signposts(ruled + signs, tuple(boxes))


def _level(side: str, crossed: float | None, page: _Page) -> float:
    """Where the line of an axis lies on the page: where the other one is zero, else in the middle."""
    window = page.window
    if crossed is None:
        return window.height / 2 if side == "x" else window.width / 2
    x, y = window.place(crossed, crossed)
    return float(y if side == "x" else x)


def _line(side: str, level: float, page: _Page) -> str:
    left, top, right, bottom = page.inner
    if side == "x":
        return path(f"M{number(left)} {number(level)}H{number(right)}") if top < level < bottom else ""
    return path(f"M{number(level)} {number(top)}V{number(bottom)}") if left < level < right else ""


def _ends(side: str, high: bool, words: str, page: _Page) -> Callable[[float], Iterator[Box]]:
    """Return what yields the boxes of a sign for a level: at the end of its line, then wherever else on that side."""
    unit = page.unit
    wide, tall, edge = width_of(words, _SIZE * unit) + 22 * unit, _TALL * unit, _EDGE * unit
    left, top, right, bottom = page.inner
    low, length = (top, bottom - top) if side == "x" else (left, right - left)
    half = (tall if side == "x" else wide) / 2

    def at(along: float) -> Box:
        if side == "x":
            x = right - edge - wide if high else left + edge
            return (x, along - half, x + wide, along + half)
        y = top + edge if high else bottom - edge - tall
        return (along - half, y, along + half, y + tall)

    def boxes(level: float) -> Iterator[Box]:
        yield at(min(max(level, low + half + edge), low + length - half - edge))
        yield from (at(low + share * length) for share in _TRIES)

    return boxes


def _sign(box: Box, words: str, theme: Theme, unit: float) -> str:
    left, top, right, bottom = box
    ground = element(
        "rect",
        x=left,
        y=top,
        width=right - left,
        height=bottom - top,
        fill=theme.panel,
        fill_opacity=0.94,
        stroke=theme.ink,
        stroke_width=1.2 * unit,
    )
    name = text(
        words,
        x=(left + right) / 2,
        y=(top + bottom) / 2 + 0.35 * _SIZE * unit,
        text_anchor="middle",
        font_size=_SIZE * unit,
        font_weight="bold",
        font_family=theme.title_font,
        fill=theme.accent,
    )
    return ground + name
