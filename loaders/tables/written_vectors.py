"""Vectors written as text in one cell: "[0.1, 0.2]", "[0.1 0.2]" as NumPy prints it, "0.1;0.2", and kin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.base import Flaw

__all__ = ["all_vectors", "looks_like_vector", "parse_texts", "width_of"]

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|NaN|-?inf|null|None"
_LISTED = re.compile(rf"^\s*(?:\w+\()?[\[(]\s*(?:np\.\w+\()?(?:{_NUMBER})\)?(?:\s*[,;\s]\s*|\s*[\])])")
_BARE = re.compile(rf"^\s*(?:{_NUMBER})(?:\s*[,;|]\s*|\s+)(?:{_NUMBER})(?:\s*[,;|]\s*|\s+)(?:{_NUMBER})")
_WRAPPED = re.compile(r"np\.(?:float|int)\d+\(([^)]*)\)")
_LOOK = 256  # characters of a cell that are looked at to tell what it is
_BLOCK = 4096  # rows parsed in one go


def looks_like_vector(text: str) -> bool:
    """Whether a cell holds a list of numbers, in brackets or bare with decimal points."""
    start = text[:_LOOK]
    if _LISTED.match(start):
        return True
    return bool(_BARE.match(start)) and start.count(".") >= max(2, width_of(start) // 2)


def width_of(text: str) -> int:
    """Return how many numbers a cell holds; 0 when it was cut short."""
    return 0 if _cut_short(text) else _plain(text).count(",") + 1


def parse_texts(array: Any, width: int, name: str) -> tuple[NDArray[np.float32], tuple[Flaw, ...]]:
    """Return (n, width) float32 from an Arrow array of n texts, and the rows that could not be read.

    `width` 0 means that of the first text. Raises `LoadError` for texts that were cut short when written.
    """
    missing = np.asarray(array.is_null().to_numpy(zero_copy_only=False)).copy()
    cells = array.to_pylist()
    if any(text and _cut_short(text) for text in cells):
        raise LoadError(
            f"The vectors in {name!r} were cut short when they were written: a cell holds '...' in place of numbers.",
            "Write them again as lists (array.tolist()), or as Parquet.",
        )
    texts = [_plain(text) if text else "" for text in cells]
    missing |= np.array([not text for text in texts], dtype=bool)
    if not width:
        width = next((text.count(",") + 1 for text in texts if text), 1)
    values = np.full((len(texts), width), np.nan, dtype=np.float32)
    flaws = [Flaw(np.flatnonzero(missing), "without a vector")] if missing.any() else []
    for start in range(0, len(texts), _BLOCK):
        rows = start + np.flatnonzero(~missing[start : start + _BLOCK])
        flaws += _fill(values, rows, [texts[row] for row in rows], name)
    return values, tuple(flaws)


def _fill(values: NDArray[np.float32], rows: NDArray[np.int64], texts: list[str], name: str) -> list[Flaw]:
    """Write the vectors of `texts` into `rows` of `values`; return the rows that hold something else."""
    width = values.shape[1]
    whole = _parse_block(texts, width)
    if whole is not None:
        values[rows] = whole
        return []
    odd: list[int] = []
    detail = ""
    for row, text in zip(rows, texts, strict=True):
        problem = _parse_one(values[row], text, name)
        detail = detail or problem
        if problem:
            odd.append(int(row))
    return [Flaw(np.array(odd, dtype=np.int64), "whose cell is not a vector of that length", detail)] if odd else []


def _parse_block(texts: list[str], width: int) -> NDArray[np.float32] | None:
    """Return all vectors at once, or None when one of them is not `width` plain numbers."""
    import pyarrow as pa
    from pyarrow import csv

    if not texts:
        return np.empty((0, width), dtype=np.float32)
    if any(text.count(",") != width - 1 for text in texts):
        return None
    names = [str(place) for place in range(width)]
    data = "\n".join(texts).encode()
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(column_names=names, block_size=len(data) + 1),
            parse_options=csv.ParseOptions(quote_char=False),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.float32())),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != len(texts):
        return None
    result = np.empty((width, len(texts)), dtype=np.float32)
    for place, column in enumerate(table.columns):
        result[place] = column.to_numpy()
    return np.ascontiguousarray(result.T) if not np.isinf(result).any() else None


def _parse_one(row: NDArray[np.float32], text: str, name: str) -> str:
    """Write one vector into `row` (d,), or return what is wrong with it."""
    parts = text.split(",")
    if len(parts) != len(row):
        return f"{len(parts):,} numbers instead of {len(row):,}"
    try:
        exact = np.array([_as_float(part) for part in parts])
    except ValueError as error:
        return str(error)
    with np.errstate(over="ignore"):
        row[:] = exact
    if (np.isinf(row) & np.isfinite(exact)).any():
        raise LoadError(
            f"The column {name!r} holds {exact[np.isinf(row)][0]:.3g}, beyond the largest 32-bit number (3.4e38).",
            "Scale the vectors down, or correct the value.",
        )
    return ""


def _as_float(text: str) -> float:
    text = text.strip()
    if text in ("", "null", "None"):
        return float("nan")
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text[:20]!r} where a number was expected") from None


def _cut_short(text: str) -> bool:
    return "..." in text or "…" in text


def _plain(text: str) -> str:
    """Return the numbers of a cell separated by commas, without brackets and wrappers."""
    if "np." in text:
        text = _WRAPPED.sub(r"\1", text)
    text = _inside(text)
    if "," not in text:
        text = ",".join(text.replace(";", " ").replace("|", " ").split())
    return text.replace(" ", "") if "\n" not in text else "".join(text.split())


def _inside(text: str) -> str:
    """Return what stands between the outer brackets, or the whole text without any."""
    for opening, closing in ("[]", "()"):
        start, end = text.find(opening), text.rfind(closing)
        if start >= 0 and (opening == "[" or start == 0):
            return text[start + 1 : end if end > start else None].strip().rstrip(",")
    return text.strip()


def all_vectors(texts: Iterable[str]) -> bool:
    """Whether every one of these cells holds a vector; False for none."""
    seen = [looks_like_vector(text) for text in texts]
    return bool(seen) and all(seen)
