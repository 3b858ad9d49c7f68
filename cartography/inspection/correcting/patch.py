"""Tags and corrections as a patch - which item, which column, from what, to what - and put into the whole table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from cartography.errors import ParameterError
from cartography.inspection.correcting.corrections import fitted, plain, spelled, with_values
from cartography.records import Annotations, Correction, EmbeddingSet
from cartography.records.annotation_kinds import Value
from cartography.records.annotations import spelled_tag

__all__ = ["PATCH", "Patched", "apply_patch", "corrected_table", "patch", "table_notes", "tags_column", "tags_name"]

PATCH = ("id", "column", "old", "new")
"""The columns of a patch: all texts; None for no value."""
_TAGS = "tags"
_BETWEEN = "; "  # no tag holds a semicolon


@dataclass(frozen=True)
class Patched:
    """What a patch says about these items, and sentences on what was passed over."""

    annotations: Annotations
    notes: tuple[str, ...] = ()


def tags_name(embeddings: EmbeddingSet) -> str:
    """Return what tags are called in patches and tables: "tags", or with a suffix where items have such a column."""
    return _free(_TAGS, {str(name) for name in embeddings.items.columns})


def tags_column(annotations: Annotations, embeddings: EmbeddingSet) -> pd.Series:
    """Return (n,) the tags of every item in order, with "; " between them; "" for none."""
    held = np.full(len(embeddings), "", dtype=object)
    for tag in sorted(annotations.tags):
        rows = embeddings.ids.get_indexer(list(annotations.tags[tag]))
        rows = rows[rows >= 0]
        before = held[rows]
        held[rows] = np.where(before == "", tag, before + (_BETWEEN + tag))
    return pd.Series(held, index=embeddings.ids, name=tags_name(embeddings), dtype="str")


def patch(annotations: Annotations, embeddings: EmbeddingSet) -> pd.DataFrame:
    """Return one row per corrected cell and per tag on an item: id, column, old, new; in the items' order.

    A tag stands as `new` under the column `tags_name(embeddings)`, and has no `old`.
    """
    tags = tags_name(embeddings)
    rows = [
        (one, column, spelled(cell.old), spelled(cell.new))
        for column, cells in annotations.corrections.items()
        for one, cell in cells.items()
    ]
    rows += [(one, tags, None, tag) for tag in sorted(annotations.tags) for one in annotations.tags[tag]]
    table = pd.DataFrame(rows, columns=list(PATCH), dtype=object)
    places = embeddings.ids.get_indexer(table["id"])
    order = np.argsort(np.where(places < 0, len(embeddings), places), kind="stable")
    known = int((places >= 0).sum())
    strangers = sorted(order[known:].tolist(), key=lambda row: str(table["id"].iat[row]))
    return table.iloc[[*order[:known].tolist(), *strangers]].reset_index(drop=True)


def corrected_table(annotations: Annotations, embeddings: EmbeddingSet) -> pd.DataFrame:
    """Return the items, one a row under their ids, with the corrections made and a last column of tags.

    See `table_notes` for what is called otherwise than in the file.
    """
    items = embeddings.items
    own = _free("id_item", {str(name) for name in items.columns})
    made = {}
    for name in items.columns:
        cells = annotations.corrections.get(str(name), {})
        rows = embeddings.ids.get_indexer(list(cells))
        values = {int(row): cell.new for row, cell in zip(rows, cells.values(), strict=True) if row >= 0}
        made[own if str(name) == "id" else str(name)] = with_values(items[name], values)
    made[tags_name(embeddings)] = tags_column(annotations, embeddings)
    return pd.DataFrame(made, index=embeddings.ids)


def table_notes(embeddings: EmbeddingSet) -> list[str]:
    """Return sentences on what `corrected_table` calls otherwise because the name is taken."""
    names = {str(name) for name in embeddings.items.columns}
    notes = []
    if _TAGS in names:
        notes.append(f"The items have a column 'tags' of their own; these tags are in {tags_name(embeddings)!r}.")
    if "id" in names:
        notes.append(f"The items' own column 'id' is called {_free('id_item', names)!r} there.")
    return notes


def apply_patch(table: pd.DataFrame, embeddings: EmbeddingSet) -> Patched:
    """Return what a patch says about these items; what does not fit them is passed over, counted and said.

    Of two lines about one cell the later holds. Raises `ParameterError` when it has not the columns of a patch.
    """
    missing = [name for name in PATCH if name not in table.columns]
    if missing:
        raise ParameterError(
            f"This is no patch: it lacks {' and '.join(map(repr, missing))}.",
            "A patch has the columns id, column, old and new.",
        )
    texts = {name: [_text(cell) for cell in table[name]] for name in PATCH}
    known = embeddings.ids.get_indexer(pd.Index(texts["id"], dtype=object))
    passed: Counter[str] = Counter({"have an id that no item here has": int((known < 0).sum())})
    lines: dict[str, list[int]] = {}
    for line in np.flatnonzero(known >= 0).tolist():
        lines.setdefault(texts["column"][line] or "", []).append(line)
    columns = {str(name): name for name in embeddings.items.columns}
    tags: dict[str, set[str]] = {}
    corrections: dict[str, dict[str, Correction]] = {}
    for name, own in lines.items():
        ids = embeddings.ids[known[own]]
        new = [texts["new"][line] for line in own]
        if name == tags_name(embeddings):
            _take_tags(ids, new, tags, passed)
        elif name in columns:
            column = embeddings.items[columns[name]]
            reading = _Column(column, passed)
            old = [texts["old"][line] for line in own]
            corrections[name] = reading.corrections(ids, column.iloc[known[own]], old, new)
        else:
            passed["name a column that is not here"] += len(own)
    notes = tuple(f"{count:,} of {len(table):,} lines {what}." for what, count in passed.items() if count)
    return Patched(Annotations({tag: frozenset(held) for tag, held in tags.items()}, corrections), notes)


def _take_tags(
    ids: Iterable[str], given: Iterable[str | None], tags: dict[str, set[str]], passed: Counter[str]
) -> None:
    for one, tag in zip(ids, given, strict=True):
        try:
            tags.setdefault(spelled_tag(tag), set()).add(one)
        except ParameterError:
            passed["hold no proper tag and were passed over"] += 1


class _Column:
    """Reads the lines about one column, each text once."""

    def __init__(self, column: pd.Series, passed: Counter[str]) -> None:
        self._fitted = cache(lambda text: fitted(column, text))
        self._passed = passed

    def corrections(
        self, ids: Iterable[str], cells: Iterable[object], old: list[str | None], new: list[str | None]
    ) -> dict[str, Correction]:
        """Return by id what is to be corrected."""
        found = {}
        for one, cell, before, after in zip(ids, cells, old, new, strict=True):
            was = plain(cell)
            self._compare(was, before)
            try:
                correction = Correction(was, self._fitted(after))
            except ParameterError:
                self._passed["hold a value that does not fit its column and were passed over"] += 1
                continue
            if spelled(was) != spelled(correction.new):
                found[one] = correction
        return found

    def _compare(self, was: Value, before: str | None) -> None:
        try:
            same = spelled(was) == spelled(self._fitted(before))
        except ParameterError:
            same = False
        if not same:
            self._passed["were made for another value than the one here, and count all the same"] += 1


def _text(cell: object) -> str | None:
    return None if cell is None or cell is pd.NA or cell != cell or cell == "" else str(cell)


def _free(wanted: str, taken: set[str]) -> str:
    """Return a name that no column has."""
    name, tries = wanted, 1
    while name in taken:
        tries += 1
        name = f"{wanted}_{tries}"
    return name
