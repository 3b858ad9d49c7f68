"""How long a formula takes on a large vocabulary, beside gensim's `KeyedVectors.most_similar` in the same process.

    python benchmarks/concepts.py                                   1,000,000 x 300
    python benchmarks/concepts.py --items 100000 --rounds 30

Both are given the same made vectors, in clusters of unequal lengths, and the same formulas, a - b + c of three words
of two clusters, in turns. Ours is timed as it is, with random formulas of the same form, the inputs' ranks and the
neighbours' places beside single inputs, and without the random formulas, which is still more than gensim tells. The
first call is apart: ours finds the words' index and the vectors' lengths in it, gensim the lengths. That both return
the same ten words is checked for every formula.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from cartography.concepts import evaluate  # noqa: E402
from cartography.records import EmbeddingSet  # noqa: E402

CLUSTERS, BLOCK, TOP = 2_000, 50_000, 10
LIMIT = 0.5  # seconds, for later calls
GENSIM, OURS, BARE = "gensim most_similar", "evaluate", "evaluate, no random formulas"

Formula = tuple[str, str, str]


def make_words(items: int, dimensions: int) -> EmbeddingSet:
    """Words in clusters, of unequal lengths."""
    rng = np.random.default_rng(7)
    centres = rng.normal(size=(CLUSTERS, dimensions)).astype(np.float32)
    vectors = np.empty((items, dimensions), np.float32)
    for first in range(0, items, BLOCK):
        block = rng.standard_normal((min(BLOCK, items - first), dimensions), np.float32)
        block += centres[np.arange(first, first + len(block)) % CLUSTERS]
        block *= rng.uniform(0.5, 2, (len(block), 1)).astype(np.float32)
        vectors[first : first + len(block)] = block
    return EmbeddingSet(vectors, pd.DataFrame(index=[f"word{i}" for i in range(items)]), name="words")


def make_formulas(items: int, count: int) -> list[Formula]:
    """So many a - b + c; b and c are of one cluster."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(count):
        a, b = rng.integers(0, items, 2)
        c = (b + CLUSTERS * rng.integers(1, items // CLUSTERS)) % items
        found.append((f"word{a}", f"word{b}", f"word{c}"))
    return found


def gensim_answers(embeddings: EmbeddingSet) -> Callable[[Formula], list[str]] | None:
    """What gensim says, on the same array; None where it is not installed."""
    try:
        from gensim.models import KeyedVectors
    except ImportError:
        return None
    keyed: Any = KeyedVectors(embeddings.dimensions)
    keyed.vectors = embeddings.vectors
    keyed.index_to_key = embeddings.ids.tolist()
    keyed.key_to_index = {word: row for row, word in enumerate(keyed.index_to_key)}

    def answer(words: Formula) -> list[str]:
        a, b, c = words
        return [word for word, _ in keyed.most_similar(positive=[a, c], negative=[b], topn=TOP)]

    return answer


def our_answers(embeddings: EmbeddingSet, seed: int | None) -> Callable[[Formula], list[str]]:
    """What we say, with random formulas unless there is no seed."""

    def answer(words: Formula) -> list[str]:
        a, b, c = words
        return list(evaluate(embeddings, f"{a} - {b} + {c}", top=TOP, seed=seed).neighbours.index)

    return answer


def measure(embeddings: EmbeddingSet, rounds: int) -> tuple[dict[str, list[float]], int]:
    """Seconds of every call, the first one first, and how many formulas got other words from gensim."""
    ways = {GENSIM: gensim_answers(embeddings), OURS: our_answers(embeddings, 0), BARE: our_answers(embeddings, None)}
    able = {name: way for name, way in ways.items() if way is not None}
    took: dict[str, list[float]] = {name: [] for name in able}
    others = 0
    for words in make_formulas(len(embeddings), rounds + 1):
        said = {}
        for name, way in able.items():
            began = time.perf_counter()
            said[name] = way(words)
            took[name].append(time.perf_counter() - began)
        others += any(one != said[OURS] for one in said.values())
    return took, others


def main() -> int:
    """Measure and print a table; 1 where the answers differ or take too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--dimensions", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    embeddings = make_words(chosen.items, chosen.dimensions)
    took, others = measure(embeddings, chosen.rounds)
    print(f"{chosen.items:,} x {chosen.dimensions}, {os.cpu_count()} cores, medians over {chosen.rounds} calls\n")
    if GENSIM not in took:
        print("gensim is not installed: pip install -r requirements-bench.txt\n")
    base = median(took.get(GENSIM, took[OURS])[1:])
    print("| | first call | later calls | slowest of them | beside the first row |\n|---|---:|---:|---:|---:|")
    for name, (first, *later) in took.items():
        print(f"| {name} | {first:.2f} s | {median(later):.3f} s | {max(later):.3f} s | {median(later) / base:.2f} |")
    chance = evaluate(embeddings, "word1 - word2 + word3").evidence["random formulas"]
    print(f"\n{chance:.0f} random formulas each; {others} of {chosen.rounds + 1} formulas got other words")
    return int(others > 0 or median(took[OURS][1:]) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
