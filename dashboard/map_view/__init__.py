"""The interactive map: publish a `World`, mount it with `show_map`, serve it with `map_routes`.

    token = WORLDS.publish(key, lambda: World(scene, "fantasy", Relief(scene), colours, card, neighbours))
    state = show_map(WORLDS.get(token), token, key="map")

`show_map` lives in `dashboard.map_view.view`, which needs Streamlit; the rest does not.
"""

from dashboard.map_view.lasso import LassoStep, inside
from dashboard.map_view.routes import map_routes
from dashboard.map_view.state import Asked, MapState, Search, Viewport, read_asked, read_state
from dashboard.map_view.worlds import WORLDS, Worlds

__all__ = [
    "WORLDS",
    "Asked",
    "LassoStep",
    "MapState",
    "Search",
    "Viewport",
    "Worlds",
    "inside",
    "map_routes",
    "read_asked",
    "read_state",
]
