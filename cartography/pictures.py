"""What an item looks like: thumbnails of its picture, sheets of many, and the beginning of its text.

Pictures come from the column with the role `image` (data URIs, bytes, or {"bytes": ...} as Hugging Face writes them)
or are the vectors themselves, where the loader knows their shape. They are opened as what their first bytes say they
are, bounded, and written anew: nothing is fetched, no file is read, and SVG is no picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.decoding import content_of, decoded, kind_of
from cartography.items import title_column
from cartography.records import EmbeddingSet
from cartography.remembering import remembered

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["COLUMNS", "fitted", "has_pictures", "has_texts", "picture", "sheet", "snippet", "width_of_picture"]

COLUMNS = 8
"""Tiles per row of a sheet."""

_SHEET_PIXELS = 96 << 20  # read for one sheet; what is beyond stays empty, so that nobody waits for minutes
_LOOKED_AT = 200
_CRISP = 64  # pixels up to which a thumbnail keeps every pixel as it is
_DRAWING = 0.5  # of the pixels are plain ground in what counts as a drawing
_GROUND = 30  # of 255: how far from black or white the ground may be


def has_pictures(embeddings: EmbeddingSet) -> bool:
    """Return whether items have pictures that can be shown."""
    return _origin(embeddings) != ""


def picture(embeddings: EmbeddingSet, row: int, size: int = 112, ink: str = "", fill: bool = False) -> bytes:
    """Return the picture of an item as PNG or WEBP of at most `size` x `size` pixels, b"" where there is none.

    With `ink` ("#rrggbb"), drawings - white on black or black on white - come in this colour on nothing;
    `fill` enlarges small pictures to that size.
    """
    image = _image(embeddings, row, size)
    if image is None:
        return b""
    if max(image.size) > size or fill:
        image = _filling(image, size)
    return _written(_inked(embeddings, image, ink), bool(ink))


def fitted(content: bytes, size: int = 112) -> bytes:
    """Return a picture in a file's bytes as PNG or WEBP of at most `size` x `size` pixels, b"" for anything else."""
    image = decoded(content, size)
    if image is None:
        return b""
    return _written(_filling(image, size) if max(image.size) > size else image)


def _written(image: Image, sharp: bool = False) -> bytes:
    """The picture as PNG where it is small or has to stay sharp, else as WEBP."""
    stream = BytesIO()
    if max(image.size) <= _CRISP or sharp:
        image.save(stream, "PNG", compress_level=6)
    else:
        image.save(stream, "WEBP", quality=85, method=2)
    return stream.getvalue()


