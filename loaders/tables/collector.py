"""From batches of an Arrow table to a `Reading`: the common road of Parquet, Feather, Arrow, CSV and JSON lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError, unknown_name
from loaders.arrays.matrix import as_float32
from loaders.base import Candidate, Flaw, Reading
from loaders.files.limits import check_memory
from loaders.options import Options
from loaders.tables.columns import Choice, Column, choices, guessed_roles, metadata_of
from loaders.tables.frames import frame_of
from loaders.tables.vectors import Vectors, matrix_of

__all__ = [
    "Collector",
    "candidates_of",
    "choice_called",
    "concatenated",
    "sample_rows",
]


def candidates_of(columns: Sequence[Column], rows: int, about: bool = False) -> list[Candidate]:
    """Return the candidates of a table with these columns."""
    found = []
    for choice in choices(columns):
        kept = metadata_of(columns, choice)
        items = f" With {len(kept):,} more columns for the items." if kept else ""
        found.append(
            Candidate(
                key=choice.key,
                shape=(rows, choice.width),
                dtype=choice.dtype,
                nbytes=rows * choice.width * _item_size(choice.dtype),
                note=choice.note + (" The number of rows is about right." if about else "") + items,
                kind=choice.kind,
                likelihood=choice.likelihood,
                columns=tuple(kept),
                roles=guessed_roles(kept),
            )
        )
    return found


def _item_size(dtype: str) -> int:
    """Return the bytes of one number; those it will have where the file holds text."""
    try:
        return np.dtype(dtype).itemsize
    except (TypeError, ValueError):
        return 4


def choice_called(columns: Sequence[Column], key: str, name: str) -> Choice:
    """Return the choice called `key`. Raises `ParameterError` with the nearest one."""
    known = {choice.key: choice for choice in choices(columns)}
    if key in known:
        return known[key]
    numeric = {column.name for column in columns if column.kind in ("number", "integer")}
    parts = tuple(part.strip() for part in key.split(","))
    if all(part in numeric for part in parts):
        note = f"The columns {', '.join(map(repr, parts))} are taken as one dimension each."
        return Choice(key, parts, len(parts), "float64", "numbers", 0.0, note)
    raise unknown_name(f"column of vectors in {name}", key, known or ["(none)"])


class Collector:
    """Takes batches of an Arrow table one after the other and keeps float32 vectors and the items' columns.

    `total` is the number of rows when it is known beforehand: then the vectors are written where they stay.
    `rows` (sorted numbers) keeps only these rows of all.
    """

    def __init__(
        self,
        choice: Choice,
        columns: Sequence[Column],
        name: str,
        total: int | None = None,
        rows: NDArray[np.int64] | None = None,
    ) -> None:
        self._choice = choice
        kept = metadata_of(columns, choice)
        self._dropped = {column.name for column in columns if column.name not in kept} - set(kept)
        self._name = name
        self._rows = rows
        self._room = len(rows) if rows is not None else total
        self._width = choice.width if choice.kind != "vectors" or len(choice.columns) > 1 else 0
        self._vectors: list[NDArray[np.float32]] = []
        self._whole: NDArray[np.float32] | None = None
        self._items: list[Any] = []
        self._flaws: dict[str, list[Flaw]] = {}
        self._seen = 0
        self._taken = 0

    def add(self, batch: Any, exact: Callable[[], Any] | None = None) -> None:
        """Take the next rows, an Arrow record batch or table.

        `exact` gives the same rows in float64; it is asked when float32 was not enough.
        """
        start, self._seen = self._seen, self._seen + batch.num_rows
        if self._rows is not None:
            low, high = np.searchsorted(self._rows, [start, self._seen])
            batch = batch.take(self._rows[low:high] - start)
        if batch.num_rows == 0:
            return
        read = self._read(batch)
        if exact is not None and np.isinf(read.values).any():
            read = self._read(exact())
        self._width = read.values.shape[1]
        for flaw in read.flaws:
            moved = Flaw(flaw.rows + self._taken, flaw.reason, flaw.detail)
            self._flaws.setdefault(flaw.reason, []).append(moved)
        self._keep(as_float32(read.values, self._name, first_row=start))
        kept = [name for name in batch.schema.names if name not in self._dropped]
        self._items.append(_as_table(batch.select(kept)))
        self._taken += batch.num_rows

    def reading(self, notes: Sequence[str] = (), **more: Any) -> Reading:
        """Return everything taken so far; `more` are further fields of the `Reading`."""
        frame, said = frame_of(concatenated(self._items))
        self._check_lengths()
        flaws = [
            Flaw(np.concatenate([flaw.rows for flaw in same]), reason, same[0].detail)
            for reason, same in self._flaws.items()
        ]
        return Reading(
            vectors=self._all_vectors(),
            items=frame,
            notes=(*notes, self._choice.note, *said),
            flaws=tuple(flaws),
            rows=self._rows,
            total=self._seen,
            **more,
        )

    def _read(self, batch: Any) -> Vectors:
        known = set(batch.schema.names)
        nothing = _nulls(batch.num_rows)
        columns = [batch.column(name) if name in known else nothing for name in self._choice.columns]
        return matrix_of(columns, self._width, self._name)

    def _check_lengths(self) -> None:
        """Refuse lists of all lengths: they are token numbers or tags, not vectors."""
        odd = sum(len(flaw.rows) for flaw in self._flaws.get("of another length", []))
        missing = sum(len(flaw.rows) for flaw in self._flaws.get("without a vector", []))
        if odd > (self._taken - missing) / 2:
            raise LoadError(
                f"The lists in {self._choice.key!r} of {self._name} have different lengths; only "
                f"{self._taken - missing - odd:,} of {self._taken:,} have the {self._width:,} numbers of a vector.",
                "Choose another column with key=, or write vectors of equal length.",
            )

    def _keep(self, vectors: NDArray[np.float32]) -> None:
        if self._room is None:
            self._vectors.append(vectors)
            return
        if self._whole is None:
            check_memory(self._room * self._width * 4, self._name)
            self._whole = np.empty((self._room, self._width), dtype=np.float32)
        self._whole[self._taken : self._taken + len(vectors)] = vectors

    def _all_vectors(self) -> NDArray[np.float32]:
        if self._whole is not None:
            return self._whole[: self._taken]
        if not self._vectors:
            return np.empty((0, self._width or 1), dtype=np.float32)
        return self._vectors[0] if len(self._vectors) == 1 else np.concatenate(self._vectors)


def sample_rows(total: int, options: Options) -> NDArray[np.int64] | None:
    """Return the sorted rows of the sample that `options` ask for, or None for all."""
    if options.sample is None or options.sample >= total:
        return None
    return np.sort(np.random.default_rng(options.seed).choice(total, options.sample, replace=False))


def concatenated(tables: Sequence[Any]) -> Any:
    """Return tables one under the other; a column whose type changes in between becomes text."""
    import pyarrow as pa

    if not tables:
        return pa.table({})
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.concat_tables(_with_equal_types(tables), promote_options="permissive")


def _with_equal_types(tables: Sequence[Any]) -> list[Any]:
    import pyarrow as pa

    kinds: dict[str, set[Any]] = {}
    for table in tables:
        for field in table.schema:
            if not pa.types.is_null(field.type):
                kinds.setdefault(field.name, set()).add(field.type)
    mixed = {name for name, types in kinds.items() if len(types) > 1}
    return [_as_texts(table, mixed) for table in tables]


def _as_texts(table: Any, names: set[str]) -> Any:
    """Return the table with these columns written out as text."""
    import pyarrow as pa

    for place, name in enumerate(table.column_names):
        if name in names:
            values = [None if value is None else str(value) for value in table.column(place).to_pylist()]
            table = table.set_column(place, name, pa.array(values, pa.string()))
    return table


def _nulls(rows: int) -> Any:
    """Return a column of missing vectors, for records that do not have the field."""
    import pyarrow as pa

    return pa.nulls(rows, pa.list_(pa.float32()))


def _as_table(batch: Any) -> Any:
    import pyarrow as pa

    return batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
