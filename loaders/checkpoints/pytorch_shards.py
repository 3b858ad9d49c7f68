"""A model in several PyTorch files, joined by `pytorch_model.bin.index.json`."""

from __future__ import annotations

from loaders.arrays.checkpoint import Checkpoint, Tensor
from loaders.base import Format, Match
from loaders.checkpoints.pytorch import LOADER as PYTORCH
from loaders.files.shards import shards_of
from loaders.files.source import Source

__all__ = ["PyTorchShards"]


class PyTorchShards(Checkpoint):
    """The index of a sharded model; the shards lie beside it."""

    format = Format("PyTorch in shards", (".bin.index.json",), reads="as PyTorch, from all shards")
    gathers = True

    def match(self, source: Source) -> Match:
        """The index is a JSON object with a weight_map of files called .bin or .pt."""
        if source.suffix != ".json" or b"weight_map" not in source.head or b".safetensors" in source.head:
            return Match.NO
        named = source.name.endswith(".bin.index.json")
        return Match.CERTAIN if named or b'.bin"' in source.head else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return the tensors of all shards."""
        shards = source.memo.setdefault("shards", list(shards_of(source)))
        return {name: tensor for shard in shards for name, tensor in PYTORCH.tensors(shard).items()}


LOADER = PyTorchShards()
