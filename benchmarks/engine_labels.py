"""Where the names on a chart of dots stand, so that they cover neither each other nor the dots."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

_LETTER, _LINE = 6.6, 14.0  # pixels that a letter of size 12 takes, and a line of them
_DOT = 6.0
_STEP = 4.0
_ASIDE = 9.0  # pixels between a dot and its name

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


@dataclass(frozen=True)
class Frame:
    """The ranges that a panel shows, `x` in powers, `y` in even steps, and its size in pixels."""

    x: tuple[float, float]
    y: tuple[float, float]
    width: int
    height: int

    @classmethod
    def around(cls, table: pd.DataFrame, width: int, height: int) -> Frame:
        """Leave room beside the outermost dots."""
        low, high = float(table["low"].min()), float(table["high"].max())
        room = max(0.08 * (high - low), 0.002)
        across = float(table["seconds"].min()) / 1.6, float(table["seconds"].max()) * 1.6
        return cls(across, (low - room, high + room), width, height)

    def at(self, seconds: float, value: float) -> tuple[float, float]:
        """Return the pixel, from the upper left corner, at which a dot stands."""
        along = math.log(seconds / self.x[0]) / math.log(self.x[1] / self.x[0])
        return along * self.width, (self.y[1] - value) / (self.y[1] - self.y[0]) * self.height


@dataclass(frozen=True)
class Label:
    """A name beside the dot of `row`: aligned "left", "right" or "center" and so many pixels off."""

    row: dict[str, Any]
    align: str
    dx: float
    dy: float


def placed(table: pd.DataFrame, frame: Frame) -> list[Label]:
    """Return one label for every name in the table, where there is most room; upper ones choose first."""
    taken = [_dot(row, frame) for _, row in table.iterrows()]
    taken += [box for _, dots in table.groupby("label") for box in _line(dots, frame)]
    labels = []
    for _, dots in sorted(table.groupby("label"), key=lambda named: -named[1]["value"].max()):
        tries = [label for _, row in dots.iterrows() for label in _tries(dict(row))]
        best = min(tries, key=lambda label: _crowding(_box(label, frame), taken, frame))
        taken.append(_box(best, frame))
        labels.append(best)
    return labels


def _dot(row: pd.Series, frame: Frame) -> Box:
    x, top = frame.at(row["seconds"], row["high"])
    _, bottom = frame.at(row["seconds"], row["low"])
    return x - _DOT, top - _DOT, x + _DOT, bottom + _DOT


def _line(dots: pd.DataFrame, frame: Frame) -> Iterator[Box]:
    """The line that joins the dots of one name, as small boxes along it."""
    ends = [frame.at(seconds, value) for seconds, value in zip(dots["seconds"], dots["value"], strict=True)]
    for (x0, y0), (x1, y1) in pairwise(ends):
        pieces = max(1, round(math.hypot(x1 - x0, y1 - y0) / _STEP))
        for piece in range(pieces + 1):
            x, y = (begin + (end - begin) * piece / pieces for begin, end in ((x0, x1), (y0, y1)))
            yield x - _STEP / 2, y - _STEP / 2, x + _STEP / 2, y + _STEP / 2


def _tries(row: dict[str, Any]) -> Iterator[Label]:
    """Places for a name, the best first: beside, above, below, and ever further off."""
    yield Label(row, "left", _ASIDE, 0)
    yield Label(row, "right", -_ASIDE, 0)
    for off in range(14, 64, 7):
        for side in (-off, off):
            for align in ("center", "left", "right"):
                yield Label(row, align, 0, side)


def _box(label: Label, frame: Frame) -> Box:
    x, y = frame.at(label.row["seconds"], label.row["value"])
    long = _LETTER * len(label.row["label"])
    left = x + label.dx - {"left": 0.0, "center": long / 2, "right": long}[label.align]
    return left, y + label.dy - _LINE / 2, left + long, y + label.dy + _LINE / 2


def _crowding(box: Box, taken: list[Box], frame: Frame) -> float:
    """How many square pixels are covered twice, or lie outside."""
    outside = max(0.0, -box[0]) + max(0.0, box[2] - frame.width) + max(0.0, -box[1]) + max(0.0, box[3] - frame.height)
    return sum(_common(box, other) for other in taken) + 100 * outside


def _common(a: Box, b: Box) -> float:
    across, up = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return across * up if across > 0 and up > 0 else 0.0
