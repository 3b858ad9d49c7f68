"""The ways to say an axis: from what a person typed or chose to its spec. Nothing here draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.axes.poles import pole_of
from cartography.concepts.formulas.tree import Name
from cartography.errors import ParameterError
from cartography.inspection.wording import counted, cut
from cartography.records import AxisSpec, EmbeddingSet, Pole

__all__ = ["Resolve", "between", "listed", "pairs_listed", "spec_of_pairs", "usual_end", "usual_name", "words_pole"]

Resolve = Callable[[Name], NDArray[np.integer]]
"""Returns the rows that a name means, or raises `ParameterError`."""
_SIGNS = "#@"
_END = 24


def listed(text: str) -> list[Name]:
    """Return the names in a text with commas between; what stands in quotes keeps its commas.

    A name that begins with # or @ means a group. Raises `ParameterError` for a quote that does not end.
    """
    parts, quoted = [""], False
    for sign in text.replace("\n", ","):
        if sign == '"':
            quoted = not quoted
        if sign == "," and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    if quoted:
        raise ParameterError("A quotation mark has no partner.", 'Write names with commas as "one, name".')
    return [name for part in parts if (name := _name(part.strip())) is not None]


def _name(part: str) -> Name | None:
    sign = part[0] if part[:1] in _SIGNS and len(part) > 1 else ""
    text = part[len(sign) :].strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return Name(text, sign) if text else None


def words_pole(embeddings: EmbeddingSet, text: str, called: str, resolve: Resolve) -> Pole:
    """Return the pole that a list of names makes, called by its first names unless it has a name.

    Raises `ParameterError` where a name is not known, or there is none.
    """
    names = listed(text)
    if not names:
        raise ParameterError("A pole needs at least one name.", "Type names of items with commas between.")
    rows = np.concatenate([resolve(name) for name in names])
    return pole_of(embeddings, rows[np.sort(np.unique(rows, return_index=True)[1])], called or usual_end(names))


def usual_end(names: list[Name]) -> str:
    """Return what a pole of these names is called: by the first, and that there are more."""
    return cut(names[0].text, _END) + (" …" if len(names) > 1 else "")


def usual_name(low: str, high: str) -> str:
    """Return what an axis between two poles is called."""
    return f"{cut(low, 36)} → {cut(high, 36)}"


def between(low: Pole, high: Pole, called: str = "", separator: bool = False) -> AxisSpec:
    """Return the axis from one pole to the other: between their means, or across the plane that separates them."""
    return AxisSpec(called or usual_name(low.name, high.name), "separator" if separator else "poles", low, high)


def pairs_listed(text: str) -> list[tuple[Name, Name]]:
    """Return the pairs in a text, one a line, such as `man, woman`.

    Raises `ParameterError`, with the number of the line, where there are not two names.
    """
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        names = listed(line)
        if names and len(names) != 2:
            raise ParameterError(
                f"Line {number} of the pairs has {counted(len(names), 'name')}: {cut(line, 40)!r}.",
                "Write two names with a comma between, as in: man, woman.",
            )
        if names:
            pairs.append((names[0], names[1]))
    return pairs


def spec_of_pairs(
    embeddings: EmbeddingSet,
    text: str,
    resolve: Resolve,
    *,
    ends: tuple[str, str] = ("", ""),
    component: bool = False,
) -> AxisSpec:
    """Return the axis from the first item of each pair to the second; `ends` are what its poles are called.

    Raises `ParameterError` for names that are not known or mean more than one item, and for no pair at all.
    """
    pairs = pairs_listed(text)
    if not pairs:
        raise ParameterError("There is no pair yet.", "Write one a line, as in: man, woman.")
    ids = [[str(embeddings.ids[_one(resolve, name)]) for name in pair] for pair in pairs]
    more = " …" if len(pairs) > 1 else ""
    first, second = (
        Pole(ends[side] or cut(pairs[0][side].text, _END) + more, ids=tuple(pair[side] for pair in ids))
        for side in (0, 1)
    )
    return AxisSpec(usual_name(first.name, second.name), "pairs", first, second, component=component)


def _one(resolve: Resolve, name: Name) -> int:
    rows = resolve(name)
    if len(rows) != 1:
        raise ParameterError(
            f"{name.sign}{name.text} means {len(rows):,} items; in a pair it should be one.", "Name a single item."
        )
    return int(rows[0])
