"""A button for a file that is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from cartography.inspection.correcting.table_files import as_csv, as_parquet
from dashboard.downloads import DOWNLOADS
from dashboard.state import session

__all__ = ["offer_file", "offer_table"]

_HERE = Path(__file__).parent
_ARROW = """<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
<path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11"/></svg>"""
_MARKUP = f"""
<button type="button">{_ARROW}<span class="word"></span></button>
<p class="said" role="alert"></p>
"""

_mount = st.components.v2.component(
    "cartographer_download",
    html=_MARKUP,
    css=(_HERE / "download.css").read_text(encoding="utf-8"),
    js=(_HERE / "download.js").read_text(encoding="utf-8"),
)


def offer_file(
    label: str,
    make: Callable[[], bytes],
    name: str,
    media_type: str,
    *,
    key: str,
    working: str = "Writing the file …",
    primary: bool = False,
) -> None:
    """Draw a button that downloads what `make` returns, under `name`; `working` is said meanwhile."""
    address = DOWNLOADS.offer(f"{session().token}-{key}", make, name, media_type)
    data = {"label": label, "working": working, "address": address, "name": name, "primary": primary}
    _mount(key=key, data=data)


def offer_table(make: Callable[[], pd.DataFrame], stem: str, *, key: str, index: bool = False) -> None:
    """Draw two buttons that download the table `make` returns, as CSV and as Parquet, with its index if that is said.

    Texts that spreadsheets would run as formulas get an apostrophe in CSV: see `inspection.correcting.table_files`.
    """
    left, right = st.columns(2, gap="small")
    with left:
        offer_file("CSV", lambda: as_csv(make(), index), f"{stem}.csv", "text/csv", key=f"{key}-csv")
    with right:
        kind = "application/vnd.apache.parquet"
        offer_file("Parquet", lambda: as_parquet(make(), index), f"{stem}.parquet", kind, key=f"{key}-parquet")
