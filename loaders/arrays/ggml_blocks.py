"""The block types of ggml, made float32: each block holds a scale or two and many small whole numbers.

Layouts follow the structs of `ggml-common.h` and the functions `dequantize_row_*` of `ggml-quants.c` (llama.cpp).
Every function takes the blocks (n, bytes) and returns their numbers (n, elements).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError

__all__ = ["BLOCKS", "BlockType", "block_numbers"]

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

_NONLINEAR = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], dtype=np.int8)
_FOUR_BITS = np.array([0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12], dtype=np.int8)


@dataclass(frozen=True)
class BlockType:
    """A block type: elements and bytes per block, and how it is read; None when only its size is known."""

    elements: int
    nbytes: int
    numbers: Callable[[Bytes], Any] | None = None


def block_numbers(kind: BlockType, data: Bytes) -> Floats:
    """Return the numbers (n * elements,) of whole blocks that lie one after another."""
    if kind.numbers is None:
        raise LoadError("Numbers of this block type are not read.", "Convert the model to Q8_0 or F16.")
    with np.errstate(invalid="ignore", over="ignore"):
        found = kind.numbers(data.reshape(-1, kind.nbytes))
    return np.asarray(found, dtype=np.float32).reshape(-1)


def _half(blocks: Bytes, place: int) -> Floats:
    """Return the 16-bit number at `place` of each block, (n, 1)."""
    return np.ascontiguousarray(blocks[:, place : place + 2]).view("<f2").astype(np.float32)


def _bits(data: Bytes, shifts: Any, mask: int, groups: int = 1) -> Bytes:
    """Take bit fields apart: of each group of bytes first all with the first shift, then all with the next."""
    n, length = data.shape
    spread = data.reshape(n, groups, 1, length // groups) >> np.array(shifts, np.uint8).reshape(1, 1, -1, 1)
    result: Bytes = (spread & mask).astype(np.uint8).reshape(n, -1)
    return result


def _nibbles(data: Bytes, groups: int = 1) -> Bytes:
    return _bits(data, (0, 4), 15, groups)


def _fifth_bit(blocks: Bytes, place: int) -> Bytes:
    return np.unpackbits(blocks[:, place : place + 4], axis=1, bitorder="little")


def _q4_0(b: Bytes) -> Any:
    return _half(b, 0) * (_nibbles(b[:, 2:]).astype(np.float32) - 8)


def _q4_1(b: Bytes) -> Any:
    return _half(b, 0) * _nibbles(b[:, 4:]).astype(np.float32) + _half(b, 2)


def _q5_0(b: Bytes) -> Any:
    return _half(b, 0) * ((_nibbles(b[:, 6:]) | _fifth_bit(b, 2) << 4).astype(np.float32) - 16)


def _q5_1(b: Bytes) -> Any:
    return _half(b, 0) * (_nibbles(b[:, 8:]) | _fifth_bit(b, 4) << 4).astype(np.float32) + _half(b, 2)


def _q8_0(b: Bytes) -> Any:
    return _half(b, 0) * b[:, 2:].view(np.int8).astype(np.float32)


def _q8_1(b: Bytes) -> Any:
    return _half(b, 0) * b[:, 4:].view(np.int8).astype(np.float32)


def _scaled(numbers: Any, scales: Any) -> Floats:
    """Multiply equal runs of numbers (n, elements) by their scales (n, runs)."""
    n, runs = scales.shape
    result: Floats = numbers.astype(np.float32).reshape(n, runs, -1) * scales[:, :, None]
    return result


def _q2_k(b: Bytes) -> Any:
    scales, quants = b[:, :16], _bits(b[:, 16:80], (0, 2, 4, 6), 3, groups=2)
    least = _half(b, 82) * (scales >> 4).astype(np.float32)
    return _scaled(quants, _half(b, 80) * (scales & 15).astype(np.float32)) - least[:, :, None]


def _q3_k(b: Bytes) -> Any:
    low, high = _nibbles(b[:, 96:104]), _bits(b[:, 104:108], (0, 2, 4, 6), 3)
    scales = (low | high << 4).astype(np.int8) - 32
    missing = _bits(b[:, :32], range(8), 1) ^ 1
    quants = _bits(b[:, 32:96], (0, 2, 4, 6), 3, groups=2).astype(np.int8) - (missing << 2).astype(np.int8)
    return _scaled(quants, _half(b, 108) * scales.astype(np.float32))


def _scales_and_mins(b: Bytes) -> tuple[Floats, Floats]:
    """Return the 6-bit scales and minimums (n, 8) of Q4_K and Q5_K, packed into 12 bytes."""
    first, second, both = b[:, 0:4], b[:, 4:8], b[:, 8:12]
    scales = np.concatenate([first & 63, both & 15 | first >> 2 & 48], axis=1)
    mins = np.concatenate([second & 63, both >> 4 | second >> 2 & 48], axis=1)
    return scales.astype(np.float32), mins.astype(np.float32)


def _q4_k(b: Bytes) -> Any:
    scales, mins = _scales_and_mins(b[:, 4:16])
    return _scaled(_nibbles(b[:, 16:], groups=4), _half(b, 0) * scales) - (_half(b, 2) * mins)[:, :, None]


def _q5_k(b: Bytes) -> Any:
    scales, mins = _scales_and_mins(b[:, 4:16])
    quants = _nibbles(b[:, 48:], groups=4) | _bits(b[:, 16:48], range(8), 1) << 4
    return _scaled(quants, _half(b, 0) * scales) - (_half(b, 2) * mins)[:, :, None]


def _q6_k(b: Bytes) -> Any:
    low, high = _nibbles(b[:, :128], groups=2), _bits(b[:, 128:192], (0, 2, 4, 6), 3, groups=2)
    quants = (low | high << 4).astype(np.int8) - 32
    return _scaled(quants, _half(b, 208) * b[:, 192:208].view(np.int8).astype(np.float32))


def _q8_k(b: Bytes) -> Any:
    return np.ascontiguousarray(b[:, :4]).view("<f4") * b[:, 4:260].view(np.int8).astype(np.float32)


def _iq4_nl(b: Bytes) -> Any:
    return _half(b, 0) * _NONLINEAR[_nibbles(b[:, 2:])].astype(np.float32)


def _iq4_xs(b: Bytes) -> Any:
    high = np.ascontiguousarray(b[:, 2:4]).view("<u2") >> np.arange(0, 16, 2, dtype=np.uint16) & 3
    low = (b[:, 4:8, None] >> np.array([0, 4], np.uint8) & 15).reshape(len(b), 8)
    scales = (low | high.astype(np.uint8) << 4).astype(np.int8) - 32
    return _scaled(_NONLINEAR[_nibbles(b[:, 8:], groups=8)], _half(b, 0) * scales.astype(np.float32))


def _tq1_0(b: Bytes) -> Any:
    powers = np.array([1, 3, 9, 27, 81], np.uint8)[:, None]
    parts = [b[:, None, 0:32] * powers, b[:, None, 32:48] * powers, b[:, None, 48:52] * powers[:4]]
    digits = np.concatenate([part.reshape(len(b), -1) for part in parts], axis=1).astype(np.uint16) * 3 >> 8
    return _half(b, 52) * (digits.astype(np.float32) - 1)


def _tq2_0(b: Bytes) -> Any:
    return _half(b, 64) * (_bits(b[:, :64], (0, 2, 4, 6), 3, groups=2).astype(np.float32) - 1)


def _mxfp4(b: Bytes) -> Any:
    exponent = b[:, :1].astype(np.float64) - 128
    return np.exp2(exponent) * _FOUR_BITS[_nibbles(b[:, 1:])].astype(np.float64)


BLOCKS = {
    "Q4_0": BlockType(32, 18, _q4_0),
    "Q4_1": BlockType(32, 20, _q4_1),
    "Q5_0": BlockType(32, 22, _q5_0),
    "Q5_1": BlockType(32, 24, _q5_1),
    "Q8_0": BlockType(32, 34, _q8_0),
    "Q8_1": BlockType(32, 36, _q8_1),
    "Q2_K": BlockType(256, 84, _q2_k),
    "Q3_K": BlockType(256, 110, _q3_k),
    "Q4_K": BlockType(256, 144, _q4_k),
    "Q5_K": BlockType(256, 176, _q5_k),
    "Q6_K": BlockType(256, 210, _q6_k),
    "Q8_K": BlockType(256, 292, _q8_k),
    "IQ2_XXS": BlockType(256, 66),
    "IQ2_XS": BlockType(256, 74),
    "IQ3_XXS": BlockType(256, 98),
    "IQ1_S": BlockType(256, 50),
    "IQ4_NL": BlockType(32, 18, _iq4_nl),
    "IQ3_S": BlockType(256, 110),
    "IQ2_S": BlockType(256, 82),
    "IQ4_XS": BlockType(256, 136, _iq4_xs),
    "IQ1_M": BlockType(256, 56),
    "TQ1_0": BlockType(256, 54, _tq1_0),
    "TQ2_0": BlockType(256, 66, _tq2_0),
    "MXFP4": BlockType(32, 17, _mxfp4),
}
