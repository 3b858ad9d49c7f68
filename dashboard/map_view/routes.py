"""What the map fetches by itself, beside the pages: points, colours, names, tiles, fog, cards, neighbours,
sets of items, what was searched for, names in formulas, frames.

Every address but the code's holds a token. A world never changes behind its token, so that browsers may keep all of
it; frames of a layout under way are kept by nobody. `st.App(..., routes=map_routes())` serves them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial, wraps

import anyio
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cartography.drawing.browser import World
from cartography.drawing.browser.bundle import CODE_NAME, code
from cartography.drawing.browser.completions import completions_json
from cartography.drawing.browser.wire import (
    card_json,
    codes_blob,
    found_json,
    grades_blob,
    names_json,
    neighbours_json,
    points_pieces,
    set_blob,
    snippets_json,
)
from cartography.errors import CartographyError
from dashboard.item_sets import FOUND, SETS
from dashboard.map_view.frames import FRAMES, Frames
from dashboard.map_view.promptness import SendAtOnce
from dashboard.map_view.tiles import TileStore, in_range
from dashboard.map_view.worlds import WORLDS, Worlds

__all__ = ["LAYOUTS", "PREFIX", "map_routes"]

PREFIX = "_map"
LAYOUTS = "layouts"
BINARY = "application/octet-stream"
AWAY = "This map was put away. Reload to open it again."
_KEEP = "private, max-age=31536000, immutable"
_ASK = "private, max-age=600"
_NEVER_KEEP = {"Cache-Control": "no-store"}
_LONGEST_NUMBER = 12
_MOST_AT_ONCE = 64
_SEEKERS = 2  # searches at the same time
_LONGEST_TEXT, _MOST_COLUMNS = 500, 200
_LONGEST_FORMULA = 2_000
_SHEETS = 2  # of pictures that are made at the same time: each may unpack a large one

Handler = Callable[[World, Request], Awaitable[Response]]


def map_routes(worlds: Worlds = WORLDS, base_path: str = "", frames: Mapping[str, Frames] = FRAMES) -> list[Route]:
    """Return the routes to hand to `st.App`; `base_path` is Streamlit's `server.baseUrlPath`."""
    base = "/".join(part for part in ("", *base_path.strip("/").split("/"), PREFIX) if part)
    tiles, sheets, seekers = TileStore(), anyio.CapacityLimiter(_SHEETS), anyio.CapacityLimiter(_SEEKERS)
    served: dict[str, Handler] = {
        "points": _points,
        "codes": _codes,
        "grades": _grades,
        "names": _names,
        "item/{index}": _item,
        "neighbours/{index}": _neighbours,
        "pictures/{indices}": partial(_pictures, sheets),
        "snippets/{indices}": _snippets,
        "search": partial(_search, seekers),
        "complete": partial(_complete, anyio.CapacityLimiter(_SEEKERS)),
        "sets/{key}": _set,
        "fog/{style}": _fog,
        "tiles/{style}/{z}/{x}/{y}": partial(_tile, tiles),
    }
    prompt = [Middleware(SendAtOnce)]
    world_routes = [
        Route(f"/{base}/{{token}}/{path}", _of_world(worlds, run), middleware=prompt) for path, run in served.items()
    ]
    return [
        Route(f"/{base}/{CODE_NAME}", _code, middleware=prompt),
        Route(f"/{base}/{LAYOUTS}/{{token}}/{{after}}", _of_layout(frames), middleware=prompt),
        *world_routes,
    ]


