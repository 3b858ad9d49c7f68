"""Files made when somebody asks for them, and not before; served by a route of our own.

Streamlit's own deferred downloads are forgotten as soon as one part of a page runs alone, which a click on the map
makes happen. Here an offer stays until newer ones need its place.
"""

from __future__ import annotations

import logging
import secrets
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import quote

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cartography.errors import CartographyError

__all__ = ["DOWNLOADS", "Downloads", "download_routes"]

PREFIX = "_download"
_LOG = logging.getLogger(__name__)
_GONE = "This file is no longer offered. Reload the page and try again."
_FAILED = "The file could not be made; the server's log holds the details."


@dataclass(frozen=True)
class _Offer:
    make: Callable[[], bytes]
    name: str
    media_type: str


class Downloads:
    """What is being offered, by tokens that nobody can guess. Safe to use from many threads."""

    def __init__(self, most: int = 200) -> None:
        self._most = most
        self._offers: OrderedDict[str, _Offer] = OrderedDict()
        self._tokens: dict[str, str] = {}
        self._ended: SimpleQueue[str] = SimpleQueue()  # owners; finalizers may put there while anything is locked
        self._lock = threading.Lock()

    def offer(self, key: str, make: Callable[[], bytes], name: str, media_type: str) -> str:
        """Return the address, relative to the page, of the file that `make` returns when it is asked for.

        Offering again under the same `key` keeps the address and replaces the file.
        """
        with self._lock:
            self._forget_ended()
            token = self._tokens.setdefault(key, secrets.token_urlsafe(24))
            self._offers[token] = _Offer(make, name, media_type)
            self._offers.move_to_end(token)
            while len(self._offers) > self._most:
                oldest, _ = self._offers.popitem(last=False)
                self._tokens = {known: one for known, one in self._tokens.items() if one != oldest}
        return f"{PREFIX}/{token}"

    def end_with(self, visit: object, owner: str) -> None:
        """Have the offers whose keys begin so end when the visit does: each holds what its file is made of."""
        weakref.finalize(visit, self._ended.put, owner).atexit = False

    def _forget_ended(self) -> None:
        ended: list[str] = []
        with suppress(Empty):
            while True:
                ended.append(self._ended.get_nowait())
        if ended:
            for key in [key for key in self._tokens if key.startswith(tuple(ended))]:
                self._offers.pop(self._tokens.pop(key), None)

    async def serve(self, request: Request) -> Response:
        """Make the file in a thread and hand it over; what goes wrong is said in a sentence."""
        with self._lock:
            offer = self._offers.get(request.path_params["token"])
        if offer is None:
            return Response(_GONE, 404, media_type="text/plain")
        try:
            content = await anyio.to_thread.run_sync(offer.make)
        except CartographyError as error:
            return Response(error.sentence, 422, media_type="text/plain")
        except Exception:
            _LOG.exception("making %s failed", offer.name)
            return Response(_FAILED, 500, media_type="text/plain")
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(offer.name, safe='')}",
            "Cache-Control": "no-store",
            "Content-Encoding": "identity",
        }
        return Response(content, media_type=offer.media_type, headers=headers)


DOWNLOADS = Downloads()
"""What this server offers."""


def download_routes(downloads: Downloads = DOWNLOADS, base_path: str = "") -> list[Route]:
    """Return the routes to hand to `st.App`; `base_path` is Streamlit's `server.baseUrlPath`."""
    base = "/".join(part for part in ("", *base_path.strip("/").split("/"), PREFIX) if part)
    return [Route(f"/{base}/{{token}}", downloads.serve)]
