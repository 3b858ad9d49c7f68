"""ONNX, GGUF, TensorFlow and Flax: what their fields mean, and headers that lie."""

from __future__ import annotations

import struct
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders
from cartography.errors import CartographyError, LoadError
from loaders.arrays.ggml_blocks import BLOCKS, block_numbers
from loaders.wire.gguf import TYPES
from loaders.wire.protobuf import varints
from loaders.wire.snappy import unsnapped
from tests.loaders import wire_files as made
from tests.loaders.examples import EXAMPLES
from tests.loaders.made import vectors, write

X = vectors()


def opens_or_refuses(path) -> None:
    for call in (loaders.probe, loaders.load, loaders.tensors):
        try:
            call(path)
        except CartographyError as error:
            assert error.hint
            assert len(error.message) < 1500


HALVES = X.astype("<f2").view("<u2")
COUNTS = (np.arange(60) - 30).reshape(12, 5)


@pytest.mark.parametrize(
    ("kind", "numbers", "want"),
    [
        (1, made.held(4, X.tobytes()), X),
        (11, made.held(10, X.astype("<f8").tobytes()), X),
        (11, made.held(9, X.astype("<f8").tobytes()), X),
        (10, made.held(9, HALVES.tobytes()), X.astype(np.float16)),
        (10, made.held(5, b"".join(made.varint(int(one)) for one in HALVES.ravel())), X.astype(np.float16)),
        (7, made.held(7, b"".join(made.varint(int(one) & (1 << 64) - 1) for one in COUNTS.ravel())), COUNTS),
        (3, made.held(5, b"".join(made.varint(int(one) & (1 << 64) - 1) for one in COUNTS.ravel())), COUNTS),
        (9, made.held(9, bytes([0, 1] * 30)), np.array([0, 1] * 30).reshape(12, 5)),
    ],
)
def test_onnx_keeps_numbers_raw_or_in_a_field_for_their_type(tmp_path, kind, numbers, want):
    path = write(tmp_path, "a.onnx", made.onnx_model(made.onnx_tensor("w", (12, 5), kind, numbers)))
    assert np.array_equal(loaders.load(path).vectors, want.astype(np.float32))


def external(location: str, offset: int = 0, length: int = 240) -> bytes:
    pairs = {"location": location, "offset": str(offset), "length": str(length)}
    entries = [made.held(13, made.held(1, k.encode()) + made.held(2, v.encode())) for k, v in pairs.items()]
    return b"".join(entries) + made.whole(14, 1)


def test_onnx_opens_external_data_of_its_own_folder_only(tmp_path):
    write(tmp_path, "weights.bin", bytes(8) + X.tobytes())
    model = made.onnx_model(made.onnx_tensor("w", (12, 5), 1, external("weights.bin", 8)))
    path = write(tmp_path, "in/a.onnx", model)
    for location in ("../weights.bin", str(tmp_path / "weights.bin"), "/etc/passwd", "..\\weights.bin"):
        bad = made.onnx_model(made.onnx_tensor("w", (12, 5), 1, external(location, 8)))
        with pytest.raises(LoadError, match="not beside the model"):
            loaders.load(write(tmp_path, "in/b.onnx", bad))
    write(tmp_path, "in/weights.bin", bytes(8) + X.tobytes())
    assert np.array_equal(loaders.load(path).vectors, X)
    short = made.onnx_model(made.onnx_tensor("w", (12, 5), 1, external("weights.bin", 9)))
    with pytest.raises(LoadError, match="cut short"):
        loaders.load(write(tmp_path, "in/c.onnx", short))


@pytest.mark.parametrize(
    ("tensor", "part"),
    [
        (made.onnx_tensor("w", (12, 6), 1, made.held(9, X.tobytes())), "should have 288 bytes"),
        (made.onnx_tensor("w", (2**40, 2**40), 1, made.held(9, b"")), "badly"),
        (made.onnx_tensor("w", (12, (1 << 64) - 5), 1, made.held(9, X.tobytes())), "badly"),
        (made.onnx_tensor("w", (6, 5), 14, made.held(9, X.tobytes())), "complex"),
        (made.onnx_tensor("w", (12, 5), 22, made.held(9, bytes(30))), "int4"),
        (made.onnx_tensor("w", (12, 5), 7, made.held(7, b"\x01" * 59)), "59 numbers"),
        (made.onnx_tensor("w", (12, 5), 7, made.held(7, b"\xff" * 80)), "damaged"),
    ],
)
def test_onnx_tensors_that_lie_are_refused(tmp_path, tensor, part):
    with pytest.raises(LoadError, match=part):
        loaders.load(write(tmp_path, "a.onnx", made.onnx_model(tensor)))


