"""What Streamlit runs for every visit: the frame around the pages."""

from __future__ import annotations

import streamlit as st

from dashboard.navigation import pages
from dashboard.panels.frame import ICON, dress

st.set_page_config(page_title="Embedding Cartographer", page_icon=ICON, layout="wide", initial_sidebar_state="auto")
dress()
st.navigation(list(pages().values()), position="hidden").run()
