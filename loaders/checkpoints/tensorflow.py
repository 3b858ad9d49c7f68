"""TensorFlow checkpoints (`.index` beside `.data-00000-of-00001`) and SavedModel folders, without TensorFlow.

The index is a table of LevelDB that maps variables to `BundleEntryProto`; the messages are those of
`tensorflow/core/protobuf/tensor_bundle.proto` and `trackable_object_graph.proto`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.arrays.checkpoint import MOST_TENSORS, Checkpoint, Tensor, rows_in_file, stored_type
from loaders.arrays.tensors import TensorInfo
from loaders.base import Format, Match
from loaders.files.limits import size_text
from loaders.files.source import Source
from loaders.wire.leveldb import MAGIC, entries
from loaders.wire.protobuf import Field, fields, numbers, text, varint

__all__ = ["LOADER", "TensorFlow"]

_DATA = re.compile(r"(.+)\.data-\d{5}-of-\d{5}$")
_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
_LARGEST_INDEX = 512 << 20
_DAMAGED = "Copy or download the file again."
_TYPES = {
    1: "float32",
    2: "float64",
    3: "int32",
    4: "uint8",
    5: "int16",
    6: "int8",
    7: "text",
    8: "complex64",
    9: "int64",
    10: "bool",
    14: "bfloat16",
    17: "uint16",
    18: "complex128",
    19: "float16",
    22: "uint32",
    23: "uint64",
    24: "float8_e5m2",
    25: "float8_e4m3fn",
}


class TensorFlow(Checkpoint):
    """An index with its data files, or a folder with saved_model.pb."""

    format = Format(
        "TensorFlow",
        (".index", ".data-00000-of-00001"),
        reads="a variable of two dimensions or more, by its name in the checkpoint; also SavedModel folders",
    )
    filters_last = True

    def claims_folder(self, folder: Path) -> bool:
        """A SavedModel is one thing."""
        return (folder / "saved_model.pb").is_file() and (folder / "variables" / "variables.index").is_file()

    def match(self, source: Source) -> Match:
        """The file ends with the magic number of a LevelDB table, or is named as the data beside one."""
        if source.compression or source.path.is_dir():
            return Match.NO
        if source.size > 8 and _tail(source) == MAGIC:
            return Match.CERTAIN
        if source.name == "saved_model.pb" and source.beside("variables/variables.index") is not None:
            return Match.CERTAIN
        together = any(path.suffix == ".index" for path in source.companions)
        if _DATA.match(source.name) and not together and _index_of(source) is not None:
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".index" else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return every variable, from the index."""
        if "bundle" not in source.memo:
            index = _index_of(source) or source
            source.memo["bundle"] = _tensors(index)
        found: dict[str, Tensor] = source.memo["bundle"]
        return found


def _tail(source: Source) -> bytes:
    with source.path.open("rb") as stream:
        stream.seek(-8, 2)
        return stream.read(8)


def _index_of(source: Source) -> Source | None:
    """Return the index that a folder, a data file or saved_model.pb belongs to; None for an index itself."""
    if source.path.is_dir():
        return Source(source.path / "variables" / "variables.index")
    if source.name == "saved_model.pb":
        return source.beside("variables/variables.index")
    data = _DATA.match(source.name)
    return source.beside(f"{data[1]}.index") if data else None


@dataclass
class _Entry:
    """Where a variable lies: its type, its shape, the number of its data file, offset and length there."""

    kind: int = 0
    shape: list[int] = field(default_factory=list)
    shard: int = 0
    offset: int = 0
    nbytes: int = 0
    checksum: int = 0
    sliced: bool = False


def _tensors(index: Source) -> dict[str, Tensor]:
    if index.size > _LARGEST_INDEX:
        raise LoadError(f"{index.name} has {size_text(index.size)}; an index is never that large.", _DAMAGED)
    shards, big, table = 1, False, {}
    for key, value in entries(index.plain_path().read_bytes(), index.name):
        if key == b"":
            known = {one.number: one.value for one in fields(value)}
            shards, big = known.get(1, 1), known.get(2, 0) == 1
        else:
            table[key.decode("utf-8", "replace")] = _entry(value)
    if len(table) > MOST_TENSORS or not 0 < shards < 100_000:
        raise LoadError(f"{index.name} is damaged: {len(table):,} variables in {shards:,} files.", _DAMAGED)
    files = _files(index, shards, {one.shard for one in table.values()})
    names = _full_names(table.get(_GRAPH), files)
    first: dict[object, str] = {}
    found = {}
    for name in sorted(table, key=lambda name: "/_" in f"/{name}"):  # a model's own list before that of all it knows
        one = table[name]
        if name == _GRAPH or "\x00" in name:
            continue
        same = first.setdefault((names.get(name) or name, one.checksum, one.nbytes), name)
        found[name] = _tensor(name, one, files[one.shard], (names.get(name, ""), same if same != name else ""), big)
    return found


