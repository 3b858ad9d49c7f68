"""`project FILE -o OUT`: coordinates and clusters, joined to the items."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from cartography.errors import ParameterError
from cartography.pipeline import BuiltMap
from cartography.records import Fidelity
from dashboard.commands.base import (
    Command,
    Terminal,
    add_input_flags,
    add_map_flags,
    lasting_store,
    load,
    plain,
    recipe_from,
    refuse_unwritable,
)
from dashboard.joined import joined

__all__ = ["COMMAND", "as_table"]

_SUFFIXES = (".parquet", ".csv", ".npz")


def _describe(parser: argparse.ArgumentParser) -> None:
    add_input_flags(parser)
    add_map_flags(parser)
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=Path, required=True, help="a .parquet, .csv or .npz file"
    )


def _run(options: argparse.Namespace) -> None:
    from cartography import build_map

    if options.output.suffix not in _SUFFIXES:
        raise ParameterError(
            f"{options.output.name!r} does not end in a known way.", f"Choose one of: {', '.join(_SUFFIXES)}."
        )
    refuse_unwritable(options.output)
    recipe = recipe_from(options)
    with Terminal(options.quiet) as progress:
        built = build_map(load(options, progress), recipe, progress, lasting_store())
        table, notes = as_table(built)
        _write(table, options.output)
    if not options.quiet:
        for note in notes:
            print(f"note: {plain(note)}", file=sys.stderr)
    print(options.output)


def as_table(built: BuiltMap) -> tuple[pd.DataFrame, list[str]]:
    """Return one row per item (index `id`): x, y, (z,) cluster, town, fidelity, the items' own columns; and notes.

    An item's own column that has one of our names gets the suffix `_item`, which a note says.
    """
    coordinates = built.projection.coordinates
    clustering = built.clustering
    finest = clustering.levels[-1]
    table = pd.DataFrame(dict(zip("xyz", coordinates.T, strict=False)), index=built.embeddings.ids)
    table["cluster"] = clustering.labels
    table["town"] = np.array([*finest.names, ""], dtype=object)[finest.labels]
    table["fidelity"] = _fidelity(built).kept
    return joined(table, built.embeddings.items)


def _fidelity(built: BuiltMap) -> Fidelity:
    """Return the map's fidelity; of a large map whose method needed no neighbours it is measured now."""
    from cartography import measure_fidelity

    metric = str(built.recipe.metric)
    return built.fidelity or measure_fidelity(built.prepared, built.projection, built.neighbours, metric=metric)


def _write(table: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        table.to_parquet(path)
    elif path.suffix == ".csv":
        table.to_csv(path)
    else:
        columns = {str(name): _plain(table[name]) for name in table.columns}
        np.savez_compressed(path, allow_pickle=False, id=table.index.to_numpy(dtype=np.str_), **columns)


def _plain(column: pd.Series) -> np.ndarray:
    """Return a column as an array that numpy stores without pickling."""
    if column.dtype.kind in "biuf":
        return column.to_numpy()
    return column.astype(str).to_numpy(dtype=np.str_)


COMMAND = Command("project", "compute a map's coordinates and clusters and save them as a table", _describe, _run)
