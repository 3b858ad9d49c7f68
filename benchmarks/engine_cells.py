"""What is compared: each cell prepares in a process of its own and returns what is timed.

Warm cells have everything imported, compiled and read before the clock starts. Cold ones are timed from the start of
their process; "first run" ones also find no compiled kernels, as on a new machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engine_data import K, affinities_of, embeddings_of, graph_of

Run = Callable[[], np.ndarray]
Prepare = Callable[[Path, int], Run]
"""Takes the prepared folder and a seed; returns what is timed."""


@dataclass(frozen=True)
class Cell:
    """One thing that is measured; `who` made it, and those of one `group` are held beside each other.

    `package` is what a peer needs to have installed, `start` is "warm", "cold" or "first".
    """

    name: str
    group: str
    data: str
    prepare: Prepare
    who: str = "ours"
    package: str = ""
    start: str = "warm"

    @property
    def is_tsne(self) -> bool:
        """Whether its map is judged by t-SNE's own measure too."""
        return self.group.startswith("t-SNE")

    @property
    def finds_neighbours(self) -> bool:
        """Whether it returns neighbours (n, k) instead of coordinates (n, 2)."""
        return self.group == "neighbours"


# ---------------------------------------------------------------- ours
def ours(method: str) -> Prepare:
    """Our layout of the shared graph, warmed up as the peers are."""

    def prepare(folder: Path, seed: int) -> Run:
        from cartography.projectors import project

        import_kernels()
        embeddings, graph = graph_of(folder)
        project(embeddings.take(range(min(5_000, len(embeddings)))), method, metric=graph.metric)
        return lambda: project(embeddings, method, graph, seed).coordinates

    return prepare


def ours_cold(method: str) -> Prepare:
    """From the file to coordinates, neighbours included."""

    def prepare(folder: Path, seed: int) -> Run:
        def run() -> np.ndarray:
            from cartography.projectors import project

            return project(embeddings_of(folder), method, seed=seed, metric="euclidean").coordinates

        return run

    return prepare


def our_neighbours(folder: Path, seed: int) -> Run:
    """Our neighbours, with the kernels imported."""
    from cartography.neighbours import find_neighbours

    import_kernels()
    embeddings = embeddings_of(folder)
    return lambda: find_neighbours(embeddings, K, "euclidean", seed=seed).indices


def import_kernels() -> None:
    """Do what the dashboard does in the background when it starts."""
    from importlib import import_module

    from cartography.kernels.compiling import kernel_modules

    for module in kernel_modules():
        import_module(module)


