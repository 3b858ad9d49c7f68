"""Loaders say which vectors are pictures, and keep the pictures of tables."""

from __future__ import annotations

import io

import numpy as np
import pytest

from cartography.particulars import particular
from cartography.pictures import has_pictures, picture
from loaders import load
from loaders.arrays.pictures import picture_provenance
from tests.data import shared
from tests.pictures.examples import opened, png


@pytest.mark.parametrize("name", ["pictures.npy", "pictures.npz"])
@pytest.mark.parametrize("shape", [(28, 28), (12, 10, 3), (3, 12, 10)])
def test_arrays_of_pictures_keep_their_shape(tmp_path, name, shape):
    pixels = np.random.default_rng(0).integers(0, 256, size=(30, *shape), dtype=np.uint8)
    path = tmp_path / name
    np.save(path, pixels) if name.endswith("npy") else np.savez(path, images=pixels)
    loaded = load(path)
    assert loaded.provenance["picture_shape"] == shape
    wanted = pixels[4] if shape[0] != 3 else pixels[4].transpose(1, 2, 0)
    seen = opened(picture(loaded, 4))[..., :3]
    assert np.array_equal(seen, wanted if wanted.ndim == 3 else np.repeat(wanted[..., None], 3, axis=2))


def test_data_sets_of_pictures_keep_their_shape(tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "pictures.h5", "w") as file:
        file["images"] = (np.random.default_rng(0).integers(0, 256, (30, 16, 16)) / 255).astype(np.float32)
    loaded = load(tmp_path / "pictures.h5")
    assert loaded.provenance["picture_shape"] == (16, 16)
    assert loaded.provenance["picture_top"] == 1.0


def attention(masked: bool) -> np.ndarray:
    """Weights (40, 12, 12) as a language model has them: each row sums to 1."""
    scores = np.random.default_rng(0).normal(0, 3, size=(40, 12, 12))
    weights = np.exp(np.where(np.tri(12, dtype=bool), scores, -np.inf) if masked else scores)
    return weights / weights.sum(axis=2, keepdims=True)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_fractions_are_pictures_where_they_come_in_steps_or_have_a_ground(kind):
    rng = np.random.default_rng(0)
    steps = rng.integers(0, 256, size=(20, 12, 12)) / 255
    drawings = np.where(rng.random((20, 12, 12)) < 0.7, 0, rng.random((20, 12, 12)))
    for array in (steps, drawings, np.repeat(drawings[..., None], 3, axis=3)):
        assert picture_provenance(array.astype(kind)) == {"picture_shape": array.shape[1:], "picture_top": 1.0}


def test_of_large_pictures_few_are_looked_at():
    class Stored:
        """An array on a disk."""

        shape, dtype, read = (600, 512, 512, 3), np.dtype(np.uint8), 0

        def __len__(self) -> int:
            return self.shape[0]

        def __getitem__(self, rows: np.ndarray) -> np.ndarray:
            self.read += len(rows)
            return np.full((len(rows), *self.shape[1:]), 200, dtype=np.uint8)

    stored = Stored()
    assert picture_provenance(stored)["picture_top"] == 255.0
    assert 4 * stored.read * np.prod(stored.shape[1:]) <= 64 << 20


@pytest.mark.parametrize(
    "array",
    [
        np.random.default_rng(0).normal(size=(20, 8, 8)),  # below 0
        np.random.default_rng(0).random((20, 8, 8)) * 90,  # measurements
        np.random.default_rng(0).random((20, 2, 300)),  # no picture is so flat
        np.random.default_rng(0).random((20, 64)),
        np.full((20, 8, 8), np.nan),
        np.zeros((20, 8, 8)),
        np.random.default_rng(0).random((20, 16, 16)),  # nothing comes twice
        np.random.default_rng(0).integers(0, 256, (20, 7, 7)) / 255,  # too small for fractions
        np.random.default_rng(0).integers(0, 100, (20, 8, 8)) / 255,  # nothing is bright
        attention(masked=False),
        attention(masked=True),  # has a ground, and a 1
        attention(masked=True).swapaxes(1, 2),
    ],
)
def test_other_arrays_are_not_taken_for_pictures(array):
    assert picture_provenance(array) == {}