@given(st.lists(st.integers(0, 2**64 - 1), max_size=50))
def test_varints_come_back(values):
    assert varints(b"".join(map(made.varint, values))).tolist() == values


@pytest.mark.parametrize("name", sorted(name for name, one in BLOCKS.items() if one.numbers is not None))
def test_block_types_equal_the_reference(name):
    reference = pytest.importorskip("gguf", reason="the gguf package is the reference where it is installed")
    kind = BLOCKS[name]
    data = np.random.default_rng(0).integers(0, 256, (50, kind.nbytes), dtype=np.uint8)
    if name == "MXFP4":
        data[:, 0] = data[:, 0] % 200 + 20
    try:
        with np.errstate(all="ignore"):
            want = reference.quants.dequantize(data, reference.GGMLQuantizationType[name]).reshape(-1)
    except (NotImplementedError, KeyError):
        pytest.skip(f"the reference does not read {name}")
    found = block_numbers(kind, data)
    both = np.isfinite(want) & np.isfinite(found)
    assert (np.isfinite(want) == np.isfinite(found)).all()
    assert np.allclose(found[both], want[both], rtol=1e-6)


def test_block_types_by_hand(tmp_path):
    """Q8_0 is a scale and 32 bytes; Q4_0 a scale and 32 halves of a byte, less eight."""
    numbers = np.arange(-16, 16, dtype=np.int8)
    block = np.float16(0.5).tobytes() + numbers.tobytes()
    nibbles = np.float16(2).tobytes() + bytes([0x80 | 0x0F] * 16)
    tensors = {"token_embd.weight": ((3, 32), 8, block * 3), "blk.0.ffn.weight": ((2, 64), 2, nibbles * 4)}
    path = write(tmp_path, "a.gguf", made.gguf_blocks(tensors, ["a", "b", "c"]))
    table = loaders.load(path)
    assert np.array_equal(table.vectors, np.tile(numbers * 0.5, (3, 1)))
    assert table.items["token"].tolist() == ["a", "b", "c"]
    halves = loaders.load(path, "blk.0.ffn.weight").vectors
    assert halves.shape == (2, 64)
    assert np.array_equal(halves[0, :32], [14] * 16 + [0] * 16)
    assert {one.dtype for one in loaders.tensors(path)} == {"Q8_0", "Q4_0"}


def test_a_block_type_that_is_not_read_is_refused_by_name(tmp_path):
    path = write(tmp_path, "a.gguf", made.gguf_blocks({"w": ((3, 256), 16, bytes(66 * 3))}))
    with pytest.raises(LoadError, match="IQ2_XXS") as raised:
        loaders.load(path)
    assert "llama-quantize" in raised.value.hint


def test_every_type_has_a_size():
    plain = {"float32", "float16", "bfloat16", "float64", "int8", "int16", "int32", "int64"}
    assert set(TYPES.values()) <= set(BLOCKS) | plain


