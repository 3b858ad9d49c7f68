"""How fast files load, beside the libraries that people use for them.

    python -m benchmarks.loading                     100,000 × 384, three rounds, the table on the screen
    python -m benchmarks.loading --write             the same, and the table into docs/performance.md
    python -m benchmarks.loading --rows 20000 --rounds 5

The files are written to a temporary folder and read warm. Ours and a peer's take turns, so that a busy machine slows
both; the median of the rounds counts. MB/s are those of the float32 result, whatever the size of the file.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from pyarrow import feather

import loaders

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- loading: written by python -m benchmarks.loading --write -->\n", "<!-- end of loading -->"


SLOW = 20.0


@dataclass(frozen=True)
class Case:
    """A format: how a file of it is written, and how a peer reads it, by name; `needs` is the peer's library."""

    name: str
    file: str
    write: Callable[[Path, np.ndarray, list[str]], None]
    peer: str = ""
    needs: str = ""
    read: Callable[[Path], object] | None = None


def _npz(path: Path, x: np.ndarray, _: list[str]) -> None:
    np.savez(path, embeddings=x)


def _safetensors(path: Path, x: np.ndarray, _: list[str]) -> None:
    import json

    head = json.dumps({"t": {"dtype": "F32", "shape": list(x.shape), "data_offsets": [0, x.nbytes]}}).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + x.tobytes())


def _table(x: np.ndarray, words: list[str], fixed: bool = False) -> pa.Table:
    flat = pa.array(x.reshape(-1))
    offsets = np.arange(0, x.size + 1, x.shape[1], dtype=np.int32)
    lists = pa.FixedSizeListArray.from_arrays(flat, x.shape[1]) if fixed else pa.ListArray.from_arrays(offsets, flat)
    return pa.table({"word": words, "embedding": lists})


def _parquet(path: Path, x: np.ndarray, words: list[str]) -> None:
    pq.write_table(_table(x, words), path, use_dictionary=["word"])


def _arrow(path: Path, x: np.ndarray, words: list[str]) -> None:
    feather.write_feather(_table(x, words, fixed=True), path, compression="uncompressed")


def _csv(path: Path, x: np.ndarray, words: list[str]) -> None:
    columns = {"word": words} | {f"dim_{i}": x[:, i] for i in range(x.shape[1])}
    pa.csv.write_csv(pa.table(columns), path)


def _text(path: Path, x: np.ndarray, words: list[str]) -> None:
    columns = {"word": words} | {str(i): x[:, i] for i in range(x.shape[1])}
    options = pa.csv.WriteOptions(include_header=False, delimiter=" ", quoting_style="none")
    with path.open("wb") as stream:
        stream.write(b"%d %d\n" % x.shape)
        pa.csv.write_csv(pa.table(columns), stream, options)


def _binary(path: Path, x: np.ndarray, words: list[str]) -> None:
    with path.open("wb") as stream:
        stream.write(b"%d %d\n" % x.shape)
        for word, row in zip(words, x, strict=True):
            stream.write(word.encode() + b" " + row.tobytes() + b"\n")


def _jsonl(path: Path, x: np.ndarray, words: list[str]) -> None:
    with path.open("w") as stream:
        for word, row in zip(words, x, strict=True):
            stream.write(f'{{"word": "{word}", "embedding": [{", ".join(f"{value:.6f}" for value in row)}]}}\n')


def _fasttext(path: Path, x: np.ndarray, words: list[str]) -> None:
    from tests.loaders.examples import fasttext

    path.write_bytes(fasttext([word.encode() for word in words], x))


def _faiss(path: Path, x: np.ndarray, _: list[str]) -> None:
    from tests.loaders.examples import flat_index

    path.write_bytes(flat_index(x))


def _zarr(path: Path, x: np.ndarray, _: list[str]) -> None:
    from tests.loaders.examples import zarr_2

    zarr_2(path, x, 4096)


def _in_pandas(path: Path) -> object:
    return pd.read_csv(path)


def _from_parquet(path: Path) -> object:
    return np.stack(pd.read_parquet(path)["embedding"].to_numpy())


def _gensim(binary: bool) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        from gensim.models import KeyedVectors

        return KeyedVectors.load_word2vec_format(str(path), binary=binary)

    return read


def _read_safetensors(path: Path) -> object:
    from safetensors.numpy import load_file

    return load_file(path)


def _read_faiss(path: Path) -> object:
    import faiss

    index = faiss.read_index(str(path))
    return index.reconstruct_n(0, index.ntotal)


