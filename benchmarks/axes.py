"""How long it takes to judge an axis, and the same figures the plain way.

    python -m benchmarks.axes                         1,000,000 items of 300 dimensions
    python -m benchmarks.axes --items 100000 --dimensions 768

Made-up vectors with a planted concept; poles of 20 items each, three other axes, a column of numbers and one of
groups. The plain way is numpy and scikit-learn as one would write them down: every held-out axis made anew with
`mean` and scored with `roc_auc_score`, places of all items with one product, correlations with `corrcoef` and
`spearmanr`. It has no blocks and no threads of its own, and judges 20 random lists where `judge_axis` takes 200.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from cartography.concepts import Axis, judge_axis
from cartography.concepts.axes.finding import find_axis
from cartography.records import AxisSpec, EmbeddingSet, Pole

POLE, LISTS = 20, 20
LIMIT = 3.0  # seconds
Rows = np.ndarray


def made(items: int, dimensions: int) -> EmbeddingSet:
    """Vectors with a common mean, in which the first 2,000 items lie to both sides along the first dimension."""
    rng = np.random.default_rng(7)
    vectors = rng.standard_normal((items, dimensions), dtype=np.float32)
    vectors += 0.3
    vectors[:1000, 0] += 4
    vectors[1000:2000, 0] -= 4
    columns = {"weight": rng.normal(size=items), "group": np.array(list("abcdefgh"))[rng.integers(0, 8, items)]}
    ids = "item " + pd.Series(np.arange(items)).astype(str)
    return EmbeddingSet(vectors, pd.DataFrame(columns, index=ids), name="made")


def axes_in(embeddings: EmbeddingSet) -> dict[str, Axis]:
    """The planted axis, and three between random lists."""
    rng = np.random.default_rng(1)
    lists = {"planted": (rng.choice(1000, POLE, replace=False), 1000 + rng.choice(1000, POLE, replace=False))}
    lists |= {f"other {i}": tuple(rng.choice(len(embeddings), (2, POLE), replace=False)) for i in range(3)}
    return {
        name: find_axis(
            embeddings,
            AxisSpec(
                name,
                "poles",
                *(Pole(end, tuple(embeddings.ids[rows])) for end, rows in zip(("high", "low"), pair, strict=True)),
            ),
        )
        for name, pair in lists.items()
    }


def ours(embeddings: EmbeddingSet, axes: dict[str, Axis]) -> dict[str, float]:
    found = judge_axis(embeddings, axes["planted"], axes)
    assert found.separation is not None and found.separation.auc is not None
    return {
        "AUC": found.separation.auc,
        "random lists": float(np.mean(found.separation.random_lists)),
        "correlation": float(found.angles.correlation["other 0"]),
        "weight": float(found.columns.strength["weight"]),
    }


def plainly(embeddings: EmbeddingSet, axes: dict[str, Axis]) -> dict[str, float]:
    from scipy.stats import spearmanr

    vectors = embeddings.vectors / np.linalg.norm(embeddings.vectors, axis=1, keepdims=True)
    axis, rng = axes["planted"], np.random.default_rng(3)
    places = vectors @ np.array([one.direction for one in axes.values()], np.float32).T
    random = [rng.choice(len(vectors), (2, POLE), replace=False) for _ in range(LISTS)]
    return {
        "AUC": left_out(vectors, axis.high_rows, axis.low_rows),
        "random lists": float(np.mean([left_out(vectors, *pair) for pair in random])),
        "correlation": float(np.corrcoef(places.T)[0, 1]),
        "weight": abs(float(spearmanr(places[:, 0], embeddings.items["weight"]).statistic)),
    }


def left_out(vectors: np.ndarray, high: Rows, low: Rows) -> float:
    """Held-out AUC: every two members left out together, and compared along the axis of the others."""
    from sklearn.metrics import roc_auc_score

    won = []
    for i in high:
        for j in low:
            direction = vectors[high[high != i]].mean(axis=0) - vectors[low[low != j]].mean(axis=0)
            won.append(roc_auc_score([1, 0], vectors[[i, j]] @ direction))
    return float(np.mean(won))


def timed(work: Callable[[], dict[str, Any]], rounds: int) -> tuple[float, dict[str, Any]]:
    seconds, found = [], {}
    for _ in range(rounds):
        began = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - began)
    return median(seconds), found


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--dimensions", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    embeddings = made(chosen.items, chosen.dimensions)
    axes = axes_in(embeddings)
    rows = {
        "judge_axis, 200 random lists": timed(lambda: ours(embeddings, axes), chosen.rounds),
        f"plain numpy and scikit-learn, {LISTS} random lists": timed(lambda: plainly(embeddings, axes), 1),
    }
    shape = f"{chosen.items:,} items of {chosen.dimensions} dimensions"
    print(f"{shape}, {os.cpu_count()} cores; at most {LIMIT:.0f} s wanted; the middle of {chosen.rounds} rounds\n")
    names = list(next(iter(rows.values()))[1])
    print("| | seconds | " + " | ".join(names) + " |")
    print("|---|---:|" + "---:|" * len(names))
    for name, (seconds, found) in rows.items():
        print(f"| {name} | {seconds:.2f} | " + " | ".join(f"{found[one]:.3f}" for one in names) + " |")


if __name__ == "__main__":
    main()
