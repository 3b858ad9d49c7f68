"""What the engine is measured on: vectors with labels, made from seed 0, and a folder prepared once for every cell.

The folder of a data set holds `vectors.npy`, `labels.npy`, the shared neighbour graph, the affinities of that graph
and the true neighbours of 2,000 items, so that no cell pays for what all of them share.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
DIGITS = ROOT.parent / "shared" / "data" / "digits_10k" / "mnist_10k.npz"
K = 15
CHECKED = 2_000
PERPLEXITY = 30.0
MOST_FOR_TSNE = 400_000
_CENTRES = 30
_LATENT = 32  # directions in which the items of one centre differ

Made = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class DataSet:
    """How vectors (n, d) float32 and labels (n,) are made, and what they are, in words."""

    about: str
    make: Callable[[], Made]


# ---------------------------------------------------------------- generators
def digits(copies: int) -> Made:
    """The real digits; several copies are turned by up to 25°, moved by up to 3 pixels and scaled by up to 1.25."""
    from scipy.ndimage import affine_transform

    if not DIGITS.exists():
        raise SystemExit(f"The real digits are not beside the checkout: {DIGITS} is missing.")
    with np.load(DIGITS) as archive:
        images, labels = archive["images"].reshape(-1, 28, 28).astype(np.float32), archive["labels"].astype(int)
    if copies == 1:
        return images.reshape(len(images), -1), labels
    rng = np.random.default_rng(0)
    made = np.empty((copies * len(images), 784), np.float32)
    for place in range(len(made)):
        turn, size = np.deg2rad(rng.uniform(-25, 25)), rng.uniform(0.8, 1.25)
        matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) / size
        shift = 13.5 - matrix @ (13.5 + rng.uniform(-3, 3, 2))
        made[place] = affine_transform(images[place % len(images)], matrix, shift, order=1).ravel()
    return made, np.tile(labels, copies)


def texts(n: int, d: int = 384, groups: int = 600) -> Made:
    """Vectors like those of sentences: groups on 30 centres, each centre with 32 directions of its own, and noise.

    Measured on samples of 2,000 beside the last layer of MiniLM on real questions: 96 principal axes hold .76 of the
    variance (questions .72), 192 hold .90 (.92), and the variance spreads over 79 effective axes (73 to 122). The
    groups' shares are drawn from a Dirichlet distribution of .6, which makes a few large and many small. Rows are in
    random order, so that the first m are a fair sample of all.
    """
    rng = np.random.default_rng(0)
    weights = (1 / np.arange(1, d + 1) ** 0.35).astype(np.float32)
    fading = (1 / np.sqrt(np.arange(1, _LATENT + 1))).astype(np.float32)
    fading /= np.sqrt((fading**2).mean() * _LATENT)
    coarse = 0.7 * rng.normal(size=(_CENTRES, d)) * weights
    parent = rng.integers(0, _CENTRES, groups)
    fine = (coarse[parent] + 0.5 * rng.normal(size=(groups, d)) * weights).astype(np.float32)
    directions = (rng.normal(size=(_CENTRES, _LATENT, d)) * weights).astype(np.float32)
    home = rng.choice(groups, n, p=rng.dirichlet(np.full(groups, 0.6)))
    vectors = np.empty((n, d), np.float32)
    for centre in range(_CENTRES):
        rows = np.flatnonzero(parent[home] == centre)
        for first in range(0, len(rows), 50_000):
            part = rows[first : first + 50_000]
            inner = (rng.standard_normal((len(part), _LATENT), dtype=np.float32) * fading) @ directions[centre]
            noise = 0.5 * rng.standard_normal((len(part), d), dtype=np.float32) * weights
            vectors[part] = fine[home[part]] + inner + noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors, home


DATA = {
    "digits10k": DataSet("10,000 × 784: the real digits of MNIST's test set", lambda: digits(1)),
    "digits70k": DataSet("70,000 × 784: the same digits, seven times, turned, moved and scaled", lambda: digits(7)),
    "text300k": DataSet("300,000 × 384: like vectors of sentences", lambda: texts(300_000)),
    "text1m": DataSet("1,000,000 × 384: like vectors of sentences", lambda: texts(1_000_000)),
    "tiny": DataSet("3,000 × 32: to try the benchmark itself", lambda: texts(3_000, 32, 40)),
}
HIDDEN = {"tiny"}


# ---------------------------------------------------------------- the prepared folder
def embeddings_of(folder: Path) -> Any:
    """Return the prepared vectors as the dashboard would load them."""
    import loaders

    return loaders.load(folder / "vectors.npy")


def graph_of(folder: Path) -> tuple[Any, Any]:
    """Return the prepared vectors, and the graph that all layouts share."""
    from cartography.records import NeighbourGraph

    embeddings = embeddings_of(folder)
    with np.load(folder / "graph.npz") as saved:
        source = embeddings.vectors_fingerprint
        graph = NeighbourGraph(saved["indices"], saved["distances"], "euclidean", False, 1.0, source)
    return embeddings, graph


def affinities_of(folder: Path) -> Any:
    """Return the affinities of the shared graph, which every t-SNE is judged by."""
    from scipy.sparse import csr_array

    with np.load(folder / "affinities.npz") as saved:
        n = len(saved["indptr"]) - 1
        return csr_array((saved["data"], saved["indices"], saved["indptr"]), shape=(n, n))


def is_prepared(name: str, folder: Path) -> bool:
    """Whether the folder holds all of this data set, as this file makes it today."""
    done = folder / "prepared"
    return done.exists() and done.read_text(encoding="utf-8") == _recipe(name)


def prepare(name: str, folder: Path) -> None:
    """Compile our kernels; write vectors, labels, the shared graph, its affinities and the truth."""
    from cartography.kernels.compiling import ensure_compiled

    ensure_compiled()
    folder.mkdir(parents=True, exist_ok=True)
    if is_prepared(name, folder):
        return
    vectors, labels = DATA[name].make()
    np.save(folder / "vectors.npy", vectors)
    np.save(folder / "labels.npy", labels)
    _write_graph(vectors, folder)
    rows = np.sort(np.random.default_rng(2).choice(len(vectors), min(CHECKED, len(vectors)), replace=False))
    np.savez(folder / "truth.npz", rows=rows, near=true_neighbours(vectors, rows))
    (folder / "prepared").write_text(_recipe(name), encoding="utf-8")


def true_neighbours(vectors: np.ndarray, rows: np.ndarray, k: int = K) -> np.ndarray:
    """Return the k nearest others (m, k) of some rows, each compared with all."""
    lengths = np.einsum("ij,ij->i", vectors, vectors)
    near = np.empty((len(rows), k), np.int64)
    for first in range(0, len(rows), 100):
        part = rows[first : first + 100]
        rank = lengths - 2 * vectors[part] @ vectors.T
        rank[np.arange(len(part)), part] = np.inf
        near[first : first + 100] = np.argpartition(rank, k - 1, axis=1)[:, :k]
    return near


def _write_graph(vectors: np.ndarray, folder: Path) -> None:
    """As many neighbours as our t-SNE asks for; all layouts are then handed the same ones."""
    import pandas as pd

    from cartography.neighbours import find_neighbours
    from cartography.parameters import resolve
    from cartography.projectors import projector
    from cartography.projectors.affinities import affinities
    from cartography.records import EmbeddingSet

    n = len(vectors)
    tsne = projector("tsne")
    wanted = tsne.neighbours_needed(resolve(tsne.parameters, {"perplexity": PERPLEXITY}, "tsne"), n)
    embeddings = EmbeddingSet(vectors, pd.DataFrame(index=[str(row) for row in range(n)]))
    graph = find_neighbours(embeddings, max(wanted, K) if n <= MOST_FOR_TSNE else K, "euclidean")
    np.savez(folder / "graph.npz", indices=graph.indices, distances=graph.distances)
    if n <= MOST_FOR_TSNE:
        ties = affinities(graph, PERPLEXITY)
        np.savez(folder / "affinities.npz", data=ties.data, indices=ties.indices, indptr=ties.indptr)


def _recipe(name: str) -> str:
    source = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    return f"{name} {source}"
