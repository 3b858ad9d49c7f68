"""How the time of each stage grows with items and processors, and how far it is from what the machine can do.

    python -m benchmarks.engine --scaling

Vectors are the first n of the text-like ones; the graph holds 30 neighbours, of which UMAP takes 15. Each size and
number of processors has a process of its own that may use no other processors, and stages run warm.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.engine_results import ROOT, Results

SIZES = (2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)
DIMENSIONS = 384
NEIGHBOURS, FOR_UMAP = 30, 15
EXACT, NEAR, PUSHED, SPRUNG = "neighbours, exact", "neighbours, approximate", "UMAP layout", "t-SNE layout"
STAGES = (EXACT, NEAR, "start by PCA", "UMAP strengths", PUSHED, "t-SNE affinities", SPRUNG)
_EXACT_UP_TO = 20_000


# ---------------------------------------------------------------- the parent's side
def measure(results: Results, folder: Path, rounds: int, cap: float, sizes: tuple[int, ...] = SIZES) -> None:
    """Measure every size on one processor and on all, smallest first; a size that takes too long is the last."""
    _prepare(folder, max(sizes))
    for turn in range(rounds):
        too_many = dict.fromkeys(processor_counts(), max(sizes) + 1)
        for n in sizes:
            for threads in processor_counts():
                known = {"n": n, "threads": threads, "round": turn}
                if n >= too_many[threads] or results.of("scaling", stage=SPRUNG, **known):
                    continue
                if not _one(results, folder, known, cap):
                    too_many[threads] = n
                    print(f"{n:,} items on {threads}: stopped; larger ones are left out", file=sys.stderr)


def processor_counts() -> tuple[int, ...]:
    """One, and all there are."""
    return tuple(sorted({1, len(_processors())}))


def _one(results: Results, folder: Path, known: dict[str, int], cap: float) -> bool:
    """Run one process and keep what it said, whether it came to its end or not; return whether it did."""
    threads = str(known["threads"])
    command = [sys.executable, "-m", "benchmarks.engine_scaling", "--folder", str(folder)]
    command += ["--n", str(known["n"]), "--threads", threads]
    limits = {f"{library}_NUM_THREADS": threads for library in ("OPENBLAS", "OMP", "MKL", "NUMBA")}
    with _only(known["threads"]):
        try:
            done = subprocess.run(
                command, cwd=ROOT, env={**os.environ, **limits}, capture_output=True, text=True, timeout=cap
            )
            said, ended, trouble = done.stdout, done.returncode == 0, done.stderr
        except subprocess.TimeoutExpired as stopped:
            said, ended, trouble = (stopped.stdout or b"").decode(), False, f"longer than {cap:.0f} s"
    for text in said.splitlines():
        if text.startswith("{") and text.endswith("}"):
            results.add({**json.loads(text), **known})
            print(f"{known}: {text}", file=sys.stderr)
    if not ended:
        print("\n".join(trouble.strip().splitlines()[-1:]), file=sys.stderr)
    return ended


def _processors() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


@contextmanager
def _only(threads: int) -> Iterator[None]:
    """Keep this process, and what it starts, on a few processors, where the system can do that."""
    all_of_them = _processors()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, all_of_them[:threads])
    try:
        yield
    finally:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, all_of_them)


def _prepare(folder: Path, most: int) -> None:
    """Write the vectors once, in a process that takes their memory with it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / f"texts_{most}.npy").exists():
        code = (
            "import sys, numpy\nfrom benchmarks.engine_data import texts\n"
            "numpy.save(sys.argv[1], texts(int(sys.argv[2]), int(sys.argv[3]))[0])\n"
            "from cartography.kernels.compiling import ensure_compiled\nensure_compiled()"
        )
        target = folder / f"texts_{most}.npy"
        subprocess.run([sys.executable, "-c", code, target, str(most), str(DIMENSIONS)], cwd=ROOT, check=True)


