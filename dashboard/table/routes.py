"""What the table fetches by itself, beside the pages of Streamlit: rows, and where an item stands among them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import anyio
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cartography.errors import CartographyError
from dashboard.map_view.promptness import SendAtOnce
from dashboard.table.tables import TABLES, Tables
from dashboard.table.view import TableView

__all__ = ["PREFIX", "table_routes"]

PREFIX = "_table"
_AWAY = "This table was put away."
_KEEP = {"Cache-Control": "private, max-age=600"}  # a view never changes behind its token
_NEVER_KEEP = {"Cache-Control": "no-store"}
_LONGEST_NUMBER = 10

Answer = Callable[[TableView, int, int | None, bool], Any]


def table_routes(tables: Tables = TABLES, base_path: str = "") -> list[Route]:
    """Return the routes to hand to `st.App`; `base_path` is Streamlit's `server.baseUrlPath`.

    An order is written as the number of a column and a direction, 3-up or 3-down, or as "file".
    """
    base = "/".join(part for part in ("", *base_path.strip("/").split("/"), PREFIX) if part)
    served: dict[str, Answer] = {"rows": _rows, "place": _place}
    return [
        Route(f"/{base}/{{token}}/{name}/{{order}}/{{number}}", _answering(tables, find), middleware=[_PROMPT])
        for name, find in served.items()
    ]


_PROMPT = Middleware(SendAtOnce)


def _rows(view: TableView, start: int, column: int | None, descending: bool) -> Any:
    return view.page(start, column, descending)


def _place(view: TableView, row: int, column: int | None, descending: bool) -> Any:
    return {"place": view.place(row, column, descending)}


def _answering(tables: Tables, find: Answer) -> Callable[[Request], Any]:
    """Find the table and answer as JSON, made in a thread; what is no number or no column is not there."""

    async def answer(request: Request) -> Response:
        view = tables.get(request.path_params["token"])
        number = _whole(request.path_params["number"])
        order = _ordered(view, request.path_params["order"]) if view is not None else None
        if view is None or number is None or order is None:
            return Response(_AWAY, 404, headers=_NEVER_KEEP, media_type="text/plain")
        try:
            body = await anyio.to_thread.run_sync(lambda: _compact(find(view, number, *order)))
        except CartographyError as error:
            return Response(error.sentence, 422, headers=_NEVER_KEEP, media_type="text/plain")
        return Response(body, media_type="application/json", headers=_KEEP)

    return answer


def _compact(found: Any) -> bytes:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _ordered(view: TableView, text: str) -> tuple[int | None, bool] | None:
    """The column and whether it descends; None for no order of this table."""
    if text == "file":
        return None, False
    column, _, way = text.partition("-")
    number = _whole(column)
    if number is None or way not in ("up", "down") or number >= len(view.columns):
        return None
    return (number, way == "down") if view.columns[number].sortable else None


def _whole(text: str) -> int | None:
    """A whole number as it is written in a path."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
