"""The index of a model in several files, as Hugging Face writes it: {"weight_map": {tensor: file}}."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cartography.errors import LoadError
from loaders.files.limits import size_text
from loaders.files.source import Source

__all__ = ["shards_of"]

_LARGEST = 64 << 20


def shards_of(source: Source) -> Iterator[Source]:
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
