"""What was computed of the items beside their own columns, in one table in which no names clash."""

from __future__ import annotations

import pandas as pd

__all__ = ["joined"]

_SUFFIX = "_item"


def joined(ours: pd.DataFrame, items: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return our columns and the items' own behind them, row by row; and notes on those that got another name.

    An item's own column gets the suffix `_item` where its name is taken: by one of ours, by `id`, which the index is
    called, or by another of its own that is written alike.
    """
    taken, names, notes = {"id", *map(str, ours.columns)}, [], []
    own = set(map(str, items.columns))
    for old in map(str, items.columns):
        new = old
        while new in taken or (new != old and new in own):
            new += _SUFFIX
        taken.add(new)
        names.append(new)
        if new != old:
            notes.append(f"The items' own column {old!r} is called {new!r} here.")
    return pd.concat([ours, items.set_axis(names, axis=1)], axis=1), notes
