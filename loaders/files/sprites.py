"""Sprites: one picture that holds a small picture of every item, row by row, as the Embedding Projector uses them."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from loaders.files.source import Source

__all__ = ["tiles_of"]

_LONGEST_SIDE = 16_384  # the Projector itself stops at 8192
_LARGEST_TILE = 256
_MOST = 50_000
_KINDS = ("PNG", "JPEG")


def tiles_of(sprite: Source, tile: Sequence[int], rows: NDArray[Any]) -> tuple[list[str], str]:
    """Return the picture of each row as a data URI, and a sentence; no pictures where the sprite cannot be cut."""
    from PIL import Image

    name = sprite.name
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


def _uri(tile: Any) -> str:
    stream = io.BytesIO()
    tile.save(stream, "PNG", compress_level=1)
    return "data:image/png;base64," + b64encode(stream.getvalue()).decode("ascii")
