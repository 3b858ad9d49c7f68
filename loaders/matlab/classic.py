"""MATLAB v4 to v7 through SciPy, which reads data only; what is packed is measured before it is unpacked."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.files.limits import check_expansion, check_memory
from loaders.matlab.variables import Variable

__all__ = ["list_classic", "read_classic"]

_PACKED = 15  # miCOMPRESSED, in "MAT-File Format", table 1-1
_BLOCK = 1 << 20
_SIZES = {"double": "f8", "single": "f4", "logical": "u1", "sparse": "f8"}
_SIZES |= {f"{sign}int{bits}": f"{'u' if sign else 'i'}{bits // 8}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
_DAMAGED = "Save the file again in MATLAB: save('file.mat', 'vectors')."


def list_classic(path: Path) -> list[Variable]:
    """List the variables from their headers."""
    from scipy.io import whosmat

    try:
        found = whosmat(str(path))
    except Exception as error:
        raise _damaged(path, error) from error
    return [_variable(name, tuple(int(n) for n in shape), kind) for name, shape, kind in found]


def _variable(name: str, shape: tuple[int, ...], kind: str) -> Variable:
    if kind in _SIZES:
        return Variable(name, shape, np.dtype(_SIZES[kind]), "numbers")
    if kind == "cell":
        return Variable(name, shape, np.dtype("O"), "texts")
    if kind == "char":
        return Variable(name, shape[:1], np.dtype("O"), "texts")
    return Variable(name, shape, np.dtype("O"), "other", f"is a {kind}")


def read_classic(path: Path, one: Variable) -> NDArray[Any]:
    """Return one variable: numbers in full, or texts (n,)."""
    from scipy.io import loadmat

    check_memory(one.nbytes, f"The variable {one.name!r}")
    _check_packed(path)
    try:
        value = loadmat(str(path), variable_names=[one.name], chars_as_strings=True)[one.name]
        value = value.toarray() if hasattr(value, "toarray") else value
    except Exception as error:
        raise _damaged(path, error) from error
    return np.asarray(value) if one.kind == "numbers" else _texts(value, one)


def _texts(value: Any, one: Variable) -> NDArray[Any]:
    """Return the texts of a cell array or of the rows of a character array."""
    flat = [_text(cell) for cell in np.asarray(value).reshape(-1).tolist()]
    if any(text is None for text in flat):
        raise LoadError(f"The cells of {one.name!r} hold more than texts.", "Save them as a column of texts.")
    return np.array(flat, dtype=object)


def _text(cell: Any) -> str | None:
    if isinstance(cell, str):
        return cell.rstrip() if cell else cell
    if isinstance(cell, np.ndarray) and cell.size <= 1 and cell.dtype.kind in "Ufiub":
        return str(cell.reshape(-1)[0]) if cell.size else ""
    return None


def _check_packed(path: Path) -> None:
    """Unpack every packed variable into nothing, so that a bomb is found before it goes off."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        order = {b"IM": "little", b"MI": "big"}.get(stream.read(128)[126:128])
        while order and len(tag := stream.read(8)) == 8:
            kind = int.from_bytes(tag[:4], "little" if order == "little" else "big")
            length = int.from_bytes(tag[4:], "little" if order == "little" else "big")
            if kind == _PACKED:
                _measure(stream.read(min(length, size)), path.name)
            else:
                stream.seek(length, 1)


def _measure(packed: bytes, name: str) -> None:
    unpacker, given, rest = zlib.decompressobj(), 0, packed
    while rest and not unpacker.eof:
        part = unpacker.decompress(rest, _BLOCK)
        rest = unpacker.unconsumed_tail
        given += len(part)
        check_expansion(len(packed), given, name)


def _damaged(path: Path, error: Exception) -> LoadError:
    said = (str(error).splitlines() or [""])[0][:120].rstrip(".")
    return LoadError(f"{path.name} is damaged or no MATLAB file; SciPy says: {said or 'nothing'}.", _DAMAGED)
