"""A model in several safetensors files, joined by `model.safetensors.index.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd

from cartography.errors import LoadError, unknown_name
from loaders.arrays.tensors import TensorInfo, tensor_candidates
from loaders.base import Candidate, Format, Loader, Match, Reading
from loaders.checkpoints.safetensors import read_index, read_tensor
from loaders.files.limits import size_text
from loaders.files.source import Source
from loaders.options import Options

__all__ = ["LOADER", "SafetensorsShards"]

_LARGEST = 64 << 20


class SafetensorsShards(Loader):
    """The index of a sharded model; the shards lie beside it."""

    format = Format("safetensors in shards", (".safetensors.index.json",), reads="as safetensors, from all shards")
    gathers = True

    def match(self, source: Source) -> Match:
        """The index is a JSON object with a weight_map of safetensors files."""
        named = source.name.endswith(".safetensors.index.json")
        if source.suffix != ".json" or b"weight_map" not in source.head:
            return Match.NO
        return Match.CERTAIN if named or b".safetensors" in source.head else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the tensors of all shards that are there."""
        return tensor_candidates(
            [
                TensorInfo(name, stored.shape, stored.info_dtype, stored.nbytes)
                for shard in _shards(source)
                for name, stored in read_index(shard).items()
            ]
        )

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one tensor from the shard that holds it."""
        names: list[str] = []
        for shard in _shards(source):
            stored = read_index(shard)
            names += stored
            if key in stored:
                tensor = read_tensor(shard, key, stored[key])
                items = pd.DataFrame(index=range(len(tensor) if tensor.ndim else 0))
                return Reading(tensor, items, provenance={"dtype": stored[key].info_dtype, "shard": shard.name})
        raise unknown_name(f"tensor in {source.name}", key, names)


def _shards(source: Source) -> Iterator[Source]:
    """Yield the shards. Raises `LoadError` naming those that are missing."""
    names = _shard_names(source)
    found = {name: source.beside(name) for name in names}
    missing = [name for name, shard in found.items() if shard is None]
    if missing:
        raise LoadError(
            f"{source.name} names {len(names)} shards; missing beside it: {', '.join(missing[:5])}.",
            "Put all shards into one folder, or upload them together.",
        )
    yield from (shard for shard in found.values() if shard is not None)


def _shard_names(source: Source) -> list[str]:
    if source.size > _LARGEST:
        raise LoadError(f"{source.name} has {size_text(source.size)}; an index is never that large.")
    try:
        index = json.loads(source.read_all())
    except (ValueError, RecursionError) as error:
        raise LoadError(f"{source.name} is not valid JSON.") from error
    mapping = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(mapping, dict) or not all(isinstance(name, str) for name in mapping.values()):
        raise LoadError(f"{source.name} should map tensors to files under 'weight_map'.")
    return sorted(set(mapping.values()))


LOADER = SafetensorsShards()
