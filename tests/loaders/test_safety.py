"""A file is written by a stranger: whatever it does, one clear sentence comes out, soon, and within bounds."""

from __future__ import annotations

import ast
import bz2
import gzip
import io
import lzma
import os
import pickle
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

import loaders
from cartography.errors import CartographyError, LoadError
from tests.data import ROOT
from tests.loaders.made import table, vectors, write

X = vectors()


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return (open, (self.path, "w"))


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.pkl", "a.parquet", "a.csv", "a.json", "a.safetensors", "a"])
def test_nothing_is_ever_unpickled(tmp_path, name):
    trap = tmp_path / "executed"
    bomb = Bomb(str(trap))
    stream = io.BytesIO()
    if name.endswith("npz"):
        np.savez(stream, a=np.array([bomb], dtype=object))
    elif name.endswith("npy"):
        np.save(stream, np.array([bomb], dtype=object), allow_pickle=True)
    else:
        pickle.dump(bomb, stream)
    path = write(tmp_path, name, stream.getvalue())
    for call in (loaders.probe, loaders.load):
        with pytest.raises(LoadError):
            call(path)
    assert not trap.exists()


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress, lambda d: pa.compress(d, "zstd", asbytes=True)]
)
def test_packed_text_that_never_ends_is_stopped(tmp_path, monkeypatch, pack):
    import loaders.files.limits as limits

    monkeypatch.setattr(limits, "FREE", 1 << 18)
    monkeypatch.setattr(limits, "RATIO", 100)
    row = b"0.5,0.25,0.125\n"
    path = write(tmp_path, "a.csv.gz", pack(row * 60_000))
    assert path.stat().st_size * limits.RATIO < len(row) * 60_000
    with pytest.raises(LoadError, match="decompression bomb"):
        loaders.load(path)


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress, lambda d: pa.compress(d, "zstd", asbytes=True)]
)
def test_packed_text_cut_short_is_refused(tmp_path, pack):
    data = pack(table(vectors(3000, 5), ",").encode())
    with pytest.raises(LoadError):
        loaders.load(write(tmp_path, "a.csv.gz", data[: len(data) // 2]))


def test_a_line_without_end_is_refused_in_bounded_memory(tmp_path, monkeypatch):
    import loaders.text.encoding as encoding
    import loaders.text.pieces as pieces

    monkeypatch.setattr(encoding, "MAX_LINE", 1 << 20)
    with pytest.raises(LoadError, match="longer than"):
        loaders.load(write(tmp_path, "a.csv", "1," * (1 << 20)))
    monkeypatch.setattr(pieces, "MAX_LINE", 1 << 16)
    monkeypatch.setattr(pieces, "_BLOCK", 1 << 14)
    late = table(vectors(50_000, 5), ",") + "1," * (1 << 18)
    with pytest.raises(LoadError, match="longer than"):
        loaders.load(write(tmp_path, "b.csv", late))


def test_a_parquet_that_claims_more_rows_than_memory_is_refused(tmp_path, monkeypatch):
    import loaders.files.limits as limits

    pq.write_table(
        pa.table({"v": pa.array([[0.0] * 64] * 20_000, pa.list_(pa.float32(), 64))}), tmp_path / "a.parquet"
    )
    monkeypatch.setattr(limits, "_physical", lambda: 4 << 20)
    with pytest.raises(LoadError, match="of memory") as raised:
        loaders.load(tmp_path / "a.parquet")
    assert "sample=" in raised.value.hint
    assert len(loaders.load(tmp_path / "a.parquet", sample=100)) == 100


def test_labels_are_text_and_stay_as_they_are(tmp_path):
    labels = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "\x1b[31mred",
        "a\u202eb",
        "'; DROP TABLE x; --",
        "x" * 10**6,
    ]
    pd.DataFrame({"embedding": X[:6].tolist(), "label": labels}).to_parquet(tmp_path / "a.parquet")
    pd.DataFrame({"embedding": X[:6].tolist(), "label": labels}).to_json(
        tmp_path / "a.jsonl", orient="records", lines=True
    )
    pd.DataFrame(X[:6], columns=list("abcde")).assign(label=labels).to_csv(tmp_path / "a.csv", index=False)
    for name in ("a.parquet", "a.jsonl", "a.csv"):
        assert loaders.load(tmp_path / name).items["label"].tolist() == labels


def test_a_label_of_a_megabyte_among_many_rows_costs_a_megabyte(tmp_path):
    n = 2000
    frame = pd.DataFrame(vectors(n, 4), columns=list("abcd")).assign(
        label=["x" * 10**6, *["y"] * (n - 1)], id=range(n)
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    tracemalloc.start()
    loaders.load(tmp_path / "a.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


MOST = {"npy": 2, "npz": 2, "safetensors": 2, "parquet": 4, "csv": 8, "jsonl": 10}


MEASURE = """
import sys, loaders, pyarrow.csv, pyarrow.json, pyarrow.parquet

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

for kind in sys.argv[2:]:
    open("/proc/self/clear_refs", "w").write("5")
    before = peak()
    size = loaders.load(f"{sys.argv[1]}/a.{kind}").vectors.nbytes
    print(kind, (peak() - before) / size)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peak memory is measured on Linux only")
def test_memory_stays_within_a_multiple_of_the_result(tmp_path):
    """Measured in a process of its own, above what the libraries take, on results of 20 MB."""
    n, d = 10_000, 512
    array = np.round(np.random.default_rng(0).normal(size=(n, d)).astype(np.float32), 3)
    np.save(tmp_path / "a.npy", array)
    np.savez(tmp_path / "a.npz", a=array)
    (tmp_path / "a.safetensors").write_bytes(_safetensors(array))
    csv.write_csv(pa.table({f"d{i}": array[:, i] for i in range(d)}), tmp_path / "a.csv")
    lists = pa.FixedSizeListArray.from_arrays(pa.array(array.reshape(-1)), d)
    pq.write_table(pa.table({"v": lists}), tmp_path / "a.parquet")
    rows = (tmp_path / "a.csv").read_text().splitlines()[1:]
    (tmp_path / "a.jsonl").write_text("\n".join(f'{{"v": [{row}]}}' for row in rows))
    command = [sys.executable, "-c", MEASURE, str(tmp_path), *MOST]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    found = {kind: float(share) for kind, share in map(str.split, run.stdout.splitlines())}
    assert set(found) == set(MOST)
    assert all(found[kind] < most for kind, most in MOST.items()), found


def _safetensors(array: np.ndarray) -> bytes:
    import json

    head = json.dumps({"t": {"dtype": "F32", "shape": list(array.shape), "data_offsets": [0, array.nbytes]}}).encode()
    return len(head).to_bytes(8, "little") + head + array.tobytes()


def test_pipes_devices_and_folders_are_not_read(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    (tmp_path / "folder.npy").mkdir()
    for path in (pipe, tmp_path / "folder.npy", "/dev/zero", "/dev/null"):
        with pytest.raises(LoadError):
            loaders.load(path)
        with pytest.raises(LoadError):
            loaders.load([path, path])


def test_links_in_a_folder_do_not_lead_outside(tmp_path):
    outside = write(tmp_path, "outside/secret.csv", table(X, ","))
    inside = write(tmp_path, "inside/own.csv", table(X + 1, ","))
    (tmp_path / "inside" / "link.csv").symlink_to(outside)
    (tmp_path / "inside" / "loop").symlink_to(tmp_path / "inside")
    assert np.allclose(loaders.load(inside.parent).vectors, X + 1)


def test_odd_names_are_only_names(tmp_path):
    for name in ("a b;rm -rf ~.npy", "héllo wörld.npy", "a" * 250 + ".npy", "-flag.npy", "a\nb.npy", ".npy"):
        np.save(tmp_path / "plain.npy", X)
        path = (tmp_path / "plain.npy").rename(tmp_path / name)
        assert np.array_equal(loaders.load(path).vectors, X)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path):
    path = write(tmp_path, "a.csv", table(X, ","))
    path.chmod(0)
    with pytest.raises(LoadError, match="may not be read"):
        loaders.load(path)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n", "Git LFS"),
        (b"<!DOCTYPE html>\n<html><body>404</body></html>", "web page"),
        (b"%PDF-1.7 something", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture"),
        (b"SQLite format 3\0" + bytes(80), "SQLite"),
        (bytes(range(256)) * 4, "no format known"),
    ],
)
@pytest.mark.parametrize("name", ["a.npy", "a.csv", "a.parquet", "a.json", "a.safetensors", "a.npz", "a.xyz"])
def test_files_that_stand_in_for_data_are_told(tmp_path, content, part, name):
    with pytest.raises(LoadError) as raised:
        loaders.load(write(tmp_path, name, content))
    own = name != "a.xyz" and "no format" in part  # then the loader of that suffix says what is wrong with it
    assert own or part in raised.value.message
    assert raised.value.hint


def test_a_zip_with_odd_members_is_only_looked_at(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        for name in ("../../up.npy", "/abs.npy", "C:\\x.npy", "plain.npy"):
            stream = io.BytesIO()
            np.save(stream, X)
            archive.writestr(name, stream.getvalue())
        link = zipfile.ZipInfo("link.npy")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(LoadError):
        loaders.load(tmp_path / "a.npz")
    assert not (tmp_path.parent.parent / "up.npy").exists()


def test_only_light_modules_are_imported_at_the_top():
    allowed = {"numpy", "pandas", "cartography", "loaders", *sys.stdlib_module_names}
    for path in sorted((ROOT / "loaders").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in allowed, f"{path.name} imports {name} at the top"
                if name.startswith("cartography."):
                    assert name.split(".")[1] in ("records", "errors", "progress", "parameters"), (path, name)


def test_forbidden_words_do_not_occur():
    """Nothing in the package can run what a file holds."""
    forbidden = {"eval", "exec", "compile", "__import__"}
    for path in (ROOT / "loaders").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert not calls & forbidden, path
        assert not modules & {"pickle", "marshal", "shelve", "subprocess"}, path


def test_every_error_is_of_the_family_and_has_its_cause(tmp_path, monkeypatch):
    import loaders.embeddings.npy as npy

    np.save(tmp_path / "a.npy", X)

    def broken(*_):
        raise KeyError("a fault of our own")

    monkeypatch.setattr(npy, "_array", broken)
    with pytest.raises(CartographyError) as raised:
        loaders.load(tmp_path / "a.npy")
    assert isinstance(raised.value.__cause__, KeyError)
    assert "a fault of our own" in raised.value.message


def test_memory_that_runs_out_is_said(tmp_path, monkeypatch):
    import loaders.embeddings.npy as npy

    np.save(tmp_path / "a.npy", X)
    monkeypatch.setattr(npy, "_array", lambda *_: (_ for _ in ()).throw(MemoryError()))
    with pytest.raises(LoadError, match="does not fit into memory"):
        loaders.load(tmp_path / "a.npy")
