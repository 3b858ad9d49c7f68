"""The card of one item: every column with its value, texts in full, pictures, sounds, links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import streamlit as st

from cartography.particulars import Particular, column_order, particular, whole_value
from cartography.pictures import has_pictures
from dashboard.desk import Desk
from dashboard.downloads import DOWNLOADS
from dashboard.item_files import folders_of, reader_of
from dashboard.panels.markup import linked, pictured, safe

__all__ = ["card_html", "show_particulars"]

_HERE = Path(__file__).parent
_COLUMNS = 100
_PICTURE = 320  # pixels a side
_ON_ITS_OWN = ("picture", "sound")

_mount = st.components.v2.component(
    "cartographer_whole_value",
    html='<button type="button"></button><p role="status"></p><div class="whole" tabindex="0" hidden></div>',
    css=(_HERE / "whole_value.css").read_text(encoding="utf-8"),
    js=(_HERE / "whole_value.js").read_text(encoding="utf-8"),
)


def show_particulars(desk: Desk, row: int) -> None:
    """Draw everything about one item but its own picture; what is long is fetched when it is asked for."""
    embeddings = desk.built.embeddings
    names = column_order(embeddings, desk.built.scene.colouring.column)
    shown = _chosen_columns(desk, names)
    read = reader_of(folders_of(desk.visit.source, desk.visit.settings))
    own = embeddings.roles.get("image") if has_pictures(embeddings) else None
    parts = [Particular("id", "text", str(embeddings.ids[row]))]
    parts += [particular(embeddings, row, name, read) for name in shown if name != own]
    for special, group in groupby(parts, key=lambda part: part.kind in _ON_ITS_OWN or bool(part.more)):
        if special:
            for part in group:
                _show_special(desk, row, part)
        else:
            st.html(card_html(group))


def card_html(parts: Iterable[Particular]) -> str:
    """Return columns and their values as an HTML definition list; only addresses on the web become links."""
    return f'<dl class="ec-card">{"".join(map(_entry, parts))}</dl>'


def _entry(part: Particular) -> str:
    value = linked(part.words) if part.kind == "link" else safe(part.words)
    aside = f' <span class="ec-aside">{safe(part.aside, 200)}</span>' if part.aside else ""
    return f"<dt>{safe(part.name, 80)}</dt><dd>{value}{aside}</dd>"


def _chosen_columns(desk: Desk, names: Sequence[str]) -> Sequence[str]:
    """The first hundred columns, or all of them when that is asked for."""
    if len(names) <= _COLUMNS:
        return names
    everything = st.toggle(f"All {len(names):,} columns, not only the first {_COLUMNS}", key=desk.key("all-columns"))
    return names if everything else names[:_COLUMNS]


def _show_special(desk: Desk, row: int, part: Particular) -> None:
    """Draw a picture, a sound, or a long value with the button that shows it whole."""
    if part.kind == "picture":
        st.html(card_html([part]) + pictured(part.content))
    elif part.kind == "sound":
        st.html(card_html([part]))
        st.audio(part.content, format=part.media_type)
    else:
        st.html(card_html([part]))
        _offer_whole(desk, row, part)


def _offer_whole(desk: Desk, row: int, part: Particular) -> None:
    embeddings, key = desk.built.embeddings, desk.key(f"whole-{part.name}")
    address = DOWNLOADS.offer(
        f"{desk.visit.token}-{key}",
        lambda: whole_value(embeddings, row, part.name).encode("utf-8", "replace"),
        "value.txt",
        "text/plain; charset=utf-8",
    )
    _mount(key=key, data={"label": f"Show all {part.more}", "address": address, "name": part.name[:80], "row": row})
