"""The map alone, served as the dashboard serves it: `streamlit run` this file."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[3])]

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402

from dashboard.map_view import map_routes  # noqa: E402
from dashboard.map_view.promptness import SendAtOnce  # noqa: E402
from tests.browser.apps import map_world  # noqa: E402

map_world.publish()  # so that the first visitor waits for the map alone, not for its making

app = st.App(
    Path(__file__).with_name("map_page.py"),
    routes=map_routes(base_path=st.get_option("server.baseUrlPath") or ""),
    middleware=[Middleware(SendAtOnce)],
)
