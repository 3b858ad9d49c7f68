"""Names of Keras weights: from the paths in the file, the layers' own names, and the kind of each layer.

Legacy files keep `LAYER/.../WEIGHT`; Keras 3 numbers the weights, `layers/embedding/vars/0`, and gives the layer's
own name as an attribute of `vars`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from loaders.hdf5.files import Tree
from loaders.hdf5.frames import attribute

__all__ = ["Weight", "weights_of"]

_DENSE = ("kernel", "bias")
_NUMBERED = {
    "embedding": ("embeddings",),
    "dense": _DENSE,
    "einsum_dense": _DENSE,
    "conv1d": _DENSE,
    "conv2d": _DENSE,
    "conv3d": _DENSE,
    "conv1d_transpose": _DENSE,
    "conv2d_transpose": _DENSE,
    "depthwise_conv2d": _DENSE,
    "lstm_cell": ("kernel", "recurrent_kernel", "bias"),
    "gru_cell": ("kernel", "recurrent_kernel", "bias"),
    "batch_normalization": ("gamma", "beta", "moving_mean", "moving_variance"),
    "layer_normalization": ("gamma", "beta"),
    "reversible_embedding": ("embeddings",),
    "token_embedding": ("embeddings",),
    "position_embedding": ("embeddings",),
}


class Weight:
    """A weight: its path in the file, a name for people, and whether it is the table of an embedding layer."""

    def __init__(self, path: str, name: str, is_table: bool) -> None:
        self.path, self.name, self.is_table = path, name, is_table


def weights_of(file: Any, tree: Tree) -> list[Weight]:
    """Return every weight that is numbers, each under a name of its own."""
    found = [_weight(file, path) for path, one in tree.sets.items() if one.kind == "numbers"]
    counts = Counter(one.name for one in found)
    return [one if counts[one.name] == 1 else Weight(one.path, one.path, one.is_table) for one in found]


def _weight(file: Any, path: str) -> Weight:
    parts = path.split("/")
    if parts[0].startswith("optimizer"):
        return Weight(path, path, False)
    if len(parts) > 2 and parts[-2] == "vars":
        return _numbered(file, path, parts)
    inside = parts[1:] if parts[0] == "model_weights" else parts
    weight = inside[-1].split(":")[0]
    layer = inside[-2] if len(inside) > 1 else ""
    if weight in ("embeddings", "embedding") and inside[:-1]:
        return Weight(path, inside[0] if layer == inside[0] else layer, not _is_position(layer))
    return Weight(path, f"{layer}/{weight}" if layer else weight, False)


def _numbered(file: Any, path: str, parts: list[str]) -> Weight:
    """Name a weight of Keras 3 by its layer's name and the place among its weights."""
    kind = re.sub(r"_\d+$", "", parts[-3])
    own = attribute(file["/".join(parts[:-1])], "name")
    layer = str(own) if own else "/".join(part for part in parts[:-2] if part != "layers")
    known = _NUMBERED.get(kind, ())
    place = int(parts[-1]) if parts[-1].isdecimal() else len(known)
    weight = known[place] if place < len(known) else parts[-1]
    if weight == "embeddings":
        return Weight(path, layer, not _is_position(layer) and not _is_position(kind))
    return Weight(path, f"{layer}/{weight}", False)


def _is_position(layer: str) -> bool:
    return "position" in layer.lower()