def _files(index: Source, shards: int, used: set[int]) -> dict[int, Source]:
    prefix = index.name.removesuffix(".index")
    found, missing = {}, []
    for shard in sorted(used):
        name = f"{prefix}.data-{shard:05d}-of-{shards:05d}"
        file = index.beside(name)
        if file is None:
            missing.append(name)
        else:
            found[shard] = file
    if missing:
        raise LoadError(
            f"{index.name} names {len(used)} data files; missing beside it: {', '.join(missing[:5])}.",
            "Put the index and all its data files into one folder, or upload them together.",
        )
    return found


def _entry(value: bytes) -> _Entry:
    found = _Entry()
    for one in fields(value):
        if one.number == 1:
            found.kind = one.value
        elif one.number == 2 and one.wire == 2:
            found.shape = [_length(value, axis) for axis in fields(value, one.start, one.stop) if axis.number == 2]
        elif one.number == 3:
            found.shard = one.value
        elif one.number == 4:
            found.offset = one.value
        elif one.number == 5:
            found.nbytes = one.value
        elif one.number == 6:
            found.checksum = int.from_bytes(value[one.start : one.stop], "little")
        elif one.number == 7:
            found.sliced = True
    return found


def _length(value: bytes, axis: Field) -> int:
    sizes = [numbers(value, one)[0] for one in fields(value, axis.start, axis.stop) if one.number == 1]
    return sizes[0] if sizes else 0


def _tensor(name: str, one: _Entry, file: Source, names: tuple[str, str], big: bool) -> Tensor:
    full_name, same = names
    dtype = _TYPES.get(one.kind, f"type {one.kind}")
    kind = stored_type(dtype)
    shape = tuple(one.shape)
    plain = name.removesuffix(_VALUE)
    aliases = tuple(alias for alias in (plain, full_name) if alias and alias != name)
    is_table = full_name.endswith(("/embeddings", "/embedding"))
    info = TensorInfo(name, shape, dtype, one.nbytes, aliases, same, is_table, full_name)
    if kind is None or kind.kind == "c" or one.sliced:
        why = "is stored in slices" if one.sliced else f"has the type {dtype}, which cannot be shown"
        return Tensor(info, _nothing, why)
    if any(n < 0 for n in shape) or len(shape) > 32 or prod(shape) * kind.itemsize != one.nbytes:
        raise LoadError(f"The index describes {name[:60]!r} badly: {one.nbytes:,} bytes for {shape[:8]}.", _DAMAGED)
    if one.offset + one.nbytes > file.size:
        raise LoadError(
            f"{file.name} is cut short: {name[:60]!r} should end at byte {one.offset + one.nbytes:,}, "
            f"the file has {file.size:,}.",
            _DAMAGED,
        )
    return Tensor(info, rows_in_file(file.path, one.offset, shape, dtype, big))


def _nothing(_start: int, _stop: int) -> NDArray[Any]:
    raise LoadError("The variable has no numbers that can be shown.", _DAMAGED)


def _full_names(entry: _Entry | None, files: Mapping[int, Source]) -> dict[str, str]:
    """Return the names that layers gave their variables, by the key in the checkpoint; empty when they are not kept.

    The object graph is one text: its length as a varint, four bytes of checksum, then the message.
    """
    if entry is None or entry.kind != 7 or entry.nbytes > _LARGEST_INDEX:
        return {}
    file = files[entry.shard]
    with file.path.open("rb") as stream:
        stream.seek(entry.offset)
        data = stream.read(entry.nbytes)
    names = {}
    try:
        _, place = varint(data, 0, len(data))
        for node in (one for one in fields(data, place + 4) if one.number == 1 and one.wire == 2):
            for value in (one for one in fields(data, node.start, node.stop) if one.number == 2 and one.wire == 2):
                known = {
                    one.number: text(data, one) for one in fields(data, value.start, value.stop) if one.wire == 2
                }
                names[known.get(3, "")] = known.get(2, "")
    except LoadError:
        return {}
    return names


LOADER = TensorFlow()
