"""Fast powers and random numbers for the other kernels."""

from __future__ import annotations

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

__all__ = ["exp2", "log2", "mixed"]


@intrinsic
def _bits_of(typing_context, value):  # noqa: ARG001
    """A float32's bits as int32."""

    def generate(_context, builder, _signature, arguments):
        from llvmlite import ir

        return builder.bitcast(arguments[0], ir.IntType(32))

    return types.int32(types.float32), generate


@intrinsic
def _from_bits(typing_context, value):  # noqa: ARG001
    """The float32 with these int32 bits."""

    def generate(_context, builder, _signature, arguments):
        from llvmlite import ir

        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), generate


@njit("float32(float32)", nogil=True, fastmath=True, inline="always", cache=True)
def log2(x):
    """Base-2 logarithm of a positive number: the exponent's bits and a quartic. Largest error 2e-4."""
    bits = _bits_of(x)
    exponent = np.float32((bits >> np.int32(23)) - np.int32(127))
    m = _from_bits((bits & np.int32(0x7FFFFF)) | np.int32(0x3F800000))
    return exponent + (
        np.float32(-2.49680593)
        + m
        * (
            np.float32(4.0284507)
            + m * (np.float32(-2.0811287) + m * (np.float32(0.62884148) - np.float32(0.07915383) * m))
        )
    )


@njit("float32(float32)", nogil=True, fastmath=True, inline="always", cache=True)
def exp2(x):
    """Two to the power x, for x within ±120: the exponent's bits and a cubic. Largest relative error 1e-4."""
    x = min(max(x, np.float32(-120.0)), np.float32(120.0))
    whole = np.floor(x)
    f = x - whole
    cubic = np.float32(0.99981218) + f * (
        np.float32(0.69683754) + f * (np.float32(0.2241273) + f * np.float32(0.07902015))
    )
    return cubic * _from_bits((np.int32(whole) + np.int32(127)) << np.int32(23))


@njit("uint64(uint64)", nogil=True, inline="always", cache=True)
def mixed(x):
    """A well-mixed number from any other: splitmix64 (Steele, Lea and Flood 2014)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
