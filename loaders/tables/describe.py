"""What the columns of an Arrow table hold, told from its schema and the first values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loaders.tables.columns import Column
from loaders.tables.written_vectors import all_vectors, width_of

__all__ = ["columns_of", "needs_a_look"]


def columns_of(schema: Any, sample: Mapping[str, Any]) -> list[Column]:
    """Describe the columns of an Arrow schema.

    `sample` holds the first values of columns of texts and lists: they tell vectors, and how long they are.
    """
    return [_column(field, sample.get(field.name)) for field in schema]


def needs_a_look(kind: Any) -> bool:
    """Whether the type of a column does not tell whether it holds vectors, and how long they are."""
    import pyarrow as pa

    types = pa.types
    text = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    told = types.is_fixed_size_list(kind) and _leaf(kind) == kind.value_type
    return bool(text or (_leaf(kind) is not kind and not told))


def _column(field: Any, sample: Any) -> Column:
    """Describe one field of a schema, with the first values of its column if they are known."""
    import pyarrow as pa

    kind, types = field.type, pa.types
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    if types.is_integer(kind):
        return Column(field.name, "integer", dtype=str(kind))
    if types.is_floating(kind) or types.is_decimal(kind):
        return Column(field.name, "number", dtype=_called(kind))
    if types.is_struct(kind):
        return _struct_column(field.name, kind)
    leaf = _leaf(kind)
    if leaf is not kind:
        return _list_column(field.name, kind, leaf, sample)
    return _text_column(field.name, kind, sample)


def _called(kind: Any) -> str:
    """Return the name of a type of numbers as NumPy has it."""
    return {"float": "float32", "double": "float64", "halffloat": "float16"}.get(str(kind), str(kind))


def _struct_column(name: str, kind: Any) -> Column:
    import pyarrow as pa

    fields = [kind.field(place) for place in range(kind.num_fields)]
    numeric = all(pa.types.is_floating(field.type) or pa.types.is_integer(field.type) for field in fields)
    if not numeric or len(fields) < 3:
        return Column(name, "other", dtype="struct")
    return Column(name, "vector", len(fields), _called(fields[0].type), "one field per dimension")


def _list_column(name: str, kind: Any, leaf: Any, sample: Any) -> Column:
    import pyarrow as pa

    if not (pa.types.is_floating(leaf) or pa.types.is_integer(leaf) or pa.types.is_decimal(leaf)):
        return Column(name, "other", dtype=str(kind)[:40])
    if pa.types.is_fixed_size_list(kind) and leaf == kind.value_type:
        return Column(name, "vector", kind.list_size, _called(leaf))
    return Column(name, "vector", _width_in(sample), _called(leaf))


def _text_column(name: str, kind: Any, sample: Any) -> Column:
    import pyarrow as pa

    types = pa.types
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        return Column(name, "other", dtype=str(kind))
    texts = [text for text in sample.to_pylist() if text] if sample is not None else []
    if all_vectors(texts):
        return Column(name, "vector", width_of(texts[0]), "text", "written as text in each cell")
    return Column(name, "text", dtype="string")


def _width_in(sample: Any) -> int:
    """Return how many numbers the first list of a column of (nested) lists holds; 0 when there is none."""
    first = next((value for value in sample.to_pylist() if value), None) if sample is not None else None
    return _count(first) if first is not None else 0


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
