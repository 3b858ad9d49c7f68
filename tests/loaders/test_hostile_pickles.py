"""A pickle is a program. Ours is never run: whatever it asks for, no file appears, and one sentence says why."""

from __future__ import annotations

import os
import pickle
import struct
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders
from cartography.errors import CartographyError, LoadError
from tests.loaders import torch_files as made
from tests.loaders.made import vectors, write

X = vectors()
GOOD = made.mapped({"embed.weight": made.tensor("0", X)})


class Runs:
    """Runs a command when it is unpickled."""

    def __init__(self, what, *args) -> None:
        self.what, self.args = what, args

    def __reduce__(self):
        return (self.what, self.args)


def text(value: str) -> bytes:
    return made.text(value)


def traps(path: str) -> dict[str, bytes]:
    command = f"touch {path}"
    call = b"(" + text(command) + b"t"
    return {
        "reduce": made.name("os", "system") + call + b"R",
        "posix": made.name("posix", "system") + call + b"R",
        "eval": made.name("builtins", "eval") + b"(" + text(f"open({path!r}, 'w')") + b"tR",
        "python 2": made.name("__builtin__", "eval") + b"(" + text(f"open({path!r}, 'w')") + b"tR",
        "getattr": made.name("builtins", "getattr") + b"(" + text("x") + text("y") + b"tR",
        "stack global": b"\x8c\x02os\x8c\x06system\x93" + call + b"R",
        "stack global from the memo": b"\x8c\x02os\x94\x8c\x06system\x94h\x00h\x01\x93" + call + b"R",
        "inst": b"(" + text(command) + b"ios\nsystem\n",
        "obj": b"(" + made.name("os", "system") + text(command) + b"o",
        "newobj": made.name("subprocess", "Popen") + b"(" + text(command) + b"t\x81",
        "newobj with names": made.name("subprocess", "Popen") + b"(" + text(command) + b"t}\x92",
        "build": made.name("collections", "OrderedDict")
        + b")R}"
        + text("__class__")
        + made.name("os", "system")
        + b"sb",
        "extension": b"\x82\x01" + call + b"R",
        "extension of four bytes": b"\x84\x01\x00\x00\x00" + call + b"R",
        "buffer": b"\x97",
        "nested in a tensor": made.name("torch._utils", "_rebuild_tensor_v2")
        + b"("
        + made.name("os", "system")
        + call
        + b"RtR",
        "torch that loads": made.name("torch.storage", "_load_from_bytes") + b"(" + b"C\x01x" + b"tR",
        "torch hub": made.name("torch.hub", "load") + b"(" + text("x") + b"tR",
        "numpy that loads": made.name("numpy", "load") + b"(" + text(path) + b"tR",
        "a whole model": made.name("torch.nn.modules.linear", "Linear") + b")\x81}b",
        "dotted": made.name("torch", "serialization.os.system") + call + b"R",
        "in a persistent id": made.name("os", "system") + call + b"RQ",
    }


@pytest.mark.parametrize("place", ["alone", "beside a tensor", "legacy"])
@pytest.mark.parametrize("trap", sorted(traps("x")))
def test_nothing_a_pickle_asks_for_happens(tmp_path, trap, place):
    marker = tmp_path / "executed"
    body = traps(str(marker))[trap]
    if place == "alone":
        data = made.zipped(body, {})
    elif place == "legacy":
        data = made.legacy(made.mapped({"w": made.tensor("0", X), "x": body}), {"0": (60, X.tobytes())})
    else:
        data = made.zipped(made.mapped({"w": made.tensor("0", X), "x": body}), {"0": X.tobytes()})
    path = write(tmp_path, "a.pt", data)
    for call in (loaders.probe, loaders.load, loaders.tensors):
        with pytest.raises(LoadError) as raised:
            call(path)
        assert raised.value.hint
    assert not marker.exists()


def test_an_unknown_name_is_refused_by_name_with_the_way_to_save_the_weights(tmp_path):
    path = write(tmp_path, "a.pt", made.zipped(traps("x")["reduce"], {}))
    with pytest.raises(LoadError, match=r"'os\.system'") as raised:
        loaders.load(path)
    assert "torch.save(model.state_dict(), path)" in raised.value.hint


@pytest.mark.parametrize("protocol", range(6))
def test_what_python_itself_pickles_is_refused(tmp_path, protocol):
    marker = tmp_path / "executed"
    data = pickle.dumps({"w": Runs(os.system, f"touch {marker}")}, protocol)
    for name in ("a.pkl", "a.pt", "a.bin", "a.ckpt"):
        with pytest.raises(CartographyError):
            loaders.load(write(tmp_path, name, data))
    body = data[2 if protocol > 1 else 0 : -1]
    with pytest.raises(LoadError):
        loaders.load(write(tmp_path, "b.pt", made.zipped(body, {})))
    assert not marker.exists()


