"""The server: `streamlit run dashboard/app.py`. Streamlit's pages with the map's own routes beside them."""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

# Streamlit puts this file's folder on the path; modules are imported from the root only, or they would exist twice
_ROOT = str(Path(__file__).resolve().parents[1])
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402

from dashboard.downloads import download_routes  # noqa: E402
from dashboard.map_view.promptness import SendAtOnce  # noqa: E402
from dashboard.map_view.routes import map_routes  # noqa: E402
from dashboard.table.routes import table_routes  # noqa: E402

_PATIENCE = 60.0


def _prepare() -> None:
    """Make the first map while the browser is still opening."""
    from cartography.kernels.compiling import ensure_compiled
    from dashboard.jobs import JOBS
    from dashboard.settings import Settings
    from dashboard.sources import first_source
    from dashboard.worlds import dressed, published

    source, recipe = first_source(Settings.from_environment())
    job = JOBS.get(source, recipe)
    if job.wait(_PATIENCE) and job.result is not None:
        world, _ = published(dressed(job.result, recipe))
        world.relief.tile(0, 0, 0)
    ensure_compiled()  # so that the first large map need not wait for it


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    threading.Thread(target=_prepare, name="first map", daemon=True).start()
    yield


_base_path = st.get_option("server.baseUrlPath") or ""

app = st.App(
    Path(__file__).with_name("page.py"),
    routes=[
        *(route for routes in (map_routes, download_routes, table_routes) for route in routes(base_path=_base_path))
    ],
    middleware=[Middleware(SendAtOnce)],
    lifespan=_lifespan,
)
