"""Number formats that NumPy lacks: bfloat16 and the 8-bit floats, widened to float32."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import unknown_name

__all__ = ["as_numbers", "from_bfloat16", "from_float8", "stored_dtype"]

_SETTLED = ("bfloat16", "uint16")
_LOOK = 100_000  # values that are looked at to tell bfloat16 from whole numbers


def from_bfloat16(bits: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return the float32 numbers whose upper halves these are; exact."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


def from_float8(bits: NDArray[np.uint8], kind: str) -> NDArray[np.float32]:
    """Return the float32 numbers of 8-bit floats: "E4M3", "E5M2", their "FNUZ" variants, or "E8M0" scales; exact."""
    return _table(kind)[bits]


def stored_dtype(dtype: np.dtype[Any], wanted: str | None) -> np.dtype[Any]:
    """Return the type that an array of `dtype` will have once read: two opaque bytes are bfloat16."""
    opaque = dtype.kind == "V" and dtype.itemsize == 2 and not dtype.names
    return np.dtype(np.uint16) if opaque or (wanted == "bfloat16" and dtype.itemsize == 2) else dtype


def as_numbers(array: NDArray[Any], wanted: str | None) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Widen bfloat16 that is stored as two opaque bytes or as uint16; `wanted` settles which of the two it is."""
    if wanted is not None and wanted not in _SETTLED:
        raise unknown_name("dtype for this file", wanted, _SETTLED)
    opaque = array.dtype.kind == "V" and array.dtype.itemsize == 2
    bits = array.view(np.uint16) if opaque else array
    if bits.dtype != np.uint16 or wanted == "uint16":
        return bits, ()
    if wanted == "bfloat16":
        return from_bfloat16(bits), ()
    if opaque:
        return from_bfloat16(bits), ("The numbers are two opaque bytes each and were read as bfloat16.",)
    if _looks_like_bfloat16(bits):
        note = 'The 16-bit whole numbers look like bfloat16 and were read so; dtype="uint16" reads them as they are.'
        return from_bfloat16(bits), (note,)
    return bits, ()


def _looks_like_bfloat16(bits: NDArray[np.uint16]) -> bool:
    """Whether the values make sense as floats: both signs, none absurd. Counts and pixels have no sign bit."""
    some = bits.reshape(-1)[:_LOOK]
    values = from_bfloat16(np.ascontiguousarray(some))
    sizes = np.abs(values[values != 0])
    if not len(sizes) or not np.isfinite(values).all():
        return False
    sensible = float(((sizes > 1e-6) & (sizes < 1e4)).mean())
    negative = float((values < 0).mean())
    return sensible > 0.95 and 0.02 < negative < 0.98


@cache
def _table(kind: str) -> NDArray[np.float32]:
    """All 256 values of an 8-bit format (Micikevicius et al. 2022, "FP8 formats for deep learning")."""
    bits = np.arange(256)
    if kind == "E8M0":
        values = np.exp2(bits.astype(np.float64) - 127)
        values[255] = np.nan
        return values.astype(np.float32)
    mantissa_bits = 3 if kind.startswith("E4M3") else 2
    unsigned = kind.endswith("FNUZ")
    bias = {3: 7, 2: 15}[mantissa_bits] + (1 if unsigned else 0)
    exponent = (bits >> mantissa_bits) & ((1 << (7 - mantissa_bits)) - 1)
    fraction = (bits & ((1 << mantissa_bits) - 1)) / (1 << mantissa_bits)
    values = np.where(exponent > 0, (1 + fraction) * np.exp2(exponent - bias), fraction * np.exp2(1.0 - bias))
    values = np.where(bits & 0x80, -values, values)
    _mark_special(values, kind)
    return values.astype(np.float32)


def _mark_special(values: NDArray[np.float64], kind: str) -> None:
    """Set NaN and infinity, which each format spells its own way."""
    if kind.endswith("FNUZ"):
        values[0x80] = np.nan
    elif kind.startswith("E4M3"):
        values[[0x7F, 0xFF]] = np.nan
    else:
        values[[0x7C, 0xFC]] = np.inf, -np.inf
        values[[0x7D, 0x7E, 0x7F, 0xFD, 0xFE, 0xFF]] = np.nan
