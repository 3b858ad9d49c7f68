"""PyTorch checkpoints: every layout of numbers, names as people know them, and agreement with PyTorch itself."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

import loaders
from cartography.errors import LoadError
from tests.data import ROOT
from tests.loaders import hdf5_files, wire_files
from tests.loaders import torch_files as made
from tests.loaders.made import vectors, write
from tests.loaders.test_safety import MEASURE

X = vectors()


def saved(tmp_path, body: bytes, storages: dict[str, bytes], **options):
    return write(tmp_path, "a.pt", made.zipped(body, storages, **options))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("dtype", ["f4", "f8", "f2", "i8", "u1"])
def test_plain_types_are_read_stored_or_packed(tmp_path, dtype, packed):
    stored = np.abs(X * 10).astype(dtype)
    path = write(tmp_path, "a.pt", made.state_dict({"w": stored}, packed))
    assert np.array_equal(loaders.load(path).vectors, stored.astype(np.float32))
    assert loaders.probe(path)[0].dtype == stored.dtype.name


def test_bfloat16_and_big_endian_numbers(tmp_path):
    bits = (X.view(np.uint32) >> 16).astype("<u2")
    body = made.mapped({"w": made.view(made.storage("0", "BFloat16Storage", 60), 0, (12, 5), (5, 1))})
    path = saved(tmp_path, body, {"0": bits.tobytes()})
    assert np.allclose(loaders.load(path).vectors, X, rtol=0.01)
    assert loaders.probe(path)[0].dtype == "bfloat16"
    body = made.mapped({"w": made.view(made.storage("0", "FloatStorage", 60), 0, (12, 5), (5, 1))})
    path = saved(tmp_path, body, {"0": X.astype(">f4").tobytes()}, order=b"big")
    assert np.array_equal(loaders.load(path).vectors, X)


def test_transposed_offset_overlapping_and_expanded_views_share_one_storage(tmp_path):
    numbers = np.arange(100, dtype=np.float32)
    held = made.storage("0", "FloatStorage", 100)
    views = {
        "plain": made.view(held, 0, (10, 10), (10, 1)),
        "turned": made.view(held, 0, (10, 10), (1, 10)),
        "late": made.view(held, 30, (7, 10), (10, 1)),
        "windows": made.view(held, 0, (9, 20), (10, 1)),
        "spread": made.view(held, 5, (4, 3), (0, 1)),
        "every other": made.view(held, 0, (5, 10), (20, 1)),
    }
    path = saved(tmp_path, made.mapped(views), {"0": numbers.tobytes()})
    read = {name: loaders.load(path, name).vectors for name in views}
    assert np.array_equal(read["plain"], numbers.reshape(10, 10))
    assert np.array_equal(read["turned"], numbers.reshape(10, 10).T)
    assert np.array_equal(read["late"], numbers[30:].reshape(7, 10))
    assert np.array_equal(read["windows"], np.lib.stride_tricks.sliding_window_view(numbers, 20)[::10])
    assert np.array_equal(read["spread"], np.tile(numbers[5:8], (4, 1)))
    assert np.array_equal(read["every other"], numbers.reshape(10, 10)[::2])


def test_legacy_files_and_views_of_storages_in_them(tmp_path):
    body = made.mapped({"a.weight": made.tensor("k1", X), "b.weight": made.tensor("k2", X[:4].T.copy())})
    data = made.legacy(body, {"k1": (60, X.tobytes()), "k2": (20, X[:4].T.tobytes())})
    path = write(tmp_path, "old.pth", data)
    assert np.array_equal(loaders.load(path, "a.weight").vectors, X)
    assert np.array_equal(loaders.load(path, "b.weight").vectors, X[:4].T)
    with pytest.raises(LoadError, match="cut short"):
        loaders.load(write(tmp_path, "short.pth", data[:-4]))


def test_names_lose_their_wrapper_and_keep_it_as_an_alias(tmp_path):
    inner = made.mapped({"encoder.embed.weight": made.tensor("0", X)})
    slots = made.mapped({"exp_avg": made.tensor("1", X)})
    settings = made.mapped({"lr": b"G" + bytes(8), "args": made.name("argparse", "Namespace") + b")\x81}b"})
    state = {"state_dict": inner, "optimizer_states": b"](" + slots + b"e", "hyper_parameters": settings}
    path = saved(tmp_path, made.mapped(state), {"0": X.tobytes(), "1": (X + 1).tobytes()})
    keys = {one.key: one.kind for one in loaders.probe(path)}
    assert keys == {"encoder.embed.weight": "linear", "optimizer_states.0.exp_avg": "optimiser state"} or keys[
        "encoder.embed.weight"
    ] in ("token table", "linear")
    embeddings = loaders.load(path)
    assert embeddings.provenance["key"] == "encoder.embed.weight"
    assert np.array_equal(loaders.load(path, "state_dict.encoder.embed.weight").vectors, X)
    assert any("argparse.Namespace" in note for note in embeddings.notes)


def test_a_vocabulary_in_the_checkpoint_labels_the_table(tmp_path):
    words = b"](" + b"".join(made.text(f"w{i}") for i in range(12)) + b"e"
    numbered = b"}(" + b"".join(made.text(f"v{i}") + made.number(i) for i in range(12)) + b"u"
    body = made.mapped({"model": made.mapped({"emb.weight": made.tensor("0", X)}), "itos": words, "stoi": numbered})
    items = loaders.load(saved(tmp_path, body, {"0": X.tobytes()})).items
    assert items["itos"].tolist()[:2] == ["w0", "w1"]
    assert items["stoi"].tolist()[-1] == "v11"


def test_shards_are_joined_and_a_missing_one_is_named(tmp_path):
    made.save(tmp_path / "pytorch_model-00001-of-00002.bin", {"embed.weight": X})
    made.save(tmp_path / "pytorch_model-00002-of-00002.bin", {"head.weight": X + 1})
    files = {"embed.weight": "pytorch_model-00001-of-00002.bin", "head.weight": "pytorch_model-00002-of-00002.bin"}
    index = write(tmp_path, "pytorch_model.bin.index.json", json.dumps({"weight_map": files}))
    for path in (index, tmp_path):
        assert np.array_equal(loaders.load(path, "head.weight").vectors, X + 1)
    assert {one.file for one in loaders.tensors(index)} == {index.name}
    (tmp_path / files["head.weight"]).unlink()
    with pytest.raises(LoadError, match="missing beside it: pytorch_model-00002"):
        loaders.load(index)


def test_only_the_bytes_of_one_tensor_are_read(tmp_path):
    """A file of 400 MB, mostly a hole on disk, of which one small tensor opens at once."""
    path = tmp_path / "big.pt"
    body = made.mapped({"huge": made.tensor("0", np.zeros((1, 1), np.float32)), "embed.weight": made.tensor("1", X)})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", made.pickled(body))
        with archive.open(zipfile.ZipInfo("archive/data/0"), "w") as stream:
            for _ in range(100):
                stream.write(bytes(1 << 22))
        archive.writestr("archive/data/1", X.tobytes())
    import tracemalloc

    tracemalloc.start()
    assert np.array_equal(loaders.load(path, "embed.weight").vectors, X)
    assert tracemalloc.get_traced_memory()[1] < 10e6
    tracemalloc.stop()


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peak memory is measured on Linux only")
def test_memory_stays_within_a_multiple_of_the_result(tmp_path):
    """Measured as for the other formats: each twice in a process of its own, the second time without its imports."""
    array = vectors(10_000, 512)
    made.save(tmp_path / "a.pt", {"w": array})
    turned = made.mapped(
        {"w": made.view(made.storage("0", "FloatStorage", array.size), 0, (10_000, 512), (1, 10_000))}
    )
    write(tmp_path, "a.th", made.zipped(turned, {"0": array.T.tobytes()}))
    write(tmp_path, "a.gguf", wire_files.gguf({"w": array}))
    write(tmp_path, "a.onnx", wire_files.onnx({"w": array}))
    hdf5_files.save(tmp_path / "a.h5", {"v": array})
    for kind, most in {"pt": 2, "gguf": 2, "onnx": 2, "h5": 2, "th": 3.5}.items():
        command = [sys.executable, "-c", MEASURE, str(tmp_path), kind, kind]
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
        assert float(run.stdout.split()[-1]) < most, (kind, run.stdout)


@pytest.mark.parametrize("form", ["zip", "legacy", "protocol 4"])
def test_pytorch_itself_reads_and_writes_the_same(tmp_path, form):
    torch = pytest.importorskip("torch", reason="PyTorch is compared with where it is installed")
    torch.manual_seed(0)
    base = torch.randn(40, 6)
    tensors = {
        "embed.weight": torch.nn.Parameter(base),
        "turned": base.T,
        "part": base[5:20, 1:4],
        "half": base.half(),
        "bf16": base.bfloat16(),
        "double": base.double(),
        "int8": (base * 10).to(torch.int8),
        "bool": base > 0,
        "conv": torch.randn(6, 3, 2, 2).to(memory_format=torch.channels_last),
        "expanded": base[:1].expand(4, 6),
    }
    if form == "zip":
        tensors |= {"fp8": base.to(torch.float8_e4m3fn), "e5m2": base.to(torch.float8_e5m2)}
    path = tmp_path / "a.pt"
    options = {"_use_new_zipfile_serialization": form != "legacy", "pickle_protocol": 4 if "4" in form else 2}
    torch.save({"epoch": 3, "state_dict": OrderedDict(tensors)}, path, **options)
    found = {one.name: one for one in loaders.tensors(path)}
    for name, tensor in tensors.items():
        want = tensor.detach().float().numpy().reshape(len(tensor), -1)
        assert found[name].shape == tuple(tensor.shape)
        assert np.array_equal(loaders.load(path, name).vectors, want), name
    assert np.array_equal(torch.load(made.save(tmp_path / "b.pt", {"w": X}))["w"].numpy(), X)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("make", ["sparse", "quantised", "complex"])
def test_tensors_of_other_kinds_are_refused_in_a_sentence(tmp_path, make):
    torch = pytest.importorskip("torch", reason="PyTorch writes the file")
    base = torch.randn(6, 4)
    tensor = {
        "sparse": lambda: base.relu().to_sparse(),
        "quantised": lambda: torch.quantize_per_tensor(base, 0.1, 0, torch.qint8),
        "complex": lambda: torch.complex(base, base),
    }[make]()
    torch.save({"plain": base, "odd": tensor}, tmp_path / "a.pt")
    assert np.array_equal(loaders.load(tmp_path / "a.pt", "plain").vectors, base.numpy())
    with pytest.raises(LoadError):
        torch.save({"odd": tensor}, tmp_path / "b.pt")
        loaders.load(tmp_path / "b.pt")
