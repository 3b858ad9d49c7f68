"""A formula made of names that a map has, to show what can be asked."""

from __future__ import annotations

from itertools import islice

from cartography.concepts.formulas.writing import quoted
from cartography.items import title
from cartography.pipeline import BuiltMap
from cartography.remembering import remembered

__all__ = ["example_for"]

_KNOWN = (
    ("king", "man", "woman"),
    ("paris", "france", "italy"),
    ("walking", "walk", "swim"),
)
_SHORT, _LOOKED_AT = 14, 400


@remembered
def example_for(built: BuiltMap) -> str:
    """Return `a - b + c` of items of this map: of a well-known analogy where it has those, else of any three."""
    ids = built.embeddings.ids
    for words in _KNOWN:
        if all(word in ids for word in words):
            return "{} - {} + {}".format(*words)
    looked_at = (title(built.embeddings, int(row)) for row in built.scene.order[:_LOOKED_AT])
    short = dict.fromkeys(name for name in looked_at if len(name) <= _SHORT)
    names = [quoted(name) for name in islice(short, 3)]
    return "{} - {} + {}".format(*names) if len(names) == 3 else ""
