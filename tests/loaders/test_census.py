"""The census of a checkpoint: every tensor, its likely kind, and what a sample of it holds."""

from __future__ import annotations

import numpy as np
import pytest

import loaders
from cartography.errors import Cancelled, CartographyError
from loaders.arrays.checkpoint import Checkpoint
from loaders.base import loaders as registered
from tests.loaders import torch_files as made
from tests.loaders.examples import EXAMPLES
from tests.loaders.made import table, vectors, write

X = vectors()
CHECKPOINTS = [one.format.name for one in registered() if isinstance(one, Checkpoint) and one.format.available]


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_every_checkpoint_format_is_listed_and_what_is_listed_opens(tmp_path, name):
    path = EXAMPLES[name](tmp_path)
    rows = loaders.tensors(path, sampled=True)
    assert len({row.name for row in rows}) == len(rows) >= 1
    for row in rows:
        assert row.dtype
        assert row.file
        assert row.looked_at == X.size
        assert row.nans == 0
        assert loaders.load(path, row.name).vectors.size == X.size
    assert {row.kind for row in rows} <= {"token table", "optimiser state"}
    assert all(row.zeros is None for row in loaders.tensors(path))


def test_kinds_and_shares(tmp_path):
    half = np.where(np.arange(600).reshape(60, 10) % 2, 1, 0).astype(np.float32)
    holed = half.copy()
    holed[:, 0] = np.nan
    arrays = {
        "model.embed_tokens.weight": half,
        "model.position_embeddings.weight": holed,
        "model.layers.0.mlp.weight": half[:20],
        "model.layers.0.mlp.bias": half[0],
        "model.norm.weight": half[0],
        "conv.weight": half[:24].reshape(4, 3, 2, 10),
        "optimizer.exp_avg": half,
        "step": np.array(3, dtype=np.int64),
        "lm_head.weight": half,
        "empty": half[:0],
    }
    found = {row.name: row for row in loaders.tensors(made.save(tmp_path / "a.pt", arrays), sampled=True)}
    assert [found[name].kind for name in arrays] == [
        *("token table", "position table", "linear", "bias", "normalisation"),
        *("convolution", "optimiser state", "single value", "output layer", "linear"),
    ]
    assert found["model.embed_tokens.weight"].zeros == 0.5
    assert found["model.position_embeddings.weight"].nans == pytest.approx(0.1)
    assert found["empty"].zeros is None
    assert [name for name in arrays if not found[name].opens] == [
        *("model.layers.0.mlp.bias", "model.norm.weight", "step", "empty")
    ]


def test_a_large_tensor_is_sampled_from_its_beginning_to_its_end(tmp_path):
    array = np.zeros((4000, 500), np.float32)
    array[-1] = np.nan
    array[0] = 1
    row = loaders.tensors(made.save(tmp_path / "a.pt", {"w": array}), sampled=True)[0]
    assert row.looked_at <= 1 << 18
    assert row.nans > 0
    assert row.zeros < 1


def test_files_of_a_series_are_told_apart(tmp_path):
    files = [made.save(tmp_path / f"epoch_{i}.pt", {"w": X + i}) for i in range(3)]
    assert [row.file for row in loaders.tensors(files)] == [file.name for file in files]


def test_a_checkpoint_of_single_values_is_listed_and_no_checkpoint_is_told(tmp_path):
    assert loaders.tensors(made.save(tmp_path / "a.pt", {"b": X[0]}))[0].kind == "bias"
    with pytest.raises(CartographyError, match="no model checkpoint"):
        loaders.tensors(write(tmp_path, "a.csv", table(X, ",")))


def test_progress_is_told_and_a_stop_passes_through(tmp_path):
    path = made.save(tmp_path / "a.pt", {"a": X, "b": X})
    seen: list[float] = []
    loaders.tensors(path, sampled=True, progress=lambda event: seen.append(event.fraction))
    assert seen == [0, 0.5]

    def stop(_event):
        raise Cancelled

    with pytest.raises(Cancelled):
        loaders.tensors(path, sampled=True, progress=stop)
