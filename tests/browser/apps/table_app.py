"""The table alone, served as the dashboard serves it: `streamlit run` this file."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[3])]

import streamlit as st  # noqa: E402

from dashboard.table import table_routes  # noqa: E402

app = st.App(
    Path(__file__).with_name("table_page.py"),
    routes=table_routes(base_path=st.get_option("server.baseUrlPath") or ""),
)
