"""How good a map or a list of neighbours is: the same functions for ours and for the peers'."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engine_data import K, affinities_of

TRIPLETS = 20_000
RANKED = 500  # items whose false neighbours are ranked among all others
SUMMED = 2_000  # items whose closeness to all others is summed, for t-SNE's normaliser
_BLOCK = 50


def of_map(points: np.ndarray, folder: Path, with_divergence: bool) -> dict[str, float]:
    """Return every measure of a map (n, 2) of the prepared data."""
    points = np.ascontiguousarray(points, np.float32)
    if not np.isfinite(points).all():
        raise ValueError("the map holds coordinates that are not finite")
    rows, near = _truth(folder)
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    on_map = neighbours_on_map(points, rows)
    some = slice(None, None, max(1, len(rows) // RANKED))
    found = {
        "knn15": kept(on_map, near),
        "trust15": trust(vectors, rows[some], on_map[some]),
        "accuracy": voted(np.load(folder / "labels.npy"), rows, on_map),
        "triplet": triplets(vectors, points),
    }
    if with_divergence:
        found["kl"] = divergence(affinities_of(folder), points)
    return found


def of_neighbours(found: np.ndarray, folder: Path) -> dict[str, float]:
    """Return the share of the true neighbours among those found (n, k)."""
    rows, near = _truth(folder)
    return {"recall": kept(found[rows], near)}


def neighbours_on_map(points: np.ndarray, rows: np.ndarray, k: int = K) -> np.ndarray:
    """Return the k nearest others (m, k) of some rows on the map."""
    from scipy.spatial import cKDTree

    found = cKDTree(points).query(points[rows], k + 1, workers=-1)[1]
    itself = found == rows[:, None]
    itself[~itself.any(axis=1), -1] = True  # crowded out by others on the very same spot
    return found[~itself].reshape(len(rows), k)


def kept(found: np.ndarray, near: np.ndarray) -> float:
    """Return the share of the true neighbours `near` (m, k) among those found (m, k)."""
    return float(np.mean([len(np.intersect1d(a, b)) for a, b in zip(found, near, strict=True)]) / near.shape[1])


def trust(vectors: np.ndarray, rows: np.ndarray, on_map: np.ndarray) -> float:
    """Return the trustworthiness of the rows (Venna and Kaski 2001): false neighbours cost their rank beyond k."""
    n, k, cost = len(vectors), on_map.shape[1], 0.0
    everything = np.asarray(vectors, np.float32)
    lengths = np.einsum("ij,ij->i", everything, everything)
    for first in range(0, len(rows), _BLOCK):
        part, theirs = rows[first : first + _BLOCK], on_map[first : first + _BLOCK]
        distance = lengths - 2 * everything[part] @ everything.T
        distance[np.arange(len(part)), part] = -np.inf  # nearest of all, so that ranks of others begin at 1
        for row, near in zip(distance, theirs, strict=True):
            ranks = np.array([np.count_nonzero(row < row[other]) for other in near])
            cost += float(np.maximum(ranks - k, 0).sum())
    return 1 - 2 * cost / (len(rows) * k * (2 * n - 3 * k - 1))


def voted(labels: np.ndarray, rows: np.ndarray, on_map: np.ndarray) -> float:
    """Return the share of the rows whose label most of their neighbours on the map bear."""
    votes = np.array([np.bincount(labels[near]).argmax() for near in on_map])
    return float((votes == labels[rows]).mean())


def triplets(vectors: np.ndarray, points: np.ndarray) -> float:
    """Return the share of random triplets whose order is kept: which of two is nearer to the third."""
    a, b, c = np.random.default_rng(1).integers(0, len(vectors), (3, TRIPLETS))
    others = (a != b) & (b != c) & (a != c)
    a, b, c = a[others], b[others], c[others]

    def nearer(space: np.ndarray) -> np.ndarray:
        middle = np.asarray(space[a], np.float32)
        to_b, to_c = (np.asarray(space[other], np.float32) - middle for other in (b, c))
        return (to_b**2).sum(axis=1) < (to_c**2).sum(axis=1)

    return float((nearer(vectors) == nearer(points)).mean())


def divergence(ties: Any, points: np.ndarray) -> float:
    """Return the Kullback-Leibler divergence, in nats, of a map (n, 2) from affinities p_ij (n, n) that sum to 1.

    The sum runs over all ties; the normaliser is estimated from 2,000 items, each compared with all, and is exact for
    as few. The same items are taken for every map.
    """
    points = np.ascontiguousarray(points, np.float32)
    heads = np.repeat(np.arange(len(points)), np.diff(ties.indptr))
    apart = (points[heads] - points[ties.indices]).astype(np.float64)
    p = ties.data.astype(np.float64)
    heads, p, apart = heads[p > 0], p[p > 0], apart[p > 0]
    closeness = 1 / (1 + np.einsum("ij,ij->i", apart, apart))
    return float((p * np.log(p)).sum() - (p * np.log(closeness)).sum() + p.sum() * np.log(normaliser(points)))


def normaliser(points: np.ndarray, summed: int = SUMMED) -> float:
    """Return t-SNE's Z, the sum of 1 / (1 + d²) over all ordered pairs, from a sample of the items."""
    n = len(points)
    sample = np.sort(np.random.default_rng(3).choice(n, min(summed, n), replace=False))
    x, y = points.T.copy()
    total = 0.0
    for first in range(0, len(sample), _BLOCK):
        part = sample[first : first + _BLOCK]
        squared = (x[part][:, None] - x) ** 2
        squared += (y[part][:, None] - y) ** 2
        total += float((1 / (1 + squared)).sum(dtype=np.float64)) - len(part)
    return total * n / len(sample)


def _truth(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    with np.load(folder / "truth.npz") as saved:
        return saved["rows"], saved["near"]
