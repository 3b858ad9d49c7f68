"""`.json`: records, {word: vector}, columns, and what interfaces return; read one value after the other."""

from __future__ import annotations

from itertools import islice
from typing import Any

from cartography.errors import LoadError
from cartography.progress import part_of, report
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.limits import check_memory
from loaders.files.source import Source
from loaders.items.vocabulary import token_columns, vocabulary_of
from loaders.options import Options
from loaders.tables.collector import Collector, candidates_of, choice_called, concatenated
from loaders.tables.columns import Column
from loaders.tables.describe import columns_of
from loaders.tables.frames import frame_of
from loaders.text.encoding import decoder, guess_encoding, is_text
from loaders.text.json_records import KEY, is_json_lines, records_of, tables_of, to_table
from loaders.text.json_walk import JsonText, first_sign, nested_too_deep, parse

__all__ = ["LOADER", "JsonDocument"]

_WHOLE = 32 << 20
"""Documents up to this size are read through for a preview; of larger ones the beginning."""
_LOOK = 1 << 20
_PEEK = 64


class JsonDocument(Loader):
    """One JSON value per file."""

    format = Format(
        "JSON",
        (".json",),
        reads="records, `{word: vector}`, columns, what pandas writes, what the OpenAI interface returns",
    )

    def match(self, source: Source) -> Match:
        """An array or an object, told from its first two signs."""
        if not is_text(source.head):
            return Match.NO
        if looks_like_json(source) and not is_json_lines(source):
            text_suffix = source.suffix in (".csv", ".tsv", ".txt", ".tab", ".jsonl", ".ndjson")
            return Match.CONTENT if text_suffix else Match.CERTAIN
        return Match.CONTENT if source.suffix == ".json" else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the fields that hold vectors, from the first records."""
        columns, rows, about = _look(source)
        return candidates_of(columns, rows, about)

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read the records with the vectors called `key`."""
        text = _text(source)
        columns = _columns(list(islice(records_of(text), _PEEK)))
        choice = choice_called(columns, key, source.name)
        collector = Collector(choice, columns, source.name)
        progress = part_of(options.progress, 0.0, 0.8)
        for place, table in enumerate(tables_of(records_of(text))):
            collector.add(table)
            report(progress, f"Reading {source.name}", 1 - 1 / (place + 2))
        declared = KEY if any(column.name == KEY for column in columns) else None
        roles = {"label": KEY} if declared else {}
        return collector.reading(id_column=declared, roles=roles, provenance={"dtype": "text"})

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read records as metadata, a list as labels, or a vocabulary."""
        text = _text(source)
        if first_sign(text.text) == "{":
            whole = parse(text.text, source.name, deep=text.deep)
            tokens = vocabulary_of(whole)
            if tokens is not None:
                return token_columns(tokens)
        else:
            values = parse(text.text, source.name, deep=text.deep)
            if isinstance(values, list) and not any(isinstance(value, (dict, list)) for value in values):
                return Columns(frame_of(to_table([{"label": value} for value in values]))[0])
        return _metadata(text)


def looks_like_json(source: Source) -> bool:
    """Whether a text begins like an array of values or an object."""
    head = _decoded(source.head[:4096], cut=True).lstrip()
    inner = head[1:].lstrip()[:1]
    if head.startswith("{"):
        return inner in ('"', "}")
    return head.startswith("[") and (inner in '[{"-]' or inner.isdecimal() or inner == "n")


def _metadata(text: JsonText) -> Columns:
    table = concatenated(list(tables_of(records_of(text))))
    plain = [column.name for column in columns_of(table.schema, _sample(table)) if column.kind != "vector"]
    frame, notes = frame_of(table.select(plain))
    return Columns(frame, tuple(notes))


def _look(source: Source) -> tuple[list[Column], int, bool]:
    """Return the columns, the number of records, and whether that number is a guess."""
    if source.size > _WHOLE and first_sign(_decoded(source.head, cut=True)) == "[":
        data = source.peek(_LOOK)
        first = list(records_of(JsonText(_decoded(data, cut=True), source.name, cut=True, deep=True)))
        if first:
            return _columns(first[:_PEEK]), max(1, int(len(first) * source.size / len(data))), True
    records = records_of(_text(source))
    first = list(islice(records, _PEEK))
    return _columns(first), len(first) + sum(1 for _ in records), False


def _columns(records: list[dict[str, Any]]) -> list[Column]:
    """Describe the columns that these records show."""
    if not records:
        return []
    table = to_table(records)
    return columns_of(table.schema, _sample(table))


def _sample(table: Any) -> dict[str, Any]:
    head = table.slice(0, _PEEK).combine_chunks()
    return {name: head.column(name) for name in head.column_names}


def _text(source: Source) -> JsonText:
    check_memory(source.size * 6, source.name)
    data = source.read_all()
    return JsonText(_decoded(data, cut=False, name=source.name), source.name, deep=nested_too_deep(data))


def _decoded(data: bytes, cut: bool, name: str = "") -> str:
    encoding = guess_encoding(data)
    if encoding == "cp1252" and not cut:
        raise LoadError(f"{name} is not UTF-8, as JSON should be.", "Write it again as UTF-8.")
    return decoder(encoding).decode(data, not cut)


LOADER = JsonDocument()
