"""t-SNE's forces: attraction along the ties, repulsion of all from all by way of a mesh.

The potential of item i is the sum of 1 / (1 + d²) over all others; its gradient is the repulsion (van der Maaten and
Hinton 2008), its total the normaliser Z. Charges are spread on a mesh by quintic B-splines, convolved by FFT and read
off again with the splines' slopes, as in particle-mesh Ewald (Essmann and others 1995): one transform there and one
back, where interpolating the forces themselves (Linderman and others 2019) takes seven.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["NODES", "advance", "attract", "collect", "compare_all", "scatter"]

NODES = 6
"""Nodes of the mesh, along each axis, that an item's charge is spread over."""


@njit(
    "void(float32[:,::1], float32[:,::1], int64[::1], int32[::1], float32[::1], int64, int64)",
    cache=True,
    nogil=True,
    fastmath=True,
    error_model="numpy",
)
def attract(points, forces, starts, tails, weights, first, last):
    """Write the attraction (n, 2) on items `first` to `last`: the sum of p_ij (y_j - y_i) / (1 + d²)."""
    one = np.float32(1.0)
    for i in range(first, last):
        x, y = points[i, 0], points[i, 1]
        across, up = np.float32(0.0), np.float32(0.0)
        for tie in range(starts[i], starts[i + 1]):
            other = tails[tie]
            dx, dy = points[other, 0] - x, points[other, 1] - y
            pull = weights[tie] / (one + dx * dx + dy * dy)
            across += pull * dx
            up += pull * dy
        forces[i, 0] = across
        forces[i, 1] = up


@njit(
    "void(float32[:,::1], float32[::1], float32[:,::1], int64, int64)",
    cache=True,
    nogil=True,
    fastmath=True,
    error_model="numpy",
)
def compare_all(points, potential, gradient, first, last):
    """Write the potential (n,) and its gradient (n, 2) of items `first` to `last`, by looking at every other item."""
    one, two = np.float32(1.0), np.float32(2.0)
    for i in range(first, last):
        x, y = points[i, 0], points[i, 1]
        total, across, up = np.float32(0.0), np.float32(0.0), np.float32(0.0)
        for j in range(points.shape[0]):
            dx, dy = points[j, 0] - x, points[j, 1] - y
            closeness = one / (one + dx * dx + dy * dy)
            total += closeness
            across += closeness * closeness * dx
            up += closeness * closeness * dy
        potential[i] = total
        gradient[i, 0] = two * across
        gradient[i, 1] = two * up


@njit("void(float32, float32[::1])", cache=True, nogil=True, fastmath=True, error_model="numpy", inline="always")
def _quintic(t, weights):
    """Values of the six quintic B-splines that reach a point `t` of the way from one node to the next."""
    one, scale = np.float32(1.0), np.float32(1.0 / 120.0)
    for side in range(2):
        s = t if side == 0 else one - t  # to the node on this side
        r = one - s
        d = one + s  # to the node behind it
        square = s * s
        near = np.float32(66.0) + square * (np.float32(-60.0) + square * (np.float32(30.0) - np.float32(10.0) * s))
        behind = np.float32(51.0) + d * (
            np.float32(75.0)
            + d * (np.float32(-210.0) + d * (np.float32(150.0) + d * (np.float32(-45.0) + np.float32(5.0) * d)))
        )
        far = r * r * r * r * r
        if side == 0:
            weights[2], weights[1], weights[0] = near * scale, behind * scale, far * scale
        else:
            weights[3], weights[4], weights[5] = near * scale, behind * scale, far * scale


@njit("void(float32, float32[::1])", cache=True, nogil=True, fastmath=True, error_model="numpy", inline="always")
def _slopes(t, slopes):
    """Slopes of the six: differences of quartic B-splines, which come from the cubic ones by Cox and de Boor."""
    one = np.float32(1.0)
    u = one - t
    sixth = np.float32(1.0 / 6.0)
    c0 = sixth * u * u * u
    c1 = sixth * (np.float32(4.0) - np.float32(6.0) * t * t + np.float32(3.0) * t * t * t)
    c2 = sixth * (np.float32(4.0) - np.float32(6.0) * u * u + np.float32(3.0) * u * u * u)
    c3 = sixth * t * t * t
    quarter = np.float32(0.25)
    q0 = quarter * u * c0
    q1 = quarter * ((np.float32(3.0) + t) * c0 + (np.float32(2.0) - t) * c1)
    q2 = quarter * ((np.float32(2.0) + t) * c1 + (np.float32(3.0) - t) * c2)
    q3 = quarter * ((np.float32(1.0) + t) * c2 + (np.float32(4.0) - t) * c3)
    q4 = quarter * t * c3
    slopes[0] = -q0
    slopes[1] = q0 - q1
    slopes[2] = q1 - q2
    slopes[3] = q2 - q3
    slopes[4] = q3 - q4
    slopes[5] = q4


