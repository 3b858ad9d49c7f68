"""The engine beside the libraries that people use: neighbours, UMAP, t-SNE; time, processor time, memory, quality.

    python -m benchmarks.engine                       10,000 real digits, three rounds, the table on the screen
    python -m benchmarks.engine --data digits70k      70,000: the digits turned, moved and scaled
    python -m benchmarks.engine --data text300k       300,000 x 384: clusters on clusters, as texts have
    python -m benchmarks.engine --write               also into docs/performance.md

Every cell runs in a process of its own, ours and the peers' in turns, so that a busy machine slows all; the median of
the rounds counts. All layouts get the same neighbour graph from a file; "cold" counts the whole process instead, from
the file of vectors to coordinates. Quality: share of the 15 true neighbours among the 15 nearest on the map (knn15),
trustworthiness at 15, accuracy of a vote of 15 neighbours on the map, share of random triplets in the right order.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
DIGITS = ROOT.parent / "shared" / "data" / "digits_10k" / "mnist_10k.npz"
PAGE = ROOT / "docs" / "performance.md"
K = 15
CHECKED = 2_000
TRIPLETS = 20_000
COLUMNS = ("seconds", "cpu", "memory_gb", "knn15", "trust15", "accuracy", "triplet")


# ---------------------------------------------------------------- data
def digits(copies: int) -> tuple[np.ndarray, np.ndarray]:
    """The real digits; several copies are turned by up to 25°, moved by up to 3 pixels and scaled by up to 1.25."""
    from scipy.ndimage import affine_transform

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


def texts(n: int, d: int = 384) -> tuple[np.ndarray, np.ndarray]:
    """Clusters within clusters within clusters on the unit sphere, of very different sizes, as embedded texts are."""
    rng = np.random.default_rng(0)
    coarse = rng.normal(size=(30, d))
    fine = coarse[rng.integers(0, 30, 600)] + 0.7 * rng.normal(size=(600, d))
    sizes = rng.dirichlet(np.full(600, 0.6))
    home = rng.choice(600, n, p=sizes)
    vectors = np.empty((n, d), np.float32)
    for first in range(0, n, 50_000):
        part = slice(first, min(n, first + 50_000))
        vectors[part] = fine[home[part]] + 0.9 * rng.normal(size=(part.stop - first, d))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors, home


DATA: dict[str, Callable[[], tuple[np.ndarray, np.ndarray]]] = {
    "digits10k": lambda: digits(1),
    "digits70k": lambda: digits(7),
    "text300k": lambda: texts(300_000),
    "text1m": lambda: texts(1_000_000),
}


# ---------------------------------------------------------------- what is compared: each runs in its own process
def _embeddings(folder: Path) -> Any:
    import loaders

    return loaders.load(folder / "vectors.npy")


def _graph(folder: Path) -> Any:
    from cartography.records import NeighbourGraph

    saved = np.load(folder / "graph.npz")
    embeddings = _embeddings(folder)
    return embeddings, NeighbourGraph(
        saved["indices"], saved["distances"], "euclidean", False, 1.0, embeddings.vectors_fingerprint
    )


def ours(method: str, **params: Any) -> Callable[[Path], tuple[Callable[[], np.ndarray], Any]]:
    """Our layout of a given graph."""

    def prepare(folder: Path) -> tuple[Callable[[], np.ndarray], Any]:
        from cartography.projectors import project

        embeddings, graph = _graph(folder)
        return lambda: project(embeddings, method, graph, **params).coordinates, None

    return prepare


def ours_cold(method: str) -> Callable[[Path], tuple[Callable[[], np.ndarray], Any]]:
    """From the file to coordinates, neighbours included."""

    def prepare(folder: Path) -> tuple[Callable[[], np.ndarray], Any]:
        def run() -> np.ndarray:
            from cartography.projectors import project

            return project(_embeddings(folder), method, metric="euclidean").coordinates

        return run, "cold"

    return prepare


def umap_learn(folder: Path) -> tuple[Callable[[], np.ndarray], Any]:
    """umap-learn on the given graph, from principal components, warmed up."""
    import umap

    vectors, saved = np.load(folder / "vectors.npy", mmap_mode="r"), np.load(folder / "graph.npz")
    itself = np.arange(len(vectors), dtype=np.int32)[:, None]
    indices = np.hstack([itself, saved["indices"][:, : K - 1]])
    distances = np.pad(saved["distances"][:, : K - 1], ((0, 0), (1, 0)))

    def run(rows: int = len(vectors)) -> np.ndarray:
        known = (indices, distances, None) if rows == len(vectors) else (None, None, None)
        model = umap.UMAP(n_neighbors=K, init="pca", precomputed_knn=known, force_approximation_algorithm=True)
        return model.fit_transform(np.asarray(vectors[:rows], np.float32))

    run(5_000)
    return run, None


def umap_learn_cold(folder: Path) -> tuple[Callable[[], np.ndarray], Any]:
    """umap-learn from the file to coordinates in a new process."""

    def run() -> np.ndarray:
        import umap

        return umap.UMAP(n_neighbors=K).fit_transform(np.load(folder / "vectors.npy").astype(np.float32))

    return run, "cold"


def open_tsne(folder: Path) -> tuple[Callable[[], np.ndarray], Any]:
    """openTSNE on the affinities of the given graph, with its FFT."""
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import Affinities
    from scipy.sparse import csr_matrix

    from cartography.projectors.affinities import affinities
    from cartography.projectors.base import Task
    from cartography.projectors.start import first_coordinates

    embeddings, graph = _graph(folder)
    known = Affinities(verbose=False)
    known.P = csr_matrix(affinities(graph, 30.0), dtype=float)
    start = first_coordinates(Task(embeddings, {}), 1e-4).astype(float)

    def run() -> np.ndarray:
        made = TSNEEmbedding(start.copy(), known, negative_gradient_method="fft", n_jobs=-1)
        made = made.optimize(250, exaggeration=12, momentum=0.5, learning_rate="auto")
        return np.asarray(made.optimize(500, exaggeration=1, momentum=0.8, learning_rate="auto"))

    return run, None


def our_neighbours(folder: Path) -> tuple[Callable[[], np.ndarray], Any]:
    from cartography.neighbours import find_neighbours

    embeddings = _embeddings(folder)
    return lambda: find_neighbours(embeddings, K, "euclidean").indices, "neighbours"


def pynndescent(folder: Path) -> tuple[Callable[[], np.ndarray], Any]:
    """pynndescent, warmed up."""
    from pynndescent import NNDescent

    vectors = np.load(folder / "vectors.npy").astype(np.float32)
    NNDescent(vectors[:3_000], n_neighbors=K + 1)
    return lambda: NNDescent(vectors, n_neighbors=K + 1).neighbor_graph[0][:, 1:], "neighbours"


CELLS: dict[str, tuple[str, Callable[[Path], tuple[Callable[[], np.ndarray], Any]], str]] = {
    "UMAP, ours": ("", ours("umap"), "digits10k digits70k text300k text1m"),
    "UMAP, umap-learn": ("umap", umap_learn, "digits10k digits70k text300k"),
    "UMAP cold, ours": ("", ours_cold("umap"), "digits10k digits70k text300k text1m"),
    "UMAP cold, umap-learn": ("umap", umap_learn_cold, "digits10k digits70k"),
    "t-SNE, ours": ("", ours("tsne"), "digits10k digits70k text300k"),
    "t-SNE, openTSNE": ("openTSNE", open_tsne, "digits10k digits70k"),
    "t-SNE cold, ours": ("", ours_cold("tsne"), "digits10k"),
    "neighbours, ours": ("", our_neighbours, "digits70k text300k text1m"),
    "neighbours, pynndescent": ("pynndescent", pynndescent, "digits70k text300k"),
}


def one(cell: str, folder: Path) -> None:
    """Run one cell in this process and print what it cost."""
    began, cpu = time.perf_counter(), time.process_time()
    run, kind = CELLS[cell][1](folder)
    if kind != "cold":
        began, cpu = time.perf_counter(), time.process_time()
    result = run()
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    spent["memory_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    if kind == "neighbours":
        spent["recall"] = _recall(result, folder)
    else:
        spent |= _quality(np.asarray(result, np.float32), folder)
    print(json.dumps(spent))


# ---------------------------------------------------------------- quality
def _truth(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    saved = np.load(folder / "truth.npz")
    return saved["rows"], saved["near"]


def _recall(found: np.ndarray, folder: Path) -> float:
    rows, near = _truth(folder)
    return float(np.mean([len(np.intersect1d(a, b)) for a, b in zip(found[rows], near, strict=True)]) / K)


def _quality(points: np.ndarray, folder: Path) -> dict[str, float]:
    from sklearn.neighbors import KDTree

    rows, near = _truth(folder)
    labels = np.load(folder / "labels.npy")
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    on_map = KDTree(points).query(points[rows], K + 1, return_distance=False)[:, 1:]
    votes = np.array([np.bincount(labels[one]).argmax() for one in on_map])
    return {
        "knn15": float(np.mean([len(np.intersect1d(a, b)) for a, b in zip(on_map, near, strict=True)]) / K),
        "trust15": _trust(vectors, rows, on_map),
        "accuracy": float((votes == labels[rows]).mean()),
        "triplet": _triplets(vectors, points),
    }


def _trust(vectors: np.ndarray, rows: np.ndarray, on_map: np.ndarray) -> float:
    """Trustworthiness (Venna and Kaski 2001) of the checked rows: false neighbours cost their rank beyond 15."""
    n, cost = len(vectors), 0.0
    sample = rows[:500]
    everything = np.asarray(vectors, np.float32)
    lengths = np.einsum("ij,ij->i", everything, everything)
    for place, row in enumerate(sample):
        rank_by = lengths - 2 * everything @ everything[row]
        rank_by[row] = -np.inf
        ranks = (rank_by[None, :] < rank_by[on_map[place]][:, None]).sum(axis=1)
        cost += np.maximum(ranks - K, 0).sum()
    return 1 - 2 * cost / (len(sample) * K * (2 * n - 3 * K - 1))


def _triplets(vectors: np.ndarray, points: np.ndarray) -> float:
    rng = np.random.default_rng(1)
    a, b, c = rng.integers(0, len(vectors), (3, TRIPLETS))

    def nearer(space: np.ndarray) -> np.ndarray:
        middle = np.asarray(space[a], np.float32)
        to_b, to_c = (np.asarray(space[other], np.float32) - middle for other in (b, c))
        return (to_b**2).sum(axis=1) < (to_c**2).sum(axis=1)

    return float((nearer(vectors) == nearer(points)).mean())


# ---------------------------------------------------------------- the run
def prepare(name: str, folder: Path) -> None:
    """Write vectors, labels, the shared graph and the truth that quality is held against."""
    import pandas as pd

    from cartography.neighbours import find_neighbours
    from cartography.records import EmbeddingSet

    vectors, labels = DATA[name]()
    np.save(folder / "vectors.npy", vectors)
    np.save(folder / "labels.npy", labels)
    items = pd.DataFrame(index=[str(row) for row in range(len(vectors))])
    embeddings = EmbeddingSet(vectors, items)
    graph = find_neighbours(embeddings, 91 if len(vectors) <= 20_000 else 30, "euclidean")
    np.savez(folder / "graph.npz", indices=graph.indices, distances=graph.distances)
    rows = np.sort(np.random.default_rng(2).choice(len(vectors), min(CHECKED, len(vectors)), replace=False))
    lengths = np.einsum("ij,ij->i", vectors, vectors)
    near = np.empty((len(rows), K), np.int64)
    for first in range(0, len(rows), 100):
        part = rows[first : first + 100]
        rank = lengths - 2 * vectors[part] @ vectors.T
        rank[np.arange(len(part)), part] = np.inf
        near[first : first + 100] = np.argpartition(rank, K - 1, axis=1)[:, :K]
    np.savez(folder / "truth.npz", rows=rows, near=near)


def compare(name: str, rounds: int, only: str) -> list[dict[str, Any]]:
    """Return the median of every cell, the rounds taken in turns."""
    wanted = [cell for cell, (_, _, data) in CELLS.items() if name in data.split() and only in cell]
    here = [cell for cell in wanted if not CELLS[cell][0] or find_spec(CELLS[cell][0])]
    for cell in set(wanted) - set(here):
        print(f"left out, not installed: {cell}", file=sys.stderr)
    found: dict[str, list[dict[str, float]]] = {cell: [] for cell in here}
    with tempfile.TemporaryDirectory(prefix="cartographer-bench-") as place:
        prepare(name, Path(place))
        for turn in range(rounds):
            for cell in here:
                command = [sys.executable, "-m", "benchmarks.engine", "--one", cell, "--folder", place]
                done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
                if done.returncode:
                    print(f"{cell} failed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                    continue
                found[cell].append(json.loads(done.stdout.splitlines()[-1]))
                print(f"round {turn + 1}: {cell}: {found[cell][-1]}", file=sys.stderr)
    return [
        {"data": name, "what": cell} | {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for cell, runs in found.items()
        if runs
    ]


def table(results: list[dict[str, Any]], rounds: int) -> str:
    """Return the results as Markdown."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg()[:1])
    lines = [
        f"Medians of {rounds} rounds; Python {platform.python_version()}, {os.cpu_count()} processors, "
        f"load {load} at the end.",
        "",
        "| data | what | s | CPU s | GB | knn15 or recall | trust15 | accuracy | triplet |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in results:
        first = row.get("knn15", row.get("recall", 0.0))
        rest = " | ".join(f"{row[key]:.3f}" if key in row else "" for key in ("trust15", "accuracy", "triplet"))
        cost = f"{row['seconds']:.1f} | {row['cpu']:.1f} | {row['memory_gb']:.1f}"
        lines.append(f"| {row['data']} | {row['what']} | {cost} | {first:.3f} | {rest} |")
    return "\n".join(lines)


def write(name: str, text: str) -> None:
    """Put the table of one data set between its marks in docs/performance.md."""
    begin, end = (
        f"<!-- engine {name}: written by python -m benchmarks.engine --write -->\n",
        f"<!-- end of {name} -->",
    )
    page = PAGE.read_text(encoding="utf-8")
    if begin not in page:
        page = page.rstrip() + f"\n\n{begin}{end}\n"
    head, rest = page.split(begin)
    tail = rest.split(end, 1)[1]
    PAGE.write_text(f"{head}{begin}\n{text}\n\n{end}{tail}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=DATA, default="digits10k")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="cells whose name holds this")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one, chosen.folder)
        return
    text = table(compare(chosen.data, chosen.rounds, chosen.only), chosen.rounds)
    print(text)
    if chosen.write:
        write(chosen.data, text)


if __name__ == "__main__":
    main()
