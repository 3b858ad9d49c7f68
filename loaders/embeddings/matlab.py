"""MATLAB `.mat`, both kinds: any matrix of numbers; cells and single columns as long as it become columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError, unknown_name
from loaders.arrays.named import ArrayInfo, array_candidates, read_array
from loaders.base import Candidate, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.hdf5.files import opened, tree_of
from loaders.hdf5.kinds import hdf5_kind
from loaders.matlab.classic import list_classic, read_classic
from loaders.matlab.modern import list_modern, read_modern
from loaders.matlab.variables import Variable
from loaders.options import Options

__all__ = ["LOADER", "Matlab"]


class Matlab(Loader):
    """The variables of a workspace."""

    format = Format(
        "MATLAB",
        (".mat",),
        reads="a matrix of numbers, v4 to v7.3; cells of texts and columns of equal length beside it",
    )

    def match(self, source: Source) -> Match:
        """The file begins with its version, or is HDF5 behind a block of text that says MATLAB."""
        if source.head.startswith(b"MATLAB 5.0") or hdf5_kind(source) == "matlab":
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".mat" else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the variables from their headers."""
        return array_candidates(_infos(self._variables(source)))

    def nothing_found(self, source: Source) -> LoadError:
        """Say what the variables are instead."""
        found = [f"{one.name} ({one.why or ' × '.join(map(str, one.shape))})" for one in self._variables(source)]
        return LoadError(
            f"{source.name} (MATLAB) holds no matrix of numbers" + (f": {', '.join(found[:8])}." if found else "."),
            "Save a matrix with one row per item.",
        )

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one matrix, with the columns and cells as long as it."""
        variables = {one.name: one for one in self._variables(source)}
        if key not in variables:
            raise unknown_name(f"variable in {source.name}", key, variables)
        infos = _infos(list(variables.values()), key)
        if not hdf5_kind(source):
            return read_array(key, infos, _shaped(lambda one: read_classic(source.path, one), variables, key))
        with opened(source.path, source.name) as file:
            tree = tree_of(file, source.name)
            fetch = _shaped(lambda one: read_modern(file, one, tree, options.progress), variables, key)
            return read_array(key, infos, fetch)

    def _variables(self, source: Source) -> list[Variable]:
        if "matlab" not in source.memo:
            source.memo["matlab"] = _listed(source)
        found: list[Variable] = source.memo["matlab"]
        return found


def _listed(source: Source) -> list[Variable]:
    path = source.plain_path()
    if not hdf5_kind(source):
        return list_classic(path)
    with opened(path, source.name) as file:
        return list_modern(file, tree_of(file, source.name))


def _infos(variables: list[Variable], key: str = "") -> list[ArrayInfo]:
    """Describe the variables; a single row or column as long as some matrix is taken as its column."""
    rows = {one.shape[0] for one in variables if one.kind == "numbers" and one.length < 0 and one.shape}
    return [_info(one, one.name != key and one.length in rows) for one in variables]


def _info(one: Variable, column: bool) -> ArrayInfo:
    shape = (one.length,) if column or (one.kind == "texts" and one.length >= 0) else one.shape
    dtype = np.dtype("U") if one.kind == "texts" else one.dtype
    return ArrayInfo(one.name, shape, dtype, not one.why, one.why)


def _shaped(
    read: Callable[[Variable], NDArray[Any]], variables: dict[str, Variable], key: str
) -> Callable[[str], NDArray[Any]]:
    """Return how a variable is fetched: the vectors as they are, what lies beside them flat."""

    def fetch(name: str) -> NDArray[Any]:
        values = read(variables[name])
        return values if name == key else values.reshape(-1) if variables[name].length >= 0 else values

    return fetch


LOADER = Matlab()
