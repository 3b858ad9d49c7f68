"""A configuration of the Embedding Projector, as TensorBoard and PyTorch's `add_embedding` write it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np

from cartography.errors import LoadError, unknown_name
from loaders.base import Candidate, Format, Loader, Match, Reading, loader_of
from loaders.embeddings.raw_bytes import read_raw
from loaders.files.projector_config import Entry, entries_of, is_config
from loaders.files.source import Source
from loaders.files.sprites import with_tiles
from loaders.options import Options

__all__ = ["LOADER", "Projector"]

_LATEST = re.compile(rb'^model_checkpoint_path: "([^"\n]{1,500})"', re.MULTILINE)
_LARGEST_STATE = 1 << 16
_SEQUENCES = ("__seq_next__", "__next__")
_LARGEST_BOOKMARKS = 16 << 20


class Projector(Loader):
    """`projector_config.pbtxt` or `.json`, which names vectors, metadata and sprites beside it."""

    format = Format(
        "Embedding Projector",
        ("projector_config.pbtxt", "projector_config.json", ".pbtxt"),
        reads="the files that the configuration names beside it; pictures are cut from its sprite",
    )
    gathers = True

    def match(self, source: Source) -> Match:
        """The configuration names its embeddings."""
        return Match.CERTAIN if is_config(source) else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the embeddings whose vectors are there."""
        present = [(entry, _tensor_of(source, entry)) for entry in _entries(source)]
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
        tensor = _tensor_of(source, entry)
        if tensor is None:
            raise _nothing_there(source, [entry])
        reading = _read_tensor(entry, tensor, options)
        side = source.beside(entry.metadata_path) if entry.metadata_path else None
        notes = list(reading.notes)
        if entry.metadata_path and side is None:
            notes.append(f"The metadata {entry.metadata_path!r} that {source.name} names are not there.")
        provenance = {**reading.provenance, "tensor": tensor.name, **_sprite(source, entry)}
        provenance |= _bookmarks(source, entry, notes) | _sequence(side, notes)
        return _with_pictures(replace(reading, side=side, notes=tuple(notes), provenance=provenance), source, entry)


def _entries(source: Source) -> list[Entry]:
    entries = entries_of(source)
    if not entries:
        raise LoadError(f"{source.name} names no embeddings.", "It should hold embeddings { tensor_path: ... }.")
    return entries


def _tensor_of(source: Source, entry: Entry) -> Source | None:
    """Return the file of vectors, or the TensorFlow checkpoint beside when the entry names a variable alone."""
    if entry.tensor_path:
        return source.beside(entry.tensor_path)
    state = source.beside("checkpoint")
    latest = _LATEST.search(state.peek(_LARGEST_STATE)) if state is not None else None
    return source.beside(f"{latest[1].decode('utf-8', 'replace')}.index") if latest else None


def _candidate(entry: Entry, tensor: Source, options: Options) -> Candidate:
    best = _best(entry, tensor, options)
    with_metadata = f" Its metadata are in {entry.metadata_path}." if entry.metadata_path else ""
    note = f"The vectors are in {entry.tensor_path or tensor.name}. {best.note}{with_metadata}"
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
    return next((one for one in found if entry.name in (one.key, *one.aliases)), found[0])


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


def _with_pictures(reading: Reading, source: Source, entry: Entry) -> Reading:
    """Give each item its own picture, cut from the sprite."""
    sprite = source.beside(entry.sprite_path) if entry.sprite_path else None
    if sprite is None:
        return reading
    return with_tiles(reading, sprite, entry.tile)


def _bookmarks(source: Source, entry: Entry, notes: list[str]) -> dict[str, Any]:
    """Return the names of the views that the configuration keeps, and say that they are there."""
    saved = source.beside(entry.bookmarks_path) if entry.bookmarks_path else None
    if saved is None or saved.size > _LARGEST_BOOKMARKS:
        return {}
    try:
        states = json.loads(saved.read_all())
    except (ValueError, RecursionError):
        return {}
    listed = states if isinstance(states, list) else [states]
    names = [str(one.get("label") or one.get("name") or "")[:200] for one in listed if isinstance(one, dict)]
    notes.append(f"{saved.name} keeps {len(names):,} bookmarks of the Projector; their names are in the provenance.")
    return {"bookmarks": str(saved.path), "bookmark_names": names}


def _sequence(side: Source | None, notes: list[str]) -> dict[str, Any]:
    """Return the metadata column that holds the row which follows each item, as the Projector draws trajectories."""
    first = side.head.split(b"\n", 1)[0].decode("utf-8", "replace").strip().split("\t") if side is not None else []
    column = next((name for name in _SEQUENCES if name in first), None)
    if column is None:
        return {}
    notes.append(f"The column {column!r} holds the row that follows each item: the items form sequences.")
    return {"sequence": column}


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
