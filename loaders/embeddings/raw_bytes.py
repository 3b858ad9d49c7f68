"""`.bytes`: bare float32 numbers, as the Embedding Projector serves them. The shape comes from elsewhere."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pandas as pd

from cartography.errors import LoadError, unknown_name
from loaders.base import Candidate, Format, Loader, Match, Reading
from loaders.files.projector_config import find_shape
from loaders.files.source import Source
from loaders.options import Options

__all__ = ["LOADER", "RawBytes", "read_raw"]

_DTYPES = {"float32": "<f4", "float64": "<f8", "float16": "<f2", "uint8": "u1", "int8": "i1", "int32": "<i4"}


class RawBytes(Loader):
    """A matrix without a header, rows one after the other, little-endian."""

    format = Format(
        "Raw numbers",
        (".bytes", ".raw"),
        reads="float32 without a header; the shape comes from a projector configuration or from `shape=`",
    )

    def match(self, source: Source) -> Match:
        """Only the name can tell."""
        return Match.NAME if source.suffix in self.format.suffixes else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the matrix, if its shape is known."""
        dtype = _dtype(options)
        shape = _shape(source, options, dtype)
        note = f"{shape[0]:,} vectors of {prod(shape[1:]):,} {dtype} numbers without a header."
        return [Candidate(source.stem, shape, str(dtype), prod(shape) * dtype.itemsize, note, likelihood=0.8)]

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read the matrix."""
        return read_raw(source, _shape(source, options, _dtype(options)), _dtype(options))


def read_raw(source: Source, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Reading:
    """Read bare numbers of a known shape. Raises `LoadError` when the file is of another length."""
    expected = prod(shape) * dtype.itemsize
    if source.size != expected:
        raise LoadError(
            f"{source.name} has {source.size:,} bytes; "
            f"{' × '.join(map(str, shape))} numbers of {dtype} are {expected:,}.",
            "Check the shape and the type of the numbers.",
        )
    vectors = np.fromfile(source.plain_path(), dtype=dtype).reshape(shape)
    return Reading(vectors, pd.DataFrame(index=range(shape[0])), provenance={"dtype": str(dtype)})


def _dtype(options: Options) -> np.dtype[Any]:
    name = options.dtype or "float32"
    if name not in _DTYPES:
        raise unknown_name("type of numbers", name, _DTYPES)
    return np.dtype(_DTYPES[name])


def _shape(source: Source, options: Options, dtype: np.dtype[Any]) -> tuple[int, ...]:
    if options.shape is not None:
        if len(options.shape) == 1:  # the dimensions alone; the rows follow from the length
            return source.size // (options.shape[0] * dtype.itemsize), options.shape[0]
        return options.shape
    shape = find_shape(source)
    if shape is None:
        raise LoadError(
            f"{source.name} holds bare numbers and does not say how many dimensions they have.",
            "Name the shape, as shape=(rows, dimensions), or open it together with its projector_config.",
        )
    return shape


LOADER = RawBytes()
