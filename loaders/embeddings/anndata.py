"""AnnData `.h5ad`: the matrix X, the representations in obsm, the layers, and the cells' columns in obs."""

from __future__ import annotations

import re
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError, unknown_name
from loaders.base import Candidate, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.hdf5.arrays import read_numbers
from loaders.hdf5.files import Tree, opened, tree_of
from loaders.hdf5.frames import read_frame, read_sparse, sparse_size
from loaders.hdf5.kinds import hdf5_kind
from loaders.options import Options

__all__ = ["LOADER", "AnnData"]

_LATENT = re.compile(r"pca|scvi|harmony|lsi|latent|emb|nmf|ica|geneformer|scgpt|uce", re.IGNORECASE)
_MAP = re.compile(r"umap|tsne|t_sne|spatial|draw_graph|diffmap2|phate", re.IGNORECASE)


class AnnData(Loader):
    """One file of annotated cells."""

    format = Format(
        "AnnData",
        (".h5ad",),
        reads="X, obsm[...] or a layer, dense or sparse; the columns of obs; a map in obsm gives x and y",
    )

    def match(self, source: Source) -> Match:
        """An HDF5 file with obs and var, or one that says so."""
        if hdf5_kind(source) == "anndata":
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".h5ad" else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the matrices from their headers."""
        with opened(source.plain_path(), source.name) as file:
            tree = tree_of(file, source.name)
            found = [_candidate(file, path, tree) for path in _matrices(file, tree)]
        return sorted((one for one in found if one is not None), key=lambda one: -one.likelihood)

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one matrix, with the columns of obs."""
        with opened(source.plain_path(), source.name) as file:
            tree = tree_of(file, source.name)
            known = _matrices(file, tree)
            if key not in known:
                raise unknown_name(f"matrix in {source.name}", key, known)
            notes = list(tree.notes)
            vectors = read_numbers(file, tree.sets[key], options.progress) if key in tree.sets else None
            if vectors is None:
                vectors = read_sparse(file, key, tree)
                notes.append(
                    f"The matrix is stored sparse; {float((vectors == 0).mean()):.0%} of its numbers are zero."
                )
            items, ids, aside = read_frame(file, "obs", tree)
            if aside:
                notes.append(f"Columns of obs that were not read: {', '.join(aside[:6])}.")
            if len(items.columns) and len(items) != len(vectors):
                raise LoadError(f"{source.name} has {len(items):,} rows in obs, but {len(vectors):,} in {key}.")
            items = items if len(items.columns) else pd.DataFrame(index=range(len(vectors)))
            items, said = _with_map(file, [path for path in known if path != key], tree, items)
        reading = Reading(vectors, items, id_column=ids, notes=(*notes, *said))
        return replace(reading, provenance={"dtype": str(vectors.dtype)})


def _matrices(file: Any, tree: Tree) -> list[str]:
    """Return the paths of what could be opened: X, and what lies in obsm and layers."""
    paths = [path for path in (*tree.sets, *tree.groups) if path == "X" or re.fullmatch(r"(obsm|layers)/[^/]+", path)]
    paths += [path for path in ("raw/X",) if path in tree.sets or path in tree.groups]
    dense = {path for path in paths if path in tree.sets and _is_matrix(tree, path)}
    sparse = {path for path in paths if path in tree.groups and sparse_size(file, path) is not None}
    return [path for path in paths if path in dense | sparse]


def _is_matrix(tree: Tree, path: str) -> bool:
    one = tree.sets[path]
    return one.kind == "numbers" and len(one.shape) == 2 and prod(one.shape) > 0


def _candidate(file: Any, path: str, tree: Tree) -> Candidate | None:
    stored = tree.sets.get(path)
    size = None if stored is not None else sparse_size(file, path)
    shape = stored.shape if stored is not None else size[1] if size is not None else (0, 0)
    if 0 in shape:
        return None
    n, d = shape
    data = tree.sets.get(f"{path}/data")
    dtype = str((stored or data).dtype) if stored or data else "float32"  # type: ignore[union-attr]
    nbytes = stored.nbytes if stored is not None else data.nbytes if data is not None else 0
    likelihood, kind = _likely(path, d)
    name = path.rpartition("/")[2]
    note = f"{n:,} cells by {d:,} {'genes' if path in ('X', 'raw/X') or path.startswith('layers') else 'dimensions'}"
    note += ", stored sparse; every row becomes a full vector." if size is not None else "."
    aliases = (f"obsm[{name}]", f"obsm['{name}']", name) if path.startswith("obsm/") else ()
    columns = _columns(file, tree)
    return Candidate(path, (n, d), dtype, nbytes, note, kind, likelihood, columns, aliases=aliases)


def _likely(path: str, d: int) -> tuple[float, str]:
    name = path.rpartition("/")[2]
    if path == "X":
        return 0.8, "vectors"
    if path.startswith("obsm/"):
        if d <= 3 or _MAP.search(name):
            return 0.45, "coordinates"
        return (0.85 if _LATENT.search(name) else 0.7), "vectors"
    return 0.4, "vectors"


def _columns(file: Any, tree: Tree) -> tuple[str, ...]:
    if "obs" not in tree.groups:
        return ()
    return tuple(
        str(one.decode() if isinstance(one, bytes) else one) for one in file["obs"].attrs.get("column-order", [])
    )


def _with_map(file: Any, others: list[str], tree: Tree, items: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Add x and y from a map in obsm that was made earlier."""
    maps = [
        path
        for path in others
        if path in tree.sets and tree.sets[path].shape == (len(items), 2) and _MAP.search(path)
    ]
    if not maps or {"x", "y"} & set(items.columns):
        return items, []
    made: NDArray[np.floating[Any]] = read_numbers(file, tree.sets[maps[0]])
    note = f"{maps[0]} is a map made earlier; it gives x and y."
    return items.assign(x=made[:, 0], y=made[:, 1]), [note]


LOADER = AnnData()