def sheet(embeddings: EmbeddingSet, rows: Sequence[int], size: int = 48, ink: str = "") -> tuple[bytes, int]:
    """Return the pictures of `rows` on one WEBP sheet, in tiles of `size` pixels, and the tiles per row.

    Small pictures are enlarged to fill their tile; the tile of an item without a picture is left transparent.
    `ink` as for `picture`.
    """
    from PIL import Image

    across = max(1, min(COLUMNS, len(rows)))
    down = max(1, -(-len(rows) // across))
    whole = Image.new("RGBA", (across * size, down * size))
    left = _SHEET_PIXELS
    for number, row in enumerate(rows):
        image = _image(embeddings, row, size) if left > 0 else None
        if image is None:
            continue
        left -= image.info.get("decoded", 0)
        tile = _inked(embeddings, _filling(image, size), ink)
        x, y = number % across * size, number // across * size
        whole.paste(tile, (x + (size - tile.width) // 2, y + (size - tile.height) // 2))
    stream = BytesIO()
    whole.save(stream, "WEBP", quality=82, method=1)
    return stream.getvalue(), across


def width_of_picture(embeddings: EmbeddingSet) -> int:
    """Return the pixels of the longer side of these pictures, where all have the same; 0 where that is not known."""
    shape = _shape(embeddings) if _origin(embeddings) == "vectors" else None
    return max(side for side in shape if side > 4) if shape else 0


def has_texts(embeddings: EmbeddingSet) -> bool:
    """Return whether items have texts, or short names that tell them apart."""
    return _worded(embeddings) is not None


def snippet(embeddings: EmbeddingSet, row: int, longest: int = 24) -> str:
    """Return what an item's text begins with, on one line of at most `longest` characters; "" where there is none.

    An item's short name, which tells it from others, stands for its text.
    """
    column = _worded(embeddings)
    value = embeddings.items[column].iloc[row] if column is not None else None
    if value is None or not pd.api.types.is_scalar(value) or pd.isna(value):
        return ""
    begins = str(value)[: 20 * longest]
    line = " ".join("".join(c if c.isprintable() else " " for c in begins).split())
    if len(line) <= longest:
        return line
    whole_words = line[:longest].rpartition(" ")[0]
    kept = whole_words if len(whole_words) > longest // 2 else line[: longest - 1]
    return kept.rstrip(" ,.;:-(") + "…"


# ------------------------------------------------------------------ where pictures come from


@remembered
def _origin(embeddings: EmbeddingSet) -> str:
    """ "column" or "vectors"; "" where there are no pictures."""
    column = embeddings.roles.get("image")
    if column is not None:
        cells = embeddings.items[column].iloc[:_LOOKED_AT]
        if any(kind_of(content_of(cell)) for cell in cells):
            return "column"
    return "vectors" if _shape(embeddings) else ""


def _shape(embeddings: EmbeddingSet) -> tuple[int, ...] | None:
    """The shape of the pictures that the vectors are, as the loader found it."""
    shape = tuple(embeddings.provenance.get("picture_shape", ()))
    fits = len(shape) in (2, 3) and int(np.prod(shape)) == embeddings.dimensions
    return shape if fits else None


def _image(embeddings: EmbeddingSet, row: int, size: int) -> Image | None:
    """The picture of a row, at least about `size` pixels large where it has as many."""
    origin = _origin(embeddings)
    if origin == "column":
        return decoded(content_of(embeddings.items[embeddings.roles["image"]].iloc[row]), size)
    return _painted(embeddings, row) if origin == "vectors" else None


def _painted(embeddings: EmbeddingSet, row: int) -> Image:
    """The vector itself as a picture."""
    from PIL import Image

    shape = _shape(embeddings) or (1, 1)
    top = float(embeddings.provenance.get("picture_top", 255.0)) or 1.0
    values = embeddings.vectors[row].reshape(shape)
    if len(shape) == 3 and shape[0] in (1, 3) and shape[2] not in (1, 3, 4):
        values = values.transpose(1, 2, 0)  # channels first
    pixels = np.rint(np.clip(values / np.float32(top), 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels)


# ------------------------------------------------------------------ fitting and inking


def _filling(image: Image, size: int) -> Image:
    """The picture as large as a tile allows; small ones keep sharp pixels where those fit."""
    from PIL import Image as Pillow

    longest = max(image.size)
    if longest > size:
        image.thumbnail((size, size), reducing_gap=2.0)
        return image
    times = size // longest
    if times * longest >= 0.85 * size:
        return image.resize((image.width * times, image.height * times), Pillow.Resampling.NEAREST)
    share = size / longest
    fitted = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image.resize(fitted, Pillow.Resampling.BICUBIC)


def _inked(embeddings: EmbeddingSet, image: Image, ink: str) -> Image:
    """A drawing in ink, anything else as it is."""
    from PIL import Image as Pillow

    ground = _ground(embeddings) if ink else ""
    if not ground:
        return image
    grey = np.asarray(image.convert("L"))
    strength = grey if ground == "dark" else 255 - grey
    pixels = np.empty((*grey.shape, 4), dtype=np.uint8)
    pixels[..., :3] = np.frombuffer(bytes.fromhex(ink[1:7]), dtype=np.uint8)
    pixels[..., 3] = strength
    return Pillow.fromarray(pixels)


@remembered
def _ground(embeddings: EmbeddingSet) -> str:
    """ "dark" or "light" when most pictures are drawings in grey on such a ground; "" when they are not."""
    rows = np.unique(np.linspace(0, len(embeddings) - 1, 24).astype(int))
    found = [_ground_of(image) for image in (_image(embeddings, int(row), 32) for row in rows) if image is not None]
    return next((kind for kind in ("dark", "light") if 2 * found.count(kind) > len(found)), "")


def _ground_of(image: Image) -> str:
    image.thumbnail((32, 32))
    if image.mode != "L":
        pixels: NDArray[np.int16] = np.asarray(image.convert("RGBA"), dtype=np.int16)
        if (pixels[..., 3] < 255).any() or np.ptp(pixels[..., :3], axis=2).max() > 12:
            return ""
    grey = np.asarray(image.convert("L"))
    if (grey <= _GROUND).mean() >= _DRAWING:
        return "dark"
    return "light" if (grey >= 255 - _GROUND).mean() >= _DRAWING else ""


# ------------------------------------------------------------------ texts


@remembered
def _worded(embeddings: EmbeddingSet) -> str | None:
    """The column that gives snippets: short names that tell items apart, else the texts."""
    named = title_column(embeddings)
    if named is not None:
        seen = embeddings.items[named].iloc[:_LOOKED_AT].dropna()
        if len(seen) and seen.nunique() > 0.5 * len(seen):
            return named
    return embeddings.roles.get("text")
