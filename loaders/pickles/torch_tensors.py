"""From the inert records of a PyTorch pickle to named tensors: nested state dicts, parameters, shared storages.

What the records mean follows `torch/_utils.py` and `torch/serialization.py`: a tensor is a storage, an offset, a size
and strides, all counted in elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from cartography.errors import LoadError
from loaders.pickles.records import Call, Mapped, Name, Persistent
from loaders.pickles.torch_names import DTYPES, STORAGES

__all__ = ["Found", "StorageRef", "View", "storage_of", "survey"]

_MOST_PLACES = 1_000_000
_LONGEST_NAMES = 1 << 28  # characters of all paths together
_DEEPEST = 64
_MOST_AXES = 64


@dataclass(frozen=True)
class StorageRef:
    """A storage that tensors share: its key in the file, the type and count of its elements.

    `start` is the element at which a storage begins within another, as very old files have it.
    """

    key: str
    dtype: str
    count: int
    start: int = 0


@dataclass(frozen=True)
class View:
    """A tensor as a view of a storage; `why` says why it cannot be shown."""

    storage: StorageRef
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    why: str = ""


@dataclass(frozen=True)
class Found:
    """A tensor and the keys on the way to it."""

    path: tuple[str, ...]
    view: View


def survey(root: Any) -> tuple[list[Found], list[tuple[str, list[str]]]]:
    """Return all tensors below `root` in order, and the lists of texts by name, such as a vocabulary.

    No container is entered twice, so that no web of references explodes.
    """
    found, texts = [], []
    held = 0
    for path, value in _walk(root):
        held += sum(map(len, path))
        if held > _LONGEST_NAMES:
            raise LoadError("The names in the checkpoint grow beyond all bounds.", "Save the state dict alone.")
        view = _view(value)
        if view is not None:
            found.append(Found(path, view))
        elif isinstance(value, (list, tuple)) and all(type(one) is str for one in value):
            texts.append((".".join(path), list(value)))
        elif isinstance(value, Mapped) and (tokens := _numbered(value)):
            texts.append((".".join(path), tokens))
    return found, texts


def _numbered(mapped: Mapped) -> list[str] | None:
    """Return the texts of {text: number} when the numbers are 0, 1, 2 ... in some order."""
    n = len(mapped.pairs)
    if not all(type(key) is str and type(value) is int for key, value in mapped.pairs):
        return None
    if {value for _, value in mapped.pairs} != set(range(n)):
        return None
    return [key for key, _ in sorted(mapped.pairs, key=lambda pair: pair[1])]


def _walk(root: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every container and call below `root` with its path, in order."""
    seen: set[int] = set()
    waiting: list[tuple[tuple[str, ...], Any]] = [((), root)]
    places = 0
    while waiting:
        path, value = waiting.pop()
        places += 1
        if places > _MOST_PLACES:
            raise LoadError(f"The checkpoint holds more than {_MOST_PLACES:,} values.", "Save the state dict alone.")
        if id(value) in seen:
            continue
        yield path, value
        if not (isinstance(value, Call) and _is_tensor(value)):  # tied weights are one call in several places
            seen.add(id(value))
        if len(path) < _DEEPEST:
            below = [((*path, key), one) for key, one in _inside(value) if _holds_something(one)]
            waiting.extend(reversed(below))


def _holds_something(value: Any) -> bool:
    if isinstance(value, Mapped):
        return bool(value.pairs)
    return isinstance(value, Call) or (isinstance(value, (list, tuple)) and bool(value))


def _inside(value: Any) -> list[tuple[str, Any]]:
    """Return what a container holds, by names."""
    if isinstance(value, Mapped):
        return [(_key(key), one) for key, one in value.pairs]
    if isinstance(value, (list, tuple)):
        return [(str(place), one) for place, one in enumerate(value)]
    if not isinstance(value, Call) or _is_tensor(value):
        return []
    inside = [(_key(key), one) for key, one in value.entries.pairs]
    if value.name == "collections.OrderedDict" and value.args and isinstance(value.args[0], list):
        pairs = [one for one in value.args[0] if isinstance(one, (list, tuple)) and len(one) == 2]
        inside += [(_key(key), one) for key, one in pairs]
    return inside


def _key(key: Any) -> str:
    return key if type(key) is str else str(key) if isinstance(key, (int, float, bool)) else type(key).__name__


def _is_tensor(call: Call) -> bool:
    return call.name.startswith(("torch._utils._rebuild", "torch._tensor._rebuild"))


def _view(value: Any) -> View | None:
    """Return the tensor that a call describes, through parameters and subclasses; None for anything else."""
    for _ in range(4):
        if not isinstance(value, Call) or not _is_tensor(value):
            return None
        name = value.name.rpartition(".")[2]
        if name in ("_rebuild_parameter", "_rebuild_parameter_with_state", "_rebuild_device_tensor_from_cpu_tensor"):
            value = value.args[0] if value.args else None
        elif name == "_rebuild_from_type_v2" and len(value.args) == 4 and isinstance(value.args[2], tuple):
            value = Call(value.args[0], value.args[2])
        else:
            return _rebuilt(name, value.args)
    return None


def _rebuilt(name: str, args: tuple[Any, ...]) -> View | None:
    if name == "_rebuild_meta_tensor_no_storage":
        return None
    if name.startswith("_rebuild_sparse"):
        return _odd("is stored sparse")
    if name == "_rebuild_qtensor":
        return _odd("is quantised by PyTorch")
    if name not in ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3") or len(args) < 4:
        return _odd("is stored in a way of its own")
    storage, offset, shape, strides = storage_of(args[0]), args[1], _sizes(args[2]), _sizes(args[3])
    dtype = storage.dtype
    if name == "_rebuild_tensor_v3" and len(args) > 6 and isinstance(args[6], Name):
        dtype = DTYPES.get(args[6].name, args[6].name)
    if type(offset) is not int or offset < 0 or len(shape) != len(strides):
        raise _badly()
    return View(storage, dtype, offset, shape, strides)


def _odd(why: str) -> View:
    return View(StorageRef("", "", 0), "", 0, (), (), why)


def _badly() -> LoadError:
    return LoadError("The checkpoint describes a tensor badly.", "Copy or download the file again.")


def _sizes(value: Any) -> tuple[int, ...]:
    """Return a tuple of sizes, also where it is wrapped as torch.Size."""
    if isinstance(value, Call) and value.name == "torch.Size" and value.args:
        value = value.args[0]
    if not isinstance(value, (tuple, list)) or len(value) > _MOST_AXES:
        raise _badly()
    if not all(type(one) is int and 0 <= one < 1 << 62 for one in value) or prod(value) >= 1 << 62:
        raise _badly()
    return tuple(value)


def storage_of(value: Any) -> StorageRef:
    """Return the storage that a persistent id names. Raises `LoadError` when it is none."""
    parts = value.id if isinstance(value, Persistent) else None
    if not isinstance(parts, tuple) or len(parts) < 5 or parts[0] != "storage" or not isinstance(parts[1], Name):
        raise _badly()
    _, kind, key, _, count, *more = parts
    if type(count) is not int or not 0 <= count < 1 << 62 or not isinstance(key, (str, int)):
        raise _badly()
    start = 0
    if more and isinstance(more[0], tuple) and len(more[0]) == 3:
        start = more[0][1]
        if type(start) is not int or start < 0:
            raise _badly()
    return StorageRef(str(key), STORAGES.get(kind.name, kind.name), count, start)
