"""Sprites: one picture that holds a small picture of every item, row by row, as the Embedding Projector uses them."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from math import ceil, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from loaders.base import Reading
from loaders.files.source import Source

__all__ = ["is_sprite", "tile_in", "tiles_of", "with_tiles"]

_LONGEST_SIDE = 16_384  # the Projector itself stops at 8192
_LARGEST_TILE = 256
_MOST = 50_000
_KINDS = ("PNG", "JPEG")
_SUFFIXES = (".png", ".jpg", ".jpeg")


def is_sprite(source: Source) -> bool:
    """Whether a file that is opened together with others is a sprite, by its name."""
    return source.suffix in _SUFFIXES and "sprite" in source.stem.lower()


def with_tiles(reading: Reading, sprite: Source, tile: Sequence[int] | None) -> Reading:
    """Give each item its own picture, cut from the sprite, and say so, or why not."""
    rows = np.arange(len(reading.vectors)) if reading.rows is None else reading.rows
    tiles, note = tiles_of(sprite, tile, rows)
    if not tiles:
        return replace(reading, notes=(*reading.notes, note))
    items = reading.items.assign(image=pd.Series(tiles, dtype="str"))
    return replace(reading, items=items, roles={**reading.roles, "image": "image"}, notes=(*reading.notes, note))


def tile_in(sprite: Source, total: int) -> tuple[int, int] | None:
    """Return width and height of a tile when `total` square tiles lie in as many rows as columns; None if not."""
    from PIL import Image

    across = ceil(sqrt(total))
    try:
        with Image.open(sprite.plain_path(), formats=_KINDS) as image:
            side, rest = divmod(image.width, max(1, across))
            fits = rest == 0 and side > 0 and image.height in (side * across, side * ceil(total / across))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return (side, side) if fits else None


def tiles_of(sprite: Source, tile: Sequence[int] | None, rows: NDArray[Any]) -> tuple[list[str], str]:
    """Return the picture of each row as a data URI, and a sentence; no pictures where the sprite cannot be cut.

    `tile` is width and height in pixels, None where the sprite does not divide into as many tiles as are needed.
    """
    from PIL import Image

    name = sprite.name
    if tile is None:
        return [], _undivided(sprite)
    if len(tile) != 2 or not 0 < min(tile) <= max(tile) <= _LARGEST_TILE or len(rows) > _MOST:
        return [], f"The pictures of {name} were not cut: {len(rows):,} items, tiles of {list(tile)} pixels."
    width, height = tile
    try:
        with Image.open(sprite.plain_path(), formats=_KINDS) as image:
            across, down = image.width // width, image.height // height
            if max(image.size) > _LONGEST_SIDE:
                return [], f"The pictures of {name} were not cut: it has {image.width:,} × {image.height:,} pixels."
            if len(rows) and (not across or int(rows[-1]) >= across * down):
                return [], f"{name} has room for {across * down:,} pictures of {width} × {height}, fewer than items."
            whole = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return [], f"{name} is no picture that can be read ({type(error).__name__})."
    corners = [((row % across) * width, (row // across) * height) for row in rows.tolist()]
    tiles = [_uri(whole.crop((x, y, x + width, y + height))) for x, y in corners]
    return tiles, f"The pictures of the items are tiles of {width} × {height} pixels, cut from {name}."


def _undivided(sprite: Source) -> str:
    """Say why a sprite without a known size of tiles is not cut."""
    from PIL import Image

    try:
        with Image.open(sprite.plain_path(), formats=_KINDS) as image:
            size = f"{image.width:,} × {image.height:,}"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return f"{sprite.name} is no picture that can be read ({type(error).__name__})."
    return (
        f"The pictures of {sprite.name} were not cut: its {size} pixels do not divide into square tiles, one for "
        "each item, in as many rows as columns."
    )


def _uri(tile: Any) -> str:
    stream = io.BytesIO()
    tile.save(stream, "PNG", compress_level=1)
    return "data:image/png;base64," + b64encode(stream.getvalue()).decode("ascii")