BOMBS = {
    "a text of 4 GB": b"X" + struct.pack("<I", 2**32 - 1) + b"x",
    "bytes of 2^60": b"\x8e" + struct.pack("<Q", 2**60),
    "a number of 2 GB": b"\x8b" + struct.pack("<i", 2**31 - 1),
    "a negative length": b"\x8b" + struct.pack("<i", -5),
    "a written number of 60,000 digits": b"L" + b"9" * 60_000 + b"L\n",
    "a line without end": b"c" + b"a" * 200_000,
    "doubling lists": b"]("
    + b"".join(b"2" for _ in range(20))
    + b"e"
    + b"".join(b"q\x00(h\x00h\x00t" for _ in range(50)),
    "marks on marks": b"(" * 200_000,
    "an empty stack": b"RRRR",
    "a memo that is not there": b"h\x07",
    "a frame beyond the end": b"\x95" + struct.pack("<Q", 2**63),
    "a list that holds itself": b"]q\x00h\x00a" * 3,
    "a deep tuple": b")" + b"\x85" * 100_000,
    "many empty dictionaries": b"(" + b"}" * 200_000 + b"t",
    "a put beyond all numbers": b"Np" + b"9" * 50 + b"\n",
}


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_bombs_end_soon_in_bounded_memory(tmp_path, bomb):
    path = write(tmp_path, "a.pt", made.zipped(BOMBS[bomb], {}))
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(LoadError):
        loaders.load(path)
    assert time.process_time() - begun < 5
    assert tracemalloc.get_traced_memory()[1] < 80e6
    tracemalloc.stop()


def test_a_pickle_that_never_ends_is_stopped(tmp_path, monkeypatch):
    import loaders.pickles.machine as machine

    monkeypatch.setitem(machine.Machine.__init__.__kwdefaults__, "most_steps", 10_000)
    with pytest.raises(LoadError, match="more than 10,000 steps"):
        loaders.load(write(tmp_path, "a.pt", made.zipped(b"N0" * 20_000 + b"N", {})))


def billion(depth: int = 40) -> bytes:
    """Return lists of lists, each twice in the next: two to the power of forty to whoever walks them all."""
    body = b"]q\x00" + made.tensor("0", X) + b"a"
    for place in range(1, depth):
        body = body + b"0" + b"](" + b"h" + bytes([place - 1]) + b"h" + bytes([place - 1]) + b"eq" + bytes([place])
    return body


def test_a_web_of_references_is_walked_once(tmp_path):
    path = write(tmp_path, "a.pt", made.zipped(billion(), {"0": X.tobytes()}))
    begun = time.process_time()
    assert len(loaders.probe(path)) == 1
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (0, (13, 5), (5, 1)),
        (1, (12, 5), (5, 1)),
        (2**62, (12, 5), (5, 1)),
        (0, (12, 5), (2**61, 1)),
        (0, (2**40, 2**40), (0, 0)),
        (0, (2**31, 2**25), (0, 0)),
        (-1, (12, 5), (5, 1)),
        (0, (12, 5), (-5, 1)),
        (0, (12, 5), (5,)),
        (0, (1,) * 100, (1,) * 100),
    ],
)
def test_views_outside_their_storage_are_refused(tmp_path, offset, shape, strides):
    body = made.mapped({"w": made.view(made.storage("0", "FloatStorage", 60), offset, shape, strides)})
    with pytest.raises(LoadError):
        loaders.load(write(tmp_path, "a.pt", made.zipped(body, {"0": X.tobytes()})))


def test_a_storage_that_claims_more_than_the_file_is_refused(tmp_path):
    body = made.mapped({"w": made.view(made.storage("0", "FloatStorage", 10**12), 0, (10**6, 10**6), (10**6, 1))})
    with pytest.raises(LoadError, match="lies outside"):
        loaders.load(write(tmp_path, "a.pt", made.zipped(body, {"0": X.tobytes()})))
    data = made.legacy(body, {"0": (10**12, X.tobytes())})
    with pytest.raises(LoadError, match="cut short"):
        loaders.load(write(tmp_path, "b.pt", data))


def test_a_packed_storage_that_grows_like_a_bomb_is_refused(tmp_path, monkeypatch):
    import loaders.files.limits as limits

    monkeypatch.setattr(limits, "FREE", 1 << 18)
    monkeypatch.setattr(limits, "RATIO", 100)
    zeros = np.zeros((1000, 1000), np.float32)
    with pytest.raises(LoadError, match="decompression bomb"):
        loaders.load(write(tmp_path, "a.pt", made.state_dict({"w": zeros}, packed=True)))


def opens_or_refuses(path) -> None:
    for call in (loaders.probe, loaders.load):
        try:
            call(path)
        except CartographyError as error:
            assert error.hint
            assert len(error.message) < 1500


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_anywhere_ends_in_a_sentence(tmp_path_factory, data):
    whole = bytearray(made.state_dict({"embed.weight": X, "b": X[0]}))
    if data.draw(st.booleans()):
        whole = bytearray(made.legacy(GOOD, {"0": (60, X.tobytes())}))
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    content = bytes(whole[: data.draw(st.integers(0, len(whole)))]) if data.draw(st.booleans()) else bytes(whole)
    opens_or_refuses(write(tmp_path_factory.mktemp("damaged"), "a.pt", content))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_a_pickle_end_in_a_sentence(tmp_path_factory, body):
    opens_or_refuses(write(tmp_path_factory.mktemp("any"), "a.pt", made.zipped(body, {"0": X.tobytes()})))
