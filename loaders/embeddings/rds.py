"""R's `.rds`: a matrix, a data frame, or a list of these such as `prcomp` gives."""

from __future__ import annotations

import re
from contextlib import closing
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError, unknown_name
from cartography.progress import report
from loaders.arrays.named import ArrayInfo, array_candidates, read_array, read_together
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.r_data import RVector, read_r
from loaders.files.source import Source
from loaders.options import Options

__all__ = ["LOADER", "Rds"]

_BEGINS = re.compile(rb"X\n\0\0\0[\x02\x03]")
_NAMES = "row names"


class Rds(Loader):
    """One object of R."""

    format = Format(
        "R object",
        (".rds",),
        reads="a numeric matrix with its row names, a data frame, or a list of these; packed with gzip, bz2 or xz",
    )

    def match(self, source: Source) -> Match:
        """Objects begin with X, a line end and the version."""
        if _BEGINS.match(source.head):
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".rds" else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the matrices, passing over their numbers."""
        return array_candidates(_infos(_matrices(source, numbers=False)))

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one matrix, with its row names and the columns of equal length."""
        report(options.progress, f"Reading {source.name}", 0.1)
        known = _matrices(source, numbers=True)
        infos = _infos(known)

        def fetch(name: str) -> NDArray[Any]:
            return _values(known[name])

        together = read_together(key, infos, fetch)
        if together is not None:
            return together
        if key not in known:
            raise unknown_name(f"matrix in {source.name}", key, known)
        reading = read_array(key, infos, fetch)
        names = _row_names(known[key])
        if names is None:
            return reading
        items = reading.items.assign(**{_NAMES: pd.Series(names, dtype="str")})
        return Reading(reading.vectors, items, id_column=_NAMES, notes=reading.notes, provenance=reading.provenance)

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read the columns of a data frame, or vectors of equal length."""
        known = _matrices(source, numbers=True)
        flat = {name: _values(one) for name, one in known.items() if _shape(one) == (rows,)}
        if not flat:
            raise LoadError(f"{source.name} holds nothing with {rows:,} values.", "Give one value per vector.")
        return Columns(pd.DataFrame({name: list(values) for name, values in flat.items()}))


def _matrices(source: Source, numbers: bool) -> dict[str, RVector]:
    """Return the vectors and matrices of the object by name."""
    with closing(source.open()) as stream:
        root = read_r(stream, source, numbers)
    found: dict[str, RVector] = {}
    _collect(root, source.stem, found, 0)
    return found


def _collect(one: Any, name: str, found: dict[str, RVector], depth: int) -> None:
    if not isinstance(one, RVector) or depth > 4:
        return
    if one.kind != "list":
        found[name if name not in found else f"{name}_{len(found)}"] = one
        return
    names = one.attributes.get("names")
    texts = names.values if isinstance(names, RVector) else []
    for place, inner in enumerate(one.values):
        inner_name = str(texts[place]) if place < len(texts) and texts[place] else f"{name}_{place + 1}"
        _collect(inner, inner_name, found, depth + 1)


def _infos(known: dict[str, RVector]) -> list[ArrayInfo]:
    return [ArrayInfo(name, _shape(one), _dtype(one)) for name, one in known.items()]


def _dtype(one: RVector) -> np.dtype[Any]:
    if one.kind == "text" or _levels(one) is not None:
        return np.dtype("U1")
    return np.dtype("int32" if one.kind in ("integer", "logical") else "float64")


def _shape(one: RVector) -> tuple[int, ...]:
    """Return the shape that `dim` gives; R stores matrices column by column."""
    dim = one.attributes.get("dim")
    if isinstance(dim, RVector) and dim.values is not None:
        try:
            shape = tuple(int(size) for size in dim.values)
        except (TypeError, ValueError, OverflowError):
            return (one.length,)
        if min(shape, default=0) >= 0 and prod(shape) == one.length:
            return shape
    return (one.length,)


def _values(one: RVector) -> NDArray[Any]:
    levels = _levels(one)
    if levels is not None:
        codes = np.nan_to_num(np.asarray(one.values, dtype=float)).astype(int)
        return np.array([levels[code - 1] if 0 < code <= len(levels) else "" for code in codes.tolist()], dtype="U")
    if one.kind == "text":
        return np.array(["" if value is None else str(value) for value in one.values], dtype="U")
    return np.asarray(one.values).reshape(_shape(one), order="F")


def _levels(one: RVector) -> list[str] | None:
    levels = one.attributes.get("levels")
    if not isinstance(levels, RVector) or levels.kind != "text":
        return None
    return [str(value or "") for value in levels.values]


def _row_names(one: RVector) -> list[str] | None:
    names = one.attributes.get("dimnames")
    first = names.values[0] if isinstance(names, RVector) and names.kind == "list" and names.values else None
    if not isinstance(first, RVector) or first.kind != "text" or first.length != _shape(one)[0]:
        return None
    return [str(value or "") for value in first.values]


LOADER = Rds()
