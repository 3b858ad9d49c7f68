"""The peer of the map view: the same items as an Altair scatter plot that pans and zooms, served by Streamlit."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

import altair as alt  # noqa: E402
import pandas as pd  # noqa: E402
import streamlit as st  # noqa: E402

from tests.map_view.scenes import random_walks  # noqa: E402

st.set_page_config(layout="wide", page_title="chart")
alt.data_transformers.disable_max_rows()
coordinates, label = random_walks(int(os.environ.get("MAP_ITEMS", "5000")))
table = pd.DataFrame({"x": coordinates[:, 0], "y": coordinates[:, 1], "group": label.astype(str)})
chart = alt.Chart(table).mark_circle(size=12).encode(x="x:Q", y="y:Q", color="group:N").properties(height=700)
st.altair_chart(chart.interactive(), width="stretch")
