"""A configuration of the Embedding Projector, as TensorBoard and PyTorch's `add_embedding` write it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from cartography.errors import LoadError, unknown_name
from loaders.base import Candidate, Format, Loader, Match, Reading, loader_of
from loaders.embeddings.raw_bytes import read_raw
from loaders.files.projector_config import Entry, entries_of, is_config
from loaders.files.source import Source
from loaders.options import Options

__all__ = ["LOADER", "Projector"]


class Projector(Loader):
    """`projector_config.pbtxt` or `.json`, which names vectors, metadata and sprites beside it."""

    format = Format(
        "Embedding Projector",
        ("projector_config.pbtxt", "projector_config.json", ".pbtxt"),
        reads="the files that the configuration names beside it",
    )
    gathers = True

    def match(self, source: Source) -> Match:
        """The configuration names its embeddings."""
        return Match.CERTAIN if is_config(source) else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the embeddings whose vectors are there."""
        present = [(entry, source.beside(entry.tensor_path)) for entry in _entries(source)]
        found = [_candidate(entry, tensor, options) for entry, tensor in present if tensor is not None]
        if not found:
            raise _nothing_there(source, [entry for entry, _ in present])
        return found

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one embedding with the metadata that belongs to it."""
        entries = {entry.name: entry for entry in _entries(source)}
        if key not in entries:
            raise unknown_name(f"embedding in {source.name}", key, entries)
        entry = entries[key]
        tensor = source.beside(entry.tensor_path)
        if tensor is None:
            raise _nothing_there(source, [entry])
        reading = _read_tensor(entry, tensor, options)
        side = source.beside(entry.metadata_path) if entry.metadata_path else None
        notes = list(reading.notes)
        if entry.metadata_path and side is None:
            notes.append(f"The metadata {entry.metadata_path!r} that {source.name} names are not there.")
        provenance = {**reading.provenance, "tensor": tensor.name, **_sprite(source, entry)}
        return replace(reading, side=side, notes=tuple(notes), provenance=provenance)


def _entries(source: Source) -> list[Entry]:
    entries = entries_of(source)
    if not entries:
        raise LoadError(f"{source.name} names no embeddings.", "It should hold embeddings { tensor_path: ... }.")
    return entries


def _candidate(entry: Entry, tensor: Source, options: Options) -> Candidate:
    best = _best(entry, tensor, options)
    with_metadata = f" Its metadata are in {entry.metadata_path}." if entry.metadata_path else ""
    note = f"The vectors are in {entry.tensor_path}. {best.note}{with_metadata}"
    return replace(best, key=entry.name, note=note, likelihood=max(best.likelihood, 0.8))


def _best(entry: Entry, tensor: Source, options: Options) -> Candidate:
    """Return the candidate of the file that holds the vectors."""
    if tensor.suffix == ".bytes" and len(entry.shape) == 2:
        n, d = entry.shape
        return Candidate(entry.name, entry.shape, "float32", tensor.size, f"{n:,} vectors of {d:,} dimensions.")
    loader = loader_of(tensor)
    found = loader.probe(tensor, options) if loader is not None else []
    if not found:
        raise LoadError(f"{tensor.name} holds no vectors.", "Check the configuration.")
    return found[0]


def _read_tensor(entry: Entry, tensor: Source, options: Options) -> Reading:
    if tensor.suffix == ".bytes" and len(entry.shape) == 2:
        return read_raw(tensor, entry.shape, np.dtype("<f4"))
    loader = loader_of(tensor)
    if loader is None:
        raise LoadError(f"{tensor.name} is of no known format.")
    return loader.read(tensor, _best(entry, tensor, options).key, options)


def _sprite(source: Source, entry: Entry) -> dict[str, Any]:
    """Return where the pictures of the items are, if they are there."""
    sprite = source.beside(entry.sprite_path) if entry.sprite_path else None
    return {"sprite": str(sprite.path), "sprite_tile": list(entry.tile)} if sprite is not None else {}


def _nothing_there(source: Source, entries: list[Entry]) -> LoadError:
    paths = [entry.tensor_path for entry in entries if entry.tensor_path]
    if not paths:
        return LoadError(
            f"{source.name} names tensors of a TensorFlow checkpoint, and no file of vectors.",
            "Open the checkpoint itself, or export the vectors as tensors.tsv.",
        )
    return LoadError(
        f"{source.name} names {', '.join(paths[:4])}, which {'is' if len(paths) == 1 else 'are'} not beside it.",
        "Put the files into one folder, or upload them together.",
    )


LOADER = Projector()
