"""A zip of files opens as a folder; a folder of the Embedding Projector opens with everything it names."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import loaders
from cartography.errors import LoadError
from cartography.records import EmbeddingStack
from tests.loaders.made import table, vectors, write

X = vectors()
WORDS = [f"w{i}" for i in range(12)]


def packed(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("prefix", ["", "things/", "a/b/"])
@pytest.mark.parametrize("name", ["things.zip", "download"])
def test_a_zip_of_tensors_and_metadata(tmp_path, prefix, name):
    files = {f"{prefix}tensors.tsv": table(X), f"{prefix}metadata.tsv": "\n".join(WORDS), "__MACOSX/._x": b"junk"}
    path = packed(tmp_path / name, files)
    for given in (path, [path], str(path)):
        embeddings = loaders.load(given)
        assert np.array_equal(embeddings.vectors, X)
        assert embeddings.items["label"].tolist() == WORDS
    assert loaders.probe(path)[0].shape == X.shape


def test_a_zip_of_layers_is_a_stack_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()
    files = {}
    for place in range(3):
        stream = io.BytesIO()
        np.save(stream, X + place)
        files[f"layer_{place}.npy"] = stream.getvalue()
    stack = loaders.load(packed(tmp_path / "layers.zip", files))
    assert isinstance(stack, EmbeddingStack)
    assert np.allclose(stack[2].vectors, X + 2)
    assert list((tmp_path / "room").iterdir()) == []


@pytest.mark.parametrize("name", ["../up.tsv", "/abs.tsv", "a/../../up.tsv", "C:\\x.tsv", "..\\up.tsv", "n" * 300])
def test_members_that_lead_outside_are_refused(tmp_path, name):
    path = packed(tmp_path / "a.zip", {"tensors.tsv": table(X), name: "x"})
    with pytest.raises(LoadError, match="refused"):
        loaders.load(path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]


def test_links_encryption_bombs_and_too_many_files_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        link = zipfile.ZipInfo("tensors.tsv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    bomb = packed(tmp_path / "bomb.zip", {"tensors.tsv": b"0\t1\n" * 40_000_000})
    many = packed(tmp_path / "many.zip", {f"{i}.txt": "x" for i in range(2001)})
    empty = packed(tmp_path / "empty.zip", {"__MACOSX/._a": b"x"})
    locked = bytearray(packed(tmp_path / "x.zip", {"tensors.tsv": table(X)}).read_bytes())
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    locked[6] |= 1
    write(tmp_path, "locked.zip", bytes(locked))
    for path, part in ((tmp_path / "link.zip", "link"), (bomb, "bomb"), (many, "2,001"), (empty, "empty")):
        with pytest.raises(LoadError, match=part) as raised:
            loaders.load(path)
        assert raised.value.hint
    with pytest.raises(LoadError, match="encrypted"):
        loaders.load(tmp_path / "locked.zip")


def sprite(folder: Path, n: int = 12, tile: int = 8, across: int = 4) -> None:
    """Write a sprite of plain tiles, each of a red of its own."""
    image = Image.new("RGB", (across * tile, -(-n // across) * tile))
    for i in range(n):
        x, y = (i % across) * tile, (i // across) * tile
        image.paste((i * 20, 0, 0), (x, y, x + tile, y + tile))
    image.save(folder / "sprite.png")


def test_a_folder_of_add_embedding_has_pictures_labels_and_steps(tmp_path):
    blocks = []
    for step in range(2):
        folder = f"{step:05d}/default"
        write(tmp_path, f"{folder}/tensors.tsv", table(X + step))
        write(tmp_path, f"{folder}/metadata.tsv", "\n".join(WORDS))
        sprite(tmp_path / folder)
        blocks.append(
            f'embeddings {{\n tensor_name: "default:{step:05d}"\n tensor_path: "{folder}/tensors.tsv"\n'
            f' metadata_path: "{folder}/metadata.tsv"\n sprite {{ image_path: "{folder}/sprite.png"'
            " single_image_dim: 8 single_image_dim: 8 } }"
        )
    write(tmp_path, "projector_config.pbtxt", "\n".join(blocks))
    assert isinstance(loaders.load(tmp_path), EmbeddingStack)
    one = loaders.load(tmp_path, key="default:00001")
    assert np.allclose(one.vectors, X + 1)
    assert one.items["label"].tolist() == WORDS
    assert one.roles["image"] == "image"
    assert one.items["image"].nunique() == 12
    assert one.items["image"].iloc[0].startswith("data:image/png;base64,")
    assert one.provenance["sprite_tile"] == [8, 8]


def config(folder: Path, **more: object) -> None:
    one = {"tensorName": "t", "tensorPath": "tensors.tsv", **more}
    write(folder, "projector_config.json", json.dumps({"embeddings": [one]}))


def test_bookmarks_and_sequences_are_kept_and_said(tmp_path):
    write(tmp_path, "tensors.tsv", table(X))
    rows = [f"{word}\t{i + 1 if i < 11 else ''}" for i, word in enumerate(WORDS)]
    write(tmp_path, "metadata.tsv", "name\t__seq_next__\n" + "\n".join(rows))
    write(tmp_path, "bookmarks.txt", json.dumps([{"label": "Start", "points": []}, {"label": "End"}]))
    config(tmp_path, metadataPath="metadata.tsv", bookmarksPath="bookmarks.txt")
    embeddings = loaders.load(tmp_path)
    assert embeddings.provenance["sequence"] == "__seq_next__"
    assert embeddings.provenance["bookmark_names"] == ["Start", "End"]
    assert embeddings.items["__seq_next__"].iloc[0] == 1
    assert any("sequences" in note for note in embeddings.notes)


@pytest.mark.parametrize("tile", [[0, 0], [8], [9999, 9999], [64, 64]])
def test_a_sprite_that_cannot_be_cut_is_said(tmp_path, tile):
    write(tmp_path, "tensors.tsv", table(X))
    sprite(tmp_path)
    config(tmp_path, sprite={"imagePath": "sprite.png", "singleImageDim": tile})
    embeddings = loaders.load(tmp_path)
    assert "image" not in embeddings.items
    assert any("sprite.png" in note for note in embeddings.notes)
