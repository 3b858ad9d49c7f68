"""Keras 3 models `.keras`: a zip of config.json, model.weights.h5, and the vocabularies of text layers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

from cartography.errors import LoadError
from loaders.arrays.checkpoint import Checkpoint, Tensor
from loaders.base import Format, Match
from loaders.checkpoints.keras import keras_tensors
from loaders.files.source import Source
from loaders.files.zips import place_of, unpacked
from loaders.hdf5.files import Window, opened

__all__ = ["LOADER", "KerasArchive"]

_WEIGHTS = "model.weights.h5"
_VOCABULARY = "vocabulary.txt"
_LARGEST_VOCABULARY = 256 << 20


class KerasArchive(Checkpoint):
    """A whole model in one file; its configuration is not run, only its weights and vocabularies are read."""

    format = Format(
        "Keras model", (".keras",), reads="as Keras weights; the vocabulary of a text layer labels the table as long"
    )
    filters_last = True

    def match(self, source: Source) -> Match:
        """A zip with model.weights.h5 in it."""
        if source.head.startswith(b"PK") and _has_weights(source):
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".keras" else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return every weight, from the headers."""
        return keras_tensors(lambda: _weights(source), source)

    def items(self, source: Source, tensor: Tensor) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Return the words of a vocabulary that has one for each row of an embedding table."""
        rows = tensor.info.shape[0] if tensor.info.shape else 0
        known = _vocabularies(source) if tensor.info.is_table else {}
        name, words = next(((name, words) for name, words in known.items() if len(words) == rows), ("", None))
        if words is None:
            return super().items(source, tensor)
        return pd.DataFrame({"token": words}), (f"The tokens are those of {name} in the archive.",)


def _has_weights(source: Source) -> bool:
    try:
        with zipfile.ZipFile(source.path) as archive:
            return _WEIGHTS in archive.NameToInfo
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return _WEIGHTS.encode() in source.head


@contextmanager
def _weights(source: Source) -> Iterator[Any]:
    """Open the weights in place where they are stored unpacked, else unpacked in memory, within limits."""
    with zipfile.ZipFile(source.plain_path()) as archive:
        member = archive.NameToInfo.get(_WEIGHTS)
    if member is None:
        raise LoadError(f"{source.name} is a zip file without {_WEIGHTS} in it.", "Save it again: model.save(path).")
    stream: io.RawIOBase | io.BytesIO
    if member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & 1:
        stream = Window(source.path, place_of(source.path, member, source.size), member.file_size)
    else:
        stream = io.BytesIO(unpacked(source.path, _WEIGHTS))
    with stream, opened(stream, source.name) as file:
        yield file


def _vocabularies(source: Source) -> dict[str, list[str]]:
    """Return the vocabularies in the archive: one word per line, the first of which may be empty."""
    with zipfile.ZipFile(source.path) as archive:
        members = [one for one in archive.infolist() if one.filename.endswith(_VOCABULARY)]
    small = [one.filename for one in members[:16] if one.file_size <= _LARGEST_VOCABULARY]
    texts = {name: unpacked(source.path, name).decode("utf-8", "replace") for name in small}
    return {name: text.replace("\r\n", "\n").split("\n") for name, text in texts.items()}


LOADER = KerasArchive()
