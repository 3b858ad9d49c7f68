"""Pictures made in a moment, honest ones and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib
from base64 import b64encode
from dataclasses import replace

import numpy as np

from cartography.records import EmbeddingSet
from tests.data import digits, embedding_set


def png(colour: str = "#cc2200", size: tuple[int, int] = (20, 20), kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


def uri(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{b64encode(content).decode()}"


def with_images(*cells: object) -> EmbeddingSet:
    """Items whose `image` column holds these cells."""
    vectors = np.random.default_rng(0).normal(size=(len(cells), 4))
    return replace(embedding_set(vectors, image=list(cells)), roles={"image": "image"})


def pictured_digits(n: int = 300) -> EmbeddingSet:
    """Handwritten digits whose vectors are known to be pictures of 8 x 8."""
    return replace(digits(n), provenance={"picture_shape": (8, 8), "picture_top": 16.0}, roles={"label": "label"})


def claims_to_be_huge() -> bytes:
    """A PNG of a few bytes whose header promises 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def opened(content: bytes) -> np.ndarray:
    """The pixels (h, w, 4) of a picture."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGBA"))
