"""JSON of any common shape into records, and records into Arrow tables.

Shapes: a list of records; a list of vectors; {word: vector}; {word: record}; columns; the forms that pandas writes;
and an object with a list of records inside, as the OpenAI interface gives it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from cartography.errors import LoadError
from loaders.files.source import Source
from loaders.items.roles import pair_of_coordinates
from loaders.text.encoding import decoder, guess_encoding, split_lines
from loaders.text.json_walk import JsonText, elements, first_sign, members, parse

__all__ = ["KEY", "VECTOR", "as_record", "is_json_lines", "records_of", "tables_of", "to_table"]

KEY = "key"
VECTOR = "embedding"
_CHUNK = 1000
_LOOK = 1 << 20


def records_of(whole: JsonText) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON text. Raises `LoadError` when it is not JSON, or holds nothing like records."""
    sign = first_sign(whole.text)
    if sign == "[":
        for place, value in enumerate(elements(whole)):
            yield as_record(value, f"Element {place:,} of {whole.name}")
    elif sign == "{":
        yield from _from_object(members(whole), whole.name)
    else:
        raise LoadError(f"{whole.name} begins with {whole.text[:12]!r}; JSON embeddings begin with [ or {{.")


def is_json_lines(source: Source) -> bool:
    """Whether the first two filled lines of a text are a JSON value each."""
    if "json lines" not in source.memo:
        source.memo["json lines"] = _two_values(source)
    return bool(source.memo["json lines"])


def _two_values(source: Source) -> bool:
    sample = source.peek(_LOOK)
    text = decoder(guess_encoding(sample)).decode(sample)
    filled = [line for line in split_lines(text)[:20] if line.strip()][:2]
    try:
        values = [parse(line, source.name) for line in filled]
    except LoadError:
        return False
    return len(values) == 2 and all(isinstance(value, (dict, list)) for value in values)


def as_record(value: Any, what: str) -> dict[str, Any]:
    """Return one element as a record: an object as it is, a list of numbers as a vector, ["word", ...] as both."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value:
        if _is_vector(value):
            return {VECTOR: value}
        if isinstance(value[0], str) and len(value) == 2 and _is_vector(value[1]):
            return {KEY: value[0], VECTOR: value[1]}
        if isinstance(value[0], str) and _is_vector(value[1:]):
            return {KEY: value[0], VECTOR: value[1:]}
    raise LoadError(
        f"{what} is {_short(value)}, neither a record nor a vector.",
        'A record looks like {"id": "a", "embedding": [0.1, 0.2]}.',
    )


def tables_of(records: Iterable[dict[str, Any]]) -> Iterator[Any]:
    """Yield Arrow tables of up to a thousand records each."""
    walk = iter(records)
    while chunk := list(islice(walk, _CHUNK)):
        yield to_table(chunk)


def to_table(records: Sequence[Mapping[str, Any]]) -> Any:
    """Return records as an Arrow table; a field whose values do not agree in type becomes text."""
    import pyarrow as pa

    names = dict.fromkeys(name for record in records for name in record)
    return pa.table({name: _array([record.get(name) for record in records]) for name in names})


def _array(values: list[Any]) -> Any:
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: Any) -> str:
    """Write a value as text that UTF-8 can hold; JSON can spell halves of characters that it cannot."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


def _from_object(pairs: Iterator[tuple[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    """Tell the shape of an object from its first member, and yield its records."""
    first = next(pairs, None)
    if first is None:
        return
    key, value = first
    pairs, second = _peeked(pairs)
    if _is_vector(value) and not _is_column_name(key) and (second is None or _is_vector(second)):
        yield {KEY: key, VECTOR: value}
        for place, (word, vector) in enumerate(pairs, start=1):
            if not isinstance(vector, list):
                raise LoadError(f"Member {place:,} of {name}, {word[:40]!r}, is {_short(vector)}, not a vector.")
            yield {KEY: word, VECTOR: vector}
    elif _is_record(value):
        yield {KEY: key, **value}
        for word, record in pairs:
            yield {KEY: word, **(record if isinstance(record, dict) else {})}
    else:
        yield from _from_members({key: value, **dict(pairs)}, name)


def _peeked(pairs: Iterator[tuple[str, Any]]) -> tuple[Iterator[tuple[str, Any]], Any]:
    """Return the same members, and the value of the first of them."""
    first = next(pairs, None)
    return (pairs, None) if first is None else (chain([first], pairs), first[1])


def _from_members(whole: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Yield the records of an object that was read as a whole."""
    if isinstance(whole.get("columns"), list) and isinstance(whole.get("data"), list):
        yield from _from_split(whole)
        return
    lists = {key: value for key, value in whole.items() if isinstance(value, list) and value}
    inside = next((value for value in lists.values() if isinstance(value[0], dict) and _has_vector(value[0])), None)
    if inside is not None:
        yield from (as_record(value, f"A record of {name}") for value in inside)
        return
    if any(map(_is_vector, lists.values())) and any(isinstance(value, (str, int, float)) for value in whole.values()):
        yield whole  # one record on its own
        return
    yield from _from_columns(whole, lists)


def _from_columns(whole: dict[str, Any], lists: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    columns = lists or {key: list(value.values()) for key, value in whole.items() if isinstance(value, dict)}
    rows = max(map(len, columns.values()), default=0)
    columns = {key: value for key, value in columns.items() if len(value) == rows}
    for place in range(rows):
        yield {key: value[place] for key, value in columns.items()}


def _from_split(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The form that pandas writes with orient="split"."""
    names = [str(column) for column in whole["columns"]]
    index = whole.get("index") or range(len(whole["data"]))
    for key, row in zip(index, whole["data"], strict=False):
        cells = row if isinstance(row, list) else [row]
        yield {"id": key, **dict(zip(names, cells, strict=False))}


def _is_vector(value: Any) -> bool:
    """Whether this is a list of numbers, told from its first few."""
    return isinstance(value, list) and bool(value) and all(_is_number(one) for one in value[:8])


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _is_record(value: Any) -> bool:
    """Whether this is a record with a vector in it, and not a column as pandas writes it (row number: value)."""
    return isinstance(value, dict) and _has_vector(value) and not all(key.isdecimal() for key in value)


def _has_vector(record: Mapping[str, Any]) -> bool:
    return any(_is_vector(value) for value in record.values())


def _is_column_name(key: str) -> bool:
    """Whether a member that holds a list of numbers is more likely a column than a word with its vector."""
    return (
        key.lower() in ("x", "id", "ids", "index", "label", "labels", "y")
        or pair_of_coordinates([key, "y"]) is not None
    )


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"