def _read_zarr(path: Path) -> object:
    import zarr

    return zarr.open(str(path), mode="r")[:]


CASES = (
    Case("NumPy array", "a.npy", lambda path, x, _: np.save(path, x), "numpy.load", "numpy", np.load),
    Case("NumPy archive", "a.npz", _npz, "numpy.load", "numpy", lambda path: np.load(path)["embeddings"]),
    Case("safetensors", "a.safetensors", _safetensors, "safetensors", "safetensors", _read_safetensors),
    Case("Arrow / Feather", "a.feather", _arrow, "pandas.read_feather", "pandas", pd.read_feather),
    Case("Parquet, lists", "a.parquet", _parquet, "pandas, stacked", "pandas", _from_parquet),
    Case("FAISS, flat", "a.faiss", _faiss, "faiss", "faiss", _read_faiss),
    Case("Zarr, zlib", "a.zarr", _zarr, "zarr", "zarr", _read_zarr),
    Case("word2vec binary", "a.bin", _binary, "gensim", "gensim", _gensim(True)),
    Case("fastText model", "b.bin", _fasttext),
    Case("word2vec text", "a.vec", _text, "gensim", "gensim", _gensim(False)),
    Case("CSV", "a.csv", _csv, "pandas.read_csv", "pandas", _in_pandas),
    Case("JSON lines", "a.jsonl", _jsonl, "pandas.read_json", "pandas", lambda path: pd.read_json(path, lines=True)),
)


def measured(case: Case, path: Path, rounds: int) -> tuple[float, float | None]:
    """Return the median seconds of ours and of the peer, None without one.

    The first round warms both up; a peer that takes longer than `SLOW` has no other.
    """
    ours: list[float] = []
    theirs: list[float] = []
    peer = case.read if case.needs and find_spec(case.needs) else None
    for number in range(rounds + 1):
        ours.append(_timed(loaders.load, path))
        if peer is not None and not (number and theirs[0] > SLOW):
            theirs.append(_timed(peer, path))
    return statistics.median(ours[1:]), statistics.median(theirs[1:] or theirs) if theirs else None


def _timed(read: Callable[[Path], object], path: Path) -> float:
    began = time.perf_counter()
    kept = read(path)
    seconds = time.perf_counter() - began
    del kept
    return seconds


def rows_of(n: int, d: int, rounds: int, only: str) -> Iterator[str]:
    """Yield the table line by line, as it is measured."""
    x = np.round(np.random.default_rng(0).normal(size=(n, d)), 6).astype(np.float32)
    words = [f"word{i}" for i in range(n)]
    yield "| format | file, MB | ours, s | MB/s | rows/s | beside it | its s | its MB/s |"
    yield "|---|---|---|---|---|---|---|---|"
    for case in CASES:
        if only and only not in case.name:
            continue
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            path = Path(folder) / case.file
            case.write(path, x, words)
            size = sum(one.stat().st_size for one in [path, *path.rglob("*")] if one.is_file()) / 1e6
            ours, theirs = measured(case, path, rounds)
        beside = f"{case.peer} | {theirs:.2f} | {x.nbytes / theirs / 1e6:,.0f}" if theirs else _missing(case)
        yield (
            f"| {case.name} | {size:,.0f} | {ours:.2f} | {x.nbytes / ours / 1e6:,.0f} | {n / ours:,.0f} | {beside} |"
        )


def _missing(case: Case) -> str:
    return f"{case.peer} is not installed | |" if case.peer else "| |"


def with_table(page: str, table: str) -> str:
    """Return the page with the table between its markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{PAGE.name} has no lines {BEGIN.strip()!r} and {END!r}.")
    return f"{before}{begin}\n{table}\n\n{end}{after}"


def main() -> int:
    """Measure, print, and write when asked."""
    parser = argparse.ArgumentParser(description="How fast files load.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--dimensions", type=int, default=384)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="formats whose name holds this")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    lines = []
    for line in rows_of(chosen.rows, chosen.dimensions, chosen.rounds, chosen.only):
        print(line, flush=True)
        lines.append(line)
    where = (
        f"{chosen.rows:,} × {chosen.dimensions} float32, medians of {chosen.rounds} rounds, warm; Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} at the start and "
        f"{os.getloadavg()[0]:.1f} at the end."
    )
    print(where)
    if chosen.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(with_table(page, "\n".join([where, "", *lines])), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
