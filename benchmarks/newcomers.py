"""Whether held-out digits can be told apart where a map places them, and how long placing takes.

    python -m benchmarks.newcomers

For 2,500 of 10,000 handwritten digits (28 x 28) that a map was made without: how often their 15 nearest say the right
digit, in space and on the map. Then the time for one vector (median of 30) and for 10,000 at once, on a map of
10,000, and for 1,000 among a million made-up items of 128 dimensions. Needs the real data beside the checkout.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.neighbors import KNeighborsClassifier

from cartography.neighbours import nearest_to
from cartography.projectors import project
from cartography.records import EmbeddingSet

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "digits_10k" / "mnist_10k.npz"
HELD_OUT = 2_500
METRIC = "euclidean"
METHODS = ("umap", "tsne", "pca")


def as_set(vectors: np.ndarray) -> EmbeddingSet:
    """Vectors with numbered items."""
    return EmbeddingSet(vectors, pd.DataFrame(index=[str(row) for row in range(len(vectors))]))


def told_apart(known: np.ndarray, digits: np.ndarray, new: np.ndarray, truth: np.ndarray) -> float:
    """The share of new ones whose 15 nearest say the right digit."""
    return float((KNeighborsClassifier(15).fit(known, digits).predict(new) == truth).mean())


def seconds(work: object, times: int = 1) -> float:
    """The median time that a call takes."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()  # type: ignore[operator]
        taken.append(time.perf_counter() - began)
    return float(np.median(taken))


def main() -> None:
    """Measure and print."""
    with np.load(DATA, allow_pickle=False) as archive:
        vectors = archive["images"].reshape(len(archive["images"]), -1).astype(np.float32)
        digits = archive["labels"]
    rows = np.random.default_rng(0).permutation(len(vectors))
    new, known = rows[:HELD_OUT], rows[HELD_OUT:]
    in_space = told_apart(vectors[known], digits[known], vectors[new], digits[new])
    print(f"told apart in space: {in_space:.1%}")
    for method in METHODS:
        made = project(as_set(vectors[known]), method, metric=METRIC)
        placed = made.transform(vectors[new])
        on_map = told_apart(made.coordinates, digits[known], placed, digits[new])
        whole = project(as_set(vectors), method, metric=METRIC)
        one, many = (
            seconds(partial(whole.transform, vectors[:1] + 1), 30),
            seconds(partial(whole.transform, vectors + 1)),
        )
        shares = f"{on_map:.1%}, {on_map / in_space:.1%} of that in space"
        print(f"{method}: {shares}; {one * 1e3:.1f} ms for one, {many:.2f} s for 10,000")
    million = as_set(np.random.default_rng(0).normal(size=(1_000_000, 128)).astype(np.float32))
    asked = million.vectors[:1_000] + np.float32(0.1)
    print(f"1,000 among a million: {seconds(lambda: nearest_to(million, asked, 10, METRIC)):.1f} s")


if __name__ == "__main__":
    main()