@njit(
    "void(float32[:,::1], float32[:,::1], float32, float32, float32, int64, int64)",
    cache=True,
    nogil=True,
    fastmath=True,
    error_model="numpy",
)
def scatter(points, mesh, left, low, per_unit, first, last):
    """Add the charges of items `first` to `last` to a mesh whose node 0 lies at (left, low)."""
    across, up = np.empty(6, np.float32), np.empty(6, np.float32)
    for i in range(first, last):
        gx, gy = (points[i, 0] - left) * per_unit, (points[i, 1] - low) * per_unit
        column, row = np.int64(gx), np.int64(gy)
        _quintic(gx - np.float32(column), across)
        _quintic(gy - np.float32(row), up)
        for v in range(6):
            for u in range(6):
                mesh[row - 2 + v, column - 2 + u] += up[v] * across[u]


@njit(
    "void(float32[:,::1], float32[:,::1], float32[::1], float32[:,::1], float32, float32, float32, int64, int64)",
    cache=True,
    nogil=True,
    fastmath=True,
    error_model="numpy",
)
def collect(points, mesh, potential, gradient, left, low, per_unit, first, last):
    """Read the potential (n,) and its gradient (n, 2) off the convolved mesh for items `first` to `last`."""
    across, up = np.empty(6, np.float32), np.empty(6, np.float32)
    slope_x, slope_y = np.empty(6, np.float32), np.empty(6, np.float32)
    for i in range(first, last):
        gx, gy = (points[i, 0] - left) * per_unit, (points[i, 1] - low) * per_unit
        column, row = np.int64(gx), np.int64(gy)
        _quintic(gx - np.float32(column), across)
        _quintic(gy - np.float32(row), up)
        _slopes(gx - np.float32(column), slope_x)
        _slopes(gy - np.float32(row), slope_y)
        value, dx, dy = np.float32(0.0), np.float32(0.0), np.float32(0.0)
        for v in range(6):
            line, steep = np.float32(0.0), np.float32(0.0)
            for u in range(6):
                cell = mesh[row - 2 + v, column - 2 + u]
                line += across[u] * cell
                steep += slope_x[u] * cell
            value += up[v] * line
            dx += up[v] * steep
            dy += slope_y[v] * line
        potential[i] = value
        gradient[i, 0] = dx * per_unit
        gradient[i, 1] = dy * per_unit


@njit(
    "void(float32[:,::1], float32[:,::1], float32[:,::1], float32[:,::1], float32[:,::1], "
    "float32, float32, float32, float32, int64, int64)",
    cache=True,
    nogil=True,
    fastmath=True,
    error_model="numpy",
)
def advance(points, speed, gains, attraction, gradient, exaggeration, repulsion, momentum, rate, first, last):
    """Move items `first` to `last` down the slope of the divergence, with momentum and a gain per axis (Jacobs 1988).

    `gradient` is the potential's; `repulsion` scales it to the force. No step is longer than 5.
    """
    longest = np.float32(5.0)
    four = np.float32(4.0)
    for i in range(first, last):
        for axis in range(2):
            slope = -four * (exaggeration * attraction[i, axis] + repulsion * gradient[i, axis])
            if slope * speed[i, axis] < 0:
                gains[i, axis] += np.float32(0.2)
            else:
                gains[i, axis] = max(gains[i, axis] * np.float32(0.8), np.float32(0.01))
            speed[i, axis] = momentum * speed[i, axis] - rate * gains[i, axis] * slope
        length = np.sqrt(speed[i, 0] * speed[i, 0] + speed[i, 1] * speed[i, 1])
        shrink = np.float32(1.0) if length <= longest else longest / length
        points[i, 0] += shrink * speed[i, 0]
        points[i, 1] += shrink * speed[i, 1]
