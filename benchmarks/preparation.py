"""Whether preparing vectors brings items of one class together: before and after each step, on real data.

    python -m benchmarks.preparation                  the table on the screen
    python -m benchmarks.preparation --write          also into docs/preparation.md

"same": share of an item's 10 nearest (cosine) that are of its own class; "vote": how often their vote is right. The
change in standard errors is that of "same", item by item. "common" is the length of the mean of the unit vectors, 1
when all point one way.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from cartography.neighbours import find_neighbours
from cartography.preparation import Preparation, prepare_vectors
from cartography.records import EmbeddingSet

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "preparation.md"
K = 10
STEPS = ("none", "center", "remove_top=1", "remove_top=3", "pca=50", "whiten", "pca=50,whiten")
BEGIN, END = "<!-- measured: written by python -m benchmarks.preparation --write -->", "<!-- end of measured -->"


def sets() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Name, vectors and classes of every set that is there."""
    questions = pd.read_csv(DATA / "trec_layers" / "metadata.csv")
    for layer in range(7):
        vectors = np.load(DATA / "trec_layers" / f"layer_{layer}.npy")
        yield f"questions, MiniLM layer {layer}", vectors, questions["label"].to_numpy()
    cars = pd.read_parquet(DATA / "cars" / "cars.parquet")
    for column, name in (("embedding", "descriptions"), ("embedding_name_only", "names")):
        yield f"cars, MiniLM of their {name}", np.stack(cars[column].to_numpy()), cars["Cylinders"].to_numpy()
    shapes = pd.read_csv(DATA / "two_losses_shapes" / "metadata.csv")
    for loss in ("colour", "shape"):
        with np.load(DATA / "two_losses_shapes" / f"embeddings_{loss}_loss.npz", allow_pickle=False) as archive:
            yield f"pictures, network trained for {loss}", archive["epoch_12"], shapes[loss].to_numpy()
    with np.load(DATA / "digits_10k" / "mnist_10k.npz", allow_pickle=False) as archive:
        yield "digits, pixels", archive["images"].reshape(len(archive["images"]), -1), archive["labels"]


def measured(vectors: np.ndarray, classes: np.ndarray, steps: str) -> tuple[np.ndarray, float]:
    """Return (n,) shares of neighbours of an item's own class, and how often the neighbours' vote is right."""
    codes, names = pd.factorize(classes)
    items = pd.DataFrame(index=[str(row) for row in range(len(vectors))])
    ready = prepare_vectors(EmbeddingSet(vectors.astype(np.float32), items), Preparation.parse(steps)).embeddings
    near = codes[find_neighbours(ready, K, "cosine").indices]
    votes = np.zeros((len(codes), len(names)))
    for place in range(K):
        votes[np.arange(len(codes)), near[:, place]] += 1 - 1e-6 * place
    return (near == codes[:, None]).mean(axis=1), float((votes.argmax(axis=1) == codes).mean())


def common(vectors: np.ndarray) -> float:
    """Length of the mean of the unit vectors."""
    lengths = np.linalg.norm(vectors.astype(np.float32), axis=1, keepdims=True)
    return float(np.linalg.norm((vectors / np.where(lengths > 0, lengths, 1)).mean(axis=0)))


def row(name: str, vectors: np.ndarray, classes: np.ndarray) -> str:
    """One line of the table."""
    results = {steps: measured(vectors, classes, steps) for steps in STEPS}
    before, vote = results["none"]
    change = results["center"][0] - before
    errors = change.mean() / (change.std() / len(change) ** 0.5 or 1)
    cells = [name, f"{common(vectors):.2f}", f"{before.mean():.3f} / {vote:.3f}"]
    cells += [f"{same.mean():.3f} / {right:.3f}" for same, right in list(results.values())[1:]]
    cells.insert(4, f"{errors:+.0f}")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure every set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    heads = ["same / vote", "common", "as it is", "center", "change, std. errors", *STEPS[2:]]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for one in sets():
        lines.append(row(*one))
        print(lines[-1], flush=True)
    if write:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        table = "\n".join(lines)
        PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
