"""Which columns of a table are the vectors. Every table, whatever file it comes from, is asked here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loaders.items.identity import ID_NAMES
from loaders.items.roles import LABEL_NAMES, pair_of_coordinates, roles_by_name

__all__ = ["Choice", "Column", "choices", "guessed_roles", "key_of", "metadata_of"]

_BEST_NAMES = ("embedding", "embeddings", "vector", "vectors", "emb")
_GOOD_WORDS = re.compile(r"emb|vec|feature|latent|hidden|represent|activation", re.IGNORECASE)
_OTHER_WORDS = re.compile(r"prob|logit|neigh|dist|box|tag|token|mask|ids$|window|shape", re.IGNORECASE)
_RUN_WORDS = re.compile(
    r"^(dim|d|emb\w*|e|vec\w*|v|f|feat\w*|feature|pc|pca|x|z|latent|component|comp|c|col|h|hidden|n|)[ _.\-]*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(.*?)(\d+)$")
_NOT_A_DIMENSION = (*ID_NAMES, *LABEL_NAMES, "cluster", "split", "fold", "index", "prediction", "unnamed: 0")


@dataclass(frozen=True)
class Column:
    """A column: its name, what is in its cells, and for vectors how many numbers and how they are written.

    `kind` is "vector", "number", "integer", "text" or "other"; `width` is 0 when it is not known.
    """

    name: str
    kind: str
    width: int = 0
    dtype: str = ""
    written: str = "a list in each cell"


@dataclass(frozen=True)
class Choice:
    """One way to read vectors out of a table: one column of vectors, or several columns of numbers."""

    key: str
    columns: tuple[str, ...]
    width: int
    dtype: str
    kind: str
    likelihood: float
    note: str


def choices(columns: Sequence[Column]) -> list[Choice]:
    """Return every way to read vectors out of these columns, best first."""
    found = [_from_vector_column(column) for column in columns if column.kind == "vector"]
    numeric = [column for column in columns if column.kind in ("number", "integer")]
    runs = _runs(numeric)
    found += runs
    flat = _coordinates(numeric)
    found += [flat] if flat and all(set(flat.columns) != set(run.columns) for run in runs) else []
    if not any(choice.likelihood >= 0.5 and choice.kind != "coordinates" for choice in found):
        together = _together(numeric)
        found += [together] if together and not any(_covers(choice, together) for choice in found) else []
    return sorted(found, key=lambda choice: -choice.likelihood)


def _covers(choice: Choice, other: Choice) -> bool:
    return set(other.columns) <= set(choice.columns)


def key_of(names: Sequence[str]) -> str:
    """Return the key of several columns taken together: "x, y" or "dim_0..dim_383"."""
    return ", ".join(names) if len(names) <= 3 else f"{names[0]}..{names[-1]}"


def metadata_of(columns: Iterable[Column], choice: Choice) -> list[str]:
    """Return the columns that stay with the items: all that are neither these vectors nor others.

    Precomputed coordinates stay, even when they are the vectors.
    """
    keep = () if choice.kind != "coordinates" else choice.columns
    used = set(choice.columns) - set(keep)
    return [column.name for column in columns if column.name not in used and column.kind != "vector"]


def guessed_roles(names: Sequence[str]) -> dict[str, str]:
    """Return roles by column name, the id included, for a candidate's preview."""
    by_name = {name.lower(): name for name in names}
    ids = next((by_name[name] for name in ID_NAMES if name in by_name), None)
    return {**roles_by_name(names), **({"id": ids} if ids else {})}


def _from_vector_column(column: Column) -> Choice:
    likelihood = _likelihood_by_name(column)
    width = f"{column.width:,}" if column.width else "any number of"
    note = f"The column {column.name!r} holds vectors of {width} dimensions ({column.written})."
    return Choice(column.name, (column.name,), column.width, column.dtype, "vectors", likelihood, note)


def _likelihood_by_name(column: Column) -> float:
    name = column.name.lower()
    if name in _BEST_NAMES:
        return 0.95 - 0.002 * _BEST_NAMES.index(name)
    likelihood = 0.9 if _GOOD_WORDS.search(name) else 0.45 if _OTHER_WORDS.search(name) else 0.8
    if column.dtype.startswith(("int", "uint", "bool")):
        likelihood -= 0.2  # lists of whole numbers are more often token numbers than vectors
    return max(0.05, likelihood - (0.3 if 0 < column.width < 3 else 0.0))


def _runs(numeric: Sequence[Column]) -> list[Choice]:
    """Find runs of numbered columns: dim_0 ... dim_383, 0 ... 383, PC1 ... PC50."""
    groups: dict[str, dict[int, Column]] = {}
    for column in numeric:
        match = _NUMBERED.match(column.name)
        if match and len(match[2]) < 7:
            groups.setdefault(match[1], {}).setdefault(int(match[2]), column)
    found = []
    for prefix, members in groups.items():
        run = _consecutive(members)
        if len(run) >= 3 or (len(run) == 2 and _RUN_WORDS.match(prefix) and len(numeric) == 2):
            found.append(_from_run(prefix, run))
    return found


def _consecutive(members: dict[int, Column]) -> list[Column]:
    """Return the columns of the longest run of consecutive numbers."""
    best: list[int] = []
    current: list[int] = []
    for number in sorted(members):
        current = [*current, number] if current and number == current[-1] + 1 else [number]
        if len(current) > len(best):
            best = current
    return [members[number] for number in best]


def _from_run(prefix: str, run: Sequence[Column]) -> Choice:
    names = tuple(column.name for column in run)
    known = bool(_RUN_WORDS.match(prefix))
    likelihood = (0.88 if known else 0.75) - (0.4 if len(run) < 3 else 0.0) - (0.05 if len(run) < 8 else 0.0)
    note = f"The {len(run):,} numbered columns {names[0]!r} to {names[-1]!r} are one dimension each."
    return Choice(key_of(names), names, len(run), run[0].dtype, "vectors", likelihood, note)


def _coordinates(numeric: Sequence[Column]) -> Choice | None:
    pair = pair_of_coordinates(column.name for column in numeric)
    if pair is None:
        return None
    dtype = next(column.dtype for column in numeric if column.name == pair[0])
    note = f"The columns {pair[0]!r} and {pair[1]!r} are a map made earlier, shown as it is."
    return Choice(key_of(pair), pair, 2, dtype, "coordinates", 0.5, note)


def _together(numeric: Sequence[Column]) -> Choice | None:
    """Take all columns of numbers together, for a table of features."""
    used = [column for column in numeric if column.name.lower() not in _NOT_A_DIMENSION]
    if not used:
        return None
    names = tuple(column.name for column in used)
    likelihood = 0.6 if len(used) >= 16 else 0.3 if len(used) >= 2 else 0.1
    listed = ", ".join(map(repr, names[:6])) + (" …" if len(names) > 6 else "")
    if len(used) == 1:
        note = f"The only column of numbers, {listed}, is taken as a single dimension."
    else:
        note = f"No column holds vectors; the {len(used):,} columns of numbers ({listed}) are one dimension each."
    return Choice(key_of(names), names, len(used), used[0].dtype, "numbers", likelihood, note)
