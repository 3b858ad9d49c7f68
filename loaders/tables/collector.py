"""From batches of an Arrow table to a `Reading`: the common road of Parquet, Feather, Arrow, CSV and JSON lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from loaders.tables.vectors import matrix_of
from loaders.tables.written_vectors import all_vectors, width_of

__all__ = [
    "Collector",
    "candidates_of",
    "choice_called",
    "columns_of",
    "concatenated",
    "needs_a_look",
    "sample_rows",
]

_BYTES = {"float": 4, "double": 8, "halffloat": 2, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "int32": 4}


def columns_of(schema: Any, sample: Mapping[str, Any]) -> list[Column]:
    """Describe the columns of an Arrow schema.

    `sample` holds the first values of columns of texts and lists: they tell vectors, and how long they are.
    """
    return [_column(field, sample.get(field.name)) for field in schema]


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
                nbytes=rows * choice.width * _BYTES.get(choice.dtype, 8),
                note=choice.note + (" The number of rows is about right." if about else "") + items,
                kind=choice.kind,
                likelihood=choice.likelihood,
                columns=tuple(kept),
                roles=guessed_roles(kept),
            )
        )
    return found


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

    def add(self, batch: Any) -> None:
        """Take the next rows, an Arrow record batch or table."""
        start, self._seen = self._seen, self._seen + batch.num_rows
        if self._rows is not None:
            low, high = np.searchsorted(self._rows, [start, self._seen])
            batch = batch.take(self._rows[low:high] - start)
        if batch.num_rows == 0:
            return
        read = matrix_of([_column_of(batch, name) for name in self._choice.columns], self._width, self._name)
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


def _column_of(batch: Any, name: str) -> Any:
    """Return a column of the batch, or nulls where a record does not have it."""
    import pyarrow as pa

    if name in batch.schema.names:
        return batch.column(name)
    return pa.nulls(batch.num_rows, pa.list_(pa.float32()))


def _as_table(batch: Any) -> Any:
    import pyarrow as pa

    return batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])


def _column(field: Any, sample: Any) -> Column:
    """Describe one field of a schema, with the first values of its column if they are known."""
    import pyarrow as pa

    kind, types = field.type, pa.types
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    if types.is_integer(kind):
        return Column(field.name, "integer", dtype=str(kind))
    if types.is_floating(kind) or types.is_decimal(kind):
        return Column(field.name, "number", dtype=str(kind))
    if types.is_struct(kind):
        return _struct_column(field.name, kind)
    leaf = _leaf(kind)
    if leaf is not kind:
        return _list_column(field.name, kind, leaf, sample)
    return _text_column(field.name, kind, sample)


def _struct_column(name: str, kind: Any) -> Column:
    import pyarrow as pa

    fields = [kind.field(place) for place in range(kind.num_fields)]
    numeric = all(pa.types.is_floating(field.type) or pa.types.is_integer(field.type) for field in fields)
    if not numeric or len(fields) < 3:
        return Column(name, "other", dtype="struct")
    return Column(name, "vector", len(fields), str(fields[0].type), "one field per dimension")


def _list_column(name: str, kind: Any, leaf: Any, sample: Any) -> Column:
    import pyarrow as pa

    if not (pa.types.is_floating(leaf) or pa.types.is_integer(leaf) or pa.types.is_decimal(leaf)):
        return Column(name, "other", dtype=str(kind)[:40])
    if pa.types.is_fixed_size_list(kind) and leaf == kind.value_type:
        return Column(name, "vector", kind.list_size, str(leaf))
    return Column(name, "vector", _width_in(sample), str(leaf))


def _text_column(name: str, kind: Any, sample: Any) -> Column:
    import pyarrow as pa

    types = pa.types
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        return Column(name, "other", dtype=str(kind))
    texts = [text for text in sample.to_pylist() if text] if sample is not None else []
    if all_vectors(texts):
        return Column(name, "vector", width_of(texts[0]), "float", "written as text in each cell")
    return Column(name, "text", dtype="string")


def _width_in(sample: Any) -> int:
    """Return how many numbers the first list of a column of (nested) lists holds; 0 when there is none."""
    first = next((value for value in sample.to_pylist() if value), None) if sample is not None else None
    return _count(first) if first is not None else 0


def needs_a_look(kind: Any) -> bool:
    """Whether the type of a column does not tell whether it holds vectors, and how long they are."""
    import pyarrow as pa

    types = pa.types
    text = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    told = types.is_fixed_size_list(kind) and _leaf(kind) == kind.value_type
    return bool(text or (_leaf(kind) is not kind and not told))


def _count(value: Any) -> int:
    return sum(map(_count, value)) if isinstance(value, list) else 1


def _leaf(kind: Any) -> Any:
    """Return the innermost value type of nested lists."""
    import pyarrow as pa

    types = pa.types
    while types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind) or _is_view(kind):
        kind = kind.value_type
    return kind


def _is_view(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind))