def _of_world(worlds: Worlds, run: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Find the world, answer 304 to who has this already, and put faults into a sentence."""

    @wraps(run if not isinstance(run, partial) else run.func)
    async def answer(request: Request) -> Response:
        world = worlds.get(request.path_params["token"])
        if world is None:
            raise HTTPException(404, AWAY, headers=_NEVER_KEEP)
        try:
            return await run(world, request)
        except CartographyError as error:
            raise HTTPException(422, error.sentence, headers=_NEVER_KEEP) from error

    return answer


def _of_layout(frames: Mapping[str, Frames]) -> Callable[[Request], Awaitable[Response]]:
    """Answer with the newest frame of a layout, or 204 where there is none newer than the one in hand."""

    async def answer(request: Request) -> Response:
        layout = frames.get(request.path_params["token"])
        if layout is None:
            raise HTTPException(404, AWAY, headers=_NEVER_KEEP)
        blob = await anyio.to_thread.run_sync(layout.newer, _number(request, "after"))
        if blob is None:
            return Response(status_code=204, headers=_NEVER_KEEP)
        return Response(blob, media_type=BINARY, headers=_NEVER_KEEP | {"Content-Encoding": "identity"})

    return answer


async def _code(request: Request) -> Response:
    return await _content(request, "code", lambda: code().encode(), "text/javascript")


async def _points(world: World, request: Request) -> Response:
    headers = _headers(world.points_key, BINARY)
    if _has_it(request, world.points_key):
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(8 * len(world.scene))
    return StreamingResponse(points_pieces(world), media_type=BINARY, headers=headers)


async def _codes(world: World, request: Request) -> Response:
    return await _content(request, world.codes_key, lambda: codes_blob(world))


async def _grades(world: World, request: Request) -> Response:
    return await _content(request, world.grades_key, lambda: grades_blob(world))


async def _names(world: World, request: Request) -> Response:
    key = f"names-{request.path_params['token']}"
    return await _content(request, key, lambda: names_json(world), "application/json")


async def _item(world: World, request: Request) -> Response:
    row = _row(world, request)
    body = await anyio.to_thread.run_sync(lambda: card_json(world.card(row)))
    return Response(body, media_type="application/json", headers={"Cache-Control": _ASK})


async def _neighbours(world: World, request: Request) -> Response:
    row = _row(world, request)
    body = await anyio.to_thread.run_sync(neighbours_json, world, row)
    return Response(body, media_type="application/json", headers={"Cache-Control": _ASK})


async def _pictures(sheets: anyio.CapacityLimiter, world: World, request: Request) -> Response:
    rows = _rows(world, request)
    if world.pictures is None:
        raise HTTPException(404, "The items of this map have no pictures.")
    body = await anyio.to_thread.run_sync(world.pictures, rows, limiter=sheets)
    return Response(body, media_type="image/webp", headers={"Cache-Control": _KEEP, "Content-Encoding": "identity"})


async def _snippets(world: World, request: Request) -> Response:
    rows = _rows(world, request)
    body = await anyio.to_thread.run_sync(snippets_json, world, rows)
    return Response(body, media_type="application/json", headers={"Cache-Control": _KEEP})


async def _search(seekers: anyio.CapacityLimiter, world: World, request: Request) -> Response:
    """Find items; their set can be asked for by its key."""
    if world.seek is None:
        raise HTTPException(404, "The items of this map cannot be searched.", headers=_NEVER_KEEP)
    seek = world.seek
    said = request.query_params
    text, columns, regex = (
        said.get("text", "")[:_LONGEST_TEXT],
        said.getlist("column")[:_MOST_COLUMNS],
        said.get("regex") == "1",
    )

    def found() -> bytes:
        answer = seek(text, columns, regex)
        key = FOUND.keep(answer.mask, text).key if answer.mask is not None else ""
        return found_json(world, answer, key)

    async with seekers:
        if await request.is_disconnected():  # who types on asks anew, and what waited is not looked for
            return Response(status_code=204, headers=_NEVER_KEEP)
        body = await anyio.to_thread.run_sync(found)
    return Response(body, media_type="application/json", headers=_NEVER_KEEP)


async def _complete(seekers: anyio.CapacityLimiter, world: World, request: Request) -> Response:
    """Complete the name at the cursor of a formula."""
    if world.complete is None:
        raise HTTPException(404, "The items of this map have no names for formulas.", headers=_NEVER_KEEP)
    complete, text = world.complete, request.query_params.get("text", "")[:_LONGEST_FORMULA]
    cursor = min(_whole(request.query_params.get("cursor", "0"), "cursor"), len(text))
    async with seekers:
        if await request.is_disconnected():
            return Response(status_code=204, headers=_NEVER_KEEP)
        body = await anyio.to_thread.run_sync(lambda: completions_json(complete(text, cursor)))
    return Response(body, media_type="application/json", headers=_NEVER_KEEP)


async def _set(world: World, request: Request) -> Response:
    key, n = request.path_params["key"], len(world.scene)
    mask = next((found for found in (SETS.mask(key, n), FOUND.mask(key, n)) if found is not None), None)
    if mask is None:
        raise HTTPException(422, "This set of items was put away. Choose it again.", headers=_NEVER_KEEP)
    body = await anyio.to_thread.run_sync(set_blob, world, mask)
    return Response(body, media_type=BINARY, headers=_headers(key, BINARY))


async def _fog(world: World, request: Request) -> Response:
    if not world.fog_key or request.path_params["style"] != world.fog_key:
        raise HTTPException(404, "There is no such fog.")
    return await _content(request, world.fog_key, world.fog, "image/webp")


async def _tile(tiles: TileStore, world: World, request: Request) -> Response:
    style = request.path_params["style"]
    z, x, y = (_number(request, name) for name in ("z", "x", "y"))
    if style != world.style_key or not in_range(z, x, y):
        raise HTTPException(404, "There is no such tile.")

    async def wanted() -> bool:
        return not await request.is_disconnected()

    body = await tiles.tile(world, z, x, y, wanted)
    if body is None:
        return Response(status_code=204, headers=_NEVER_KEEP)
    return Response(body, media_type="image/webp", headers={"Cache-Control": _KEEP, "Content-Encoding": "identity"})


async def _content(request: Request, key: str, make: Callable[[], bytes], media_type: str = BINARY) -> Response:
    """Answer with what `key` names, made in a thread, unless the browser says that it has it."""
    headers = _headers(key, media_type)
    if _has_it(request, key):
        return Response(status_code=304, headers=headers)
    return Response(await anyio.to_thread.run_sync(make), media_type=media_type, headers=headers)


def _has_it(request: Request, key: str) -> bool:
    return f'"{key}"' in request.headers.get("If-None-Match", "")


def _headers(key: str, media_type: str) -> dict[str, str]:
    """Kept for good. Float noise hardly shrinks and squeezing it takes seconds: blobs go as they are."""
    encoding = {"Content-Encoding": "identity"} if media_type == BINARY else {}
    return {"ETag": f'"{key}"', "Cache-Control": _KEEP} | encoding


def _row(world: World, request: Request) -> int:
    return _row_at(world, _number(request, "index"))


def _rows(world: World, request: Request) -> list[int]:
    """The rows of wire indices such as 3,17,99."""
    texts = request.path_params["indices"].split(",", _MOST_AT_ONCE)
    if len(texts) > _MOST_AT_ONCE:
        raise HTTPException(404, f"At most {_MOST_AT_ONCE} items are asked for at once.")
    return [_row_at(world, _whole(text, "indices")) for text in texts]


def _row_at(world: World, index: int) -> int:
    if index >= len(world.scene):
        raise HTTPException(404, "There is no such item.")
    return int(world.scene.order[index])


def _number(request: Request, name: str) -> int:
    return _whole(request.path_params[name], name)


def _whole(text: str, name: str) -> int:
    """A whole number as it is written in a path."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise HTTPException(404, f"{name} is not a whole number.")
    return int(text)
