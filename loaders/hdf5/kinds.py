"""Which of the formats that are HDF5 inside a file is: plain, Keras, AnnData or MATLAB."""

from __future__ import annotations

from typing import Any

from cartography.errors import CartographyError
from loaders.files.source import Source
from loaders.hdf5.files import is_hdf5, opened

__all__ = ["hdf5_kind"]

_KERAS = ("layer_names", "keras_version")


def hdf5_kind(source: Source) -> str:
    """Return "hdf5", "keras", "anndata" or "matlab"; "" when it is no HDF5 file. Remembered in the source."""
    if "hdf5" not in source.memo:
        source.memo["hdf5"] = _look(source) if is_hdf5(source) and not source.compression else ""
    kind: str = source.memo["hdf5"]
    return kind


def _look(source: Source) -> str:
    if source.head.startswith(b"MATLAB 7.3"):
        return "matlab"
    try:
        with opened(source.path, source.name) as file:
            return _by_content(file)
    except CartographyError:
        by_name = {".h5ad": "anndata", ".mat": "matlab"}
        return "keras" if source.name.endswith(".weights.h5") else by_name.get(source.suffix, "hdf5")


def _by_content(file: Any) -> str:
    names = set(file)
    if any(name in file.attrs for name in _KERAS) or "model_weights" in names:
        return "keras"
    if names & {"layers", "_layer_checkpoint_dependencies"} and names & {"vars", "optimizer", "seed_generators"}:
        return "keras"
    if _text(file.attrs.get("encoding-type")) == "anndata" or ({"obs", "var"} <= names and names & {"X", "obsm"}):
        return "anndata"
    return "hdf5"


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
