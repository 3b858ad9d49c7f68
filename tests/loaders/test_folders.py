"""Files that lie together: models over the same items, folders, uploads that lost theirs."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.errors import LoadError
from cartography.records import EmbeddingStack
from tests.loaders.made import said, table, vectors, write

X = vectors()
LABELS = [f"label {i}" for i in range(12)]


def test_models_over_the_same_items_are_a_stack_when_listed(tmp_path):
    np.save(tmp_path / "small.npy", X[:, :3])
    np.save(tmp_path / "large.npy", X)
    stack = loaders.load([tmp_path / "small.npy", tmp_path / "large.npy"], labels=LABELS)
    assert isinstance(stack, EmbeddingStack)
    assert (stack.axis, stack.positions) == ("model", ("small", "large"))
    assert stack["large"].items["label"].tolist() == LABELS
    np.save(tmp_path / "other.npy", X[:5])
    unlike = [tmp_path / "small.npy", tmp_path / "other.npy"]
    assert not any(candidate.kind == "stack" for candidate in loaders.probe(unlike))


def test_members_with_ids_are_put_into_the_same_order(tmp_path):
    for place, order in enumerate(([0, 1, 2, 3], [2, 0, 3, 1])):
        frame = pd.DataFrame({"id": [f"k{i}" for i in order], "embedding": [X[i].tolist() for i in order]})
        frame.to_parquet(tmp_path / f"epoch_{place}.parquet")
    stack = loaders.load([tmp_path / "epoch_0.parquet", tmp_path / "epoch_1.parquet"])
    assert np.array_equal(stack[0].vectors, stack[1].vectors)
    assert said(stack, "put into the order of")
    frame = pd.DataFrame({"id": ["k0", "k1", "k2", "k9"], "embedding": X[:4].tolist()})
    frame.to_parquet(tmp_path / "epoch_2.parquet")
    with pytest.raises(LoadError, match="do not hold the same items: 'k3' is missing"):
        loaders.load([tmp_path / f"epoch_{i}.parquet" for i in range(3)])


def test_a_folder_opens_what_it_holds(tmp_path):
    folder = tmp_path / "default" / "00000"
    write(folder, "tensors.tsv", table(X))
    write(folder, "metadata.tsv", "\n".join(LABELS))
    write(folder, ".hidden", "x")
    embeddings = loaders.load(tmp_path)
    assert embeddings.items["label"].tolist() == LABELS


def test_a_folder_of_unrelated_files_is_not_chosen_from(tmp_path):
    np.save(tmp_path / "apples.npy", X)
    np.save(tmp_path / "pears.npy", X + 1)
    with pytest.raises(LoadError, match=r"equal standing: apples\.npy .*pears\.npy"):
        loaders.load(tmp_path)
    assert np.array_equal(loaders.load(tmp_path, key="pears.npy").vectors, X + 1)


def test_pytorch_writes_its_configuration_two_folders_up(tmp_path):
    write(tmp_path, "00000/default/tensors.tsv", table(X))
    write(tmp_path, "00000/default/metadata.tsv", "\n".join(LABELS))
    text = 'embeddings {\n tensor_name: "default:00000"\n tensor_path: "00000/default/tensors.tsv"\n'
    text += ' metadata_path: "00000/default/metadata.tsv"\n}\n'
    config = write(tmp_path, "projector_config.pbtxt", text)
    for path in (config, tmp_path):
        embeddings = loaders.load(path)
        assert np.array_equal(embeddings.vectors, X)
        assert embeddings.items["label"].tolist() == LABELS
        assert loaders.probe(path)[0].key == "default:00000"


def test_uploads_without_their_folders_still_find_each_other(tmp_path):
    config = json.dumps(
        {
            "embeddings": [
                {
                    "tensorName": "a",
                    "tensorPath": "deep/t.bytes",
                    "tensorShape": [12, 5],
                    "metadataPath": "deep/m.tsv",
                }
            ]
        }
    )
    files = [
        write(tmp_path / "1", "projector_config.json", config),
        write(tmp_path / "2", "t.bytes", X.tobytes()),
        write(tmp_path / "3", "m.tsv", "\n".join(LABELS)),
    ]
    for order in (files, files[::-1]):
        embeddings = loaders.load(order)
        assert np.array_equal(embeddings.vectors, X)
        assert embeddings.items["label"].tolist() == LABELS


@pytest.mark.parametrize("path", ["../secret.tsv", "/etc/passwd", "..\\secret.tsv", "link.tsv", "\0"])
def test_a_configuration_cannot_reach_outside_its_folder(tmp_path, path):
    write(tmp_path, "secret.tsv", table(X))
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link.tsv").symlink_to(tmp_path / "secret.tsv")
    config = write(
        inner, "projector_config.json", json.dumps({"embeddings": [{"tensorName": "a", "tensorPath": path}]})
    )
    with pytest.raises(LoadError, match="not beside it"):
        loaders.load(config)


def test_a_broken_file_of_vectors_is_not_replaced_by_its_metadata(tmp_path):
    pd.DataFrame({"height": range(12), "weight": range(12)}).to_csv(tmp_path / "metadata.csv", index=False)
    np.save(tmp_path / "vectors.npy", X)
    broken = write(tmp_path, "vectors.npy", (tmp_path / "vectors.npy").read_bytes()[:-9])
    with pytest.raises(LoadError, match=r"vectors\.npy is cut short"):
        loaders.load([broken, tmp_path / "metadata.csv"])


def test_arrays_of_vectors_find_their_labels_beside_them(tmp_path):
    for vectors_name, labels_name in (
        ("X.npy", "y.npy"),
        ("embeddings.npy", "labels.npy"),
        ("a.npy", "a_labels.txt"),
    ):
        np.save(tmp_path / vectors_name, X)
        if labels_name.endswith("npy"):
            np.save(tmp_path / labels_name, np.array(LABELS))
        else:
            write(tmp_path, labels_name, "\n".join(LABELS))
        assert loaders.load(tmp_path / vectors_name).items["label"].tolist() == LABELS
        assert loaders.load(tmp_path / vectors_name, beside=False).items.empty
