"""Names and marks as SVG: realms along their land, towns beside their marks."""

from __future__ import annotations

import numpy as np

from cartography.drawing.marks.towns import town_mark
from cartography.drawing.names.labels import Layout, RealmLabel, TownLabel
from cartography.drawing.names.lettering import small_caps
from cartography.drawing.svg import element, group, number, spans, text, told
from cartography.drawing.themes import Theme

__all__ = ["written"]


def written(layout: Layout, theme: Theme, unit: float, key: str = "") -> str:
    """Return the markup of all names and marks of a layout; `key` begins its ids."""
    realms = "".join(_realm(label, f"realm-{key}-{i}", theme) for i, label in enumerate(layout.realms))
    marks = "".join(town_mark(label.x, label.y, label.town.rank, theme, unit) for label in layout.towns)
    names = "".join(_town(label, theme) for label in layout.towns if label.text)
    halo = {"stroke": theme.halo, "stroke_linejoin": "round", "paint_order": "stroke"}
    return (
        group(realms, **halo, stroke_opacity=0.7, font_family=theme.title_font)
        + marks
        + group(names, **halo, stroke_opacity=0.9)
    )


def _realm(label: RealmLabel, name: str, theme: Theme) -> str:
    style: dict[str, str | float | None] = {
        "font_size": label.size,
        "font_weight": "bold",
        "letter_spacing": label.spacing or None,
        "fill": theme.accent,
        "stroke_width": 0.16 * label.size,
        "text_anchor": "middle",
    }
    drop = 0.35 * label.size
    if not label.bend:
        turned = f"translate({number(label.x)} {number(label.y)}) rotate({number(np.degrees(label.angle))})"
        return group(text(label.text, x=label.spacing / 2, y=drop, **style), transform=turned)
    line = element("path", id=name, d=_arc(label, drop), fill="none", stroke="none")
    # letters end in a space that belongs to no letter: half of it moves the name back to its middle
    half = 50 + 50 * label.spacing / (2 * _STRETCH * label.width)
    return group(f"<defs>{line}</defs>{_along(label.text, name, half, style)}")


_STRETCH = 1.6  # of the line beyond the name: a face wider than estimated must not lose letters


def _along(content: str, line: str, percent: float, style: dict[str, str | float | None]) -> str:
    """`<text>` with `<textPath>`; the inner markup is made of a checked id and escaped text."""
    inner = text(content).removeprefix("<text>").removesuffix("</text>")
    opening = text("", **style).removesuffix("</text>")
    return f'{opening}<textPath href="#{line}" startOffset="{number(percent)}%">{inner}</textPath></text>'


def _arc(label: RealmLabel, drop: float) -> str:
    (x0, y0), (x1, y1) = label.on_arc(np.array([-0.5, 0.5]) * _STRETCH, drop)
    radius = abs(label.width / label.bend - drop)
    sweep = 1 if label.bend > 0 else 0
    return f"M{number(x0)} {number(y0)}A{number(radius)} {number(radius)} 0 0 {sweep} {number(x1)} {number(y1)}"


_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


def _anchor(label: TownLabel) -> str:
    """Hold a name by the end that lies at its mark: faces are narrower than estimated, and it must not drift away."""
    if label.left + label.width <= label.x:
        return "end"
    return "start" if label.left >= label.x else "middle"


def _town(label: TownLabel, theme: Theme) -> str:
    rank = label.town.rank
    runs = small_caps(label.text) if label.caps else [(label.text, 1.0)]
    anchor = _anchor(label)
    name = spans(
        [(run, share * label.size) for run, share in runs],
        x=label.left + _ANCHORS[anchor] * label.width,
        y=label.base,
        text_anchor=anchor,
        font_weight="bold" if rank == 0 else None,
        font_style="italic" if rank > 1 and theme.fantasy else None,
        fill=theme.ink,
        stroke_width=0.22 * label.size,
    )
    return told(name, f"{label.town.name} · {label.town.population:,} items")