def test_pictures_in_a_table_of_bytes_are_kept(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    pictures = [png(colour) for colour in ("#ff0000", "#00ff00", "#0000ff")] * 5
    vectors = np.random.default_rng(0).random((15, 4)).tolist()
    table = {
        "vector": vectors,
        "image": [{"bytes": one, "path": "x.png"} for one in pictures],
        "other": [b"no picture"] * 15,
        "label": ["a", "b", "c"] * 5,
    }
    pq.write_table(pa.table(table), tmp_path / "table.parquet")
    loaded = load(tmp_path / "table.parquet")
    assert loaded.roles["image"] == "image"
    assert tuple(opened(picture(loaded, 4))[5, 5]) == (0, 255, 0, 255)
    assert any("'other' (bytes)" in note for note in loaded.notes)


def test_sounds_in_a_table_of_bytes_are_kept_as_sounds(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    sound = b"RIFF\x24\0\0\0WAVEfmt " + bytes(24)
    vectors = np.random.default_rng(0).random((15, 4)).tolist()
    table = {"vector": vectors, "audio": [{"bytes": sound, "path": "x.png"}] * 15}
    pq.write_table(pa.table(table), tmp_path / "table.parquet")
    loaded = load(tmp_path / "table.parquet")
    found = particular(loaded, 3, "audio")
    assert (found.kind, found.media_type, found.content) == ("sound", "audio/wav", sound)
    assert not has_pictures(loaded)


def test_real_digits_are_pictures():
    loaded = load(shared("digits_10k") / "mnist_10k.npz")
    assert loaded.provenance["picture_shape"] == (28, 28)
    assert has_pictures(loaded)


def test_a_sprite_is_shown_as_it_was_cut():
    from PIL import Image

    folder = shared("digits")
    loaded = load(folder / "projector_config.pbtxt")
    with Image.open(folder / "digits_sprite.png") as sprite:
        tile = np.asarray(sprite.convert("RGB").crop((8 * 5, 8 * 2, 8 * 6, 8 * 3)))
    row = 2 * (sprite.width // 8) + 5
    assert np.array_equal(opened(picture(loaded, row))[..., :3], tile)
    assert io.BytesIO(picture(loaded, row)).read(4) == b"\x89PNG"


def sprite_of(n: int, side: int, across: int) -> np.ndarray:
    """Tiles (h, w, 3) of one grey each, tile i as bright as i."""
    down = -(-n // across)
    grey = np.zeros(across * down, dtype=np.uint8)
    grey[:n] = np.arange(n)
    tiles = grey.reshape(down, across).repeat(side, axis=0).repeat(side, axis=1)
    return np.repeat(tiles[..., None], 3, axis=2)


def test_a_sprite_that_is_opened_with_vectors_gives_them_pictures(tmp_path):
    from PIL import Image

    np.save(tmp_path / "vectors.npy", np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32))
    Image.fromarray(sprite_of(30, 10, 6)).save(tmp_path / "sprite.png")
    loaded = load([tmp_path / "vectors.npy", tmp_path / "sprite.png"])
    assert [int(opened(picture(loaded, row))[4, 4, 0]) for row in range(30)] == list(range(30))
    assert any("tiles of 10 × 10 pixels, cut from sprite.png" in note for note in loaded.notes)
    sampled = load([tmp_path / "vectors.npy", tmp_path / "sprite.png"], sample=7)
    rows = [int(name) for name in sampled.ids]
    assert [int(opened(picture(sampled, i))[4, 4, 0]) for i in range(7)] == rows


def test_a_sprite_that_does_not_fit_is_spoken_of(tmp_path):
    from PIL import Image

    np.save(tmp_path / "vectors.npy", np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32))
    Image.new("RGB", (61, 50)).save(tmp_path / "sprite.png")
    (tmp_path / "sprite2.png").write_bytes(b"<svg/>")
    for name, reason in (("sprite.png", "its 61 × 50 pixels do not divide"), ("sprite2.png", "no picture")):
        loaded = load([tmp_path / "vectors.npy", tmp_path / name])
        assert "image" not in loaded.roles
        assert any(name in note and reason in note and "[0, 0]" not in note for note in loaded.notes)


def test_shapes_of_two_losses_show_their_sprite():
    folder = shared("two_losses_shapes")
    files = [folder / name for name in ("embeddings_colour_loss.npz", "metadata.csv", "sprite_45x45_of_24px.png")]
    loaded = load(files, key="epoch_12")
    assert opened(picture(loaded, 3)).shape == (24, 24, 4)
    shown = {"red": 0, "green": 1, "blue": 2}
    bright = [opened(picture(loaded, row))[10:14, 10:14, :3].mean(axis=(0, 1)) for row in range(200)]
    told = loaded.items["colour"].iloc[:200]
    right = [np.argmax(one) == shown[name] for one, name in zip(bright, told, strict=True) if name in shown]
    assert np.mean(right) > 0.9
