"""PyTorch checkpoints, zip and legacy: read by a pickle interpreter of our own that never runs anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from cartography.errors import LoadError
from loaders.arrays.checkpoint import MOST_TENSORS, Checkpoint, Tensor
from loaders.arrays.tensors import TensorInfo
from loaders.base import Format, Match
from loaders.files.source import Source
from loaders.pickles.torch_files import LEGACY_MAGIC, TorchFile, is_torch_zip, opened
from loaders.pickles.torch_tensors import Found

__all__ = ["LOADER", "PyTorch"]

_WRAPPERS = (
    *("state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "weights", "params"),
    *("generator", "params_ema", "ema_state_dict"),
)
_MOST_COLUMNS = 4


class PyTorch(Checkpoint):
    """What torch.save writes: a state dict, alone or nested in a training checkpoint."""

    format = Format(
        "PyTorch",
        (".pt", ".pth", ".bin", ".ckpt", ".th"),
        reads="any tensor of two dimensions or more, however nested; nothing in the file is run",
    )

    def match(self, source: Source) -> Match:
        """A zip with a data.pkl in it, or a pickle that begins with PyTorch's magic number."""
        if source.head.startswith(LEGACY_MAGIC) or is_torch_zip(source):
            return Match.CERTAIN
        return Match.NAME if source.suffix in (".pt", ".pth", ".ckpt", ".th") else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return every tensor, from the pickle of the file."""
        file = opened(source)
        if len(file.found) > MOST_TENSORS:
            raise LoadError(f"{source.name} holds {len(file.found):,} tensors; at most {MOST_TENSORS:,} are read.")
        return _named(file)

    def items(self, source: Source, tensor: Tensor) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Return the lists of texts in the checkpoint that have one for each row of a table."""
        rows = tensor.info.shape[0] if tensor.info.shape else 0
        fitting = [(name, texts) for name, texts in opened(source).texts if len(texts) == rows > 1]
        columns = {(name.split(".")[-1] or "token"): texts for name, texts in fitting[:_MOST_COLUMNS]}
        notes = [f"The column {name!r} is a list of {rows:,} texts that lies in the checkpoint." for name in columns]
        return pd.DataFrame(columns, index=range(rows)), tuple(notes)

    def notes(self, source: Source) -> tuple[str, ...]:
        """Say which settings were left unread."""
        settings = list(opened(source).settings)
        if not settings:
            return ()
        return (f"Settings in the checkpoint were left unread: {', '.join(settings[:6])}.",)


def _named(file: TorchFile) -> dict[str, Tensor]:
    """Return the tensors by name."""
    names = _names([one.path for one in file.found])
    known: dict[str, Tensor] = {}
    first: dict[object, str] = {}
    for one, name in zip(file.found, names, strict=True):
        full = ".".join(one.path)
        same = first.setdefault(_identity(one), name) if one.view.shape else name
        view = one.view
        nbytes = file.nbytes(view)
        info = TensorInfo(
            name, view.shape, view.dtype, nbytes, (full,) if full != name else (), same if same != name else ""
        )
        known[name] = Tensor(info, file.rows(view), view.why or file.why(view), _HINT)
    return known


_HINT = "Convert it with tensor.detach().to_dense().float() or its like, and save it again."


def _identity(one: Found) -> object:
    view = one.view
    return (view.storage.key, view.storage.start, view.offset, view.shape, view.strides, view.dtype)


def _names(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """Return a name per path, each once: "tensor" for a lone one, without a wrapper where nothing clashes."""
    full = [".".join(path) or "tensor" for path in paths]
    wrapped = [len(path) > 1 and path[0] in _WRAPPERS for path in paths]
    short = [".".join(path[1:]) if inside else name for path, name, inside in zip(paths, full, wrapped, strict=True)]
    counts = Counter(short)
    chosen = [one if counts[one] == 1 else name for one, name in zip(short, full, strict=True)]
    taken: Counter[str] = Counter()
    unique = []
    for name in chosen:
        taken[name] += 1
        unique.append(name if taken[name] == 1 else f"{name}#{taken[name]}")
    return unique


LOADER = PyTorch()