@pytest.mark.parametrize(
    "head",
    [
        struct.pack("<IQQ", 3, 2**63, 1),
        struct.pack("<IQQ", 3, 0, 2**62),
        struct.pack("<IQQ", 9, 0, 0),
        struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**60),
        struct.pack("<IQQ", 3, 0, 1) + made.gguf_text("k") + struct.pack("<IIQ", 9, 8, 2**61),
        struct.pack("<IQQ", 3, 0, 1) + made.gguf_text("k") + struct.pack("<IIQ", 9, 4, 2**61),
        struct.pack("<IQQ", 3, 0, 1) + made.gguf_text("k") + struct.pack("<IIQ", 9, 9, 1) * 40,
        struct.pack("<IQQ", 3, 1, 0) + made.gguf_text("w") + struct.pack("<I", 2**31),
        struct.pack("<IQQ", 3, 1, 0) + made.gguf_text("w") + struct.pack("<IQQIQ", 2, 2**40, 2**40, 0, 0),
        struct.pack("<IQQ", 3, 1, 0) + made.gguf_text("w") + struct.pack("<IQQIQ", 2, 33, 2, 8, 0),
        struct.pack("<IQQ", 3, 0, 1) + made.gguf_text("general.alignment") + struct.pack("<II", 4, 0),
    ],
)
def test_gguf_counts_are_held_against_the_file(tmp_path, head):
    begun = time.process_time()
    with pytest.raises(LoadError):
        loaders.load(write(tmp_path, "a.gguf", b"GGUF" + head + bytes(64)))
    assert time.process_time() - begun < 2


def test_tensorflow_indexes_are_checked_and_their_data_must_be_there(tmp_path):
    path = made.save_bundle(tmp_path / "m.index", {"embedding": X, "other/kernel": X[:4]})
    assert np.array_equal(loaders.load(path, "other/kernel").vectors, X[:4])
    data = tmp_path / "m.data-00000-of-00001"
    assert np.array_equal(loaders.load(data).vectors, X)
    whole = path.read_bytes()
    path.write_bytes(whole[:9] + bytes([whole[9] ^ 1]) + whole[10:])
    with pytest.raises(LoadError, match="checksum"):
        loaders.load(path)
    path.write_bytes(whole)
    data.write_bytes(data.read_bytes()[:-1])
    with pytest.raises(LoadError, match="cut short"):
        loaders.load(path)
    data.unlink()
    with pytest.raises(LoadError, match="missing beside it: m"):
        loaders.load(path)


def test_snappy_blocks_are_unpacked_within_bounds():
    literal = made.varint(9) + bytes([2 << 2]) + b"abc" + bytes([(6 - 4) << 2 | 1, 3])
    assert unsnapped(literal, "x") == b"abcabcabc"
    for bad in (made.varint(9) + b"\x01\x05", made.varint(2**40) + b"\x00a", made.varint(3) + b"\xf0", b""):
        with pytest.raises(LoadError):
            unsnapped(bad, "x")


def test_filters_on_the_last_axis_become_the_items(tmp_path):
    kernel = np.arange(3 * 2 * 4 * 6, dtype=np.float32).reshape(3, 2, 4, 6)
    tree = {"params": {"conv": {"kernel": kernel}, "embed": {"embedding": X}}}
    path = write(tmp_path, "a.msgpack", made.flax(tree))
    first = {one.key: one for one in loaders.probe(path)}["params/conv/kernel"]
    assert (first.shape, first.kind) == ((6, 3, 2, 4), "convolution")
    found = loaders.load(path, "params/conv/kernel")
    assert np.array_equal(found.vectors, kernel.reshape(24, 6).T)
    assert any("last axis" in note for note in found.notes)


def test_flax_arrays_in_chunks_are_joined(tmp_path):
    parts = {str(place): X.ravel()[start : start + 25] for place, start in enumerate((0, 25, 50))}
    tree = {"embedding": {"__msgpack_chunked_array__": b"", "shape": {"0": 12, "1": 5}, "chunks": parts}}
    assert np.array_equal(loaders.load(write(tmp_path, "a.msgpack", made.flax(tree))).vectors, X)


def test_msgpack_nested_without_end_is_refused(tmp_path):
    data = b"\x81\xd9\x01a" * 5000
    with pytest.raises(LoadError):
        loaders.load(write(tmp_path, "a.msgpack", data))


WIRE = ("ONNX", "GGUF", "TensorFlow", "Flax msgpack")


@pytest.mark.parametrize("name", WIRE)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_ends_in_a_sentence(tmp_path_factory, name, data):
    path = EXAMPLES[name](tmp_path_factory.mktemp("damaged"))
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole))) if data.draw(st.booleans()) else len(whole)
    path.write_bytes(bytes(whole[:cut]))
    opens_or_refuses(path)
