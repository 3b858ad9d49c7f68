"""Files of analogies, beside gensim's `evaluate_word_analogies`: the same accuracy, and how long both take.

    python -m benchmarks.analogies
    python -m benchmarks.analogies --items 1000000 --questions 19544 --without-gensim

First on real words, if they lie beside the checkout: pairs of family words and capitals among 1,056 words. Then on
made ones: so many items of 300 dimensions, a hundred pairs of them with planted offsets and noise. Gensim's
`evaluate_word_analogies` solves by 3CosAdd; its `most_similar_cosmul` is asked question by question, with its epsilon
of 0.000001. Ours solves by 3CosAdd and 3CosMul, each with inputs excluded and not, and by two baselines.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import loaders
from cartography.concepts import AnalogyResults, read_questions, solve_analogies
from cartography.records import EmbeddingSet

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
DIMENSIONS, PAIRS = 300, 100


def real_questions() -> str:
    """The analogies that the real words are known for."""
    known = json.loads((SHARED / "EXPECTED.json").read_text(encoding="utf-8"))["words_dev_minilm"]
    lines = []
    for section in ("analogies_family", "analogies_capitals"):
        listed = [*known[section]["holds"], *known[section]["fails_examples"]]
        pairs = dict.fromkeys(pair for a, b, c, d, *_ in listed for pair in ((a, b), (c, d)))
        lines += [f": {section}", *(" ".join(first + second) for first, second in permutations(pairs, 2))]
    return "\n".join(lines)


def made(items: int, questions: int) -> tuple[EmbeddingSet, str]:
    """Items of which the first two hundred are pairs with nearly one offset; and questions about these."""
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((items, DIMENSIONS), dtype=np.float32)
    offset = rng.standard_normal(DIMENSIONS, dtype=np.float32)
    noise = rng.standard_normal((PAIRS, DIMENSIONS), dtype=np.float32)
    vectors[PAIRS : 2 * PAIRS] = vectors[:PAIRS] + offset + 3 * noise
    pairs = [(f"w{number}", f"w{PAIRS + number}") for number in range(PAIRS)]
    asked = [" ".join(first + second) for first, second in permutations(pairs, 2)]
    text = "\n".join([": planted", *(asked[number % len(asked)] for number in range(questions))])
    return EmbeddingSet(vectors, pd.DataFrame(index=[f"w{number}" for number in range(items)])), text


def ours(embeddings: EmbeddingSet, text: str) -> tuple[float, AnalogyResults]:
    """Seconds, and what came of it."""
    began = time.perf_counter()
    found = solve_analogies(embeddings, read_questions(text))
    return time.perf_counter() - began, found


def gensims(embeddings: EmbeddingSet, text: str) -> Iterator[tuple[str, str, float, float]]:
    """What gensim calls it, what we call it, seconds and accuracy; nothing where gensim is missing."""
    try:
        from gensim.models import KeyedVectors
    except ImportError:
        print("gensim is not installed: pip install -r requirements-bench.txt")
        return
    vectors: Any = KeyedVectors(embeddings.dimensions)
    vectors.add_vectors(list(embeddings.ids), embeddings.vectors)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.txt"
        path.write_text(text, encoding="utf-8")
        began = time.perf_counter()
        right, _ = vectors.evaluate_word_analogies(str(path), restrict_vocab=len(embeddings), case_insensitive=False)
        yield "evaluate_word_analogies", "add", time.perf_counter() - began, float(right)
    began = time.perf_counter()
    words = read_questions(text).words
    came = [vectors.most_similar_cosmul(positive=[b, c], negative=[a], topn=1)[0][0] for a, b, c, _ in words]
    right = np.mean([one == d for one, (*_, d) in zip(came, words, strict=True)])
    yield "most_similar_cosmul", "mul", time.perf_counter() - began, float(right)


def compare(name: str, embeddings: EmbeddingSet, text: str, with_gensim: bool) -> None:
    """Print a line for ours and one for each of gensim's; stop where the same method gives another accuracy."""
    seconds, found = ours(embeddings, text)
    whole, count = found.all, len(found.questions)
    what = f"{name} | {len(embeddings):,} x {embeddings.dimensions} | {count:,}"
    print(f"| {what} | ours, six ways at once | {seconds:.2f} s | {whole['add']:.2%} | {whole['mul']:.2%} |")
    for called, method, took, right in gensims(embeddings, text) if with_gensim else ():
        shown = {"add": "–", "mul": "–", method: f"{right:.2%}"}
        print(f"| {what} | gensim, {called} | {took:.2f} s | {shown['add']} | {shown['mul']} |")
        if abs(right - whole[method]) > 0.5 / count:
            raise SystemExit(f"{method}: gensim says {right:.4%}, we say {whole[method]:.4%}.")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--without-gensim", action="store_true")
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores\n")
    print("| words | items | questions | by | time | 3CosAdd | 3CosMul |\n|---|---:|---:|---|---:|---:|---:|")
    if SHARED.exists():
        words = loaders.load(SHARED / "words_dev" / "words_dev.txt")
        compare("real", words, real_questions(), not chosen.without_gensim)
    compare("made", *made(chosen.items, chosen.questions), not chosen.without_gensim)


if __name__ == "__main__":
    main()
