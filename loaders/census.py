"""What a checkpoint holds: every tensor with its shape, type, size, likely kind, and how much of it is empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import Progress, report
from loaders.arrays.checkpoint import Checkpoint, Tensor
from loaders.arrays.tensors import likely_kind
from loaders.base import loaders
from loaders.boundary import one_clear_sentence
from loaders.files.source import Source
from loaders.options import Options
from loaders.together import bundle_of, file_path, reader_of

__all__ = ["TensorRow", "tensors"]

_SAMPLE = 1 << 18  # numbers looked at per tensor
_PIECES = 8
_LARGEST_ROW = 1 << 24


@dataclass(frozen=True)
class TensorRow:
    """One tensor of a checkpoint.

    Attributes
    ----------
    name, shape, dtype, nbytes : as stored
    kind : "token table", "position table", "linear", "convolution", "normalisation", "bias", "optimiser state" ...
    file : the name of the file it lies in
    same_as : the tensor that has the very same numbers (tied weights); "" for none
    opens : whether `loaders.load(path, name)` shows it: two dimensions or more, of a type that can be read
    zeros, nans : shares from 0 to 1 in a sample of `looked_at` numbers; None when not sampled
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    nbytes: int
    kind: str
    file: str
    same_as: str = ""
    opens: bool = True
    zeros: float | None = None
    nans: float | None = None
    looked_at: int = 0


def tensors(path: Any, sampled: bool = False, progress: Progress | None = None) -> list[TensorRow]:
    """List every tensor of a checkpoint, in the order of the file.

    Parameters
    ----------
    path : a checkpoint of any format, an index of shards, a folder, or a list of such files
    sampled : look at up to 262,144 numbers of each tensor, spread over it, for the shares of zeros and NaNs
    progress : is told how far it is, and may raise `Cancelled`

    Reads headers alone unless `sampled`. Raises `CartographyError` only.
    """
    with one_clear_sentence(path):
        found = [(name, tensor) for loader, source in _checkpoints(path) for name, tensor in _of(loader, source)]
        if not found:
            raise LoadError(
                f"{path!s:.80} is no model checkpoint: it holds no named tensors.",
                "Open it with loaders.probe(path) instead.",
            )
        rows = []
        for place, (file, tensor) in enumerate(found):
            if sampled:
                report(progress, f"Looking at {tensor.info.name}", place / len(found))
            rows.append(_row(file, tensor, sampled))
        return rows


def _checkpoints(path: Any) -> list[tuple[Checkpoint, Source]]:
    """Return the checkpoints at a path; one alone may hold single values only, and is listed all the same."""
    if not isinstance(path, (list, tuple)):
        place = Path(path)
        claimed = [one for one in loaders() if place.is_dir() and one.claims_folder(place)]
        reader = claimed[0] if claimed else reader_of(Source(file_path(place))) if not place.is_dir() else None
        if isinstance(reader, Checkpoint):
            return [(reader, Source(place))]
    members = bundle_of(path, Options()).members
    return [(one.loader, one.source) for one in members if isinstance(one.loader, Checkpoint)]


def _of(loader: Checkpoint, source: Source) -> Iterator[tuple[str, Tensor]]:
    yield from ((source.name, tensor) for tensor in loader.tensors(source).values())


def _row(file: str, tensor: Tensor, sampled: bool) -> TensorRow:
    info = tensor.info
    zeros, nans, looked_at = _shares(tensor) if sampled and not tensor.why else (None, None, 0)
    return TensorRow(
        name=info.name,
        shape=info.shape,
        dtype=info.dtype,
        nbytes=info.nbytes,
        kind=likely_kind(info),
        file=file,
        same_as=info.same_as,
        opens=len(info.shape) >= 2 and min(info.shape) > 0 and not tensor.why,
        zeros=zeros,
        nans=nans,
        looked_at=looked_at,
    )


def _shares(tensor: Tensor) -> tuple[float | None, float | None, int]:
    """Return the shares of zeros and NaNs, and how many numbers were looked at."""
    counts = [(int((part == 0).sum()), int(np.isnan(part).sum()), part.size) for part in _sample(tensor)]
    total = sum(size for _, _, size in counts)
    if total == 0:
        return None, None, 0
    return sum(one[0] for one in counts) / total, sum(one[1] for one in counts) / total, total


def _sample(tensor: Tensor) -> Iterator[NDArray[Any]]:
    """Yield parts of a tensor, evenly spread over its rows, of bounded size."""
    shape = tensor.info.shape
    n, inner = (shape[0] if shape else 1), prod(shape[1:])
    if prod(shape) == 0 or inner > _LARGEST_ROW:
        return
    if n * inner <= _SAMPLE:
        yield tensor.rows(0, n)
        return
    pieces = min(_PIECES, n, max(1, _SAMPLE // inner))
    height = max(1, _SAMPLE // (pieces * inner))
    for place in range(pieces):
        start = place * (n - height) // max(pieces - 1, 1)
        yield tensor.rows(start, start + height)
