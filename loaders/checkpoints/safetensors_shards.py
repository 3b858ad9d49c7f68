"""A model in several safetensors files, joined by `model.safetensors.index.json`."""

from __future__ import annotations

from loaders.arrays.checkpoint import Checkpoint, Tensor
from loaders.base import Format, Match
from loaders.checkpoints.safetensors import read_index
from loaders.files.shards import shards_of
from loaders.files.source import Source

__all__ = ["LOADER", "SafetensorsShards"]


class SafetensorsShards(Checkpoint):
    """The index of a sharded model; the shards lie beside it."""

    format = Format(
        "safetensors in shards",
        (".safetensors.index.json",),
        reads="as safetensors, from all shards",
    )
    gathers = True

    def match(self, source: Source) -> Match:
        """The index is a JSON object with a weight_map of safetensors files."""
        named = source.name.endswith(".safetensors.index.json")
        if source.suffix != ".json" or b"weight_map" not in source.head:
            return Match.NO
        return Match.CERTAIN if named or b".safetensors" in source.head else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return the tensors of all shards."""
        return {
            name: stored.tensor(name, shard)
            for shard in shards_of(source)
            for name, stored in read_index(shard).items()
        }


LOADER = SafetensorsShards()
