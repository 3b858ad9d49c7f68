"""The title of a map, with what a reader needs to make the same map again."""

from __future__ import annotations

from collections.abc import Mapping

from cartography.drawing.furniture.column import Column
from cartography.drawing.furniture.ornaments import panel
from cartography.drawing.names.lettering import cleaned, width_of, wrapped
from cartography.drawing.svg import Piece
from cartography.drawing.themes import Theme
from cartography.records import Provenance

__all__ = ["cartouche"]

_METHODS = {
    "umap": "UMAP",
    "tsne": "t-SNE",
    "pca": "PCA",
    "random": "random projection",
    "given": "given coordinates",
}


def cartouche(provenance: Provenance, theme: Theme, unit: float, title: str | None = None) -> Piece:
    """Return the title with what a reader needs to make the same map again."""
    size = (30 if theme.fantasy else 21) * unit
    widest = 400 * unit
    lines = wrapped(title or provenance.title or "Map", size, widest, 2) or ["Map"]
    facts = [
        (_shown(provenance), 15.0, "italic", theme.accent),
        *((line, 12.5, "italic", theme.ink) for line in wrapped(_making(provenance), 12.5 * unit, widest, 3)),
        *([(_believed(provenance), 11.0, "normal", theme.ink)] if provenance.fidelity is not None else []),
        (_trace(provenance), 10.5, "normal", theme.ink),
    ]
    inner = max(
        *(width_of(line, size, bold=True) for line in lines),
        *(width_of(fact, points * unit) for fact, points, *_ in facts),
    )
    column = Column(theme, inner + 56 * unit, 12 * unit)
    for line in lines:
        column.add(line, size, 1.15, font_weight="bold", letter_spacing=0.02 * size, font_family=theme.title_font)
    for fact, points, style, colour in facts:
        column.add(fact, points * unit, 1.45, font_style=style, fill=colour)
    height = column.y + 20 * unit
    return Piece(column.width, height, panel(column.width, height, theme, unit) + column.markup)


def _shown(provenance: Provenance) -> str:
    if provenance.total > provenance.shown:
        return f"{provenance.shown:,} of {provenance.total:,} items"
    return f"{provenance.shown:,} items"


def _believed(provenance: Provenance) -> str:
    """How far the map can be believed, beside what chance gives."""
    kept, chance = provenance.fidelity or 0.0, provenance.baseline
    return f"keeps {_percent(kept)} of the nearest neighbours (chance: {_percent(chance)})"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.095 else f"{share:.1%}" if share >= 0.001 else "under 0.1%"


def _making(provenance: Provenance) -> str:
    method = _METHODS.get(provenance.method, provenance.method)
    params = ", ".join(f"{name} {_plain(value)}" for name, value in _settings(provenance.params).items())
    return f"{method}, {params}" if params else method


def _settings(params: Mapping[str, object]) -> Mapping[str, object]:
    told = {name: value for name, value in params.items() if isinstance(value, str | int | float) and value != ""}
    return {name: value for name, value in told.items() if (name, value) != ("implementation", "own")}


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _trace(provenance: Provenance) -> str:
    mark = f" · data {cleaned(provenance.fingerprint)[:16]}" if provenance.fingerprint else ""
    return f"seed {provenance.seed}{mark}"
