"""Fast powers and random numbers for the other kernels.

Powers work on a float's bits. They use the compiler's own 32-bit integers: numba widens integers to 64 bits,
of which a processor converts only one at a time, and loops would no longer run on eight numbers at once.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

__all__ = ["exp2", "log2", "mixed"]

_WORD = ir.IntType(32)
_SINGLE = ir.FloatType()
_FRACTION = 0x7FFFFF
_ONE = 0x3F800000
_BIAS = 127
_BITS = 23


@intrinsic
def _exponent(typing_context, number):  # noqa: ARG001
    """The exponent of a positive float32, as a float32."""

    def generate(_context, builder, _signature, arguments):
        raised = builder.lshr(builder.bitcast(arguments[0], _WORD), ir.Constant(_WORD, _BITS))
        return builder.sitofp(builder.sub(raised, ir.Constant(_WORD, _BIAS)), _SINGLE)

    return types.float32(types.float32), generate


@intrinsic
def _mantissa(typing_context, number):  # noqa: ARG001
    """The mantissa of a positive float32, from 1 to 2."""

    def generate(_context, builder, _signature, arguments):
        fraction = builder.and_(builder.bitcast(arguments[0], _WORD), ir.Constant(_WORD, _FRACTION))
        return builder.bitcast(builder.or_(fraction, ir.Constant(_WORD, _ONE)), _SINGLE)

    return types.float32(types.float32), generate


@intrinsic
def _power_of_two(typing_context, whole):  # noqa: ARG001
    """Two to the power of a whole float32 within the exponents there are."""

    def generate(_context, builder, _signature, arguments):
        raised = builder.add(builder.fptosi(arguments[0], _WORD), ir.Constant(_WORD, _BIAS))
        return builder.bitcast(builder.shl(raised, ir.Constant(_WORD, _BITS)), _SINGLE)

    return types.float32(types.float32), generate


@njit("float32(float32)", nogil=True, fastmath=True, error_model="numpy", inline="always", cache=True)
def log2(x):
    """Base-2 logarithm of a positive number: the exponent, and a quartic of the mantissa. Largest error 2e-4."""
    m = _mantissa(x)
    quartic = np.float32(-2.49680593) + m * (
        np.float32(4.0284507)
        + m * (np.float32(-2.0811287) + m * (np.float32(0.62884148) - np.float32(0.07915383) * m))
    )
    return _exponent(x) + quartic


@njit("float32(float32)", nogil=True, fastmath=True, error_model="numpy", inline="always", cache=True)
def exp2(x):
    """Two to the power x, for x within ±120: the exponent, and a cubic of the rest. Largest relative error 2e-4."""
    x = x if x > np.float32(-120.0) else np.float32(-120.0)
    x = x if x < np.float32(120.0) else np.float32(120.0)
    whole = np.floor(x)
    f = x - whole
    cubic = np.float32(0.99981218) + f * (
        np.float32(0.69683754) + f * (np.float32(0.2241273) + f * np.float32(0.07902015))
    )
    return cubic * _power_of_two(whole)


@njit("uint64(uint64)", nogil=True, inline="always", cache=True)
def mixed(x):
    """A well-mixed number from any other: splitmix64 (Steele, Lea and Flood 2014)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
