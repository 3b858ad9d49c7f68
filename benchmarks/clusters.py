"""Every clustering method at its defaults on real data, held against the labels; and its time on large maps.

    python -m benchmarks.clusters                     five sets of real data, the table on the screen
    python -m benchmarks.clusters --data digits70k    one of them; 70,000 are the digits turned, moved and scaled
    python -m benchmarks.clusters --sizes             300,000 to 10 million made points on a map instead
    python -m benchmarks.clusters --write             also into docs/decisions/0009-clusters-that-do-not-collapse.md

Maps are our own UMAP. Noise counts as one more group in the adjusted Rand index and the adjusted mutual information.
"largest" is the share of all items in the largest cluster: near 1, the method collapsed.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.engine_data import digits
from cartography.clusters import find_clusters, methods
from cartography.neighbours import find_neighbours
from cartography.projectors import project
from cartography.records import EmbeddingSet, NeighbourGraph, Projection

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "decisions" / "0009-clusters-that-do-not-collapse.md"
SIZES = (300_000, 1_000_000, 10_000_000)
LIMITS = {"hdbscan": 1_000_000, "kmeans": 1_000_000}  # the table would take too long


# ---------------------------------------------------------------- data: vectors, labels, metric
def words() -> tuple[np.ndarray, None, str]:
    import loaders

    return loaders.load(SHARED / "words_dev" / "words_dev.txt").vectors, None, "cosine"


def questions() -> tuple[np.ndarray, np.ndarray, str]:
    folder = SHARED / "trec_layers"
    return np.load(folder / "layer_6.npy"), pd.read_csv(folder / "metadata.csv")["label"].to_numpy(), "cosine"


def cars() -> tuple[np.ndarray, np.ndarray, str]:
    folder = SHARED / "cars"
    labels = pd.read_csv(folder / "cars_metadata.csv")["Origin"].to_numpy()
    return np.load(folder / "cars_embeddings.npy"), labels, "cosine"


DATA: dict[str, Callable[[], tuple[np.ndarray, Any, str]]] = {
    "digits70k": lambda: (*digits(7), "euclidean"),
    "digits10k": lambda: (*digits(1), "euclidean"),
    "questions": questions,
    "words": words,
    "cars": cars,
}


def made(n: int) -> tuple[EmbeddingSet, Projection]:
    """A map of 400 heaps of very different size and density."""
    rng = np.random.default_rng(0)
    home = rng.choice(400, n, p=rng.dirichlet(np.full(400, 0.8)))
    points = (rng.normal(size=(400, 2)) * 8)[home].astype(np.float32)
    points += rng.normal(size=(n, 2)).astype(np.float32) * rng.uniform(0.2, 0.8, 400)[home, None].astype(np.float32)
    return EmbeddingSet(points, pd.DataFrame(index=pd.RangeIndex(n).astype(str))), Projection(points, "given")


# ---------------------------------------------------------------- measuring
def measure(
    name: str, embeddings: EmbeddingSet, projection: Projection, graph: NeighbourGraph | None, truth: Any
) -> list[dict[str, Any]]:
    """Return what every method finds, in every space it works in (without a graph, on the map only)."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    rows = []
    for method, kind in methods().items():
        for space in kind.spaces:
            if (space == "original" and graph is None) or len(embeddings) > LIMITS.get(method, np.inf):
                continue
            began = time.perf_counter()
            found = find_clusters(embeddings, projection, graph, method, space=space)
            seconds = time.perf_counter() - began
            level = found.levels[found.main]
            row = {"data": name, "method": method, "space": space, "seconds": seconds, "clusters": level.count}
            row |= {"noise": float((level.labels < 0).mean()), "largest": level.sizes.max() / len(embeddings)}
            if truth is not None:
                row["ari"] = adjusted_rand_score(truth, level.labels)
                row["ami"] = adjusted_mutual_info_score(truth, level.labels)
            rows.append(row)
    return rows


def on_real_data(name: str) -> list[dict[str, Any]]:
    vectors, truth, metric = DATA[name]()
    embeddings = EmbeddingSet(vectors.astype(np.float32), pd.DataFrame(index=pd.RangeIndex(len(vectors)).astype(str)))
    graph = find_neighbours(embeddings, 15, metric)
    projection = project(embeddings, "umap", graph, 0, metric=metric)
    return measure(name, embeddings, projection, graph, None if truth is None else pd.factorize(truth)[0])


def table(rows: list[dict[str, Any]]) -> str:
    """Return the results as Markdown."""
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.",
        "",
        "| data | method | space | clusters | noise | largest | ARI | AMI | s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        scores = " | ".join(f"{row[key]:.3f}" if key in row else "" for key in ("ari", "ami"))
        shares = f"{row['noise']:.2f} | {row['largest']:.2f}"
        what = f"{row['data']} | {row['method']} | {row['space']} | {row['clusters']}"
        lines.append(f"| {what} | {shares} | {scores} | {row['seconds']:.2f} |")
    return "\n".join(lines)


def write(kind: str, text: str) -> None:
    """Put a table between its marks."""
    page = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {kind}: written by python -m benchmarks.clusters --write -->\n", f"<!-- end of {kind} -->"
    before, rest = page.split(begin)
    PAGE.write_text(f"{before}{begin}\n{text}\n\n{end}{rest.split(end)[1]}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=DATA, help="all of them when left out")
    parser.add_argument("--sizes", action="store_true")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    if chosen.write and chosen.data:
        parser.error("--write writes the table of all data; leave --data out")
    warm = made(3_000)
    measure("warm", *warm, find_neighbours(warm[0], 15, "euclidean"), None)  # libraries and kernels are ready then
    rows = []
    if chosen.sizes:
        for n in SIZES:
            rows += measure(f"{n:,} made", *made(n), None, None)
    else:
        for name in [chosen.data] if chosen.data else DATA:
            rows += on_real_data(name)
    text = table(rows)
    print(text)
    if chosen.write:
        write("sizes" if chosen.sizes else "data", text)


if __name__ == "__main__":
    main()