# ---------------------------------------------------------------- the peers
def umap_learn(folder: Path, seed: int) -> Run:
    """umap-learn on the shared graph, from principal components, after a layout of a part has compiled it.

    It counts an item as its own first neighbour. A `random_state` would leave it one thread, so numpy is seeded.
    """
    import umap

    vectors = np.load(folder / "vectors.npy").astype(np.float32)
    with np.load(folder / "graph.npz") as saved:
        itself = np.arange(len(vectors), dtype=np.int32)[:, None]
        indices = np.hstack([itself, saved["indices"][:, :K]])
        distances = np.pad(saved["distances"][:, :K], ((0, 0), (1, 0)))
    asked: dict[str, Any] = {"n_neighbors": K + 1, "init": "pca", "force_approximation_algorithm": True}
    umap.UMAP(**asked).fit_transform(vectors[: min(5_000, len(vectors) // 2)])
    np.random.seed(seed)
    return lambda: umap.UMAP(precomputed_knn=(indices, distances, None), **asked).fit_transform(vectors)


def umap_learn_cold(folder: Path, seed: int) -> Run:
    """umap-learn from the file to coordinates, by its own defaults."""

    def run() -> np.ndarray:
        import umap

        np.random.seed(seed)
        return umap.UMAP().fit_transform(np.load(folder / "vectors.npy").astype(np.float32))

    return run


def open_tsne(folder: Path, seed: int) -> Run:
    """openTSNE on the affinities of the shared graph and from our start, with its FFT."""
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import Affinities
    from scipy.sparse import csr_matrix

    from cartography.projectors.base import Task
    from cartography.projectors.start import first_coordinates

    known = Affinities(verbose=False)
    known.P = csr_matrix(affinities_of(folder), dtype=float)
    start = first_coordinates(Task(embeddings_of(folder), {}, seed), 1e-4).astype(float)

    def run() -> np.ndarray:
        made = TSNEEmbedding(start.copy(), known, negative_gradient_method="fft", n_jobs=-1, random_state=seed)
        made = made.optimize(250, exaggeration=12, momentum=0.5, learning_rate="auto")
        return np.asarray(made.optimize(500, exaggeration=1, momentum=0.8, learning_rate="auto"))

    return run


def open_tsne_cold(folder: Path, seed: int) -> Run:
    """openTSNE from the file to coordinates, by its own defaults, but on all processors."""

    def run() -> np.ndarray:
        from openTSNE import TSNE

        vectors = np.load(folder / "vectors.npy").astype(np.float32)
        return np.asarray(TSNE(n_jobs=-1, random_state=seed).fit(vectors))

    return run


def pacmap_cold(folder: Path, _: int) -> Run:
    """PaCMAP from the file to coordinates, by its own defaults; a seed would leave it one thread."""

    def run() -> np.ndarray:
        from pacmap import PaCMAP

        return PaCMAP().fit_transform(np.load(folder / "vectors.npy").astype(np.float32))

    return run


def pynndescent(folder: Path, seed: int) -> Run:
    """pynndescent, which counts an item as its own first neighbour, after a part has compiled it."""
    from pynndescent import NNDescent

    vectors = np.load(folder / "vectors.npy").astype(np.float32)
    NNDescent(vectors[:3_000], n_neighbors=K + 1)
    return lambda: NNDescent(vectors, n_neighbors=K + 1, random_state=seed).neighbor_graph[0][:, 1:]


_LIBRARIES = {"umap-learn": "umap", "openTSNE": "openTSNE", "PaCMAP": "pacmap", "pynndescent": "pynndescent"}


def _cell(group: str, who: str, prepare: Prepare, data: str, name: str = "") -> Cell:
    start = "first" if "first run" in group else "cold" if "cold" in group else "warm"
    return Cell(name or f"{group}, {who}", group, data, prepare, who, _LIBRARIES.get(who, ""), start)


CELLS = {
    cell.name: cell
    for cell in (
        _cell("UMAP", "ours", ours("umap"), "tiny digits10k digits70k text300k"),
        _cell("UMAP", "umap-learn", umap_learn, "tiny digits10k digits70k text300k"),
        _cell("t-SNE", "ours", ours("tsne"), "tiny digits10k digits70k"),
        _cell("t-SNE", "openTSNE", open_tsne, "tiny digits10k digits70k"),
        _cell("neighbours", "ours", our_neighbours, "tiny digits70k text300k text1m"),
        _cell("neighbours", "pynndescent", pynndescent, "tiny digits70k text300k text1m"),
        _cell("UMAP cold", "ours", ours_cold("umap"), "tiny digits10k digits70k text300k text1m"),
        _cell("UMAP cold", "umap-learn", umap_learn_cold, "tiny digits10k digits70k"),
        _cell("UMAP cold", "PaCMAP", pacmap_cold, "tiny digits10k digits70k", "PaCMAP cold"),
        _cell("t-SNE cold", "ours", ours_cold("tsne"), "tiny digits10k digits70k text300k"),
        _cell("t-SNE cold", "openTSNE", open_tsne_cold, "tiny digits10k"),
        _cell("PCA, first run", "ours", ours_cold("pca"), "tiny digits10k"),
        _cell("UMAP, first run", "ours", ours_cold("umap"), "tiny digits10k"),
        _cell("UMAP, first run", "umap-learn", umap_learn_cold, "tiny digits10k"),
    )
}
