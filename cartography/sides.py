"""Columns of numbers as the sides of a map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.columns import Columns
from cartography.errors import ParameterError

__all__ = ["numbers_of", "placed_by"]

Numbers = NDArray[np.float64]


def placed_by(sides: Sequence[tuple[str, Numbers]], scale: str) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Return coordinates (n, 2 or 3) by two or three named columns (n,), NaN for no number, and what to say of them.

    `scale` is "shared", or "each" to stretch every side to the same width. Who lacks a number stands in the middle.
    """
    names, values = [name for name, _ in sides], [numbers for _, numbers in sides]
    depth = f", and {names[2]} for depth" if len(names) > 2 else ""
    notes = [f"The map's axes are {' and '.join(names[:2])}{depth}."]
    if scale == "each":
        values = [_standard(one) for one in values]
        notes.append("Each axis has a scale of its own: the middle 98 % of the items are as wide as they are high.")
    coordinates = np.column_stack(values).astype(np.float32)
    missing = ~np.isfinite(coordinates).all(axis=1)
    if missing.any():
        middle = np.array([np.nanmedian(one) for one in values], np.float32)
        coordinates = np.where(np.isfinite(coordinates), coordinates, middle)
        few = int(missing.sum())
        who = "1 item has" if few == 1 else f"{few:,} items have"
        notes.append(f"{who} no value on one of the axes; such items stand in its middle.")
    return coordinates, tuple(notes)


def numbers_of(columns: Columns, name: str) -> Numbers:
    """Return a column (n,) as numbers, NaN for none. Raises `ParameterError` for one that is missing or has none."""
    numbers = columns.named(name).numbers
    if numbers is None:
        raise ParameterError(f"The column {name!r} holds no numbers.", "Choose a column of numbers.")
    if not np.isfinite(numbers).any():
        raise ParameterError(f"No item has a number in the column {name!r}.", "Choose another column.")
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _standard(values: Numbers) -> Numbers:
    """Values such that the middle 98 % of them run from -1 to 1."""
    low, high = np.nanpercentile(values, (1, 99))
    return (values - (low + high) / 2) / ((high - low) / 2 if high > low else 1.0)