# ---------------------------------------------------------------- the child's side
def stages(folder: Path, n: int, threads: int) -> Iterator[dict[str, Any]]:
    """Yield a line for every stage as it is done, and one for the machine's limits."""
    import numpy as np

    from benchmarks.engine_cells import import_kernels
    from cartography.neighbours import find_neighbours
    from cartography.projectors.affinities import affinities
    from cartography.projectors.base import Task
    from cartography.projectors.memberships import curve, memberships
    from cartography.projectors.start import first_coordinates
    from cartography.projectors.tsne_layout import Schedule, lay_out_tsne
    from cartography.projectors.umap_layout import Course, lay_out_umap

    import_kernels()
    largest = max(folder.glob("texts_*.npy"), key=lambda path: path.stat().st_size)
    embeddings = _as_set(np.load(largest, mmap_mode="r")[:n])
    yield _limits(n, threads)
    if n <= _EXACT_UP_TO:
        _, line = _timed(EXACT, lambda: find_neighbours(embeddings, NEIGHBOURS, "euclidean", exact=True))
        yield {**line, "gflop": 2 * n * n * DIMENSIONS / 1e9}
    with _counted_products() as pairs:
        graph, line = _timed(NEAR, lambda: find_neighbours(embeddings, NEIGHBOURS, "euclidean", exact=False))
    yield {**line, "compared": sum(pairs), "recall": graph.recall}
    start, line = _timed("start by PCA", lambda: first_coordinates(Task(embeddings, {}), 4.0))
    yield line
    strengths, line = _timed("UMAP strengths", lambda: memberships(graph.take(FOR_UMAP)))
    yield line
    course = Course(*curve(0.1, 1.0))
    _, line = _timed(PUSHED, lambda: lay_out_umap(strengths, start, course, threads=threads))
    yield {**line, **_evaluated(strengths, course)}
    ties, line = _timed("t-SNE affinities", lambda: affinities(graph, 30.0))
    yield line
    _, line = _timed(SPRUNG, lambda: lay_out_tsne(ties, start * 2.5e-5, Schedule(), threads=threads))
    yield line


def _timed(stage: str, work: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    began, cpu = time.perf_counter(), time.process_time()
    result = work()
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    return result, {"kind": "scaling", "stage": stage, **spent}


def _as_set(vectors: Any) -> Any:
    import numpy as np
    import pandas as pd

    from cartography.records import EmbeddingSet

    return EmbeddingSet(np.array(vectors), pd.DataFrame(index=[str(row) for row in range(len(vectors))]))


def _limits(n: int, threads: int) -> dict[str, Any]:
    from benchmarks.engine_machine import gathers, reading, sgemm

    return {"kind": "machine", "sgemm": sgemm(threads), "read": reading(threads), "gathers": gathers(threads, n)}


def _evaluated(strengths: Any, course: Any) -> dict[str, float]:
    """How many pairs of items a layout evaluates: every tie, and those that push, in every epoch."""
    pushes = course.negatives * float(strengths.sum() / strengths.data.max())
    return {"pairs": course.epochs * (strengths.nnz + pushes), "ties": course.epochs * strengths.nnz}


@contextmanager
def _counted_products() -> Iterator[list[int]]:
    """Count the inner products that the approximate search makes; they all pass through one kernel."""
    from cartography.kernels import neighbour_search

    counts: list[int] = []
    push = neighbour_search.push

    def counting(products: Any, *rest: Any) -> None:
        counts.append(products.size)
        push(products, *rest)

    neighbour_search.push = counting
    try:
        yield counts
    finally:
        neighbour_search.push = push


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--n", type=int)
    parser.add_argument("--threads", type=int)
    chosen = parser.parse_args()
    os.cpu_count = lambda: chosen.threads  # what the engine asks for the number of its threads
    for line in stages(chosen.folder, chosen.n, chosen.threads):
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
