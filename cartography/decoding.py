"""Pictures and sounds in bytes that are not trusted: told by their first bytes, opened bounded, SVG not at all."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["MOST_SOUND", "content_of", "decoded", "kind_of", "sound_of"]

MOST_SOUND = 30 << 20
"""Bytes of a sound that is played."""

_KINDS = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"RIFF": "WEBP", b"GIF8": "GIF", b"BM": "BMP"}
_MOST_BYTES = 16 << 20
_MOST_PIXELS = 16 << 20
_MOST_SKIMMED = 64 << 20  # of a JPEG that is decoded at an eighth of its size, line by line
_LONGEST_HEAD = 200  # characters of a data URI before its content
_SOUNDS = {b"OggS": "audio/ogg", b"fLaC": "audio/flac", b"ID3": "audio/mpeg"}


def content_of(cell: Any, media: str = "image", most: int = _MOST_BYTES) -> bytes:
    """The bytes of the picture ("image") or the sound ("audio") in a cell; b"" for a path, an address, anything else.

    Cells are bytes, data URIs or {"bytes": ...}; nothing above `most` bytes is looked at.
    """
    if isinstance(cell, dict):
        cell = cell.get("bytes")
    if isinstance(cell, (bytes, bytearray, memoryview)):
        return bytes(cell) if len(cell) <= most else b""
    begins = f"data:{media}/"
    if not isinstance(cell, str) or cell[: len(begins)].lower() != begins:
        return b""
    comma = cell.find(",", 0, _LONGEST_HEAD)
    if comma < 0 or not cell[:comma].lower().endswith(";base64") or len(cell) > 4 * most // 3 + _LONGEST_HEAD:
        return b""
    try:
        return b64decode(cell[comma + 1 :])
    except (NotBase64, ValueError):
        return b""


def kind_of(content: bytes) -> str:
    """What the first bytes say a picture is; "" for all that is not opened."""
    kind = next((kind for magic, kind in _KINDS.items() if content.startswith(magic)), "")
    return "" if kind == "WEBP" and content[8:12] != b"WEBP" else kind


def sound_of(content: bytes) -> str:
    """The media type of a sound, by its first bytes: WAV, Ogg, FLAC or MP3; "" for anything else."""
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return "audio/wav"
    known = next((kind for magic, kind in _SOUNDS.items() if content.startswith(magic)), "")
    return known or ("audio/mpeg" if _is_mp3_frame(content[:4]) else "")


def _is_mp3_frame(head: bytes) -> bool:
    """Whether four bytes are the head of a frame of MPEG layer III."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    layer, bitrate, rate = head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    return layer == 1 and 0 < bitrate < 15 and rate < 3


def decoded(content: bytes, size: int) -> Image | None:
    """The first frame of a picture, or None for one that is broken or too large."""
    from PIL import Image

    kind = kind_of(content)
    if not kind:
        return None
    try:
        with Image.open(BytesIO(content), formats=[kind]) as image:
            pixels = image.width * image.height  # of the file: all of them are read, whatever the draft is
            if not 0 < pixels <= (_MOST_SKIMMED if _skimmed(image) else _MOST_PIXELS):
                return None
            image.draft("RGB", (size, size))  # a JPEG is decoded at an eighth of its size where that is enough
            if image.width * image.height > _MOST_PIXELS:
                return None
            image.load()
            whole = _plain(image)
    except Exception:  # noqa: BLE001  what a decoder makes of hostile bytes may be any error
        return None
    whole.info = {"decoded": pixels}
    return whole


def _skimmed(image: Image) -> bool:
    """Whether a smaller draft costs less memory: a progressive JPEG is unpacked whole, whatever is made of it."""
    return image.format == "JPEG" and not image.info.get("progressive")


def _plain(image: Image) -> Image:
    """The picture in 8 bits, "L" or "RGBA"; deeper greys are stretched from their darkest to their brightest."""
    from PIL import Image as Pillow

    if image.mode not in ("I", "F") and not image.mode.startswith("I;16"):
        return image.convert("L" if image.mode in ("1", "L") else "RGBA")
    depth = np.asarray(image).astype(np.float32)
    low, high = float(depth.min()), float(depth.max())
    share = (depth - low) / (high - low) if high > low else np.zeros_like(depth)
    return Pillow.fromarray(np.rint(255 * share).astype(np.uint8))
